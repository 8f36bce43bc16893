"""What functions tell of themselves: their parameters (``inspect.signature``) and whom they wrap (``functools.wraps``)."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

from ..rule import MISSING, ClassRule, attribute, class_rule, function
from ..value import BoundMethod, Dict, Function, Instance, Known, Unknown, Value, Wrapped
from .core import Interpreter
from .expressions import new_container

KINDS = {
    name: int(getattr(inspect.Parameter, name))
    for name in ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD")
}
"""They are ints that have names."""


@dataclass(frozen=True)
class Wraps:
    """``functools.wraps(function)``: a decorator that lets another function pass for this one."""

    function: Value

    def note(self, it: Interpreter, wrapper: Function) -> None:
        """The wrapper was decorated."""
        it.set(wrapper.scope.id, _mark(wrapper), self.function)


def wrapped_by(it: Interpreter, value: Value) -> Value:
    """The function that another passes for; MISSING if it speaks for itself."""
    return it.get(value.scope.id, _mark(value)) if isinstance(value, Function) else MISSING


def innermost(it: Interpreter, value: Value) -> Value:
    """The function whose name and signature a function shows."""
    for _ in range(20):
        inner = wrapped_by(it, value)
        if inner is MISSING:
            return value
        value = inner
    return Unknown("a function that wraps itself")


def _mark(function: Function) -> str:
    return f".wraps {function.code.unit} {function.code.span}"


@function("functools.wraps", raw=True)
def wraps(call: Any, wrapped: Value, *args: Value, **kwargs: Value) -> Value:
    return Wraps(Unknown("it passes for a function in part") if args or kwargs else wrapped)


class Told(ClassRule):
    """An object that is made by a call of ``inspect`` and has nothing but attributes."""


class_rule("inspect.Signature")(Told)
class_rule("inspect.Parameter")(Told)


def _kind(name: str) -> None:
    @attribute(f"inspect.Parameter.{name}")
    def rule(call: Any, obj: Value) -> Value:
        return KINDS[name]


for _name in KINDS:
    _kind(_name)


@function("inspect.signature", raw=True)
def signature(call: Any, obj: Value, **options: Value) -> Value:
    it = call.it
    bound = isinstance(obj, BoundMethod)
    found = innermost(it, obj.function if isinstance(obj, BoundMethod) else obj)
    found = found.function if isinstance(found, Wrapped) else found
    if not isinstance(found, Function) or options:
        return Unknown("the signature of something that is not followed")
    definition: Any = found.code.node
    arguments, defaults = definition.args, dict(found.defaults)
    empty = Known("inspect.Parameter.empty")
    parameters = [
        *((p, "POSITIONAL_ONLY") for p in arguments.posonlyargs),
        *((p, "POSITIONAL_OR_KEYWORD") for p in arguments.args),
        *((p, "VAR_POSITIONAL") for p in (arguments.vararg,) if p is not None),
        *((p, "KEYWORD_ONLY") for p in arguments.kwonlyargs),
        *((p, "VAR_KEYWORD") for p in (arguments.kwarg,) if p is not None),
    ]
    pairs: list[tuple[Value, Value]] = []
    for parameter, kind in parameters[1:] if bound else parameters:
        told = {"name": parameter.arg, "kind": KINDS[kind], "default": defaults.get(parameter.arg, empty)}
        pairs.append((parameter.arg, _object(call, "inspect.Parameter", {**told, **KINDS, "empty": empty})))
    mapping = new_container(it, Dict, tuple(pairs))
    return _object(call, "inspect.Signature", {"parameters": mapping, "empty": empty})


def _object(call: Any, target: str, attributes: dict[str, Value]) -> Instance:
    obj: Instance = call.new(Known(target))
    for name, value in attributes.items():
        call.set(obj, name, value)
    return obj


__all__ = ["Wraps", "innermost", "wrapped_by"]
