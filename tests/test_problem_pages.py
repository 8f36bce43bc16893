"""Every kind of problem has a page, and what it shows is what the engine and the framework say.

The examples are in ``tests/problems``, one for each code, in the way of ``tests/questions``.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from judges import believe
from oracle.process import worker
from test_fixtures import disagreement
from test_questions import asked, fixed

from shape_engine.problems import all_problems
from shapelens import pages


def program():
    """The program that writes the pages."""
    path = Path(__file__).parent.parent / "docs" / "write_problems.py"
    spec = importlib.util.spec_from_file_location("write_problems", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLES = sorted(Path(__file__).parent.glob("problems/*.py"))
each_example = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
tool = program()


def test_every_code_has_an_example_and_a_page():
    codes = sorted({problem.code for problem in all_problems()})
    assert [path.stem for path in EXAMPLES] == codes
    assert list(pages.codes()) == codes


@each_example
def test_the_page_is_fresh(path):
    page = pages.page(path.stem)
    assert page is not None
    assert page.read_text(encoding="utf-8") == tool.page(path), "stale: python docs/write_problems.py --write"


@each_example
def test_the_engine_finds_the_mistake_and_nothing_once_it_is_fixed(path):
    text, line = asked(path)
    assert [(finding.code, finding.span.line) for finding in believe(text).snapshot.findings] == [(path.stem, line)]
    assert not believe(fixed(path)).snapshot.findings


@each_example
def test_the_framework_raises_it_and_runs_the_fixed_program(path, judge):
    text, line = asked(path)
    framework = "torch" if "import torch" in text else "keras"
    judge(framework)
    outcomes = worker(framework).run(text, sizes={}, claimed=[], stop=True)
    raised = [one for one in outcomes if one["kind"] in ("raise", "crash")]
    (finding,) = believe(text).snapshot.findings
    if finding.raised.type is None:  # what comes back is not defined: it may raise there
        assert {one.get("line") for one in raised} <= {line}
    else:
        assert [one.get("line") for one in raised] == [line], raised
        assert finding.raised.text is not None
        assert not (difference := disagreement(finding.raised, raised[0])), difference
    after = worker(framework).run(fixed(path), sizes={}, claimed=[], stop=True)
    assert not [one for one in after if one["kind"] in ("raise", "crash")], after
