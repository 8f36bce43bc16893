"""NumPy's functions that make arrays (numpy/_core/numeric.py, function_base.py, multiarray).

Arrays that a program fills later (zeros, empty) keep no numbers: only literals and ranges do.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from ...dim import is_dim
from ...dtypes import dtype_name, dtype_of, is_integer, promoted
from ...evidence import report
from ...formulas.creation import Nested, steps
from ...problems import NegativeLength, RaggedArray
from ...rule import Call
from ...shape import Shape, Unranked
from ...value import Known, Tensor, Unknown, Value, tensors_in
from ..arrays import as_dim, as_dims, check_lengths, definer, held, is_number, nested, number, operand, shape_of

define = definer("numpy", "numpy")


@define("numpy.zeros", "numpy.ones", "numpy.empty")
def zeros(call: Call, shape: Value, dtype: Value = None, order: Value = None, **_: Value) -> Tensor:
    """An array of one number.  ValueError for a negative length."""
    dims = check_lengths(as_dims(call, shape), "zeros")
    return Tensor(dims, chosen(dtype, "float64"), "numpy")


@define("numpy.full")
def full(call: Call, shape: Value, fill_value: Value, dtype: Value = None, order: Value = None, **_: Value) -> Tensor:
    """An array of the number given; its dtype follows the number."""
    dims = check_lengths(as_dims(call, shape), "full")
    value = operand(fill_value, "numpy", call)
    return Tensor(dims, chosen(dtype, value.dtype), "numpy")


@define("numpy.zeros_like", "numpy.ones_like", "numpy.empty_like")
def zeros_like(
    call: Call,
    a: Value,
    dtype: Value = None,
    order: Value = None,
    subok: Value = True,
    shape: Value = None,
    **_: Value,
) -> Tensor:
    """An array like another one."""
    x = operand(a, "numpy", call)
    dims = x.shape if shape is None else as_dims(call, shape)
    return Tensor(dims, chosen(dtype, x.dtype), "numpy")


@define("numpy.full_like")
def full_like(
    call: Call,
    a: Value,
    fill_value: Value,
    dtype: Value = None,
    order: Value = None,
    subok: Value = True,
    shape: Value = None,
    **_: Value,
) -> Tensor:
    """An array like another one, filled with a number."""
    x = operand(a, "numpy", call)
    dims = x.shape if shape is None else as_dims(call, shape)
    return Tensor(dims, chosen(dtype, x.dtype), "numpy")


@define(
    "numpy.array", "numpy.asarray", "numpy.ascontiguousarray", "numpy.asanyarray", "numpy.asfarray", "numpy.require"
)
def array(call: Call, object: Value, dtype: Value = None, *, ndmin: Value = 0, **_: Value) -> Tensor:
    """An array of what is given.  ValueError where the parts of a nested sequence differ in length."""
    value = held(call, object)
    if isinstance(value, (tuple, list)):
        found = Nested(value)
        if found.ragged is not None and dtype_of_object(dtype) != "object":
            report(RaggedArray(op="array", shape=found.ragged), blame=("object",))
        x = nested(found, value, "numpy")
        if found.ragged is not None and chosen(dtype, None) == "object" and not list(tensors_in(value)):
            x = Tensor(Shape(found.ragged), "object", "numpy")
    else:
        x = operand(value, "numpy", call)
    shape = x.shape
    if isinstance(shape, Shape) and isinstance(ndmin, int) and len(shape) < ndmin:
        return Tensor(Shape((1,) * (ndmin - len(shape)) + tuple(shape)), chosen(dtype, x.dtype), "numpy")
    return Tensor(shape, chosen(dtype, x.dtype), "numpy", constant=x.constant)


@define("numpy.copy")
def copy(call: Call, a: Value, **_: Value) -> Tensor:
    """The same array again."""
    x = operand(a, "numpy", call)
    return Tensor(x.shape, x.dtype, "numpy", constant=x.constant)


@define("numpy.arange")
def arange(call: Call, start: Value, stop: Value = None, step: Value = None, dtype: Value = None, **_: Value) -> Tensor:
    """Numbers from ``start`` (0) to ``stop``, ``step`` (1) apart."""
    start, stop, step = (number(call.resolve(part)) for part in (start, stop, step))
    if stop is None:
        start, stop = 0, start
    step = 1 if step is None else step
    if not all(map(is_number, (start, stop, step))) or step == 0:
        return Tensor(Shape((call.symbol(),)), dtype_name(dtype), "numpy")
    length = steps(start, stop, step)
    default = "int64" if all(map(is_dim, (start, stop, step))) else "float64"
    constant = None
    if isinstance(length, int) and length <= 256 and default == "int64":
        constant = tuple(start + step * place for place in range(length))
    return Tensor(Shape((length,)), chosen(dtype, default), "numpy", constant=constant)


@define("numpy.linspace")
def linspace(
    call: Call,
    start: Value,
    stop: Value,
    num: Value = 50,
    endpoint: Value = True,
    retstep: Value = False,
    dtype: Value = None,
    *,
    axis: Value = 0,
    **_: Value,
) -> Value:
    """``num`` numbers, known where the ends are; ValueError where it is negative."""
    result = spaced(call, start, stop, num, endpoint, retstep, dtype)
    ends = [number(call.resolve(end)) for end in (start, stop)]
    whole = isinstance(result, Tensor) and is_integer(result.dtype)
    if not isinstance(result, Tensor) or not (result.dtype == "float64" or whole) or not isinstance(endpoint, bool):
        return result
    if not isinstance(result.shape, Shape) or not all(map(_is_plain, ends)):
        return result
    (count,) = result.shape
    known = isinstance(count, int) and count <= 256
    first, last = ends
    if not known:
        return result
    numbers = _between(first, last, count, endpoint)
    return replace(result, constant=tuple(map(math.floor, numbers)) if whole else numbers)


@define("numpy.geomspace", "numpy.logspace")
def spaced(
    call: Call,
    start: Value,
    stop: Value,
    num: Value = 50,
    endpoint: Value = True,
    retstep: Value = False,
    dtype: Value = None,
    *,
    axis: Value = 0,
    **_: Value,
) -> Value:
    """``num`` numbers; ValueError where it is negative."""
    num = number(num)
    if isinstance(num, int) and num < 0:
        report(NegativeLength(op="linspace", value=num), blame=("num",))
    ends = [operand(end, "numpy", call).shape for end in (start, stop)]
    if any(end != Shape(()) for end in ends):
        return Tensor(Unranked("numbers between arrays"), None, "numpy")
    count = as_dim(call, num) if not isinstance(num, int) or num >= 0 else call.symbol()
    result = Tensor(Shape((count,)), chosen(dtype, "float64"), "numpy")
    if retstep is False:
        return result
    return (result, Unknown("the step of linspace")) if retstep is True else Unknown("retstep is not known")


def _is_plain(value: Value) -> bool:
    """Whether a number is a float, or an int that a float can hold."""
    return type(value) is float or (type(value) is int and abs(value) < 2**53)


def _between(start: float, stop: float, count: int, endpoint: bool) -> tuple[float, ...]:
    """The numbers of ``linspace``, in the order of its own operations, so that they are the same bit for bit."""
    parts, first, last = count - 1 if endpoint else count, start * 1.0, stop * 1.0
    step = (last - first) / parts if parts > 0 else None
    if step is None:
        numbers = [place * (last - first) + first for place in range(count)]
    elif step == 0:
        numbers = [place / parts * (last - first) + first for place in range(count)]
    else:
        numbers = [place * step + first for place in range(count)]
    if endpoint and count > 1:
        numbers[-1] = last
    return tuple(numbers)


@define("numpy.eye")
def eye(call: Call, N: Value, M: Value = None, k: Value = 0, dtype: Value = None, **_: Value) -> Tensor:
    """A matrix with ones on a diagonal."""
    dims = check_lengths(Shape((as_dim(call, N), as_dim(call, N if M is None else M))), "eye", "N")
    return Tensor(_same(dims, N, M), chosen(dtype, "float64"), "numpy")


@define("numpy.identity")
def identity(call: Call, n: Value, dtype: Value = None, **_: Value) -> Tensor:
    """A square matrix with ones on the diagonal."""
    dims = check_lengths(Shape((as_dim(call, n),) * 2), "identity", "n")
    return Tensor(dims, chosen(dtype, "float64"), "numpy")


@define("numpy.tri")
def tri(call: Call, N: Value, M: Value = None, k: Value = 0, dtype: Value = None, **_: Value) -> Tensor:
    """A matrix with ones on and below a diagonal."""
    return eye(call, N, M, k, dtype)


@define("numpy.diag", "numpy.diagonal")
def diag(call: Call, v: Value, k: Value = 0, **_: Value) -> Tensor:
    """A diagonal as a matrix, or the diagonal of a matrix."""
    x = operand(v, "numpy", call)
    k = number(k)
    if not isinstance(x.shape, Shape) or len(x.shape) not in (1, 2) or not isinstance(k, int):
        return Tensor(Unranked("the diagonal is not known"), x.dtype, "numpy")
    if len(x.shape) == 1:
        return Tensor(Shape((x.shape[0] + abs(k),) * 2), x.dtype, "numpy")
    if not all(isinstance(dim, int) for dim in x.shape):
        return Tensor(Shape((x.shape[0] if k == 0 and x.shape[0] == x.shape[1] else call.symbol(),)), x.dtype, "numpy")
    rows, columns = x.shape
    return Tensor(Shape((max(0, min(rows, columns - k) if k >= 0 else min(rows + k, columns)),)), x.dtype, "numpy")


@define("numpy.meshgrid")
def meshgrid(call: Call, *xi: Value, indexing: Value = "xy", sparse: Value = False, **_: Value) -> Value:
    """Coordinates along every axis as arrays over the whole grid."""
    tensors = [operand(x, "numpy", call) for x in xi]
    if sparse is not False or indexing not in ("xy", "ij") or not all(isinstance(x.shape, Shape) for x in tensors):
        return Unknown("the grid is not known")
    shapes = map(shape_of, tensors)
    dims = [shape[0] if len(shape) == 1 else 1 if not shape else call.symbol() for shape in shapes]
    if indexing == "xy" and len(dims) > 1:
        dims[:2] = dims[1], dims[0]
    return tuple(Tensor(Shape(dims), x.dtype, "numpy") for x in tensors)


@define(
    "numpy.fromfunction",
    "numpy.load",
    "numpy.loadtxt",
    "numpy.genfromtxt",
    "numpy.fromfile",
    "numpy.frombuffer",
    "numpy.fromstring",
    "numpy.fromiter",
)
def load(call: Call, *args: Value, **kwargs: Value) -> Value:
    """What comes out of a file or a function is not known."""
    return Unknown("an array that is read at run time")


def chosen(dtype: Value, default: str | None) -> str | None:
    """The dtype that was asked for, or the default; None where it cannot be told."""
    if dtype in ("object", "O", Known("builtins.object"), Known("numpy.object_")):
        return "object"
    return default if dtype is None else dtype_name(dtype)


def dtype_of_object(dtype: Value) -> str | None:
    """ "object" where the dtype is, or may be, the one of Python objects."""
    if dtype is None or dtype_name(dtype) is not None:
        return None
    return "object"


def result_dtype(tensors: list[Tensor]) -> str | None:
    """The dtype that holds all of them."""
    result = dtype_of(tensors[0]) if tensors else None
    for tensor in tensors[1:]:
        result = promoted(result, tensor.dtype)
    return result


def _same(dims: Any, n: Value, m: Value) -> Any:
    """A square matrix has one length, even if nobody knows it."""
    return Shape((dims[0], dims[0])) if isinstance(dims, Shape) and m is None else dims
