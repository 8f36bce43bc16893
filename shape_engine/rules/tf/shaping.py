"""TensorFlow's functions that change a shape (tensorflow/python/ops/array_ops.py, core/kernels)."""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, surely_differ, surely_equal, surely_less
from ...formulas.broadcast import broadcasts_to
from ...formulas.creation import flat, nest
from ...formulas.join import extended, from_front, tiled
from ...formulas.reduce import counted, missing, twice
from ...formulas.reshape import permuted, reshaped, squeezed
from ...problems import (
    BadArgument,
    BroadcastMismatch,
    NoSuchAxis,
    RepeatedAxis,
    ReshapeMismatch,
    SqueezeMismatch,
    TooFewAxes,
    WrongLength,
    WrongPermutation,
)
from ...rule import Call
from ...shape import Shape, Unranked, product
from ...value import Tensor, Unknown, Value, shape_from
from ..arrays import as_dim, as_dims, number, operand, plain
from .graph import define, report


@define("tf.reshape")
def reshape(call: Call, tensor: Value, shape: Value, name: Value = None) -> Tensor:
    """The same elements in another shape.  InvalidArgumentError where they do not fill it."""
    x, target = operand(tensor, "tf", call), as_dims(call, shape)
    if isinstance(target, Unranked):
        return Tensor(target, x.dtype, "tf")
    negative = next((dim for dim in target if isinstance(dim, int) and dim < -1), None)
    gaps = sum(dim == -1 for dim in target if isinstance(dim, int))
    free = Shape(call.symbol() if isinstance(dim, int) and dim < 0 else dim for dim in target)
    if negative is not None:
        report(
            BadArgument(op="Reshape", what="negative size", value=negative, axis=target.index(negative)),
            blame=("shape",),
        )
        return Tensor(free, x.dtype, "tf")
    if gaps > 1:
        report(ReshapeMismatch(op="Reshape", target=target, gaps=gaps), blame=("shape",))
        return Tensor(free, x.dtype, "tf")
    if isinstance(x.shape, Unranked):
        return Tensor(free, x.dtype, "tf")
    filled = reshaped(x.shape, target)
    if filled is None:
        report(ReshapeMismatch(op="Reshape", shape=x.shape, target=target, gaps=gaps), blame=("shape", "tensor"))
        return Tensor(free, x.dtype, "tf")
    return Tensor(filled, x.dtype, "tf", constant=None if x.constant is None else nest(flat(x.constant), filled))


@define("tf.expand_dims")
def expand_dims(call: Call, input: Value, axis: Value, name: Value = None) -> Tensor:
    """A new axis of length 1, counted in the result.  InvalidArgumentError where there is no such place."""
    x, axis = operand(input, "tf", call), number(axis)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "tf")
    rank = len(x.shape)
    place = from_front(axis, rank + 1)
    if place is None:
        if isinstance(axis, int):
            report(NoSuchAxis(op="ExpandDims", axis=axis, rank=rank), blame=("axis",))
        return Tensor(Shape(call.symbol() for _ in range(rank + 1)), x.dtype, "tf")
    shape = Shape((*x.shape[:place], 1, *x.shape[place:]))
    return Tensor(shape, x.dtype, "tf", constant=None if x.constant is None else nest(flat(x.constant), shape))


@define("tf.squeeze")
def squeeze(call: Call, input: Value, axis: Value = None, name: Value = None) -> Tensor:
    """Axes of length 1 taken out.  InvalidArgumentError where an axis is longer, or missing."""
    x, axis = operand(input, "tf", call), number(axis)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "tf")
    rank = len(x.shape)
    if axis is None or axis == [] or axis == ():
        if not all(isinstance(dim, int) or surely_differ(dim, 1) for dim in x.shape):
            return Tensor(Unranked("which axes have length 1 is not known"), x.dtype, "tf")
        return Tensor(squeezed(x.shape, [n for n, dim in enumerate(x.shape) if dim == 1]), x.dtype, "tf")
    gone = missing(list(reversed(axis)) if isinstance(axis, (tuple, list)) else axis, rank)  # the last one is named
    if gone is not None:
        report(NoSuchAxis(op="Squeeze", axis=gone, rank=rank), blame=("axis", "input"))
    places = counted(axis, rank)
    if places is None:
        return Tensor(Unranked("the axes are not known"), x.dtype, "tf")
    wrong = next((place for place in sorted(places) if surely_differ(x.shape[place], 1)), None)
    if wrong is not None:
        report(SqueezeMismatch(op="Squeeze", shape=x.shape, axis=wrong), blame=("axis", "input"))
    shape = squeezed(x.shape, places)
    return Tensor(shape, x.dtype, "tf", constant=None if x.constant is None else nest(flat(x.constant), shape))


@define("tf.transpose")
def transpose(call: Call, a: Value, perm: Value = None, conjugate: Value = False, name: Value = None) -> Tensor:
    """The axes in another order; reversed if none is given.  InvalidArgumentError for no permutation."""
    x, order = operand(a, "tf", call), plain(call.resolve(perm))
    if not isinstance(x.shape, Shape):
        rank = len(order) if isinstance(order, (tuple, list)) else None
        return Tensor(x.shape if rank is None else Shape(call.symbol() for _ in range(rank)), x.dtype, "tf")
    rank = len(x.shape)
    if order is None:
        return Tensor(Shape(reversed(x.shape)), x.dtype, "tf")
    if not isinstance(order, (tuple, list)) or not all(isinstance(number(place), int) for place in order):
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "tf")
    order = tuple(map(number, order))
    places = counted(order, rank)
    if len(order) != rank or places is None or len(set(places)) != rank:
        report(WrongPermutation(op="Transpose", shape=x.shape, order=order), blame=("perm",))
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "tf")
    return Tensor(permuted(x.shape, order), x.dtype, "tf")


@define("tf.tile")
def tile(call: Call, input: Value, multiples: Value, name: Value = None) -> Tensor:
    """Every axis repeated.  InvalidArgumentError unless there is one count for each axis."""
    x = operand(input, "tf", call)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "tf")
    if isinstance(number(multiples), int):
        report(TooFewAxes(op="Tile", shape=(), needed=1), blame=("multiples",))
        return Tensor(Shape(call.symbol() for _ in x.shape), x.dtype, "tf")
    times = as_dims(call, multiples)
    if isinstance(times, Shape) and len(times) != len(x.shape):
        problem = WrongLength(op="Tile", name="multiples", actual=len(times), expected=len(x.shape), shape=x.shape)
        report(problem, blame=("multiples", "input"))
    elif isinstance(times, Shape):
        negative = next((n for n, count in enumerate(times) if isinstance(count, int) and count < 0), None)
        if negative is None:
            return Tensor(Shape(map(tiled, x.shape, times)), x.dtype, "tf")
        report(BadArgument(op="Tile", what="negative", value=times[negative], axis=negative), blame=("multiples",))
    return Tensor(Shape(call.symbol() for _ in x.shape), x.dtype, "tf")


@define("tf.repeat")
def repeat(call: Call, input: Value, repeats: Value, axis: Value = None, name: Value = None) -> Tensor:
    """Every entry repeated, along an axis or in one row."""
    x, axis, counts = operand(input, "tf", call), number(axis), plain(call.resolve(repeats))
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape if axis is not None else Shape((call.symbol(),)), x.dtype, "tf")
    rank = len(x.shape)
    if rank == 0 and axis in (0, -1):
        axis = None
    shape = Shape((product(x.shape),)) if axis is None else x.shape
    place = 0 if axis is None else from_front(axis, rank)
    if place is None:
        if isinstance(axis, int):
            report(NoSuchAxis(op="Repeat", axis=axis, rank=rank), blame=("axis",))
        return Tensor(Shape(call.symbol() for _ in shape), x.dtype, "tf")
    length = call.symbol()
    if is_dim(counts):
        length = tiled(shape[place], counts)
    elif isinstance(counts, (tuple, list)) and all(map(is_dim, counts)):
        length = tiled(shape[place], counts[0]) if len(counts) == 1 else sum(counts)
        if len(counts) != 1 and surely_differ(shape[place], len(counts)):
            problem = WrongLength(op="Repeat", name="repeats", actual=len(counts), expected=shape[place], shape=shape)
            report(problem, blame=("repeats", "input"))
    return Tensor(Shape((*shape[:place], length, *shape[place + 1 :])), x.dtype, "tf")


@define("tf.pad")
def pad(
    call: Call, tensor: Value, paddings: Value, mode: Value = "CONSTANT", constant_values: Value = 0, name: Value = None
) -> Tensor:
    """Cells added on both sides of every axis: one pair for each."""
    x, pairs = operand(tensor, "tf", call), plain(call.resolve(paddings))
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "tf")
    free = Tensor(Shape(call.symbol() for _ in x.shape), x.dtype, "tf")
    op = "Pad" if isinstance(mode, str) and mode.upper() == "CONSTANT" else "MirrorPad"
    if not isinstance(pairs, (tuple, list)):
        return free
    known = operand(pairs, "tf", call).shape
    if isinstance(known, Shape) and (len(known) != 2 or surely_differ(known[1], 2)):
        report(BadArgument(op=op, what="no pairs", shape=known), blame=("paddings",))
        return free
    if isinstance(known, Shape) and surely_differ(known[0], len(x.shape)):
        problem = WrongLength(op=op, name="paddings", actual=known[0], expected=len(x.shape), shape=x.shape)
        report(problem, blame=("paddings", "tensor"))
        return free
    if len(pairs) != len(x.shape) or not all(isinstance(pair, (tuple, list)) and len(pair) == 2 for pair in pairs):
        return free
    pairs = [tuple(as_dim(call, part) for part in pair) for pair in pairs]
    wrong = next((pair for pair in pairs if any(surely_less(part, 0) for part in pair)), None)
    if wrong is not None:
        if op == "Pad":
            report(BadArgument(op=op, what="negative", value=wrong), blame=("paddings",))
        return free
    return Tensor(Shape(extended(size, *pair) for size, pair in zip(x.shape, pairs, strict=True)), x.dtype, "tf")


@define("tf.broadcast_to")
def broadcast_to(call: Call, input: Value, shape: Value, name: Value = None) -> Tensor:
    """A tensor stretched to a shape.  InvalidArgumentError where it does not fit."""
    x, target = operand(input, "tf", call), as_dims(call, shape)
    if isinstance(x.shape, Shape) and isinstance(target, Shape) and not broadcasts_to(x.shape, target):
        report(BroadcastMismatch(op="BroadcastTo", shapes=(x.shape,), target=target), blame=("shape", "input"))
    return Tensor(target, x.dtype, "tf")


@define("tf.ensure_shape")
def ensure_shape(call: Call, x: Value, shape: Value, name: Value = None) -> Tensor:
    """The tensor itself; InvalidArgumentError where it has another shape."""
    tensor = operand(x, "tf", call)
    if not isinstance(shape, (tuple, list)):
        return tensor
    if not isinstance(tensor.shape, Shape):
        return Tensor(shape_from(shape, call.symbol()), tensor.dtype, "tf")
    wanted = tuple(None if dim is None else as_dim(call, dim) for dim in shape)
    differs = len(wanted) != len(tensor.shape) or any(
        dim is not None and surely_differ(dim, own) for dim, own in zip(wanted, tensor.shape, strict=True)
    )
    if differs:
        report(BadArgument(op="EnsureShape", what="shape", shape=tensor.shape, value=wanted), blame=("shape", "x"))
        return tensor
    dims = (own if dim is None or isinstance(own, int) else dim for dim, own in zip(wanted, tensor.shape, strict=True))
    return Tensor(Shape(dims), tensor.dtype, "tf", constant=tensor.constant)


@define("tf.slice")
def slice_(call: Call, input_: Value, begin: Value, size: Value, name: Value = None) -> Tensor:
    """So many cells of every axis from a start on; -1 means all that are left."""
    x, starts, sizes = operand(input_, "tf", call), as_dims(call, begin), as_dims(call, size)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "tf")
    if not isinstance(starts, Shape) or not isinstance(sizes, Shape):
        return Tensor(Shape(call.symbol() for _ in x.shape), x.dtype, "tf")
    if len(starts) != len(x.shape) or len(sizes) != len(x.shape):
        problem = BadArgument(op="Slice", what="lengths", shape=x.shape, value=(len(starts), len(sizes)))
        report(problem, blame=("begin", "size"))
        return Tensor(Shape(call.symbol() for _ in x.shape), x.dtype, "tf")
    dims: list[Any] = []
    for axis, (own, start, count) in enumerate(zip(x.shape, starts, sizes, strict=True)):
        if surely_equal(count, -1):
            if isinstance(own, int) and isinstance(start, int) and not 0 <= start <= own:
                report(BadArgument(op="Slice", what="begin", axis=axis, value=(start, own)), blame=("begin",))
            dims.append(own - start)
            continue
        if all(isinstance(part, int) for part in (own, start, count)):
            if not 0 <= start <= own:
                report(BadArgument(op="Slice", what="begin", axis=axis, value=(start, own)), blame=("begin",))
            elif not 0 <= count <= own - start:
                report(BadArgument(op="Slice", what="size", axis=axis, value=(count, own - start)), blame=("size",))
        dims.append(count)
    return Tensor(Shape(dims), x.dtype, "tf")


@define("tf.reverse")
def reverse(call: Call, tensor: Value, axis: Value, name: Value = None) -> Tensor:
    """The order along some axes reversed."""
    x, axes = operand(tensor, "tf", call), number(axis)
    if isinstance(x.shape, Shape) and isinstance(axes, (tuple, list)):
        if missing(axes, len(x.shape)) is not None:
            places = tuple(axes).index(missing(axes, len(x.shape)))
            report(NoSuchAxis(op="ReverseV2", axis=axes[places], rank=len(x.shape), role=str(places)), blame=("axis",))
        elif twice(axes, len(x.shape)) is not None:
            report(RepeatedAxis(op="ReverseV2", axis=twice(axes, len(x.shape))), blame=("axis",))
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.roll")
def roll(call: Call, input: Value, shift: Value, axis: Value, name: Value = None) -> Tensor:
    """The entries moved along some axes, round the end."""
    x = operand(input, "tf", call)
    if isinstance(x.shape, Shape) and missing(number(axis), len(x.shape)) is not None:
        report(NoSuchAxis(op="Roll", axis=missing(number(axis), len(x.shape)), rank=len(x.shape)), blame=("axis",))
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.shape")
def shape(call: Call, input: Value, out_type: Value = "int32", name: Value = None) -> Tensor:
    """The shape as a tensor: its numbers are known, so that ``tf.shape(x)[0]`` is the length."""
    x = operand(input, "tf", call)
    if not isinstance(x.shape, Shape):
        return Tensor(Shape((call.symbol(),)), "int32", "tf")
    return Tensor(Shape((len(x.shape),)), "int32", "tf", constant=tuple(x.shape))


@define("tf.size")
def size(call: Call, input: Value, out_type: Value = "int32", name: Value = None) -> Value:
    """How many elements there are."""
    x = operand(input, "tf", call)
    return product(x.shape) if isinstance(x.shape, Shape) else Unknown(x.shape.reason)


@define("tf.rank")
def rank_(call: Call, input: Value, name: Value = None) -> Value:
    """How many axes there are."""
    x = operand(input, "tf", call)
    return len(x.shape) if isinstance(x.shape, Shape) else Unknown(x.shape.reason)


@define("tf.boolean_mask")
def boolean_mask(call: Call, tensor: Value, mask: Value, axis: Value = None, name: Value = "boolean_mask") -> Tensor:
    """The entries where a mask of truth values is true.  ValueError where its lengths differ."""
    start = number(axis)
    return masked(call, tensor, mask, 0 if start is None else start, ("mask", "tensor"))


def masked(call: Call, tensor: Value, mask: Value, start: Value, blame: tuple[str, str]) -> Tensor:
    """The entries along the axes from ``start`` on where the mask is true, in one row."""
    x, chosen = operand(tensor, "tf", call), operand(mask, "tf", call)
    if not isinstance(x.shape, Shape) or not isinstance(chosen.shape, Shape) or not isinstance(start, int) or start < 0:
        return Tensor(Unranked("the mask is not known"), x.dtype, "tf")
    end = start + len(chosen.shape)
    if not chosen.shape or end > len(x.shape):
        return Tensor(Unranked("the mask does not fit"), x.dtype, "tf")
    own = Shape(x.shape[start:end])
    if any(map(surely_differ, own, chosen.shape)):
        report(BadArgument(op="boolean_mask", what="mask", shape=own, value=chosen.shape), blame=blame)
    count = call.symbol()
    if chosen.constant is not None:
        count = sum(map(bool, flat(chosen.constant)))
    return Tensor(Shape((*x.shape[:start], count, *x.shape[end:])), x.dtype, "tf")
