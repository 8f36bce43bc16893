"""Iterators that run as they are asked for items: generators, generator expressions, and what is made of them.

A ``Stream`` that nobody has asked yet holds a *recipe*.  Who takes all its items at once has the recipe run there
and then.  Who takes them one by one, as a loop does, finds a *recording*: the recipe is run ahead in an overlay
that is thrown away, cut into what happens up to each item: what was read and what was written, seen and found.
Taking an item does what the cut says, if all that it read still has the value that it had; if it has not, the
iterator is not known any more.  So a generator's side effects happen when Python has them happen, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..rule import MISSING
from ..value import Stream, Unknown, Value
from .core import MAX_UNROLL, Frame, Interpreter
from .join import same
from .replay import Journal, learn_again
from .store import Location

Give = Callable[[Value], None]
LOST = Unknown("the next of an iterator")
"""What ``take`` gives where it is not known whether there is another item."""
MAX_STEPS_AHEAD = 20_000


class Recipe(Protocol):
    """What a stream does when it is asked; compared by value."""

    def run(self, it: Interpreter, give: Give) -> None:
        """Give the items in order, LOST from where they are not known."""


@dataclass(frozen=True)
class Suspended:
    """The state of a stream that nobody has asked yet."""

    recipe: Recipe


@dataclass(frozen=True)
class Cut:
    """What happens up to one item (MISSING: up to the end; LOST: up to where nothing more is known)."""

    reads: tuple[tuple[Location, Value], ...]
    writes: tuple[tuple[Location, Value], ...]
    item: Value
    journal: Journal = field(compare=False)


@dataclass(frozen=True)
class Recorded:
    """The state of a stream that was run ahead: what is still to come, and what was run.

    By the recipe two states differ whose journals, which do not count, speak of different texts.
    """

    cuts: tuple[Cut, ...]
    recipe: Recipe


@dataclass(frozen=True)
class Where:
    """The code that made a stream: its recipe runs there, whoever asks."""

    frame: tuple[Any, ...]

    @classmethod
    def here(cls, it: Interpreter) -> Where:
        """The running code."""
        frame = it.frame
        return cls((frame.scope, frame.unit, frame.function, frame.first, frame.call_site))

    @contextmanager
    def entered(self, it: Interpreter) -> Iterator[None]:
        """It runs again."""
        scope, unit, function, first, call_site = self.frame
        it.frames.append(Frame(scope, unit, function, first=first, call_site=call_site))
        try:
            yield
        finally:
            it.frames.pop()


class _Enough(BaseException):
    """Stops a recipe that goes on for ever."""


def suspended(it: Interpreter, recipe: Recipe) -> Stream:
    """A new stream of this recipe."""
    stream = Stream(it.new_id())
    it.store.set((stream.id, ".items"), Suspended(recipe))
    return stream


def drain(it: Interpreter, stream: Stream) -> tuple[Value, ...] | None:
    """All that is still to come; None where it is not known."""
    state = it.get(stream.id, ".items")
    if isinstance(state, Suspended):
        it.set(stream.id, ".items", ())
        found: list[Value] = []
        uncertain = it.uncertain

        def give(item: Value) -> None:
            it.step()
            found.append(LOST if it.uncertain != uncertain else item)

        state.recipe.run(it, give)
        return None if LOST in found else tuple(found)
    if isinstance(state, Recorded):
        taken: list[Value] = []
        while (item := take(it, stream)) is not MISSING:
            if item is LOST:
                return None
            taken.append(item)
        return tuple(taken)
    if isinstance(state, tuple) and state:
        it.set(stream.id, ".items", ())
    return state if isinstance(state, tuple) else None


def take(it: Interpreter, stream: Stream) -> Value:
    """The next item: MISSING at the end, LOST where that is not known."""
    state = it.get(stream.id, ".items")
    if isinstance(state, Suspended):
        it.set(stream.id, ".items", LOST)  # a generator that asks itself
        state = _record(it, state.recipe)
    if isinstance(state, tuple):
        it.set(stream.id, ".items", state[1:])
        return state[0] if state else MISSING
    if not isinstance(state, Recorded):
        return LOST
    if not state.cuts:
        it.set(stream.id, ".items", ())
        return MISSING
    cut, rest = state.cuts[0], state.cuts[1:]
    if cut.item is LOST or not all(same(it.get(*location), value) for location, value in cut.reads):
        _lose(it, stream, state.cuts)
        return LOST
    for location, value in cut.writes:
        it.store.set(location, value)
    learn_again(it, cut.journal)
    it.set(stream.id, ".items", () if cut.item is MISSING else Recorded(rest, state.recipe))
    return cut.item


def pulled(it: Interpreter, stream: Stream) -> Iterator[Value]:
    """The items one by one, as they are taken; LOST as the last one where more may come."""
    for _ in range(MAX_UNROLL):
        item = take(it, stream)
        if item is MISSING:
            return
        yield item
        if item is LOST:
            return
    yield LOST


def abandon(it: Interpreter, stream: Stream, *, begun: bool = False) -> None:
    """Somebody may have taken any number of items: what the recipe does may have happened or not.

    It has ``begun``: what happens up to the first item is seen.
    """
    state = it.get(stream.id, ".items")
    if isinstance(state, Suspended):
        it.set(stream.id, ".items", LOST)
        state = _record(it, state.recipe)
        if begun and state.cuts:
            learn_again(it, state.cuts[0].journal)
    _lose(it, stream, state.cuts if isinstance(state, Recorded) else ())


def _lose(it: Interpreter, stream: Stream, cuts: tuple[Cut, ...]) -> None:
    for location in dict.fromkeys(location for cut in cuts for location, _ in cut.writes):
        it.set(*location, Unknown("done by an iterator that is not followed"))
    it.set(stream.id, ".items", LOST)


def _record(it: Interpreter, recipe: Recipe) -> Recorded:
    base, uncertain, first = it.store, it.uncertain, it.steps
    around = it.touched, it.journal
    cuts: list[Cut] = []
    before: dict[Location, Value] = {}
    lost: list[Value] = []  # what is given where it is not known whether that is so

    def cut(item: Value) -> None:
        nonlocal before
        now = it.store.since(base)
        touched, journal = it.touched or (), it.journal
        assert journal is not None
        reads = tuple((place, before[place] if place in before else base.get(place)) for place in touched)
        writes = tuple((place, value) for place, value in now.items() if before.get(place, recipe) is not value)
        cuts.append(Cut(reads, writes, item, journal))
        before, it.touched, it.journal = now, set(), Journal()

    def give(item: Value) -> None:
        if lost or item is LOST or it.uncertain != uncertain:
            lost.append(item)
        else:
            cut(item)
        if len(cuts) + len(lost) >= MAX_UNROLL or it.steps - first > MAX_STEPS_AHEAD:
            raise _Enough

    it.store, it.touched, it.journal = base.fork(), set(), Journal()
    try:
        recipe.run(it, give)
        cut(LOST if lost else MISSING)
    except _Enough:
        cuts.append(Cut((), tuple(before.items()), LOST, Journal()))
    finally:
        it.store, (it.touched, it.journal) = base, around
    return Recorded(tuple(cuts), recipe)
