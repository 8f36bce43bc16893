"""NumPy's functions that join arrays and cut them apart (numpy/_core/shape_base.py, numpy/lib/shape_base)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from ...dim import is_dim, surely_no_multiple
from ...evidence import report
from ...formulas.creation import in_a_row
from ...formulas.indexing import sliced
from ...formulas.join import concatenated, from_front, mismatch, piece, stacked
from ...problems import JoinMismatch, NoSuchAxis, NothingToJoin, UnevenSplit
from ...rule import Call
from ...shape import Shape, Unranked, product
from ...value import Tensor, Unknown, Value
from ..arrays import definer, number, operand, plain, surely_same, weak
from .creation import result_dtype

define = definer("numpy", "numpy")


@define("numpy.concatenate", "numpy.concat")
def concatenate(call: Call, arrays: Value, axis: Value = 0, out: Value = None, **_: Value) -> Tensor:
    """Arrays joined along an axis that they have; None joins all elements in one row."""
    return _concatenated(call, arrays, axis, "arrays")


@define("numpy.append")
def append(call: Call, arr: Value, values: Value, axis: Value = None) -> Tensor:
    """``values`` after ``arr``: in one row, or along an axis."""
    return _concatenated(call, (arr, values), axis, "values")


def _concatenated(call: Call, arrays: Value, axis: Value, blame: str) -> Tensor:
    tensors = parts(call, arrays)
    if tensors is None:
        return Tensor(Unranked("the arrays are not known"), None, "numpy")
    if axis is None:
        lengths = [product(x.shape) if isinstance(x.shape, Shape) else call.symbol() for x in tensors]
        return Tensor(Shape((sum(lengths),)), joined_dtype(arrays, tensors), "numpy")
    return joined(call, tensors, number(axis), joined_dtype(arrays, tensors), blame)


def joined(call: Call, tensors: list[Tensor], axis: Value, dtype: str | None, blame: str) -> Tensor:
    """Arrays joined along ``axis``, with NumPy's checks in NumPy's order."""
    if not tensors:
        report(NothingToJoin(op="concatenate"), blame=(blame,))
        return Tensor(Unranked("nothing is joined"), None, "numpy")
    shapes = [x.shape for x in tensors if isinstance(x.shape, Shape)]
    if len(shapes) < len(tensors) or not isinstance(axis, int):
        ranked = shapes and isinstance(axis, int)
        return Tensor(_open(call, shapes[0], axis) if ranked else Unranked("a shape is not known"), dtype, "numpy")
    rank = len(shapes[0])
    if rank == 0:
        report(NothingToJoin(op="concatenate", scalars=True), blame=(blame,))
        return Tensor(Unranked("scalars are joined"), dtype, "numpy")
    place = from_front(axis, rank)
    if place is None:
        report(NoSuchAxis(op="concatenate", axis=axis, rank=rank), blame=("axis", blame))
        return Tensor(Shape(call.symbol() for _ in range(rank)), dtype, "numpy")
    wrong = mismatch(shapes, place)
    if wrong is not None:
        position, at = wrong
        report(
            JoinMismatch(op="concatenate", shapes=tuple(shapes), axis=place, position=position, at=at), blame=(blame,)
        )
        if any(len(shape) != rank for shape in shapes):
            return Tensor(_open(call, shapes[0], place), dtype, "numpy")
    shape = concatenated(shapes, place)
    constants = [x.constant for x in tensors]
    constant = in_a_row(constants, shape) if rank == 1 else None
    return Tensor(shape, dtype, "numpy", constant=constant)


@define("numpy.stack")
def stack(call: Call, arrays: Value, axis: Value = 0, out: Value = None, **_: Value) -> Tensor:
    """Arrays of one shape side by side on a new axis."""
    tensors = parts(call, arrays)
    if tensors is None:
        return Tensor(Unranked("the arrays are not known"), None, "numpy")
    dtype = joined_dtype(arrays, tensors)
    if not tensors:
        report(NothingToJoin(op="stack"), blame=("arrays",))
        return Tensor(Unranked("nothing is stacked"), None, "numpy")
    shapes = [x.shape for x in tensors if isinstance(x.shape, Shape)]
    if not shapes or not isinstance(number(axis), int):
        return Tensor(Unranked("the shapes are not known"), dtype, "numpy")
    wrong = mismatch(shapes, None)
    if wrong is not None:
        problem = JoinMismatch(op="stack", shapes=tuple(shapes), position=wrong[0], at=wrong[1])
        report(problem, blame=("arrays",))
        if any(len(shape) != len(shapes[0]) for shape in shapes):
            return Tensor(Unranked("the ranks differ"), dtype, "numpy")
    rank = len(shapes[0]) + 1
    place = from_front(number(axis), rank)
    if place is None:
        if len(shapes) == len(tensors) and all(map(surely_same, shapes, shapes[1:])):  # the shapes are checked first
            report(NoSuchAxis(op="stack", axis=number(axis), rank=rank), blame=("axis",))
        return Tensor(Shape(call.symbol() for _ in range(rank)), dtype, "numpy")
    shape = stacked(shapes, place)
    return Tensor(Shape((*shape[:place], len(tensors), *shape[place + 1 :])), dtype, "numpy")


@define("numpy.vstack", "numpy.row_stack", how="v")
@define("numpy.hstack", how="h")
@define("numpy.dstack", how="d")
@define("numpy.column_stack", how="c")
def vstack(call: Call, tup: Value, *, how: str, **_: Value) -> Tensor:
    """Joined along the first, second or third axis, after axes of length 1 have been added."""
    tensors = parts(call, tup)
    if tensors is None or not all(isinstance(x.shape, Shape) for x in tensors):
        return Tensor(Unranked("the arrays are not known"), None, "numpy")
    raised = [Tensor(_raised(x.shape, how), x.dtype, "numpy") for x in tensors]  # type: ignore[arg-type]
    first = raised[0].shape if raised else Shape((1,))
    axis = {"v": 0, "d": 2, "c": 1, "h": 0 if isinstance(first, Shape) and len(first) == 1 else 1}[how]
    return joined(call, raised, axis, joined_dtype(tup, tensors), "tup")


@define("numpy.split", even=True)
@define("numpy.array_split", even=False)
def split(call: Call, ary: Value, indices_or_sections: Value, axis: Value = 0, *, even: bool) -> Value:
    """An axis cut into equal parts (ValueError where they cannot be equal), or cut at some places."""
    x, axis = operand(ary, "numpy", call), number(axis)
    return pieces(call, x, plain(indices_or_sections), axis, even)


@define("numpy.vsplit", axis=0)
@define("numpy.hsplit", axis=1)
@define("numpy.dsplit", axis=2)
def vsplit(call: Call, ary: Value, indices_or_sections: Value, *, axis: int) -> Value:
    """Cut along the first, second or third axis; a row is cut along its only axis."""
    x = operand(ary, "numpy", call)
    if isinstance(x.shape, Shape) and len(x.shape) == 1 and axis == 1:
        axis = 0
    if not isinstance(x.shape, Shape) or len(x.shape) <= axis:
        return Unknown("the parts are not known")
    return pieces(call, x, plain(indices_or_sections), axis, True)


def pieces(call: Call, x: Tensor, cuts: Value, axis: Value, even: bool) -> Value:
    """The parts of an array, as a list."""
    if not isinstance(x.shape, Shape) or not isinstance(axis, int):
        return Unknown("the parts are not known")
    rank = len(x.shape)
    place = from_front(axis, rank)
    if place is None:
        report(NoSuchAxis(op="split", axis=axis, rank=rank), blame=("axis", "ary"))
        return Unknown("there is no such axis")
    size = x.shape[place]
    if isinstance(cuts, int) and cuts > 0:
        if even and surely_no_multiple(size, cuts):
            problem = UnevenSplit(op="split", shape=x.shape, axis=place, sections=cuts)
            report(problem, blame=("indices_or_sections", "ary"))
            even = False
        if even:
            lengths: list[Any] = [piece(size, cuts)] * cuts
        else:
            lengths = [(size + cuts - 1 - place_) // cuts for place_ in range(cuts)]
    elif isinstance(cuts, (tuple, list)) and all(map(is_dim, cuts)) and len(cuts) <= 256:
        bounds = (0, *cuts, None)
        lengths = [sliced(size, start, stop, None) for start, stop in itertools.pairwise(bounds)]
    else:
        return Unknown("the number of parts is not known")
    return [Tensor(Shape((*x.shape[:place], length, *x.shape[place + 1 :])), x.dtype, "numpy") for length in lengths]


@define("numpy.delete")
def delete(call: Call, arr: Value, obj: Value, axis: Value = None) -> Tensor:
    """An array without some entries along an axis, or in one row."""
    x, axis = operand(arr, "numpy", call), number(axis)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape if axis is not None else Shape((call.symbol(),)), x.dtype, "numpy")
    shape = Shape((product(x.shape),)) if axis is None else x.shape
    place = 0 if axis is None else from_front(axis, len(shape))
    if place is None:
        return Tensor(Shape(call.symbol() for _ in shape), x.dtype, "numpy")
    gone = number(obj)
    known = isinstance(gone, int) and isinstance(shape[place], int) and -shape[place] <= gone < shape[place]
    length = shape[place] - 1 if known else call.symbol()
    places = plain(obj)
    if isinstance(places, (list, tuple)) and all(type(n) is int for n in places) and isinstance(shape[place], int):
        inside = {n % shape[place] for n in places if -shape[place] <= n < shape[place]}
        length = shape[place] - len(inside) if all(-shape[place] <= n < shape[place] for n in places) else length
    return Tensor(Shape((*shape[:place], length, *shape[place + 1 :])), x.dtype, "numpy")


@define("numpy.insert")
def insert(call: Call, arr: Value, obj: Value, values: Value, axis: Value = None) -> Tensor:
    """An array with more entries along an axis, or in one row."""
    x, axis = operand(arr, "numpy", call), number(axis)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape if axis is not None else Shape((call.symbol(),)), None, "numpy")
    shape = Shape((product(x.shape),)) if axis is None else x.shape
    place = 0 if axis is None else from_front(axis, len(shape))
    added, at = operand(values, "numpy", call), number(obj)
    if place is None:
        return Tensor(Shape(call.symbol() for _ in shape), None, "numpy")
    one = isinstance(at, int) and added.shape == Shape(())
    length = shape[place] + 1 if one else call.symbol()
    return Tensor(Shape((*shape[:place], length, *shape[place + 1 :])), x.dtype, "numpy")


@define("numpy.take", "numpy.ndarray.take")
def take(call: Call, a: Value, indices: Value, axis: Value = None, **_: Value) -> Tensor:
    """Entries along an axis (or of all elements) picked by number."""
    x, picked, axis = operand(a, "numpy", call), operand(indices, "numpy", call), number(axis)
    if axis is None:
        return Tensor(picked.shape, x.dtype, "numpy")
    if not isinstance(x.shape, Shape) or not isinstance(picked.shape, Shape) or not isinstance(axis, int):
        return Tensor(Unranked("the shape is not known"), x.dtype, "numpy")
    place = from_front(axis, len(x.shape))
    if place is None:
        report(NoSuchAxis(op="take", axis=axis, rank=len(x.shape)), blame=("axis",))
        return Tensor(Shape(call.symbol() for _ in range(len(x.shape) - 1 + len(picked.shape))), x.dtype, "numpy")
    return Tensor(Shape((*x.shape[:place], *picked.shape, *x.shape[place + 1 :])), x.dtype, "numpy")


@define("numpy.take_along_axis")
def take_along_axis(call: Call, arr: Value, indices: Value, axis: Value = -1) -> Tensor:
    """Entries picked along an axis, for each place anew."""
    x, picked = operand(arr, "numpy", call), operand(indices, "numpy", call)
    return Tensor(picked.shape if axis is not None else Shape((call.symbol(),)), x.dtype, "numpy")


def parts(call: Call, arrays: Value) -> list[Tensor] | None:
    """The arrays that are joined: a sequence, or the rows of an array; None where they are not known."""
    arrays = call.resolve(arrays)
    if isinstance(arrays, Tensor):
        if not isinstance(arrays.shape, Shape) or not arrays.shape or not isinstance(arrays.shape[0], int):
            return None
        if arrays.shape[0] > 256:
            return None
        return [Tensor(Shape(arrays.shape[1:]), arrays.dtype, "numpy")] * arrays.shape[0]
    return [operand(x, "numpy", call) for x in arrays] if isinstance(arrays, (tuple, list)) else None


def joined_dtype(arrays: Value, tensors: Sequence[Tensor]) -> str | None:
    """The dtype that holds all of them; numbers adapt to none (NumPy joins them as arrays)."""
    if isinstance(arrays, (tuple, list)) and any(weak(x) for x in arrays):
        return None
    return result_dtype(list(tensors))


def _raised(shape: Shape, how: str) -> Shape:
    dims = tuple(shape)
    if how == "v":
        return Shape((1,) * (2 - len(dims)) + dims)
    if how == "h":
        return Shape(dims or (1,))
    if how == "c":
        return Shape((*dims, 1) if len(dims) == 1 else dims or (1, 1))
    return Shape((1, *dims, 1) if len(dims) == 1 else (*dims, 1) if len(dims) == 2 else dims or (1, 1, 1))


def _open(call: Call, shape: Shape, axis: int) -> Shape | Unranked:
    """The rank of the first array: that of the result, whatever the others are."""
    return Shape(call.symbol() for _ in shape)
