"""Functions and operators that work element by element: the shape stays, or two shapes are broadcast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dim import is_symbolic
from ...evidence import report
from ...formulas.broadcast import broadcast
from ...problems import BroadcastMismatch, TorchShapeMismatch
from ...rule import Call, function
from ...shape import AnyShape, Shape, Unranked, surely_other
from ...value import Assumed, Known, Tensor, Unknown, Value
from .checks import COMPLEX, FLOATING, INTEGRAL, axis_of, dtype_of, refuse, tensor_of

SAME = (
    "abs", "neg", "clone", "detach", "contiguous", "relu", "round", "floor", "ceil", "trunc", "sign",
    "square", "positive", "negative", "absolute", "flip", "roll", "tril", "triu", "fill_", "zero_",
    "masked_fill_", "requires_grad_", "cpu", "cuda", "nan_to_num", "copy_", "normal_", "uniform_",
    "bernoulli_", "detach_", "clamp_", "relu_", "sqrt_", "exp_", "neg_", "abs_",
    "sigmoid_", "tanh_", "clamp_min_", "conj", "frac", "pin_memory",
    "index_fill", "scatter", "scatter_", "scatter_add", "scatter_add_", "index_add", "index_add_", "index_copy", "fliplr",
    "flipud", "renorm", "retain_grad",
)  # fmt: skip

FLOAT_RESULT = (
    "exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "rsqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
    "cosh", "tanh", "sigmoid", "erf", "erfc", "reciprocal", "logit", "deg2rad", "rad2deg", "arctan", "arcsin", "arccos",
)  # fmt: skip

TRUTH = ("isnan", "isinf", "isfinite", "logical_not", "signbit")

ARITHMETIC = (
    "add", "sub", "subtract", "mul", "multiply", "pow", "remainder", "fmod", "floor_divide",
    "bitwise_and", "bitwise_or", "bitwise_xor",
)  # fmt: skip

DIVISION = ("div", "divide", "true_divide", "atan2", "arctan2")

COMPARISON = (
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "logical_and",
    "logical_or",
    "logical_xor",
    "not_equal",
    "greater",
    "less",
    "isclose",
)


def unary(call: Call, x: Value, *args: Value, **kwargs: Value) -> Value:
    """A tensor of the same shape and dtype."""
    if isinstance(x, Assumed):
        return x
    return Tensor(x.shape, x.dtype, "torch") if isinstance(x, Tensor) else Unknown("no tensor")


def unary_float(call: Call, x: Value, *args: Value, **kwargs: Value) -> Value:
    """A tensor of the same shape; whole numbers become float32."""
    if isinstance(x, Assumed):
        return x
    return Tensor(x.shape, float_result(x.dtype), "torch") if isinstance(x, Tensor) else Unknown("no tensor")


def unary_truth(call: Call, x: Value) -> Value:
    """A bool for each element."""
    tensor = tensor_of(x)
    return Unknown("no tensor") if tensor is None else Tensor(tensor.shape, "bool", "torch")


def arithmetic(call: Call, input: Value, other: Value, *args: Value, **kwargs: Value) -> Value:
    """Two operands, broadcast; RuntimeError where their shapes do not fit."""
    return pairwise(input, other, result_dtype(input, other))


def of_tensors(call: Call, input: Value, other: Value, *args: Value, **kwargs: Value) -> Value:
    """As :func:`arithmetic`, but numbers are refused."""
    if not isinstance(input, Tensor) or not isinstance(other, Tensor):
        return Unknown("both operands must be tensors")
    return pairwise(input, other, result_dtype(input, other))


def in_place(call: Call, input: Value, other: Value, *args: Value, **kwargs: Value) -> Value:
    """The first operand keeps its shape: RuntimeError where broadcasting would stretch it."""
    if not isinstance(input, Tensor) or isinstance(input.shape, Unranked):
        return input
    whole = broadcast_shape(input, other)
    if surely_other(whole, input.shape):
        refuse(TorchShapeMismatch, "in-place", ("input", "other"), shape=input.shape, whole=whole)
    return Tensor(input.shape, input.dtype, "torch")


def division(call: Call, input: Value, other: Value, *args: Value, **kwargs: Value) -> Value:
    """True division: whole numbers give float32."""
    dtype = None if kwargs else float_result(result_dtype(input, other))
    return pairwise(input, other, dtype)


def comparison(call: Call, input: Value, other: Value, *args: Value, **kwargs: Value) -> Value:
    """A bool for each pair of elements."""
    return pairwise(input, other, "bool")


def pairwise(left: Value, right: Value, dtype: str | None) -> Tensor:
    """The result of an operation on two operands, one of which may be a number."""
    return Tensor(broadcast_shape(left, right), dtype, "torch")


def broadcast_shape(left: Value, right: Value, blame: Sequence[str] = ("input", "other")) -> AnyShape:
    """The broadcast shape of two operands; a clash is reported."""
    shapes = [shape_of(left), shape_of(right)]
    if shapes[0] == () and not isinstance(shapes[1], Shape):
        return shapes[1]
    if shapes[1] == () and not isinstance(shapes[0], Shape):
        return shapes[0]
    for shape in shapes:
        if isinstance(shape, Unranked):
            return Unranked(shape.reason)
    fitted = broadcast(*shapes)  # type: ignore[arg-type]
    if fitted is None:
        report(BroadcastMismatch(shapes=tuple(shapes)), blame=blame)
        return Unranked("shapes that do not fit together")
    return fitted


def shape_of(value: Value) -> AnyShape:
    """The shape of an operand: numbers have no axes."""
    if isinstance(value, Tensor):
        return value.shape
    if isinstance(value, (bool, int, float, complex)) or is_symbolic(value):
        return Shape(())
    return Unranked(value.reason if isinstance(value, Unknown) else "an operand is not known")


def result_dtype(left: Value, right: Value) -> str | None:
    """torch.result_type: the higher kind wins, numbers and tensors without axes only by their kind."""
    kinds = [_dtype(value) for value in (left, right)]
    if None in kinds:
        return None
    a, b = str(kinds[0]), str(kinds[1])
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        if a == b:
            return a
        if not (left.rank and right.rank):
            return None
        if _category(a) != _category(b):
            return a if _category(a) > _category(b) else b
        if _category(a) == 2:
            return (
                "float32"
                if {a, b} == {"float16", "bfloat16"}
                else max(a, b, key=("float16", "bfloat16", "float32", "float64").index)
            )
        if _category(a) == 1 and "uint8" not in (a, b):
            return max(a, b, key=INTEGRAL.index)
        return None
    tensor, number = (a, b) if isinstance(left, Tensor) else (b, a)
    if _category(number) <= _category(tensor):
        return tensor
    return {"int64": "int64", "float32": "float32"}.get(number)


def float_result(dtype: str | None) -> str | None:
    """The dtype of a function that always gives fractions."""
    if dtype is None or dtype in FLOATING or dtype in COMPLEX:
        return dtype
    return "float32"


def _dtype(value: Value) -> str | None:
    if isinstance(value, Tensor):
        return value.dtype if value.dtype in (*FLOATING, *COMPLEX, *INTEGRAL, "bool") else None
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int) or is_symbolic(value):
        return "int64"
    return "float32" if isinstance(value, float) else None


def _category(dtype: str) -> int:
    return 0 if dtype == "bool" else 1 if dtype in INTEGRAL else 2 if dtype in FLOATING else 3


@function("torch.where")
@function("torch.Tensor.where")
def where(call: Call, condition: Value, input: Value = None, other: Value = None) -> Value:
    """Three operands, broadcast."""
    if input is None or other is None:
        return Unknown("how many elements are true is not known")
    if isinstance(condition, Tensor) and condition.dtype not in ("bool", None):
        condition, input = (
            (input, condition) if isinstance(input, Tensor) and input.dtype == "bool" else (condition, input)
        )
    first = broadcast_shape(condition, input, ("condition", "input"))
    second = Tensor(first, None, "torch")
    return Tensor(broadcast_shape(second, other, ("input", "other")), result_dtype(input, other), "torch")


@function("torch.clamp")
@function("torch.Tensor.clamp")
@function("torch.clip")
@function("torch.Tensor.clip")
@function("torch.Tensor.clamp_min")
@function("torch.Tensor.clamp_max")
def clamp(call: Call, input: Value, min: Value = None, max: Value = None) -> Value:
    """The same shape; bounds that are tensors may stretch it, which is not followed."""
    if isinstance(input, Assumed):
        return input
    numbers = all(bound is None or isinstance(bound, (int, float)) for bound in (min, max))
    if not numbers or not isinstance(input, Tensor):
        return Unknown("clamped between tensors")
    mixed = input.dtype not in FLOATING and any(isinstance(bound, float) for bound in (min, max))
    return Tensor(input.shape, None if mixed else input.dtype, "torch")


@function("torch.masked_fill")
@function("torch.Tensor.masked_fill")
def masked_fill(call: Call, input: Value, mask: Value, value: Value) -> Value:
    """The tensor, broadcast with the mask."""
    return Tensor(broadcast_shape(mask, input, ("mask", "input")), getattr(input, "dtype", None), "torch")


@function("torch.softmax")
@function("torch.Tensor.softmax")
@function("torch.log_softmax")
@function("torch.Tensor.log_softmax")
@function("torch.cumsum")
@function("torch.Tensor.cumsum")
@function("torch.cumprod")
@function("torch.Tensor.cumprod")
@function("torch.nn.functional.softmax")
@function("torch.nn.functional.log_softmax")
@function("torch.nn.functional.softmin")
def along(call: Call, input: Value, dim: Value = None, *args: Value, dtype: Value = None, **kwargs: Value) -> Value:
    """The same shape; IndexError where there is no such axis."""
    if isinstance(input, Assumed):
        return input
    if not isinstance(input, Tensor):
        return Unknown("no tensor")
    if input.rank is not None:
        axis_of(dim, input.rank)
    known = input.dtype in FLOATING and dtype is None
    return Tensor(input.shape, input.dtype if known else dtype_of(dtype, None), "torch")


@function("torch.Tensor.to")
@function("torch.Tensor.type")
def to(call: Call, x: Value, *args: Value, **kwargs: Value) -> Value:
    """Another dtype or device."""
    if isinstance(x, Assumed):
        return x
    tensor = tensor_of(x)
    assert tensor is not None
    dtype = tensor.dtype
    for value in (*args, *(kwargs.get(name) for name in ("dtype", "device", "other"))):
        if isinstance(value, Tensor):
            dtype = value.dtype
        elif isinstance(value, (Unknown, Assumed)):
            dtype = None
        elif isinstance(value, Known):
            dtype = dtype_of(value, None) or dtype
    return Tensor(tensor.shape, dtype, "torch", constant=tensor.constant)


def _cast(dtype: str) -> Any:
    def cast(call: Call, x: Value, *args: Value, **kwargs: Value) -> Value:
        if isinstance(x, Assumed):
            return x
        return Tensor(x.shape, dtype, "torch") if isinstance(x, Tensor) else Unknown("no tensor")

    return cast


def _register() -> None:
    for name in SAME:
        function(f"torch.Tensor.{name}")(unary)
        if not name.endswith("_") and name not in ("contiguous", "cpu", "cuda", "retain_grad", "pin_memory"):
            function(f"torch.{name}")(unary)
    for name in FLOAT_RESULT:
        function(f"torch.Tensor.{name}")(unary_float)
        function(f"torch.{name}")(unary_float)
    for name in TRUTH:
        function(f"torch.Tensor.{name}")(unary_truth)
        function(f"torch.{name}")(unary_truth)
    for names, rule in ((ARITHMETIC, arithmetic), (DIVISION, division), (COMPARISON, comparison)):
        for name in names:
            function(f"torch.Tensor.{name}")(rule)
            function(f"torch.{name}")(rule)
    for name in ("maximum", "minimum", "fmax", "fmin"):
        function(f"torch.{name}")(of_tensors)
        function(f"torch.Tensor.{name}")(of_tensors)
    for name in ("add_", "sub_", "mul_", "div_", "pow_"):
        function(f"torch.Tensor.{name}")(in_place)
    for sign in ("add", "sub", "mul", "pow", "mod", "floordiv", "and", "or", "xor", "lshift", "rshift"):
        function(f"torch.Tensor.__{sign}__")(arithmetic)
    function("torch.Tensor.__truediv__")(division)
    for sign in ("eq", "ne", "lt", "le", "gt", "ge"):
        function(f"torch.Tensor.__{sign}__")(comparison)
    for sign in ("neg", "pos", "invert"):
        function(f"torch.Tensor.__{sign}__")(unary)
    for name, dtype in {
        "float": "float32", "double": "float64", "half": "float16", "bfloat16": "bfloat16", "int": "int32", "long": "int64",
        "short": "int16", "char": "int8", "byte": "uint8", "bool": "bool",
    }.items():  # fmt: skip
        function(f"torch.Tensor.{name}")(_cast(dtype))


_register()
