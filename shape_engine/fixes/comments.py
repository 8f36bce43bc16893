"""Comments to write: one that ignores a finding, one that states the shape of what is not known.

They are tried like repairs: a comment that the engine would not read is not offered.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..incremental.remarks import head
from ..incremental.text import Parsed, lines_of, parse
from ..snapshot import Edit, Finding, Fix, Snapshot
from ..syntax import descendants
from ..value import Instance, Span, Tensor

if TYPE_CHECKING:
    from ..document import Document, Unit

LAST = (("batch", "features"), ("batch", "steps", "features"), ("batch", "height", "width", "channels"))
FIRST = (("batch", "features"), ("batch", "steps", "features"), ("batch", "channels", "height", "width"))


def ignoring(document: Document, finding: Finding) -> Fix | None:
    """The comment that makes a finding be ignored: on its line, else at the end or start of its statement."""
    unit = _unit_at(document, finding.span.line)
    if unit is None:
        return None
    line = finding.span.line - unit.line + 1
    extents = [head(node) for node in descendants(unit.parsed.body) if isinstance(node, ast.stmt)]
    around = [extent for extent in extents if extent[0] <= line <= extent[1]]
    for at in dict.fromkeys([line, *(last for _, last in around), *(first for first, _ in around)]):
        edit = _ignore_on(unit, at, finding.code)
        if edit is not None and _is_read(unit, edit, line, finding.code):
            moved = Edit(edit.span.moved(unit.line - 1), edit.text)
            return Fix(f"Ignore {finding.code} on this line", (moved,))
    return None


def stating(document: Document, line: int, column: int) -> Iterator[Fix]:
    """Comments that state a shape of a name that is not known, each taken up by the engine without a new finding."""
    unit = _unit_at(document, line)
    found = _name_at(unit, line - unit.line + 1, column) if unit is not None else None
    if unit is None or found is None:
        return
    name, span, last = found
    before = document.snapshot()
    value = _value(before, span := span.moved(unit.line - 1))
    lines = lines_of(unit.text)
    if (isinstance(value, (Instance, Tensor)) and getattr(value, "ranked", True)) or "#" in lines[last - 1]:
        return
    at = Span(last + unit.line - 1, end := len(lines[last - 1].rstrip()), last + unit.line - 1, end)
    for names in FIRST if "torch" in document.text else LAST:
        fix = Fix(f"State the shape of {name}: ({', '.join(names)})", (Edit(at, f"  # shape: {', '.join(names)}"),))
        if _states(document, before, span, fix, len(names)):
            yield fix


def _ignore_on(unit: Unit, line: int, code: str) -> Edit | None:
    """The edit that writes the comment on a line, or the code into the one that is there."""
    lines = lines_of(unit.text)
    if not 1 <= line <= len(lines):
        return None
    for remark in unit.remarks:
        if remark.span.line == line and remark.codes:
            column = remark.span.end_column - 1
            return Edit(Span(line, column, line, column), f", {code}")
    end = len(lines[line - 1].rstrip())
    return Edit(Span(line, end, line, end), f"  # shapelens: ignore[{code}]")


def _is_read(unit: Unit, edit: Edit, line: int, code: str) -> bool:
    """Whether the unit means the same with the comment, and the comment speaks of that line."""
    from . import apply

    text = apply(unit.text, (edit,))
    parsed = parse(text)
    found = type(unit)(text, parsed).remarks
    return _same(parsed, unit.parsed) and any(
        code in remark.codes and any(first <= line <= last for first, last in remark.lines) for remark in found
    )


def _same(one: Parsed, other: Parsed) -> bool:
    return one.errors == other.errors and list(map(ast.dump, one.body)) == list(map(ast.dump, other.body))


def _name_at(unit: Unit, line: int, column: int) -> tuple[str, Span, int] | None:
    """A name that is assigned or a parameter, where it stands, and the line whose ``# shape:`` comment speaks of it."""
    for node in descendants(unit.parsed.body):
        target: ast.expr | ast.arg | None
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            target = targets[0] if len(targets) == 1 else None
            name = target.id if isinstance(target, ast.Name) else ""
        elif isinstance(node, ast.arg):
            target, name = node, node.arg
        else:
            continue
        if target is not None and name and name not in ("self", "cls"):
            span = unit.parsed.span(target)
            if span.line == line and span.column <= column <= span.column + len(name):
                return name, span, node.end_lineno or line
    return None


def _value(snapshot: Snapshot, span: Span) -> Any:
    """What was seen of the name there; None if nothing was."""
    here = snapshot.between(span.line, span.line)
    return next((seen.value for seen in here if seen.target and seen.span == span), None)


def _states(document: Document, before: Snapshot, span: Span, fix: Fix, rank: int) -> bool:
    from . import apply

    after, _ = document.trial(apply(document.text, fix.edits))
    value = _value(after, span)
    return (
        isinstance(value, Tensor)
        and value.rank == rank
        and len(after.findings) <= len(before.findings)
        and len(after.broken) <= len(before.broken)
    )


def _unit_at(document: Document, line: int) -> Unit | None:
    index = document.position(line + 1) - 1
    return document.timeline.steps[index].payload if index >= 0 else None
