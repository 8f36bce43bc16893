"""Some axes summed up, or the like (keras/src/ops/numpy.py)."""

from __future__ import annotations

from typing import Any

from ....formulas.reduce import counted, reduced
from ....rule import Call, function
from ....shape import AnyShape, Shape
from ....value import Tensor, Value
from ..symbolic import floating, result, tensor
from .checks import OPEN, out_of_bounds


@function("keras.ops.sum", cls="Sum")
@function("keras.ops.mean", cls="Mean")
@function("keras.ops.max", cls="Max")
@function("keras.ops.min", cls="Min")
@function("keras.ops.amax", cls="Amax")
@function("keras.ops.amin", cls="Amin")
@function("keras.ops.prod", cls="Prod")
@function("keras.ops.std", cls="Std")
@function("keras.ops.var", cls="Var")
@function("keras.ops.any", cls="Any")
@function("keras.ops.all", cls="All")
@function("keras.ops.median", cls="Median")
@function("keras.ops.count_nonzero", cls="CountNonzero")
@function("keras.ops.logsumexp", cls="Logsumexp")
def reduce(
    call: Call, x: Any, axis: Value = None, keepdims: Value = False, *args: Value, cls: str, **kwargs: Value
) -> Value:
    """Some axes summed up, or the like."""
    x = tensor(call, x)
    return result(call, cls, _reduced(call, x, axis, keepdims), _reduced_dtype(cls, x.dtype), x)


@function("keras.ops.argmax", cls="Argmax")
@function("keras.ops.argmin", cls="Argmin")
def argument_of(call: Call, x: Any, axis: Value = None, keepdims: Value = False, *, cls: str) -> Value:
    """Where the largest or smallest entry stands."""
    x = tensor(call, x)
    return result(call, cls, _reduced(call, x, axis, keepdims), "int32", x)


@function("keras.ops.norm")
def norm(call: Call, x: Any, ord: Value = None, axis: Value = None, keepdims: Value = False) -> Value:
    """The length of vectors or matrices."""
    x = tensor(call, x)
    return result(call, "Norm", _reduced(call, x, axis, keepdims), floating(x.dtype), x)


def _reduced(call: Call, x: Tensor, axis: Any, keepdims: Any) -> AnyShape:
    if not isinstance(x.shape, Shape) or not isinstance(keepdims, (bool, int)):
        return OPEN
    if axis is None:
        return reduced(x.shape, None, bool(keepdims))
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    if out_of_bounds(call, axes, len(x.shape), x):
        return OPEN
    places = counted(axes, len(x.shape))
    return OPEN if places is None else reduced(x.shape, places, bool(keepdims))


def _reduced_dtype(cls: str, dtype: str | None) -> str | None:
    if cls in ("Any", "All"):
        return "bool"
    if cls == "CountNonzero":
        return "int32"
    if cls in ("Mean", "Std", "Var", "Median", "Logsumexp"):
        return floating(dtype)
    if cls in ("Sum", "Prod"):
        small = {"bool": "int32", "int8": "int32", "int16": "int32", "uint8": "uint32", "uint16": "uint32"}
        return small.get(dtype or "", dtype)
    return dtype
