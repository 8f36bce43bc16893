"""tf.linalg: what is in the last two axes (tensorflow/python/ops/linalg)."""

from __future__ import annotations

from typing import Any

from ...dim import maximum, minimum, surely_differ
from ...formulas.broadcast import broadcast
from ...formulas.reduce import reduced
from ...rule import Call
from ...shape import AnyShape, Shape, Unranked
from ...value import Tensor, Unknown, Value
from ..arrays import number, operand
from .creation import eye as identity
from .graph import define

NO_MATRIX = Unranked("no matrices")


def of_matrices(call: Call, input: Value, *args: Value, becomes: str, **_: Value) -> Tensor:
    """Each matrix becomes a number, a vector or another matrix; some must be square."""
    x = operand(input, "tf", call)
    if not isinstance(x.shape, Shape) or len(x.shape) < 2:
        return Tensor(NO_MATRIX, x.dtype, "tf")
    *batch, rows, columns = x.shape
    if becomes.startswith("square") and surely_differ(rows, columns):
        call.doubt()
        return Tensor(NO_MATRIX, x.dtype, "tf")
    dims: dict[str, Any] = {
        "square": x.shape,
        "square number": batch,
        "square vector": x.shape[:-1],
        "number": batch,
        "same": x.shape,
        "turned": (*batch, columns, rows),
    }
    return Tensor(Shape(dims[becomes]), x.dtype, "tf")


SQUARE = ("inv", "cholesky", "expm", "sqrtm", "logm")
define(*(f"tf.linalg.{name}" for name in SQUARE), "tf.matrix_square_root", becomes="square")(of_matrices)
define("tf.linalg.det", "tf.linalg.logdet", becomes="square number")(of_matrices)
define("tf.linalg.eigvalsh", becomes="square vector")(of_matrices)
define("tf.linalg.trace", becomes="number")(of_matrices)
define("tf.linalg.adjoint", "tf.linalg.matrix_transpose", "tf.linalg.pinv", becomes="turned")(of_matrices)


@define("tf.linalg.matrix_rank")
def matrix_rank(call: Call, a: Value, tol: Value = None, validate_args: Value = False, name: Value = None) -> Tensor:
    """How many rows are independent."""
    return Tensor(of_matrices(call, a, becomes="number").shape, "int32", "tf")


@define("tf.linalg.slogdet")
def slogdet(call: Call, input: Value, name: Value = None) -> Value:
    """Sign and logarithm of each determinant."""
    found = of_matrices(call, input, becomes="square number")
    return (found, found)


@define("tf.linalg.eigh")
def eigh(call: Call, tensor: Value, name: Value = None) -> Value:
    """Eigenvalues and eigenvectors."""
    return (of_matrices(call, tensor, becomes="square vector"), of_matrices(call, tensor, becomes="square"))


@define("tf.linalg.eig", "tf.eig")
def eig(call: Call, tensor: Value, name: Value = None) -> Value:
    """The same as complex numbers."""
    kinds = {"float32": "complex64", "float64": "complex128"}
    found = eigh(call, tensor)
    return tuple(Tensor(x.shape, kinds.get(x.dtype or "", x.dtype), "tf") for x in found)


@define("tf.linalg.eigvals", "tf.eigvals")
def eigvals(call: Call, tensor: Value, name: Value = None) -> Value:
    """The eigenvalues alone."""
    return eig(call, tensor)[0]


@define("tf.linalg.svd")
def svd(call: Call, tensor: Value, full_matrices: Value = False, compute_uv: Value = True, name: Value = None) -> Value:
    """Singular values, left vectors, right vectors (which Keras and NumPy turn round)."""
    x = operand(tensor, "tf", call)
    flags = (full_matrices, compute_uv)
    if not isinstance(x.shape, Shape) or len(x.shape) < 2 or not all(isinstance(flag, bool) for flag in flags):
        return Unknown("singular values")
    *batch, rows, columns = x.shape
    shorter = minimum(rows, columns)
    values = Tensor(Shape((*batch, shorter)), x.dtype, "tf")
    if not compute_uv:
        return values
    inside = (rows, columns) if full_matrices else (shorter, shorter)
    left, right = Shape((*batch, rows, inside[0])), Shape((*batch, columns, inside[1]))
    return (values, Tensor(left, x.dtype, "tf"), Tensor(right, x.dtype, "tf"))


@define("tf.linalg.qr")
def qr(call: Call, input: Value, full_matrices: Value = False, name: Value = None) -> Value:
    """Orthogonal and triangular matrices."""
    x = operand(input, "tf", call)
    if not isinstance(x.shape, Shape) or len(x.shape) < 2 or not isinstance(full_matrices, bool):
        return Unknown("a factorisation")
    *batch, rows, columns = x.shape
    inside = rows if full_matrices else minimum(rows, columns)
    shapes = Shape((*batch, rows, inside)), Shape((*batch, inside, columns))
    return tuple(Tensor(shape, x.dtype, "tf") for shape in shapes)


@define("tf.linalg.lu")
def lu(call: Call, input: Value, output_idx_type: Value = "int32", name: Value = None) -> Value:
    """Both triangles in one matrix, and the permutation."""
    x = operand(input, "tf", call)
    if not isinstance(x.shape, Shape) or len(x.shape) < 2 or surely_differ(x.shape[-1], x.shape[-2]):
        return Unknown("a factorisation")
    return (Tensor(x.shape, x.dtype, "tf"), Tensor(Shape(x.shape[:-1]), None, "tf"))


@define("tf.linalg.solve", "tf.linalg.triangular_solve", "tf.linalg.cholesky_solve")
@define("tf.linalg.lstsq")
def solve(call: Call, matrix: Value = None, rhs: Value = None, *args: Value, **others: Value) -> Tensor:
    """As many columns as there are on the right, as many rows as the matrix has columns."""
    x = operand(others.get("chol", matrix), "tf", call)
    y = operand(rhs, "tf", call)
    known = isinstance(x.shape, Shape) and isinstance(y.shape, Shape) and min(len(x.shape), len(y.shape)) > 1
    if not known or others.get("adjoint"):
        return Tensor(NO_MATRIX, y.dtype, "tf")
    assert isinstance(x.shape, Shape)
    assert isinstance(y.shape, Shape)
    leading = broadcast(x.shape[:-2], y.shape[:-2])
    if leading is None or surely_differ(x.shape[-2], y.shape[-2]):
        call.doubt()
        return Tensor(NO_MATRIX, y.dtype, "tf")
    return Tensor(Shape((*leading, x.shape[-1], y.shape[-1])), y.dtype, "tf")


@define("tf.linalg.diag")
def diag(call: Call, diagonal: Value, name: Value = None, k: Value = 0, *args: Value, **others: Value) -> Tensor:
    """A matrix with each row on its diagonal."""
    x, offset = operand(diagonal, "tf", call), number(k)
    if not isinstance(x.shape, Shape) or not x.shape or not isinstance(offset, int) or args or others:
        return Tensor(NO_MATRIX, x.dtype, "tf")
    size = x.shape[-1] + abs(offset)
    return Tensor(Shape((*x.shape[:-1], size, size)), x.dtype, "tf")


@define("tf.linalg.diag_part")
def diag_part(call: Call, input: Value, name: Value = None, k: Value = 0, *args: Value, **others: Value) -> Tensor:
    """The diagonal of each matrix."""
    x, offset = operand(input, "tf", call), number(k)
    if not isinstance(x.shape, Shape) or len(x.shape) < 2 or not isinstance(offset, int):
        return Tensor(NO_MATRIX, x.dtype, "tf")
    *batch, rows, columns = x.shape
    length = minimum(rows + minimum(offset, 0), columns - maximum(offset, 0))
    return Tensor(Shape((*batch, length)), x.dtype, "tf")


@define("tf.linalg.set_diag")
def set_diag(call: Call, input: Value, diagonal: Value, *args: Value, **_: Value) -> Tensor:
    """The matrices with another diagonal."""
    x = operand(input, "tf", call)
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.linalg.tensor_diag")
def tensor_diag(call: Call, diagonal: Value, name: Value = None) -> Tensor:
    """Every axis twice."""
    x = operand(diagonal, "tf", call)
    return Tensor(Shape((*x.shape, *x.shape)) if isinstance(x.shape, Shape) else x.shape, x.dtype, "tf")


@define("tf.linalg.tensor_diag_part")
def tensor_diag_part(call: Call, input: Value, name: Value = None) -> Tensor:
    """The first half of the axes."""
    x = operand(input, "tf", call)
    known = isinstance(x.shape, Shape) and len(x.shape) % 2 == 0
    return Tensor(Shape(x.shape[: len(x.shape) // 2]) if known else NO_MATRIX, x.dtype, "tf")  # type: ignore[index, arg-type]


@define("tf.linalg.cross")
def cross(call: Call, a: Value, b: Value, name: Value = None) -> Tensor:
    """The vector product of vectors of three numbers."""
    x, y = operand(a, "tf", call), operand(b, "tf", call)
    if not isinstance(x.shape, Shape) or not isinstance(y.shape, Shape) or x.shape != y.shape:
        return Tensor(Unranked("vectors"), x.dtype, "tf")
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.linalg.normalize")
def normalize(call: Call, tensor: Value, ord: Value = "euclidean", axis: Value = None, name: Value = None) -> Value:
    """The tensor divided by its norm, and the norm, which keeps the axes."""
    x, places = operand(tensor, "tf", call), number(axis)
    norm: AnyShape = Unranked("a norm")
    if isinstance(x.shape, Shape):
        several = places if isinstance(places, (list, tuple)) else (places,)
        if places is None or all(type(n) is int and -len(x.shape) <= n < len(x.shape) for n in several):
            norm = reduced(x.shape, None if places is None else several, True)
    return (Tensor(x.shape, x.dtype, "tf"), Tensor(norm, x.dtype, "tf"))


@define("tf.linalg.global_norm")
def global_norm(call: Call, t_list: Value, name: Value = None) -> Tensor:
    """One number for all tensors."""
    return Tensor(Shape(()), None, "tf")


@define("tf.linalg.eye")
def eye(
    call: Call,
    num_rows: Value,
    num_columns: Value = None,
    batch_shape: Value = None,
    dtype: Value = "float32",
    name: Value = None,
) -> Tensor:
    """Matrices with ones on the diagonal."""
    return identity(call, num_rows, num_columns, batch_shape, dtype)


@define("tf.linalg.lu_matrix_inverse", "tf.linalg.lu_reconstruct", "tf.linalg.lu_solve")
@define("tf.linalg.banded_triangular_solve", "tf.linalg.eigh_tridiagonal", "tf.linalg.tridiagonal_matmul")
@define("tf.linalg.tridiagonal_solve")
def unmodelled(call: Call, *args: Value, **_: Value) -> Value:
    """What is not followed."""
    return Unknown("linear algebra that is not followed")
