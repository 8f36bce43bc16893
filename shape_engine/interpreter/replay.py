"""Calls that were run when their unit ran the last time, and that would do the same again.

A unit that runs again mostly does so for a small part of it: of ``main()`` that loads data, builds a model and trains
it, for the one function that is being edited.  So the larger calls leave a :class:`Trace`: what they were given, what
they read of the state around them, what they wrote, and what was learned on the way.  A call with the same
arguments that finds the same state is not run but replayed.  A call is known by how many objects its unit had made
before it, and so the objects that it made keep their identities.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..value import Function, Scope, Site, Span, Value
from .join import same
from .scopes import has_yield
from .store import Location

if TYPE_CHECKING:
    from .core import Discovery, Interpreter

LEAST = 64
"""How many steps a call takes that is worth a trace."""

DEEPEST = 4
"""How many calls may lie around one that leaves a trace."""


class Journal:
    """What was learned, in order, so that it can be learned again."""

    __slots__ = ("executed", "found", "remembered", "seen")

    def __init__(self) -> None:
        self.seen: list[tuple[tuple[str, Span, bool], Value]] = []
        self.found: list[tuple[Any, Discovery]] = []
        self.executed: list[tuple[str, Span]] = []
        self.remembered: list[tuple[Any, Value]] = []

    def extend(self, other: Journal) -> None:
        self.seen += other.seen
        self.found += other.found
        self.executed += other.executed
        self.remembered += other.remembered


@dataclass(slots=True)
class Trace:
    """One call: under which circumstances it was made, what it read, what came of it."""

    given: tuple[Any, ...]
    reads: dict[Location, Value]
    writes: dict[Location, Value]
    value: Value
    journal: Journal
    definitions: tuple[tuple[Scope, Value], ...]
    errors: tuple[str, ...]
    steps: int
    idle: tuple[int, int] | None  # how many of them before the first progress, and after the last; None: no progress
    serial: int  # how many objects the unit has made after it
    inside: dict[int, Trace]  # the calls inside it, by how many objects the unit had made before them


def replayed(
    it: Interpreter,
    function: Function,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: Any,
    run: Callable[[], Value],
) -> Value:
    """The result of a call, and its effects, from the last time if it would do the same."""
    if not _is_followed(it, function):
        return run()
    serial = it.clock.serial
    given = _circumstances(it, function, args, kwargs, node)
    old = it.former.get(serial)
    if old is not None and same(old.given, given) and _finds_the_same(it, old):
        _replay(it, old)
        it.traces[serial] = old
        return old.value
    return _recorded(it, given, {} if old is None else old.inside, run)


def _is_followed(it: Interpreter, function: Function) -> bool:
    """Whether a call may leave a trace: not in the middle of a rule, nor where nothing else is in the unit."""
    depth = len(it.frames)
    if depth > DEEPEST or (depth == 1 and not it.compound) or it.outer_calls or it.call_frames:
        return False
    if it.touched is not None:
        return False
    definition = function.code.node
    return isinstance(definition, ast.FunctionDef) and not has_yield(definition)


def _circumstances(
    it: Interpreter, function: Function, args: Sequence[Value], kwargs: Mapping[str, Value], node: Any
) -> tuple[Any, ...]:
    site = it.site(node) if node is not None and hasattr(node, "lineno") else None
    path = tuple([(frame.call_site, frame.unit, frame.scope.id, frame.perhaps) for frame in it.frames])
    mood = (it.silent > 0, it.assuming > 0, it.tracing > 0, it.uncertain, it.forked, tuple(it.catching))
    return function, tuple(args), tuple(kwargs.items()), site, path, mood


def _finds_the_same(it: Interpreter, old: Trace) -> bool:
    get = it.store.get
    return it.within_bounds(old.steps, old.idle) and all(same(get(place), value) for place, value in old.reads.items())


def learn_again(it: Interpreter, journal: Journal) -> None:
    """Learn what a journal holds, as if it were learned now."""
    for (unit, span, target), value in journal.seen:
        it.see(unit, span, target, value)
    for key, discovery in journal.found:
        it.discover(key, discovery)
    for code in journal.executed:
        it.execute(code)
    for key, value in journal.remembered:
        it.remember(key, value)


def _replay(it: Interpreter, old: Trace) -> None:
    learn_again(it, old.journal)
    it.definitions += old.definitions
    it.errors += old.errors
    it.store.writes.update(old.writes)
    it.steps += old.steps
    it.spared += old.steps
    if old.idle is not None:
        before, after = old.idle
        it.progressed(it.steps - old.steps + before, it.steps - after)
    it.clock.serial = old.serial


def _recorded(it: Interpreter, given: tuple[Any, ...], former: dict[int, Trace], run: Callable[[], Value]) -> Value:
    outer = it.store
    around = it.former, it.traces, it.journal
    it.former, it.traces, it.journal = former, {}, Journal()
    it.store, read = outer.boundary()
    writes = it.store.writes
    serial, steps = it.clock.serial, it.steps
    first, it.first_progress = it.first_progress, 0
    definitions, errors = len(it.definitions), len(it.errors)
    try:
        value = run()
        if it.steps - steps >= LEAST:
            around[1][serial] = Trace(
                given, read, writes, value, it.journal, tuple(it.definitions[definitions:]),
                tuple(it.errors[errors:]), it.steps - steps, _idle(it, steps), it.clock.serial, it.traces,
            )  # fmt: skip
        outer.writes.update(writes)
        return value
    finally:
        it.store = outer
        it.first_progress = first or it.first_progress
        inner = it.journal
        it.former, it.traces, it.journal = around
        if it.journal is not None:
            it.journal.extend(inner)


def _idle(it: Interpreter, start: int) -> tuple[int, int] | None:
    return (it.first_progress - start, it.steps - it.last_progress) if it.first_progress else None


__all__ = ["Journal", "Site", "Trace", "learn_again", "replayed"]
