"""tf.compat.v1.layers: layers as functions, which make their variables themselves (they need Keras 2)."""

from __future__ import annotations

from typing import Any

from ...axes import Axes
from ...dim import is_dim, surely_less
from ...formulas.window import per_axis, spread_same, spread_valid, windows
from ...rule import Call
from ...shape import AnyShape, Shape, Unranked, product
from ...value import Tensor, Value
from ..arrays import as_dim, operand
from .graph import define

NOT_KNOWN = Unranked("the shape is not known")


@define("tf.compat.v1.layers.dense")
def dense(call: Call, inputs: Value, units: Value, *args: Value, **_: Value) -> Tensor:
    """Another length of the last axis."""
    x = operand(inputs, "tf", call)
    known = isinstance(x.shape, Shape) and len(x.shape) > 1
    return _made(call, x, Shape((*x.shape[:-1], as_dim(call, units))) if known else NOT_KNOWN)  # type: ignore[index]


@define("tf.compat.v1.layers.conv1d", spatial=1)
@define("tf.compat.v1.layers.conv2d", spatial=2)
@define("tf.compat.v1.layers.conv3d", spatial=3)
@define("tf.compat.v1.layers.separable_conv1d", spatial=1)
@define("tf.compat.v1.layers.separable_conv2d", spatial=2)
def conv(
    call: Call, inputs: Value, filters: Value, kernel_size: Value, strides: Value = 1, padding: Value = "valid",
    data_format: Value = "channels_last", dilation_rate: Value = 1, *args: Value, spatial: int, **_: Value,
) -> Tensor:  # fmt: skip
    """A kernel slides over the spatial axes."""
    x = operand(inputs, "tf", call)
    settings = (kernel_size, strides, padding, dilation_rate)
    return _made(call, x, _slid(call, x, settings, data_format, spatial, as_dim(call, filters)))


@define("tf.compat.v1.layers.max_pooling1d", "tf.compat.v1.layers.average_pooling1d", spatial=1)
@define("tf.compat.v1.layers.max_pooling2d", "tf.compat.v1.layers.average_pooling2d", spatial=2)
@define("tf.compat.v1.layers.max_pooling3d", "tf.compat.v1.layers.average_pooling3d", spatial=3)
def pool(
    call: Call, inputs: Value, pool_size: Value, strides: Value, padding: Value = "valid",
    data_format: Value = "channels_last", name: Value = None, *, spatial: int,
) -> Tensor:  # fmt: skip
    """Windows over the spatial axes."""
    x = operand(inputs, "tf", call)
    return _made(call, x, _slid(call, x, (pool_size, strides, padding, 1), data_format, spatial, None))


@define("tf.compat.v1.layers.conv2d_transpose", spatial=2)
@define("tf.compat.v1.layers.conv3d_transpose", spatial=3)
def conv_transpose(
    call: Call, inputs: Value, filters: Value, kernel_size: Value, strides: Value = 1, padding: Value = "valid",
    data_format: Value = "channels_last", *args: Value, spatial: int, **_: Value,
) -> Tensor:  # fmt: skip
    """A kernel laid down for every cell."""
    x = operand(inputs, "tf", call)
    sizes, steps = per_axis(kernel_size, spatial), per_axis(strides, spatial)
    numbers = len(sizes) == len(steps) == spatial and all(map(is_dim, (*sizes, *steps)))
    known = isinstance(x.shape, Shape) and len(x.shape) == spatial + 2 and numbers and isinstance(padding, str)
    if not known or padding.lower() not in ("valid", "same") or data_format not in ("channels_last", "channels_first"):
        return _made(call, x, NOT_KNOWN)
    axes = Axes.of(x.shape, data_format == "channels_last")  # type: ignore[arg-type]
    same = padding.lower() == "same"
    dims = tuple(
        spread_same(own, step) if same else spread_valid(own, step, size)
        for own, step, size in zip(axes.spatial, steps, sizes, strict=True)
    )
    return _made(call, x, axes.but(spatial=dims, channels=as_dim(call, filters)))


@define("tf.compat.v1.layers.flatten")
def flatten(call: Call, inputs: Value, name: Value = None, data_format: Value = "channels_last") -> Tensor:
    """All axes but the first in one row."""
    x = operand(inputs, "tf", call)
    known = isinstance(x.shape, Shape) and len(x.shape) > 1
    return _made(call, x, Shape((x.shape[0], product(x.shape[1:]))) if known else NOT_KNOWN)  # type: ignore[index]


@define("tf.compat.v1.layers.dropout", "tf.compat.v1.layers.batch_normalization")
def same(call: Call, inputs: Value, *args: Value, **_: Value) -> Tensor:
    """The shape stays."""
    x = operand(inputs, "tf", call)
    return _made(call, x, x.shape)


def _made(call: Call, x: Tensor, shape: AnyShape) -> Tensor:
    call.doubt()  # with Keras 3 there is no such function
    return Tensor(shape, x.dtype, "tf")


def _slid(call: Call, x: Tensor, settings: tuple[Any, ...], data_format: Any, spatial: int, channels: Any) -> AnyShape:
    kernel, strides, padding, dilation = settings
    if not isinstance(x.shape, Shape) or len(x.shape) != spatial + 2 or not isinstance(padding, str):
        return NOT_KNOWN
    if data_format not in ("channels_last", "channels_first") or padding.lower() not in ("valid", "same"):
        return NOT_KNOWN
    axes = Axes.of(x.shape, data_format == "channels_last")
    dims = windows(axes.spatial, kernel, strides, padding.lower(), dilation)
    if any(surely_less(dim, 1) for dim in dims):
        return NOT_KNOWN
    return axes.but(spatial=dims) if channels is None else axes.but(spatial=dims, channels=channels)
