"""Linear algebra on matrices in the last two axes (keras/src/ops/linalg.py; eagerly keras/src/backend/tensorflow/linalg.py)."""

from __future__ import annotations

from typing import Any

from ....dim import is_dynamic, minimum
from ....rule import Call, function
from ....shape import AnyShape, Shape
from ....value import Tensor, Unknown, Value
from ..symbolic import result, results, tensor
from .checks import OPEN, apart, refuse

CHECKED = ("cholesky", "inv", "det")
"""What Keras itself checks eagerly too."""


@function("keras.ops.cholesky", cls="Cholesky")
@function("keras.ops.cholesky_inverse", cls="CholeskyInverse")
def cholesky(call: Call, x: Any, upper: Value = False, *, cls: str) -> Value:
    """Of square matrices: the same shape."""
    x = tensor(call, x)
    return result(call, cls, x.shape if square(call, x, "cholesky") else OPEN, x.dtype, x)


@function("keras.ops.inv", cls="Inv")
def inv(call: Call, x: Any, *, cls: str) -> Value:
    """The inverse of square matrices."""
    x = tensor(call, x)
    return result(call, cls, x.shape if square(call, x, "inv") else OPEN, x.dtype, x)


@function("keras.ops.det", cls="Det")
def det(call: Call, x: Any, *, cls: str) -> Value:
    """A number for each matrix."""
    x = tensor(call, x)
    shape = Shape(x.shape[:-2]) if square(call, x, "det") and isinstance(x.shape, Shape) else OPEN
    return result(call, cls, shape, x.dtype, x)


@function("keras.ops.logdet")
def logdet(call: Call, x: Any) -> Value:
    """The logarithm of each determinant."""
    x = tensor(call, x)
    known = isinstance(x.shape, Shape) and len(x.shape) > 1
    return result(call, "Logdet", Shape(x.shape[:-2]) if known else OPEN, x.dtype, x)  # type: ignore[index]


@function("keras.ops.slogdet")
def slogdet(call: Call, x: Any) -> Value:
    """Sign and logarithm of each determinant; symbolically there is one sign."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape) or len(x.shape) < 2:
        return Unknown("a determinant")
    batch = Shape(x.shape[:-2])
    return results(call, "Slogdet", [(Shape(()) if x.symbolic else batch, x.dtype), (batch, x.dtype)], x)


@function("keras.ops.eig", cls="Eig")
@function("keras.ops.eigh", cls="Eigh")
def eig(call: Call, x: Any, *, cls: str) -> Value:
    """Eigenvalues and eigenvectors."""
    x = tensor(call, x)
    if isinstance(x.shape, Shape) and len(x.shape) < 2:
        call.doubt()
        return Unknown("eigenvalues of no matrix")
    if not square(call, x, cls.lower()) or not isinstance(x.shape, Shape):
        return Unknown("eigenvalues of no square matrix")
    dtype = x.dtype if cls == "Eigh" or x.symbolic else None
    return results(call, cls, [(Shape(x.shape[:-1]), dtype), (x.shape, dtype)], x)


@function("keras.ops.lu_factor")
def lu_factor(call: Call, x: Any) -> Value:
    """Both triangles in one matrix, and the pivots."""
    x = tensor(call, x)
    if not matrix(call, x, "lu_factor") or not isinstance(x.shape, Shape):
        return Unknown("a factorisation")
    shorter = _shorter(call, x)
    if not x.symbolic and len(x.shape) > 2:
        call.doubt()  # TensorFlow inverts one permutation at a time
    row = OPEN if shorter is None else Shape((*x.shape[:-2], shorter))
    return results(call, "LuFactor", [(x.shape, x.dtype), (row, x.dtype if x.symbolic else "int32")], x)


@function("keras.ops.qr")
def qr(call: Call, x: Any, mode: Value = "reduced") -> Value:
    """Orthogonal and triangular matrices."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape) or mode not in ("reduced", "complete"):
        if isinstance(mode, str):
            call.doubt()
        return Unknown("a factorisation")
    if len(x.shape) < 2:
        refuse(call, "qr", "rank-two", [x], "x")
        return Unknown("a factorisation of no matrix")
    if any(map(is_dynamic, x.shape[-2:])):
        refuse(call, "qr", "last-two-open", [x], "x")
        return Unknown("a factorisation of open lengths")
    *batch, rows, columns = x.shape
    inside = minimum(rows, columns) if mode == "reduced" else rows
    shapes = Shape((*batch, rows, inside)), Shape((*batch, inside, columns))
    return results(call, "Qr", [(shape, x.dtype) for shape in shapes], x)


@function("keras.ops.svd")
def svd(call: Call, x: Any, full_matrices: Value = True, compute_uv: Value = True) -> Value:
    """Left vectors, singular values, right vectors."""
    x = tensor(call, x)
    flags = (full_matrices, compute_uv)
    if not matrix(call, x, "svd") or not isinstance(x.shape, Shape) or not all(isinstance(f, bool) for f in flags):
        return Unknown("singular values")
    shorter = _shorter(call, x)
    if shorter is None:
        return Unknown("singular values")
    *batch, rows, columns = x.shape
    values = Shape((*batch, shorter))
    if not compute_uv:
        return result(call, "SVD", values, x.dtype, x)
    left = Shape((*batch, rows, rows if full_matrices else shorter))
    right = Shape((*batch, columns if full_matrices else shorter, columns))
    return results(call, "SVD", [(shape, x.dtype) for shape in (left, values, right)], x)


@function("keras.ops.solve", of="solve")
def solve(call: Call, a: Any, b: Any, *, of: str) -> Value:
    """As many unknowns as there are on the right."""
    x, y = tensor(call, a), tensor(call, b)
    return result(call, "Solve", y.shape if _fit(call, x, y, of) else OPEN, y.dtype, x, y)


@function("keras.ops.solve_triangular")
def solve_triangular(call: Call, a: Any, b: Any, lower: Value = False) -> Value:
    """The same of triangular matrices."""
    return solve(call, a, b, of="solve_triangular")


@function("keras.ops.lstsq")
def lstsq(call: Call, a: Any, b: Any, rcond: Value = None) -> Value:
    """The nearest solution: one row for each column of ``a``."""
    x, y = tensor(call, a), tensor(call, b)
    shape: AnyShape = OPEN
    if isinstance(x.shape, Shape) and isinstance(y.shape, Shape):
        if len(x.shape) != 2:
            refuse(call, "lstsq", "lstsq-a", [x, y], "a")
        elif len(y.shape) not in (1, 2):
            refuse(call, "lstsq", "lstsq-b", [x, y], "b")
        elif apart(x.shape[0], y.shape[0]):
            refuse(call, "lstsq", "lstsq-rows", [x, y], "b", "a")
        else:
            shape = Shape((x.shape[1], *y.shape[1:]))
    return result(call, "Lstsq", shape, x.dtype, x, y)


@function("keras.ops.matrix_rank")
def matrix_rank(call: Call, x: Any, tol: Value = None) -> Value:
    """How many rows are independent."""
    x = tensor(call, x)
    known = matrix(call, x, "matrix_rank") and isinstance(x.shape, Shape)
    return result(call, "MatrixRank", Shape(x.shape[:-2]) if known else OPEN, "int32", x)  # type: ignore[index]


@function("keras.ops.pinv")
def pinv(call: Call, x: Any, rcond: Value = None) -> Value:
    """The pseudo-inverse: rows and columns exchanged."""
    x = tensor(call, x)
    if not matrix(call, x, "pinv") or not isinstance(x.shape, Shape):
        return result(call, "Pinv", OPEN, x.dtype, x)
    *batch, rows, columns = x.shape
    return result(call, "Pinv", Shape((*batch, columns, rows)), x.dtype, x)


@function("keras.ops.corrcoef")
def corrcoef(call: Call, x: Any) -> Value:
    """How alike the rows are to each other; the symbolic shape is that of ``x`` itself."""
    x = tensor(call, x)
    shape: AnyShape = x.shape
    if not x.symbolic:
        known = isinstance(shape, Shape) and len(shape) == 2
        shape = Shape((shape[0], shape[0])) if known else OPEN  # type: ignore[index]
    return result(call, "Corrcoef", shape, None, x)


@function("keras.ops.jvp", raw=True)
def jvp(call: Call, fun: Value, primals: Value, tangents: Value, has_aux: Value = False) -> Value:
    """A function's value and its derivative in a direction: both have the shape of the value."""
    given, ways = call.iterate(call.resolve(primals)), call.iterate(call.resolve(tangents))
    if given is None or ways is None or len(given) != len(ways) or has_aux is not False:
        return Unknown("a derivative that is not followed")
    result = call.resolve(call.invoke(fun, given))
    return (result, result) if isinstance(result, Tensor) else Unknown("a derivative that is not followed")


def matrix(call: Call, x: Tensor, of: str) -> bool:
    """Whether there are matrices, as far as known (``_assert_2d``)."""
    if isinstance(x.shape, Shape) and len(x.shape) < 2:
        refuse(call, of, "no-matrix", [x], "x", "a", always=of in CHECKED)
        return False
    return True


def square(call: Call, x: Tensor, of: str) -> bool:
    """Whether the matrices are square, as far as known (``_assert_square``)."""
    if not matrix(call, x, of):
        return False
    if isinstance(x.shape, Shape) and apart(x.shape[-1], x.shape[-2]):
        refuse(call, of, "not-square", [x], "x", "a", always=of in CHECKED)
        return False
    return True


def _fit(call: Call, a: Tensor, b: Tensor, of: str) -> bool:
    """``_assert_a_b_compat``: columns of numbers, or one for each matrix."""
    if not square(call, a, of) or not isinstance(a.shape, Shape) or not isinstance(b.shape, Shape):
        return False
    if not b.shape:
        call.doubt()
        return False
    if len(a.shape) == len(b.shape):
        if apart(a.shape[-2], b.shape[-2]):
            refuse(call, of, "solve-rows", [a, b], "b", "a")
            return False
    elif len(a.shape) == len(b.shape) - 1:
        if apart(a.shape[-1], b.shape[-1]):
            refuse(call, of, "solve-columns", [a, b], "b", "a")
            return False
        return a.symbolic or b.symbolic
    return True


def _shorter(call: Call, x: Tensor) -> Any:
    """The length of the shorter of the last two axes; None where Python cannot compare them."""
    assert isinstance(x.shape, Shape)
    if x.symbolic and any(map(is_dynamic, x.shape[-2:])):
        call.doubt()
        return None
    return minimum(x.shape[-2], x.shape[-1])
