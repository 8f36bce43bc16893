"""Depthwise and separable convolutions of Keras 2.

Follows base_depthwise_conv.py, base_separable_conv.py and the layers derived from them in
tf_keras/src/layers/convolutional.  None of them looks at the size of the output: TensorFlow does.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, is_dynamic, surely_differ
from ...evidence import report
from ...formulas.window import VALID
from ...problems import (
    GraphChannelMismatch,
    GraphRankMismatch,
    GraphWindowTooBig,
    KernelRankMismatch,
    PythonError,
    UndefinedResult,
)
from ...rule import phase
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown
from .conv import channel_count, has_bias
from .depthwise import depthwise_conv
from .eager import Kernel, nobody_knows, undefined
from .legacy_conv import conv_output_shape
from .legacy_settings import identifiers
from .legacy_shared import (
    channel_axes,
    channel_axis,
    channels_of,
    conv_settings,
    defined_channels,
    graph_operands,
    not_fitting,
    refuse_in_graph,
    refuse_rank,
    refuse_size,
    shape_repr,
    spatial_axes,
    tensor_shape,
    weight,
)
from .machine import CONTEXT, Spec
from .separable import separable_conv

KERNEL = "DepthwiseConv2dNative"


@phase(separable_conv, "tf_keras.before")
def separable_before(
    *,
    activation: Any = None,
    depthwise_initializer: Any = "glorot_uniform",
    pointwise_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    depthwise_regularizer: Any = None,
    pointwise_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    depthwise_constraint: Any = None,
    pointwise_constraint: Any = None,
    bias_constraint: Any = None,
) -> None:
    """The arguments of ``super().__init__`` are looked up before it is called."""
    identifiers(
        activation=activation,
        depthwise_initializer=depthwise_initializer,
        pointwise_initializer=pointwise_initializer,
        bias_initializer=bias_initializer,
        depthwise_regularizer=depthwise_regularizer,
        pointwise_regularizer=pointwise_regularizer,
        bias_regularizer=bias_regularizer,
        activity_regularizer=activity_regularizer,
        depthwise_constraint=depthwise_constraint,
        pointwise_constraint=pointwise_constraint,
        bias_constraint=bias_constraint,
    )


@phase(separable_conv, "tf_keras.constructor")
def separable_constructor(
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: Any = None,
    dilation_rate: Any = 1,
    groups: Any = 1,
    spatial: int,
) -> dict[str, Any]:
    """SeparableConv.__init__ checks what Conv does; the depth multiplier may be anything."""
    return conv_settings(
        filters, kernel_size, strides, padding, data_format, dilation_rate, groups, spatial, spatial == 1
    )


@phase(depthwise_conv, "tf_keras.constructor")
def depthwise_constructor(
    *,
    kernel_size: Any,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: Any = None,
    dilation_rate: Any = 1,
    groups: Any = 1,
    activation: Any = None,
    depthwise_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    depthwise_regularizer: Any = None,
    bias_regularizer: Any = None,
    depthwise_constraint: Any = None,
    bias_constraint: Any = None,
    spatial: int,
) -> dict[str, Any]:
    """DepthwiseConv.__init__: the checks of Conv for no filters at all."""
    changed = conv_settings(None, kernel_size, strides, padding, data_format, dilation_rate, groups, spatial, False)
    identifiers(
        activation=activation,
        bias_regularizer=bias_regularizer,
        bias_constraint=bias_constraint,
        depthwise_initializer=depthwise_initializer,
        depthwise_regularizer=depthwise_regularizer,
        depthwise_constraint=depthwise_constraint,
        bias_initializer=bias_initializer,
    )
    del changed["filters"]
    return changed


@phase(separable_conv, "tf_keras.spec")
def separable_spec(shape: Any, *, data_format: Any, spatial: int) -> Spec:
    """At least spatial + 2 axes; once built, exactly so many."""
    axes = channel_axes(shape, data_format, spatial)
    return Spec(ndim=spatial + 2, axes=axes) if shape is not None else Spec(min_ndim=spatial + 2)


@phase(depthwise_conv, "tf_keras.spec")
def depthwise_spec(shape: Any, *, data_format: Any, spatial: int) -> Spec:
    """At least spatial + 2 axes; once built, the channels that it was built for."""
    return Spec(min_ndim=spatial + 2, axes=channel_axes(shape, data_format, spatial))


@phase(separable_conv, "tf_keras.build")
def separable_build(
    shape: Any,
    *,
    filters: Any,
    kernel_size: Any,
    data_format: Any,
    depth_multiplier: Any,
    use_bias: Any,
    spatial: int,
    depthwise_initializer: Any = "glorot_uniform",
    pointwise_initializer: Any = "glorot_uniform",
    dtype: Any = "float32",
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """The channels, then the weights."""
    channels = defined_channels(tensor_shape(shape), data_format, spatial)
    mixed = times(depth_multiplier, channels)
    weights = {
        "depthwise_kernel": weight((*kernel_size, channels, depth_multiplier), depthwise_initializer, dtype, version),
        "pointwise_kernel": weight((*(1,) * spatial, mixed, filters), pointwise_initializer, dtype, version),
    }
    if has_bias(use_bias):
        weights["bias"] = (channel_count(filters),)
    return weights


@phase(depthwise_conv, "tf_keras.build")
def depthwise_build(
    shape: Any,
    *,
    kernel_size: Any,
    data_format: Any,
    depth_multiplier: Any,
    use_bias: Any,
    spatial: int,
    depthwise_initializer: Any = "glorot_uniform",
    dtype: Any = "float32",
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """The rank, the channels, the weights."""
    if shape is None or isinstance(shape, (int, float)):
        kind = type(shape).__name__
        report(PythonError("TypeError", f"object of type '{kind}' has no len()"), blame=("input_shape",))
        shape = Unranked("no shape")
    elif isinstance(shape, Shape) and len(shape) != spatial + 2:
        problem = KernelRankMismatch(shape, "DepthwiseConv", least=spatial + 2, most=spatial + 2)
        report(problem, blame=("inputs",))
        shape = Unranked("a shape of another rank")
    elif isinstance(shape, (list, dict)) and len(shape) != spatial + 2:
        _refuse_structure(shape, spatial + 2)
        shape = Unranked("several shapes")
    channels = defined_channels(shape, data_format, spatial, "DepthwiseConv")
    kernel = (*kernel_size, channels, depth_multiplier)
    weights = {"depthwise_kernel": weight(kernel, depthwise_initializer, dtype, version)}
    if has_bias(use_bias):
        known = is_dim(depth_multiplier) and is_dim(channels)
        weights["bias"] = (depth_multiplier * channels if known else Unknown("channels"),)
    return weights


@phase(separable_conv, "tf_keras.compute_output_shape")
def separable_output_shape(
    shape: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    spatial: int,
) -> Any:
    """Conv.compute_output_shape."""
    return conv_output_shape(
        shape,
        filters=filters,
        kernel_size=kernel_size,
        strides=_integers(strides),
        padding=padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        spatial=spatial,
    )


@phase(depthwise_conv, "tf_keras.compute_output_shape")
def depthwise_output_shape(
    shape: Any,
    *,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    depth_multiplier: Any,
    spatial: int,
) -> Any:
    """``compute_output_shape`` for channels times depth_multiplier."""
    channels = channels_of(shape, data_format, spatial)
    known = is_dim(depth_multiplier) and is_dim(channels)
    return conv_output_shape(
        shape,
        filters=depth_multiplier * channels if known else Unknown("channels"),
        kernel_size=kernel_size,
        strides=_integers(strides),
        padding=padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        spatial=spatial,
    )


@phase(separable_conv, "tf_keras.call")
def separable_call(
    inputs: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    depth_multiplier: Any,
    spatial: int,
    eager: bool = False,
    dtype: Any = "float32",
    kernels: Any = (),
) -> Any:
    """A kernel for each channel, then a mixture of channels for each filter."""
    _too_few_axes(inputs, kernels, spatial, eager)
    proper = separable_output_shape(
        inputs.shape if isinstance(inputs, Tensor) else None,
        filters=filters,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        spatial=spatial,
    )
    if isinstance(padding, (list, tuple)):
        _no_upper(padding)
    elif isinstance(proper, Shape):
        mixes = depth_multiplier != 1
        return _called(
            inputs,
            proper,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            spatial,
            eager,
            dtype,
            kernels,
            mixes,
        )
    return proper


@phase(depthwise_conv, "tf_keras.call")
def depthwise_call(
    inputs: Any,
    *,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    depth_multiplier: Any,
    spatial: int,
    eager: bool = False,
    dtype: Any = "float32",
    kernels: Any = (),
) -> Any:
    """``depth_multiplier`` kernels for each channel of the layer's kernel."""
    _too_few_axes(inputs, kernels, spatial, eager)
    shape = inputs.shape if isinstance(inputs, Tensor) else None
    proper = depthwise_output_shape(
        shape,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        depth_multiplier=depth_multiplier,
        spatial=spatial,
    )
    if isinstance(padding, (list, tuple)) and spatial == 2:
        shown = f"ListWrapper({padding})" if isinstance(padding, list) else padding
        report(PythonError("ValueError", f"Invalid padding: {shown}"), blame=("padding",))
    elif isinstance(padding, (list, tuple)):
        _no_upper(padding)
    elif isinstance(proper, Shape):
        return _called(
            inputs,
            proper,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            spatial,
            eager,
            dtype,
            kernels,
            None,
        )
    return proper


def _called(
    inputs: Tensor,
    proper: Shape,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    spatial: int,
    eager: bool,
    dtype: Any,
    kernels: Any,
    mixes: bool | None,
) -> Shape:
    """What TensorFlow makes of the first convolution, and of the second one if there is one (``mixes`` is no None)."""
    shape = inputs.shape
    assert isinstance(shape, Shape)
    if not isinstance(padding, str):
        return nobody_knows(len(shape))
    kernel = dict(kernels).get("depthwise_kernel", ())
    small = padding == VALID and not_fitting(shape, kernel_size, dilation_rate, data_format, spatial) is not None
    if eager:
        first = Kernel(KERNEL, dtype, tuple(kernel), mixes=mixes is True)
        if len(shape) > spatial + 2:
            report(UndefinedResult(shape, tuple(kernel), strides), blame=("inputs",))
            return nobody_knows(len(shape))
        last = data_format != "channels_first"
        if undefined(inputs, proper, small, last, first, (strides, padding, dilation_rate)):
            return nobody_knows(len(shape))
        return proper
    if refuse_in_graph(inputs.dtype, dtype, KERNEL):
        return proper
    if len(shape) > spatial + 2:
        operands = ((shape[0], 1, *shape[1:]), (1, *kernel)) if spatial == 1 else (tuple(shape), tuple(kernel))
        problem = GraphRankMismatch(shape, "", spatial + 2, spatial + 2, tuple(kernel), KERNEL, operands)
        report(problem, blame=("inputs",))
        return nobody_knows(spatial + 2)
    channels, axis = channels_of(shape, data_format, spatial), channel_axis(data_format, spatial)
    operands = graph_operands(shape, kernel, spatial, data_format)
    if kernel and not is_dynamic(channels) and surely_differ(channels, kernel[-2]):
        mismatch = GraphChannelMismatch(channels, kernel[-2], axis, shape, "", kernel, 1, KERNEL, operands)
        report(mismatch, blame=("inputs",))
    elif small:
        refuse_size(shape, kernel_size, strides, dilation_rate, data_format, spatial, KERNEL, operands)
        return nobody_knows(len(shape))
    elif mixes is not None:
        _second(proper, shape, dict(kernels).get("pointwise_kernel", ()), channels, data_format, spatial)
    return proper


def _second(
    proper: Shape, shape: Shape, kernel: tuple[Any, ...], channels: Any, data_format: Any, spatial: int
) -> None:
    """The pointwise convolution of a separable one refuses what is empty."""
    if not kernel or data_format == "channels_first":
        return
    between = Shape((*proper[:-1], kernel[-2]))
    operands = graph_operands(between, kernel, spatial, data_format)
    if channels == 0:
        problem = GraphChannelMismatch(0, 0, -1, shape, "", kernel, 1, "Conv2D", operands)
        report(problem, blame=("inputs",))
    elif any(isinstance(n, int) and n == 0 for n in spatial_axes(proper, data_format, spatial)):
        ones = (1,) * spatial
        report(
            GraphWindowTooBig(shape, ones, ones, VALID, ones, "", "Conv2D", operands, 1, 0),
            blame=("inputs", "kernel_size"),
        )


def _too_few_axes(inputs: Any, kernels: Any, spatial: int, eager: bool) -> None:
    shape = inputs.shape if isinstance(inputs, Tensor) else None
    if isinstance(shape, Shape) and len(shape) < spatial + 2 and not eager:
        refuse_rank(shape, dict(kernels).get("depthwise_kernel", ()), spatial, KERNEL)


def times(multiplier: Any, channels: Any) -> Any:
    """``self.depth_multiplier * input_dim``."""
    if multiplier is None:
        text = "unsupported operand type(s) for *: 'NoneType' and 'int'"
        report(PythonError("TypeError", text), blame=("depth_multiplier",))
        return Unknown("channels")
    usable = isinstance(multiplier, float) and isinstance(channels, int)
    return multiplier * channels if usable or (is_dim(multiplier) and is_dim(channels)) else Unknown("channels")


def _integers(strides: Any) -> tuple[Any, ...]:
    """TensorFlow's attributes take floats without a fraction."""
    return tuple(int(stride) if isinstance(stride, float) and stride.is_integer() else stride for stride in strides)


def _no_upper(padding: Any) -> None:
    kind = "ListWrapper" if isinstance(padding, list) else "tuple"
    report(PythonError("AttributeError", f"'{kind}' object has no attribute 'upper'"), blame=("padding",))


def _refuse_structure(shape: Any, rank: int) -> None:
    if isinstance(shape, dict):
        inside = ", ".join(f"{name!r}: {shape_repr(item)}" for name, item in shape.items())
        shown = f"{{{inside}}}"
    else:
        shown = f"[{', '.join(map(shape_repr, shape))}]"
    text = f"Inputs to `DepthwiseConv` should have rank {rank}. Received input_shape={shown}."
    report(PythonError("ValueError", text), blame=("inputs",))
