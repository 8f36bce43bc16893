"""``torch.Tensor``: its attributes, and what it tells about itself (torch/_tensor.py, aten TensorProperties.cpp)."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any

from ...rule import Call, attribute, function
from ...shape import Shape, product
from ...value import Assumed, Known, Tensor, Unknown, Value
from .checks import (
    DTYPES,
    FLOATING,
    axis_of,
    dims_of,
    ranked,
)


@attribute("torch.Tensor.shape")
def shape(call: Call, x: Tensor) -> Value:
    """A torch.Size, which is a tuple."""
    return tuple(x.shape) if isinstance(x.shape, Shape) else Unknown(x.shape.reason or "the rank is not known")


@attribute("torch.Tensor.ndim")
def ndim(call: Call, x: Tensor) -> Value:
    """How many axes."""
    return Unknown("the rank is not known") if x.rank is None else x.rank


@attribute("torch.Tensor.dtype")
def dtype(call: Call, x: Tensor) -> Value:
    """torch.float32 and the like."""
    return Known(f"torch.{x.dtype}") if f"torch.{x.dtype}" in DTYPES else Unknown("the dtype is not known")


@attribute("torch.Tensor.device")
def device(call: Call, x: Tensor) -> Value:
    """Some device."""
    return Known("torch.device.instance")


@attribute("torch.Tensor.data")
@attribute("torch.Tensor.real")
def data(call: Call, x: Tensor) -> Value:
    """The same numbers."""
    return replace(x, made=None) if x.dtype not in ("complex64", "complex128") else Unknown("a part of complex numbers")


@function("torch.Tensor.size")
def size(call: Call, x: Value, dim: Value = None) -> Value:
    """All lengths, or that of one axis."""
    tensor = ranked(x)
    if tensor is None or tensor.rank is None:
        return Unknown("the rank is not known")
    if dim is None:
        return tuple(dims_of(tensor))
    axis = axis_of(dim, tensor.rank, ("dim", "x"))
    return Unknown("the axis is not known") if axis is None or not tensor.rank else dims_of(tensor)[axis]


@function("torch.Tensor.dim")
@function("torch.Tensor.ndimension")
def dim(call: Call, x: Value) -> Value:
    """How many axes."""
    return x.rank if isinstance(x, Tensor) and x.rank is not None else Unknown("the rank is not known")


@function("torch.Tensor.numel")
@function("torch.numel")
@function("torch.Tensor.nelement")
def numel(call: Call, input: Value) -> Value:
    """How many elements."""
    x = ranked(input)
    return Unknown("the shape is not known") if x is None else product(dims_of(x))


@function("torch.Tensor.__len__")
def length(call: Call, x: Value) -> Value:
    """The length of the first axis."""
    tensor = ranked(x)
    return Unknown("the shape is not known") if tensor is None or not tensor.rank else dims_of(tensor)[0]


@function("torch.Tensor.numpy")
def numpy(call: Call, x: Value, **kwargs: Value) -> Value:
    """The same array for NumPy."""
    tensor = ranked(x)
    return Unknown("the shape is not known") if tensor is None else Tensor(tensor.shape, tensor.dtype, "numpy")


@function("torch.Tensor.item")
@function("torch.Tensor.tolist")
def numbers(call: Call, x: Value) -> Value:
    """The numbers, where they are few and known: as the tensor holds them, rounded to its dtype."""
    known = isinstance(x, Tensor) and x.constant is not None
    return _held(x.constant, x.dtype) if known else Unknown("the numbers of a tensor are not followed")


def _held(numbers: Any, dtype: str | None) -> Any:
    if isinstance(numbers, tuple):
        return [_held(number, dtype) for number in numbers]
    if dtype in ("int64", "int32", "bool") and isinstance(numbers, (bool, int)):
        return bool(numbers) if dtype == "bool" else int(numbers)
    if dtype == "float64" and isinstance(numbers, (int, float)):
        return float(numbers)
    if dtype == "float32" and isinstance(numbers, (int, float)) and abs(numbers) < 1e38:
        return struct.unpack("f", struct.pack("f", numbers))[0]
    return Unknown("a number of another type")


@function("torch.Tensor.backward")
@function("torch.Tensor.get_device")
@function("torch.Tensor.data_ptr")
def number(call: Call, x: Value, *args: Value, **kwargs: Value) -> Value:
    """Something that depends on the numbers."""
    return Unknown("the numbers of a tensor are not followed")


@function("torch.Tensor.is_floating_point")
@function("torch.is_floating_point")
def is_floating_point(call: Call, input: Value) -> Value:
    """Whether the dtype holds fractions."""
    known_dtype = isinstance(input, Tensor) and input.dtype is not None
    return input.dtype in FLOATING if known_dtype else Unknown("the dtype is not known")


@function("torch.is_tensor")
def is_tensor(call: Call, obj: Value) -> Value:
    """Whether it is a tensor of PyTorch."""
    if isinstance(obj, Tensor):
        return obj.kind == "torch"
    return Unknown("not known") if isinstance(obj, (Unknown, Assumed)) else False
