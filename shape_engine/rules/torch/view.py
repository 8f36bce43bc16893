"""The same elements under another shape: view, reshape, flatten, unflatten (aten TensorShape.cpp)."""

from __future__ import annotations

from collections.abc import Sequence

from ...dim import is_dim
from ...evidence import report
from ...formulas.reshape import flattened, reshaped
from ...problems import ReshapeMismatch, TorchRefusal, TorchShapeMismatch
from ...rule import Call, function
from ...shape import Shape, Unranked, product
from ...value import Slice, Tensor, Value
from .checks import axis_of, dims_of, fresh, is_int, is_unknown, like, ranked, refuse, sizes, unranked


@function("torch.Tensor.view")
def view(call: Call, input: Value, *shape: Value, **kwargs: Value) -> Value:
    """As ``reshape``; whether the memory allows it is not followed, so nothing is said where it may not."""
    if isinstance(input, Tensor) and not _is_contiguous(input):
        return unranked(input, "whether the memory is contiguous is not known")
    return reshape(call, input, *shape, **kwargs)


def _is_contiguous(x: Tensor) -> bool:
    """Whether the elements surely lie one after the other, as far as the last steps tell."""
    if x.made is None:
        return True
    name = x.made.by.rpartition(".")[2]
    if name != "__getitem__":
        return name not in STRIDED
    key = dict(x.made.given).get("key", ())
    rest = list(key) if isinstance(key, tuple) else [key]
    while rest and is_int(rest[0]):
        rest.pop(0)
    if len(x.made.inputs) == 2 and not rest:
        return x.made.inputs[1].dtype is not None  # one array of indices: the result is new
    some = len(rest) == 1 and isinstance(rest[0], Slice) and rest[0].step in (None, 1)
    return (some or not rest) and len(x.made.inputs) == 1 and _is_contiguous(x.made.inputs[0])


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
    "unfold",
    "diagonal",
    "broadcast_to",
    "real",
    "imag",
)


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
    if product(dims_of(x)) == 0 and -1 in target and 0 in target:
        refuse(TorchRefusal, "ambiguous-gap", ("shape",), shape=tuple(target))
        return unranked(x)
    fitted = reshaped(dims_of(x), target)
    if fitted is None:
        report(ReshapeMismatch(shape=tuple(dims_of(x)), target=tuple(target)), blame=("input", "shape"))
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
    return like(x, flattened(dims_of(x), first, last))


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
    dims = dims_of(x)
    fitted = reshaped((dims[axis],), lengths)
    if fitted is None:
        facts = {"sizes": tuple(lengths), "axis": axis, "length": dims[axis]}
        refuse(TorchShapeMismatch, "unflatten", ("unflattened_size", "sizes", "input"), **facts)
        return Tensor(Unranked("sizes that do not fit"), x.dtype, "torch")
    return like(x, (*dims[:axis], *fitted, *dims[axis + 1 :]))
