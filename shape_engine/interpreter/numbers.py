"""Python's built-in functions on numbers and conditions, and the math module."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from typing import Any

from ..dim import ANY_SIGN, is_dim, is_symbolic, maximum, minimum
from ..rule import MISSING, function
from ..value import Assumed, Stream, Tensor, Unknown, Value
from .collections_ import iterate, rounds
from .generators import drain
from .operators import binary, compare, plain_member, tensor_operation, truth

NUMBERS = (int, float)


@function("builtins.int", raw=True)
def int_(call: Any, value: Value = 0, base: Value = 10) -> Value:
    it = call.it
    value = plain_member(it, it.resolve(value))
    if isinstance(value, Tensor):
        if isinstance(value.constant, NUMBERS):
            return int(value.constant)
        return value.constant if is_symbolic(value.constant) else it.fresh(least=ANY_SIGN)
    if is_symbolic(value):
        return value
    if isinstance(value, (int, float, str)) and isinstance(base, int):
        try:
            return int(value, base) if isinstance(value, str) and len(value) < 4000 else int(value)
        except (ValueError, OverflowError):
            return Unknown("an int that Python refuses")
    if isinstance(value, (Unknown, Assumed)):
        return it.fresh(least=ANY_SIGN)
    return Unknown("an int of something unknown")


@function("builtins.float", raw=True)
def float_(call: Any, value: Value = 0.0) -> Value:
    value = plain_member(call.it, value)
    if isinstance(value, (int, float, str)):
        try:
            return float(value)
        except (ValueError, OverflowError):
            return Unknown("a float that Python refuses")
    return Unknown("a number")


@function("builtins.bool", raw=True)
def bool_(call: Any, value: Value = False) -> Value:
    holds = truth(call.it, value)
    return Unknown("a condition that is not known") if holds is None else holds


@function("builtins.sum", raw=True)
def sum_(call: Any, iterable: Value, start: Value = 0) -> Value:
    items = iterate(call.it, iterable)
    if items is None:
        return Unknown("a sum of something of unknown length")
    total = start
    for item in items:
        total = binary(call.it, ast.Add, total, item, call.node)
    return total


@function("builtins.max", raw=True)
def max_(call: Any, *args: Value, key: Value = None, default: Value = MISSING) -> Value:
    return _extreme(call, args, key, default, ast.Gt, maximum)


@function("builtins.min", raw=True)
def min_(call: Any, *args: Value, key: Value = None, default: Value = MISSING) -> Value:
    return _extreme(call, args, key, default, ast.Lt, minimum)


@function("builtins.abs", raw=True)
def abs_(call: Any, value: Value) -> Value:
    if isinstance(value, (int, float, complex)):
        return abs(value)
    if isinstance(value, Tensor):
        return tensor_operation(call.it, value.kind, "__abs__", (value,), call.node)
    return maximum(value, -value) if is_symbolic(value) else Unknown("a number")


@function("builtins.round", raw=True)
def round_(call: Any, value: Value, digits: Value = None) -> Value:
    if is_symbolic(value):
        return value
    if isinstance(value, NUMBERS) and (digits is None or isinstance(digits, int)):
        try:
            return round(value) if digits is None else round(value, digits)
        except (ValueError, OverflowError):
            return Unknown("a number that Python refuses")
    return Unknown("a number")


@function("builtins.pow", raw=True)
def pow_(call: Any, base: Value, power: Value, modulo: Value = None) -> Value:
    return binary(call.it, ast.Pow, base, power, call.node) if modulo is None else Unknown("a number")


@function("builtins.divmod", raw=True)
def divmod_(call: Any, a: Value, b: Value) -> Value:
    return binary(call.it, ast.FloorDiv, a, b, call.node), binary(call.it, ast.Mod, a, b, call.node)


@function("builtins.all", raw=True)
def all_(call: Any, iterable: Value) -> Value:
    return _every(call, iterable, False)


@function("builtins.any", raw=True)
def any_(call: Any, iterable: Value) -> Value:
    return _every(call, iterable, True)


def _extreme(
    call: Any, args: Sequence[Value], key: Value, default: Value, op: type, symbolic: Callable[[Any, Any], Any]
) -> Value:
    items = iterate(call.it, args[0]) if len(args) == 1 else tuple(args)
    if items == () and default is not MISSING:
        return default
    if not items:
        return Unknown("the extreme of nothing, or of something unknown")
    if key is None and all(map(is_dim, items)) and not all(isinstance(item, int) for item in items):
        best = items[0]
        for item in items[1:]:
            best = symbolic(best, item)
        return best
    keys = list(items) if key is None else [call.invoke(key, [item]) for item in items]
    position = 0
    for n in range(1, len(items)):
        better = truth(call.it, compare(call.it, op, keys[n], keys[position], call.node))
        if better is None:
            known = all(isinstance(item, Tensor) for item in items)
            return call.it.join_all(list(items)) if known else Unknown("the extreme of values that are not known")
        if better:
            position = n
    return items[position]


def _every(call: Any, iterable: Value, wanted: bool) -> Value:
    items = rounds(call.it, iterable)
    doubt = Unknown("a condition that is not known")
    sure = True
    for item in (MISSING,) if items is None else items:
        holds = None if item is MISSING else truth(call.it, item)
        if holds is wanted:  # it asks no further
            return wanted
        if holds is None and sure:  # whether it does is not known
            sure = False
            if isinstance(iterable, Stream):
                left = drain(call.it, iterable)
                answers = [None] if left is None else [truth(call.it, one) for one in left]
                return wanted if wanted in answers else doubt
    return not wanted if sure else doubt


def _math(name: str) -> None:
    func = getattr(math, name)

    @function(f"math.{name}", raw=True)
    def rule(call: Any, *args: Value) -> Value:
        if args and is_symbolic(args[0]) and name in ("ceil", "floor", "trunc"):
            return args[0]
        if not all(isinstance(arg, NUMBERS) for arg in args) or (
            name in ("factorial", "comb", "perm") and any(a > 500 for a in args)
        ):
            return Unknown("a number")
        try:
            return func(*args)
        except (ValueError, OverflowError, TypeError):
            return Unknown("a number that Python refuses")


for _name in ("ceil", "floor", "trunc", "sqrt", "log", "log2", "log10", "exp", "pow", "sin", "cos", "tan", "gcd", "fabs", "factorial", "isqrt", "comb", "radians", "hypot", "lcm", "isnan", "isinf", "copysign", "tanh", "atan", "atan2"):  # fmt: skip
    _math(_name)


@function("math.prod", raw=True)
def prod(call: Any, iterable: Value, *, start: Value = 1) -> Value:
    items = iterate(call.it, iterable)
    if items is None:
        return Unknown("a product of something of unknown length")
    total = start
    for item in items:
        total = binary(call.it, ast.Mult, total, item, call.node)
    return total
