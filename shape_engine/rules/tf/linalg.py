"""TensorFlow's products of matrices and tensors (math_ops.py, special_math_ops.py, core/kernels/matmul_op)."""

from __future__ import annotations

from ...dim import is_dynamic, surely_differ
from ...dtypes import is_integer
from ...formulas.broadcast import broadcast
from ...formulas.contract import einsum as einsum_shape
from ...formulas.contract import matmul as matmul_shape
from ...formulas.contract import tensordot as tensordot_shape
from ...formulas.join import known
from ...formulas.reduce import counted
from ...problems import BadArgument, BroadcastMismatch, EinsumMismatch, InnerMismatch, TooFewAxes
from ...rule import Call
from ...shape import Shape, Unranked
from ...value import Tensor, Value
from ..arrays import number, operand
from .elementwise import matched
from .graph import define, report


@define("tf.matmul", "tf.linalg.matmul")
def matmul(
    call: Call, a: Value, b: Value, transpose_a: Value = False, transpose_b: Value = False,
    adjoint_a: Value = False, adjoint_b: Value = False, **_: Value,
) -> Tensor:  # fmt: skip
    """Matrices in the last two axes multiplied, leading axes broadcast; no vectors."""
    flags = (transpose_a, transpose_b, adjoint_a, adjoint_b)
    if not all(isinstance(flag, bool) for flag in flags):
        return Tensor(Unranked("whether the matrices are transposed is not known"), None, "tf")
    return product(call, a, b, bool(transpose_a or adjoint_a), bool(transpose_b or adjoint_b), ("b", "a"))


@define("tf.Tensor.__matmul__")
def matmul_operator(call: Call, x: Value, y: Value) -> Tensor:
    """``x @ y``."""
    return product(call, x, y, False, False, ("y", "x"))


def product(call: Call, a: Value, b: Value, turn_a: bool, turn_b: bool, blame: tuple[str, str]) -> Tensor:
    """The product of two tensors of matrices, with the checks of MatMul (both of rank 2) or BatchMatMulV2."""
    left, right = operand(a, "tf", call), operand(b, "tf", call)
    if not isinstance(left.shape, Shape) or not isinstance(right.shape, Shape):
        return Tensor(Unranked("a rank is not known"), left.dtype if left.dtype == right.dtype else None, "tf")
    op = "BatchMatMulV2" if max(len(left.shape), len(right.shape)) > 2 else "MatMul"
    dtype = matched(a, b, left, right, op)
    for which, shape in enumerate((left.shape, right.shape)):
        if len(shape) < 2:
            report(TooFewAxes(op=op, shape=shape, needed=2, which=which), blame=(blame[1 - which],))
            return Tensor(Unranked("a product with a vector"), dtype, "tf")
    one, other = _turned(left.shape, turn_a), _turned(right.shape, turn_b)
    found = matmul_shape(one, other)
    if found is None:
        if broadcast(one[:-2], other[:-2]) is not None:
            whole = f"{op} {dtype}"
            problem = InnerMismatch(op=whole, left=left.shape, right=right.shape, transposed=(turn_a, turn_b))
            report(problem, blame=blame)
            free = matmul_shape((*one[:-1], 1), (*other[:-2], 1, other[-1]))
            return Tensor(Unranked("the matrices do not fit") if free is None else free, dtype, "tf")
        else:
            report(BroadcastMismatch(op="BatchMatMulV2", shapes=(left.shape, right.shape)), blame=blame)
        return Tensor(Unranked("the matrices do not fit"), dtype, "tf")
    return Tensor(found, dtype, "tf")


@define("tf.linalg.matvec")
def matvec(call: Call, a: Value, b: Value, transpose_a: Value = False, *args: Value, **_: Value) -> Tensor:
    """Matrices times vectors in the last axis."""
    left, right = operand(a, "tf", call), operand(b, "tf", call)
    if not isinstance(left.shape, Shape) or not isinstance(right.shape, Shape) or not isinstance(transpose_a, bool):
        return Tensor(Unranked("a rank is not known"), None, "tf")
    column = Tensor(Shape((*right.shape, 1)), right.dtype, "tf")
    found = product(call, left, column, transpose_a, False, ("b", "a"))
    shape = Shape(found.shape[:-1]) if isinstance(found.shape, Shape) else found.shape
    return Tensor(shape, found.dtype, "tf")


@define("tf.tensordot", "tf.linalg.tensordot")
def tensordot(call: Call, a: Value, b: Value, axes: Value, name: Value = None) -> Tensor:
    """Sum over pairs of axes; the tensors become matrices, which complain as matrices."""
    x, y, axes = operand(a, "tf", call), operand(b, "tf", call), number(axes)
    dtype = x.dtype if x.dtype == y.dtype else None
    if not isinstance(x.shape, Shape) or not isinstance(y.shape, Shape):
        return Tensor(Unranked("a rank is not known"), dtype, "tf")
    if isinstance(axes, int) and 0 <= axes <= min(len(x.shape), len(y.shape)):
        left: tuple[int, ...] | None = tuple(range(len(x.shape) - axes, len(x.shape)))
        right: tuple[int, ...] | None = tuple(range(axes))
    elif isinstance(axes, (tuple, list)) and len(axes) == 2:
        left, right = counted(axes[0], len(x.shape)), counted(axes[1], len(y.shape))
    else:
        left = right = None
    if left is None or right is None or len(left) != len(right):
        return Tensor(Unranked("the axes are not known"), dtype, "tf")
    shape = tensordot_shape(x.shape, y.shape, left, right)
    if shape is None:
        inner_a, inner_b, rows, columns = 1, 1, 1, 1
        for axis, dim in enumerate(x.shape):
            inner_a, rows = (inner_a * dim, rows) if axis in left else (inner_a, rows * dim)
        for axis, dim in enumerate(y.shape):
            inner_b, columns = (inner_b * dim, columns) if axis in right else (inner_b, columns * dim)
        if surely_differ(inner_a, inner_b) and not any(map(is_dynamic, (*x.shape, *y.shape))):
            report(
                InnerMismatch(op=f"MatMul {dtype}", left=(rows, inner_a), right=(inner_b, columns)), blame=("b", "a")
            )
        return Tensor(Unranked("the axes do not fit"), dtype, "tf")
    return Tensor(shape, dtype, "tf")


@define("tf.einsum", "tf.linalg.einsum")
def einsum(call: Call, equation: Value, *inputs: Value, **_: Value) -> Tensor:
    """Einstein's sum."""
    tensors = [operand(x, "tf", call) for x in inputs]
    names = {x.dtype for x in tensors}
    dtype = names.pop() if len(names) == 1 else None
    if not isinstance(equation, str) or not all(isinstance(x.shape, Shape) for x in tensors):
        return Tensor(Unranked("the shapes are not known"), dtype, "tf")
    shapes = [x.shape for x in tensors if isinstance(x.shape, Shape)]
    shape = einsum_shape(equation, shapes)
    if shape is not None:
        return Tensor(shape, dtype, "tf")
    problem = _einsum_problem(equation, shapes, dtype)
    if problem is not None:
        report(problem, blame=("equation", "inputs"))
    return Tensor(Unranked("the einsum does not fit"), dtype, "tf")


@define("tf.nn.bias_add")
def bias_add(call: Call, value: Value, bias: Value, data_format: Value = None, name: Value = None) -> Tensor:
    """A bias for each channel, on the last axis."""
    x, b = operand(value, "tf", call), operand(bias, "tf", call)
    if isinstance(x.shape, Shape) and isinstance(b.shape, Shape) and data_format is None:
        if len(x.shape) < 2:
            report(BadArgument(op="BiasAdd", what="rank", shape=x.shape), blame=("value",))
        elif len(b.shape) != 1:
            report(BadArgument(op="BiasAdd", what="bias", shape=b.shape), blame=("bias",))
        elif surely_differ(x.shape[-1], b.shape[0]):
            report(BadArgument(op="BiasAdd", what="length", shape=x.shape, value=b.shape), blame=("bias", "value"))
        else:
            return Tensor(Shape((*x.shape[:-1], known((x.shape[-1], b.shape[0])))), x.dtype, "tf")
    return Tensor(x.shape, x.dtype, "tf")


def _turned(shape: Shape, turn: bool) -> Shape:
    return Shape((*shape[:-2], shape[-1], shape[-2])) if turn else shape


def _einsum_problem(equation: str, shapes: list[Shape], dtype: str | None) -> EinsumMismatch | None:
    """What surely is wrong with an einsum without ``...``; None on doubt.  Output labels are checked first."""
    if "." in equation or "->" not in equation:
        return None
    left, _, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    op = "Einsum" if is_integer(dtype) else "__MklEinsum"
    for letter in right:
        if letter not in left:
            return EinsumMismatch(op=op, what="output", equation=equation, shapes=tuple(shapes), letter=letter)
    if len(terms) != len(shapes):
        return EinsumMismatch(
            op=op, what="count", equation=equation, shapes=tuple(shapes), operand=len(shapes), axis=len(terms)
        )
    for place, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        if len(term) != len(shape):
            return EinsumMismatch(
                op=op, what="rank", equation=equation, shapes=tuple(shapes), operand=place, axis=len(term)
            )
    seen: dict[str, object] = {}
    for place, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        for axis, (letter, dim) in enumerate(zip(term, shape, strict=True)):
            if surely_differ(seen.setdefault(letter, dim), dim):
                lengths = (seen[letter], dim)
                return EinsumMismatch(
                    op=op,
                    what="length",
                    equation=equation,
                    shapes=tuple(shapes),
                    operand=place,
                    letter=letter,
                    lengths=lengths,
                    axis=axis,
                )
    return None
