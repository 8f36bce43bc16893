"""Small programs in the style of questions that people ask: one mistake each, and what they should have written.

``#!`` ends the line that raises.  ``#~ other code`` ends a line that is wrong: the fixed program has the other code
in its place.  The engine must find the mistake on that line, in the words of the framework, and nothing in
the fixed program; the framework executes both.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from judges import believe
from oracle.process import worker
from test_fixtures import disagreement

from shape_engine import Engine
from shape_engine.fixes import apply

QUESTIONS = sorted(Path(__file__).parent.glob("questions/*/*.py"))
KINDS = {"data": 48, "labels": 37, "operations": 31, "layers": 20}
"""Folders of questions, and how many of 136 studied bugs were of that kind: data that do not fit the model, labels that
do not fit the output or the loss, a parameter of an operation, two adjacent layers."""
each_question = pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: f"{path.parent.name}/{path.stem}")


def asked(path: Path) -> tuple[str, int]:
    """The program as it was asked about, and the line that raises."""
    text = path.read_text(encoding="utf-8")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "#!" in line]
    assert len(lines) == 1, f"{path.name} raises on one line"
    return text, lines[0]


def fixed(path: Path) -> str:
    """The program with the other code in place of what is wrong."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        code, mark, other = line.partition("#~")
        indent = code[: len(code) - len(code.lstrip())]
        found.append(f"{indent}{other.partition('#!')[0].strip()}" if mark else line.partition("#!")[0].rstrip())
    return "\n".join(found) + "\n"


def test_there_are_questions_of_every_kind():
    kinds = Counter(path.parent.name for path in QUESTIONS)
    assert len(QUESTIONS) >= 60
    assert kinds.keys() == KINDS.keys()
    for kind, share in KINDS.items():
        assert abs(kinds[kind] / len(QUESTIONS) - share / sum(KINDS.values())) < 0.05, kinds
    assert all(fixed(path) != asked(path)[0] for path in QUESTIONS)


@each_question
def test_the_mistake_is_found(path):
    text, line = asked(path)
    assert [finding.span.line for finding in believe(text).snapshot.findings] == [line]


@each_question
def test_nothing_is_found_once_it_is_fixed(path):
    assert not believe(fixed(path)).snapshot.findings


@each_question
def test_the_framework_says_the_same(path, judge):
    judge("keras")
    text, line = asked(path)
    raised = [one for one in worker("keras").run(text, sizes={}, claimed=[], stop=True) if one["kind"] == "raise"]
    assert [one["line"] for one in raised] == [line], raised
    (finding,) = believe(text).snapshot.findings
    assert finding.raised.text is not None
    assert not (difference := disagreement(finding.raised, raised[0])), difference
    after = worker("keras").run(fixed(path), sizes={}, claimed=[], stop=True)
    assert not [one for one in after if one["kind"] == "raise"], after


def test_two_thirds_are_repaired():
    repaired = [path for path in QUESTIONS if offers(path)]
    assert len(repaired) * 3 >= len(QUESTIONS) * 2, [path.stem for path in QUESTIONS if path not in repaired]


@each_question
def test_what_is_offered_runs(path, judge):
    judge("keras")
    for program in offers(path):
        after = worker("keras").run(program, sizes={}, claimed=[], stop=True)
        assert not [one for one in after if one["kind"] in ("raise", "crash")], (program, after)


@cache
def offers(path: Path) -> list[str]:
    """The program with each of the repairs that are offered for its mistake."""
    text, _ = asked(path)
    engine = Engine()
    (finding,) = engine.update("file:///question.py", 1, text).findings
    return [apply(text, fix.edits) for fix in engine.fixes("file:///question.py", finding)]
