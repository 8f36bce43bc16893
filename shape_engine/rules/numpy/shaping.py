"""NumPy's functions and methods that change a shape (numpy/_core/fromnumeric.py, numeric.py, numpy/lib)."""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, surely_differ, surely_less
from ...dtypes import dtype_name
from ...evidence import report
from ...formulas.broadcast import broadcasts_to
from ...formulas.creation import flat as flat_elements
from ...formulas.creation import nest
from ...formulas.join import extended, from_front, tiled
from ...formulas.reduce import counted, missing, twice
from ...formulas.reshape import permuted, reshaped, squeezed
from ...problems import (
    BroadcastMismatch,
    NoSuchAxis,
    RepeatedAxis,
    ReshapeMismatch,
    SqueezeMismatch,
    WrongLength,
    WrongPermutation,
)
from ...rule import Call
from ...shape import Shape, Unranked, product
from ...value import Tensor, Value
from ..arrays import as_dims, definer, number, operand, plain

define = definer("numpy", "numpy")


@define("numpy.reshape")
def reshape(
    call: Call, a: Value, shape: Value = None, order: Value = "C", *, newshape: Value = None, **_: Value
) -> Tensor:
    """The same elements in another shape.  ValueError where they do not fill it."""
    x = operand(a, "numpy", call)
    return to_shape(call, x, as_dims(call, newshape if shape is None else shape), "shape")


@define("numpy.ndarray.reshape")
def reshape_method(call: Call, a: Tensor, *shape: Value, order: Value = "C", **_: Value) -> Tensor:
    """``x.reshape(2, 3)`` or ``x.reshape((2, 3))``."""
    return to_shape(call, a, as_dims(call, shape[0] if len(shape) == 1 else shape), "shape")


def to_shape(call: Call, x: Tensor, target: Shape | Unranked, blame: str) -> Tensor:
    """An array in the target shape, in which one length may be -1 (NumPy takes any negative number for it)."""
    if isinstance(target, Unranked):
        return Tensor(target, x.dtype, "numpy")
    gaps = sum(isinstance(dim, int) and dim < 0 for dim in target)
    if gaps > 1:
        report(ReshapeMismatch(op="reshape", target=target, gaps=gaps), blame=(blame,))
        return Tensor(Shape(call.symbol() if _gap(dim) else dim for dim in target), x.dtype, "numpy")
    target = Shape(-1 if _gap(dim) else dim for dim in target)
    if isinstance(x.shape, Unranked):
        return Tensor(Shape(call.symbol() if _gap(dim) else dim for dim in target), x.dtype, "numpy")
    shape = reshaped(x.shape, target)
    if shape is None or (gaps and 0 in target):
        report(ReshapeMismatch(op="reshape", shape=x.shape, target=target, gaps=gaps), blame=(blame, "a"))
        return Tensor(Shape(call.symbol() if _gap(dim) else dim for dim in target), x.dtype, "numpy")
    constant = None if x.constant is None else nest(flat_elements(x.constant), shape)
    return Tensor(shape, x.dtype, "numpy", constant=constant)


@define("numpy.ravel", "numpy.ndarray.ravel", "numpy.ndarray.flatten")
def ravel(call: Call, a: Value, order: Value = "C") -> Tensor:
    """All elements in one row."""
    x = operand(a, "numpy", call)
    length = product(x.shape) if isinstance(x.shape, Shape) else call.symbol()
    constant = None if x.constant is None else tuple(flat_elements(x.constant))
    return Tensor(Shape((length,)), x.dtype, "numpy", constant=constant)


@define("numpy.ndarray.resize")
def resize(call: Call, a: Tensor, *shape: Value, **_: Value) -> Value:
    """Changes the array itself."""
    return None


@define("numpy.expand_dims")
def expand_dims(call: Call, a: Value, axis: Value) -> Tensor:
    """New axes of length 1, counted in the result.  AxisError where there is no such place."""
    x = operand(a, "numpy", call)
    axis = number(axis)
    several = tuple(map(number, axis)) if isinstance(axis, (tuple, list)) else (axis,)
    if not isinstance(x.shape, Shape) or not all(isinstance(one, int) for one in several):
        ranked = isinstance(x.shape, Shape)
        shape = Shape(call.symbol() for _ in range(len(x.shape) + len(several))) if ranked else x.shape  # type: ignore[arg-type]
        return Tensor(shape, x.dtype, "numpy")
    rank = len(x.shape) + len(several)
    gone = missing(several, rank)
    if gone is not None:
        report(NoSuchAxis(op="expand_dims", axis=gone, rank=rank), blame=("axis",))
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    if twice(several, rank) is not None:
        report(RepeatedAxis(op="expand_dims", axis=twice(several, rank)), blame=("axis",))
        return Tensor(Unranked("an axis is named twice"), x.dtype, "numpy")
    places = counted(several, rank) or ()
    rest = iter(x.shape)
    shape = Shape(1 if place in places else next(rest) for place in range(rank))
    constant = None if x.constant is None else nest(flat_elements(x.constant), shape)
    return Tensor(shape, x.dtype, "numpy", constant=constant)


@define("numpy.squeeze", "numpy.ndarray.squeeze")
def squeeze(call: Call, a: Value, axis: Value = None) -> Tensor:
    """Axes of length 1 taken out.  ValueError where an axis is longer, AxisError where it is missing."""
    x = operand(a, "numpy", call)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "numpy")
    axis = number(axis)
    if axis is None:
        if not all(isinstance(dim, int) or surely_differ(dim, 1) for dim in x.shape):
            return Tensor(Unranked("which axes have length 1 is not known"), x.dtype, "numpy")
        places: tuple[int, ...] | None = tuple(place for place, dim in enumerate(x.shape) if dim == 1)
    else:
        several = axis if isinstance(axis, (tuple, list)) else (axis,)
        if not all(isinstance(one, int) for one in several):
            return Tensor(Unranked("the axis is not known"), x.dtype, "numpy")
        if not x.shape and axis in (0, -1):
            return x
        gone = missing(axis, len(x.shape))
        if gone is not None:
            report(NoSuchAxis(op="squeeze", axis=gone, rank=len(x.shape)), blame=("axis", "a"))
            return Tensor(Unranked("there is no such axis"), x.dtype, "numpy")
        places = counted(axis, len(x.shape))
    assert places is not None
    wrong = next((place for place in places if surely_differ(x.shape[place], 1)), None)
    if wrong is not None and axis is not None:
        report(SqueezeMismatch(op="squeeze", shape=x.shape, axis=wrong), blame=("axis", "a"))
    shape = squeezed(x.shape, places)
    constant = None if x.constant is None else nest(flat_elements(x.constant), shape)
    return Tensor(shape, x.dtype, "numpy", constant=constant)


@define("numpy.transpose", "numpy.permute_dims")
def transpose(call: Call, a: Value, axes: Value = None) -> Tensor:
    """The axes in another order; reversed if none is given."""
    return _permuted(call, operand(a, "numpy", call), axes)


@define("numpy.ndarray.transpose")
def transpose_method(call: Call, a: Tensor, *axes: Value) -> Tensor:
    """``x.transpose(0, 2, 1)``, ``x.transpose((0, 2, 1))`` or ``x.transpose()``."""
    return _permuted(call, a, (axes[0] if len(axes) == 1 else axes) or None)


def _permuted(call: Call, x: Tensor, axes: Value) -> Tensor:
    if isinstance(axes, int):
        axes = (axes,)
    if not isinstance(x.shape, Shape):
        rank = len(axes) if isinstance(axes, (tuple, list)) else None
        return Tensor(x.shape if rank is None else Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    rank = len(x.shape)
    axes = plain(axes)
    order = tuple(range(rank))[::-1] if axes is None else axes
    if not isinstance(order, (tuple, list)) or not all(isinstance(number(place), int) for place in order):
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    order = tuple(map(number, order))
    places = counted(order, rank)
    if len(order) != rank or places is None or len(set(places)) != rank:
        gone = missing(order, rank)
        if len(order) == rank and gone is not None:
            report(NoSuchAxis(op="transpose", axis=gone, rank=rank), blame=("axes",))
        else:
            report(WrongPermutation(op="transpose", shape=x.shape, order=order), blame=("axes",))
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    return Tensor(permuted(x.shape, order), x.dtype, "numpy")


@define("numpy.moveaxis")
def moveaxis(call: Call, a: Value, source: Value, destination: Value) -> Tensor:
    """Some axes at other places, the rest in their order."""
    x = operand(a, "numpy", call)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "numpy")
    rank = len(x.shape)
    origins, places = (list(part) if isinstance(part, (tuple, list)) else [part] for part in (source, destination))
    if not all(isinstance(number(one), int) for one in origins + places):
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    for role, axes in (("source", origins), ("destination", places)):
        gone = missing(axes, rank)
        if gone is not None:
            report(NoSuchAxis(op="moveaxis", axis=gone, rank=rank, role=role), blame=(role,))
            return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    if len(origins) != len(places):
        report(
            WrongLength(op="moveaxis", name="destination", actual=len(places), expected=len(origins)),
            blame=("destination",),
        )
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    taken = [axis % rank for axis in origins]
    order = [axis for axis in range(rank) if axis not in taken]
    for place, axis in sorted(zip([axis % rank for axis in places], taken, strict=True)):
        order.insert(place, axis)
    if len(set(order)) != rank:
        return Tensor(Unranked("an axis is named twice"), x.dtype, "numpy")
    return Tensor(permuted(x.shape, order), x.dtype, "numpy")


@define("numpy.swapaxes", "numpy.ndarray.swapaxes")
def swapaxes(call: Call, a: Value, axis1: Value, axis2: Value) -> Tensor:
    """Two axes exchanged."""
    x = operand(a, "numpy", call)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "numpy")
    rank = len(x.shape)
    places = []
    for role, axis in (("axis1", number(axis1)), ("axis2", number(axis2))):
        if isinstance(axis, int) and from_front(axis, rank) is None:
            report(NoSuchAxis(op="swapaxes", axis=axis, rank=rank, role=role), blame=(role,))
        places.append(from_front(axis, rank))
    if None in places:
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    order = list(range(rank))
    first, second = places
    order[first], order[second] = order[second], order[first]  # type: ignore[index]
    return Tensor(permuted(x.shape, order), x.dtype, "numpy")


@define("numpy.tile")
def tile(call: Call, A: Value, reps: Value) -> Tensor:
    """The array repeated along its axes; missing axes and counts are 1."""
    x, times = operand(A, "numpy", call), as_dims(call, reps)
    if not isinstance(x.shape, Shape) or not isinstance(times, Shape):
        return Tensor(Unranked("the shape is not known"), x.dtype, "numpy")
    rank = max(len(x.shape), len(times))
    sizes, counts = ((1,) * (rank - len(dims)) + tuple(dims) for dims in (x.shape, times))
    return Tensor(Shape(map(tiled, sizes, counts)), x.dtype, "numpy")


@define("numpy.repeat", "numpy.ndarray.repeat")
def repeat(call: Call, a: Value, repeats: Value, axis: Value = None) -> Tensor:
    """Every element repeated, along an axis or in one row."""
    x, axis = operand(a, "numpy", call), number(axis)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape if axis is not None else Shape((call.symbol(),)), x.dtype, "numpy")
    rank = len(x.shape)
    if axis is not None and not isinstance(axis, int):
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    if not rank and axis in (0, -1):
        axis = None
    if axis is not None and from_front(axis, rank) is None:
        report(NoSuchAxis(op="repeat", axis=axis, rank=rank), blame=("axis",))
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    place = 0 if axis is None else axis % rank
    shape = Shape((product(x.shape),)) if axis is None else x.shape
    counts = plain(repeats)
    length = call.symbol()
    if is_dim(number(repeats)):
        length = tiled(shape[place], number(repeats))
    elif isinstance(counts, (tuple, list)) and all(map(is_dim, counts)):
        if len(counts) == 1:
            length = tiled(shape[place], counts[0])
        else:
            length = sum(counts)
            if surely_differ(shape[place], len(counts)):
                problem = WrongLength(
                    op="repeat", name="repeats", actual=len(counts), expected=shape[place], shape=shape
                )
                report(problem, blame=("repeats",))
    return Tensor(Shape((*shape[:place], length, *shape[place + 1 :])), x.dtype, "numpy")


@define("numpy.pad")
def pad(call: Call, array: Value, pad_width: Value, mode: Value = "constant", **_: Value) -> Tensor:
    """Cells added on both sides of every axis: one number, one pair, or a pair for each axis."""
    x, widths = operand(array, "numpy", call), plain(pad_width)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "numpy")
    rank = len(x.shape)
    pairs = _pairs(widths, rank)
    if pairs is None:
        if isinstance(widths, (tuple, list)) and len(widths) not in (1, rank) and all(_is_pair(w) for w in widths):
            report(
                WrongLength(op="pad", name="pad_width", actual=len(widths), expected=rank, shape=x.shape),
                blame=("pad_width",),
            )
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    if any(surely_less(width, 0) for pair in pairs for width in pair):
        report(
            WrongLength(op="pad", name="negative", actual=min(w for p in pairs for w in p if isinstance(w, int))),
            blame=("pad_width",),
        )
        return Tensor(Shape(call.symbol() for _ in range(rank)), x.dtype, "numpy")
    return Tensor(Shape(extended(size, *pair) for size, pair in zip(x.shape, pairs, strict=True)), x.dtype, "numpy")


@define("numpy.flip", axis_is_keyword=False)
@define("numpy.fliplr", "numpy.flipud", axis_is_keyword=None)
def flip(call: Call, m: Value, axis: Value = None, *, axis_is_keyword: Any) -> Tensor:
    """The order along some axes reversed."""
    x = operand(m, "numpy", call)
    _known_axes(x, number(axis), "flip")
    return Tensor(x.shape, x.dtype, "numpy")


@define("numpy.roll")
def roll(call: Call, a: Value, shift: Value, axis: Value = None) -> Tensor:
    """The elements moved along some axes, round the end."""
    x = operand(a, "numpy", call)
    _known_axes(x, number(axis), "roll")
    return Tensor(x.shape, x.dtype, "numpy")


@define("numpy.tril", "numpy.triu")
def tril(call: Call, m: Value, k: Value = 0) -> Tensor:
    """A triangle of the matrices in the last two axes; the rest is 0."""
    x = operand(m, "numpy", call)
    return Tensor(x.shape, x.dtype, "numpy")


@define("numpy.rot90")
def rot90(call: Call, m: Value, k: Value = 1, axes: Value = (0, 1)) -> Tensor:
    """A quarter turn in the plane of two axes."""
    x = operand(m, "numpy", call)
    places = counted(axes, len(x.shape)) if isinstance(x.shape, Shape) else None
    if not isinstance(x.shape, Shape) or places is None or len(places) != 2 or not isinstance(k, int):
        return Tensor(Unranked("the turn is not known"), x.dtype, "numpy")
    if k % 2 == 0:
        return Tensor(x.shape, x.dtype, "numpy")
    return swapaxes(call, x, *places)


@define("numpy.broadcast_to")
def broadcast_to(call: Call, array: Value, shape: Value, **_: Value) -> Tensor:
    """An array stretched to a shape.  ValueError where it does not fit."""
    x, target = operand(array, "numpy", call), as_dims(call, shape)
    if isinstance(x.shape, Shape) and isinstance(target, Shape) and not broadcasts_to(x.shape, target):
        report(BroadcastMismatch(op="broadcast_to", shapes=(x.shape,), target=target), blame=("shape", "array"))
    return Tensor(target, x.dtype, "numpy")


@define("numpy.atleast_1d", rank=1)
@define("numpy.atleast_2d", rank=2)
@define("numpy.atleast_3d", rank=3)
def atleast(call: Call, *arys: Value, rank: int) -> Value:
    """Axes of length 1 added until there are enough."""
    results = tuple(_at_least(operand(a, "numpy", call), rank) for a in arys)
    return results[0] if len(results) == 1 else results


@define("numpy.ndarray.astype")
def astype(call: Call, a: Tensor, dtype: Value, *args: Value, **_: Value) -> Tensor:
    """The same numbers as another dtype."""
    name = dtype_name(dtype)
    keeps = name is not None and name.startswith(("int", "uint", "float"))
    constant = _converted(a.constant, name) if keeps and a.constant is not None else None
    return Tensor(a.shape, name, "numpy", constant=constant)


def _converted(constant: Any, dtype: str | None) -> Any:
    if isinstance(constant, tuple):
        return tuple(_converted(item, dtype) for item in constant)
    if not isinstance(constant, (bool, int, float)):
        return constant
    return float(constant) if str(dtype).startswith("float") else int(constant)


def _gap(dim: Any) -> bool:
    return isinstance(dim, int) and dim < 0


def _known_axes(x: Tensor, axis: Value, op: str) -> None:
    if axis is not None and isinstance(x.shape, Shape):
        gone = missing(axis, len(x.shape))
        if gone is not None:
            report(NoSuchAxis(op=op, axis=gone, rank=len(x.shape)), blame=("axis",))


def _is_pair(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and len(value) == 2 and all(map(is_dim, value))


def _pairs(widths: Any, rank: int) -> list[tuple[Any, Any]] | None:
    """The cells before and after each axis, in NumPy's many spellings; None where they are not known."""
    if is_dim(widths):
        return [(widths, widths)] * rank
    if isinstance(widths, dict) or not isinstance(widths, (tuple, list)) or not widths:
        return None
    if all(map(is_dim, widths)):
        return [(widths[0], widths[-1])] * rank if len(widths) <= 2 else None
    if not all(map(_is_pair, widths)) or len(widths) not in (1, rank):
        return None
    return [tuple(pair) for pair in (widths * rank if len(widths) == 1 else widths)]  # type: ignore[misc]


def _at_least(x: Tensor, rank: int) -> Tensor:
    if not isinstance(x.shape, Shape) or len(x.shape) >= rank:
        return Tensor(x.shape, x.dtype, "numpy", constant=x.constant)
    dims = tuple(x.shape)
    dims = (*dims, 1) if rank == 3 and len(dims) == 2 else (1, *dims, 1) if rank == 3 and len(dims) == 1 else dims
    return Tensor(Shape((1,) * (rank - len(dims)) + dims), x.dtype, "numpy")
