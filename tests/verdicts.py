"""How the engine did on a random program, in comparison with what the framework did."""

from __future__ import annotations

import ast
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from judges import Belief, agrees, at, believe, has_unknown, same_text, seen
from oracle.configurations import Program
from oracle.process import Outcome, Worker

RIGHT, SILENT, WRONG = "right", "silent", "wrong"


@dataclass(frozen=True)
class Verdict:
    """How the engine did on one program."""

    program: Program
    kind: str
    about: str
    detail: str = ""
    text: bool | None = None  # where both told of an exception of one type on one line: whether with the same text


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
    truth = seen(outcome)
    if not agrees(value, truth):
        return Verdict(program, WRONG, "shape", f"believed {value}; is {truth}")
    return Verdict(program, RIGHT if value == truth else SILENT, "shape", f"believed {value}; is {truth}")


def _of_finding(program: Program, belief: Belief, finding, outcome: Outcome, worker: Worker) -> Verdict:
    predicted = finding.raised
    said = f"predicted {predicted.type}: {predicted.text}"
    if predicted.type is None:
        return _of_undefined(program, finding.span.line, worker)
    if outcome["kind"] == "crash" and _is_open_above(program, belief, finding.span.line):
        return Verdict(program, SILENT, "crash", f"{said} (line {finding.span.line})")
    if outcome["kind"] != "raise":
        return Verdict(program, WRONG, predicted.type, f"{said}\nbut: {outcome}")
    about = outcome["type"]
    happened = f"raised {outcome['type']}: {outcome['text']}"
    if outcome["line"] < finding.span.line and _is_open(program, belief, outcome):
        return Verdict(program, SILENT, about, f"{said} (line {finding.span.line})\n{happened}")
    if predicted.type != about or finding.span.line != outcome["line"]:
        return Verdict(program, WRONG, about, f"{said} (line {finding.span.line})\n{happened} (line {outcome['line']})")
    if predicted.text is None:
        return Verdict(program, SILENT, about, f"{said}\n{happened}", text=False)
    if not same_text(predicted, outcome["text"]):
        return Verdict(program, WRONG, about, f"{said}\n{happened}", text=False)
    return Verdict(program, RIGHT if predicted.exact else SILENT, about, f"{said}\n{happened}", text=predicted.exact)


def _is_open(program: Program, belief: Belief, outcome: Outcome) -> bool:
    """Whether the engine claims nothing about the line that ended the program, so not that it runs.

    A crash tells no line: any that nothing is claimed about may be it.
    """
    line = outcome.get("line")
    ended = [node for node in ast.parse(program.text).body if line in (None, node.lineno)]
    assigned = [node for node in ended if line is not None or isinstance(node, ast.Assign)]
    return any(has_unknown(at(belief.value(node), {})) for node in assigned)


def _is_open_above(program: Program, belief: Belief, line: int) -> bool:
    """Whether the engine claims nothing about some value above a line: that is where the process may have ended."""
    above = [node for node in ast.parse(program.text).body if isinstance(node, ast.Assign) and node.lineno < line]
    return any(has_unknown(at(belief.value(node), {})) for node in above)


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


def table(mode: str, seed: int, verdicts: list[Verdict]) -> str:
    """How many of each kind, by what happened and by layer."""
    rows = [
        f"\n{mode}, SHAPELENS_SEED={seed}: {len(verdicts)} programs",
        f"{'':24}{'right':>8}{'silent':>8}{'wrong':>8}",
    ]
    for title in ("about", "layer"):
        counts = Counter((v.about if title == "about" else v.program.layer, v.kind) for v in verdicts)
        for name in sorted({name for name, _ in counts}):
            rows.append(f"  {name:22}" + "".join(f"{counts[name, kind]:8}" for kind in (RIGHT, SILENT, WRONG)))
    total = Counter(v.kind for v in verdicts)
    return "\n".join([*rows, f"  {'all':22}" + "".join(f"{total[kind]:8}" for kind in (RIGHT, SILENT, WRONG))])


def texts(verdicts: list[Verdict]) -> str:
    """How many exceptions of the right type on the right line were told with the framework's text; the others by layer."""
    told = [v for v in verdicts if v.text is not None]
    others: dict[tuple[str, str], list[Verdict]] = {}
    for other in sorted((v for v in told if not v.text), key=lambda v: len(v.program.text + v.detail)):
        others.setdefault((other.program.layer, other.about), []).append(other)
    rows = [f"\n{len(alike)} x {_shown(alike[0])}" for _, alike in sorted(others.items())]
    equal = sum(bool(v.text) for v in told)
    return "\n".join(
        [*rows, f"\nexceptions told: {len(told)}, with the same text: {equal} ({equal / max(len(told), 1):.2%})"]
    )


def report(name: str, verdicts: list[Verdict]) -> None:
    """Write what is silent or wrong into the folder SHAPELENS_REPORT, to look through."""
    if where := os.environ.get("SHAPELENS_REPORT"):
        for kind in (SILENT, WRONG):
            found = sorted((v for v in verdicts if v.kind == kind), key=lambda v: (v.about, len(v.program.text)))
            Path(where, f"{name}.{kind}.txt").write_text("\n\n".join(map(_shown, found)), encoding="utf-8")


def listing(verdicts: list[Verdict]) -> str:
    """The shortest programs of some verdicts."""
    return "\n".join(map(_shown, sorted(verdicts, key=lambda v: len(v.program.text))[:12]))


def _shown(verdict: Verdict) -> str:
    return f"--- {verdict.about}\n{verdict.program.text}{verdict.detail}"
