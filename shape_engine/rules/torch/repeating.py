"""The same elements several times: expand, repeat, tile, meshgrid (aten TensorShape.cpp)."""

from __future__ import annotations

from typing import Any

from ...dim import Dim, is_dim, surely_differ
from ...formulas.join import tiled
from ...problems import TorchRefusal, TorchShapeMismatch, TorchWrongRank
from ...rule import Call, function
from ...shape import product
from ...value import Tensor, Unknown, Value
from .checks import SCALAR_NAMES, axis_of, dims_of, fresh, is_int, like, ranked, refuse, sizes, unranked


@function("torch.Tensor.expand")
def expand(call: Call, input: Value, *size: Value, **kwargs: Value) -> Value:
    """Axes of length 1 are stretched, new ones come in front; -1 keeps a length."""
    target, x = sizes(size or tuple(kwargs.values())), ranked(input)
    if target is None or x is None or x.rank is None:
        return unranked(input)
    if len(target) < x.rank:
        facts: dict[str, Any] = {
            "type": SCALAR_NAMES[x.dtype] if x.dtype in ("float32", "float64", "int64") else "",
            "shape": x.shape,
            "size": tuple(target),
            "count": len(target),
            "rank": x.rank,
        }
        refuse(TorchWrongRank, "expand-rank" if facts["type"] else "expand-rank-of", ("size", "input"), **facts)
        return unranked(x)
    lead, shape = len(target) - x.rank, dims_of(x)
    dims: list[Dim] = []
    for axis, wanted in enumerate(target):
        own = shape[axis - lead] if axis >= lead else None
        if not is_dim(wanted):
            dims.append(fresh("expand", x.shape, axis))
        elif is_int(wanted) and wanted == -1:
            dims.append(fresh("expand", axis) if own is None else own)
        else:
            dims.append(wanted)
    for axis in reversed(range(lead, len(target))):
        length, wanted = shape[axis - lead], dims[axis]
        if surely_differ(length, wanted) and surely_differ(length, 1) and target[axis] != -1:
            facts = {"wanted": wanted, "own": length, "axis": axis, "target": tuple(target), "shape": x.shape}
            refuse(TorchShapeMismatch, "expand", ("size", "input"), **facts)
            return like(x, dims)
    return like(x, dims)


@function("torch.Tensor.expand_as")
def expand_as(call: Call, input: Value, other: Value) -> Value:
    """The other tensor's shape."""
    return Tensor(other.shape, getattr(input, "dtype", None), "torch") if isinstance(other, Tensor) else unranked(input)


@function("torch.Tensor.repeat", fewer=False)
@function("torch.tile", fewer=True)
@function("torch.Tensor.tile", fewer=True)
def repeat(call: Call, input: Value, *repeats: Value, fewer: bool, **kwargs: Value) -> Value:
    """Every axis several times over; new ones come in front.  ``fewer`` counts may do: for the last axes."""
    times, x = sizes(repeats or tuple(kwargs.values())), ranked(input)
    if times is None or x is None or x.rank is None:
        return unranked(input)
    if fewer:
        times = (1,) * (x.rank - len(times)) + tuple(times)
    if len(times) < x.rank:
        refuse(TorchWrongRank, "repeat-rank", ("repeats", "input"))
        return unranked(x)
    dims = (1,) * (len(times) - x.rank) + tuple(dims_of(x))
    if all(map(is_int, (*times, *dims))) and any(m < 0 for m in times):
        result = [n * m for n, m in zip(dims, times, strict=True)]
        if any(n < 0 for n in result):
            refuse(
                TorchRefusal, "negative-size", ("repeats",), dim=next(n for n in result if n < 0), size=tuple(result)
            )
        return unranked(x)
    return like(
        x, [tiled(n, m) if is_dim(m) else fresh("repeat", n, repr(m)) for n, m in zip(dims, times, strict=True)]
    )


@function("torch.repeat_interleave")
@function("torch.Tensor.repeat_interleave")
def repeat_interleave(call: Call, input: Value, repeats: Value, dim: Value = None, **kwargs: Value) -> Value:
    """Every entry of an axis several times."""
    x = ranked(input)
    if x is None or x.rank is None or not is_dim(repeats):
        return unranked(input)
    dims = dims_of(x)
    if dim is None:
        return like(x, (tiled(product(dims), repeats),))
    axis = axis_of(dim, x.rank)
    if axis is None or not x.rank:
        return unranked(x)
    return like(x, (*dims[:axis], tiled(dims[axis], repeats), *dims[axis + 1 :]))


@function("torch.meshgrid")
def meshgrid(call: Call, *tensors: Value, indexing: Value = "ij") -> Value:
    """One tensor of all axes for each vector."""
    given = sizes(tensors)
    vectors = [ranked(x) for x in given or ()]
    if not vectors or any(x is None or x.rank != 1 for x in vectors) or indexing not in ("ij", "xy"):
        return Unknown("the vectors are not known")
    dims = [dims_of(x)[0] for x in vectors if x is not None]
    if indexing == "xy" and len(dims) > 1:
        dims[0], dims[1] = dims[1], dims[0]
    return tuple(like(x, dims) for x in vectors if x is not None)
