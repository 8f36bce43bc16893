"""Candidate repairs, each tried on the engine before it is offered.

A candidate is a guess from the facts of a problem; nothing else about it is trusted.  It is offered only
if, with its edits applied, the finding is gone, no finding is there that was not there before, and nothing
is less known than it was: a repair that makes the engine lose sight of the code has proven nothing.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..incremental.text import lines_of
from ..snapshot import Edit, Finding, Fix, Snapshot
from ..value import Unknown
from . import arrays, compiling, convolution, data, layers, legacy, names, training  # noqa: F401  (they register their candidates)
from .scene import CANDIDATES, Scene

if TYPE_CHECKING:
    from ..document import Document
    from ..engine import Engine

MAX_TRIALS = 20


def fixes(engine: Engine, uri: str, finding: Finding) -> list[Fix]:
    """The repairs of a finding that work, best first."""
    document = engine.documents[uri]
    place = Scene(document, finding)
    before = document.snapshot()
    candidates = (
        fix
        for kind in type(finding.problem).__mro__
        for make in CANDIDATES.get(kind, ())
        for fix in make(finding.problem, place)
    )
    good: list[Fix] = []
    for fix in islice(candidates, MAX_TRIALS):
        if all(fix.edits != other.edits for other in good) and works(document, before, finding, fix):
            good.append(fix)
    return [Fix(fix.title, fix.edits, preferred=position == 0) for position, fix in enumerate(good)]


def works(document: Document, before: Snapshot, finding: Finding, fix: Fix) -> bool:
    """Whether the finding is gone with the fix applied, and none is new."""
    doubts = document.doubts()
    after, more = document.trial(apply(document.text, fix.edits))
    if more > doubts:
        return False
    if after.broken != before.broken and len(after.broken) > len(before.broken):
        return False
    old = Counter(_identity(f) for f in before.findings)
    new = Counter(_identity(f) for f in after.findings)
    old[_identity(finding)] -= 1
    return not new - old and _unknown(after) <= _unknown(before)


def apply(text: str, edits: tuple[Edit, ...]) -> str:
    """The text with the edits made."""
    lines = lines_of(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def offset(line: int, column: int) -> int:
        return starts[min(line - 1, len(starts) - 1)] + column

    for edit in sorted(edits, key=lambda e: (e.span.line, e.span.column), reverse=True):
        begin = offset(edit.span.line, edit.span.column)
        end = offset(edit.span.end_line, edit.span.end_column)
        text = text[:begin] + edit.text + text[end:]
    return text


def _unknown(snapshot: Snapshot) -> int:
    """How many assigned names have a value of which nothing is known."""
    return sum(seen.target and isinstance(seen.value, Unknown) for seen in snapshot.observations)


def _identity(finding: Finding) -> tuple[Any, ...]:
    return finding.code, finding.raised.type, finding.raised.text, repr(finding.problem)


__all__ = ["apply", "fixes", "works"]
