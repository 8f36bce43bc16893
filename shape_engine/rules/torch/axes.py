"""Axes that move, come and go: permute, transpose, squeeze, unsqueeze ... (aten TensorShape.cpp)."""

from __future__ import annotations

from ...dim import surely_differ, surely_equal
from ...evidence import report
from ...formulas.reshape import expanded, permuted, squeezed
from ...problems import NoSuchAxis, TorchRefusal, TorchWrongRank
from ...rule import Call, attribute, function
from ...shape import Shape
from ...value import Tensor, Value
from .checks import axis_of, dims_of, fresh, is_int, like, ranked, refuse, sizes, unranked


@function("torch.permute")
@function("torch.Tensor.permute")
def permute(call: Call, input: Value, *dims: Value, **kwargs: Value) -> Value:
    """RuntimeError unless every axis is named once."""
    order, x = sizes(dims or tuple(kwargs.values())), ranked(input)
    if order is None or x is None or x.rank is None:
        return unranked(input, "the order of the axes is not known")
    if len(order) != x.rank:
        refuse(TorchWrongRank, "permute-length", ("dims", "input"), rank=x.rank, count=len(order))
        return unranked(x)
    places = []
    for number in order:
        place = axis_of(number, x.rank, ("dims",))
        if place is None:
            return Tensor(
                Shape(fresh("permute", x.shape, repr(order), axis) for axis in range(x.rank)), x.dtype, "torch"
            )
        places.append(place)
    if len(set(places)) < len(places):
        refuse(TorchRefusal, "permute-twice", ("dims",))
        return unranked(x)
    return like(x, permuted(dims_of(x), places))


@function("torch.transpose")
@function("torch.Tensor.transpose")
@function("torch.swapaxes")
@function("torch.Tensor.swapaxes")
@function("torch.swapdims")
@function("torch.Tensor.swapdims")
def transpose(call: Call, input: Value, dim0: Value, dim1: Value) -> Value:
    """Two axes change places."""
    x = ranked(input)
    if x is None or x.rank is None:
        return unranked(input)
    one, other = axis_of(dim0, x.rank, ("dim0",)), axis_of(dim1, x.rank, ("dim1",))
    if one is None or other is None:
        return Tensor(Shape(fresh("transpose", x.shape, axis) for axis in range(x.rank)), x.dtype, "torch")
    dims = list(dims_of(x))
    if dims:
        dims[one], dims[other] = dims[other], dims[one]
    return like(x, dims)


@function("torch.movedim")
@function("torch.Tensor.movedim")
@function("torch.moveaxis")
def movedim(call: Call, input: Value, source: Value, destination: Value) -> Value:
    """One axis moves to another place."""
    x = ranked(input)
    if x is None or not x.rank or not is_int(source) or not is_int(destination):
        return unranked(input)
    one, other = axis_of(source, x.rank, ("source",)), axis_of(destination, x.rank, ("destination",))
    if one is None or other is None:
        return unranked(x)
    dims = list(dims_of(x))
    dims.insert(other, dims.pop(one))
    return like(x, dims)


@function("torch.t")
@function("torch.Tensor.t")
def t(call: Call, input: Value) -> Value:
    """The two axes of a matrix change places."""
    x = ranked(input)
    if x is None or x.rank is None:
        return unranked(input)
    if x.rank > 2:
        refuse(TorchWrongRank, "t-rank", ("input",), rank=x.rank)
        return unranked(x)
    return like(x, tuple(reversed(dims_of(x))))


@attribute("torch.Tensor.T")
def transposed(call: Call, x: Tensor) -> Value:
    """All axes in reverse order."""
    return like(x, tuple(reversed(x.shape))) if isinstance(x.shape, Shape) else x


@attribute("torch.Tensor.mT")
@attribute("torch.Tensor.mH")
def matrix_transposed(call: Call, x: Tensor) -> Value:
    """The last two axes change places."""
    if not isinstance(x.shape, Shape) or len(x.shape) < 2:
        return unranked(x)
    return like(x, (*x.shape[:-2], x.shape[-1], x.shape[-2]))


@function("torch.squeeze")
@function("torch.Tensor.squeeze")
def squeeze(call: Call, input: Value, *dim: Value, **kwargs: Value) -> Value:
    """Axes of length 1 go; naming another axis changes nothing."""
    x = ranked(input)
    if x is None or x.rank is None:
        return unranked(input)
    axes = sizes(dim or tuple(kwargs.values())) if dim or kwargs else tuple(range(x.rank))
    places = [] if axes is None else [axis_of(axis, x.rank) for axis in axes]
    if axes is None or None in places:
        return unranked(x)
    dims = dims_of(x)
    found = [place for place in places if place is not None and place < x.rank]
    if any(not surely_equal(dims[p], 1) and not surely_differ(dims[p], 1) for p in found):
        return unranked(x, "whether an axis has length 1 is not known")
    return like(x, squeezed(dims, [p for p in found if surely_equal(dims[p], 1)]))


@function("torch.unsqueeze")
@function("torch.Tensor.unsqueeze")
def unsqueeze(call: Call, input: Value, dim: Value) -> Value:
    """A new axis of length 1."""
    x = ranked(input)
    if x is None or x.rank is None or not is_int(dim):
        return unranked(input)
    found = expanded(dims_of(x), dim)
    if found is None:
        report(NoSuchAxis(axis=dim, rank=x.rank + 1), blame=("dim", "input"))
        return unranked(x)
    return like(x, found)
