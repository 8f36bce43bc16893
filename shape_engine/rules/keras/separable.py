"""SeparableConv1D and SeparableConv2D of Keras, and what they share with DepthwiseConv1D and 2D.

Follows base_separable_conv.py in keras/src/layers/convolutional.  From 3.15 on
they look at the size of the output when they are built; before, only symbolic calls did.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, is_dynamic
from ...evidence import collect, report
from ...problems import PythonError, UnknownLength
from ...rule import alias, layer, phase
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown
from .arguments import data_format_of, identifiers, int_tuple, padding_of, positive
from .conv import (
    axis_of,
    channel_axes,
    channels_of,
    conv_output_shape,
    has_bias,
    strides_or_dilation,
    surely_small,
    weight,
)
from .eager import Kernel, nobody_knows, refuse_initializer, refuses_to_dilate, undefined
from .machine import CONTEXT, MACHINE, Spec

KERNEL = "DepthwiseConv2dNative"
"""The operation of TensorFlow that both kinds of layers call first."""


@layer("keras.layers.SeparableConv1D", machine=MACHINE, spatial=1, counts=("filters",), **CONTEXT)
@layer("keras.layers.SeparableConv2D", machine=MACHINE, spatial=2, counts=("filters",), **CONTEXT)
def separable_conv(
    inputs: Tensor,
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
    backend: str = "tensorflow",
    version: Any = CONTEXT["version"],
) -> Shape:
    """A kernel for each channel, then a mixture of channels for each filter."""
    return depthwise_first(
        inputs,
        filters,
        kernel_size,
        strides,
        padding,
        data_format,
        dilation_rate,
        spatial,
        depth_multiplier,
        eager,
        dtype,
        backend,
        version,
    )


@phase(separable_conv, "constructor")
def separable_constructor(
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: Any = None,
    dilation_rate: Any = 1,
    depth_multiplier: Any = 1,
    activation: Any = None,
    use_bias: Any = True,
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
    spatial: int,
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """BaseSeparableConv.__init__."""
    changed = standard_settings(kernel_size, strides, dilation_rate, padding, data_format, spatial)
    identifiers(
        activation=activation,
        depthwise_initializer=depthwise_initializer,
        pointwise_initializer=pointwise_initializer,
        bias_initializer=bias_initializer,
        depthwise_regularizer=depthwise_regularizer,
        pointwise_regularizer=pointwise_regularizer,
        bias_regularizer=bias_regularizer,
        depthwise_constraint=depthwise_constraint,
        pointwise_constraint=pointwise_constraint,
        bias_constraint=bias_constraint,
    )
    if depth_multiplier is not None:
        positive(depth_multiplier, "depth_multiplier")
    if filters is not None:
        positive(filters, "filters")
    if version < (3, 15):
        strides_or_dilation(changed["strides"], changed["dilation_rate"])
    return changed


@phase(separable_conv, "spec")
def separable_spec(shape: Any, *, data_format: Any, spatial: int) -> Spec:
    """At least spatial + 2 axes; once built, the channels that it was built for."""
    return Spec(min_ndim=spatial + 2, axes=channel_axes(shape, data_format))


@phase(separable_conv, "build")
def separable_build(
    shape: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    depth_multiplier: Any,
    use_bias: Any,
    depthwise_initializer: Any = "glorot_uniform",
    pointwise_initializer: Any = "glorot_uniform",
    spatial: int,
    dtype: Any = "float32",
    path: str = "",
    backend: str = "tensorflow",
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """BaseSeparableConv.build."""
    channels = channels_of(shape, data_format)
    mixed = times(depth_multiplier, channels)
    if version >= (3, 15):
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
    pointwise = (*(1,) * spatial, mixed, filters)
    refuse_initializer(depthwise_initializer, dtype, (*kernel_size, channels, depth_multiplier), backend)
    refuse_initializer(pointwise_initializer, dtype, pointwise, backend)
    weights = {
        "depthwise_kernel": weight((*kernel_size, channels, depth_multiplier), "depthwise_kernel", path, version),
        "pointwise_kernel": weight(pointwise, "pointwise_kernel", path, version),
    }
    if has_bias(use_bias):
        weights["bias"] = weight((filters,), "bias", path, version)
    return weights


@phase(separable_conv, "compute_output_shape")
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
    version: Any = CONTEXT["version"],
) -> Shape:
    """compute_conv_output_shape for the filters."""
    return conv_output_shape(
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


def standard_settings(
    kernel_size: Any, strides: Any, dilation_rate: Any, padding: Any, data_format: Any, spatial: int
) -> dict[str, Any]:
    return {
        "kernel_size": int_tuple(kernel_size, spatial, "kernel_size"),
        "strides": int_tuple(strides, spatial, "strides"),
        "dilation_rate": int_tuple(dilation_rate, spatial, "dilation_rate"),
        "padding": padding_of(padding),
        "data_format": data_format_of(data_format),
    }


def depthwise_first(
    inputs: Any,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    spatial: int,
    depth_multiplier: Any,
    eager: bool,
    dtype: Any,
    backend: str,
    version: Any,
    depthwise: bool = False,
) -> Shape:
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
    if refuses_to_dilate(inputs, dilation_rate, backend):
        return nobody_knows(spatial + 2)
    with collect():
        proper = conv_output_shape(shape, **given)
    last = data_format != "channels_first"
    channels = axis_of(shape, data_format)
    mixes = not depthwise and depth_multiplier != 1
    first = Kernel(KERNEL, dtype, (*kernel_size, channels, depth_multiplier), "", backend, mixes=mixes)
    small = surely_small(shape, kernel_size, strides, padding, dilation_rate, last)
    if undefined(inputs, proper, small, last, first, (strides, padding, dilation_rate)):
        return nobody_knows(spatial + 2)
    uneven = isinstance(strides, tuple) and len(set(map(repr, strides))) > 1
    if uneven and backend == "tensorflow" and getattr(inputs, "dtype", None) != "float32":
        return nobody_knows(spatial + 2)  # TensorFlow's own kernel wants even strides
    if isinstance(shape, Shape) and len(shape) == 4 and spatial == 1 and depthwise:
        return nobody_knows(4)  # of the rank that two dimensions have: the kernel says what it wants
    if isinstance(shape, Shape) and len(shape) > spatial + 2 and depthwise:
        rank = "{inputs.ndim}" if version < (3, 10) else len(shape)
        text = f"`inputs` rank must be 3 (1D conv) or 4 (2D conv). Received: {rank}."
        report(PythonError("ValueError", text), blame=("inputs",))
    elif isinstance(shape, Shape) and len(shape) > spatial + 2:
        problem = PythonError(
            "ValueError", f"`num_spatial_dims` must be 1 or 2. Received: num_spatial_dims={len(shape) - 2}."
        )
        report(problem, blame=("inputs",))
    if isinstance(padding, (list, tuple)):
        kind = "TrackedList" if isinstance(padding, list) else "tuple"
        report(PythonError("AttributeError", f"'{kind}' object has no attribute 'lower'"), blame=("padding",))
    return proper


def times(multiplier: Any, channels: Any) -> Any:
    """``depth_multiplier * input_channel``, with Python's refusals."""
    if channels is None or is_dynamic(channels):
        left = "int" if is_dim(multiplier) else type(multiplier).__name__
        report(UnknownLength(operation=("*", left, "NoneType")), blame=("inputs",))
    elif multiplier is None:
        right = "tuple" if isinstance(channels, tuple) else "int"
        report(UnknownLength(operation=("*", "NoneType", right)), blame=("depth_multiplier",))
    elif (isinstance(multiplier, (int, float)) and isinstance(channels, (int, float))) or (
        is_dim(multiplier) and is_dim(channels)
    ):
        return multiplier * channels
    elif isinstance(channels, tuple) and isinstance(multiplier, int):
        return tuple(channels) * multiplier
    return Unknown("channels")


for _number in "12":
    alias(f"keras.layers.SeparableConv{_number}D", f"keras.layers.SeparableConvolution{_number}D")

__all__ = ["depthwise_first", "separable_conv", "standard_settings", "times"]
