"""Conv1D, Conv2D and Conv3D of Keras.

Follows keras/src/layers/convolutional/base_conv.py and compute_conv_output_shape in
keras/src/ops/operation_utils.py, in their order of checks.
"""

from __future__ import annotations

from typing import Any

from ...axes import Axes
from ...dim import Symbol, bounds, is_dim, is_dynamic, surely_less, surely_no_multiple
from ...evidence import collect, report
from ...formulas.window import SAME, VALID, windows
from ...problems import (
    BadSetting,
    BadWeightShape,
    GroupsDoNotDivide,
    KernelRankMismatch,
    PythonError,
    StridesWithDilation,
    UnknownLength,
    WindowTooBig,
)
from ...rule import alias, layer, phase
from ...shape import AnyShape, Shape, Unranked
from ...value import Tensor, Unknown
from .arguments import data_format_of, identifiers, int_tuple, padding_of, positive, surely_above_one
from .common import NO_RANK
from .eager import Kernel, nobody_knows, refuse_initializer, refuses_to_dilate, undefined
from .lora import HIDDEN, adapted
from .machine import CONTEXT, MACHINE, Spec, python_shape

"""Keyword arguments that only the base class of the convolutions knows."""


@layer("keras.layers.Conv1D", machine=MACHINE, spatial=1, keywords=HIDDEN, counts=("filters",), **CONTEXT)
@layer("keras.layers.Conv2D", machine=MACHINE, spatial=2, keywords=HIDDEN, counts=("filters",), **CONTEXT)
@layer("keras.layers.Conv3D", machine=MACHINE, spatial=3, keywords=HIDDEN, counts=("filters",), **CONTEXT)
def conv(
    inputs: Tensor,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    groups: Any,
    spatial: int,
    eager: bool = False,
    dtype: Any = "float32",
    path: str = "",
    backend: str = "tensorflow",
    version: Any = CONTEXT["version"],
) -> AnyShape:
    """A kernel slides over the spatial axes; every filter gives one channel.

    A layer that is built looks at sizes only when the call is symbolic; eagerly, what comes back for
    too small an input is not defined.
    """
    given = {
        "filters": filters,
        "kernel_size": kernel_size,
        "strides": strides,
        "padding": padding,
        "data_format": data_format,
        "dilation_rate": dilation_rate,
        "spatial": spatial,
        "version": version,
    }
    shape = inputs.shape if isinstance(inputs, Tensor) else Unranked("the input is no tensor")
    if not eager:
        return conv_output_shape(shape, **given)
    if isinstance(shape, Shape) and len(shape) != spatial + 2:
        return NO_RANK  # a layer that is built takes more axes; which kernels do, TensorFlow says
    channels = axis_of(shape, data_format)
    per_group = _per_group(channels, groups) if _divides(channels, groups) else Unknown("channels")
    if backend == "jax" and per_group == 0 and channels == 0:
        report(PythonError("ZeroDivisionError", "integer modulo by zero"), blame=("inputs",))
    if refuses_to_dilate(inputs, dilation_rate, backend):
        return nobody_knows(spatial + 2)
    if backend == "jax":
        dtype = None  # it converts
    with collect():
        proper = conv_output_shape(shape, **given)
    last = data_format != "channels_first"
    operation = "Conv2D" if spatial == 1 else "convert"
    weight_shape = (*kernel_size, per_group, filters)
    compiled = per_group != channels or (not last and spatial == 3)
    kernel = Kernel(operation, dtype, weight_shape, path, backend, compiled=compiled)
    small = surely_small(shape, kernel_size, strides, padding, dilation_rate, last)
    if undefined(inputs, proper, small, last, kernel, (strides, padding, dilation_rate)):
        return nobody_knows(spatial + 2)
    return proper


@phase(conv, "constructor")
def conv_constructor(
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: Any = None,
    dilation_rate: Any = 1,
    groups: Any = 1,
    activation: Any = None,
    use_bias: Any = True,
    kernel_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    spatial: int,
) -> dict[str, Any]:
    """BaseConv.__init__."""
    changed = {
        "kernel_size": int_tuple(kernel_size, spatial, "kernel_size"),
        "strides": int_tuple(strides, spatial, "strides"),
        "dilation_rate": int_tuple(dilation_rate, spatial, "dilation_rate"),
        "padding": padding_of(padding, causal=spatial == 1),
        "data_format": data_format_of(data_format),
    }
    identifiers(
        activation=activation,
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        kernel_regularizer=kernel_regularizer,
        bias_regularizer=bias_regularizer,
        kernel_constraint=kernel_constraint,
        bias_constraint=bias_constraint,
    )
    if filters is not None:
        positive(filters, "filters")
    positive(groups, "groups")
    if surely_no_multiple(filters, groups):
        report(GroupsDoNotDivide("filters", filters, groups), blame=("groups", "filters"))
    strides_or_dilation(changed["strides"], changed["dilation_rate"])
    return changed


@phase(conv, "spec")
def conv_spec(shape: Any, *, data_format: Any, spatial: int) -> Spec:
    """At least spatial + 2 axes; once built, the channels that it was built for."""
    return Spec(min_ndim=spatial + 2, axes=channel_axes(shape, data_format))


@phase(conv, "build")
def conv_build(
    shape: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    groups: Any,
    use_bias: Any,
    spatial: int,
    kernel_initializer: Any = "glorot_uniform",
    kernel_constraint: Any = None,
    lora_rank: Any = None,
    dtype: Any = "float32",
    path: str = "",
    backend: str = "tensorflow",
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """BaseConv.build: channels and groups, then the size of the output, then the weights."""
    channels = channels_of(shape, data_format)
    if channels is None or is_dynamic(channels):
        report(UnknownLength(_ranked(shape), operation=("%", "NoneType", _type(groups))), blame=("inputs",))
        channels = Unknown("channels")
    elif isinstance(channels, (tuple, list)):
        report(
            PythonError("TypeError", f"unsupported operand type(s) for %: '{_type(channels)}' and '{_type(groups)}'"),
            blame=("inputs",),
        )
        channels = Unknown("channels")
    elif surely_no_multiple(channels, groups):
        report(GroupsDoNotDivide("channels", channels, groups, _ranked(shape)), blame=("groups", "inputs"))
    conv_output_shape(
        shape,
        filters=filters,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        spatial=spatial,
        version=version,
    )
    per_group = _per_group(channels, groups) if _divides(channels, groups) else Unknown("channels")
    refuse_initializer(kernel_initializer, dtype, (*kernel_size, per_group, filters), backend)
    weights = {"kernel": weight((*kernel_size, per_group, filters), "kernel", path, version)}
    if has_bias(use_bias):
        weights["bias"] = weight((filters,), "bias", path, version)
    tracked = backend == "tensorflow"
    return {**weights, **adapted(lora_rank, weights["kernel"], "kernel", kernel_constraint, tracked=tracked)}


@phase(conv, "compute_output_shape")
def conv_output_shape(
    shape: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    spatial: int,
    version: Any = CONTEXT["version"],
) -> Shape:
    """compute_conv_output_shape: the rank, the size for 'valid', the padding."""
    last = data_format != "channels_first"
    if isinstance(shape, list) and shape and len(shape) < spatial + 2 and all(isinstance(x, Shape) for x in shape):
        with collect():
            kernel = (*kernel_size, channels_of(shape, data_format), filters)
        problem = KernelRankMismatch(shape, least=spatial + 2, most=spatial + 2, kernel=kernel)  # type: ignore[arg-type]
        report(problem, blame=("inputs",))
    if not isinstance(shape, Shape):
        return _nobody_knows(filters, spatial, last)
    kernel = (*kernel_size, channels_of(shape, data_format), filters)
    if len(shape) != spatial + 2:
        report(
            KernelRankMismatch(shape, least=spatial + 2, most=spatial + 2, kernel=python_shape(Shape(kernel))),
            blame=("inputs",),
        )
        return _nobody_knows(filters, spatial, last)
    axes = Axes.of(shape, channels_last=last)
    windows_of = [_whole(each) for each in (kernel_size, strides, dilation_rate)]
    sizes = zip(axes.spatial, *windows_of, strict=True)
    too_big = [_too_big(size, k, d, s, version=version) for size, k, s, d in sizes]
    if padding == VALID and any(too_big):
        report(
            WindowTooBig(shape, python_shape(Shape(kernel)), strides, padding, dilation_rate),
            blame=("inputs", "kernel_size", "dilation_rate"),
        )
    elif isinstance(padding, (list, tuple)):
        report(BadSetting("padding", padding, "padding-of-build"), blame=("padding",))
    known = padding if isinstance(padding, str) else Unknown("padding")
    fits = windows(axes.spatial, windows_of[0], windows_of[1], known, windows_of[2])
    if padding == VALID:
        wrong = enumerate(zip(fits, too_big, strict=True))
        fits = tuple(Symbol(None, ("too big", axis)) if bad else fit for axis, (fit, bad) in wrong)
    return axes.but(spatial=fits, channels=channel_count(filters))


def surely_small(shape: Any, kernel_size: Any, strides: Any, padding: Any, dilation_rate: Any, last: bool) -> bool:
    """Whether the kernel surely does not fit into the input."""
    if padding != VALID or not isinstance(shape, Shape) or len(shape) != len(kernel_size) + 2:
        return False
    sizes = zip(Axes.of(shape, last).spatial, *map(_whole, (kernel_size, dilation_rate, strides)), strict=True)
    return any(_too_big(*one, version=CONTEXT["version"]) for one in sizes)


def channels_of(shape: Any, data_format: Any) -> Any:
    """``input_shape[-1]``, or ``input_shape[1]`` for channels_first, of anything that is passed as a shape."""
    if isinstance(shape, Unranked) or not isinstance(data_format, str):
        return Unknown("channels")
    axis = 1 if data_format == "channels_first" else -1
    if isinstance(shape, dict):
        report(PythonError("KeyError", str(axis)), blame=("inputs",))
        return Unknown("channels")
    if shape is None or isinstance(shape, (int, float)):
        report(
            PythonError("TypeError", f"'{type(shape).__name__}' object is not subscriptable"), blame=("input_shape",)
        )
        return Unknown("channels")
    if not isinstance(shape, (tuple, list)):
        return Unknown("channels")
    if not -len(shape) <= axis < len(shape):
        kind = "tuple" if isinstance(shape, tuple) else "list"
        report(PythonError("IndexError", f"{kind} index out of range"), blame=("input_shape", "inputs"))
        return Unknown("channels")
    return shape[axis]


def axis_of(shape: Any, data_format: Any) -> Any:
    """The channels of a shape, silently."""
    with collect():
        return channels_of(shape, data_format)


def channel_axes(shape: Any, data_format: Any) -> tuple[tuple[int, Any], ...]:
    """The axis of a built layer's spec: its channels."""
    if not isinstance(shape, Shape) or not isinstance(data_format, str):
        return ()
    axis = 1 if data_format == "channels_first" else -1
    if not -len(shape) <= axis < len(shape):
        return ()
    return ((axis, shape[axis]),)


def has_bias(use_bias: Any) -> bool:
    """``if self.use_bias``; what is not known is taken for true."""
    return bool(use_bias) if use_bias is None or isinstance(use_bias, (int, float, str, tuple)) else True


def channel_count(filters: Any) -> Any:
    """The number of channels that ``filters`` gives; True is one."""
    if isinstance(filters, bool):
        return int(filters)
    return filters if is_dim(filters) else Symbol(None, ("filters",))


def weight(shape: tuple[Any, ...], name: str, layer_path: str, version: Any) -> tuple[Any, ...]:
    """The shape of a variable; reports BadWeightShape or UnknownLength where Keras refuses it."""
    for dim in shape:
        if isinstance(dim, (float, str, tuple)) or (isinstance(dim, int) and dim < 0):
            report(BadWeightShape(shape, dim), blame=("kernel_size", "filters"))
            return shape
        if isinstance(dim, bool) and version < (3, 13):
            report(BadWeightShape(shape, dim), blame=("filters",))
            return shape
    shape = tuple(int(dim) if isinstance(dim, bool) else dim for dim in shape)
    if any(dim is None or is_dynamic(dim) for dim in shape):
        report(UnknownLength(weight=shape, path=f"{layer_path}/{name}"), blame=("filters",))
    return shape


def strides_or_dilation(strides: Any, dilation: Any) -> None:
    """Reports StridesWithDilation if both are more than one."""
    if surely_above_one(strides) and surely_above_one(dilation):
        report(StridesWithDilation(strides, dilation), blame=("strides", "dilation_rate"))


def _too_big(size: Any, kernel: Any, dilation: Any, stride: Any, *, version: Any) -> bool:
    if not (is_dim(kernel) and is_dim(dilation)) or (is_dynamic(size) and bounds(size)[1] is None):
        return False
    span = dilation * (kernel - 1) + 1  # as in formulas.window.reach, but no step of the explanation
    if version < (3, 14):  # zero was accepted: floor((size - span) / stride) + 1 < 0
        return is_dim(stride) and surely_less(size + stride, span)
    return surely_less(size, span)


def _whole(values: Any) -> tuple[Any, ...]:
    """Bools and floats without a fraction as the ints that Python takes them for."""
    return tuple(int(v) if isinstance(v, bool) or (isinstance(v, float) and v.is_integer()) else v for v in values)


def _divides(channels: Any, groups: Any) -> bool:
    return is_dim(channels) and (is_dim(groups) or isinstance(groups, float)) and groups != 0


def _per_group(channels: Any, groups: Any) -> Any:
    if isinstance(groups, float):
        return channels // groups if isinstance(channels, int) else Unknown("channels")
    return channels // groups


def _nobody_knows(filters: Any, spatial: int, last: bool) -> Shape:
    dims = [Symbol(None, ("conv", axis)) for axis in range(spatial + 1)]
    dims.insert(spatial + 1 if last else 1, channel_count(filters))
    return Shape(dims)


def _ranked(shape: Any) -> Shape | None:
    return shape if isinstance(shape, Shape) else None


def _type(value: Any) -> str:
    return "int" if is_dim(value) else "tuple" if isinstance(value, Shape) else type(value).__name__


for _number in "123":
    alias(f"keras.layers.Conv{_number}D", f"keras.layers.Convolution{_number}D")

__all__ = [
    "SAME", "axis_of", "channel_axes", "channel_count", "channels_of", "conv", "conv_output_shape", "has_bias",
    "strides_or_dilation",
    "surely_small", "weight",
]  # fmt: skip
