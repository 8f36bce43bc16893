"""Tensors in lists, tuples and dicts, as functions that run other functions pass them on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..rule import Call
from ..shape import Shape, Unranked
from ..value import Tensor, Unknown, tensors_in


def mapped(value: Any, work: Callable[[Any], Any]) -> Any:
    """The structure (thawed) with something done to each of its leaves."""
    if isinstance(value, (list, tuple)) and not isinstance(value, Shape):
        return type(value)(mapped(item, work) for item in value)
    if isinstance(value, dict):
        return {key: mapped(item, work) for key, item in value.items()}
    return work(value)


def over(value: Any, work: Callable[[Any], Any]) -> Any:
    """The structure (thawed) with something done to each of its tensors and numbers."""
    return mapped(value, lambda leaf: work(leaf) if isinstance(leaf, (Tensor, int, float)) else leaf)


def tensors(value: Any) -> list[Tensor]:
    """The tensors in a structure, in order."""
    return list(tensors_in(value))


def under(count: Any, x: Any) -> Any:
    """The tensor with an axis of this length in front."""
    if not isinstance(x, Tensor):
        return x
    shape = Shape((count, *x.shape)) if isinstance(x.shape, Shape) else Unranked("the rows are not known")
    return Tensor(shape, x.dtype, x.kind)


def alike(one: Any, other: Any) -> bool:
    """Whether two structures hold tensors of the same shapes, whatever their symbols stand for."""
    a, b = tensors(one), tensors(other)
    if not a or len(a) != len(b) or type(one) is not type(other):
        return False
    return all(isinstance(x.shape, Shape) and x.shape == y.shape for x, y in zip(a, b, strict=True))


def either(call: Call, one: Any, other: Any) -> Any:
    """One of two structures; what they do not share is not known."""
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        dtype = one.dtype if one.dtype == other.dtype else None
        known = isinstance(one.shape, Shape) and isinstance(other.shape, Shape) and len(one.shape) == len(other.shape)
        if not known:
            return Tensor(Unranked("one of two shapes"), dtype, one.kind)
        pairs = zip(one.shape, other.shape, strict=True)  # type: ignore[arg-type]
        return Tensor(Shape(a if a == b else call.symbol() for a, b in pairs), dtype, one.kind)
    if isinstance(one, (list, tuple)) and type(one) is type(other) and len(one) == len(other):
        return type(one)(either(call, a, b) for a, b in zip(one, other, strict=True))
    return one if one == other else Unknown("one of two results")
