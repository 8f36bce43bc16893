"""The derivation of a value: every step that leads to it from the inputs, and what raises on the way."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from ..snapshot import Finding, Observation, Snapshot
from ..value import Site, Tensor, tensors_in
from . import lines, problems, shapes, steps
from .cards import MOST_LINES, about, findings_at
from .replay import replayed


def derivation(snapshot: Snapshot, line: int, column: int | None = None) -> str | None:
    """How the value at a position came to be, from the inputs on; and what raises there.  None if nothing is known.

    Without a column: what the line assigns, else its widest expression.
    """
    if column is None:
        seen = _main(snapshot, line)
        findings = [f for f in snapshot.findings if f.span.line <= line <= f.span.end_line]
    else:
        seen = snapshot.at(line, column)
        findings = findings_at(snapshot, line, column, seen)
    chain = _chain([*(_values(seen) if seen is not None else []), *(_inputs_of(f) for f in findings if seen is None)])
    told = [tensor.made for tensor in chain]
    parts = ["\n".join(_problem(finding, snapshot.uri, finding.made not in told)) for finding in findings]
    places = _Places(snapshot)
    for number, tensor in enumerate(chain, 1):
        parts.append("\n".join(_stage(number, tensor, places)))
    if seen is not None:
        tail = list(about(snapshot, seen, MOST_LINES)) if not chain else list(lines.assumptions(seen))
        if not chain or tail:
            parts.append("\n".join(tail))
        parts.append(lines.spoken_for(snapshot, chain))
    text = "\n\n".join(part for part in parts if part)
    return snapshot.plain(text) or None


def _values(seen: Observation) -> tuple[Any, ...]:
    """What to derive: the value, or the several that it had, since what they have in common has no history."""
    if isinstance(seen.value, Tensor) and seen.value.made is None and any(isinstance(x, Tensor) for x in seen.variants):
        return seen.variants
    return (seen.value,)


def _problem(finding: Finding, uri: str, with_steps: bool) -> Iterator[str]:
    yield f"line {finding.span.line}: {problems.what(finding)} [{finding.code}]"
    yield textwrap.indent(problems.exception(finding), "  ")
    for related in finding.related:
        yield f"  {shapes.where(related.place, uri)}: {problems.related_text(related, finding)}"
    if finding.made is not None and with_steps:
        for step in steps.telling(replayed(finding.made)):
            yield f"  {steps.formula_name(step)} = {steps.equation(step)}"
    yield f"  {problems.version(finding.framework, finding.version)}"


def _stage(number: int, tensor: Tensor, places: _Places) -> Iterator[str]:
    """One step of a derivation: what was called, where, on what, and what came out."""
    made = tensor.made
    where = places.line(made.site if made is not None else None)
    what = shapes.maker(made) or (f"the argument {tensor.name}" if tensor.name else "a tensor that comes from outside")
    name = (made.facts or {}).get("name") if made is not None else None
    title = f"{number}. {what}" + (f" '{name}'" if name and name != what else "")
    source = places.text(made.site if made is not None else None)
    yield "   ".join(filter(None, (title, where, source)))
    inputs = ", ".join(map(shapes.shape, made.inputs)) if made is not None else ""
    yield f"   {inputs + ' → ' if inputs else ''}{shapes.shape(tensor)}  {tensor.dtype or ''}".rstrip()
    yield from (f"   {row}" for row in lines.axis_rows(tensor))
    if made is not None:
        for step in _nested(replayed(made)):
            yield f"     {step}"
        yield from (f"   {line}" for line in lines.layer_lines(made, places.plain))


def _nested(taken: Iterable[Any], depth: int = 0) -> Iterator[str]:
    """The steps inside of steps, which a card has no room for."""
    for step in taken:
        for inner in step.inside:
            yield f"{'  ' * depth}{steps.formula_name(inner)} = {steps.equation(inner)}"
            yield from _nested([inner], depth + 1)


def _chain(values: Iterable[Any]) -> list[Tensor]:
    """The tensors that lead to these values, every one after its inputs, without recursion (models are deep)."""
    done: dict[Any, None] = {}
    order: list[Tensor] = []
    todo: list[tuple[Tensor, bool]] = [(tensor, False) for value in values for tensor in tensors_in(value)][::-1]
    while todo:
        tensor, ready = todo.pop()
        key = _identity(tensor)
        if key in done:
            continue
        if ready or tensor.made is None:
            done[key] = None
            order.append(tensor)
            continue
        todo.append((tensor, True))
        todo.extend((x, False) for x in reversed(tensor.made.inputs) if _identity(x) not in done)
    return order


def _identity(tensor: Tensor) -> Any:
    return (tensor.made, tensor.shape) if tensor.made is not None else (id(tensor), None)


def _inputs_of(finding: Finding) -> Any:
    return finding.made.inputs if finding.made is not None else ()


class _Places:
    """Where a Site is in the document, by the expressions that were seen there."""

    def __init__(self, snapshot: Snapshot):
        self.found: dict[Site, Observation] = {}
        self.plain, self.called = snapshot.plain, snapshot.line
        around = (seen for part in snapshot.around for seen in part.absolute())
        for seen in (*snapshot.observations, *around):
            if seen.target:
                continue
            for value in (seen.value, *seen.variants):
                made = value.made if isinstance(value, Tensor) else None
                if made is not None and made.site is not None and _is_at(made.site, seen):
                    self.found[made.site] = seen

    def line(self, site: Site | None) -> str:
        seen = self.found.get(site) if site is not None else None
        return self.called(seen.span.line) if seen is not None else ""

    def text(self, site: Site | None) -> str:
        seen = self.found.get(site) if site is not None else None
        return shapes.shortened(" ".join(seen.text.split()), 64) if seen is not None else ""


def _is_at(site: Site, seen: Observation) -> bool:
    """Whether an expression stands at a site, as far as columns and height tell: not a name for what was made there."""
    here, there = seen.span, site.span
    return (here.column, here.end_column, here.end_line - here.line) == (
        there.column,
        there.end_column,
        there.end_line - there.line,
    )


def _main(snapshot: Snapshot, line: int) -> Observation | None:
    """What a line is about: the name it assigns, else its widest expression."""
    here = snapshot.between(line, line)
    tensors = [seen for seen in here if next(tensors_in(seen.value), None) is not None] or list(here)
    targets = [seen for seen in tensors if seen.target]
    if targets:
        return targets[0]
    return max(tensors, key=lambda seen: (seen.span.end_line, seen.span.end_column, -seen.span.column), default=None)
