"""The modules, parameters and buffers below a module, in PyTorch's order (torch/nn/modules/module.py)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from ...rule import Call, method
from ...shape import Shape
from ...value import Instance, Tensor, Unknown, Value
from .machine import UNTOLD
from .members import children, is_module

NOT_FOLLOWED = Unknown("the parameters of a module are not followed")


class Lost(Exception):
    """Something below a module is not known."""


@method("torch.nn.Module.modules", raw=True)
def modules(call: Call, self: Value, remove_duplicate: Value = True) -> Value:
    """The module itself and everything below it."""
    if remove_duplicate is not True:
        return NOT_FOLLOWED
    return _stream(call, lambda: [found for _, found in _alone(call, walk(call, self))])


@method("torch.nn.Module.named_modules", raw=True)
def named_modules(
    call: Call, self: Value, memo: Value = None, prefix: Value = "", remove_duplicate: Value = True
) -> Value:
    """The same with their dotted names."""
    if memo is not None or not isinstance(prefix, str) or remove_duplicate is not True:
        return NOT_FOLLOWED
    return _stream(call, lambda: list(_alone(call, walk(call, self, prefix))))


@method("torch.nn.Module.parameters", raw=True)
def parameters(call: Call, self: Value, recurse: Value = True) -> Value:
    """The parameters of the module, then of what is below it."""
    return _stream(call, lambda: [tensor for _, tensor in _tensors(call, self, recurse)])


@method("torch.nn.Module.named_parameters", raw=True)
def named_parameters(
    call: Call, self: Value, prefix: Value = "", recurse: Value = True, remove_duplicate: Value = True
) -> Value:
    """The same with their dotted names."""
    if not isinstance(prefix, str) or remove_duplicate is not True:
        return NOT_FOLLOWED
    return _stream(call, lambda: list(_tensors(call, self, recurse, prefix)))


@method("torch.nn.Module.apply", raw=True)
def apply(call: Call, self: Value, fn: Value) -> Value:
    """Call a function with everything below the module, then with the module itself."""
    try:
        modules = list(_deepest_first(call, self))
    except Lost:
        return self
    for module in modules:
        call.invoke(fn, (module,))
    return self


def walk(call: Call, module: Value, name: str = "") -> Iterator[tuple[str, Instance]]:
    """The module and everything below it, each once, by dotted name; Lost where that is not known."""
    seen: set[Any] = set()
    queue: list[tuple[str, Value]] = [(name, module)]
    while queue:
        path, one = queue.pop(0)
        if one is None:
            continue
        if not isinstance(one, Instance) or not is_module(one) or len(seen) > 2000:
            raise Lost
        if one.id in seen:
            continue
        seen.add(one.id)
        yield path, one
        below = children(call, one)
        if below is None or call.get(one, ".uncertain") or call.get(one, ".open"):
            raise Lost
        queue = [(f"{path}.{child}" if path else child, value) for child, value in below] + queue


def _deepest_first(call: Call, module: Value, depth: int = 0) -> Iterator[Instance]:
    """Everything below a module, then the module; what two modules own comes twice."""
    ((_, one),) = _alone(call, itertools.islice(walk(call, module), 1))
    below = children(call, one)
    if below is None or call.get(one, ".uncertain") or call.get(one, ".open") or depth > 50:
        raise Lost
    for child in dict.fromkeys(value for _, value in below if value is not None):
        yield from _deepest_first(call, child, depth + 1)
    yield one


def _tensors(call: Call, module: Value, recurse: Value, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
    if recurse not in (True, False):
        raise Lost
    for path, one in walk(call, module, prefix):
        for name, tensor in _own(call, one):
            yield f"{path}.{name}" if path else name, tensor
        if not recurse:
            return


def _own(call: Call, module: Instance) -> Iterator[tuple[str, Tensor]]:
    """The parameters that a module holds itself, in the order in which they were set."""
    weights, names = call.get(module, ".weights", ()), call.get(module, ".parameters", ())
    if not isinstance(weights, tuple) or not isinstance(names, tuple):
        raise Lost
    for name, shape in weights:
        if name == UNTOLD:
            raise Lost
        tensor = call.get(module, name)
        if tensor is None:
            tensor = Tensor(Shape(shape), call.get(module, ".dtype"), "torch")
        if not isinstance(tensor, Tensor):
            raise Lost
        yield name, tensor
    for name in names:
        tensor = call.get(module, name)
        if isinstance(tensor, Tensor):
            yield name, tensor
        elif tensor is not None:
            raise Lost


def _alone(call: Call, found: Iterator[tuple[str, Instance]]) -> Iterator[tuple[str, Instance]]:
    """Those modules; Lost where one is made of others that are not told apart here."""
    for path, module in found:
        weights = call.get(module, ".weights", ())
        if not isinstance(weights, tuple) or any("." in name for name, _ in weights):
            raise Lost
        yield path, module


def _stream(call: Call, find: Any) -> Value:
    try:
        return call.new_stream(find())
    except Lost:
        return NOT_FOLLOWED
