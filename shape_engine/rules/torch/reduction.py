"""Sums, means, largest elements, orders (aten ReduceOps.cpp, Sorting.cpp)."""

from __future__ import annotations

from ...dim import is_dim
from ...formulas.reduce import reduced
from ...problems import TorchRefusal, TorchWrongDtype
from ...rule import Call, function
from ...shape import Shape, Unranked
from ...value import Assumed, Row, Tensor, Unknown, Value
from .checks import (
    INTEGRAL,
    SCALAR_NAMES,
    axis_of,
    dims_of,
    is_int,
    ranked,
    refuse,
    unranked,
)
from .elementwise import pairwise, result_dtype


@function("torch.sum")
@function("torch.Tensor.sum")
@function("torch.prod")
@function("torch.Tensor.prod")
def total(
    call: Call, input: Value, dim: Value = None, keepdim: Value = False, *, dtype: Value = None, axis: Value = None
) -> Value:
    """Sums: whole numbers and truth values give int64."""
    kind = input.dtype if isinstance(input, Tensor) else None
    return _reduce(
        input,
        dim if axis is None else axis,
        keepdim,
        "int64" if kind in (*INTEGRAL, "bool") and dtype is None else kind if dtype is None else None,
    )


@function("torch.mean")
@function("torch.Tensor.mean")
def mean(
    call: Call, input: Value, dim: Value = None, keepdim: Value = False, *, dtype: Value = None, axis: Value = None,
    keepdims: Value = None,
) -> Value:  # fmt: skip
    """RuntimeError for whole numbers."""
    keepdim = keepdim if keepdims is None else keepdims
    kind = input.dtype if isinstance(input, Tensor) else None
    if kind in (*INTEGRAL, "bool") and dtype is None:
        refuse(TorchWrongDtype, "mean-dtype", ("input",), type=SCALAR_NAMES[str(kind)])
    return _reduce(input, dim if axis is None else axis, keepdim, kind if dtype is None else None)


@function("torch.std")
@function("torch.Tensor.std")
@function("torch.var")
@function("torch.Tensor.var")
def deviation(
    call: Call, input: Value, dim: Value = None, *args: Value, keepdim: Value = False, **kwargs: Value
) -> Value:
    """Spread around the mean."""
    if args or isinstance(dim, bool):
        return unranked(input)
    if getattr(input, "dtype", None) in (*INTEGRAL, "bool"):
        refuse(TorchWrongDtype, "std-dtype", ("input",))
        return unranked(input)
    return _reduce(input, dim, keepdim, getattr(input, "dtype", None))


@function("torch.amax")
@function("torch.Tensor.amax")
@function("torch.amin")
@function("torch.Tensor.amin")
def extreme(call: Call, input: Value, dim: Value = (), keepdim: Value = False) -> Value:
    """The largest or the smallest, along some axes."""
    return _reduce(input, None if dim in ((), []) else dim, keepdim, getattr(input, "dtype", None))


@function("torch.norm")
@function("torch.Tensor.norm")
@function("torch.logsumexp")
@function("torch.Tensor.logsumexp")
def norm(call: Call, input: Value, *args: Value, dim: Value = None, keepdim: Value = False, **kwargs: Value) -> Value:
    """Lengths of vectors; only with keyword arguments."""
    return (
        unranked(input)
        if args and dim is None and len(args) != 0
        else _reduce(input, dim, keepdim, getattr(input, "dtype", None))
    )


@function("torch.any")
@function("torch.Tensor.any")
@function("torch.all")
@function("torch.Tensor.all")
def holds(call: Call, input: Value, dim: Value = None, keepdim: Value = False) -> Value:
    """Whether something holds along some axes."""
    return _reduce(input, dim, keepdim, "bool" if getattr(input, "dtype", None) not in ("uint8", None) else None)


@function("torch.argmax")
@function("torch.Tensor.argmax")
@function("torch.argmin")
@function("torch.Tensor.argmin")
def position(call: Call, input: Value, dim: Value = None, keepdim: Value = False) -> Value:
    """Where the largest or smallest is."""
    if isinstance(input, Tensor) and isinstance(input.shape, Shape) and 0 in input.shape:
        return Unknown("the largest of nothing")
    return _reduce(input, dim, keepdim, "int64")


@function("torch.max")
@function("torch.Tensor.max")
@function("torch.min")
@function("torch.Tensor.min")
@function("torch.median")
@function("torch.Tensor.median")
def largest(call: Call, input: Value, dim: Value = None, keepdim: Value = False, *, other: Value = None) -> Value:
    """One number; along an axis (values, indices); of two tensors the larger of each pair."""
    dtype = getattr(input, "dtype", None)
    if isinstance(input, Tensor) and isinstance(input.shape, Shape) and 0 in input.shape:
        return Unknown("the largest of nothing")
    second = other if other is not None else dim
    if isinstance(second, Tensor):
        return pairwise(input, second, result_dtype(input, second))
    if dim is None:
        return _reduce(input, None, False, dtype)
    if not is_int(dim):
        return Unknown("the axis is not known")
    return found(_reduce(input, dim, keepdim, dtype), _reduce(input, dim, keepdim, "int64"))


@function("torch.sort")
@function("torch.Tensor.sort")
def sort(call: Call, input: Value, dim: Value = -1, descending: Value = False, **kwargs: Value) -> Value:
    """(values, indices)."""
    x = ranked(input)
    if x is None or x.rank is None:
        return found(unranked(input), unranked(None))
    axis_of(dim, x.rank)
    return found(x, Tensor(x.shape, "int64", "torch"))


@function("torch.argsort")
@function("torch.Tensor.argsort")
def argsort(call: Call, input: Value, dim: Value = -1, *args: Value, **kwargs: Value) -> Value:
    """The order of the elements along an axis."""
    x = ranked(input)
    return unranked(None) if x is None else Tensor(x.shape, "int64", "torch")


@function("torch.topk")
@function("torch.Tensor.topk")
def topk(call: Call, input: Value, k: Value, dim: Value = -1, *args: Value, **kwargs: Value) -> Value:
    """The k largest along an axis: (values, indices)."""
    x = ranked(input)
    if x is None or not x.rank or not is_dim(k):
        return found(unranked(input), unranked(None))
    axis = axis_of(dim, x.rank)
    if axis is None:
        return found(unranked(input), unranked(None))
    shape = Shape((*dims_of(x)[:axis], k, *dims_of(x)[axis + 1 :]))
    return found(Tensor(shape, x.dtype, "torch"), Tensor(shape, "int64", "torch"))


def found(values: Value, indices: Value) -> Row:
    """A named tuple of what was found and where."""
    return Row((values, indices), None, ("values", "indices"))


def _reduce(input: Value, dim: Value, keepdim: Value, dtype: str | None) -> Value:
    if dim is None and not isinstance(input, Assumed) and keepdim is False:
        return Tensor(Shape(()), dtype, "torch")
    x = ranked(input)
    if x is None or x.rank is None or not isinstance(keepdim, bool):
        return Tensor(Unranked("the rank of an operand is not known"), dtype, "torch")
    if dim is None or dim == () or dim == []:
        return Tensor(reduced(dims_of(x), None, keepdim), dtype, "torch")
    places = [axis_of(axis, x.rank, ("dim", "input")) for axis in (dim if isinstance(dim, (tuple, list)) else (dim,))]
    if any(place is None for place in places):
        return Tensor(Unranked("the axes are not known"), dtype, "torch")
    if not x.rank:
        return Tensor(Shape(()), dtype, "torch")
    if len(set(places)) < len(places):
        twice = next(place for number, place in enumerate(places) if place in places[:number])
        refuse(TorchRefusal, "repeated-dim", ("dim",), axis=twice)
        return Tensor(Unranked("an axis is named twice"), dtype, "torch")
    return Tensor(reduced(dims_of(x), [p for p in places if p is not None], keepdim), dtype, "torch")
