"""NumPy's element-wise functions and operators (numpy/_core/umath)."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from ...dim import is_dim, is_symbolic, maximum, minimum
from ...dtypes import dtype_name, floating, is_integer, promoted, python_dtype, weakly_promoted
from ...evidence import collect
from ...rule import Call
from ...shape import Shape
from ...value import Known, Partial, Tensor, Unknown, Value
from ..arrays import common_shape, computed, definer, number, operand, surely_fit, weak

define = definer("numpy", "numpy")

UNARY: dict[str, tuple[str, Callable[[Any], Any] | None]] = {
    # target: (what the dtype becomes, the same on a Python number)
    "numpy.abs": ("same", abs), "numpy.absolute": ("same", abs), "numpy.fabs": ("float", abs),
    "numpy.negative": ("same", operator.neg), "numpy.positive": ("same", operator.pos), "numpy.sign": ("same", None),
    "numpy.square": ("whole", lambda n: n * n), "numpy.conj": ("same", None), "numpy.conjugate": ("same", None),
    "numpy.floor": ("round", lambda n: float(math.floor(n))), "numpy.ceil": ("round", lambda n: float(math.ceil(n))),
    "numpy.trunc": ("round", lambda n: float(math.trunc(n))), "numpy.fix": ("round", lambda n: float(math.trunc(n))),
    "numpy.rint": ("float", lambda n: float(round(n))),
    "numpy.sqrt": ("float", math.sqrt), "numpy.cbrt": ("float", None), "numpy.exp": ("float", math.exp),
    "numpy.exp2": ("float", lambda n: 2.0**n), "numpy.expm1": ("float", math.expm1), "numpy.log": ("float", math.log),
    "numpy.log2": ("float", math.log2), "numpy.log10": ("float", math.log10), "numpy.log1p": ("float", math.log1p),
    "numpy.sin": ("float", math.sin), "numpy.cos": ("float", math.cos), "numpy.tan": ("float", math.tan),
    "numpy.arcsin": ("float", math.asin), "numpy.arccos": ("float", math.acos), "numpy.arctan": ("float", math.atan),
    "numpy.sinh": ("float", math.sinh), "numpy.cosh": ("float", math.cosh), "numpy.tanh": ("float", math.tanh),
    "numpy.arcsinh": ("float", None), "numpy.arccosh": ("float", None), "numpy.arctanh": ("float", None),
    "numpy.deg2rad": ("float", math.radians), "numpy.radians": ("float", math.radians),
    "numpy.rad2deg": ("float", math.degrees), "numpy.degrees": ("float", math.degrees),
    "numpy.reciprocal": ("same", None), "numpy.sinc": ("float", None), "numpy.nan_to_num": ("same", None),
    "numpy.isnan": ("bool", None), "numpy.isinf": ("bool", None), "numpy.isfinite": ("bool", None),
    "numpy.logical_not": ("bool", operator.not_), "numpy.signbit": ("bool", None),
    "numpy.invert": ("same", None), "numpy.bitwise_not": ("same", None),
    "numpy.real": ("real", None), "numpy.imag": ("real", None), "numpy.angle": ("float", None),
}  # fmt: skip

BINARY: dict[str, tuple[str, Callable[[Any, Any], Any] | None]] = {
    "numpy.add": ("same", operator.add), "numpy.subtract": ("same", operator.sub),
    "numpy.multiply": ("same", operator.mul), "numpy.divide": ("divide", operator.truediv),
    "numpy.true_divide": ("divide", operator.truediv), "numpy.floor_divide": ("whole", operator.floordiv),
    "numpy.mod": ("whole", operator.mod), "numpy.remainder": ("whole", operator.mod), "numpy.fmod": ("whole", None),
    "numpy.power": ("whole", operator.pow), "numpy.float_power": ("divide", None),
    "numpy.maximum": ("same", lambda a, b: maximum(a, b) if is_dim(a) and is_dim(b) else max(a, b)),
    "numpy.minimum": ("same", lambda a, b: minimum(a, b) if is_dim(a) and is_dim(b) else min(a, b)),
    "numpy.fmax": ("same", None), "numpy.fmin": ("same", None), "numpy.arctan2": ("float", None),
    "numpy.hypot": ("float", None), "numpy.logaddexp": ("float", None), "numpy.copysign": ("float", None),
    "numpy.equal": ("bool", operator.eq), "numpy.not_equal": ("bool", operator.ne), "numpy.less": ("bool", None),
    "numpy.less_equal": ("bool", None), "numpy.greater": ("bool", None), "numpy.greater_equal": ("bool", None),
    "numpy.logical_and": ("bool", None), "numpy.logical_or": ("bool", None), "numpy.logical_xor": ("bool", None),
    "numpy.bitwise_and": ("same", None), "numpy.bitwise_or": ("same", None), "numpy.bitwise_xor": ("same", None),
    "numpy.left_shift": ("same", None), "numpy.right_shift": ("same", None), "numpy.isclose": ("bool", None),
    "numpy.gcd": ("same", math.gcd), "numpy.lcm": ("same", math.lcm), "numpy.heaviside": ("float", None),
}  # fmt: skip

OPERATORS: dict[str, tuple[str, Callable[[Any, Any], Any] | None]] = {
    "numpy.ndarray.__add__": ("same", operator.add), "numpy.ndarray.__sub__": ("same", operator.sub),
    "numpy.ndarray.__mul__": ("same", operator.mul), "numpy.ndarray.__truediv__": ("divide", operator.truediv),
    "numpy.ndarray.__floordiv__": ("whole", operator.floordiv), "numpy.ndarray.__mod__": ("whole", operator.mod),
    "numpy.ndarray.__pow__": ("whole", operator.pow), "numpy.ndarray.__and__": ("same", None),
    "numpy.ndarray.__or__": ("same", None), "numpy.ndarray.__xor__": ("same", None),
    "numpy.ndarray.__lshift__": ("same", None), "numpy.ndarray.__rshift__": ("same", None),
    "numpy.ndarray.__eq__": ("bool", operator.eq), "numpy.ndarray.__ne__": ("bool", operator.ne),
    "numpy.ndarray.__lt__": ("bool", operator.lt), "numpy.ndarray.__le__": ("bool", operator.le),
    "numpy.ndarray.__gt__": ("bool", operator.gt), "numpy.ndarray.__ge__": ("bool", operator.ge),
}  # fmt: skip

EXACT = ("bool", "int32", "int64", "float32", "float64")  # dtypes whose small numbers are Python's

UNARY_OPERATORS: dict[str, tuple[str, Callable[[Any], Any] | None]] = {
    "numpy.ndarray.__neg__": ("same", operator.neg), "numpy.ndarray.__pos__": ("same", operator.pos),
    "numpy.ndarray.__abs__": ("same", abs), "numpy.ndarray.__invert__": ("same", None),
    "numpy.ndarray.conj": ("same", None), "numpy.ndarray.conjugate": ("same", None),
}  # fmt: skip


def unary(call: Call, x: Value, dtype: Value = None, *, becomes: str, number_too: Any, **_: Value) -> Value:
    """One number for each number; on a Python number a Python number."""
    if python_dtype(x) is not None and dtype is None:
        return _of_number(number_too, x)
    tensor = operand(x, "numpy", call)
    if becomes == "round" and call.version("numpy") < (2, 1):
        becomes = "float"  # whole numbers became floats when they were rounded down
    name = _unary_dtype(becomes, tensor.dtype) if dtype is None else dtype_name(dtype)
    constant = _mapped(number_too, tensor.constant) if tensor.constant is not None and name in EXACT else None
    return Tensor(tensor.shape, name, "numpy", constant=constant)


def binary(
    call: Call, x1: Value, x2: Value, dtype: Value = None, *, becomes: str, number_too: Any, **_: Value
) -> Value:
    """Element by element, broadcast.  ValueError where the shapes do not fit."""
    left, right = operand(x1, "numpy", call), operand(x2, "numpy", call)
    if number_too in (operator.eq, operator.ne) and call.version("numpy") < (1, 25):
        ranked = isinstance(left.shape, Shape) and isinstance(right.shape, Shape)
        if not ranked or not surely_fit(left.shape, right.shape):  # type: ignore[arg-type]
            return Unknown("a comparison of arrays that may not fit")  # which was False, with a warning
    shape = common_shape((left, right), "ufunc", ("x2", "x1"))
    constant = computed(number_too, left, right)
    if shape == Shape(()) and constant is not None and not isinstance(x1, Tensor) and not isinstance(x2, Tensor):
        return constant
    name = _binary_dtype(becomes, x1, x2, left, right) if dtype is None else dtype_name(dtype)
    return Tensor(
        shape, name, "numpy", constant=constant if name in EXACT and (name != "bool" or becomes == "bool") else None
    )


for _target, (_becomes, _number) in {**UNARY, **UNARY_OPERATORS}.items():
    define(_target, becomes=_becomes, number_too=_number)(unary)
for _target, (_becomes, _both) in {**BINARY, **OPERATORS}.items():
    define(_target, becomes=_becomes, number_too=_both)(binary)


@define("numpy.clip", "numpy.ndarray.clip")
def clip(call: Call, a: Value, a_min: Value = None, a_max: Value = None, **kwargs: Value) -> Value:
    """Numbers kept between two bounds, which broadcast."""
    bounds = [bound for bound in (a_min, a_max, kwargs.get("min"), kwargs.get("max")) if bound is not None]
    if all(python_dtype(part) is not None and not is_symbolic(part) for part in (a, *bounds)):
        low, high = (kwargs.get("min") if a_min is None else a_min), (kwargs.get("max") if a_max is None else a_max)
        result = a if low is None else max(a, low)
        return result if high is None else min(result, high)
    x = operand(a, "numpy", call)
    tensors = [operand(bound, "numpy", call) for bound in bounds]
    shape = common_shape((x, *tensors), "ufunc", ("a_min", "a_max", "a"))
    dtype = x.dtype
    for bound, tensor in zip(bounds, tensors, strict=True):
        dtype = weakly_promoted(dtype, weak(bound)) if weak(bound) else promoted(dtype, tensor.dtype)
    return Tensor(shape, dtype, "numpy")


@define("numpy.where")
def where(call: Call, condition: Value, x: Value = None, y: Value = None) -> Value:
    """Elements of ``x`` or ``y``, all three broadcast; the places of what is true if called with the condition alone."""
    test = operand(condition, "numpy", call)
    if x is None and y is None:
        if not isinstance(test.shape, Shape):
            return Unknown("the rank of the condition is not known")
        found = call.symbol()
        return tuple(Tensor(Shape((found,)), "int64", "numpy") for _ in test.shape)
    left, right = operand(x, "numpy", call), operand(y, "numpy", call)
    shape = common_shape((test, left, right), "where", ("x", "y", "condition"))
    return Tensor(shape, _binary_dtype("same", x, y, left, right), "numpy")


@define("numpy.round", "numpy.around", "numpy.ndarray.round")
def rounded(call: Call, a: Value, decimals: Value = 0, **_: Value) -> Value:
    """Rounded numbers."""
    if isinstance(a, (int, float)) and isinstance(decimals, int):
        return round(float(a), decimals) if isinstance(a, float) else a
    x = operand(a, "numpy", call)
    return Tensor(x.shape, "float16" if x.dtype == "bool" else x.dtype, "numpy")


@define("numpy.interp")
def interp(call: Call, x: Value, xp: Value, fp: Value, **_: Value) -> Tensor:
    """Interpolated values at the places ``x``."""
    return Tensor(operand(x, "numpy", call).shape, "float64", "numpy")


@define("numpy.vectorize", "numpy.frompyfunc")
def vectorize(call: Call, *args: Value, **kwargs: Value) -> Value:
    """A function for numbers as one for arrays."""
    whole = kwargs.get("signature") is None and len(args) < 6 and kwargs.get("excluded") is None
    several = len(args) > 1 and args[-1] != 1
    if several or not whole or len(args) + len(kwargs) == 0:
        return Unknown("a vectorised function")
    function = args[0] if args else kwargs.get("pyfunc", kwargs.get("func"))
    return Partial(Known("numpy.vectorize.__call__"), (function,), ())


@define("numpy.vectorize.__call__")
def vectorized(call: Call, pyfunc: Value, *args: Value, **kwargs: Value) -> Value:
    """A result for each element, of arrays that are broadcast; not followed where it may be several results."""
    one = call.invoke(pyfunc, [call.symbol() for _ in args])
    if python_dtype(one) is None and not (isinstance(one, Tensor) and one.shape == Shape(())):
        return Unknown("what a vectorised function gives")
    tensors = [operand(arg, "numpy", call) for arg in (*args, *kwargs.values())]
    with collect() as record:
        shape = common_shape(tensors, "vectorize")
    if record.reports or shape == Shape(()) or not tensors:
        return Unknown("what a vectorised function gives")
    return Tensor(shape, None, "numpy")


def _of_number(function: Callable[[Any], Any] | None, x: Any) -> Value:
    if function is None or isinstance(x, str):
        return Unknown("the number is not computed")
    try:
        return function(x)
    except (ArithmeticError, TypeError, ValueError):
        return Unknown("the number is not computed")


def _mapped(function: Callable[[Any], Any] | None, constant: Any) -> Any:
    if function is None:
        return None
    if isinstance(constant, tuple):
        items = tuple(_mapped(function, item) for item in constant)
        return None if None in items else items
    result = _of_number(function, constant)
    return None if isinstance(result, Unknown) else result


def _unary_dtype(becomes: str, dtype: str | None) -> str | None:
    if becomes == "bool":
        return "bool"
    if becomes == "real":
        return {"complex64": "float32", "complex128": "float64"}.get(dtype or "", dtype)
    if becomes == "whole" and dtype == "bool":
        return "int8"
    return floating(dtype) if becomes == "float" else dtype


def _binary_dtype(becomes: str, x1: Value, x2: Value, left: Tensor, right: Tensor) -> str | None:
    if becomes == "bool":
        return "bool"
    x1, x2 = number(x1) if not isinstance(x1, Tensor) else x1, number(x2) if not isinstance(x2, Tensor) else x2
    if weak(x1) and not weak(x2):
        dtype = weakly_promoted(right.dtype, weak(x1))
    elif weak(x2) and not weak(x1):
        dtype = weakly_promoted(left.dtype, weak(x2))
    else:
        dtype = promoted(left.dtype, right.dtype)
    if becomes == "whole" and "bool" in (left.dtype, right.dtype):
        return "int8" if dtype == "bool" else None if weak(x1) or weak(x2) else dtype
    if becomes == "divide" and (is_integer(dtype) or dtype == "bool"):
        return "float64"
    return floating(dtype) if becomes == "float" else dtype
