"""Random programs of the convolution family: what the engine says is what the real framework does.

Set SHAPELENS_SEED to repeat a run and SHAPELENS_PROGRAMS to change how many programs are drawn.
"""

from __future__ import annotations

import ast
import os
import secrets
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from judges import Belief, agrees, at, believe, has_unknown, same_text
from oracle.configurations import Program, draw
from oracle.process import Outcome, Worker

SEED = int(os.environ.get("SHAPELENS_SEED") or secrets.randbelow(2**32))
COUNTS = {"keras eager": 900, "keras symbolic": 900, "torch": 700}  # 2,500 in all
SILENCE = {"keras eager": 0.03, "keras symbolic": 0.01, "torch": 0.06}
"""How often the engine may be silent: where kernels, not layers, refuse a dtype, a length of zero or a
padding mode, their words depend on the code path that the numbers select."""

RIGHT, SILENT, WRONG = "right", "silent", "wrong"


@dataclass(frozen=True)
class Verdict:
    """How the engine did on one program."""

    program: Program
    kind: str
    about: str
    detail: str = ""


@pytest.mark.parametrize("mode", COUNTS, ids=lambda mode: mode.replace(" ", "-"))
def test_random_programs(mode, judge, capsys):
    worker = judge(mode.split()[0])
    count = int(os.environ.get("SHAPELENS_PROGRAMS") or COUNTS[mode])
    verdicts = [verdict(program, worker) for program in draw(mode, SEED, count)]
    with capsys.disabled():
        print(table(mode, verdicts))
    if where := os.environ.get("SHAPELENS_REPORT"):  # a folder, to look through what is silent or wrong
        for kind in (SILENT, WRONG):
            found = sorted((v for v in verdicts if v.kind == kind), key=lambda v: (v.about, len(v.program.text)))
            shown = "\n\n".join(f"--- {v.about}\n{v.program.text}{v.detail}" for v in found)
            Path(where, f"{mode}.{kind}.txt").write_text(shown, encoding="utf-8")
    wrong = sorted((v for v in verdicts if v.kind == WRONG), key=lambda v: len(v.program.text))
    assert not wrong, f"SHAPELENS_SEED={SEED}: {len(wrong)} of {count} differ\n" + "\n".join(
        f"--- {v.about}\n{v.program.text}{v.detail}" for v in wrong[:12]
    )
    silent = [v for v in verdicts if v.kind == SILENT]
    assert len(silent) <= SILENCE[mode] * count, (
        f"SHAPELENS_SEED={SEED}: silent on {len(silent)} of {count}\n"
        + "\n".join(
            f"--- {v.about}\n{v.program.text}{v.detail}" for v in sorted(silent, key=lambda v: len(v.program.text))[:12]
        )
    )


def verdict(program: Program, worker: Worker) -> Verdict:
    """Ask both about a program and compare."""
    *_, outcome = worker.run(program.text)
    belief = believe(program.text)
    findings = belief.snapshot.findings
    if findings:
        return _of_finding(program, belief, findings[0], outcome, worker)
    value = at(belief.value(ast.parse(program.text).body[-1]), {})
    if outcome["kind"] in ("raise", "crash"):
        about = outcome.get("type", "crash")
        if not has_unknown(value) and not _is_open(program, belief, outcome):
            return Verdict(program, WRONG, about, f"believed {value}; {about}: {outcome.get('text')}")
        return Verdict(program, SILENT, about, f"{about}: {outcome.get('text')}")
    truth = tuple(outcome["shape"])
    if not agrees(value, truth):
        return Verdict(program, WRONG, "shape", f"believed {value}; is {truth}")
    return Verdict(program, RIGHT if value == truth else SILENT, "shape", f"believed {value}; is {truth}")


def _of_finding(program: Program, belief: Belief, finding, outcome: Outcome, worker: Worker) -> Verdict:
    predicted = finding.raised
    said = f"predicted {predicted.type}: {predicted.text}"
    if predicted.type is None:
        return _of_undefined(program, finding.span.line, worker)
    if outcome["kind"] != "raise":
        return Verdict(program, WRONG, predicted.type, f"{said}\nbut: {outcome}")
    about = outcome["type"]
    happened = f"raised {outcome['type']}: {outcome['text']}"
    if outcome["line"] < finding.span.line and _is_open(program, belief, outcome):
        return Verdict(program, SILENT, about, f"{said} (line {finding.span.line})\n{happened}")
    if predicted.type != about or finding.span.line != outcome["line"]:
        return Verdict(program, WRONG, about, f"{said} (line {finding.span.line})\n{happened} (line {outcome['line']})")
    if predicted.text is None:
        return Verdict(program, SILENT, about, f"{said}\n{happened}")
    if not same_text(predicted, outcome["text"]):
        return Verdict(program, WRONG, about, f"{said}\n{happened}")
    return Verdict(program, RIGHT if predicted.exact else SILENT, about, f"{said}\n{happened}")


def _is_open(program: Program, belief: Belief, outcome: Outcome) -> bool:
    """Whether the engine claims nothing about the line that ended the program, so not that it runs."""
    ended = [node for node in ast.parse(program.text).body if node.lineno == outcome.get("line")]
    return bool(ended) and has_unknown(at(belief.value(ended[0]), {}))


def _of_undefined(program: Program, line: int, worker: Worker) -> Verdict:
    """Undefined data, said the engine: this very call must not give what it should (its symbolic twin tells)."""
    *_, outcome = worker.run(_up_to(line, program.text))
    if outcome["kind"] == "shape":
        *_, proper = worker.run(_up_to(line, program.twin)) if program.twin else [outcome]
        if proper["kind"] == "shape" and proper["shape"] == outcome["shape"]:
            return Verdict(program, WRONG, "undefined", f"called undefined, but line {line} is {outcome['shape']}")
    return Verdict(program, RIGHT, "undefined")


def _up_to(line: int, text: str) -> str:
    """The program up to an assignment, and then its value."""
    lines = text.splitlines()[:line]
    return "\n".join([*lines, lines[-1].partition(" = ")[0], ""])


def table(mode: str, verdicts: list[Verdict]) -> str:
    """How many of each kind, by what happened and by layer."""
    rows = [
        f"\n{mode}, SHAPELENS_SEED={SEED}: {len(verdicts)} programs",
        f"{'':24}{'right':>8}{'silent':>8}{'wrong':>8}",
    ]
    for title in ("about", "layer"):
        counts = Counter((v.about if title == "about" else v.program.layer, v.kind) for v in verdicts)
        for name in sorted({name for name, _ in counts}):
            rows.append(f"  {name:22}" + "".join(f"{counts[name, kind]:8}" for kind in (RIGHT, SILENT, WRONG)))
    total = Counter(v.kind for v in verdicts)
    return "\n".join([*rows, f"  {'all':22}" + "".join(f"{total[kind]:8}" for kind in (RIGHT, SILENT, WRONG))])
