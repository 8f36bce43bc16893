"""Symbolic tensors of Keras: attributes, operators and subscripts, and what all functions of keras.ops share.

Follows keras/src/backend/common/keras_tensor.py and keras/src/ops/operation_utils.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...dim import is_symbolic
from ...dtypes import FLOATING, python_dtype
from ...evidence import Report, report
from ...formulas.broadcast import broadcast
from ...formulas.contract import inner_clash, matmul
from ...formulas.indexing import entries, indexed
from ...problems import BroadcastMismatch, IndexOutOfRange, InnerMismatch, TooManyIndices
from ...rule import Call, attribute, function
from ...shape import AnyShape, Shape, Unranked, product
from ...value import Assumed, Slice, Tensor, Unknown, Value, framework_shape, tensors_in
from ..arrays import keras_version, operand
from .state import BACKEND_KIND, auto_name


@attribute("keras.KerasTensor.shape")
def shape_attribute(call: Call, x: Tensor) -> Value:
    """A tuple with None for what is left open."""
    return framework_shape(x.shape)


@attribute("keras.KerasTensor.dtype")
def dtype_attribute(call: Call, x: Tensor) -> Value:
    """The dtype's name."""
    return x.dtype if x.dtype is not None else Unknown("dtype")


@attribute("keras.KerasTensor.name")
def name_attribute(call: Call, x: Tensor) -> Value:
    """The name: "keras_tensor_3"."""
    return x.name if x.name is not None else Unknown("name")


@attribute("keras.KerasTensor.ndim")
def ndim_attribute(call: Call, x: Tensor) -> Value:
    """How many axes there are."""
    return len(x.shape) if isinstance(x.shape, Shape) else Unknown(x.shape.reason)


@attribute("keras.KerasTensor.sparse")
@attribute("keras.KerasTensor.ragged")
def plain_attribute(call: Call, x: Tensor) -> bool:
    """Sparse and ragged tensors are not followed."""
    return False


@function("keras.KerasTensor.__getitem__")
@function("keras.ops.get_item")
def getitem(call: Call, x: Any, key: Value) -> Value:
    """``x[key]``: ints, slices, None and an ellipsis.  ValueError where it does not fit; open lengths stay open."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape):
        return result(call, "GetItem", x.shape, x.dtype, x)
    found = indexed(x.shape, entries(key))
    if isinstance(found.problem, (IndexOutOfRange, TooManyIndices)):
        tell(call, replace(found.problem, key=key_text(key), shape=x.shape), [x], "key")
    shape = found.shape if found.shape is not None else Unranked("the index is not known")
    return result(call, "GetItem", shape, x.dtype, x)


@function("keras.KerasTensor.__add__", cls="Add")
@function("keras.ops.add", cls="Add")
@function("keras.KerasTensor.__sub__", cls="Subtract")
@function("keras.ops.subtract", cls="Subtract")
@function("keras.KerasTensor.__mul__", cls="Multiply")
@function("keras.ops.multiply", cls="Multiply")
@function("keras.KerasTensor.__pow__", cls="Power")
@function("keras.ops.power", cls="Power")
@function("keras.KerasTensor.__mod__", cls="Mod")
@function("keras.ops.mod", cls="Mod")
@function("keras.KerasTensor.__floordiv__", cls="FloorDivide")
@function("keras.ops.floor_divide", cls="FloorDivide")
@function("keras.ops.maximum", cls="Maximum")
@function("keras.ops.minimum", cls="Minimum")
@function("keras.ops.fmax", cls="Fmax")
@function("keras.ops.fmin", cls="Fmin")
@function("keras.ops.fmod", cls="Fmod")
@function("keras.ops.gcd", cls="Gcd")
@function("keras.ops.lcm", cls="Lcm")
def binary(call: Call, x1: Any, x2: Any, *, cls: str) -> Value:
    """An element-wise operation on two tensors, or a tensor and a number."""
    a, b = tensor(call, x1), tensor(call, x2)
    dtype = common_dtype(x1, x2, a, b)
    if cls in ("Gcd", "Lcm") and not (isinstance(x1, Tensor) and isinstance(x2, Tensor)):
        dtype = None  # a Python number counts as a tensor there
    if cls in ("Mod", "Fmod") and dtype == "bool":
        dtype = "int32"
    return result(call, cls, common(call, a, b, cls=cls), dtype, a, b)


@function("keras.KerasTensor.__truediv__", cls="TrueDivide")
@function("keras.ops.true_divide", cls="TrueDivide")
@function("keras.ops.divide", cls="Divide")
@function("keras.ops.divide_no_nan", cls="DivideNoNan")
@function("keras.ops.arctan2", cls="Arctan2")
@function("keras.ops.logaddexp", cls="Logaddexp")
@function("keras.ops.logaddexp2", cls="Logaddexp2")
@function("keras.ops.hypot", cls="Hypot")
@function("keras.ops.heaviside", cls="Heaviside")
@function("keras.ops.ldexp", cls="Ldexp")
@function("keras.ops.nextafter", cls="Nextafter")
def divide(call: Call, x1: Any, x2: Any, *, cls: str) -> Value:
    """An element-wise operation whose result is floating."""
    a, b = tensor(call, x1), tensor(call, x2)
    dtype = floating(common_dtype(x1, x2, a, b))
    numbers = not (isinstance(x1, Tensor) and isinstance(x2, Tensor))
    if (numbers and cls in ("Arctan2", "Nextafter", "Ldexp")) or (cls in ("Hypot", "Heaviside") and a.dtype == "bool"):
        dtype = None
    return result(call, cls, common(call, a, b, cls=cls), dtype, a, b)


@function("keras.KerasTensor.__lt__", cls="Less")
@function("keras.ops.less", cls="Less")
@function("keras.KerasTensor.__le__", cls="LessEqual")
@function("keras.ops.less_equal", cls="LessEqual")
@function("keras.KerasTensor.__gt__", cls="Greater")
@function("keras.ops.greater", cls="Greater")
@function("keras.KerasTensor.__ge__", cls="GreaterEqual")
@function("keras.ops.greater_equal", cls="GreaterEqual")
@function("keras.KerasTensor.__ne__", cls="NotEqual")
@function("keras.ops.not_equal", cls="NotEqual")
@function("keras.ops.equal", cls="Equal")
@function("keras.KerasTensor.__and__", cls="LogicalAnd")
@function("keras.ops.logical_and", cls="LogicalAnd")
@function("keras.KerasTensor.__or__", cls="LogicalOr")
@function("keras.ops.logical_or", cls="LogicalOr")
@function("keras.KerasTensor.__xor__", cls="LogicalXor")
@function("keras.ops.logical_xor", cls="LogicalXor")
def compare(call: Call, x1: Any, x2: Any, *, cls: str) -> Value:
    """An element-wise comparison."""
    a, b = tensor(call, x1), tensor(call, x2)
    return result(call, cls, common(call, a, b, cls=cls), "bool", a, b)


@function("keras.ops.isclose")
def isclose(call: Call, x1: Any, x2: Any, rtol: Value = 1e-5, atol: Value = 1e-8, equal_nan: Value = False) -> Value:
    """Whether two numbers are almost the same."""
    return compare(call, x1, x2, cls="Isclose")


@function("keras.KerasTensor.__matmul__")
@function("keras.ops.matmul")
def matrix_product(call: Call, x1: Any, x2: Any) -> Value:
    """``a @ b``; a symbolic mismatch of the inner axes is reported."""
    a, b = tensor(call, x1), tensor(call, x2)
    shape: AnyShape = Unranked("the rank is not known")
    if isinstance(a.shape, Shape) and isinstance(b.shape, Shape) and a.shape and b.shape:
        if inner_clash(a.shape, b.shape):
            problem = InnerMismatch("matmul", tuple(a.shape), tuple(b.shape))
            tell(call, problem, [a, b], "x2", "x1", eager=_eager_product(a, b, common_dtype(x1, x2, a, b)))
        found = matmul(a.shape, b.shape)
        shape = found if found is not None else Unranked("the inner axes do not fit")
    return result(call, "Matmul", shape, common_dtype(x1, x2, a, b), a, b)


def _eager_product(a: Tensor, b: Tensor, dtype: str | None) -> InnerMismatch | None:
    """What TensorFlow multiplies: a matrix of all rows where the second is a matrix, else batches of matrices."""
    if not isinstance(a.shape, Shape) or not isinstance(b.shape, Shape) or len(a.shape) < 2 or dtype is None:
        return None
    if len(b.shape) == 2:
        rows = (product(a.shape[:-1]), a.shape[-1])
        return InnerMismatch(f"MatMul {dtype}", rows, tuple(b.shape))
    if len(b.shape) > 2 and len(a.shape) > 2:
        return InnerMismatch(f"BatchMatMulV2 {dtype}", tuple(a.shape), tuple(b.shape))
    return None


@function("keras.KerasTensor.__neg__", cls="Negative")
@function("keras.KerasTensor.__abs__", cls="Absolute")
@function("keras.KerasTensor.__invert__", cls="LogicalNot")
@function("keras.KerasTensor.__round__", cls="Round")
def unary(call: Call, x: Any, *, cls: str) -> Value:
    """An element-wise operation on one tensor."""
    x = tensor(call, x)
    return result(call, cls, x.shape, "bool" if cls == "LogicalNot" else x.dtype, x)


@function("keras.KerasTensor.__pos__")
def positive(call: Call, x: Any) -> Value:
    """There is no unary plus."""
    return Unknown("+ of a symbolic tensor")


def tensor(call: Call, value: Any) -> Tensor:
    """An argument as a tensor: numbers have rank 0, arrays become tensors of the backend."""
    kind = BACKEND_KIND.get(call.backend(), "tf")
    found = operand(value, kind, call)
    return replace(found, kind=kind) if found.kind in ("numpy", "torch") and kind != found.kind else found


KERNELS = {
    "Add": "AddV2", "Subtract": "Sub", "Multiply": "Mul", "TrueDivide": "RealDiv", "Divide": "RealDiv", "Power": "Pow",
    "Mod": "FloorMod", "FloorDivide": "FloorDiv", "Maximum": "Maximum", "Minimum": "Minimum", "Less": "Less",
    "LessEqual": "LessEqual", "Greater": "Greater", "GreaterEqual": "GreaterEqual", "Equal": "Equal",
    "NotEqual": "NotEqual", "LogicalAnd": "LogicalAnd", "LogicalOr": "LogicalOr", "Where": "SelectV2",
    "Arctan2": "Atan2", "Isclose": "Sub",
}  # fmt: skip
"""The operation of TensorFlow's that complains about the shapes."""


def common(call: Call, *operands: Tensor, cls: str = "") -> AnyShape:
    """The shape of an element-wise operation; what does not fit is reported."""
    found = Shape(())
    for x in operands:
        if not isinstance(x.shape, Shape):
            return x.shape
        merged = broadcast(found, x.shape)
        if merged is None:
            shapes, kernel = tuple(one.shape for one in operands), KERNELS.get(cls)
            eager = None if kernel is None else BroadcastMismatch(kernel, shapes=shapes)
            tell(call, BroadcastMismatch("symbolic", shapes=(found, x.shape)), operands, "x2", "x1", eager=eager)
            return Unranked("the shapes do not fit")
        found = merged
    return found


def tell(call: Call, problem: Any, values: Sequence[Any], *blame: str, eager: Any = None) -> None:
    """Report what Keras 3 says of symbolic tensors, or ``eager``, what TensorFlow says of its own.

    Other backends, and Keras 2, say other things, and so does TensorFlow where nothing is given.
    """
    if is_symbolic_call(values) and keras_version(call, values) >= (3,):
        report(problem, blame=blame)
    elif eager is not None and not is_symbolic_call(values) and call.backend() == "tensorflow":
        call.find(Report(eager, blame), "tensorflow")
    else:
        call.doubt()


def is_symbolic_call(values: Any) -> bool:
    """Whether a symbolic tensor is among the values."""
    return any(x.symbolic for x in tensors_in(list(values)))


def result(call: Call, cls: str, shape: AnyShape, dtype: str | None, *inputs: Any) -> Any:
    """What an operation gives: symbolic, with names counted, if any input is; else a tensor of the backend."""
    if getattr(call, "flavour", "") == "tf_keras":
        return Unknown("Keras 2 has no keras.ops")
    if is_symbolic_call(inputs):
        framework = "keras" if keras_version(call, inputs) >= (3,) else "tf_keras"
        name, tensor_name = auto_name(call, cls, framework), auto_name(call, "KerasTensor", framework)
        call.operation = (cls, name, (tensor_name,))
        return Tensor(shape, dtype, "keras", name=tensor_name)
    return Tensor(shape, dtype, BACKEND_KIND.get(call.backend(), "tf"))


def results(call: Call, cls: str, outputs: Sequence[tuple[AnyShape, str | None]], *inputs: Any) -> Any:
    """The same for an operation that gives several tensors, as a tuple."""
    if getattr(call, "flavour", "") == "tf_keras":
        return Unknown("Keras 2 has no keras.ops")
    if not is_symbolic_call(inputs):
        kind = BACKEND_KIND.get(call.backend(), "tf")
        return tuple(Tensor(shape, dtype, kind) for shape, dtype in outputs)
    framework = "keras" if keras_version(call, inputs) >= (3,) else "tf_keras"
    name, names = auto_name(call, cls, framework), tuple(auto_name(call, "KerasTensor", framework) for _ in outputs)
    call.operation = (cls, name, names)
    return tuple(Tensor(shape, dtype, "keras", name=one) for (shape, dtype), one in zip(outputs, names, strict=True))


def common_dtype(one: Any, other: Any, a: Tensor, b: Tensor) -> str | None:
    """The dtype of an operation on two: a Python number gives way, a float wins over an integer."""
    if isinstance(one, (Unknown, Assumed)) or isinstance(other, (Unknown, Assumed)):
        return None
    weak_one, weak_other = python_dtype(one), python_dtype(other)
    if weak_one is not None and weak_other is None:
        return _weakly(b.dtype, weak_one)
    if weak_other is not None and weak_one is None:
        return _weakly(a.dtype, weak_other)
    return joint(a.dtype, b.dtype)


def joint(one: str | None, other: str | None) -> str | None:
    """The dtype of an operation on tensors of two dtypes; None where the promotion is not followed."""
    if one == other or other is None or one is None:
        return one if one == other else None
    if one == "bool" or other == "bool":
        return other if one == "bool" else one
    floats = [dtype for dtype in (one, other) if dtype in FLOATING]
    if len(floats) == 1 and "bfloat16" not in (one, other):
        return floats[0]
    return max(floats, key=FLOATING.index) if len(floats) == 2 else None


def floating(dtype: str | None) -> str | None:
    """The dtype of a floating function of such numbers."""
    return "float32" if dtype is not None and ("int" in dtype or dtype == "bool") else dtype


def key_text(key: Any) -> str:
    """A subscript as Python prints it."""
    if isinstance(key, tuple):
        return f"({', '.join(map(key_text, key))}{',' if len(key) == 1 else ''})"
    if isinstance(key, Slice):
        return f"slice({', '.join(map(key_text, (key.start, key.stop, key.step)))})"
    if key is ...:
        return "Ellipsis"
    return "?" if is_symbolic(key) or isinstance(key, (Unknown, Tensor)) else repr(key)


def _weakly(dtype: str | None, kind: str) -> str | None:
    if dtype is None or kind == "bool":
        return dtype
    if kind == "int":
        return "int32" if dtype == "bool" else dtype
    return floating(dtype) if kind == "float" else None
