"""Convolutions of Keras 2: Conv1D to Conv3D, and what the layers derived from ``Conv`` share with them.

Follows tf_keras/src/layers/convolutional/base_conv.py and tf_keras/src/utils/conv_utils.py.  Axes in
front of the expected ones count as batch.  In a graph the shapes are TensorFlow's to check.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, surely_differ, surely_no_multiple
from ...evidence import report
from ...formulas.window import VALID, windows
from ...problems import (
    BadWeightShape,
    GraphChannelMismatch,
    GroupsDoNotDivide,
    UndefinedResult,
    WindowTooBig,
)
from ...rule import phase
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown
from .conv import channel_count, conv, has_bias
from .eager import Kernel, nobody_knows, undefined
from .legacy_settings import identifiers
from .legacy_shared import (
    channel_axes,
    channel_axis,
    channels_of,
    conv_settings,
    defined_channels,
    graph_operands,
    not_fitting,
    output_lengths,
    refuse_in_graph,
    refuse_rank,
    refuse_size,
    spatial_axes,
    tensor_shape,
    weight,
    whole,
)
from .machine import CONTEXT, Spec


@phase(conv, "tf_keras.before")
def conv_before(
    *,
    activation: Any = None,
    kernel_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
) -> None:
    """The arguments of ``super().__init__`` are looked up before it is called."""
    identifiers(
        activation=activation,
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        kernel_regularizer=kernel_regularizer,
        bias_regularizer=bias_regularizer,
        activity_regularizer=activity_regularizer,
        kernel_constraint=kernel_constraint,
        bias_constraint=bias_constraint,
    )


@phase(conv, "tf_keras.constructor")
def conv_constructor(
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
    """Conv.__init__."""
    return conv_settings(
        filters, kernel_size, strides, padding, data_format, dilation_rate, groups, spatial, spatial == 1
    )


@phase(conv, "tf_keras.spec")
def conv_spec(shape: Any, *, data_format: Any, spatial: int) -> Spec:
    """At least spatial + 2 axes; once built, the channels that it was built for."""
    return Spec(min_ndim=spatial + 2, axes=channel_axes(shape, data_format, spatial))


@phase(conv, "tf_keras.build")
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
    dtype: Any = "float32",
    name: str = "",
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """Conv.build: channels, groups, the size of the output, the weights."""
    shape = tensor_shape(shape)
    channels = defined_channels(shape, data_format, spatial)
    if isinstance(groups, int) and surely_no_multiple(channels, groups):
        report(GroupsDoNotDivide("channels", channels, groups, shape), blame=("groups", "inputs"))
    lengths = output_lengths(shape, kernel_size, strides, padding, data_format, dilation_rate, spatial, name)
    negative = any(isinstance(length, int) and length < 0 for length in lengths)
    if negative and isinstance(shape, Shape):
        kernel = (*kernel_size, channels, filters)
        problem = WindowTooBig(shape, kernel, strides, padding, dilation_rate, name)
        report(problem, blame=("inputs", "kernel_size", "dilation_rate"))
    odd = next((length for length in lengths if isinstance(length, float)), None)
    if odd is not None:
        report(BadWeightShape(tuple(lengths), odd), blame=("kernel_size", "strides"))
    per_group = channels // groups if is_dim(channels) and is_dim(groups) and groups != 0 else Unknown("channels")
    if isinstance(groups, float) and isinstance(channels, int) and groups:
        per_group = channels // groups
    weights = {"kernel": weight((*kernel_size, per_group, filters), kernel_initializer, dtype, version)}
    if has_bias(use_bias):
        weights["bias"] = (channel_count(filters),)
    return weights


@phase(conv, "tf_keras.compute_output_shape")
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
) -> Any:
    """Conv.compute_output_shape."""
    if not isinstance(shape, Shape) or len(shape) < spatial + 2:
        return Unranked("the shape of the input is not known")
    sizes = spatial_axes(shape, data_format, spatial)
    known = padding if isinstance(padding, str) else Unknown("padding")
    fits = windows(sizes, whole(kernel_size), whole(strides), known, whole(dilation_rate))
    lead = shape[: len(shape) - spatial - 1]
    count = channel_count(filters)
    return Shape((*lead, *fits, count) if data_format != "channels_first" else (*lead, count, *fits))


@phase(conv, "tf_keras.call")
def conv_call(
    inputs: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    groups: Any,
    spatial: int,
    use_bias: Any = True,
    eager: bool = False,
    dtype: Any = "float32",
    kernels: Any = (),
) -> Any:
    """A kernel slides over the last axes but the channels; every filter gives one channel."""
    shape = inputs.shape if isinstance(inputs, Tensor) else Unranked("the input is no tensor")
    proper = conv_output_shape(
        shape,
        filters=filters,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        spatial=spatial,
    )
    operation = "Conv3D" if spatial == 3 else "Conv2D"
    if isinstance(shape, Shape) and len(shape) < spatial + 2 and not eager:
        refuse_rank(shape, dict(kernels).get("kernel", ()), spatial, operation)
    if not isinstance(shape, Shape) or not isinstance(proper, Shape):
        return proper
    grouped = not (is_dim(groups) and not surely_differ(groups, 1))
    if not isinstance(padding, str):
        return nobody_knows(len(shape))
    small = padding == VALID and not_fitting(shape, kernel_size, dilation_rate, data_format, spatial) is not None
    if eager:
        kernel = Kernel(operation, dtype, (*kernel_size, None, filters), compiled=grouped)
        last = data_format != "channels_first"
        if len(shape) > spatial + 2 and (small or 0 in shape):
            report(UndefinedResult(shape, kernel.shape, strides), blame=("inputs", "kernel_size"))
            return nobody_knows(len(shape))
        if undefined(inputs, proper, small, last, kernel, (strides, padding, dilation_rate)):
            return nobody_knows(len(shape))
        return proper
    if refuse_in_graph(inputs.dtype, dtype, operation):
        return proper
    kernel_shape = dict(kernels).get("kernel", ())
    channels = channels_of(shape, data_format, spatial)
    operands = graph_operands(shape, kernel_shape, spatial, data_format, grouped)
    if (kernel_shape and surely_no_multiple(channels, kernel_shape[-2])) or (
        kernel_shape
        and all(isinstance(n, int) and n > 0 for n in (channels, kernel_shape[-2], kernel_shape[-1]))
        and (not grouped and kernel_shape[-1] % (channels // kernel_shape[-2]))
    ):
        axis = channel_axis(data_format, spatial)
        problem = GraphChannelMismatch(
            channels, kernel_shape[-2], axis, shape, "", kernel_shape, 1, operation, operands
        )
        report(problem, blame=("inputs",))
    elif kernel_shape and kernel_shape[-2] == 0:
        axis = channel_axis(data_format, spatial)
        report(GraphChannelMismatch(0, 0, axis, shape, "", kernel_shape, 1, operation, operands), blame=("inputs",))
    elif small:
        refuse_size(shape, kernel_size, strides, dilation_rate, data_format, spatial, operation, operands)
        return nobody_knows(len(shape))
    return proper
