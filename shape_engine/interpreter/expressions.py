"""Expressions: one evaluator for each node of the syntax tree (calls and attributes have files of their own)."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..dim import is_symbolic
from ..rule import MISSING
from ..value import (
    Assumed,
    Code,
    Dict,
    Function,
    List,
    Range,
    Scope,
    Set,
    Slice,
    Tensor,
    Unknown,
    Value,
    Wrapped,
)
from . import scopes
from .core import Interpreter, is_observable
from .limits import LONG_TEXT, MAX_TEXT, bounded, bounded_items, format_fits
from .memory import current
from .operators import binary, compare, subscript, unary
from .refusals import refuse_item

Evaluator = Callable[[Interpreter, Any], Value]
EVALUATE: dict[type, Evaluator] = {}


def evaluate(it: Interpreter, node: ast.expr) -> Value:
    """The value of an expression; tensors and layers are observed."""
    it.step()
    evaluator = EVALUATE.get(type(node))
    if evaluator is None:
        return Unknown(f"{type(node).__name__} is not followed")
    value = evaluator(it, node)
    if type(value) is Assumed:
        value = it.resolve(value)
    elif type(value) is Tensor and value.constant is not None:
        value = current(it, value)
    if is_observable(value):
        it.observe(node, value)
    return value


def evaluates(*kinds: type) -> Callable[[Evaluator], Evaluator]:
    """Register the evaluator of a kind of node."""

    def register(function: Evaluator) -> Evaluator:
        for kind in kinds:
            EVALUATE[kind] = function
        return function

    return register


@evaluates(ast.Constant)
def constant(it: Interpreter, node: ast.Constant) -> Value:
    if node.value is ... and it.frame.scope.module.endswith(".pyi"):
        return Unknown("a stub leaves it out")
    return bounded(it, node.value)


@evaluates(ast.Name)
def name(it: Interpreter, node: ast.Name) -> Value:
    return scopes.lookup(it, node.id)


@evaluates(ast.Tuple)
def tuple_(it: Interpreter, node: ast.Tuple) -> Value:
    items = elements(it, node.elts)
    return items if isinstance(items, Unknown) else bounded(it, tuple(items))


@evaluates(ast.List)
def list_(it: Interpreter, node: ast.List) -> Value:
    items = elements(it, node.elts)
    return new_container(it, List, items if isinstance(items, Unknown) else tuple(items))


@evaluates(ast.Set)
def set_(it: Interpreter, node: ast.Set) -> Value:
    items = elements(it, node.elts)
    return new_container(it, Set, items if isinstance(items, Unknown) else distinct(items))


@evaluates(ast.Dict)
def dict_(it: Interpreter, node: ast.Dict) -> Value:
    from .collections_ import dict_items, put_all

    pairs: list[tuple[Value, Value]] = []
    unknown = False
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        if key_node is None:
            more = dict_items(it, evaluate(it, value_node))
            unknown = unknown or more is None
            pairs.extend(more or ())
        else:
            pairs.append((evaluate(it, key_node), evaluate(it, value_node)))
    return new_container(
        it, Dict, Unknown("a mapping that is not known is merged in") if unknown else put_all((), pairs)
    )


@evaluates(ast.BinOp)
def binop(it: Interpreter, node: ast.BinOp) -> Value:
    return binary(it, type(node.op), evaluate(it, node.left), evaluate(it, node.right), node)


@evaluates(ast.UnaryOp)
def unaryop(it: Interpreter, node: ast.UnaryOp) -> Value:
    return unary(it, type(node.op), evaluate(it, node.operand), node)


@evaluates(ast.BoolOp)
def boolop(it: Interpreter, node: ast.BoolOp) -> Value:
    stop_at = isinstance(node.op, ast.Or)
    possible: list[Value] = []
    doubtful: ast.expr | None = None  # whether the rest is evaluated at all hangs on this operand
    for position, operand in enumerate(node.values):
        value = evaluate(it, operand) if doubtful is None else _perhaps(it, operand, doubtful, not stop_at)
        truth = truth_of(it, value)
        last = position == len(node.values) - 1
        if truth is stop_at or last:
            possible.append(value)
            break
        if truth is None:
            possible.append(value)
            doubtful = operand
    if len(possible) > 1 and all(
        truth_of(it, value) is None and not isinstance(value, Tensor) for value in possible[:-1]
    ):
        *_, final = possible
        if isinstance(final, bool):
            return Unknown("a condition that is not known")
    return it.join_all(possible)


def _perhaps(it: Interpreter, operand: ast.expr, condition: ast.expr, holds: bool) -> Value:
    """An operand that is evaluated only if the one before it holds, or does not."""
    from .knowledge import assume_condition

    base = it.store
    it.store = base.fork()
    assume_condition(it, condition, holds)
    assumed = it.store
    it.store = assumed.fork()
    it.forked += 1
    value = evaluate(it, operand)
    it.forked -= 1
    done = base.fork()
    done.writes.update(it.store.since(assumed))
    it.merge(base, [base.fork(), done])
    return value


@evaluates(ast.Compare)
def compare_(it: Interpreter, node: ast.Compare) -> Value:
    left = evaluate(it, node.left)
    result: Value = True
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = evaluate(it, right_node)
        result = compare(it, type(op), left, right, node)
        if len(node.ops) > 1:
            truth = truth_of(it, result)
            if truth is not True:
                return result if truth is False else Unknown("a comparison that is not known")
        left = right
    return result


@evaluates(ast.IfExp)
def ifexp(it: Interpreter, node: ast.IfExp) -> Value:
    from .knowledge import assume_condition

    truth = truth_of(it, evaluate(it, node.test))
    if truth is not None:
        return evaluate(it, node.body if truth else node.orelse)
    base = it.store
    values, ends = [], []
    it.forked += 1
    for branch, holds in (node.body, True), (node.orelse, False):
        it.store = base.fork()
        assume_condition(it, node.test, holds)
        values.append(evaluate(it, branch))
        ends.append(it.store)
    it.forked -= 1
    it.merge(base, ends)
    return it.join_all(values)


@evaluates(ast.NamedExpr)
def walrus(it: Interpreter, node: ast.NamedExpr) -> Value:
    value = evaluate(it, node.value)
    scopes.assign(it, node.target.id, value)
    return value


@evaluates(ast.Subscript)
def subscript_(it: Interpreter, node: ast.Subscript) -> Value:
    owner, key = evaluate(it, node.value), evaluate(it, node.slice)
    if isinstance(node.ctx, ast.Load):
        refuse_item(it, owner, key, node)
    return subscript(it, owner, key, node)


@evaluates(ast.Slice)
def slice_(it: Interpreter, node: ast.Slice) -> Value:
    return Slice(*(None if part is None else evaluate(it, part) for part in (node.lower, node.upper, node.step)))


@evaluates(ast.Starred)
def starred(it: Interpreter, node: ast.Starred) -> Value:
    return evaluate(it, node.value)


@evaluates(ast.JoinedStr)
def joined_string(it: Interpreter, node: ast.JoinedStr) -> Value:
    parts = [evaluate(it, part) for part in node.values]
    if all(isinstance(part, str) for part in parts):
        return bounded(it, "".join(parts)) if sum(map(len, parts)) <= MAX_TEXT else LONG_TEXT
    return Unknown("a text with an unknown part")


@evaluates(ast.FormattedValue)
def formatted(it: Interpreter, node: ast.FormattedValue) -> Value:
    from .describe import text_of

    value = evaluate(it, node.value)
    spec = "" if node.format_spec is None else evaluate(it, node.format_spec)
    if node.conversion == ord("r") and spec:
        value = text_of(it, value, quoted=True)
    if (spec or node.conversion in (-1, ord("s"))) and isinstance(spec, str) and isinstance(value, (int, float, str)):
        try:
            text = format(value, spec) if format_fits("{" + spec, [value]) else MISSING
        except ValueError:
            text = MISSING
    elif spec == "":
        text = text_of(it, value, quoted=node.conversion == ord("r"))
    else:
        text = MISSING
    return Unknown("a text with an unknown part") if text is MISSING else text


@evaluates(ast.Lambda)
def lambda_(it: Interpreter, node: ast.Lambda) -> Value:
    return make_function(it, node, "<lambda>")


@evaluates(ast.ListComp)
def list_comprehension(it: Interpreter, node: ast.ListComp) -> Value:
    found: list[Value] = []
    known = comprehend(it, node, lambda: found.append(evaluate(it, node.elt)))
    return new_container(it, List, tuple(found) if known else Unknown("built by a loop of unknown length"))


@evaluates(ast.GeneratorExp)
def generator_expression(it: Interpreter, node: ast.GeneratorExp) -> Value:
    from .generators import Where, suspended

    code = Code(it.frame.unit, "<genexpr>", node, it.span(node), it.frame.scope.module)
    first = evaluate(it, node.generators[0].iter)
    return suspended(it, Expression(code, first, Where.here(it)))


@dataclass(frozen=True)
class Expression:
    """A generator expression: only the first of its iterables is looked at when it is made."""

    code: Code
    first: Value
    where: Any

    def run(self, it: Interpreter, give: Callable[[Value], None]) -> None:
        from .generators import LOST

        node: Any = self.code.node
        with self.where.entered(it):
            if not comprehend(it, node, lambda: give(evaluate(it, node.elt)), self.first):
                give(LOST)


@evaluates(ast.SetComp)
def set_comprehension(it: Interpreter, node: ast.SetComp) -> Value:
    found: list[Value] = []
    known = comprehend(it, node, lambda: found.append(evaluate(it, node.elt)))
    return new_container(it, Set, distinct(found) if known else Unknown("built by a loop of unknown length"))


@evaluates(ast.DictComp)
def dict_comprehension(it: Interpreter, node: ast.DictComp) -> Value:
    from .collections_ import put_all

    found: list[tuple[Value, Value]] = []
    known = comprehend(it, node, lambda: found.append((evaluate(it, node.key), evaluate(it, node.value))))
    return new_container(it, Dict, put_all((), found) if known else Unknown("built by a loop of unknown length"))


@evaluates(ast.Await)
def await_(it: Interpreter, node: ast.Await) -> Value:
    evaluate(it, node.value)
    return Unknown("awaited")


@evaluates(ast.Yield)
def yield_(it: Interpreter, node: ast.Yield) -> Value:
    value = None if node.value is None else evaluate(it, node.value)
    if it.frame.on_yield is not None:
        it.frame.on_yield(value)
    return Unknown("sent into a generator")


@evaluates(ast.YieldFrom)
def yield_from(it: Interpreter, node: ast.YieldFrom) -> Value:
    from .collections_ import rounds
    from .generators import LOST

    items = rounds(it, evaluate(it, node.value))
    for item in (LOST,) if items is None else items:
        if it.frame.on_yield is not None:
            it.frame.on_yield(LOST if item is MISSING else item)
    return Unknown("a generator's result")


def elements(it: Interpreter, nodes: list[ast.expr]) -> list[Value] | Unknown:
    """The values of a display, ``*items`` spread."""
    from .collections_ import iterate

    found: list[Value] = []
    unknown: Unknown | None = None
    for node in nodes:
        value = evaluate(it, node)
        if isinstance(node, ast.Starred):
            items = iterate(it, value)
            if items is None:
                unknown = Unknown("a sequence that is not known is spread into it")
            else:
                found.extend(items)
        else:
            found.append(value)
    return unknown or found


def new_container(it: Interpreter, kind: type, items: Any) -> Value:
    """A new List, Dict or Set with these items (a tuple, or Unknown)."""
    container = kind(it.new_id())
    it.store.set((container.id, ".items"), bounded_items(it, items))
    return container


def distinct(items: list[Value]) -> Any:
    """The items of a set; Unknown where it is unclear which of them are equal."""
    if any(isinstance(item, (Unknown, Assumed)) or is_symbolic(item) for item in items):
        return Unknown("a set of unknown values")
    try:
        return tuple(dict.fromkeys(items))
    except TypeError:
        return Unknown("a set of odd values")


def truth_of(it: Interpreter, value: Value) -> bool | None:
    """``bool(value)``, or None where it is not known."""
    from .operators import truth

    return truth(it, value)


def make_function(it: Interpreter, node: Any, name: str) -> Function:
    """The Function for a def or lambda, with its defaults evaluated."""
    arguments = node.args
    defaults: list[tuple[str, Value]] = []
    positional = [*arguments.posonlyargs, *arguments.args]
    for parameter, default in zip(
        positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True
    ):
        defaults.append((parameter.arg, evaluate(it, default)))
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            defaults.append((parameter.arg, evaluate(it, default)))
    frame = it.frame
    code = Code(frame.unit, name, node, it.span(node), frame.scope.module)
    scope, owner = frame.scope, None
    if scopes.is_class_scope(scope):
        owner = scope.id
        scope = scope.parent or scope
    too_big = bounded(it, tuple(value for _, value in defaults))
    if isinstance(too_big, Unknown):
        defaults = [(parameter, too_big) for parameter, _ in defaults]
    return Function(code, scope, tuple(defaults), owner)


def comprehend(it: Interpreter, node: Any, add: Callable[[], None], first: Value = MISSING) -> bool:
    """Run a comprehension; False where what it gives is not known.  ``first`` is what the first loop runs over."""
    names = scopes.comprehension_names(node)
    frame = it.frame
    outer = frame.scope
    first = evaluate(it, node.generators[0].iter) if first is MISSING else first
    frame.scope = Scope(it.new_id(), names, outer, outer.module)
    try:
        return _generators(it, node.generators, first, add)
    finally:
        frame.scope = outer


def _generators(it: Interpreter, generators: list[ast.comprehension], iterable: Value, add: Callable[[], None]) -> bool:
    from .collections_ import item_of, rounds
    from .statements import assign_target

    generator, *inner = generators

    def inside() -> bool:
        if inner:
            return _generators(it, inner, evaluate(it, inner[0].iter), add)
        add()
        return True

    def may_be() -> bool:
        """Run what may not be run at all."""
        base = it.store
        it.store = base.fork()
        it.uncertain += 1
        try:
            inside()
        finally:
            it.uncertain -= 1
        it.merge(base, [base.fork(), it.store])
        return False

    items = rounds(it, iterable)
    known = True
    for item in (MISSING,) if items is None else items:
        if item is MISSING:
            assign_target(it, generator.target, item_of(it, iterable))
            for condition in generator.ifs:
                evaluate(it, condition)
            return may_be()
        assign_target(it, generator.target, item)
        keep: bool | None = True
        for condition in generator.ifs:
            keep = truth_of(it, evaluate(it, condition))
            if keep is not True:
                break
        if keep is not False:
            known = (inside() if keep else may_be()) and known
    return known


__all__ = [
    "EVALUATE",
    "Range",
    "Wrapped",
    "comprehend",
    "elements",
    "evaluate",
    "evaluates",
    "make_function",
    "new_container",
    "truth_of",
]
