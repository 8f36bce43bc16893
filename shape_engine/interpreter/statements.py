"""Statements: one executor for each node; each returns whether the code after it is reached."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ..dim import is_symbolic
from ..rule import MISSING, REGISTRY
from ..value import Assumed, Class, Dict, Function, Instance, Known, List, Scope, Set, Tensor, Unknown, Value, Wrapped
from . import scopes
from .collections_ import delete_item, item_of, iterate, store_item
from .core import MAX_UNROLL, Frame, Interpreter, Loop
from .expressions import evaluate, make_function, truth_of
from .imports import import_, import_from
from .join import same
from .objects import set_attribute
from .store import Store

Executor = Callable[[Interpreter, Any], bool]
EXECUTE: dict[type, Executor] = {}
MAX_WHILE = 2_000
FIXPOINT_ROUNDS = 4


def execute_block(it: Interpreter, body: list[ast.stmt]) -> bool:
    """Run statements in order; False when the end is not reached."""
    return all(execute(it, statement) for statement in body)


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
    value = evaluate(it, node.value)
    for target in node.targets:
        assign_target(it, target, value)
    return True


@executes(ast.AnnAssign)
def annotated(it: Interpreter, node: ast.AnnAssign) -> bool:
    if node.value is not None:
        assign_target(it, node.target, evaluate(it, node.value))
    return True


@executes(ast.AugAssign)
def augmented(it: Interpreter, node: ast.AugAssign) -> bool:
    from .collections_ import call_method
    from .operators import binary

    target: Any = node.target
    if isinstance(target, ast.Name):
        current = scopes.lookup(it, target.id)
    elif isinstance(target, ast.Attribute):
        from .objects import get_attribute

        current = get_attribute(it, evaluate(it, target.value), target.attr, target)
    else:
        from .operators import subscript

        current = subscript(it, evaluate(it, target.value), evaluate(it, target.slice), target)
    right = evaluate(it, node.value)
    if isinstance(current, List) and isinstance(node.op, ast.Add):
        call_method(it, current, "extend", [right], {})
        return True
    value = binary(it, type(node.op), current, right, node)
    assign_target(it, target, value)
    return True


@executes(ast.Return)
def return_(it: Interpreter, node: ast.Return) -> bool:
    value = None if node.value is None else evaluate(it, node.value)
    it.frame.returns.append((it.store, value))
    return False


@executes(ast.If)
def if_(it: Interpreter, node: ast.If) -> bool:
    holds = truth_of(it, evaluate(it, node.test))
    if holds is not None:
        return execute_block(it, node.body if holds else node.orelse)
    return _either(it, [(node.test, True, node.body), (node.test, False, node.orelse)])


@executes(ast.For, ast.AsyncFor)
def for_(it: Interpreter, node: ast.For) -> bool:
    iterable = evaluate(it, node.iter)
    items = iterate(it, iterable)
    if items is None or len(items) > MAX_UNROLL:
        return _fixpoint(it, node, lambda: assign_target(it, node.target, item_of(it, iterable)))
    return _unrolled(it, node, iter(items), lambda item: assign_target(it, node.target, item))


@executes(ast.While)
def while_(it: Interpreter, node: ast.While) -> bool:
    base, rounds = it.store, 0
    loop = Loop()
    it.frame.loops.append(loop)
    try:
        it.store = base.fork()
        while rounds < MAX_WHILE:
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
    start = it.store
    alive = _fixpoint(it, node, lambda: None, test=node.test)
    if alive:
        it.store = it.store if it.store is not start else start
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
        assume_condition(it, node.test, True)
    return True


@executes(ast.With, ast.AsyncWith)
def with_(it: Interpreter, node: ast.With) -> bool:
    from .calls import call_value
    from .objects import find_method, known_base

    for item in node.items:
        manager = evaluate(it, item.context_expr)
        entered: Value = manager
        if isinstance(manager, Instance):
            method = find_method(it, manager, "__enter__")
            if method is not MISSING:
                entered = call_value(it, method, [], {}, item.context_expr)
            elif known_base(it, manager) is None:
                entered = Unknown("what a context manager gives")
        if item.optional_vars is not None:
            assign_target(it, item.optional_vars, entered)
    return execute_block(it, node.body)


@executes(ast.Try, *([ast.TryStar] if hasattr(ast, "TryStar") else []))
def try_(it: Interpreter, node: ast.Try) -> bool:
    names = frozenset(name for handler in node.handlers for name in _exception_names(handler))
    base = it.store
    it.store = base.fork()
    it.catching.append(names)
    try:
        alive = execute_block(it, node.body)
    finally:
        it.catching.pop()
    if alive:
        alive = execute_block(it, node.orelse)
    ends = [it.store] if alive else []
    if not _cannot_raise(it, node, names):
        changed = it.store.since(base)
        for handler in node.handlers:
            it.store = base.fork()
            for location, value in changed.items():  # the body may have stopped anywhere
                before = base.get(location)
                it.store.writes[location] = it.join(before, value) if before is not MISSING else value
            if handler.name:
                scopes.assign(it, handler.name, Unknown("an exception"))
            if execute_block(it, handler.body):
                ends.append(it.store)
    if not ends:
        it.store = base.fork()
        execute_block(it, node.finalbody)
        return False
    return _join_ends(it, base, ends) and execute_block(it, node.finalbody)


@executes(ast.FunctionDef, ast.AsyncFunctionDef)
def function_definition(it: Interpreter, node: ast.FunctionDef) -> bool:
    function = make_function(it, node, node.name)
    it.definitions.append((it.frame.scope, function))
    scopes.assign(it, node.name, _decorate(it, node, function))
    return True


@executes(ast.ClassDef)
def class_definition(it: Interpreter, node: ast.ClassDef) -> bool:
    from ..value import Code

    bases: list[Value] = []
    for base in node.bases:
        value = evaluate(it, base)
        if isinstance(base, ast.Starred):
            bases.extend(iterate(it, value) or [Unknown("unknown bases")])
        else:
            bases.append(value)
    for keyword in node.keywords:
        evaluate(it, keyword.value)
    frame = it.frame
    cls = Class(
        it.new_id(),
        node.name,
        tuple(base for base in bases if base != Known("builtins.object")),
        Code(frame.unit, node.name, node, it.span(node), frame.scope.module),
    )
    node.__dict__.setdefault("_method_spans", [it.span(s) for s in node.body if isinstance(s, ast.FunctionDef)])
    inner = Frame(Scope(cls.id, scopes.class_names(node), frame.scope, frame.scope.module), frame.unit)
    it.frames.append(inner)
    outer_definitions, it.definitions = it.definitions, []
    try:
        execute_block(it, node.body)
    finally:
        it.frames.pop()
        it.definitions = outer_definitions
    if any(
        isinstance(base, Known) and base.target in ("typing.NamedTuple", "typing_extensions.NamedTuple")
        for base in bases
    ):
        it.set(cls.id, ".fields", _annotated_names(node))
    it.definitions.append((frame.scope, cls))
    scopes.assign(it, node.name, _decorate(it, node, cls))
    return True


@executes(ast.Import)
def import_statement(it: Interpreter, node: ast.Import) -> bool:
    import_(it, node)
    return True


@executes(ast.ImportFrom)
def import_from_statement(it: Interpreter, node: ast.ImportFrom) -> bool:
    import_from(it, node)
    return True


@executes(ast.Delete)
def delete(it: Interpreter, node: ast.Delete) -> bool:
    for target in node.targets:
        if isinstance(target, ast.Name):
            scopes.assign(it, target.id, MISSING)
        elif isinstance(target, ast.Subscript):
            delete_item(it, evaluate(it, target.value), evaluate(it, target.slice))
        elif isinstance(target, ast.Attribute):
            owner = evaluate(it, target.value)
            if isinstance(owner, Instance):
                it.set(owner.id, target.attr, MISSING)
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
    for case, _ in possible:
        it.store = base.fork()
        matches(it, case.pattern, subject)
        if execute_block(it, case.body):
            ends.append(it.store)
    if not possible[-1][1]:
        ends.append(base.fork())
    return _join_ends(it, base, ends)


def assign_target(it: Interpreter, target: Any, value: Value) -> None:
    """Bind a value to a name, attribute, item, or a tuple of targets."""
    if isinstance(target, ast.Name):
        scopes.assign(it, target.id, value)
        if isinstance(value, Tensor):
            it.observe(target, value, target=True)
    elif isinstance(target, ast.Attribute):
        owner = evaluate(it, target.value)
        set_attribute(it, owner, target.attr, value, target)
        if isinstance(value, Tensor):
            it.observe(target, value, target=True)
    elif isinstance(target, ast.Subscript):
        store_item(it, evaluate(it, target.value), evaluate(it, target.slice), value, target)
    elif isinstance(target, ast.Starred):
        assign_target(it, target.value, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(it, target.elts, value)


def assume_condition(it: Interpreter, test: ast.expr, holds: bool) -> None:
    """Learn from a condition that is taken to hold: a name compared with a constant, or with None."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        assume_condition(it, test.operand, not holds)
        return
    if isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) is holds:
            for part in test.values:
                assume_condition(it, part, holds)
        return
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.left, ast.Name):
        return
    op = type(test.ops[0])
    if (
        (op in (ast.Is, ast.Eq) and not holds)
        or (op in (ast.IsNot, ast.NotEq) and holds)
        or op not in (ast.Is, ast.Eq, ast.IsNot, ast.NotEq)
    ):
        return
    current = scopes.lookup(it, test.left.id)
    with it.silence():
        other = evaluate(it, test.comparators[0])
    if (isinstance(current, (Unknown, Assumed)) or is_symbolic(current)) and (
        other is None or isinstance(other, (bool, int, str))
    ):
        scopes.assign(it, test.left.id, other)


def _either(it: Interpreter, branches: list[tuple[ast.expr, bool, list[ast.stmt]]]) -> bool:
    base, ends = it.store, []
    it.uncertain += 1
    try:
        for test, holds, body in branches:
            it.store = base.fork()
            assume_condition(it, test, holds)
            if execute_block(it, body):
                ends.append(it.store)
    finally:
        it.uncertain -= 1
    return _join_ends(it, base, ends)


def _join_ends(it: Interpreter, base: Store, ends: list[Store]) -> bool:
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


def _unrolled(it: Interpreter, node: ast.For, items: Any, bind: Callable[[Value], None]) -> bool:
    base, loop = it.store, Loop()
    it.frame.loops.append(loop)
    alive = True
    it.store = base.fork()
    try:
        for item in items:
            it.step()
            bind(item)
            alive = _continue_loop(it, loop, execute_block(it, node.body), base)
            if not alive:
                break
    finally:
        it.frame.loops.pop()
    if alive:
        alive = execute_block(it, node.orelse)
    return _leave_loop(it, base, loop, alive)


def _continue_loop(it: Interpreter, loop: Loop, alive: bool, base: Store) -> bool:
    """The state at the end of a round: the end of the body, or any ``continue`` in it."""
    if not loop.continues:
        return alive
    ends = [*([it.store] if alive else []), *loop.continues]
    loop.continues = []
    return _join_ends(it, base, ends) if len(ends) > 1 else _go_on(it, ends[0])


def _go_on(it: Interpreter, end: Store) -> bool:
    it.store = end
    return True


def _leave_loop(it: Interpreter, base: Store, loop: Loop, alive: bool) -> bool:
    """The state after a loop: where it ran out, or any ``break``."""
    ends = [*([it.store] if alive else []), *loop.breaks]
    return _join_ends(it, base, ends)


def _fixpoint(it: Interpreter, node: Any, bind: Callable[[], None], test: ast.expr | None = None) -> bool:
    """A loop of unknown length: run the body until nothing new can be true, then once for the record."""
    base = it.store
    head: dict[Any, Value] = {}
    site = it.site(node)

    def one_round() -> tuple[dict[Any, Value], bool, Loop, Store]:
        it.store = base.fork()
        it.store.writes.update(head)
        start = it.store
        it.store = start.fork()
        loop = Loop()
        it.frame.loops.append(loop)
        try:
            if test is not None:
                evaluate(it, test)
                assume_condition(it, test, True)
            bind()
            alive = _continue_loop(it, loop, execute_block(it, node.body), start)
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
                    joined = Unknown("it changes in a loop")
                else:
                    joined = _widen(it, before, value, (site, location))
                if location not in head or not same(head[location], joined):
                    stable = stable and same(before, joined)
                    head[location] = joined
            if stable:
                break
    it.frame.returns = returns
    _, _, loop, start = one_round()
    it.uncertain -= 1
    it.store = start
    alive = execute_block(it, node.orelse)
    return _leave_loop(it, base, loop, alive)


def _widen(it: Interpreter, before: Value, value: Value, key: Any) -> Value:
    """Join across rounds; a dim that changes becomes one and the same symbol in every round."""
    from ..dim import Symbol
    from .join import join

    count = iter(range(10_000))

    def fresh(*, dynamic: bool = False, least: int = 0) -> Symbol:
        return Symbol(None, ("loop", key, next(count)), -(2**62) if least < 0 else 0, dynamic)

    if isinstance(before, (List, Dict, Set)) or isinstance(value, (List, Dict, Set)):
        return before if same(before, value) else Unknown("it changes in a loop")
    return join(before, value, fresh)


def _unpack(it: Interpreter, targets: list[ast.expr], value: Value) -> None:
    items = iterate(it, value)
    star = next((n for n, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
    if (
        items is None
        or (star is None and len(items) != len(targets))
        or (star is not None and len(items) < len(targets) - 1)
    ):
        part = item_of(it, value) if items is None and isinstance(value, Tensor) else Unknown("a part of something unknown")
        for target in targets:
            assign_target(it, target, part)
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


def _decorate(it: Interpreter, node: Any, value: Value) -> Value:
    from .calls import Transparent, call_value

    for decorator in reversed(node.decorator_list):
        if (
            isinstance(decorator, ast.Attribute)
            and decorator.attr == "setter"
            and isinstance(decorator.value, ast.Name)
        ):
            it.set(it.frame.scope.id, f".setter {decorator.value.id}", value)
            return scopes.lookup(it, decorator.value.id)
        wrapper = evaluate(it, decorator)
        if isinstance(wrapper, Transparent):
            continue
        if isinstance(wrapper, Known) and wrapper.target in WRAPPERS and isinstance(value, (Function, Wrapped)):
            value = Wrapped(WRAPPERS[wrapper.target], value.function if isinstance(value, Wrapped) else value)
            continue
        if isinstance(wrapper, Known) and wrapper.target in ("dataclasses.dataclass",) and isinstance(value, Class):
            it.set(value.id, ".fields", _annotated_names(node))
            continue
        if isinstance(wrapper, Known) and (wrapper.target in SEEN_THROUGH):
            continue
        if isinstance(wrapper, Known) and REGISTRY.find(wrapper.target) is None:
            value = Unknown(f"decorated by {wrapper.target}, which is not modelled")
            continue
        value = call_value(it, wrapper, [value], {}, decorator)
    return value


WRAPPERS = {
    "builtins.staticmethod": "staticmethod",
    "builtins.classmethod": "classmethod",
    "builtins.property": "property",
    "functools.cached_property": "property",
    "abc.abstractproperty": "property",
}
SEEN_THROUGH = frozenset({
    "abc.abstractmethod", "typing.overload", "typing.override", "typing.final", "functools.lru_cache", "functools.cache",
    "contextlib.contextmanager", "functools.total_ordering", "typing.no_type_check", "tf.function", "torch.no_grad",
    "torch.inference_mode", "torch.jit.script", "torch.compile",
})  # fmt: skip


def _annotated_names(node: ast.ClassDef) -> tuple[str, ...]:
    return tuple(s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name))


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
        elif not isinstance(statement, (ast.Assign, ast.Expr)):
            return False
    return True
