"""Functions of each entry by itself, and what arrays tell about themselves (keras/src/ops/numpy.py, nn.py, core.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....dim import is_dynamic
from ....formulas.contract import einsum as einsum_shape
from ....formulas.reshape import flat
from ....rule import Call, function
from ....shape import AnyShape, Shape, product
from ....value import Tensor, Unknown, Value, framework_shape
from ..state import BACKEND_KIND, keras_dtype
from ..symbolic import common, common_dtype, floating, is_symbolic_call, result, results, tensor
from .checks import OPEN, joint_dtype, out_of_bounds


@function("keras.ops.array", cls="Array")
@function("keras.ops.nancumsum", cls="Nancumsum")
@function("keras.ops.nancumprod", cls="Nancumprod")
@function("keras.ops.flip", cls="Flip")
@function("keras.ops.roll", cls="Roll")
@function("keras.ops.cumsum", cls="Cumsum")
@function("keras.ops.cumprod", cls="Cumprod")
@function("keras.ops.clip", cls="Clip")
@function("keras.ops.stop_gradient", cls="StopGradient")
@function("keras.ops.copy", cls="Copy")
@function("keras.ops.round", cls="Round")
@function("keras.ops.nan_to_num", cls="NanToNum")
@function("keras.ops.convert_to_tensor", cls="ConvertToTensor")
def same_shape(call: Call, x: Any, *args: Value, cls: str, **kwargs: Value) -> Value:
    """The shape stays whatever the other arguments are (but for an axis of None)."""
    x = tensor(call, x)
    dtype = keras_dtype(call, kwargs["dtype"]) if kwargs.get("dtype") is not None else x.dtype
    if dtype == "bool" and cls in ("Cumsum", "Cumprod", "Nancumsum", "Nancumprod", "Clip"):
        dtype = "int32"
    if cls.endswith(("umsum", "umprod")) and not args and kwargs.get("axis") is None:
        shape: AnyShape = Shape((flat(x.shape),)) if isinstance(x.shape, Shape) else OPEN
        return result(call, cls, shape, dtype, x)
    if cls in ("Cumsum", "Cumprod", "Roll", "Flip") and isinstance(x.shape, Shape):
        place = 1 if cls == "Roll" else 0
        axis = args[place] if len(args) > place else kwargs.get("axis")
        if axis is not None:
            axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
            kernel = cls if cls.startswith("Cum") else ""
            out_of_bounds(call, axes, len(x.shape), x, eager=kernel, always=cls == "Flip")
    if cls in ("ConvertToTensor", "Array") and args and args[0] is not None:
        dtype = keras_dtype(call, args[0])
    return result(call, cls, x.shape, dtype, x)


@function("keras.ops.real")
@function("keras.ops.imag")
def part(call: Call, x: Any) -> Value:
    """The real or the imaginary part; a symbolic one keeps the dtype."""
    x = tensor(call, x)
    return result(call, "Real", x.shape, None if (x.dtype or "complex").startswith("complex") else x.dtype, x)


@function("keras.ops.bitwise_and", cls="BitwiseAnd")
@function("keras.ops.bitwise_or", cls="BitwiseOr")
@function("keras.ops.bitwise_xor", cls="BitwiseXor")
@function("keras.ops.bitwise_left_shift", cls="BitwiseLeftShift")
@function("keras.ops.left_shift", cls="LeftShift")
@function("keras.ops.bitwise_right_shift", cls="BitwiseRightShift")
@function("keras.ops.right_shift", cls="RightShift")
def bitwise(call: Call, x: Any, y: Any, *, cls: str) -> Value:
    """Bit by bit.  A symbolic result has the shape of ``x``: these operations do not broadcast there."""
    a, b = tensor(call, x), tensor(call, y)
    shape = a.shape if is_symbolic_call((a, b)) else common(call, a, b)
    return result(call, cls, shape, common_dtype(x, y, a, b), a, b)


@function("keras.ops.dtype")
def dtype_of_tensor(call: Call, x: Any) -> Value:
    """The name of the dtype."""
    found = tensor(call, x).dtype
    return Unknown("a dtype") if found is None else found


@function("keras.ops.saturate_cast")
@function("keras.ops.cast")
def cast(call: Call, x: Any, dtype: Value) -> Value:
    """Another dtype."""
    x = tensor(call, x)
    return result(call, "Cast", x.shape, keras_dtype(call, dtype), x)


@function("keras.ops.shape")
def shape_of_tensor(call: Call, x: Any) -> Value:
    """A tuple: None for what is left open in a symbolic tensor; the backend's own tensors have a number there."""
    found = tensor(call, x)
    return tuple(found.shape) if isinstance(found.shape, Shape) and not found.symbolic else framework_shape(found.shape)


@function("keras.ops.ndim")
def ndim(call: Call, x: Any) -> Value:
    """How many axes there are."""
    found = tensor(call, x).shape
    return len(found) if isinstance(found, Shape) else Unknown(found.reason)


@function("keras.ops.size")
def size(call: Call, x: Any) -> Value:
    """How many elements there are."""
    found = tensor(call, x).shape
    return product(found) if isinstance(found, Shape) and not any(map(is_dynamic, found)) else Unknown("the size")


@function("keras.ops.convert_to_numpy")
def convert_to_numpy(call: Call, x: Any) -> Value:
    """A NumPy array."""
    x = tensor(call, x)
    return Tensor(x.shape, x.dtype, "numpy")


@function("keras.ops.is_tensor")
def is_tensor(call: Call, x: Any) -> Value:
    """Whether this is a tensor of the backend; a symbolic one is while a layer's call is traced."""
    if isinstance(x, Unknown):
        return x
    own = BACKEND_KIND.get(call.backend(), "tf")
    return isinstance(x, Tensor) and (x.kind == own or (x.symbolic and call.local.get("symbolic") is True))


@function("keras.ops.where")
def where(call: Call, condition: Any, x1: Any = None, x2: Any = None) -> Value:
    """One of two values for each entry; with the condition alone the places where it holds."""
    if x1 is None and x2 is None:
        return nonzero(call, condition)
    if x1 is None or x2 is None:
        call.doubt()
        return Unknown("one of two values is missing")
    parts = [tensor(call, value) for value in (condition, x1, x2)]
    return result(call, "Where", common(call, *parts, cls="Where"), common_dtype(x1, x2, parts[1], parts[2]), *parts)


@function("keras.ops.nonzero")
def nonzero(call: Call, x: Any) -> Value:
    """The indices along each axis of what is not zero: as many as there are."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape):
        return Unknown("the places where something holds")
    count = call.symbol(dynamic=x.symbolic)
    return results(call, "Nonzero", [(Shape((count,)), None)] * len(x.shape), x)


@function("keras.ops.einsum")
def einsum(call: Call, subscripts: Value, *operands: Any, **kwargs: Value) -> Value:
    """Sums of products by letters."""
    values = [tensor(call, x) for x in operands]
    shapes = [x.shape for x in values if isinstance(x.shape, Shape)]
    shape: AnyShape | None = None
    if isinstance(subscripts, str) and len(shapes) == len(values):
        shape = einsum_shape(subscripts, shapes)
    return result(call, "Einsum", OPEN if shape is None else shape, joint_dtype(values), *values)


UNARY_FLOATING = (
    "keras.ops.floor",
    "keras.ops.ceil",
    "keras.ops.fabs",
    "keras.ops.sqrt",
    "keras.ops.exp",
    "keras.ops.expm1",
    "keras.ops.exp2",
    "keras.ops.log",
    "keras.ops.log1p",
    "keras.ops.log2",
    "keras.ops.log10",
    "keras.ops.sin",
    "keras.ops.cos",
    "keras.ops.tan",
    "keras.ops.sinh",
    "keras.ops.cosh",
    "keras.ops.tanh",
    "keras.ops.arcsin",
    "keras.ops.arccos",
    "keras.ops.arctan",
    "keras.ops.arcsinh",
    "keras.ops.arccosh",
    "keras.ops.arctanh",
    "keras.ops.erfc",
    "keras.ops.sinc",
    "keras.ops.angle",
)
"""Whole numbers become floating."""

UNARY_WIDE = (
    "keras.ops.cbrt",
    "keras.ops.deg2rad",
    "keras.ops.rad2deg",
    "keras.ops.i0",
)
"""The same, and int64 becomes float64."""

UNARY_NETWORK = (
    "keras.ops.rsqrt",
    "keras.ops.erf",
    "keras.ops.erfinv",
    "keras.ops.sigmoid",
    "keras.ops.gelu",
    "keras.ops.silu",
    "keras.ops.swish",
    "keras.ops.elu",
    "keras.ops.selu",
    "keras.ops.celu",
    "keras.ops.softplus",
    "keras.ops.softsign",
    "keras.ops.log_sigmoid",
    "keras.ops.hard_sigmoid",
    "keras.ops.hard_silu",
    "keras.ops.hard_swish",
    "keras.ops.leaky_relu",
    "keras.ops.tanh_shrink",
    "keras.ops.soft_shrink",
    "keras.ops.hard_shrink",
    "keras.ops.hard_tanh",
    "keras.ops.squareplus",
    "keras.ops.sparse_plus",
    "keras.ops.sparse_sigmoid",
    "keras.ops.threshold",
)
"""A symbolic tensor keeps its dtype; TensorFlow takes no whole numbers."""


UNARY_SAME = (
    "keras.ops.relu",
    "keras.ops.relu6",
    "keras.ops.abs",
    "keras.ops.absolute",
    "keras.ops.negative",
    "keras.ops.sign",
    "keras.ops.trunc",
    "keras.ops.conj",
    "keras.ops.conjugate",
    "keras.ops.tril",
    "keras.ops.triu",
    "keras.ops.fliplr",
    "keras.ops.flipud",
    "keras.ops.bitwise_invert",
    "keras.ops.bitwise_not",
    "keras.ops.layer_normalization",
    "keras.ops.rms_normalization",
)


UNARY_BOOL = (
    "keras.ops.isnan",
    "keras.ops.isinf",
    "keras.ops.isfinite",
    "keras.ops.logical_not",
    "keras.ops.isposinf",
    "keras.ops.isneginf",
    "keras.ops.isreal",
    "keras.ops.signbit",
)


def _unary(target: str, dtype: Callable[[Tensor], str | None]) -> None:
    cls = "".join(part.capitalize() for part in target.rpartition(".")[2].split("_"))

    def rule(call: Call, x: Any, *args: Value, **kwargs: Value) -> Value:
        x = tensor(call, x)
        return result(call, cls, x.shape, dtype(x), x)

    rule.__doc__ = f"``{target}``: each entry by itself."
    function(target)(rule)


def network_dtype(x: Tensor) -> str | None:
    """The dtype that a function for networks gives: a symbolic tensor's own; TensorFlow takes floating numbers only."""
    return x.dtype if x.symbolic or "float" in (x.dtype or "") else None


for _name in UNARY_FLOATING:
    _unary(_name, lambda x: floating(x.dtype))
for _name in UNARY_WIDE:
    _unary(_name, lambda x: "float64" if x.dtype == "int64" else floating(x.dtype))
for _name in UNARY_NETWORK:
    _unary(_name, network_dtype)
for _name in UNARY_SAME:
    _unary(_name, lambda x: x.dtype)
for _name in UNARY_BOOL:
    _unary(_name, lambda x: "bool")
_unary("keras.ops.reciprocal", lambda x: None if x.symbolic else floating(x.dtype))
_unary("keras.ops.square", lambda x: "int32" if x.dtype == "bool" else x.dtype)
