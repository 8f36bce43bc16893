"""Snapshots out of results: observations joined over contexts, findings at their places, names numbered."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .dim import Symbol
from .incremental.text import lines_of
from .incremental.timeline import Step
from .interpreter.core import MAX_VARIANTS, Discovery, Seen, UnitResult
from .interpreter.join import join, same
from .interpreter.numbering import fill_in, fill_in_all
from .problems import Problem
from .snapshot import Finding, Observation, Part, Place, Related, Snapshot
from .value import Site, Span
from .wording import Raised

if TYPE_CHECKING:
    from .document import Document

FRAMEWORKS = ("keras", "tf_keras", "tensorflow", "torch", "numpy")


class Assembly:
    """Puts the results of a document's units together, and keeps what it made while they stay the same."""

    def __init__(self, document: Document):
        self.document = document
        self.speakers: dict[str, dict[str, Step]] = {}  # unit: the steps whose results saw something in it
        self.parts: dict[str, tuple[Any, tuple[Observation, ...]]] = {}

    def snapshot(self) -> Snapshot:
        """The snapshot of the document as it is now."""
        findings: dict[Any, Finding] = {}
        errors: list[str] = []
        for step in (*self.document.timeline.steps, *self.document.probes.values()):
            result: UnitResult | None = step.result
            if result is not None and (result.discoveries or result.errors):
                errors.extend(result.errors)
                for discovery in result.discoveries.values():
                    finding = self._finding(discovery)
                    if finding is not None:
                        key = finding.span, finding.code, finding.raised.type, finding.raised.text
                        findings.setdefault(key, finding)
        parts = []
        for step in self.document.timeline.steps:
            speakers = self.speakers.get(step.key)
            if speakers:
                length = step.payload.text.count("\n") + 1
                parts.append(Part(step.payload.line - 1, length, self._observations(step, speakers)))
        broken = tuple(
            (span.moved(step.payload.line - 1), text)
            for step in self.document.timeline.steps
            for span, text in step.payload.parsed.errors
        )
        return Snapshot(
            self.document.uri,
            self.document.version,
            tuple(sorted(findings.values(), key=lambda f: (f.span.line, f.span.column, f.code))),
            tuple(parts),
            broken,
            self.document.pending,
            {
                name: self.document.engine.settings.version(name)
                for name in ("keras", "tf_keras", "tensorflow", "torch", "numpy")
            },
            self.document.work,
            tuple(errors),
            self.plain,
        )

    def _observations(self, step: Step, speakers: dict[str, Step]) -> tuple[Observation, ...]:
        """The observations inside one unit, relative to it; kept while the same results speak of it."""
        results = tuple(speaker.result for speaker in sorted(speakers.values(), key=lambda speaker: speaker.order))
        cached = self.parts.get(step.key)
        if cached is not None and len(cached[0]) == len(results) and all(map(operator.is_, cached[0], results)):
            return cached[1]
        merged: dict[tuple[Span, bool], Seen] = {}
        for result in results:
            for span, target, one in result.by_unit()[step.key]:
                other = merged.get((span, target))
                merged[span, target] = one if other is None else _both(other, one)
        text = step.payload.parsed.text or step.payload.text
        found = tuple(
            Observation(
                span,
                _text_at(text, span),
                one.value,
                target,
                one.contexts,
                one.assumed,
                one.variants if len(one.variants) > 1 else (),
            )
            for (span, target), one in sorted(merged.items(), key=lambda item: _position(item[0]))
        )
        self.parts[step.key] = results, found
        return found

    def listen(self, step: Step, new: UnitResult | None) -> None:
        """Keep track of which results saw something in which unit, in the order of the steps."""
        if step.result is not None:
            for unit in step.result.by_unit():
                if unit not in (new.by_unit() if new is not None else ()):
                    self.speakers.get(unit, {}).pop(step.key, None)
        for unit in new.by_unit() if new is not None else ():
            self.speakers.setdefault(unit, {})[step.key] = step

    def _finding(self, discovery: Discovery) -> Finding | None:
        """The finding at its absolute place; one in another document is shown at the call that leads there."""
        place, call = self.place(discovery.site), self.place(discovery.call)
        related = [(self.place(site), role, value) for site, role, value in discovery.related]
        spots = [
            Related(at, role, fill_in_all(value, self.document.made_before))
            for at, role, value in related
            if at is not None
        ]
        if place is None:
            return None
        if place.uri != self.document.uri:
            here = next((spot for spot in spots if spot.role == "call" and spot.place.uri == self.document.uri), None)
            if here is None:
                return None
            spots = [Related(place, "raises", None), *(spot for spot in spots if spot is not here)]
            place = call = here.place
        spots = [spot for spot in spots if spot.place != place]
        return Finding(
            self._named(discovery.problem), place.span, self._worded(discovery.raised), discovery.framework, discovery.version,
            tuple(dict.fromkeys(spots)), discovery.made, discovery.assumed, None if call is None else call.span,
        )  # fmt: skip

    def plain(self, text: str) -> str:
        """A text with the numbers of automatic names filled in."""
        return fill_in(text, self.document.made_before)

    def _named(self, problem: Problem) -> Problem:
        """The problem with the final names of layers in its facts."""
        changed = {
            k: new for k, old in problem.facts.items() if (new := fill_in_all(old, self.document.made_before)) != old
        }
        return replace(problem, **changed) if changed else problem

    def _worded(self, raised: Raised) -> Raised:
        text = (raised.text or "").replace("\\ue000", "\ue000").replace("\\ue001", "\ue001")  # as repr writes them
        if "\ue000" not in text:
            return raised
        text = self.plain(text)
        return Raised(raised.type, text, raised.exact and "_?" not in text)

    def place(self, site: Site) -> Place | None:
        """Where a site is now: its document and its absolute span."""
        owner = site.unit.partition("\n")[0]
        document = self.document if owner == self.document.uri else self.document.engine.documents.get(owner)
        unit = None if document is None else document.units.get(site.unit)
        return None if unit is None else Place(owner, site.span.moved(unit.line - 1))


def _both(a: Seen, b: Seen) -> Seen:
    def symbol(*, dynamic: bool = False, least: int = 0) -> Symbol:
        return Symbol(None, "contexts", 0, dynamic)

    more = tuple(value for value in b.variants if not any(same(value, other) for other in a.variants))
    variants = (*a.variants, *more)[:MAX_VARIANTS]
    return Seen(join(a.value, b.value, symbol), variants, a.contexts + b.contexts, a.target, a.assumed and b.assumed)


def _position(key: tuple[Span, bool]) -> tuple[int, int, int, int, bool]:
    span, target = key
    return span.line, span.column, -span.end_line, -span.end_column, target


def _text_at(text: str, span: Span) -> str:
    lines = lines_of(text)[span.line - 1 : span.end_line]
    if not lines:
        return ""
    if len(lines) == 1:
        return lines[0][span.column : span.end_column]
    return "".join([lines[0][span.column :], *lines[1:-1], lines[-1][: span.end_column]])
