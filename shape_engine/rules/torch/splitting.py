"""Parts of a tensor: split, chunk, unbind, narrow, index_select, gather (aten TensorShape.cpp)."""

from __future__ import annotations

from ...dim import Dim, is_dim, is_symbolic, surely_differ, surely_less
from ...problems import TorchShapeMismatch
from ...rule import Call, function
from ...value import Tensor, Unknown, Value
from .checks import axis_of, dims_of, is_int, like, ranked, refuse, unranked


@function("torch.split")
@function("torch.Tensor.split")
def split(
    call: Call, tensor: Value, split_size_or_sections: Value = None, dim: Value = 0, *, split_size: Value = None
) -> Value:
    """Pieces of a length (the last one shorter), or of the lengths given."""
    wanted = split_size if split_size_or_sections is None else split_size_or_sections
    x = ranked(tensor)
    if x is None or not x.rank:
        return Unknown("the tensor is not known")
    axis = axis_of(dim, x.rank, ("dim", "tensor"))
    if axis is None:
        return Unknown("the axis is not known")
    length = dims_of(x)[axis]
    if isinstance(wanted, (tuple, list)):
        if not all(map(is_dim, wanted)):
            return Unknown("the lengths are not known")
        if surely_differ(sum(wanted), length):
            refuse(
                TorchShapeMismatch,
                "split-sum",
                ("split_size_or_sections", "tensor"),
                length=length,
                axis=dim,
                sections=tuple(wanted),
            )
        return tuple(_cut(x, axis, n) for n in wanted)
    if not is_int(length) or not is_int(wanted) or wanted <= 0 or length / wanted > 1000:
        return Unknown("how many pieces there are is not known")
    return tuple(_cut(x, axis, min(wanted, length - at)) for at in range(0, max(length, 1), wanted))


@function("torch.chunk")
@function("torch.Tensor.chunk")
def chunk(call: Call, input: Value, chunks: Value, dim: Value = 0) -> Value:
    """At most so many pieces, all but the last of one length."""
    x = ranked(input)
    if x is None or not x.rank or not is_int(chunks) or chunks <= 0:
        return Unknown("the tensor is not known")
    axis = axis_of(dim, x.rank, ("dim", "input"))
    if axis is None:
        return Unknown("the axis is not known")
    length = dims_of(x)[axis]
    if is_int(length) and length > 0:
        size = -(-length // chunks)
        return tuple(_cut(x, axis, min(size, length - at)) for at in range(0, length, size))
    whole = length // chunks if is_dim(length) and is_symbolic(length) and length % chunks == 0 else None
    if whole is None:
        return Unknown("how many pieces there are is not known")
    return tuple(_cut(x, axis, whole) for _ in range(chunks))


@function("torch.unbind")
@function("torch.Tensor.unbind")
def unbind(call: Call, input: Value, dim: Value = 0) -> Value:
    """The slices along an axis, without it."""
    x = ranked(input)
    if x is None or not x.rank:
        return Unknown("the tensor is not known")
    axis = axis_of(dim, x.rank, ("dim", "input"))
    dims = dims_of(x)
    if axis is None or not is_int(dims[axis]) or dims[axis] > 1000:
        return Unknown("how many pieces there are is not known")
    rest = (*dims[:axis], *dims[axis + 1 :])
    return tuple(like(x, rest) for _ in range(dims[axis]))


@function("torch.narrow")
@function("torch.Tensor.narrow")
def narrow(call: Call, input: Value, dim: Value, start: Value, length: Value) -> Value:
    """A part of an axis."""
    x = ranked(input)
    if x is None or not x.rank or not is_dim(length):
        return unranked(input)
    axis = axis_of(dim, x.rank, ("dim", "input"))
    return unranked(x) if axis is None else _cut(x, axis, length)


@function("torch.index_select")
@function("torch.Tensor.index_select")
def index_select(call: Call, input: Value, dim: Value, index: Value) -> Value:
    """The entries of an axis that an index names."""
    x, chosen = ranked(input), ranked(index)
    if x is None or not x.rank or chosen is None or chosen.rank != 1:
        return unranked(input)
    axis = axis_of(dim, x.rank, ("dim", "input"))
    return unranked(x) if axis is None else _cut(x, axis, dims_of(chosen)[0])


@function("torch.gather")
@function("torch.Tensor.gather")
def gather(call: Call, input: Value, dim: Value, index: Value, **kwargs: Value) -> Value:
    """The shape of the index."""
    x, chosen = ranked(input), ranked(index)
    if chosen is None:
        return unranked(input)
    if x is not None and x.rank and x.rank == chosen.rank and 0 not in dims_of(chosen):
        axis = axis_of(dim, x.rank, ("dim", "input"))
        for number, (own, wanted) in enumerate(zip(dims_of(x), dims_of(chosen), strict=True)):
            if axis is not None and number != axis and surely_less(own, wanted):
                refuse(
                    TorchShapeMismatch,
                    "gather",
                    ("index", "input"),
                    axis=number,
                    index=chosen.shape,
                    shape=x.shape,
                    dim=axis,
                )
                break
    return Tensor(chosen.shape, getattr(input, "dtype", None), "torch")


def _cut(x: Tensor, axis: int, length: Dim) -> Tensor:
    dims = dims_of(x)
    return like(x, (*dims[:axis], length, *dims[axis + 1 :]))
