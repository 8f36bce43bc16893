"""Arrays made from nothing (keras/src/ops/numpy.py)."""

from __future__ import annotations

from typing import Any

from ....dim import is_dim
from ....dtypes import dtype_name
from ....formulas.broadcast import broadcast_all
from ....formulas.join import from_front
from ....formulas.reshape import flat
from ....rule import Call, function
from ....shape import AnyShape, Shape
from ....value import Tensor, Unknown, Value
from ..state import BACKEND_KIND, keras_dtype
from ..symbolic import is_symbolic_call, result, results, tensor
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


@function("keras.ops.linspace", cls="Linspace")
def linspace(
    call: Call, start: Any, stop: Any, num: Value = 50, endpoint: Value = True, retstep: Value = False,
    dtype: Value = None, axis: Value = 0, *, cls: str,
) -> Value:  # fmt: skip
    """Numbers between two ends, on a new axis; with the step between them if asked for."""
    found = _spaced(call, start, stop, num, dtype, axis, cls)
    if retstep is False:
        return found
    if found.symbolic:
        call.doubt()  # the step is None, which is no output of an operation
        return Unknown("numbers between two ends")
    return (found, Unknown("the step between numbers"))


@function("keras.ops.logspace")
def logspace(
    call: Call, start: Any, stop: Any, num: Value = 50, endpoint: Value = True, base: Value = 10, dtype: Value = None,
    axis: Value = 0,
) -> Value:  # fmt: skip
    """Powers between two ends."""
    return _spaced(call, start, stop, num, dtype, axis, "Logspace")


@function("keras.ops.geomspace")
def geomspace(
    call: Call, start: Any, stop: Any, num: Value = 50, endpoint: Value = True, dtype: Value = None, axis: Value = 0
) -> Value:
    """Numbers between two ends, each the same multiple of the one before."""
    return _spaced(call, start, stop, num, dtype, axis, "Geomspace")


def _spaced(call: Call, start: Any, stop: Any, num: Value, dtype: Value, axis: Value, cls: str) -> Tensor:
    ends = [tensor(call, start), tensor(call, stop)]
    known = all(isinstance(end.shape, Shape) for end in ends)
    shape: AnyShape | None = broadcast_all([end.shape for end in ends]) if known else OPEN  # type: ignore[misc]
    if shape is None:
        call.doubt()
    place = from_front(axis, len(shape) + 1) if isinstance(shape, Shape) else None
    if place is None and type(axis) is int and isinstance(shape, Shape):
        call.doubt()
    count = num if is_dim(num) else call.symbol()
    dims = Shape((*shape[:place], count, *shape[place:])) if isinstance(shape, Shape) and place is not None else OPEN
    found: Tensor = result(call, cls, dims, None if dtype is None else keras_dtype(call, dtype), *ends)
    return found


@function("keras.ops.meshgrid")
def meshgrid(call: Call, *x: Any, indexing: Value = "xy") -> Value:
    """Coordinates along every axis as arrays over the whole grid."""
    values = [tensor(call, item) for item in x]
    shapes = [item.shape for item in values]
    if not values or indexing not in ("xy", "ij") or not all(isinstance(shape, Shape) for shape in shapes):
        return Unknown("a grid")
    dims = [flat(shape) for shape in shapes]  # type: ignore[arg-type]
    if indexing == "xy" and len(dims) == 1 and is_symbolic_call(values):
        call.doubt()  # Keras looks for a second axis
    if indexing == "xy" and len(dims) > 1:
        dims[:2] = dims[1], dims[0]
    return list(results(call, "Meshgrid", [(Shape(dims), item.dtype) for item in values], *values))


@function("keras.ops.tri")
def tri(call: Call, N: Value, M: Value = None, k: Value = 0, dtype: Value = None) -> Value:
    """A matrix with ones up to a diagonal."""
    rows, columns = N, N if M is None else M
    return created(call, (rows, columns), "float32" if dtype is None else dtype_name(dtype))


@function("keras.ops.bartlett", cls="Bartlett")
@function("keras.ops.blackman", cls="Blackman")
@function("keras.ops.hamming", cls="Hamming")
@function("keras.ops.hanning", cls="Hanning")
def window(call: Call, x: Any, *, cls: str) -> Value:
    """A window of so many numbers; from a symbolic number it has the shape of that."""
    if is_dim(x):
        return created(call, x, "float32")
    x = tensor(call, x)
    return result(call, cls, x.shape if x.symbolic else OPEN, x.dtype if x.symbolic else "float32", x)


@function("keras.ops.kaiser")
def kaiser(call: Call, x: Any, beta: Value) -> Value:
    """The same with a parameter; not of symbolic numbers."""
    if isinstance(x, Tensor) and x.symbolic:
        call.doubt()
    return created(call, x, "float32") if is_dim(x) else Unknown("a window")


@function("keras.ops.vander")
def vander(call: Call, x: Any, N: Value = None, increasing: Value = False) -> Value:
    """The powers of each number as columns."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape) or len(x.shape) != 1:
        if isinstance(x.shape, Shape):
            call.doubt()
        return result(call, "Vander", OPEN, x.dtype, x)
    columns = x.shape[0] if N is None else N if is_dim(N) else call.symbol()
    return result(call, "Vander", Shape((x.shape[0], columns)), x.dtype, x)


def created(call: Call, shape: Any, dtype: str | None) -> Tensor:
    """A new array of the backend's."""
    kind = BACKEND_KIND.get(call.backend(), "tf")
    if is_dim(shape):
        shape = (shape,)
    if not isinstance(shape, (list, tuple)):
        return Tensor(OPEN, dtype, kind)
    return Tensor(Shape(dim if is_dim(dim) else call.symbol() for dim in shape), dtype, kind)
