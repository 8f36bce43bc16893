"""NumPy's reductions, scans and sorting (numpy/_core/fromnumeric.py, _methods.py)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from itertools import accumulate, pairwise
from typing import Any

from ...dim import is_dim, maximum, minimum, surely_equal
from ...dtypes import dtype_name, is_integer
from ...evidence import report
from ...formulas.creation import flat
from ...formulas.reduce import counted, missing, reduced, twice
from ...formulas.reshape import flattened
from ...problems import EmptyReduction, NoSuchAxis, RepeatedAxis
from ...rule import Call
from ...shape import Shape, Unranked, product
from ...value import Tensor, Unknown, Value
from ..arrays import definer, is_number, number, operand

define = definer("numpy", "numpy")

REDUCTIONS: tuple[tuple[tuple[str, ...], str, Callable[[list[Any]], Any] | None], ...] = (
    # targets, what the dtype becomes, the same on a list of numbers
    (("numpy.sum", "numpy.ndarray.sum", "numpy.nansum"), "sum", sum),
    (("numpy.prod", "numpy.ndarray.prod", "numpy.product"), "sum", lambda items: reduce(operator.mul, items, 1)),
    (("numpy.mean", "numpy.ndarray.mean", "numpy.nanmean", "numpy.average"), "mean", lambda items: _mean(items)),
    (("numpy.std", "numpy.ndarray.std", "numpy.nanstd"), "mean", None),
    (("numpy.var", "numpy.ndarray.var", "numpy.nanvar"), "mean", None),
    (("numpy.median", "numpy.nanmedian"), "median", None),
    (("numpy.max", "numpy.amax", "numpy.ndarray.max", "numpy.nanmax"), "maximum", lambda items: _extreme(maximum, max, items)),
    (("numpy.min", "numpy.amin", "numpy.ndarray.min", "numpy.nanmin"), "minimum", lambda items: _extreme(minimum, min, items)),
    (("numpy.any", "numpy.ndarray.any"), "bool", None),
    (("numpy.all", "numpy.ndarray.all"), "bool", None),
    (("numpy.ptp",), "same", None),
    (("numpy.count_nonzero",), "int64", None),
)  # fmt: skip


def reduction(
    call: Call,
    a: Value,
    axis: Value = None,
    dtype: Value = None,
    out: Value = None,
    keepdims: Value = False,
    *,
    becomes: str,
    numbers: Any,
    **others: Value,
) -> Value:
    """Some axes (None: all) made one number each.  AxisError for an axis that is not there."""
    x = operand(a, "numpy", call)
    if becomes in ("maximum", "minimum", "bool"):  # these have no dtype: out is the third argument
        dtype = None
    name = dtype_name(dtype) if dtype is not None else _dtype(becomes, x.dtype)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, name, "numpy") if axis is not None or keepdims is not False else _scalar(name)
    axes = number(axis)
    if not _checked(axes, x.shape, becomes) or not isinstance(keepdims, bool):
        return Tensor(Unranked("the axes are not known"), name, "numpy")
    places = None if axes is None else counted(axes, len(x.shape))
    if axes is not None and places is None:
        return Tensor(_of_unknown_axis(call, axes, x.shape, keepdims), name, "numpy")
    if (
        becomes in ("maximum", "minimum")
        and others.get("initial") is None
        and any(surely_equal(x.shape[place], 0) for place in (places if places is not None else range(len(x.shape))))
    ):
        report(EmptyReduction(op=becomes, shape=x.shape), blame=("a",))
    shape = reduced(x.shape, places, keepdims)
    if not shape and numbers is not None and x.constant is not None and dtype is None and not others:
        return _computed(numbers, x.constant, name)
    return Tensor(shape, name, "numpy")


for _targets, _becomes, _numbers in REDUCTIONS:
    define(*_targets, becomes=_becomes, numbers=_numbers)(reduction)


@define("numpy.argmax", "numpy.ndarray.argmax", "numpy.nanargmax", name="argmax")
@define("numpy.argmin", "numpy.ndarray.argmin", "numpy.nanargmin", name="argmin")
def argmax(call: Call, a: Value, axis: Value = None, out: Value = None, *, keepdims: Value = False, name: str) -> Value:
    """Where the largest number is: an index over all elements, or one along an axis."""
    x = operand(a, "numpy", call)
    axis = number(axis)
    if not isinstance(x.shape, Shape) or not isinstance(keepdims, bool) or not _checked(axis, x.shape, name):
        return Tensor(Unranked("the axis is not known"), "int64", "numpy")
    places = None if axis is None else counted(axis, len(x.shape))
    if axis is not None and places is None:
        return Tensor(_of_unknown_axis(call, axis, x.shape, keepdims), "int64", "numpy")
    for place in places if places is not None else range(len(x.shape)):
        if surely_equal(x.shape[place], 0):
            report(EmptyReduction(op=name, shape=x.shape), blame=("a",))
            break
    row = _row(x)
    if row and axis is None and keepdims is False:
        return row.index(max(row) if name == "argmax" else min(row))
    return Tensor(reduced(x.shape, places, keepdims), "int64", "numpy")


@define("numpy.cumsum", "numpy.ndarray.cumsum", "numpy.nancumsum", joins=operator.add)
@define("numpy.cumprod", "numpy.ndarray.cumprod", joins=operator.mul)
def scan(
    call: Call,
    a: Value,
    axis: Value = None,
    dtype: Value = None,
    out: Value = None,
    *,
    joins: Callable[[Any, Any], Any],
) -> Tensor:
    """Running sums along an axis, or over all elements in one row."""
    x = operand(a, "numpy", call)
    name = dtype_name(dtype) if dtype is not None else _dtype("sum", x.dtype)
    if not isinstance(x.shape, Shape) or not _checked(number(axis), x.shape, "cumsum"):
        return Tensor(Unranked("the shape is not known") if axis is None else x.shape, name, "numpy")
    row = _row(x) if dtype is None else None
    numbers = None if row is None else tuple(accumulate(row, joins))
    if numbers is not None and any(abs(item) >= EXACT for item in numbers):
        numbers = None
    shape = Shape((product(x.shape),)) if axis is None or not x.shape else x.shape
    return Tensor(shape, name, "numpy", constant=numbers)


@define("numpy.diff")
def diff(call: Call, a: Value, n: Value = 1, axis: Value = -1, **_: Value) -> Value:
    """What each number has more than the one before."""
    x, times = operand(a, "numpy", call), number(n)
    if not isinstance(x.shape, Shape) or not x.shape or times != 1 or _:
        return Unknown("differences")
    places = counted(number(axis), len(x.shape))
    if places is None or len(places) != 1:
        return Unknown("differences along an axis that is not known")
    (place,) = places
    row = _row(x)
    shape = Shape(maximum(dim - 1, 0) if axis == place else dim for axis, dim in enumerate(x.shape))
    numbers = None if row is None else tuple(b - a for a, b in pairwise(row))
    return Tensor(shape, None if x.dtype == "bool" else x.dtype, "numpy", constant=numbers)


@define("numpy.sort", dtype="same")
@define("numpy.argsort", "numpy.ndarray.argsort", dtype="int64")
def sort(
    call: Call, a: Value, axis: Value = -1, kind: Value = None, order: Value = None, *, dtype: str, **_: Value
) -> Tensor:
    """Sorted along an axis; None sorts all elements in one row."""
    x = operand(a, "numpy", call)
    name = x.dtype if dtype == "same" else dtype
    if isinstance(x.shape, Shape):
        if axis is None:
            return Tensor(flattened(x.shape) if x.shape else Shape((1,)), name, "numpy")
        shape = Shape((1,)) if dtype != "same" and not x.shape else x.shape  # PyArray_ArgSort makes a row of one number
        x = replace(x, shape=shape)
        _checked(number(axis), shape, "sort")
    row = _row(x)
    if row is not None and axis in (-1, 0) and order is None and len(x.shape) == 1:  # type: ignore[arg-type]
        if dtype == "same":
            return Tensor(x.shape, name, "numpy", constant=tuple(sorted(row)))
        if len(set(row)) == len(row):  # of equal numbers the order is left open
            return Tensor(x.shape, name, "numpy", constant=tuple(sorted(range(len(row)), key=row.__getitem__)))
    return Tensor(x.shape, name, "numpy")


@define("numpy.ndarray.sort")
def sort_in_place(call: Call, a: Tensor, axis: Value = -1, **_: Value) -> Value:
    """Sorts the array itself."""
    if isinstance(a.shape, Shape):
        _checked(number(axis), a.shape, "sort")
    return None


@define("numpy.unique")
def unique(
    call: Call,
    ar: Value,
    return_index: Value = False,
    return_inverse: Value = False,
    return_counts: Value = False,
    axis: Value = None,
    **_: Value,
) -> Value:
    """The distinct elements: how many, the values tell."""
    x = operand(ar, "numpy", call)
    flags = (return_index, return_inverse, return_counts)
    if not all(isinstance(flag, bool) for flag in flags) or axis is not None:
        return Unknown("distinct elements along an axis")
    row = _row(x)
    distinct = None if row is None else tuple(sorted(set(row)))
    found = call.symbol() if distinct is None else len(distinct)
    first = Tensor(Shape((found,)), x.dtype, "numpy", constant=distinct)
    if not any(flags):
        return first
    index = Tensor(Shape((found,)), "int64", "numpy")
    inverse = Tensor(x.shape, "int64", "numpy")
    return (first, *(part for part, wanted in zip((index, inverse, index), flags, strict=True) if wanted))


@define("numpy.nonzero", "numpy.ndarray.nonzero")
def nonzero(call: Call, a: Value) -> Value:
    """The places of what is not zero, one array for each axis."""
    x = operand(a, "numpy", call)
    if not isinstance(x.shape, Shape):
        return Unknown("the rank is not known")
    found = call.symbol()
    return tuple(Tensor(Shape((found,)), "int64", "numpy") for _ in x.shape)


@define("numpy.argwhere")
def argwhere(call: Call, a: Value) -> Tensor:
    """The places of what is not zero, one row for each."""
    x = operand(a, "numpy", call)
    rank = len(x.shape) if isinstance(x.shape, Shape) else call.symbol()
    return Tensor(Shape((call.symbol(), rank)), "int64", "numpy")


@define("numpy.flatnonzero")
def flatnonzero(call: Call, a: Value) -> Tensor:
    """The places of what is not zero, counted over all elements."""
    return Tensor(Shape((call.symbol(),)), "int64", "numpy")


@define("numpy.percentile", "numpy.quantile", "numpy.nanpercentile", "numpy.nanquantile")
def percentile(call: Call, a: Value, q: Value, axis: Value = None, *, keepdims: Value = False, **_: Value) -> Tensor:
    """Quantiles along some axes: the shape of ``q`` comes first."""
    x, wanted = operand(a, "numpy", call), operand(q, "numpy", call)
    if not isinstance(x.shape, Shape) or not isinstance(wanted.shape, Shape) or not isinstance(keepdims, bool):
        return Tensor(Unranked("the shape is not known"), None, "numpy")
    axes = number(axis)
    _checked(axes, x.shape, "percentile")
    places = None if axes is None else counted(axes, len(x.shape))
    if axes is not None and places is None:
        return Tensor(Unranked("the axes are not known"), None, "numpy")
    dtype = _dtype("mean", x.dtype) if is_number(q) else None
    return Tensor(Shape((*wanted.shape, *reduced(x.shape, places, keepdims))), dtype, "numpy")


@define("numpy.allclose", "numpy.array_equal", "numpy.array_equiv")
def allclose(call: Call, a: Value, b: Value, *args: Value, **_: Value) -> Value:
    """A truth value that the numbers decide."""
    return Unknown("the numbers are not known")


def _checked(axis: Value, shape: Shape, op: str) -> bool:
    """Whether the axes are known; those that are missing or repeated are reported."""
    if axis is None:
        return True
    several = axis if isinstance(axis, (tuple, list)) else (axis,)
    if not all(isinstance(one, int) for one in several):
        return False
    if not shape and axis in (0, -1) and op not in ("mean", "median", "sort", "percentile"):
        return True  # most functions let a number pass as an array with one axis
    gone = missing(axis, len(shape))
    if gone is not None:
        report(NoSuchAxis(op=op, axis=gone, rank=len(shape)), blame=("axis",))
    elif twice(axis, len(shape)) is not None:
        report(RepeatedAxis(op=op, axis=twice(axis, len(shape))), blame=("axis",))
    return True


def _of_unknown_axis(call: Call, axes: Value, shape: Shape, keepdims: bool) -> Shape | Unranked:
    """One axis of the array is gone, nobody knows which."""
    if isinstance(axes, (tuple, list)):
        return Unranked("the axes are not known")
    return Shape(call.symbol() for _ in range(len(shape) if keepdims else max(0, len(shape) - 1)))


def _scalar(dtype: str | None) -> Tensor:
    return Tensor(Shape(()), dtype, "numpy")


def _row(x: Tensor) -> list[int] | None:
    """The numbers of a vector of whole numbers, where they are known and small."""
    row = x.constant
    known = isinstance(row, tuple) and is_integer(x.dtype) and all(type(n) is int and abs(n) < EXACT for n in row)
    return list(row) if known else None


EXACT = 2**53
"""Up to here floats hold every whole number."""


def _mean(items: list[Any]) -> Any:
    if not all(type(item) is int for item in items) or sum(map(abs, items)) >= EXACT:
        raise TypeError
    return sum(items) / len(items)


def _computed(numbers: Callable[[list[Any]], Any], constant: Any, dtype: str | None) -> Value:
    items = flat(constant)
    if not items or not all(isinstance(item, (int, float)) or is_dim(item) for item in items):
        return _scalar(dtype)
    try:
        return numbers(items)
    except (ArithmeticError, TypeError):
        return _scalar(dtype)


def _extreme(of_dims: Callable[[Any, Any], Any], of_numbers: Callable[[list[Any]], Any], items: list[Any]) -> Any:
    return reduce(of_dims, items) if all(map(is_dim, items)) else of_numbers(items)


def _dtype(becomes: str, dtype: str | None) -> str | None:
    if becomes in ("bool", "int64"):
        return becomes
    if becomes == "sum" and (dtype == "bool" or is_integer(dtype)):
        return "uint64" if dtype and dtype.startswith("uint") else "int64"
    if becomes in ("mean", "median") and (dtype == "bool" or is_integer(dtype)):
        return "float64"
    return dtype
