"""DepthwiseConv1D and DepthwiseConv2D of Keras.

Follows base_depthwise_conv.py in keras/src/layers/convolutional.  From 3.15 on they look at the size of
the output when they are built; before, only symbolic calls did.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from ...evidence import collect
from ...rule import layer, phase
from ...shape import Shape
from ...value import Tensor, Unknown
from .arguments import identifiers, positive
from .conv import channel_axes, channels_of, conv_output_shape, has_bias, strides_or_dilation, weight
from .eager import refuse_initializer
from .machine import CONTEXT, MACHINE, Spec
from .separable import depthwise_first, standard_settings, times


@layer("keras.layers.DepthwiseConv1D", machine=MACHINE, spatial=1, counts=("depth_multiplier",), **CONTEXT)
@layer("keras.layers.DepthwiseConv2D", machine=MACHINE, spatial=2, counts=("depth_multiplier",), **CONTEXT)
def depthwise_conv(
    inputs: Tensor,
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
    backend: str = "tensorflow",
    version: Any = CONTEXT["version"],
) -> Shape:
    """``depth_multiplier`` kernels for each channel."""
    with collect() if eager else nullcontext():
        filters = times(
            depth_multiplier, channels_of(inputs.shape if isinstance(inputs, Tensor) else None, data_format)
        )
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
        True,
    )


@phase(depthwise_conv, "constructor")
def depthwise_constructor(
    *,
    kernel_size: Any,
    strides: Any = 1,
    padding: Any = "valid",
    depth_multiplier: Any = 1,
    data_format: Any = None,
    dilation_rate: Any = 1,
    activation: Any = None,
    use_bias: Any = True,
    depthwise_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    depthwise_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    depthwise_constraint: Any = None,
    bias_constraint: Any = None,
    spatial: int,
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """BaseDepthwiseConv.__init__."""
    changed = standard_settings(kernel_size, strides, dilation_rate, padding, data_format, spatial)
    identifiers(
        activation=activation,
        depthwise_initializer=depthwise_initializer,
        bias_initializer=bias_initializer,
        depthwise_regularizer=depthwise_regularizer,
        bias_regularizer=bias_regularizer,
        depthwise_constraint=depthwise_constraint,
        bias_constraint=bias_constraint,
    )
    if depth_multiplier is not None:
        positive(depth_multiplier, "depth_multiplier")
    if version < (3, 15):
        strides_or_dilation(changed["strides"], changed["dilation_rate"])
    return changed


@phase(depthwise_conv, "spec")
def depthwise_spec(shape: Any, *, data_format: Any, spatial: int) -> Spec:
    """At least spatial + 2 axes; once built, the channels that it was built for."""
    return Spec(min_ndim=spatial + 2, axes=channel_axes(shape, data_format))


@phase(depthwise_conv, "build")
def depthwise_build(
    shape: Any,
    *,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    depth_multiplier: Any,
    use_bias: Any,
    depthwise_initializer: Any = "glorot_uniform",
    spatial: int,
    dtype: Any = "float32",
    path: str = "",
    backend: str = "tensorflow",
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """BaseDepthwiseConv.build."""
    channels = channels_of(shape, data_format)
    filters = times(depth_multiplier, channels) if version >= (3, 15) else Unknown("channels")
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
    refuse_initializer(depthwise_initializer, dtype, (*kernel_size, channels, depth_multiplier), backend)
    weights = {"kernel": weight((*kernel_size, channels, depth_multiplier), "kernel", path, version)}
    if has_bias(use_bias):
        weights["bias"] = weight((times(depth_multiplier, channels),), "bias", path, version)
    return weights


@phase(depthwise_conv, "compute_output_shape")
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
    version: Any = CONTEXT["version"],
) -> Shape:
    """compute_conv_output_shape for channels times depth_multiplier."""
    return conv_output_shape(
        shape,
        filters=times(depth_multiplier, channels_of(shape, data_format)),
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        spatial=spatial,
        version=version,
    )
