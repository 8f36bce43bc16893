"""keras.ops: arrays made from nothing, and reductions; the other spellings of all of keras.ops.

Follows keras/src/ops/numpy.py, as ops.py does.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_dim
from ...dtypes import dtype_name
from ...formulas.join import from_front
from ...formulas.reduce import counted, reduced
from ...rule import REGISTRY, Call, alias, function
from ...shape import AnyShape, Shape
from ...value import Tensor, Value
from .ops import OPEN, out_of_bounds
from .state import BACKEND_KIND
from .symbolic import floating, result, tensor


@function("keras.ops.zeros", number="float32")
@function("keras.ops.ones", number="float32")
@function("keras.ops.empty", number="float32")
def filled_with(call: Call, shape: Value, dtype: Value = None, *, number: str) -> Value:
    """An array of one number."""
    return _created(call, shape, number if dtype is None else dtype_name(dtype))


@function("keras.ops.full")
def full(call: Call, shape: Value, fill_value: Value = None, dtype: Value = None) -> Value:
    """An array of the given number."""
    return _created(call, shape, None if dtype is None else dtype_name(dtype))


@function("keras.ops.zeros_like")
@function("keras.ops.ones_like")
@function("keras.ops.empty_like")
@function("keras.ops.full_like")
def filled_like(call: Call, x: Any, *args: Value, **kwargs: Value) -> Value:
    """An array of the same shape."""
    x = tensor(call, x)
    return result(
        call, "ZerosLike", x.shape, x.dtype if kwargs.get("dtype") is None else dtype_name(kwargs["dtype"]), x
    )


@function("keras.ops.eye")
@function("keras.ops.identity")
def eye(call: Call, N: Value, M: Value = None, *args: Value, **kwargs: Value) -> Value:
    """A matrix with ones on the diagonal."""
    rows, columns = N, N if M is None else M
    dims = Shape(dim if is_dim(dim) else call.symbol() for dim in (rows, columns))
    return Tensor(
        dims,
        "float32" if "dtype" not in kwargs else dtype_name(kwargs["dtype"]),
        BACKEND_KIND.get(call.backend(), "tf"),
    )


@function("keras.ops.arange")
def arange(call: Call, start: Value, stop: Value = None, step: Value = None, dtype: Value = None) -> Value:
    """Numbers in a row."""
    first, last = (0, start) if stop is None else (start, stop)
    step = 1 if step is None else step
    kind = BACKEND_KIND.get(call.backend(), "tf")
    name = "int32" if all(map(is_dim, (first, last, step))) else None
    name = dtype_name(dtype) if dtype is not None else name
    if all(isinstance(n, (int, float)) for n in (first, last, step)) and step != 0:
        count = max(0, -int(-(last - first) // step))
        return Tensor(Shape((count,)), name, kind)
    length = last if first == 0 and step == 1 and is_dim(last) else call.symbol()
    return Tensor(Shape((length,)), name, kind)


@function("keras.ops.one_hot")
def one_hot(
    call: Call, x: Any, num_classes: Value, axis: Value = -1, dtype: Value = None, sparse: Value = False
) -> Value:
    """A vector for each number."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape) or not is_dim(num_classes):
        return result(call, "OneHot", OPEN, None, x)
    place = from_front(axis, len(x.shape) + 1)
    shape = OPEN if place is None else Shape((*x.shape[:place], num_classes, *x.shape[place:]))
    return result(call, "OneHot", shape, "float32" if dtype is None else dtype_name(dtype), x)


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


def _created(call: Call, shape: Any, dtype: str | None) -> Tensor:
    kind = BACKEND_KIND.get(call.backend(), "tf")
    if is_dim(shape):
        shape = (shape,)
    if not isinstance(shape, (list, tuple)):
        return Tensor(OPEN, dtype, kind)
    return Tensor(Shape(dim if is_dim(dim) else call.symbol() for dim in shape), dtype, kind)


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


for _target in [target for target in REGISTRY.rules if target.startswith("keras.ops.")]:
    _last = _target.rpartition(".")[2]
    alias(_target, *(f"keras.ops.{module}.{_last}" for module in ("numpy", "nn", "core", "math")))
