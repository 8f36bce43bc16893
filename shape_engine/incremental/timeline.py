"""Steps that run one after the other, and which of them must run again when some of them change.

A step reads and writes locations.  It keeps its result while everything that it read has the value that
it had then; whoever reads what a step wrote looks at the last writer before itself.  Two indices lead from
a location to the steps that write and read it, so that work follows what changed and not how many steps
there are.  Nothing here knows what a location or a value is: equality is handed in.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any, Protocol

Location = Hashable


class Result(Protocol):
    """What running a step did."""

    @property
    def reads(self) -> Mapping[Any, Any]: ...
    @property
    def writes(self) -> Mapping[Any, Any]: ...


@dataclass(eq=False)
class Step:
    """One thing to run.  ``key`` is its identity across edits; ``order`` its place among the others."""

    key: str
    payload: Any = None
    order: int = 0
    result: Any = None


def _order(step: Step) -> int:
    return step.order


class Readers:
    """From locations to the steps whose results read them."""

    def __init__(self) -> None:
        self._of: dict[Any, set[Step]] = {}

    def add(self, step: Step, locations: Iterable[Any]) -> None:
        for location in locations:
            readers = self._of.get(location)
            if readers is None:
                self._of[location] = {step}
            else:
                readers.add(step)

    def remove(self, step: Step, locations: Iterable[Any]) -> None:
        for location in locations:
            readers = self._of[location]
            readers.discard(step)
            if not readers:
                del self._of[location]

    def any_of(self, locations: set[Any]) -> bool:
        """Whether some step reads one of these."""
        return not locations.isdisjoint(self._of)

    def those_of(self, locations: set[Any]) -> set[Any]:
        """Which of these some step reads."""
        return self._of.keys() & locations

    def of(self, locations: Iterable[Any]) -> set[Step]:
        """The steps that read any of these."""
        return set().union(*[self._of[location] for location in self._of.keys() & locations])


@dataclass
class Timeline:
    """The steps in order, what they read and write, and which locations may have changed (``dirty``)."""

    same: Callable[[Any, Any], bool]
    missing: Any
    steps: list[Step] = field(default_factory=list)
    writers: dict[Any, list[Step]] = field(default_factory=dict)
    readers: Readers = field(default_factory=Readers)
    dirty: set[Any] = field(default_factory=set)
    changed: set[Any] = field(default_factory=set)
    waiting: set[Step] = field(default_factory=set)  # the steps without a result
    _queue: list[int] = field(default_factory=list)  # orders of the steps to look at, while advancing
    _now: int | None = None  # the order of the step that is looked at

    def before(self, order: int, location: Any) -> Any:
        """What the steps before this order left at a location; ``missing`` if none wrote it."""
        writers = self.writers.get(location)
        if not writers:
            return self.missing
        position = bisect_left(writers, order, key=_order)
        return writers[position - 1].result.writes[location] if position else self.missing

    def last(self, location: Any) -> Any:
        """What all the steps left at a location."""
        writers = self.writers.get(location)
        return writers[-1].result.writes[location] if writers else self.missing

    def splice(self, first: int, last: int, steps: list[Step]) -> list[Step]:
        """Put these steps, old and new ones, in the place of ``steps[first:last]``.

        Steps that are gone or that changed places leave their locations dirty; the latter are returned.
        """
        kept = set(steps)
        for step in self.steps[first:last]:
            if step not in kept:
                self.withdraw(step)
                self.waiting.discard(step)
        highest = -1
        moved: list[tuple[Step, Result]] = []
        for step in steps:
            if step.result is None:
                self.waiting.add(step)
            elif step.order < highest:
                moved.append((step, step.result))
            else:
                highest = step.order
        for step, _ in moved:
            self.withdraw(step)
        self.steps[first:last] = steps
        end = len(self.steps) if len(steps) != last - first else last
        for position in range(first, end):
            self.steps[position].order = position
        for step, result in moved:
            self._publish(step, result)
            self.dirty.update(result.reads)  # it stands elsewhere now: what it reads may differ
        return [step for step, _ in moved]

    def withdraw(self, step: Step) -> None:
        """Forget the result of a step."""
        if step.result is not None:
            self.dirty.update(step.result.writes)
            self.changed.update(step.result.writes)
            self._unpublish(step)
        self.waiting.add(step)

    def mark(self, locations: Iterable[Any]) -> None:
        """The values of these locations are others now."""
        self.dirty.update(locations)
        self.changed.update(locations)
        if self._now is not None:
            self._wake(locations)

    def advance(
        self, run: Callable[[Step], Result], outside: Callable[[Step, Any], Any]
    ) -> tuple[set[Any], list[Step]]:
        """Run what must run; returns the locations whose value may be another, and the steps that ran.

        Of these, ``changed`` holds those that the steps themselves have given other values since it was emptied.

        ``outside(step, location)`` is what a step finds at a location now.  If ``run`` raises, what was
        learned so far is kept, and the next call goes on from there.
        """
        ran: list[Step] = []
        self._queue = sorted(step.order for step in self.waiting)
        self._now = -1
        try:
            self._wake(self.dirty)
            while self._queue:
                order = heappop(self._queue)
                if order == self._now:
                    continue
                self._now = order
                step = self.steps[order]
                if step.result is None or not self._holds(step, outside):
                    self._replace(step, run(step))
                    ran.append(step)
        finally:
            self._now = None
        changed, self.dirty = self.dirty, set()
        return changed, ran

    def _wake(self, locations: Iterable[Any]) -> None:
        for step in self.readers.of(locations):
            if self._now is not None and step.order > self._now:
                heappush(self._queue, step.order)

    def _holds(self, step: Step, outside: Callable[[Step, Any], Any]) -> bool:
        reads = step.result.reads
        return all(self.same(outside(step, place), reads[place]) for place in reads if place in self.dirty)

    def _replace(self, step: Step, new: Result) -> None:
        old = step.result.writes if step.result is not None else {}
        changed = {place for place, value in new.writes.items() if place not in old or not self.same(old[place], value)}
        changed.update(place for place in old if place not in new.writes)
        if step.result is None:
            self._publish(step, new)
        else:
            self._republish(step, new)
        self.mark(changed)

    def _publish(self, step: Step, result: Result) -> None:
        step.result = result
        self.waiting.discard(step)
        self.readers.add(step, result.reads)
        self._enter(step, result.writes)

    def _republish(self, step: Step, new: Result) -> None:
        """A step mostly reads and writes where it did before: there the indices stay as they are."""
        old = step.result
        self.readers.remove(step, old.reads.keys() - new.reads.keys())
        self.readers.add(step, new.reads.keys() - old.reads.keys())
        self._remove(step, old.writes.keys() - new.writes.keys())
        self._enter(step, new.writes.keys() - old.writes.keys())
        step.result = new

    def _unpublish(self, step: Step) -> None:
        self.readers.remove(step, step.result.reads)
        self._remove(step, step.result.writes)
        step.result = None

    def _enter(self, step: Step, locations: Iterable[Any]) -> None:
        for location in locations:
            writers = self.writers.setdefault(location, [])
            if writers and writers[-1].order > step.order:
                insort(writers, step, key=_order)
            else:
                writers.append(step)

    def _remove(self, step: Step, locations: Iterable[Any]) -> None:
        for location in locations:
            writers = self.writers[location]
            writers.remove(step)
            if not writers:
                del self.writers[location]
