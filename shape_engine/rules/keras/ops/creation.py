"""Arrays made from nothing (keras/src/ops/numpy.py)."""

from __future__ import annotations

from typing import Any

from ....dim import is_dim
from ....dtypes import dtype_name
from ....formulas.join import from_front
from ....rule import Call, function
from ....shape import Shape
from ....value import Tensor, Value
from ..state import BACKEND_KIND
from ..symbolic import result, tensor
from .checks import OPEN


@function("keras.ops.zeros", number="float32")
@function("keras.ops.ones", number="float32")
@function("keras.ops.empty", number="float32")
def filled_with(call: Call, shape: Value, dtype: Value = None, *, number: str) -> Value:
    """An array of one number."""
    return created(call, shape, number if dtype is None else dtype_name(dtype))


@function("keras.ops.full")
def full(call: Call, shape: Value, fill_value: Value = None, dtype: Value = None) -> Value:
    """An array of the given number."""
    return created(call, shape, None if dtype is None else dtype_name(dtype))


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


def created(call: Call, shape: Any, dtype: str | None) -> Tensor:
    """A new array of the backend's."""
    kind = BACKEND_KIND.get(call.backend(), "tf")
    if is_dim(shape):
        shape = (shape,)
    if not isinstance(shape, (list, tuple)):
        return Tensor(OPEN, dtype, kind)
    return Tensor(Shape(dim if is_dim(dim) else call.symbol() for dim in shape), dtype, kind)
