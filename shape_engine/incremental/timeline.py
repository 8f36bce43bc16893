"""Steps that run one after the other, and which of them must run again when some of them change.

A step reads and writes locations.  It keeps its result while everything that it read has the value that
it had then; whoever reads what a step wrote looks at the last writer before itself.  Nothing here knows
what a location or a value is: equality is handed in.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
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


@dataclass
class Timeline:
    """The steps in order, and an index from locations to the steps that write them."""

    same: Callable[[Any, Any], bool]
    missing: Any
    steps: list[Step] = field(default_factory=list)
    writers: dict[Any, list[Step]] = field(default_factory=dict)
    dirty: set[Any] = field(default_factory=set)

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

    def arrange(self, steps: list[Step]) -> None:
        """Make these the steps, in this order; those that are gone or moved leave their locations dirty."""
        kept = set(map(id, steps))
        for step in self.steps:
            if id(step) not in kept:
                self._withdraw(step)
        last = -1
        moved: list[Step] = []
        for step in steps:
            if step.result is not None and step.order < last:
                moved.append(step)
            else:
                last = max(last, step.order) if step.result is not None else last
        results = [(step, step.result) for step in moved]
        for step in moved:
            self._withdraw(step)
        for position, step in enumerate(steps):
            step.order = position
        for step, result in results:
            self._publish(step, result)
            self.dirty.update(result.writes)
            self.dirty.update(result.reads)  # it stands elsewhere now: what it reads may differ
        self.steps = steps

    def advance(self, run: Callable[[Step], Result], outside: Callable[[Step, Any], Any]) -> tuple[set[Any], int]:
        """Run what must run; returns the locations whose value has changed, and how many steps ran.

        ``outside(step, location)`` is what a step finds at a location now.  If ``run`` raises, what was
        learned so far is kept, and the next call goes on from there.
        """
        ran = 0
        for step in self.steps:
            result = step.result
            if result is not None and (
                self.dirty.isdisjoint(result.reads)
                or all(
                    self.same(outside(step, location), result.reads[location])
                    for location in result.reads
                    if location in self.dirty
                )
            ):
                continue
            new = run(step)
            ran += 1
            self._replace(step, new)
        changed, self.dirty = self.dirty, set()
        return changed, ran

    def _replace(self, step: Step, new: Result) -> None:
        old = step.result
        if old is None:
            self.dirty.update(new.writes)
        else:
            for location, value in new.writes.items():
                if location not in old.writes or not self.same(old.writes[location], value):
                    self.dirty.add(location)
            self.dirty.update(location for location in old.writes if location not in new.writes)
            self._withdraw(step, mark=False)
        self._publish(step, new)

    def _publish(self, step: Step, result: Result) -> None:
        step.result = result
        for location in result.writes:
            writers = self.writers.setdefault(location, [])
            if writers and writers[-1].order > step.order:
                insort(writers, step, key=_order)
            else:
                writers.append(step)

    def _withdraw(self, step: Step, mark: bool = True) -> None:
        if step.result is None:
            return
        for location in step.result.writes:
            writers = self.writers[location]
            writers.remove(step)
            if not writers:
                del self.writers[location]
        if mark:
            self.dirty.update(step.result.writes)
        step.result = None


def occurrences(keys: Iterable[str]) -> list[str]:
    """Keys made unique: the n-th occurrence of a key gets its number."""
    seen: dict[str, int] = {}
    unique = []
    for key in keys:
        number = seen.get(key, 0)
        seen[key] = number + 1
        unique.append(f"{key}#{number}")
    return unique
