"""Everything that can change, as a mapping from locations to values, in a stack of overlays.

A location is ``(owner, name)``: a variable of a scope, an attribute or the items of an object, the
hidden state of a framework's object, a counter.  Forking gives an overlay; while overlays are alive
the store below them is not written.  The bottom store of a unit records what it read from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..rule import MISSING
from ..value import Value

Location = tuple[Any, str]
_ABSENT: Any = object()
LEVELS = 16  # how many overlays are gone through, at the most, before one remembers


class Clock:
    """Which unit runs, and how many objects it has made."""

    __slots__ = ("serial", "unit")

    def __init__(self, unit: str):
        self.unit, self.serial = unit, 0

    def now(self) -> tuple[str, int]:
        return self.unit, self.serial

    def tick(self) -> tuple[str, int]:
        """One more."""
        self.serial += 1
        return self.unit, self.serial


class Boundary:
    """What is read from below a store of some depth; ``outer`` is the next boundary below."""

    __slots__ = ("depth", "outer", "read")

    def __init__(self, depth: int, outer: Boundary | None):
        self.depth, self.outer = depth, outer
        self.read: dict[Location, Value] = {}


class Store:
    """One overlay; reading looks through to the stores below."""

    __slots__ = ("below", "born", "clock", "depth", "found", "outside", "reads", "traced", "writes")

    def __init__(
        self,
        below: Store | None = None,
        outside: Callable[[Location], Value] | None = None,
        clock: Clock | None = None,
    ):
        self.below = below
        self.outside = outside
        self.clock: Clock | None = clock if below is None else below.clock
        self.born = ("", 0) if self.clock is None else self.clock.now()  # when the overlay began
        self.depth: int = 0 if below is None else below.depth + 1
        self.writes: dict[Location, Value] = {}
        # some overlays of a high stack remember what is below them (nobody writes there meanwhile), and how deep it was
        self.found: dict[Location, tuple[Value, int]] | None = {} if self.depth % LEVELS == LEVELS - 1 else None
        self.reads: dict[Location, Value] = {} if below is None else below.reads  # what the bottom read from outside
        self.traced: Boundary | None = None if below is None else below.traced  # the nearest one, here or below

    def get(self, location: Location) -> Value:
        """The value there, or MISSING."""
        store = self
        while (value := store.writes.get(location, _ABSENT)) is _ABSENT:
            if store.below is None or store.found is not None:
                value, depth = store._below(location)
                if self.traced is not None:
                    self._note(location, value, depth)
                return value
            store = store.below
        if self.traced is not None and self.traced.depth > store.depth:
            self._note(location, value, store.depth)
        return value

    def _below(self, location: Location) -> tuple[Value, int]:
        """The value that is not written here, and the depth of the store that has it: -1 for what is outside."""
        if self.below is None:
            value = self.reads.get(location, _ABSENT)
            if value is _ABSENT:
                value = self.reads[location] = self.outside(location) if self.outside else MISSING
            return value, -1
        assert self.found is not None
        known = self.found.get(location)
        if known is None:
            store = self.below
            while (value := store.writes.get(location, _ABSENT)) is _ABSENT:
                if store.below is None or store.found is not None:
                    known = store._below(location)
                    break
                store = store.below
            else:
                known = value, store.depth
            self.found[location] = known
        return known

    def _note(self, location: Location, value: Value, depth: int) -> None:
        """Tell the boundaries between here and the store of that depth, which had the value."""
        boundary = self.traced
        while boundary is not None and boundary.depth > depth:
            if location in boundary.read:
                break
            boundary.read[location] = value
            boundary = boundary.outer

    def set(self, location: Location, value: Value) -> None:
        self.writes[location] = value

    def fork(self) -> Store:
        """An overlay that sees this store and keeps its writes to itself."""
        return Store(self)

    def boundary(self) -> tuple[Store, dict[Location, Value]]:
        """An overlay, and what is read through it from below."""
        store = Store(self)
        store.traced = Boundary(store.depth, self.traced)
        return store, store.traced.read

    def since(self, base: Store) -> dict[Location, Value]:
        """What was written between ``base`` and here."""
        layers = []
        store: Store | None = self
        while store is not None and store is not base:
            layers.append(store.writes)
            store = store.below
        merged: dict[Location, Value] = {}
        for writes in reversed(layers):
            merged.update(writes)
        return merged


def merge(base: Store, ends: Sequence[Store], join: Callable[[Value, Value, Location], Value]) -> int:
    """Write into ``base`` what holds whichever of ``ends`` (overlays of it) was the real one.

    Returns how many locations had to be looked at.
    """
    changes = [end.since(base) for end in ends]
    if len(changes) == 1:
        base.writes.update(changes[0])
    if len(changes) < 2:
        return 0
    locations: dict[Location, None] = {}
    for change in changes:
        locations.update(dict.fromkeys(change))
    unit, made = min(_first_above(base, end).born for end in ends)
    for location in locations:
        owner = location[0]
        if type(owner) is tuple and owner[0] == unit and owner[1] > made:
            before: Any = MISSING  # of an object that was not yet there; below are many stores that would be asked
        else:
            before = _ABSENT
        joined = _ABSENT
        for change in changes:
            value = change.get(location, _ABSENT)
            if value is _ABSENT:
                if before is _ABSENT:
                    before = base.get(location)
                value = before
            if value is MISSING:
                continue
            joined = value if joined is _ABSENT else join(joined, value, location)
        base.writes[location] = MISSING if joined is _ABSENT else joined
    return len(locations)


def _first_above(base: Store, end: Store) -> Store:
    """The overlay right above ``base`` on the way to ``end``."""
    while end.below is not None and end.below is not base:
        end = end.below
    return end
