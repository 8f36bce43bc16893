"""The parts of the standard library that model code leans on."""

from __future__ import annotations

import ast
import math
from typing import Any

from ..rule import attribute, function
from ..value import Assumed, Function, Partial, Range, Stream, Unknown, Value
from .collections_ import dict_items, iterate
from .expressions import evaluate, new_container


@attribute("math.pi")
def _pi(call: Any, obj: Value) -> Value:
    return math.pi


@attribute("math.e")
def _e(call: Any, obj: Value) -> Value:
    return math.e


@attribute("math.inf")
def _inf(call: Any, obj: Value) -> Value:
    return math.inf


@attribute("typing.TYPE_CHECKING")
def _type_checking(call: Any, obj: Value) -> Value:
    return False


@function("importlib.import_module", raw=True)
def import_module(call: Any, name: Value, package: Value = None) -> Value:
    from .imports import find_module

    if not isinstance(name, str) or not name:
        return Unknown("a module whose name is not known")
    inner = name.lstrip(".")
    dots = len(name) - len(inner)
    if dots:
        if not isinstance(package, str):
            return Unknown("a module of a package that is not known")
        parents = package.split(".")
        inner = ".".join([*parents[: len(parents) - dots + 1], inner])
    return find_module(call.it, inner)


@function("builtins.__import__", raw=True)
def dunder_import(call: Any, name: Value, *args: Value, **kwargs: Value) -> Value:
    from .imports import find_module

    if not isinstance(name, str) or args or kwargs:
        return Unknown("a module whose name is not known")
    find_module(call.it, name)
    return find_module(call.it, name.partition(".")[0])


@function("builtins.eval", raw=True)
def eval_(call: Any, source: Value, *scopes: Value) -> Value:
    """An expression of names, numbers and what is made of them, as the calling code would read it."""
    if not isinstance(source, str) or scopes or len(source) > 200:
        return Unknown("a text that is run")
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return Unknown("a text that is no expression")
    if not all(isinstance(node, PLAIN_EXPRESSIONS) for node in ast.walk(tree)):
        return Unknown("a text that is run")
    with call.it.silence():
        return evaluate(call.it, tree)


PLAIN_EXPRESSIONS = (
    ast.Name, ast.Attribute, ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.UnaryOp, ast.BinOp, ast.expr_context,
    ast.operator, ast.unaryop,
)  # fmt: skip


@function("inspect.isfunction", raw=True)
def isfunction(call: Any, object: Value) -> Value:
    value = call.resolve(object)
    if isinstance(value, (Unknown, Assumed)):
        return Unknown("whether it is a function")
    return isinstance(value, Function)


@function("functools.partial", raw=True)
def partial(call: Any, func: Value, *args: Value, **kwargs: Value) -> Value:
    return Partial(func, tuple(args), tuple(kwargs.items()))


@function("functools.reduce", raw=True)
def reduce(call: Any, func: Value, iterable: Value, *initial: Value) -> Value:
    items = iterate(call.it, iterable)
    if items is None or not (items or initial):
        return Unknown("reduced over something of unknown length")
    total, rest = (initial[0], items) if initial else (items[0], items[1:])
    for item in rest:
        total = call.invoke(func, [total, item])
    return total


def _operator(name: str, op: type) -> None:
    @function(f"operator.{name}", raw=True)
    def rule(call: Any, a: Value, b: Value) -> Value:
        from .operators import binary

        return binary(call.it, op, a, b, call.node)


for _name, _op in {
    "add": ast.Add,
    "sub": ast.Sub,
    "mul": ast.Mult,
    "floordiv": ast.FloorDiv,
    "truediv": ast.Div,
    "mod": ast.Mod,
}.items():
    _operator(_name, _op)


@function("itertools.chain", raw=True)
def chain(call: Any, *iterables: Value) -> Value:
    parts = [iterate(call.it, iterable) for iterable in iterables]
    known = all(part is not None for part in parts)
    return new_container(
        call.it, Stream, tuple(x for part in parts for x in part or ()) if known else Unknown("chained")
    )


@function("itertools.product", raw=True)
def product(call: Any, *iterables: Value, repeat: Value = 1) -> Value:
    import itertools

    parts = [iterate(call.it, iterable) for iterable in iterables]
    if any(part is None for part in parts) or not isinstance(repeat, int) or not 0 <= repeat <= 4:
        return Unknown("a product of sequences that are not known")
    if math.prod(len(part or ()) for part in parts) ** repeat > 4096:
        return Unknown("a long product")
    return new_container(call.it, Stream, tuple(itertools.product(*parts, repeat=repeat)))  # type: ignore[arg-type]


@function("itertools.repeat", raw=True)
def repeat(call: Any, item: Value, times: Value = None) -> Value:
    known = isinstance(times, int) and times <= 4096
    return new_container(call.it, Stream, (item,) * times) if known else Unknown("repeated for ever")  # type: ignore[operator]


@function("itertools.count", raw=True)
def count(call: Any, start: Value = 0, step: Value = 1) -> Value:
    return Range(start, 2**62, step) if isinstance(start, int) and isinstance(step, int) else Unknown("a counter")


@function("dataclasses.dataclass", raw=True)
def dataclass(call: Any, cls: Value = None, **options: Value) -> Value:
    from ..value import Known

    return Known("dataclasses.dataclass")


@function("typing.cast", raw=True)
def cast(call: Any, kind: Value, value: Value) -> Value:
    return value


@function("contextlib.nullcontext", raw=True)
def nullcontext(call: Any, value: Value = None) -> Value:
    return value


@function("warnings.warn", raw=True)
def warn(call: Any, *args: Value, **kwargs: Value) -> Value:
    return None


@function("os.path.join", raw=True)
def path_join(call: Any, *parts: Value) -> Value:
    return "/".join(parts) if all(isinstance(part, str) for part in parts) else Unknown("a path")


__all__ = ["dict_items"]
