"""The same elements under another shape: view, reshape, permute, cat, split ... (aten TensorShape.cpp)."""

from __future__ import annotations

from collections.abc import Sequence

from ...dim import Dim, is_dim, is_symbolic, surely_differ, surely_equal, surely_less
from ...evidence import report
from ...formulas.join import concatenated, mismatch, stacked, tiled
from ...formulas.reshape import expanded, flattened, permuted, reshaped, squeezed
from ...problems import JoinMismatch, NoSuchAxis, ReshapeMismatch
from ...problems_torch import TorchRefusal, TorchShapeMismatch, TorchWrongRank
from ...rule import Call, attribute, function
from ...shape import Shape, Unranked, product
from ...value import Tensor, Unknown, Value
from .checks import SCALAR_NAMES, axis_of, fresh, is_int, is_unknown, like, refuse, sizes, type_name


def ranked(x: Value) -> Tensor | None:
    """The tensor, if its rank is known."""
    return x if isinstance(x, Tensor) and isinstance(x.shape, Shape) else None


def unranked(x: Value, reason: str = "") -> Value:
    """A tensor of unknown rank in place of one that was computed from something unknown."""
    why = reason or (x.reason if isinstance(x, Unknown) else "the rank of an operand is not known")
    return Tensor(Unranked(why), x.dtype if isinstance(x, Tensor) else None, "torch")


STRIDED = (
    "t",
    "T",
    "mT",
    "transpose",
    "permute",
    "swapaxes",
    "swapdims",
    "movedim",
    "expand",
    "expand_as",
    "__getitem__",
    "unfold",
)


@function("torch.Tensor.view")
def view(call: Call, input: Value, *shape: Value, **kwargs: Value) -> Value:
    """As ``reshape``; whether the memory allows it is not followed, so nothing is said where it may not."""
    if isinstance(input, Tensor) and input.made is not None and input.made.by.rpartition(".")[2] in STRIDED:
        return unranked(input, "whether the memory is contiguous is not known")
    return reshape(call, input, *shape, **kwargs)


@function("torch.Tensor.reshape")
@function("torch.reshape")
def reshape(call: Call, input: Value, *shape: Value, **kwargs: Value) -> Value:
    """RuntimeError where the elements do not fill the new shape."""
    target = sizes(shape or tuple(kwargs.values()))
    if target is None or (target and not all(is_dim(n) or is_unknown(n) for n in target)):
        return unranked(input, "the new shape is not known")  # (view(dtype) keeps the shape, mostly)
    x = ranked(input)
    if x is None:
        return like_unknown(input, target)
    if sum(1 for n in target if n == -1) > 1:
        refuse(TorchRefusal, "two-gaps", ("shape",))
        return unranked(x)
    for index, n in enumerate(target):
        if is_int(n) and n < -1:
            refuse(TorchRefusal, "negative-length", ("shape",), dim=n, index=index, shape=tuple(target))
            return unranked(x)
    if product(x.shape) == 0 and -1 in target and 0 in target:
        refuse(TorchRefusal, "ambiguous-gap", ("shape",), shape=tuple(target))
        return unranked(x)
    fitted = reshaped(x.shape, target)
    if fitted is None:
        report(ReshapeMismatch(shape=tuple(x.shape), target=tuple(target)), blame=("input", "shape"))
        return like_unknown(x, target)
    return like(x, fitted)


def like_unknown(input: Value, target: Sequence[Value]) -> Value:
    """The target itself, where the input does not tell what -1 stands for."""
    dims = [n if is_dim(n) and n != -1 else fresh("view", repr(target), axis) for axis, n in enumerate(target)]
    return Tensor(Shape(dims), input.dtype if isinstance(input, Tensor) else None, "torch")


@function("torch.Tensor.view_as")
@function("torch.Tensor.reshape_as")
def view_as(call: Call, input: Value, other: Value) -> Value:
    """The other tensor's shape."""
    return Tensor(other.shape, getattr(input, "dtype", None), "torch") if isinstance(other, Tensor) else unranked(input)


@function("torch.flatten")
@function("torch.Tensor.flatten")
def flatten(call: Call, input: Value, start_dim: Value = 0, end_dim: Value = -1) -> Value:
    """The axes from ``start_dim`` to ``end_dim`` made one."""
    x = ranked(input)
    return unranked(input) if x is None else flat_axes(x, start_dim, end_dim)


def flat_axes(x: Tensor, start_dim: Value, end_dim: Value) -> Tensor:
    """What ``flatten`` gives; IndexError for an axis that is not there, RuntimeError for a start behind the end."""
    assert x.rank is not None
    first, last = axis_of(start_dim, x.rank, ("start_dim", "input")), axis_of(end_dim, x.rank, ("end_dim", "input"))
    if first is None or last is None:
        return Tensor(Unranked("the axes are not known"), x.dtype, "torch")
    if x.rank == 0:
        return like(x, (1,))
    if first > last:
        refuse(TorchRefusal, "flatten-order", ("start_dim", "end_dim"))
        return Tensor(Unranked("the axes are in the wrong order"), x.dtype, "torch")
    return like(x, flattened(x.shape, first, last))


@function("torch.unflatten")
@function("torch.Tensor.unflatten")
def unflatten(call: Call, input: Value, dim: Value, sizes: Value) -> Value:
    """One axis made several."""
    x = ranked(input)
    return unranked(input) if x is None else split_axis(x, dim, sizes)


def split_axis(x: Tensor, dim: Value, lengths: Value) -> Tensor:
    """What ``unflatten`` gives; RuntimeError where the lengths do not multiply to the axis."""
    assert x.rank is not None
    axis = axis_of(dim, x.rank, ("dim", "input"))
    if axis is None or not isinstance(lengths, (tuple, list)) or not all(map(is_dim, lengths)) or not x.rank:
        return Tensor(Unranked("the axes are not known"), x.dtype, "torch")
    fitted = reshaped((x.shape[axis],), lengths)
    if fitted is None:
        facts = {"sizes": tuple(lengths), "axis": axis, "length": x.shape[axis]}
        refuse(TorchShapeMismatch, "unflatten", ("unflattened_size", "sizes", "input"), **facts)
        return Tensor(Unranked("sizes that do not fit"), x.dtype, "torch")
    return like(x, (*x.shape[:axis], *fitted, *x.shape[axis + 1 :]))


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
    return like(x, permuted(x.shape, places))


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
    dims = list(x.shape)
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
    dims = list(x.shape)
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
    return like(x, tuple(reversed(x.shape)))


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
    found = [place for place in places if place is not None and place < x.rank]
    if any(not surely_equal(x.shape[p], 1) and not surely_differ(x.shape[p], 1) for p in found):
        return unranked(x, "whether an axis has length 1 is not known")
    return like(x, squeezed(x.shape, [p for p in found if surely_equal(x.shape[p], 1)]))


@function("torch.unsqueeze")
@function("torch.Tensor.unsqueeze")
def unsqueeze(call: Call, input: Value, dim: Value) -> Value:
    """A new axis of length 1."""
    x = ranked(input)
    if x is None or x.rank is None or not is_int(dim):
        return unranked(input)
    found = expanded(x.shape, dim)
    if found is None:
        report(NoSuchAxis(axis=dim, rank=x.rank + 1), blame=("dim", "input"))
        return unranked(x)
    return like(x, found)


@function("torch.Tensor.expand")
def expand(call: Call, input: Value, *size: Value, **kwargs: Value) -> Value:
    """Axes of length 1 are stretched, new ones come in front; -1 keeps a length."""
    target, x = sizes(size or tuple(kwargs.values())), ranked(input)
    if target is None or x is None or x.rank is None:
        return unranked(input)
    if len(target) < x.rank:
        facts = {
            "type": SCALAR_NAMES[x.dtype] if x.dtype in ("float32", "float64", "int64") else "",
            "shape": x.shape,
            "size": tuple(target),
            "count": len(target),
            "rank": x.rank,
        }
        refuse(TorchWrongRank, "expand-rank" if facts["type"] else "expand-rank-of", ("size", "input"), **facts)
        return unranked(x)
    lead = len(target) - x.rank
    dims: list[Dim] = []
    for axis, wanted in enumerate(target):
        own = x.shape[axis - lead] if axis >= lead else None
        if not is_dim(wanted):
            dims.append(fresh("expand", x.shape, axis))
        elif is_int(wanted) and wanted == -1:
            dims.append(fresh("expand", axis) if own is None else own)
        else:
            dims.append(wanted)
    for axis in reversed(range(lead, len(target))):
        own, wanted = x.shape[axis - lead], dims[axis]
        if surely_differ(own, wanted) and surely_differ(own, 1) and target[axis] != -1:
            facts = {"wanted": wanted, "own": own, "axis": axis, "target": tuple(target), "shape": x.shape}
            refuse(TorchShapeMismatch, "expand", ("size", "input"), **facts)
            return like(x, dims)
    return like(x, dims)


@function("torch.Tensor.expand_as")
def expand_as(call: Call, input: Value, other: Value) -> Value:
    """The other tensor's shape."""
    return Tensor(other.shape, getattr(input, "dtype", None), "torch") if isinstance(other, Tensor) else unranked(input)


@function("torch.Tensor.repeat")
@function("torch.tile")
@function("torch.Tensor.tile")
def repeat(call: Call, input: Value, *repeats: Value, **kwargs: Value) -> Value:
    """Every axis several times over; new ones come in front."""
    times, x = sizes(repeats or tuple(kwargs.values())), ranked(input)
    if times is None or x is None or x.rank is None:
        return unranked(input)
    if len(times) < x.rank:
        refuse(TorchWrongRank, "repeat-rank", ("repeats", "input"))
        return unranked(x)
    dims = (1,) * (len(times) - x.rank) + tuple(x.shape)
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
    if dim is None:
        return like(x, (tiled(product(x.shape), repeats),))
    axis = axis_of(dim, x.rank)
    if axis is None or not x.rank:
        return unranked(x)
    return like(x, (*x.shape[:axis], tiled(x.shape[axis], repeats), *x.shape[axis + 1 :]))


@function("torch.cat")
@function("torch.concat")
@function("torch.concatenate")
def cat(call: Call, tensors: Value, dim: Value = 0, *, axis: Value = None, out: Value = None) -> Value:
    """One after the other along an axis; empty vectors are left out."""
    dim = dim if axis is None else axis
    if isinstance(tensors, Tensor):
        kind = type_name(tensors)
        if kind == "Tensor":
            refuse(TorchRefusal, "cat-tensor", ("tensors",))
        return Unknown("cat of a tensor")
    if not isinstance(tensors, (tuple, list)):
        return Unknown("the tensors are not known")
    if not tensors:
        refuse(TorchRefusal, "cat-nothing", ("tensors",))
        return Unknown("cat of nothing")
    dtype = _common_dtype(tensors)
    places = [n for n, x in enumerate(tensors) if not (isinstance(x, Tensor) and x.shape == (0,))]
    parts = [tensors[n] for n in places]
    shapes = [x.shape for x in parts if isinstance(x, Tensor) and isinstance(x.shape, Shape)]
    if len(shapes) < len(parts) or not parts or not is_int(dim):
        return Tensor(Unranked("a tensor is not known"), dtype, "torch")
    for number, part in enumerate(tensors):
        if isinstance(part, Tensor) and part.shape == ():
            refuse(TorchWrongRank, "cat-scalar", ("tensors",), position=number)
            return Tensor(Unranked("cat of a scalar"), dtype, "torch")
    rank = len(shapes[0])
    place = axis_of(dim, rank, ("dim", "tensors"))
    if place is None or rank == 0:
        return Tensor(Unranked("the axis is not known"), dtype, "torch")
    wrong = mismatch(shapes, place)
    if wrong is not None:
        position, at = wrong
        # texts count the list as it was given
        problem = JoinMismatch(
            op="cat", shapes=tuple(x.shape for x in tensors), axis=place, position=places[position], at=at
        )
        report(problem, blame=("tensors",))
        return Tensor(Unranked("tensors that do not fit together"), dtype, "torch")
    return Tensor(concatenated(shapes, place), dtype, "torch")


@function("torch.stack")
def stack(call: Call, tensors: Value, dim: Value = 0, *, out: Value = None) -> Value:
    """Side by side along a new axis."""
    if not isinstance(tensors, (tuple, list)) or not tensors or not is_int(dim):
        return Unknown("the tensors are not known")
    dtype = _common_dtype(tensors)
    shapes = [x.shape for x in tensors if isinstance(x, Tensor) and isinstance(x.shape, Shape)]
    if len(shapes) < len(tensors):
        return Tensor(Unranked("a tensor is not known"), dtype, "torch")
    rank = len(shapes[0]) + 1
    if not -rank <= dim < rank:
        report(NoSuchAxis(axis=dim, rank=rank), blame=("dim", "tensors"))
        return Tensor(Unranked("there is no such axis"), dtype, "torch")
    wrong = mismatch(shapes, None)
    if wrong is not None:
        report(JoinMismatch(op="stack", shapes=tuple(shapes), position=wrong[0], at=wrong[1]), blame=("tensors",))
        return Tensor(Unranked("tensors that do not fit together"), dtype, "torch")
    return Tensor(stacked(shapes, dim % rank), dtype, "torch")


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
    length = x.shape[axis]
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
    length = x.shape[axis]
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
    if axis is None or not is_int(x.shape[axis]) or x.shape[axis] > 1000:
        return Unknown("how many pieces there are is not known")
    rest = (*x.shape[:axis], *x.shape[axis + 1 :])
    return tuple(like(x, rest) for _ in range(x.shape[axis]))


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
    return unranked(x) if axis is None else _cut(x, axis, chosen.shape[0])


@function("torch.gather")
@function("torch.Tensor.gather")
def gather(call: Call, input: Value, dim: Value, index: Value, **kwargs: Value) -> Value:
    """The shape of the index."""
    x, chosen = ranked(input), ranked(index)
    if chosen is None:
        return unranked(input)
    if x is not None and x.rank and x.rank == chosen.rank and 0 not in chosen.shape:  # type: ignore[operator]
        axis = axis_of(dim, x.rank, ("dim", "input"))
        for number, (own, wanted) in enumerate(zip(x.shape, chosen.shape, strict=True)):
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


@function("torch.meshgrid")
def meshgrid(call: Call, *tensors: Value, indexing: Value = "ij") -> Value:
    """One tensor of all axes for each vector."""
    given = sizes(tensors)
    vectors = [ranked(x) for x in given or ()]
    if not vectors or any(x is None or x.rank != 1 for x in vectors) or indexing not in ("ij", "xy"):
        return Unknown("the vectors are not known")
    dims = [x.shape[0] for x in vectors if x is not None]
    if indexing == "xy" and len(dims) > 1:
        dims[0], dims[1] = dims[1], dims[0]
    return tuple(like(x, dims) for x in vectors if x is not None)


def _cut(x: Tensor, axis: int, length: Dim) -> Tensor:
    return like(x, (*x.shape[:axis], length, *x.shape[axis + 1 :]))  # type: ignore[misc, index]


def _common_dtype(tensors: Sequence[Value]) -> str | None:
    kinds = {x.dtype if isinstance(x, Tensor) else None for x in tensors}
    return kinds.pop() if len(kinds) == 1 else None
