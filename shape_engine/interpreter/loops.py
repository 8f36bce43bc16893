"""Loops: unrolled where their length is known, else run until nothing new can be true."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ..dim import ANY_SIGN, Symbol
from ..rule import MISSING
from ..value import Dict, List, Set, Stream, Unknown, Value, objects_in
from .collections_ import forget, item_of, rounds
from .core import MAX_UNROLL, Interpreter, Loop
from .expressions import evaluate, truth_of
from .join import join, same
from .knowledge import assume_condition
from .statements import assign_target, execute_block, executes, join_ends
from .store import Store

FIXPOINT_ROUNDS = 4


@executes(ast.For, ast.AsyncFor)
def for_(it: Interpreter, node: ast.For) -> bool:
    iterable = evaluate(it, node.iter)
    items = rounds(it, iterable)
    if items is None:
        if isinstance(iterable, Stream):
            forget(it, iterable, "a loop of unknown length took from it")
        return _fixpoint(it, node, lambda: assign_target(it, node.target, item_of(it, iterable)))
    return _unrolled(it, node, items, lambda item: assign_target(it, node.target, item))


@executes(ast.While)
def while_(it: Interpreter, node: ast.While) -> bool:
    base, rounds = it.store, 0
    loop = Loop()
    it.frame.loops.append(loop)
    try:
        it.store = base.fork()
        while rounds < MAX_UNROLL:
            holds = truth_of(it, evaluate(it, node.test))
            if holds is None:
                break
            if not holds:
                alive = execute_block(it, node.orelse)
                return _leave_loop(it, base, loop, alive)
            rounds += 1
            alive = execute_block(it, node.body)
            alive = _continue_loop(it, loop, alive, base)
            if not alive:
                return _leave_loop(it, base, loop, False)
    finally:
        it.frame.loops.pop()
    # the condition is not known (or the loop is long): from here on, any number of rounds
    alive = _fixpoint(it, node, lambda: None, test=node.test)
    return _leave_loop(it, base, loop, alive)


@executes(ast.Break)
def break_(it: Interpreter, node: ast.Break) -> bool:
    if it.frame.loops:
        it.frame.loops[-1].breaks.append(it.store)
    return False


@executes(ast.Continue)
def continue_(it: Interpreter, node: ast.Continue) -> bool:
    if it.frame.loops:
        it.frame.loops[-1].continues.append(it.store)
    return False


def _unrolled(it: Interpreter, node: ast.For, items: Any, bind: Callable[[Value], None]) -> bool:
    base, loop = it.store, Loop()
    it.frame.loops.append(loop)
    alive, lost = True, False
    it.store = base.fork()
    try:
        for item in items:
            it.step()
            if item is MISSING:
                lost = True
                break
            bind(item)
            alive = _continue_loop(it, loop, execute_block(it, node.body), base)
            if not alive:
                break
    finally:
        it.frame.loops.pop()
    if lost:  # the body has changed what the loop runs over, in a way that is not known
        alive = _fixpoint(it, node, lambda: bind(Unknown("an item of something that is not known")))
    elif alive:
        alive = execute_block(it, node.orelse)
    return _leave_loop(it, base, loop, alive)


def _continue_loop(it: Interpreter, loop: Loop, alive: bool, base: Store) -> bool:
    """The state at the end of a round: the end of the body, or any ``continue`` in it."""
    if not loop.continues:
        return alive
    ends = [*([it.store] if alive else []), *loop.continues]
    loop.continues = []
    return join_ends(it, base, ends) if len(ends) > 1 else _go_on(it, ends[0])


def _go_on(it: Interpreter, end: Store) -> bool:
    it.store = end
    return True


def _leave_loop(it: Interpreter, base: Store, loop: Loop, alive: bool) -> bool:
    """The state after a loop: where it ran out, or any ``break``."""
    ends = [*([it.store] if alive else []), *loop.breaks]
    return join_ends(it, base, ends)


def repeat(it: Interpreter, node: Any, body: Callable[[], None]) -> None:
    """What a framework does any number of times at a call, as a loop of unknown length."""

    def once() -> bool:
        body()
        return True

    it.store, _ = _heads(it, node and it.site(node), once)


def _fixpoint(it: Interpreter, node: Any, bind: Callable[[], None], test: ast.expr | None = None) -> bool:
    """A loop of unknown length: run the body until nothing new can be true, then once for the record."""
    base = it.store

    def body() -> bool:
        if test is not None:
            evaluate(it, test)
            assume_condition(it, test, True)
        bind()
        return execute_block(it, node.body)

    it.store, loop = _heads(it, it.site(node), body)
    alive = execute_block(it, node.orelse)
    return _leave_loop(it, base, loop, alive)


def _heads(it: Interpreter, site: Any, body: Callable[[], bool]) -> tuple[Store, Loop]:
    """The state in which any round begins, and so the loop ends, and how else the last of the rounds was left."""
    base = it.store
    head: dict[Any, Value] = {}
    born = it.clock.serial

    def one_round() -> tuple[dict[Any, Value], bool, Loop, Store]:
        it.store = base.fork()
        it.store.writes.update(head)
        start = it.store
        it.store = start.fork()
        loop = Loop()
        it.frame.loops.append(loop)
        try:
            alive = _continue_loop(it, loop, body(), start)
        finally:
            it.frame.loops.pop()
        return (it.store.since(start) if alive else {}), alive, loop, start

    returns = it.frame.returns
    it.uncertain += 1
    with it.silence():
        for turn in range(FIXPOINT_ROUNDS):
            it.frame.returns = []
            changes, _, _, start = one_round()
            stable = True
            for location, value in changes.items():
                before = start.get(location)
                if before is MISSING:
                    joined: Value = value
                elif turn == FIXPOINT_ROUNDS - 1 and not same(before, value):
                    joined = _lost(it, born, before, value)
                else:
                    joined = _widen(it, born, before, value, (site, location))
                if location not in head or not same(head[location], joined):
                    stable = stable and same(before, joined)
                    head[location] = joined
            if stable:
                break
    it.frame.returns = returns
    _, _, loop, start = one_round()
    it.uncertain -= 1
    return start, loop


def _lost(it: Interpreter, born: int, *values: Value) -> Unknown:
    """What a variable is that changes in a loop; of the objects that it may be, those made in the loop are its own."""
    found = objects_in(*values)
    return Unknown("it changes in a loop", tuple(o for o in found if o.id[0] != it.unit or o.id[1] <= born))


def _widen(it: Interpreter, born: int, before: Value, value: Value, key: Any) -> Value:
    """Join across rounds; a dim that changes becomes one and the same symbol in every round."""
    count = iter(range(10_000))

    def fresh(*, dynamic: bool = False, least: int = 0) -> Symbol:
        return Symbol(None, ("loop", key, next(count)), ANY_SIGN if least < 0 else 0, dynamic)

    if isinstance(before, (List, Dict, Set)) or isinstance(value, (List, Dict, Set)):
        return before if same(before, value) else _lost(it, born, before, value)
    joined = join(before, value, fresh)
    return _lost(it, born, joined) if isinstance(joined, Unknown) and joined.of else joined
