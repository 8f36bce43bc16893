"""Matrices taken apart, and equations solved (numpy/linalg/_linalg.py).

What is no matrix, or does not fit, raises; that is not worded here, and what comes out is not known.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, minimum, surely_differ, surely_equal
from ...dtypes import floating
from ...formulas.broadcast import broadcast
from ...rule import Call
from ...shape import Shape
from ...value import Tensor, Unknown, Value
from ..arrays import definer, number, operand

define = definer("numpy", "numpy")
Dims = tuple[Any, ...]


@define("numpy.linalg.svd")
def svd(call: Call, a: Value, full_matrices: Value = True, compute_uv: Value = True, hermitian: Value = False) -> Value:
    """``u, s, vh``: the smaller of both lengths in the middle, and at the sides unless they are full."""
    found = _matrix(call, a)
    if found is None or not isinstance(full_matrices, bool) or not isinstance(compute_uv, bool):
        return Unknown("a decomposition that is not followed")
    lead, rows, columns, dtype = found
    least = minimum(rows, columns)
    values = _array((*lead, least), dtype)
    if not compute_uv:
        return values
    left = _array((*lead, rows, rows if full_matrices else least), dtype)
    return left, values, _array((*lead, columns if full_matrices else least, columns), dtype)


@define("numpy.linalg.svdvals")
def svdvals(call: Call, x: Value) -> Value:
    """The smaller of both lengths."""
    return svd(call, x, True, False)


@define("numpy.linalg.eig", "numpy.linalg.eigh", vectors=True)
@define("numpy.linalg.eigvals", "numpy.linalg.eigvalsh", vectors=False)
def eig(call: Call, a: Value, UPLO: Value = "L", *, vectors: bool) -> Value:
    """``values, vectors`` of square matrices."""
    found = _square(call, a)
    if found is None:
        return Unknown("values of what may be no square matrix")
    lead, size, _ = found
    values = _array((*lead, size), None)
    return (values, _array((*lead, size, size), None)) if vectors else values


@define("numpy.linalg.qr")
def qr(call: Call, a: Value, mode: Value = "reduced") -> Value:
    """``q, r``."""
    found = _matrix(call, a)
    if found is None or mode not in ("reduced", "complete"):
        return Unknown("a decomposition that is not followed")
    lead, rows, columns, dtype = found
    inner = minimum(rows, columns) if mode == "reduced" else rows
    return _array((*lead, rows, inner), dtype), _array((*lead, inner, columns), dtype)


@define("numpy.linalg.cholesky")
def cholesky(call: Call, a: Value, /, *, upper: Value = False) -> Value:
    """A triangle of the same shape."""
    found = _square(call, a)
    return (
        Unknown("a decomposition that is not followed")
        if found is None
        else _array((*found[0], found[1], found[1]), found[2])
    )


@define("numpy.linalg.matrix_power")
def matrix_power(call: Call, a: Value, n: Value) -> Value:
    """The same shape."""
    found = _square(call, a)
    return Unknown("a power that is not followed") if found is None else _array((*found[0], found[1], found[1]), None)


@define("numpy.linalg.solve")
def solve(call: Call, a: Value, b: Value) -> Value:
    """What times ``a`` gives ``b``."""
    found, y = _square(call, a), operand(b, "numpy", call)
    if found is None or found[0] or not isinstance(y.shape, Shape) or len(y.shape) not in (1, 2):
        return Unknown("equations that are not followed")
    if not surely_equal(y.shape[0], found[1]):
        return Unknown("equations that may not fit")
    return _array(tuple(y.shape), None)


@define("numpy.linalg.lstsq")
def lstsq(call: Call, a: Value, b: Value, rcond: Value = None) -> Value:
    """``x, residuals, rank, s``."""
    found, y = _matrix(call, a), operand(b, "numpy", call)
    if found is None or found[0] or not isinstance(y.shape, Shape) or len(y.shape) not in (1, 2):
        return Unknown("equations that are not followed")
    _, rows, columns, dtype = found
    if surely_differ(rows, y.shape[0]):
        return Unknown("equations that do not fit")
    least = _array((minimum(rows, columns),), dtype)
    return _array((columns, *y.shape[1:]), None), _array((call.symbol(),), None), Unknown("a rank"), least


@define("numpy.kron")
def kron(call: Call, a: Value, b: Value) -> Value:
    """Every element of ``a`` times the whole of ``b``."""
    x, y = operand(a, "numpy", call), operand(b, "numpy", call)
    if not isinstance(x.shape, Shape) or not isinstance(y.shape, Shape):
        return Unknown("a product that is not followed")
    rank = max(len(x.shape), len(y.shape))
    left, right = (Shape((1,) * (rank - len(shape)) + tuple(shape)) for shape in (x.shape, y.shape))
    return _array(tuple(one * other for one, other in zip(left, right, strict=True)), None)


@define("numpy.cross")
def cross(call: Call, a: Value, b: Value, *args: Value, **_: Value) -> Value:
    """Products of vectors of length 3."""
    x, y = operand(a, "numpy", call), operand(b, "numpy", call)
    known = not args and not _ and isinstance(x.shape, Shape) and isinstance(y.shape, Shape) and x.shape and y.shape
    if not known or x.shape[-1] != 3 or y.shape[-1] != 3:  # type: ignore[index]
        return Unknown("a product that is not followed")
    shape = broadcast(x.shape, y.shape)  # type: ignore[arg-type]
    return Unknown("vectors that do not fit") if shape is None else _array(tuple(shape), None)


@define("numpy.cov", "numpy.corrcoef")
def cov(call: Call, m: Value, y: Value = None, rowvar: Value = True, *args: Value, **_: Value) -> Value:
    """A row and a column for each variable, which are the rows unless ``rowvar`` is False."""
    x = operand(m, "numpy", call)
    if y is not None or not isinstance(x.shape, Shape) or len(x.shape) != 2 or not isinstance(rowvar, bool):
        return Unknown("how much variables have in common")
    size = x.shape[0 if rowvar else 1]
    if surely_equal(x.shape[0], 1) or not isinstance(size, int) or size == 1:
        return Unknown("how much variables have in common") if size == 1 or not is_dim(size) else _square_of(call, size)
    return _array((size, size), None)


@define("numpy.trace", "numpy.ndarray.trace", "numpy.linalg.trace")
def trace(call: Call, a: Value, *args: Value, **_: Value) -> Value:
    """The sum of a diagonal."""
    x = operand(a, "numpy", call)
    known = isinstance(x.shape, Shape) and len(x.shape) > 2 and not args and not _
    return _array(tuple(x.shape[2:]), None) if known else Unknown("a sum")  # type: ignore[index]


@define("numpy.ndarray.diagonal")
def diagonal(call: Call, a: Value, offset: Value = 0, axis1: Value = 0, axis2: Value = 1) -> Value:
    """The diagonal of a matrix."""
    x = operand(a, "numpy", call)
    if (number(offset), axis1, axis2) != (0, 0, 1) or not isinstance(x.shape, Shape) or len(x.shape) < 2:
        return Unknown("a diagonal")
    return _array((*x.shape[2:], minimum(x.shape[0], x.shape[1])), x.dtype)


def _square_of(call: Call, size: Any) -> Value:
    return _array((size, size), None) if is_dim(size) and surely_differ(size, 1) else Unknown("one variable or several")


def _matrix(call: Call, value: Value) -> tuple[Dims, Any, Any, str | None] | None:
    x = operand(value, "numpy", call)
    if not isinstance(x.shape, Shape) or len(x.shape) < 2:
        return None
    return tuple(x.shape[:-2]), x.shape[-2], x.shape[-1], _precise(x.dtype)


def _square(call: Call, value: Value) -> tuple[Dims, Any, str | None] | None:
    found = _matrix(call, value)
    if found is None or not surely_equal(found[1], found[2]):
        return None
    return found[0], found[1], found[3]


def _precise(dtype: str | None) -> str | None:
    """Whole numbers are computed with as float64."""
    return "float64" if dtype is not None and not dtype.startswith(("float", "complex")) else floating(dtype)


def _array(dims: Dims, dtype: str | None) -> Tensor:
    return Tensor(Shape(dims), dtype, "numpy")
