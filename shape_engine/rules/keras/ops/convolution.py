"""Convolutions and pooling as functions (keras/src/ops/nn.py, operation_utils.py; eagerly keras/src/backend/tensorflow/nn.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....axes import Axes
from ....dim import is_dim, is_dynamic, surely_differ, surely_less, surely_no_multiple
from ....evidence import collect
from ....formulas.window import SAME, VALID, per_axis, windows
from ....problems import PoolTooBig
from ....rule import Call, function
from ....shape import AnyShape, Shape
from ....value import Tensor, Unknown, Value
from ..conv import conv_output_shape
from ..conv_transpose import conv_transpose_output_shape
from ..state import GLOBAL
from ..symbolic import is_symbolic_call, result, tell, tensor
from .checks import OPEN, refuse


@function("keras.ops.conv")
def conv(
    call: Call, inputs: Any, kernel: Any, strides: Value = 1, padding: Value = "valid", data_format: Value = None,
    dilation_rate: Value = 1,
) -> Value:  # fmt: skip
    """A given kernel slides over the spatial axes.  ValueError for other channels than the kernel's."""
    x, weights = tensor(call, inputs), tensor(call, kernel)
    settings = (strides, padding, data_format, dilation_rate)
    filters = weights.shape[-1] if isinstance(weights.shape, Shape) and weights.shape else None
    return result(call, "Conv", _convolved(call, x, weights, filters, settings), x.dtype, x, weights)


@function("keras.ops.depthwise_conv")
def depthwise_conv(
    call: Call, inputs: Any, kernel: Any, strides: Value = 1, padding: Value = "valid", data_format: Value = None,
    dilation_rate: Value = 1,
) -> Value:  # fmt: skip
    """Every channel with kernels of its own."""
    x, weights = tensor(call, inputs), tensor(call, kernel)
    shape = _convolved(call, x, weights, _each(weights), (strides, padding, data_format, dilation_rate))
    return result(call, "DepthwiseConv", shape, x.dtype, x, weights)


@function("keras.ops.separable_conv")
def separable_conv(
    call: Call, inputs: Any, depthwise_kernel: Any, pointwise_kernel: Any, strides: Value = 1, padding: Value = "valid",
    data_format: Value = None, dilation_rate: Value = 1,
) -> Value:  # fmt: skip
    """Every channel by itself, then all channels mixed."""
    x, deep, point = (tensor(call, value) for value in (inputs, depthwise_kernel, pointwise_kernel))
    shape = _convolved(call, x, deep, _each(deep), (strides, padding, data_format, dilation_rate))
    last = channels_last(call, data_format)
    if not isinstance(shape, Shape) or not isinstance(point.shape, Shape) or last is None or len(point.shape) < 3:
        shape = OPEN
    else:
        axes = Axes.of(shape, last)
        if not is_symbolic_call((x,)) and surely_differ(axes.channels, point.shape[-2]):
            call.doubt()
            return Unknown("TensorFlow refuses the second kernel")
        shape = axes.but(channels=point.shape[-1])
    if x.symbolic:
        result(call, "DepthwiseConv", OPEN, x.dtype, x)  # is called on the way, and counted
    return result(call, "SeparableConv", shape, x.dtype, x, deep, point)


@function("keras.ops.conv_transpose")
def conv_transpose(
    call: Call, inputs: Any, kernel: Any, strides: Value = 1, padding: Value = "valid", output_padding: Value = None,
    data_format: Value = None, dilation_rate: Value = 1,
) -> Value:  # fmt: skip
    """A kernel laid down for every cell; its last axis are the input's channels."""
    x, weights = tensor(call, inputs), tensor(call, kernel)
    last = channels_last(call, data_format)
    shape: AnyShape = OPEN
    spatial = len(x.shape) - 2 if isinstance(x.shape, Shape) else 0
    if last is not None and spatial > 0 and isinstance(weights.shape, Shape) and len(weights.shape) == spatial + 2:
        assert isinstance(x.shape, Shape)
        fits = _channels_fit(call, x, weights, weights.shape[-1], last, "conv_transpose")
        steps = [per_axis(value, spatial) for value in (strides, dilation_rate)]
        if fits and all(len(step) == spatial and all(map(is_dim, step)) for step in steps) and isinstance(padding, str):
            with collect() as record:
                shape = conv_transpose_output_shape(
                    x.shape, filters=weights.shape[-2], kernel_size=tuple(weights.shape[:-2]), strides=steps[0],
                    padding=padding.lower(), output_padding=output_padding, data_format=_format(last),
                    dilation_rate=steps[1], spatial=spatial,
                )  # fmt: skip
            if record.reports:
                call.doubt()
    return result(call, "ConvTranspose", shape, x.dtype, x, weights)


@function("keras.ops.max_pool", cls="MaxPool")
@function("keras.ops.average_pool", cls="AveragePool")
def pool(
    call: Call, inputs: Any, pool_size: Value, strides: Value = None, padding: Value = "valid", data_format: Value = None,
    *, cls: str,
) -> Value:  # fmt: skip
    """The largest number, or the mean, of every window."""
    x = tensor(call, inputs)
    last = channels_last(call, data_format)
    if not isinstance(x.shape, Shape) or last is None or len(x.shape) < 3 or not isinstance(padding, str):
        return result(call, cls, OPEN, x.dtype, x)
    padding, spatial = padding.lower(), len(x.shape) - 2
    size = per_axis(pool_size, spatial)
    steps = size if strides is None else per_axis(strides, spatial)
    known = all(len(s) == spatial and all(is_dim(n) and n != 0 for n in s) for s in (size, steps))
    if not known or padding not in (VALID, SAME):
        call.doubt()
        return result(call, cls, OPEN, x.dtype, x)
    axes = Axes.of(x.shape, last)
    dims = windows(axes.spatial, size, steps, padding, 1)
    too_small = zip(axes.spatial, size, strict=True)
    if padding == VALID and any(not is_dynamic(own) and surely_less(own, n) for own, n in too_small):
        given = pool_size if strides is None else strides
        tell(call, PoolTooBig(x.shape, pool_size, given, padding, (), "", last), [x], "pool_size", "inputs")
        return result(call, cls, OPEN, x.dtype, x)
    return result(call, cls, axes.but(spatial=dims), x.dtype, x)


@function("keras.ops.adaptive_max_pool", cls="AdaptiveMaxPool")
@function("keras.ops.adaptive_average_pool", cls="AdaptiveAveragePool")
def adaptive_pool(call: Call, inputs: Any, output_size: Value, data_format: Value = None, *, cls: str) -> Value:
    """Windows of such sizes that there are so many.

    Symbolically Keras takes away one axis too few for each spatial axis but the first (channels last).
    """
    x, last = tensor(call, inputs), channels_last(call, data_format)
    if not isinstance(x.shape, Shape) or last is None or len(x.shape) < 3:
        return result(call, cls, OPEN, x.dtype, x)
    spatial = len(x.shape) - 2
    if x.symbolic and not isinstance(output_size, tuple):
        call.doubt()
        return result(call, cls, OPEN, x.dtype, x)
    size = per_axis(output_size, spatial)
    if len(size) != spatial or not all(map(is_dim, size)):
        return result(call, cls, OPEN, x.dtype, x)
    if x.symbolic and last:
        return result(call, cls, Shape((*x.shape[:-spatial], *size, x.shape[-1])), x.dtype, x)
    return result(call, cls, Axes.of(x.shape, last).but(spatial=size), x.dtype, x)


def channels_last(call: Call, data_format: Value) -> bool | None:
    """Where the channels stand; None where that is not known, or no such format."""
    chosen = call.get(GLOBAL, ".data_format") or "channels_last" if data_format is None else data_format
    if isinstance(chosen, str) and chosen.lower() in ("channels_last", "channels_first"):
        return chosen.lower() == "channels_last"
    return None


def _format(last: bool) -> str:
    return "channels_last" if last else "channels_first"


def _each(kernel: Tensor) -> Any:
    """The channels that a depthwise kernel gives."""
    return kernel.shape[-1] * kernel.shape[-2] if isinstance(kernel.shape, Shape) and len(kernel.shape) > 1 else None


def _convolved(call: Call, x: Tensor, kernel: Tensor, filters: Any, settings: Sequence[Any]) -> AnyShape:
    """``check_conv_input_channels`` and ``compute_conv_output_shape``; an eager kernel goes in groups instead."""
    strides, padding, data_format, dilation = settings
    last = channels_last(call, data_format)
    if last is None or not isinstance(x.shape, Shape) or not isinstance(kernel.shape, Shape) or len(x.shape) < 3:
        return OPEN
    spatial = len(x.shape) - 2
    steps = [per_axis(value, spatial) for value in (strides, dilation)]
    if len(kernel.shape) != spatial + 2 or not isinstance(padding, str) or any(len(s) != spatial for s in steps):
        call.doubt()
        return OPEN
    if padding.lower() not in (VALID, SAME, "causal") or not all(is_dim(n) and n != 0 for s in steps for n in s):
        call.doubt()
        return OPEN
    if not _channels_fit(call, x, kernel, kernel.shape[-2], last, "conv"):
        return OPEN
    with collect() as record:
        shape = conv_output_shape(
            x.shape, filters=filters, kernel_size=tuple(kernel.shape[:-2]), strides=strides if is_symbolic_call((x,)) and isinstance(strides, tuple) else steps[0],
            padding=padding.lower(), data_format=_format(last), dilation_rate=steps[1], spatial=spatial,
        )  # fmt: skip
    if record.reports:
        tell(call, record.reports[0].problem, [x, kernel], "kernel", "inputs")
        return shape if x.symbolic else OPEN
    return shape


def _channels_fit(call: Call, x: Tensor, kernel: Tensor, expected: Any, last: bool, of: str) -> bool:
    """Whether the call goes on: symbolically it is as if repaired, eagerly a multiple of the channels goes in groups."""
    assert isinstance(x.shape, Shape)
    channels = Axes.of(x.shape, last).channels
    if not surely_differ(channels, expected):
        return True
    quoted = (channels, expected, _format(last))
    refuse(call, of, "kernel-channels", [x, kernel], "kernel", "inputs", quoted=quoted)
    return x.symbolic or (of == "conv" and not surely_no_multiple(channels, expected))
