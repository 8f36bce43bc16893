"""NumPy's products and linear algebra (numpy/_core/multiarray.py, einsumfunc.py, numpy/linalg)."""

from __future__ import annotations

from typing import Any

from ...dim import surely_differ, surely_equal
from ...dtypes import is_integer, promoted
from ...evidence import report
from ...formulas.contract import einsum as einsum_shape
from ...formulas.contract import inner_clash
from ...formulas.contract import matmul as matmul_shape
from ...formulas.contract import tensordot as tensordot_shape
from ...formulas.reduce import counted, missing, reduced
from ...problems import BadArgument, BroadcastMismatch, EinsumMismatch, InnerMismatch, NoSuchAxis, TooFewAxes
from ...rule import Call
from ...shape import Shape, Unranked, product
from ...value import Tensor, Unknown, Value
from ..arrays import definer, number, operand
from .creation import result_dtype

define = definer("numpy", "numpy")


@define("numpy.matmul", "numpy.ndarray.__matmul__")
def matmul(call: Call, x1: Value, x2: Value, **_: Value) -> Tensor:
    """Matrices multiplied, leading axes broadcast.  ValueError where inner or leading axes do not fit."""
    a, b = operand(x1, "numpy", call), operand(x2, "numpy", call)
    dtype = promoted(a.dtype, b.dtype)
    for which, x in enumerate((a, b)):
        if x.shape == Shape(()):
            report(TooFewAxes(op="matmul", shape=(), needed=1, which=which), blame=("x2" if which else "x1",))
            return Tensor(Unranked("a matrix product with a number"), dtype, "numpy")
    if not isinstance(a.shape, Shape) or not isinstance(b.shape, Shape):
        return Tensor(Unranked("a rank is not known"), dtype, "numpy")
    shape = matmul_shape(a.shape, b.shape)
    if shape is None:
        if inner_clash(a.shape, b.shape):
            report(InnerMismatch(op="matmul", left=a.shape, right=b.shape), blame=("x2", "x1"))
        else:
            report(BroadcastMismatch(op="matmul", shapes=(a.shape, b.shape)), blame=("x2", "x1"))
        return Tensor(_free_product(a.shape, b.shape), dtype, "numpy")
    return Tensor(shape, dtype, "numpy")


@define("numpy.dot", "numpy.ndarray.dot")
def dot(call: Call, a: Value, b: Value, out: Value = None) -> Tensor:
    """Sum over the last axis of ``a`` and the last but one of ``b``.  ValueError where they are not aligned."""
    x, y = operand(a, "numpy", call), operand(b, "numpy", call)
    dtype = promoted(x.dtype, y.dtype)
    if not isinstance(x.shape, Shape) or not isinstance(y.shape, Shape):
        return Tensor(Unranked("a rank is not known"), dtype, "numpy")
    if not x.shape or not y.shape:
        return Tensor(x.shape or y.shape, dtype, "numpy")
    if inner_clash(x.shape, y.shape):
        report(InnerMismatch(op="dot", left=x.shape, right=y.shape), blame=("b", "a"))
    at = max(len(y.shape) - 2, 0)
    return Tensor(Shape((*x.shape[:-1], *y.shape[:at], *y.shape[at + 1 :])), dtype, "numpy")


@define("numpy.inner")
def inner(call: Call, a: Value, b: Value) -> Tensor:
    """Sum over the last axes of both."""
    x, y = operand(a, "numpy", call), operand(b, "numpy", call)
    dtype = promoted(x.dtype, y.dtype)
    if not isinstance(x.shape, Shape) or not isinstance(y.shape, Shape):
        return Tensor(Unranked("a rank is not known"), dtype, "numpy")
    if not x.shape or not y.shape:
        return Tensor(x.shape or y.shape, dtype, "numpy")
    if surely_differ(x.shape[-1], y.shape[-1]):
        turned = Shape((*y.shape[:-2], y.shape[-1], y.shape[-2])) if len(y.shape) > 1 else y.shape
        report(InnerMismatch(op="dot", left=x.shape, right=turned), blame=("b", "a"))
    return Tensor(Shape((*x.shape[:-1], *y.shape[:-1])), dtype, "numpy")


@define("numpy.outer")
def outer(call: Call, a: Value, b: Value, out: Value = None) -> Tensor:
    """Every element of ``a`` with every element of ``b``."""
    x, y = operand(a, "numpy", call), operand(b, "numpy", call)
    dims = [product(z.shape) if isinstance(z.shape, Shape) else call.symbol() for z in (x, y)]
    return Tensor(Shape(dims), promoted(x.dtype, y.dtype), "numpy")


@define("numpy.tensordot")
def tensordot(call: Call, a: Value, b: Value, axes: Value = 2) -> Tensor:
    """Sum over pairs of axes.  ValueError where a pair differs in length."""
    x, y = operand(a, "numpy", call), operand(b, "numpy", call)
    dtype = promoted(x.dtype, y.dtype)
    if not isinstance(x.shape, Shape) or not isinstance(y.shape, Shape):
        return Tensor(Unranked("a rank is not known"), dtype, "numpy")
    pairs = contracted_axes(number(axes), len(x.shape), len(y.shape))
    if pairs is None:
        return Tensor(Unranked("the axes are not known"), dtype, "numpy")
    shape = tensordot_shape(x.shape, y.shape, *pairs)
    if shape is None:
        report(InnerMismatch(op="tensordot", left=x.shape, right=y.shape), blame=("b", "a"))
        left = [dim for axis, dim in enumerate(x.shape) if axis not in pairs[0]]
        shape = Shape((*left, *(dim for axis, dim in enumerate(y.shape) if axis not in pairs[1])))
    return Tensor(shape, dtype, "numpy")


def contracted_axes(axes: Any, rank_a: int, rank_b: int) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The pairs of axes that ``axes`` means: so many last and first ones, or two lists."""
    if isinstance(axes, int) and 0 <= axes <= min(rank_a, rank_b):
        return tuple(range(rank_a - axes, rank_a)), tuple(range(axes))
    if isinstance(axes, (tuple, list)) and len(axes) == 2:
        left, right = counted(axes[0], rank_a), counted(axes[1], rank_b)
        if left is not None and right is not None and len(left) == len(right):
            return left, right
    return None


@define("numpy.einsum")
def einsum(call: Call, subscripts: Value, *operands: Value, **_: Value) -> Tensor:
    """Einstein's sum.  ValueError where letters and axes do not fit."""
    tensors = [operand(x, "numpy", call) for x in operands]
    dtype = result_dtype(tensors)
    if not isinstance(subscripts, str) or not all(isinstance(x.shape, Shape) for x in tensors):
        return Tensor(Unranked("the shapes are not known"), dtype, "numpy")
    shapes = [x.shape for x in tensors if isinstance(x.shape, Shape)]
    shape = einsum_shape(subscripts, shapes)
    if shape is None:
        problem = einsum_problem(subscripts, shapes)
        if problem is not None:
            report(problem, blame=("subscripts", "operands"))
        return Tensor(Unranked("the einsum does not fit"), dtype, "numpy")
    return Tensor(shape, dtype, "numpy")


def einsum_problem(equation: str, shapes: list[Shape]) -> EinsumMismatch | None:
    """What surely is wrong with an einsum without ``...``; None on doubt."""
    if "." in equation:
        return None
    left, _, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    facts: dict[str, Any] = {"op": "einsum", "equation": equation, "shapes": tuple(shapes)}
    if len(terms) != len(shapes):
        return EinsumMismatch(what="count", operand=len(shapes), axis=len(terms), **facts)
    for number_, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        if len(term) != len(shape):
            return EinsumMismatch(what="rank", operand=number_, axis=len(term), **facts)
    for letter in right:
        if letter not in left:
            return EinsumMismatch(what="output", letter=letter, **facts)
    seen: dict[str, Any] = {}
    for number_, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        for axis, (letter, dim) in enumerate(zip(term, shape, strict=True)):
            if surely_differ(seen.get(letter, 1), 1) and surely_differ(dim, 1) and surely_differ(seen[letter], dim):
                lengths = (seen[letter], dim)
                return EinsumMismatch(
                    what="length", operand=number_, letter=letter, lengths=lengths, axis=axis, **facts
                )
            if letter not in seen or surely_equal(seen[letter], 1):
                seen[letter] = dim
    return None


@define("numpy.linalg.norm")
def norm(call: Call, x: Value, ord: Value = None, axis: Value = None, keepdims: Value = False) -> Tensor:
    """Norms along one or two axes, or of all elements."""
    a, axes = operand(x, "numpy", call), number(axis)
    dtype = "float64" if is_integer(a.dtype) or a.dtype == "bool" else a.dtype
    if axes is None and keepdims is False:
        return Tensor(Shape(()), dtype, "numpy")
    if not isinstance(a.shape, Shape) or not isinstance(keepdims, bool):
        return Tensor(Unranked("the shape is not known"), dtype, "numpy")
    if axes is not None and missing(axes, len(a.shape)) is not None:
        report(NoSuchAxis(op="norm", axis=missing(axes, len(a.shape)), rank=len(a.shape)), blame=("axis",))
    places = None if axes is None else counted(axes, len(a.shape))
    if axes is not None and places is None:
        return Tensor(Unranked("the axes are not known"), dtype, "numpy")
    return Tensor(reduced(a.shape, places, keepdims), dtype, "numpy")


@define("numpy.linalg.pinv", becomes="pseudo")
@define("numpy.linalg.inv", becomes="same")
@define("numpy.linalg.det", becomes="number")
@define("numpy.linalg.matrix_rank", becomes="rank")
def inverse(call: Call, a: Value, *args: Value, becomes: str, **_: Value) -> Tensor:
    """Of square matrices in the last two axes: the inverse, the determinant."""
    x = operand(a, "numpy", call)
    dtype = "int64" if becomes == "rank" else "float64" if is_integer(x.dtype) else x.dtype
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape if becomes == "same" else Unranked("the rank is not known"), dtype, "numpy")
    if len(x.shape) < 2:
        if becomes in ("same", "number"):
            report(BadArgument(op="linalg", what="rank", shape=x.shape), blame=("a",))
        return Tensor(Unranked("no matrices"), dtype, "numpy")
    if becomes in ("same", "number") and surely_differ(x.shape[-1], x.shape[-2]):
        report(BadArgument(op="linalg", what="square", shape=x.shape), blame=("a",))
    if becomes == "pseudo":
        return Tensor(Shape((*x.shape[:-2], x.shape[-1], x.shape[-2])), dtype, "numpy")
    return Tensor(x.shape if becomes == "same" else Shape(x.shape[:-2]), dtype, "numpy")


@define("numpy.vdot")
def vdot(call: Call, a: Value, b: Value) -> Value:
    """A number."""
    return Unknown("a product of vectors")


def _free_product(a: Shape, b: Shape) -> Shape | Unranked:
    """The shape of a matrix product whose inner axes do not fit: leading axes, rows of the one, columns of the other."""
    right = (*b[:-2], 1, b[-1]) if len(b) > 1 else (1,)
    free = matmul_shape((*a[:-1], 1), right)
    return Unranked("the matrices do not fit") if free is None else free
