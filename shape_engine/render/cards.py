"""The hover card: what is known about a value or a call, in at most twelve lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..description import Summary
from ..shape import Shape, Unranked
from ..snapshot import Finding, Observation, Snapshot
from ..value import Instance, Made, Site, Span, Tensor
from . import asked, history, lines, problems, shapes

MOST_LINES = 12


@dataclass(frozen=True)
class Card:
    """What a hover shows: plain lines with aligned columns, for the text of ``span``.

    ``reason`` holds the lines about a problem, so that a client that draws the problem itself can leave
    them out; ``text`` has everything.
    """

    span: Span
    lines: tuple[str, ...]
    reason: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        parts = [*self.reason, *([""] if self.reason and self.lines else []), *self.lines]
        return "\n".join(parts)


def card(snapshot: Snapshot, line: int, column: int) -> Card | None:
    """The card for the value or the problem at a position (1-based line, 0-based column); None if nothing is known."""
    question = asked.asked(snapshot, line, column)
    seen = _call_of(snapshot, snapshot.at(line, column)) if question is None else None
    findings = findings_at(snapshot, line, column, seen)
    reason = [text for finding in findings[:1] for text in _reason(finding, snapshot.uri)]
    room = MOST_LINES - len(reason) - bool(reason)
    if question is not None:
        told = list(asked.answer_lines(snapshot, question, room))
    else:
        told = list(about(snapshot, seen, room)) if seen is not None else []
    if not reason and not told:
        return None
    place = question or seen
    span = place.span if place is not None and told else findings[0].span
    return Card(span, tuple(map(snapshot.plain, told)), tuple(map(snapshot.plain, reason)))


def findings_at(snapshot: Snapshot, line: int, column: int, seen: Observation | None = None) -> list[Finding]:
    """The findings whose squiggle is under the position, else those inside the expression there."""
    under = [f for f in snapshot.findings if lines.holds(f.span, line, column)]
    if under or seen is None or seen.target:
        return under
    return [f for f in snapshot.findings if f.span in seen.span]


def about(snapshot: Snapshot, seen: Observation, most: int) -> Iterator[str]:
    """The lines of a card about a value, the least important left out where there are too many."""
    value = seen.value
    name = shapes.shortened(" ".join(seen.text.split()), 48)
    if not isinstance(value, Tensor):
        text = lines.other(value)
        if text:
            yield f"{name}: {text}"
            yield from lines.assumptions(seen)
        elif isinstance(value, Instance):
            described = snapshot.describe(value) or _use_of(snapshot, seen)
            if isinstance(described, Made):
                output = snapshot.output_of(value) if not seen.variants else None
                if isinstance(output, Tensor) and output.ranked:
                    yield f"{name}: a layer whose output is {shapes.shape(output)}  {output.dtype or ''}".rstrip()
                    settings = list(lines.layer_lines(described, snapshot.plain))
                    yield from list(lines.axis_rows(output))[: max(most - 3 - len(settings), 0)]
                    yield from history.lines(snapshot, output, 1)
                else:
                    yield f"{name}: a layer"
                yield from lines.layer_lines(described, snapshot.plain)
                yield lines.spoken_for(snapshot, [Tensor(Shape(()), None, "", described)])
            elif isinstance(described, Summary):
                yield from lines.summary_lines(name, described, snapshot, most)
        return
    head = f"{name}: {shapes.shape(value)}"
    head += "  " + ", ".join(filter(None, (value.dtype, shapes.kind(value))))
    if isinstance(value.shape, Unranked) and value.shape.reason:
        head += f"\n{value.shape.reason}"
    layer = list(lines.layer_lines(value.made, snapshot.plain)) if value.made is not None else []
    tail = [*layer, *lines.assumptions(seen), *filter(None, [lines.spoken_for(snapshot, [value])])]
    space = most - len(head.split("\n"))
    if len(tail) > space > 0:
        tail = [*tail[: space - 1], tail[-1]]
    rows = list(lines.axis_rows(value))
    room = space - len(tail)
    if len(rows) > room:
        rows = [row for row in rows if "=" in row][: max(room, 0)]
    yield head
    yield from rows
    yield from history.lines(snapshot, value, min(room - len(rows), 2))
    yield from tail


def reason(snapshot: Snapshot, seen: Observation, tensor: Tensor) -> list[str]:
    """Why a value has its shape, for those who see the shape already."""
    shown = seen if seen.tensor is tensor else replace(seen, value=tensor, variants=())
    return [snapshot.plain(text) for text in about(snapshot, shown, MOST_LINES)]


def _call_of(snapshot: Snapshot, seen: Observation | None) -> Observation | None:
    """For what is called (``conv`` in ``conv(x)``) the call, whose result is worth more than the layer."""
    if seen is None or seen.target or isinstance(seen.value, Tensor):
        return seen
    start = (seen.span.line, seen.span.column)
    calls = [
        other
        for other in snapshot.between(*start[:1] * 2)
        if (other.span.line, other.span.column) == start and isinstance(other.value, Tensor) and seen.span in other.span
    ]
    shortest = min(calls, key=lambda call: (call.span.end_line, call.span.end_column), default=None)
    return shortest if shortest is not None and shortest.text[len(seen.text) :].lstrip().startswith("(") else seen


def _use_of(snapshot: Snapshot, seen: Observation) -> Made | None:
    """A call of the layer that is made at an expression, or that a name holds: it knows settings and weights."""
    instance = seen.value
    cls = setting.rpartition(".")[2] if isinstance(setting := getattr(instance.cls, "target", None), str) else None
    found: dict[Any, Made] = {}
    for part in (*snapshot.parts, *snapshot.around):
        for other in part.relative:
            made = other.value.made if isinstance(other.value, Tensor) else None
            facts = (made.facts or {}) if made is not None else {}
            site = facts.get("site")
            if (
                made is not None
                and isinstance(site, Site)
                and site.unit == instance.id[0]
                and facts.get("class") == cls
            ):
                found[site] = made
    if len(found) > 1:  # several of them: the one that is written here
        span = seen.span
        found = {
            site: made
            for site, made in found.items()
            if (site.span.column, site.span.end_column) == (span.column, span.end_column)
        }
    return next(iter(found.values())) if len(found) == 1 else None


def _reason(finding: Finding, uri: str) -> Iterator[str]:
    """What is wrong, and the places where its numbers came from."""
    yield from textwrap.wrap(problems.what(finding), lines.WIDTH)[:2]
    first = problems.exception(finding).split("\n")[0]
    yield from textwrap.wrap(first, lines.WIDTH, subsequent_indent="  ", max_lines=3, placeholder=" …")
    for related in finding.related[:3]:
        yield f"  {shapes.where(related.place, uri)}: {problems.related_text(related, finding)}"
