"""Statements: one executor for each node; each returns whether the code after it is reached."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import Any

from ..rule import MISSING
from ..value import Assumed, Instance, Known, List, Module, Tensor, Unknown, Value
from . import scopes
from .collections_ import delete_item, item_of, iterate, store_item
from .core import Interpreter, is_observable
from .expressions import evaluate, truth_of
from .imports import find_module, import_, import_from
from .knowledge import assume_condition, origin_of, with_stated_shape
from .objects import delete_attribute, set_attribute
from .paths import answer, answered, take
from .refusals import refuse_unpacking
from .store import Store
from .stubs import is_stub, told

Executor = Callable[[Interpreter, Any], bool]
EXECUTE: dict[type, Executor] = {}


def execute_block(it: Interpreter, body: list[ast.stmt]) -> bool:
    """Run statements in order; False when the end is not reached."""
    mark = len(it.answers)
    alive = all(execute(it, statement) for statement in body)
    del it.answers[mark:]
    return alive


def execute(it: Interpreter, node: ast.stmt) -> bool:
    """Run one statement."""
    it.step()
    executor = EXECUTE.get(type(node))
    return True if executor is None else executor(it, node)


def executes(*kinds: type) -> Callable[[Executor], Executor]:
    """Register the executor of a kind of statement."""

    def register(function: Executor) -> Executor:
        for kind in kinds:
            EXECUTE[kind] = function
        return function

    return register


@executes(ast.Expr)
def expression(it: Interpreter, node: ast.Expr) -> bool:
    evaluate(it, node.value)
    return True


@executes(ast.Assign)
def assign(it: Interpreter, node: ast.Assign) -> bool:
    value = _stated(it, node, evaluate(it, node.value))
    for target in node.targets:
        assign_target(it, target, value)
    return True


@executes(ast.AnnAssign)
def annotated(it: Interpreter, node: ast.AnnAssign) -> bool:
    if node.value is not None:
        assign_target(it, node.target, _stated(it, node, evaluate(it, node.value)))
    elif isinstance(node.target, ast.Name) and is_stub(it.frame.scope.module):
        assign_target(it, node.target, told(it, node.annotation, node.target.id))
    return True


def _stated(it: Interpreter, node: Any, value: Value) -> Value:
    remark = getattr(node, "shape_remark", None)
    return value if remark is None else with_stated_shape(it, value, remark, origin_of(it))


@executes(ast.AugAssign)
def augmented(it: Interpreter, node: ast.AugAssign) -> bool:
    from .objects import get_attribute
    from .operators import in_place, subscript

    target: Any = node.target
    if isinstance(target, ast.Attribute):
        owner = evaluate(it, target.value)
        current = get_attribute(it, owner, target.attr, target)
        value = in_place(it, type(node.op), current, evaluate(it, node.value), node)
        set_attribute(it, owner, target.attr, value, target)
        if is_observable(value):
            it.observe(target, value, target=True)
    elif isinstance(target, ast.Subscript):
        owner, key = evaluate(it, target.value), evaluate(it, target.slice)
        current = subscript(it, owner, key, target)
        store_item(it, owner, key, in_place(it, type(node.op), current, evaluate(it, node.value), node), target)
    else:
        current = scopes.lookup(it, target.id)
        assign_target(it, target, in_place(it, type(node.op), current, evaluate(it, node.value), node))
    return True


@executes(ast.Return)
def return_(it: Interpreter, node: ast.Return) -> bool:
    value = None if node.value is None else evaluate(it, node.value)
    it.frame.returns.append((it.store, value))
    return False


@executes(ast.If)
def if_(it: Interpreter, node: ast.If) -> bool:
    holds = truth_of(it, evaluate(it, node.test))
    if holds is None:
        holds = answered(it, node.test)
    if holds is not None:
        return execute_block(it, node.body if holds else node.orelse)
    base = it.store
    it.uncertain, it.forked = it.uncertain + 1, it.forked + 1
    ways = []
    for holds, body in (True, node.body), (False, node.orelse):
        it.store = base.fork()
        way = take(it, node.test, holds, partial(execute_block, it, body))
        if way is not None:
            ways.append(way)
    it.uncertain, it.forked = it.uncertain - 1, it.forked - 1
    it.store = base
    if len(ways) == 1:
        answer(it, node.test, ways[0].holds)
        it.frame.perhaps = True
    return join_ends(it, base, [way.end for way in ways] if len(ways) == 1 else [way.forgetful(it) for way in ways])


@executes(ast.Raise)
def raise_(it: Interpreter, node: ast.Raise) -> bool:
    if node.exc is not None:
        with it.silence():
            evaluate(it, node.exc)
    return False


@executes(ast.Assert)
def assert_(it: Interpreter, node: ast.Assert) -> bool:
    holds = truth_of(it, evaluate(it, node.test))
    if holds is None:
        answer(it, node.test, True)
        assume_condition(it, node.test, True)
    return True


@executes(ast.With, ast.AsyncWith)
def with_(it: Interpreter, node: ast.With) -> bool:
    if not any(_expects_exception(item.context_expr) for item in node.items):
        return _within(it, node, 0)
    it.catching.append(frozenset({"*"}))  # what raises here is meant to
    try:
        _within(it, node, 0)
    finally:
        it.catching.pop()
    return True


def _within(it: Interpreter, node: ast.With, position: int) -> bool:
    """Enter the managers from one on, run the body, leave them again."""
    from .calls import Managed, call_function, call_value
    from .objects import known_base, special_method

    if position == len(node.items):
        return execute_block(it, node.body)
    item = node.items[position]
    manager = evaluate(it, item.context_expr)

    def run(entered: Value) -> bool:
        if item.optional_vars is not None:
            assign_target(it, item.optional_vars, entered)
        return _within(it, node, position + 1)

    if isinstance(manager, Managed):
        frames, ended = it.frames, [True]

        def body(given: Value) -> None:  # runs where the generator yields, as the code around the ``with``
            inner, it.frames = it.frames, frames
            try:
                ended[0] = run(given)
            finally:
                it.frames = inner

        it.frames = [*frames]
        ran: list[bool] = []

        def once(given: Value) -> None:
            if not ran:
                ran.append(True)
                body(given)

        try:
            call_function(it, manager.function, manager.args, dict(manager.kwargs), item.context_expr, once)
        finally:
            it.frames = frames
        if not ran:
            return run(Unknown("what a context manager gives"))
        return ended[0]
    entered: Value = manager
    if not isinstance(manager, Instance):
        return run(entered)
    enter, leave = special_method(it, manager, "__enter__"), special_method(it, manager, "__exit__")
    if enter is not MISSING:
        if isinstance(manager.cls, Known):
            it.set(manager.id, ".with", it.site(node))
        entered = call_value(it, enter, [], {}, item.context_expr)
    elif known_base(it, manager) is None:
        entered = Unknown("what a context manager gives")
    if leave is MISSING:
        return run(entered)

    def close() -> bool:
        call_value(it, leave, [None, None, None], {}, None)
        return True

    return _and_finally(it, lambda: run(entered), close)


@executes(ast.Try, *([ast.TryStar] if hasattr(ast, "TryStar") else []))
def try_(it: Interpreter, node: ast.Try) -> bool:
    if not node.finalbody:
        return _try(it, node)
    return _and_finally(it, lambda: _try(it, node), lambda: execute_block(it, node.finalbody))


def _try(it: Interpreter, node: ast.Try) -> bool:
    names = frozenset(name for handler in node.handlers for name in _exception_names(handler))
    base = it.store
    it.store = base.fork()
    it.catching.append(names)
    alive, mark = True, len(it.answers)
    between: dict[Any, list[Value]] = {}  # what may be true where the body stops: after any of its statements
    try:
        for statement in node.body:
            alive = execute(it, statement)
            for location, value in it.store.since(base).items():
                values = between.setdefault(location, [base.get(location)])
                if values[-1] is not value:
                    values.append(value)
            if not alive:
                break
    finally:
        it.catching.pop()
        del it.answers[mark:]
    runs_through = alive and _cannot_raise(it, node, names)
    if alive:
        alive = execute_block(it, node.orelse)
    ends = [it.store] if alive else []
    if not runs_through:
        for handler in node.handlers:
            it.store = base.fork()
            for location, values in between.items():
                it.store.writes[location] = it.join_all(
                    [value for value in values if value is not MISSING] or [MISSING]
                )
            if handler.name:
                scopes.assign(it, handler.name, Unknown("an exception"))
            if execute_block(it, handler.body):
                ends.append(it.store)
    return join_ends(it, base, ends)


def _and_finally(it: Interpreter, run: Callable[[], bool], last: Callable[[], bool]) -> bool:
    """Run something, then ``last``: also on the ways that return, break or continue."""
    ways: list[list[Any]] = [it.frame.returns]
    ways += [way for loop in it.frame.loops for way in (loop.breaks, loop.continues)]
    marks = [len(way) for way in ways]
    alive = run()
    here = it.store
    for way, mark in zip(ways, marks, strict=True):
        early, way[mark:] = way[mark:], []
        for end in early:
            it.store = (end[0] if isinstance(end, tuple) else end).fork()
            if last():  # else it returns or raises itself, which is what counts
                way.append((it.store, end[1]) if isinstance(end, tuple) else it.store)
    it.store = here if alive else here.fork()
    return last() and alive if alive or not any(len(w) > m for w, m in zip(ways, marks, strict=True)) else False


@executes(ast.Import)
def import_statement(it: Interpreter, node: ast.Import) -> bool:
    return import_(it, node)


@executes(ast.ImportFrom)
def import_from_statement(it: Interpreter, node: ast.ImportFrom) -> bool:
    return import_from(it, node)


@executes(ast.Delete)
def delete(it: Interpreter, node: ast.Delete) -> bool:
    for target in node.targets:
        if isinstance(target, ast.Name):
            scopes.assign(it, target.id, MISSING)
        elif isinstance(target, ast.Subscript):
            delete_item(it, evaluate(it, target.value), evaluate(it, target.slice))
        elif isinstance(target, ast.Attribute):
            owner = evaluate(it, target.value)
            delete_attribute(it, owner, target.attr)
    return True


@executes(ast.Match)
def match(it: Interpreter, node: ast.Match) -> bool:
    from .patterns import matches

    subject = evaluate(it, node.subject)
    possible: list[tuple[ast.match_case, bool]] = []
    for case in node.cases:
        base = it.store
        it.store = base.fork()
        holds = matches(it, case.pattern, subject)
        if holds and case.guard is not None:
            holds = truth_of(it, evaluate(it, case.guard))
        it.store = base
        if holds is not False:
            possible.append((case, holds is True))
        if holds is True:
            break
    if not possible:
        return True
    base, ends = it.store, []
    doubt = int(not possible[0][1])
    it.forked += doubt
    for case, _ in possible:
        it.store = base.fork()
        matches(it, case.pattern, subject)
        if execute_block(it, case.body):
            ends.append(it.store)
    it.forked -= doubt
    if not possible[-1][1]:
        ends.append(base.fork())
    return join_ends(it, base, ends)


def assign_target(it: Interpreter, target: Any, value: Value) -> None:
    """Bind a value to a name, attribute, item, or a tuple of targets."""
    if isinstance(target, ast.Name):
        scopes.assign(it, target.id, value)
        if is_observable(value):
            it.observe(target, value, target=True)
    elif isinstance(target, ast.Attribute):
        owner = evaluate(it, target.value)
        set_attribute(it, owner, target.attr, value, target)
        if is_observable(value):
            it.observe(target, value, target=True)
    elif isinstance(target, ast.Subscript):
        store_item(it, evaluate(it, target.value), evaluate(it, target.slice), value, target)
    elif isinstance(target, ast.Starred):
        assign_target(it, target.value, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        refuse_unpacking(it, target.elts, value, target)
        _unpack(it, target.elts, value)


def join_ends(it: Interpreter, base: Store, ends: list[Store]) -> bool:
    """Go on from the branches that reached their end.

    With one of them, in its own overlay: others that returned or broke out still need ``base`` as it was.
    """
    if not ends:
        it.store = base.fork()
        return False
    if len(ends) == 1:
        it.store = ends[0]
        return True
    head = base.fork()
    changes = [end.since(base) for end in ends]
    for location in dict.fromkeys(loc for change in changes for loc in change):
        values = [change[location] if location in change else base.get(location) for change in changes]
        joined = values[0]
        for value in values[1:]:
            joined = it.join(joined, value)
        head.writes[location] = joined
    it.store = head
    return True


def _unpack(it: Interpreter, targets: list[ast.expr], value: Value) -> None:
    items = iterate(it, value)
    star = next((n for n, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
    if (
        items is None
        or (star is None and len(items) != len(targets))
        or (star is not None and len(items) < len(targets) - 1)
    ):
        part = (
            item_of(it, value)
            if items is None and isinstance(value, Tensor)
            else Unknown("a part of something unknown")
        )
        anything = isinstance(it.resolve(value), Assumed)  # so its parts may be anything, too
        for target in targets:
            assumed = anything and isinstance(target, ast.Name)
            assign_target(it, target, it.assume(getattr(target, "id", "")) if assumed else part)
        return
    if star is None:
        for target, item in zip(targets, items, strict=True):
            assign_target(it, target, item)
        return
    from .expressions import new_container

    after = len(targets) - star - 1
    for target, item in zip(targets[:star], items, strict=False):
        assign_target(it, target, item)
    middle = items[star : len(items) - after]
    assign_target(it, targets[star], new_container(it, List, tuple(middle)))
    for target, item in zip(targets[star + 1 :], items[len(items) - after :], strict=True):
        assign_target(it, target, item)


def _exception_names(handler: ast.ExceptHandler) -> list[str]:
    if handler.type is None:
        return ["*"]
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [
        kind.id if isinstance(kind, ast.Name) else kind.attr if isinstance(kind, ast.Attribute) else "*"
        for kind in kinds
    ]


def _cannot_raise(it: Interpreter, node: ast.Try, names: frozenset[str]) -> bool:
    """A handler for failing imports is not run when every import in the body found its module."""
    if not names <= {"ImportError", "ModuleNotFoundError"}:
        return False
    for statement in node.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            for alias in statement.names:
                bound = alias.asname or alias.name.partition(".")[0]
                if bound != "*" and isinstance(scopes.lookup(it, bound), Unknown):
                    return False
            if isinstance(statement, ast.ImportFrom):
                module = find_module(it, statement.module or "", statement.level)
                if isinstance(module, Unknown) or (
                    isinstance(module, Module) and not it.program.is_complete(module.uri)
                ):
                    return False
        elif not isinstance(statement, (ast.Assign, ast.Expr)):
            return False
    return True


def _expects_exception(node: ast.expr) -> bool:
    """``with self.assertRaises(...)``, ``with pytest.raises(...)``, ``with contextlib.suppress(...)``."""
    called = getattr(node, "func", None)
    name = getattr(called, "attr", "") or getattr(called, "id", "")
    return name in ("assertRaises", "assertRaisesRegex", "raises", "suppress")
