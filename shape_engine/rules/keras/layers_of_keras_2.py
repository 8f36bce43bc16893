"""Layers that ended with Keras 2: ``tf.keras`` still has some of them.

Follows tf_keras/src/layers/{locally_connected,activation/thresholded_relu.py,preprocessing/image_preprocessing.py}.
"""

from __future__ import annotations

from typing import Any

from ...dim import derived, is_dynamic, surely_less
from ...formulas.window import VALID
from ...rule import layer, phase
from ...shape import Shape, product
from .arguments import int_tuple
from .common import NO_RANK, shape_of, undecided
from .conv import channel_count, has_bias
from .legacy_conv import conv_output_shape
from .legacy_refusals import refused
from .legacy_shared import channel_axes, channels_of, data_format_of, padding_of, spatial_axes
from .machine import CONTEXT, MACHINE, Spec
from .state import python_shape

CONNECTED: dict[str, Any] = {"machine": MACHINE, **CONTEXT}


@layer("keras.layers.LocallyConnected1D", spatial=1, **CONNECTED)
@layer("keras.layers.LocallyConnected2D", spatial=2, **CONNECTED)
def locally_connected(
    inputs: Any, *, filters: Any, kernel_size: Any, strides: Any, padding: Any, data_format: Any, spatial: int
) -> Any:
    """A window that has other weights at each place."""
    shape = shape_of(inputs)
    if shape is None or len(shape) != spatial + 2 or not isinstance(padding, str):
        return NO_RANK
    return conv_output_shape(
        shape,
        filters=filters,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilation_rate=(1,) * spatial,
        spatial=spatial,
    )


@phase(locally_connected, "constructor")
def locally_connected_constructor(
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: Any = None,
    activation: Any = None,
    use_bias: Any = True,
    kernel_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    implementation: Any = 1,
    spatial: int,
    cls: str,
) -> dict[str, Any]:
    """Windows as for convolutions; only one implementation of three can pad."""
    padded = padding_of(padding)
    if padded != VALID and isinstance(padded, str) and implementation == 1:
        text = f'Invalid border mode for {cls} (only "valid" is supported if implementation is 1): {padding}'
        refused("ValueError", text, "padding", "implementation")
    return {
        "kernel_size": int_tuple(kernel_size, spatial, "kernel_size"),
        "strides": int_tuple(strides, spatial, "strides", allow_zero=True),
        "padding": padded,
        "data_format": data_format_of(data_format),
    }


@phase(locally_connected, "tf_keras.spec")
def locally_connected_spec(shape: Any = None, *, data_format: Any = None, spatial: int) -> Spec:
    """As many axes as a convolution has; once it is built, the channels."""
    return Spec(ndim=spatial + 2, axes=channel_axes(shape, data_format, spatial))


@phase(locally_connected, "build")
def locally_connected_build(
    shape: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    use_bias: Any = True,
    implementation: Any = 1,
    spatial: int,
    name: str,
) -> dict[str, tuple[Any, ...]]:
    """A kernel for each place of the output, so that every length must be known."""
    if not isinstance(shape, Shape) or len(shape) != spatial + 2 or not isinstance(data_format, str):
        return {}
    channels, sizes = channels_of(shape, data_format, spatial), spatial_axes(shape, data_format, spatial)
    if _refused(shape, channels, sizes, spatial):
        return {}
    found = conv_output_shape(
        shape,
        filters=filters,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilation_rate=(1,) * spatial,
        spatial=spatial,
    )
    if not isinstance(found, Shape):
        return {}
    lengths = spatial_axes(found, data_format, spatial)
    if any(surely_less(length, 1) for length in lengths):
        text = (
            f"One of the dimensions in the output is <= 0 due to downsampling in {name}. Consider increasing the input "
            f"size. Received input shape {python_shape(shape)} which would produce output shape with a zero or negative "
            "value in a dimension."
        )
        refused("ValueError", text, "inputs", "kernel_size")
        return {}
    count = channel_count(filters)
    kernel = (product(lengths), product((*kernel_size, channels)), count)
    weights: dict[str, Any] = {"kernel": kernel if implementation == 1 else (derived("kernel", name),)}
    return {**weights, "bias": (*lengths, count)} if has_bias(use_bias) else weights


def _refused(shape: Shape, channels: Any, sizes: Any, spatial: int) -> bool:
    """Whether some length is open: each of the two layers says it in words of its own."""
    shown = python_shape(shape)
    if spatial == 2 and any(map(is_dynamic, sizes)):
        text = "The spatial dimensions of the inputs to  a LocallyConnected2D layer should be fully-defined, but layer "
        refused("ValueError", f"{text}received the inputs shape {shown}", "inputs")
    elif spatial == 1 and is_dynamic(channels):
        text = "Axis 2 of input should be fully-defined. Found shape:"
        refused("ValueError", str((text, shown)), "inputs")
    elif spatial == 1 and any(map(is_dynamic, sizes)):
        refused("TypeError", "'<=' not supported between instances of 'NoneType' and 'int'", "inputs")
    elif is_dynamic(channels):
        refused("TypeError", "unsupported operand type(s) for *: 'int' and 'NoneType'", "inputs")
    else:
        return False
    return True


@layer("keras.layers.ThresholdedReLU", machine=MACHINE, takes="floats", **CONTEXT)
def thresholded_relu(inputs: Any) -> Any:
    """A function of each entry."""
    return shape_of(inputs) or NO_RANK


@phase(thresholded_relu, "constructor")
def thresholded_relu_constructor(*, theta: Any = 1.0) -> None:
    """A number of at least 0."""
    if theta is None:
        text = "Theta of a Thresholded ReLU layer cannot be None, expecting a float. Received: None"
        refused("ValueError", text, "theta")
    elif not undecided(theta) and isinstance(theta, (int, float)) and theta < 0:
        text = f"The theta value of a Thresholded ReLU layer should be >=0. Received: {theta}"
        refused("ValueError", text, "theta")


@layer("keras.layers.RandomHeight", machine=MACHINE, axis=-3, **CONTEXT)
@layer("keras.layers.RandomWidth", machine=MACHINE, axis=-2, **CONTEXT)
def stretched(inputs: Any, training: Any = True, *, axis: int, name: str, eager: bool) -> Any:
    """Pictures of another height or width, which is drawn: in a graph it stays open."""
    shape = shape_of(inputs)
    if shape is None or len(shape) not in (3, 4) or not isinstance(training, bool):
        return NO_RANK
    drawn = derived("stretched", name, shape[axis], dynamic=not eager)
    return shape if not training else Shape(drawn if n == len(shape) + axis else dim for n, dim in enumerate(shape))


@phase(stretched, "constructor")
def stretched_constructor(*, factor: Any, interpolation: Any = "bilinear", seed: Any = None, cls: str) -> None:
    """A factor, or two of which the first is the smaller one, larger than -1."""
    pair = (
        factor if isinstance(factor, (tuple, list)) else (-factor, factor) if isinstance(factor, (int, float)) else ()
    )
    if len(pair) < 2 or not all(isinstance(bound, (int, float)) for bound in pair[:2]):
        return
    lower, upper = pair[:2]
    less = "lesser" if cls == "RandomHeight" else "less"
    if upper < lower:
        text = f"`factor` argument cannot have an upper bound {less} than the lower bound. Received: factor={factor}"
        refused("ValueError", text, "factor")
    elif lower < -1.0 or upper < -1.0:
        refused("ValueError", f"`factor` argument must have values larger than -1. Received: factor={factor}", "factor")
