"""Calls of plain functions on plain values are run once in a unit: recursion like Fibonacci's is no bomb.

A function is plain if its text holds nothing but arithmetic, conditions, loops and calls of names, so that it
reads only its arguments and the names around it, and writes only its own variables.  What those names stand
for is part of the key, through all functions that it may call.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..rule import MISSING
from ..syntax import descendants
from ..value import Function, Known, Scope, Unknown, Value
from . import scopes
from .core import Interpreter
from .operators import is_plain

MAX_KEY = 400
MAX_CALLED = 20
PURE = frozenset(f"builtins.{name}" for name in ("abs", "bool", "divmod", "float", "int", "len", "max", "min", "range", "round", "str", "sum", "tuple"))  # fmt: skip
PLAIN_NODES = (
    ast.arguments, ast.arg, ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop,
    ast.Return, ast.If, ast.Assign, ast.AugAssign, ast.Expr, ast.For, ast.While, ast.Break, ast.Continue, ast.Pass,
    ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Constant, ast.Name, ast.Tuple, ast.Call, ast.keyword,
)  # fmt: skip


def remembered(
    it: Interpreter, function: Function, args: Sequence[Value], kwargs: Mapping[str, Value], run: Callable[[], Value]
) -> Value:
    """The result of a call, from an equal one where that is sure to give the same."""
    key = _key(it, function, args, kwargs)
    if key is None:
        return run()
    memo: dict[Any, Value] = it.local.setdefault(".memo", {})
    if key not in memo:
        result = run()
        if not (is_plain(result) or isinstance(result, Unknown)):
            return result
        it.remember(key, result)
    return memo[key]


def _key(it: Interpreter, function: Function, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Any:
    if _free_names(function) is None or not all(map(is_plain, (*args, *kwargs.values()))):
        return None
    given = repr((tuple(args), tuple(kwargs.items())))  # tells 1, 1.0 and True apart
    around: dict[Any, Any] = {}
    return (given, tuple(around.items())) if len(given) <= MAX_KEY and _look_around(it, function, around) else None


def _look_around(it: Interpreter, function: Function, around: dict[Any, Any]) -> bool:
    """Note the values of all names that a function, and those that it may call, take from around them."""
    free = _free_names(function)
    if free is None or len(around) > MAX_CALLED or not all(is_plain(value) for _, value in function.defaults):
        return False
    identity = (function.code.unit, function.code.span, function.scope.id, repr(function.defaults))
    if identity in around:
        return True
    values: list[Any] = []
    around[identity] = values  # replaced below: a function may call itself
    for name in free:
        value = _value(it, function.scope, name)
        if isinstance(value, Function):
            if not _look_around(it, value, around):
                return False
            values.append((value.code.unit, value.code.span, value.scope.id))
        elif is_plain(value):
            values.append(repr(value))
        elif isinstance(value, Known) and value.target in PURE:
            values.append(value.target)
        else:
            return False
    around[identity] = tuple(values)
    return True


def _value(it: Interpreter, scope: Scope | None, name: str) -> Value:
    while scope is not None:
        if scope.names is None or name in scope.names:
            value = it.get(scope.id, name)
            if value is not MISSING:
                return value
        scope = scope.parent
    return Known(f"builtins.{name}")


def _free_names(function: Function) -> tuple[str, ...] | None:
    """The names that a plain function takes from around it; None if it is not plain.  Computed once a node."""
    node: Any = function.code.node
    if "_free_names" not in node.__dict__:
        body = node.body if isinstance(node.body, list) else [node.body]
        parts = descendants(body)
        plain = isinstance(node, (ast.FunctionDef, ast.Lambda)) and all(_is_plain_node(part) for part in parts)
        bound = scopes.local_names(node) if plain else frozenset()
        used = dict.fromkeys(part.id for part in parts if isinstance(part, ast.Name))
        node._free_names = tuple(name for name in used if name not in bound) if plain else None
    return node._free_names


def _is_plain_node(node: ast.AST) -> bool:
    if not isinstance(node, PLAIN_NODES) or hasattr(node, "shape_remark"):
        return False
    return not isinstance(node, ast.Call) or isinstance(node.func, ast.Name)
