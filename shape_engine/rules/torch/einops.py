"""einops: axes by name, for any kind of tensor (einops/einops.py, layers/torch.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...dim import Dim, is_dim, surely_differ
from ...formulas.axes_pattern import arranged, named, parts
from ...rule import Call, class_rule, function
from ...shape import Shape
from ...value import Instance, Tensor, Unknown, Value
from .container import Module

NOT_KNOWN = Unknown("the axes of an einops pattern are not known")


@function("einops.rearrange", how="rearrange")
@function("einops.repeat", how="repeat")
def rearrange(call: Call, tensor: Value, pattern: Value, how: str, **axes_lengths: Value) -> Value:
    """The axes of the right side; ``repeat`` may have new ones there."""
    return _arranged(tensor, pattern, how, axes_lengths)


@function("einops.reduce")
def reduce(call: Call, tensor: Value, pattern: Value, reduction: Value, **axes_lengths: Value) -> Value:
    """The axes that are missing on the right side are gone."""
    return _reduced(call, tensor, pattern, reduction, axes_lengths)


@function("einops.einsum")
def einsum(call: Call, *tensors_and_pattern: Value) -> Value:
    """Products summed over the axes that are missing on the right side."""
    *tensors, pattern = tensors_and_pattern or (None,)
    if not isinstance(pattern, str) or pattern.count("->") != 1:
        return NOT_KNOWN
    left, right = pattern.split("->")
    sides, target = [parts(side) for side in left.split(",")], parts(right)
    lengths: dict[str, Dim | Shape] = {}
    if len(sides) != len(tensors) or target is None:
        return NOT_KNOWN
    for tensor, side in zip(tensors, sides, strict=True):
        if not isinstance(tensor, Tensor) or not isinstance(tensor.shape, Shape) or side is None:
            return NOT_KNOWN
        if any(len(group) != 1 for group in side) or len(side) != len(tensor.shape):
            return NOT_KNOWN
        for (name,), dim in zip(side, tensor.shape, strict=True):
            if surely_differ(lengths.setdefault(name, dim), dim):
                return NOT_KNOWN
    shape = arranged(target, lengths)
    first = tensors[0]
    return Tensor(shape, None, first.kind) if shape is not None and isinstance(first, Tensor) else NOT_KNOWN


class Layer(Module):
    """A module that does the same as a function, with the pattern that it was made with."""

    how = "rearrange"

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        names = ("pattern", "reduction") if self.how == "reduce" else ("pattern",)
        lengths = {name: call.resolve(value) for name, value in kwargs.items() if name not in names}
        pattern = args[0] if args else kwargs.get("pattern")
        reduction = args[1] if len(args) > 1 else kwargs.get("reduction")
        call.set(obj, ".pattern", (pattern, reduction, tuple(lengths.items())))

    def forward(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        made = call.get(obj, ".pattern")
        if not isinstance(made, tuple) or len(args) != 1 or kwargs:
            return NOT_KNOWN
        pattern, reduction, lengths = made
        if self.how == "reduce":
            return _reduced(call, call.resolve(args[0]), pattern, reduction, dict(lengths))
        return _arranged(call.resolve(args[0]), pattern, self.how, dict(lengths))


@class_rule("einops.layers.torch.Rearrange", "torch.nn.Module")
class Rearrange(Layer):
    """``rearrange`` as a module."""


@class_rule("einops.layers.torch.Reduce", "torch.nn.Module")
class Reduce(Layer):
    """``reduce`` as a module."""

    how = "reduce"


def _reduced(call: Call, tensor: Value, pattern: Value, reduction: Value, given: Mapping[str, Value]) -> Value:
    """As ``_arranged``; a function that reduces is asked for the dtype of what it gives."""
    found = _arranged(tensor, pattern, "reduce", given)
    if not isinstance(found, Tensor) or not isinstance(tensor, Tensor):
        return found
    if isinstance(reduction, str):
        kept = reduction in ("max", "min", "sum", "prod", "mean") and str(tensor.dtype).startswith("float")
        return replace(found, dtype=tensor.dtype if kept else None)
    given_by = call.invoke(reduction, (tensor, (0,)))
    return replace(found, dtype=given_by.dtype if isinstance(given_by, Tensor) else None)


def _arranged(tensor: Value, pattern: Value, how: str, given: Mapping[str, Value]) -> Value:
    if not isinstance(pattern, str) or pattern.count("->") != 1 or not all(is_dim(n) for n in given.values()):
        return NOT_KNOWN
    if isinstance(tensor, (list, tuple)):
        first = tensor[0] if tensor else None
        if not isinstance(first, Tensor) or any(not isinstance(x, Tensor) or x.shape != first.shape for x in tensor):
            return NOT_KNOWN
        shape, kind, dtype = (
            Shape((len(tensor), *first.shape)) if isinstance(first.shape, Shape) else None,
            first.kind,
            first.dtype,
        )
    elif isinstance(tensor, Tensor):
        shape, kind, dtype = tensor.shape if isinstance(tensor.shape, Shape) else None, tensor.kind, tensor.dtype
    else:
        return NOT_KNOWN
    left, right = (parts(side) for side in pattern.split("->"))
    if shape is None or left is None or right is None:
        return NOT_KNOWN
    lengths = named(shape, left, given)
    if lengths is None:
        return NOT_KNOWN
    before, after = {n for group in left for n in group}, {n for group in right for n in group}
    if not set(given) <= before | after or (how != "repeat" and after - before) or (how != "reduce" and before - after):
        return NOT_KNOWN
    target = arranged(right, {**given, **lengths})
    return NOT_KNOWN if target is None else Tensor(target, dtype, kind)
