"""TensorFlow's element-wise functions and operators (tensorflow/python/ops/math_ops.py, gen_math_ops)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from ...dim import is_dim, maximum, minimum, surely_differ
from ...dtypes import bytes_of, dtype_name, is_integer, python_dtype, tf_default, tf_type
from ...formulas.broadcast import broadcast_all
from ...problems import BadArgument, DtypeMismatch, WrongDtype
from ...rule import Call
from ...shape import Shape, Unranked, surely_other
from ...value import Tensor, Unknown, Value
from ...wording.tensorflow_dtypes import ALLOWED
from ..arrays import common_shape, computed, number, operand, shape_of, surely_fit
from .graph import define, report

UNARY: tuple[tuple[str, ...], ...] = (
    # all of these keep shape and dtype
    ("tf.abs", "tf.math.abs", "tf.Tensor.__abs__"), ("tf.negative", "tf.math.negative", "tf.Tensor.__neg__"),
    ("tf.sign", "tf.math.sign"), ("tf.square", "tf.math.square"), ("tf.sqrt", "tf.math.sqrt"),
    ("tf.math.rsqrt",), ("tf.exp", "tf.math.exp"), ("tf.math.expm1",), ("tf.math.log",), ("tf.math.log1p",),
    ("tf.sin", "tf.math.sin"), ("tf.cos", "tf.math.cos"), ("tf.tan", "tf.math.tan"), ("tf.asin", "tf.math.asin"),
    ("tf.acos", "tf.math.acos"), ("tf.atan", "tf.math.atan"), ("tf.sinh", "tf.math.sinh"), ("tf.cosh", "tf.math.cosh"),
    ("tf.tanh", "tf.math.tanh", "tf.nn.tanh"), ("tf.sigmoid", "tf.math.sigmoid", "tf.nn.sigmoid"),
    ("tf.floor", "tf.math.floor"), ("tf.math.ceil",), ("tf.round", "tf.math.round"), ("tf.math.rint",),
    ("tf.math.reciprocal",), ("tf.math.erf",), ("tf.math.lgamma",), ("tf.math.digamma",), ("tf.math.softplus", "tf.nn.softplus"),
    ("tf.math.log_sigmoid",), ("tf.math.softsign", "tf.nn.softsign"), ("tf.math.reciprocal_no_nan",),
    ("tf.identity",), ("tf.stop_gradient",), ("tf.math.conj",), ("tf.math.cumulative_logsumexp",),
    ("tf.nn.relu",), ("tf.nn.relu6",), ("tf.nn.elu",), ("tf.nn.selu",), ("tf.nn.silu", "tf.nn.swish"),
    ("tf.linalg.band_part",), ("tf.debugging.check_numerics",), ("tf.math.bessel_i0",), ("tf.image.adjust_brightness",),
    ("tf.image.adjust_contrast",), ("tf.image.adjust_gamma",), ("tf.image.adjust_hue",), ("tf.image.adjust_saturation",),
    ("tf.image.random_brightness",), ("tf.image.random_contrast",), ("tf.image.random_hue",), ("tf.image.random_saturation",),
    ("tf.image.flip_left_right",), ("tf.image.flip_up_down",), ("tf.image.random_flip_left_right",),
    ("tf.image.random_flip_up_down",), ("tf.image.per_image_standardization",),
    ("tf.clip_by_norm",), ("tf.grad_pass_through",), ("tf.Tensor.__pos__",),
    ("tf.image.rgb_to_yiq",), ("tf.image.yiq_to_rgb",), ("tf.image.rgb_to_yuv",), ("tf.image.yuv_to_rgb",),
    ("tf.image.adjust_jpeg_quality",), ("tf.image.random_jpeg_quality",), ("tf.image.stateless_random_brightness",),
    ("tf.image.stateless_random_contrast",), ("tf.image.stateless_random_flip_left_right",),
    ("tf.image.stateless_random_flip_up_down",), ("tf.image.stateless_random_hue",),
    ("tf.image.stateless_random_jpeg_quality",), ("tf.image.stateless_random_saturation",),
    ("tf.acosh", "tf.math.acosh"), ("tf.asinh", "tf.math.asinh"), ("tf.atanh", "tf.math.atanh"),
    ("tf.math.bessel_i0e",), ("tf.math.bessel_i1",), ("tf.math.bessel_i1e",), ("tf.math.erfc",), ("tf.math.erfinv",),
    ("tf.math.erfcinv",), ("tf.math.ndtri",), ("tf.math.invert_permutation",), ("tf.bitwise.invert",),
    ("tf.strings.lower",), ("tf.strings.upper",), ("tf.strings.strip",), ("tf.strings.regex_replace",),
    ("tf.strings.substr",), ("tf.strings.unicode_transcode",), ("tf.io.decode_base64",), ("tf.io.encode_base64",),
    ("tf.io.decode_compressed",), ("tf.guarantee_const",), ("tf.debugging.assert_all_finite",),
)  # fmt: skip

TESTS: tuple[tuple[str, ...], ...] = (
    ("tf.math.is_nan",),
    ("tf.math.is_inf",),
    ("tf.math.is_finite",),
    ("tf.logical_not", "tf.math.logical_not", "tf.Tensor.__invert__"),
    ("tf.strings.regex_full_match",),
)

COUNTS: tuple[tuple[str, ...], ...] = (
    ("tf.strings.length",), ("tf.strings.unicode_script",),
)  # fmt: skip

BINARY: tuple[tuple[tuple[str, ...], str, Callable[[Any, Any], Any] | None], ...] = (
    (("tf.add", "tf.math.add", "tf.Tensor.__add__"), "AddV2", operator.add),
    (("tf.subtract", "tf.math.subtract", "tf.Tensor.__sub__"), "Sub", operator.sub),
    (("tf.multiply", "tf.math.multiply", "tf.Tensor.__mul__"), "Mul", operator.mul),
    (("tf.divide", "tf.math.divide", "tf.truediv", "tf.math.truediv", "tf.Tensor.__truediv__"), "RealDiv", operator.truediv),
    (("tf.math.divide_no_nan",), "DivNoNan", None),
    (("tf.math.multiply_no_nan",), "MulNoNan", None),
    (("tf.math.floordiv", "tf.Tensor.__floordiv__"), "FloorDiv", operator.floordiv),
    (("tf.math.floormod", "tf.math.mod", "tf.Tensor.__mod__"), "FloorMod", operator.mod),
    (("tf.pow", "tf.math.pow", "tf.Tensor.__pow__"), "Pow", operator.pow),
    (("tf.maximum", "tf.math.maximum"), "Maximum", lambda a, b: maximum(a, b) if is_dim(a) and is_dim(b) else max(a, b)),
    (("tf.minimum", "tf.math.minimum"), "Minimum", lambda a, b: minimum(a, b) if is_dim(a) and is_dim(b) else min(a, b)),
    (("tf.math.squared_difference",), "SquaredDifference", None),
    (("tf.less", "tf.math.less", "tf.Tensor.__lt__"), "Less", None),
    (("tf.less_equal", "tf.math.less_equal", "tf.Tensor.__le__"), "LessEqual", None),
    (("tf.greater", "tf.math.greater", "tf.Tensor.__gt__"), "Greater", None),
    (("tf.greater_equal", "tf.math.greater_equal", "tf.Tensor.__ge__"), "GreaterEqual", None),
    (("tf.equal", "tf.math.equal"), "Equal", None),
    (("tf.not_equal", "tf.math.not_equal"), "NotEqual", None),
    (("tf.Tensor.__and__",), "LogicalAnd", None),
    (("tf.Tensor.__or__",), "LogicalOr", None),
    (("tf.Tensor.__xor__",), "LogicalOr", None),
    (("tf.math.xlogy",), "Xlogy", None),
    (("tf.math.xlog1py",), "Xlog1py", None),
    (("tf.math.xdivy",), "Xdivy", None),
    (("tf.realdiv",), "RealDiv", operator.truediv),
    (("tf.truncatediv",), "TruncateDiv", None),
    (("tf.truncatemod",), "TruncateMod", None),
    (("tf.bitwise.bitwise_and",), "BitwiseAnd", None),
    (("tf.bitwise.bitwise_or",), "BitwiseOr", None),
    (("tf.bitwise.bitwise_xor",), "BitwiseXor", None),
    (("tf.bitwise.left_shift",), "LeftShift", None),
    (("tf.bitwise.right_shift",), "RightShift", None),
)  # fmt: skip
KERNELS = {
    f"tf.{name}" if name[0] != "_" else f"tf.math.{name[1:]}": kernel
    for name, kernel in (
        ("acos", "Acos"), ("acosh", "Acosh"), ("asin", "Asin"), ("asinh", "Asinh"), ("atan", "Atan"), ("atanh", "Atanh"),
        ("_ceil", "Ceil"), ("cos", "Cos"), ("cosh", "Cosh"), ("_erf", "Erf"), ("exp", "Exp"), ("_expm1", "Expm1"),
        ("floor", "Floor"), ("_log", "Log"), ("_log1p", "Log1p"), ("_rsqrt", "Rsqrt"), ("sigmoid", "Sigmoid"),
        ("sin", "Sin"), ("sinh", "Sinh"), ("sqrt", "Sqrt"), ("tan", "Tan"), ("tanh", "Tanh"),
    )
}  # fmt: skip
"""Functions that are one kernel which is not made for every dtype; the first of their names."""
MIRRORED = {"Less": "Greater", "LessEqual": "GreaterEqual", "Greater": "Less", "GreaterEqual": "LessEqual"}
TRUTHS = {"Equal", "NotEqual", "LogicalAnd", "LogicalOr"}
COMPARISONS = {"Less", "LessEqual", "Greater", "GreaterEqual", "Equal", "NotEqual", "LogicalAnd", "LogicalOr"}


def unary(call: Call, x: Value, *args: Value, becomes: str, kernel: str = "", **_: Value) -> Tensor:
    """One number for each number.  InvalidArgumentError where a kernel is not made for numbers of this kind."""
    tensor = operand(x, "tf", call)
    if _is_tensor(x) and tensor.dtype and kernel and tf_type(tensor.dtype) not in ALLOWED[kernel]:
        report(WrongDtype(tensor.dtype, operation=kernel), blame=("x",))
    return Tensor(tensor.shape, tensor.dtype if becomes == "same" else becomes, "tf")


def binary(call: Call, x: Value, y: Value, name: Value = None, *, kernel: str, number_too: Any) -> Value:
    """Element by element, broadcast.  InvalidArgumentError where dtypes differ or shapes do not fit."""
    left, right = operand(x, "tf", call), operand(y, "tf", call)
    dtype = matched(x, y, left, right, kernel)
    if kernel not in TRUTHS and "bool" in (left.dtype, right.dtype):
        return Tensor(Unranked("arithmetic with truth values"), None, "tf")
    if kernel in MIRRORED and _is_tensor(y) and not _is_tensor(x):  # Python asks the tensor, the other way round
        shape = common_shape((right, left), MIRRORED[kernel], ("x", "y"), report)
    else:
        shape = common_shape((left, right), kernel, ("y", "x"), report)
    constant = computed(number_too, left, right)
    if kernel in COMPARISONS:
        bitwise = is_integer(dtype) and kernel in ("LogicalAnd", "LogicalOr")
        return Tensor(shape, dtype if bitwise else "bool", "tf")
    if kernel == "RealDiv" and is_integer(dtype):
        dtype = "float64" if dtype in ("int32", "int64", "uint32", "uint64") else "float32"
    return Tensor(shape, dtype, "tf", constant=constant)


for _targets in UNARY:
    define(*_targets, becomes="same", kernel=KERNELS.get(_targets[0], ""))(unary)
for _targets in TESTS:
    define(*_targets, becomes="bool")(unary)
for _targets in COUNTS:
    define(*_targets, becomes="int32")(unary)
for _targets, _kernel, _number in BINARY:
    define(*_targets, kernel=_kernel, number_too=_number)(binary)


@define("tf.logical_and", "tf.math.logical_and", kernel="LogicalAnd")
@define("tf.logical_or", "tf.math.logical_or", kernel="LogicalOr")
@define("tf.math.logical_xor", kernel="LogicalOr")
def logical(call: Call, x: Value, y: Value, name: Value = None, *, kernel: str) -> Value:
    """Truth values.  InvalidArgumentError for a tensor of numbers."""
    for position, (word, value) in enumerate((("x", x), ("y", y))):
        dtype = operand(value, "tf", call).dtype
        if _is_tensor(value) and dtype not in (None, "bool"):
            report(DtypeMismatch(op=kernel, dtypes=("bool", str(dtype)), position=position), blame=(word,))
            return Tensor(Unranked("truth of numbers"), "bool", "tf")
    return binary(call, x, y, name, kernel=kernel, number_too=None)


@define("tf.Tensor.__eq__", same=True)
@define("tf.Tensor.__ne__", same=False)
def equal(call: Call, x: Value, y: Value, *, same: bool) -> Value:
    """``==`` does not raise where shapes do not fit: one truth value then, and with None."""
    if x is None or y is None:
        return not same
    left, right = operand(x, "tf", call), operand(y, "tf", call)
    matched(x, y, left, right, "Equal" if same else "NotEqual")
    if not isinstance(left.shape, Shape) or not isinstance(right.shape, Shape):
        return Tensor(Unranked("a rank is not known"), "bool", "tf")
    shape = broadcast_all((left.shape, right.shape))
    if shape is not None and not surely_fit(left.shape, right.shape):
        return Tensor(Unranked("whether the shapes fit is not known"), "bool", "tf")
    return Tensor(Shape(()) if shape is None else shape, "bool", "tf")


def matched(x: Value, y: Value, left: Tensor, right: Tensor, kernel: str) -> str | None:
    """The common dtype; two tensors of different dtypes are reported, NumPy arrays and numbers adapt."""
    if _is_tensor(x) and _is_tensor(y):
        if left.dtype and right.dtype and left.dtype != right.dtype:
            if "bool" not in (left.dtype, right.dtype):  # some operations take truth values as numbers
                report(DtypeMismatch(op=kernel, dtypes=(left.dtype, right.dtype)), blame=("y", "x"))
            return None
        return left.dtype or right.dtype
    if _is_tensor(x) or _is_tensor(y):
        tensor, other = (left, y) if _is_tensor(x) else (right, x)
        if isinstance(other, float) and is_integer(tensor.dtype):
            _refuse(other, str(tensor.dtype), kernel, _is_tensor(x))
        return tensor.dtype
    if left.dtype == right.dtype:
        return left.dtype
    kinds = python_dtype(x), python_dtype(y)
    if None not in kinds:
        return tf_default("float") if set(kinds) <= {"float", "int"} else None
    weak_left = kinds[0] is not None or isinstance(x, (tuple, list))
    weak_right = kinds[1] is not None or isinstance(y, (tuple, list))
    if weak_left != weak_right:
        return None if isinstance(x, Tensor) or isinstance(y, Tensor) else left.dtype
    return None


@define("tf.where", "tf.compat.v1.where")
def where(call: Call, condition: Value, x: Value = None, y: Value = None, name: Value = None) -> Tensor:
    """Elements of ``x`` or ``y``, all three broadcast; the places of what is true if called with the condition alone."""
    test = operand(condition, "tf", call)
    if x is None and y is None:
        rank = len(test.shape) if isinstance(test.shape, Shape) else call.symbol()
        return Tensor(Shape((call.symbol(), rank)), "int64", "tf")
    left, right = operand(x, "tf", call), operand(y, "tf", call)
    if _is_tensor(x) and _is_tensor(y) and left.dtype and right.dtype and left.dtype != right.dtype:
        report(DtypeMismatch(op="SelectV2", dtypes=(left.dtype, right.dtype), position=2), blame=("y", "x"))
    shape = common_shape((test, left, right), "SelectV2", ("x", "y", "condition"), report)
    return Tensor(shape, _either(x, y, left, right), "tf")


@define("tf.clip_by_value")
def clip_by_value(call: Call, t: Value, clip_value_min: Value, clip_value_max: Value, name: Value = None) -> Tensor:
    """Numbers kept between two bounds, which may be stretched to the tensor's shape but may not stretch it."""
    x = operand(t, "tf", call)
    for op, bound in (("Minimum", clip_value_max), ("Maximum", clip_value_min)):
        limit = operand(bound, "tf", call)
        blame = "clip_value_max" if op == "Minimum" else "clip_value_min"
        shape = common_shape((x, limit), op, (blame, "t"), report)
        if isinstance(x.shape, Shape) and isinstance(shape, Shape) and surely_other(x.shape, shape):
            report(BadArgument(op="clip", shape=shape_of(x), value=shape), blame=(blame, "t"))
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.add_n", "tf.math.add_n")
def add_n(call: Call, inputs: Value, name: Value = None) -> Value:
    """The sum of tensors of one shape."""
    inputs = call.resolve(inputs)
    if not isinstance(inputs, (tuple, list)) or not inputs:
        return Unknown("the tensors are not known")
    first, *rest = (operand(x, "tf", call) for x in inputs)
    if first.dtype is None or first.dtype == "bool" or any(x.dtype is None for x in rest):
        return Tensor(first.shape, None, "tf")
    for place, other in enumerate(rest, 1):
        if other.dtype and other.dtype != first.dtype and all(map(_is_tensor, inputs)):
            report(DtypeMismatch(op="AddN", dtypes=(first.dtype, other.dtype), position=place), blame=("inputs",))
    for place, other in enumerate(rest, 1):
        if surely_other(first.shape, other.shape):
            report(BadArgument(op="AddN", shape=shape_of(first), value=shape_of(other), axis=place), blame=("inputs",))
            break
    return Tensor(first.shape, first.dtype, "tf")


@define("tf.nn.leaky_relu", "tf.nn.gelu")
def leaky_relu(call: Call, features: Value, *args: Value, **_: Value) -> Tensor:
    """Activations with a parameter."""
    return unary(call, features, becomes="same")


@define("tf.atan2", "tf.math.atan2")
def atan2(call: Call, y: Value, x: Value, name: Value = None) -> Value:
    """The angle of a point, from its coordinates."""
    return binary(call, y, x, kernel="Atan2", number_too=None)


@define("tf.math.igamma", "tf.math.igammac", "tf.math.polygamma", kernel="Igamma")
def of_two(call: Call, a: Value, x: Value, name: Value = None, *, kernel: str) -> Value:
    """Functions of a parameter and a number."""
    return binary(call, a, x, kernel=kernel, number_too=None)


@define("tf.math.zeta")
def zeta(call: Call, x: Value, q: Value, name: Value = None) -> Value:
    """Hurwitz' zeta function."""
    return binary(call, x, q, kernel="Zeta", number_too=None)


@define("tf.math.nextafter")
def nextafter(call: Call, x1: Value, x2: Value, name: Value = None) -> Value:
    """The next number in the direction of another."""
    return binary(call, x1, x2, kernel="NextAfter", number_too=None)


@define("tf.scalar_mul", "tf.math.scalar_mul")
def scalar_mul(call: Call, scalar: Value, x: Value, name: Value = None) -> Value:
    """A tensor times a number.  ValueError where it is an array."""
    factor = operand(scalar, "tf", call)
    if isinstance(factor.shape, Shape) and len(factor.shape):
        report(BadArgument(op="scalar_mul", shape=shape_of(factor)), blame=("scalar",))
        return operand(x, "tf", call)
    return binary(call, scalar, x, kernel="Mul", number_too=None)


@define("tf.complex", "tf.dtypes.complex")
def complex_(call: Call, real: Value, imag: Value, name: Value = None) -> Value:
    """Complex numbers from their parts."""
    found = binary(call, real, imag, kernel="Complex", number_too=None)
    if not isinstance(found, Tensor):
        return found
    return Tensor(found.shape, {"float32": "complex64", "float64": "complex128"}.get(found.dtype or ""), "tf")


@define("tf.math.real", "tf.math.imag", "tf.math.angle")
def part(call: Call, input: Value, name: Value = None) -> Tensor:
    """A part of complex numbers."""
    x = operand(input, "tf", call)
    dtype = {"complex64": "float32", "complex128": "float64"}.get(x.dtype or "", x.dtype)
    return Tensor(x.shape, dtype, "tf")


@define("tf.as_string", "tf.strings.as_string")
def as_string(call: Call, input: Value, *args: Value, **_: Value) -> Tensor:
    """Each number as a text."""
    return Tensor(operand(input, "tf", call).shape, "string", "tf")


@define("tf.strings.to_number")
def to_number(call: Call, input: Value, out_type: Value = "float32", name: Value = None) -> Tensor:
    """Each text as a number."""
    return Tensor(operand(input, "tf", call).shape, dtype_name(out_type), "tf")


@define("tf.strings.to_hash_bucket", "tf.strings.to_hash_bucket_fast", "tf.strings.to_hash_bucket_strong")
def to_hash_bucket(call: Call, input: Value, num_buckets: Value, *args: Value, **_: Value) -> Tensor:
    """A number for each text."""
    return Tensor(operand(input, "tf", call).shape, "int64", "tf")


@define("tf.bitcast")
def bitcast(call: Call, input: Value, type: Value, name: Value = None) -> Tensor:
    """The same bytes as another dtype; an axis comes or goes where sizes differ.  InvalidArgumentError where they do not fit."""
    x, dtype = operand(input, "tf", call), dtype_name(type)
    before, after = bytes_of(x.dtype), bytes_of(dtype)
    if not isinstance(x.shape, Shape) or before is None or after is None:
        return Tensor(Unranked("bytes read as another dtype"), dtype, "tf")
    if before >= after:
        return Tensor(Shape((*x.shape, before // after)) if before > after else x.shape, dtype, "tf")
    if not x.shape or surely_differ(x.shape[-1], after // before):
        report(BadArgument(op="Bitcast", value=(x.dtype, dtype), shape=x.shape), blame=("input", "type"))
    return Tensor(Shape(x.shape[:-1]), dtype, "tf")


@define("tf.saturate_cast")
def saturate_cast(call: Call, value: Value, dtype: Value, name: Value = None) -> Tensor:
    """The same numbers as another dtype, cut off at its bounds."""
    return Tensor(operand(value, "tf", call).shape, dtype_name(dtype), "tf")


def _refuse(number_: float, dtype: str, kernel: str, second: bool) -> None:
    """A float beside whole numbers: addition and division find out late, all others when they convert it."""
    blame = ("y", "x") if second else ("x", "y")
    if kernel not in ("AddV2", "RealDiv"):
        report(BadArgument(op="convert", what=dtype, value=number_), blame=blame)
    elif second:
        report(DtypeMismatch(op=kernel, dtypes=(dtype, "float32")), blame=blame)


def _is_tensor(value: Value) -> bool:
    return isinstance(value, Tensor) and value.kind == "tf"


def _either(x: Value, y: Value, left: Tensor, right: Tensor) -> str | None:
    if left.dtype == right.dtype:
        return left.dtype
    for value, other in ((left, y), (right, x)):
        if python_dtype(number(other)) is not None and not isinstance(other, Tensor) and value.kind == "tf":
            return value.dtype
    return None
