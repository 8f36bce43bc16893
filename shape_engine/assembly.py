"""Snapshots out of results: observations joined over contexts, findings at their places, names numbered."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .description import Description
from .incremental.remarks import LINE_END, candidates
from .incremental.text import lines_of
from .incremental.timeline import Step
from .interpreter.context import CallContext
from .interpreter.core import Discovery, Interpreter, Seen, UnitResult
from .interpreter.numbering import fill_in, fill_in_all
from .interpreter.objects import known_base
from .problems import Problem
from .snapshot import Finding, Ignore, Observation, Part, Place, Related, Snapshot, Tree
from .value import Instance, Site, Span
from .wording import Raised

if TYPE_CHECKING:
    from .document import Document, Unit

FRAMEWORKS = ("keras", "tf_keras", "tensorflow", "torch", "numpy")


class Assembly:
    """Puts the results of a document's units together, and keeps what it made while they stay the same."""

    def __init__(self, document: Document):
        self.document = document
        self.speakers: dict[str, dict[str, Step]] = {}  # unit: the steps whose results saw something in it
        self.stale: set[str] = set()  # units of whose part something has changed
        self.troubled: set[Step] = set()  # the steps that found something
        self.broken: set[Step] = set()  # the steps with syntax errors
        self.abroad: set[str] = set()  # the documents in which the findings of the last snapshot show places
        self._parts: list[Part | None] = []  # what was observed in each unit, in step with the timeline

    def snapshot(self) -> Snapshot:
        """The snapshot of the document as it is now."""
        findings: dict[Any, Finding] = {}
        self.abroad = set()
        errors: list[str] = []
        for step in sorted(self.troubled, key=_order):
            errors.extend(step.result.errors)
            for discovery in step.result.discoveries.values():
                finding = self._finding(discovery)
                if finding is not None:
                    key = finding.span, finding.code, finding.raised.type, finding.raised.text
                    findings.setdefault(key, finding)
        for name in self.stale:
            unit = self.document.units.get(name)
            if unit is not None:
                unit.part = self._parts[self.document.position(unit.line)] = self._part(unit)
        self.stale = set()
        broken = tuple(
            (span.moved(step.payload.line - 1), text)
            for step in sorted(self.broken, key=_order)
            for span, text in step.payload.parsed.errors
        )
        return Snapshot(
            self.document.uri,
            self.document.version,
            tuple(sorted(findings.values(), key=lambda f: (f.span.line, f.span.column, f.code))),
            tuple(filter(None, self._parts)),
            broken,
            tuple(self._ignores()),
            self.document.pending,
            {
                name: self.document.engine.settings.version(name)
                for name in ("keras", "tf_keras", "tensorflow", "torch", "numpy")
            },
            self.document.work,
            tuple(errors),
            self.plain,
            self.describe,
            output=self.output,
            place=self.where,
        )

    def _ignores(self) -> Iterator[Ignore]:
        """The comments that tell what not to report; one above all code speaks for the whole file."""
        steps, read = self.document.timeline.steps, -1
        for line, alone, remark in candidates(self.document.text):
            index = self.document.position(line + 1) - 1
            unit = steps[index].payload if index >= 0 else None
            if unit is not None and line <= unit.line + len(LINE_END.findall(unit.text.rstrip())):
                if index > read:  # all of a unit at once
                    for one in unit.remarks:
                        lines = tuple((first + unit.line - 1, last + unit.line - 1) for first, last in one.lines)
                        yield Ignore(one.span.moved(unit.line - 1), one.codes, lines, not unit.parsed.errors)
                    read = index
            elif alone and (unit is None or (index == 0 and unit.is_text)):
                yield Ignore(remark.span, remark.codes, ((1, sys.maxsize),))
            else:
                yield Ignore(remark.span, remark.codes)

    def splice(self, first: int, last: int | None, count: int) -> None:
        """So many units stand in the place of those from ``first`` to ``last``, or to the end if all have moved."""
        steps = self.document.timeline.steps[
            first : len(self.document.timeline.steps) if last is None else first + count
        ]
        self._parts[first:last] = [step.payload.part for step in steps]

    def _part(self, unit: Unit) -> Part | None:
        """The observations inside one unit, relative to it."""
        speakers = self.speakers.get(unit.key)
        if not speakers:
            return None
        merged: dict[tuple[Span, bool], Seen] = {}
        for speaker in sorted(speakers.values(), key=_order):
            for span, target, one in speaker.result.by_unit()[unit.key]:
                other = merged.get((span, target))
                merged[span, target] = one if other is None else other.both(one)
        lines = lines_of(unit.parsed.text or unit.text)
        found = tuple(
            Observation(
                span,
                _text_at(lines, span),
                one.value,
                target,
                one.contexts,
                one.assumed,
                one.variants if len(one.variants) > 1 else (),
            )
            for (span, target), one in sorted(merged.items(), key=lambda item: _position(item[0]))
        )
        tree = Tree(unit.parsed.body, unit.parsed.span)
        return Part(unit.line - 1, unit.text.count("\n") + 1, found, tree)

    def listen(self, step: Step, new: UnitResult | None) -> None:
        """A step gets another result, or none; it still has the old one."""
        units = new.by_unit() if new is not None else {}
        if step.result is not None:
            for unit in step.result.by_unit():
                self.stale.add(unit)
                if unit not in units:
                    self.speakers.get(unit, {}).pop(step.key, None)
        for unit in units:
            self.stale.add(unit)
            self.speakers.setdefault(unit, {})[step.key] = step
        if new is not None and (new.discoveries or new.errors):
            self.troubled.add(step)
        else:
            self.troubled.discard(step)

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

    def describe(self, obj: Instance) -> Description | None:
        """What a layer or model is when all the document's code has run."""
        it, call = self._afterwards(obj)
        rule = known_base(it, obj)
        return None if rule is None else rule.describe(call, obj)

    def output(self, obj: Instance) -> Any:
        """The tensor that a layer gave when it was called in a model for the first time; None if it was not."""
        return self._afterwards(obj)[1].get(obj, ".output")

    def _afterwards(self, obj: Instance) -> tuple[Interpreter, CallContext]:
        it = Interpreter(self.document.afterwards(), self.document.engine.settings)
        call = it.at_the_end(self.document.uri)
        probe = self.document.probes.get(obj.id[0])
        if probe is not None and probe.result is not None:
            it.store.writes.update(probe.result.writes)
        return it, call

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
        self.abroad.add(site.unit.partition("\n")[0])
        return self.where(site)

    def where(self, site: Site) -> Place | None:
        """The same, for those who only ask."""
        owner = site.unit.partition("\n")[0]
        document = self.document if owner == self.document.uri else self.document.engine.documents.get(owner)
        unit = None if document is None else document.units.get(site.unit)
        return None if unit is None else Place(owner, site.span.moved(unit.line - 1))


def _position(key: tuple[Span, bool]) -> tuple[int, int, int, int, bool]:
    span, target = key
    return span.line, span.column, -span.end_line, -span.end_column, target


def _order(step: Step) -> int:
    return step.order


def _text_at(all_lines: list[str], span: Span) -> str:
    lines = all_lines[span.line - 1 : span.end_line]
    if not lines:
        return ""
    if len(lines) == 1:
        return lines[0][span.column : span.end_column]
    return "".join([lines[0][span.column :], *lines[1:-1], lines[-1][: span.end_column]])
