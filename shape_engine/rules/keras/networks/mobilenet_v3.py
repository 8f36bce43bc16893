"""MobileNetV3, small and large (keras/src/applications/mobilenet_v3.py)."""

from __future__ import annotations

from typing import Any, NamedTuple

from ....dim import is_dim, surely_less
from ....evidence import report
from ....problems import PythonError
from ....rule import Call, function
from ....value import Known, Unknown, Value
from ..applications import CHANNELS_FIRST, correct_pad
from ..state import GLOBAL
from .network import Network, divisible, made, spelled

REFUSED = (
    'If using `weights="imagenet"` with `include_top` as true, `classes` should be 1000.  Received classes={classes}'
)
WIDTHS = (
    "If imagenet weights are being loaded, alpha can be one of `0.75`, `1.0` for non minimalistic or `1.0` for "
    "minimalistic only."
)
LEAST = "Input size must be at least 32x32; Received `input_shape={shape}`"


class Block(NamedTuple):
    """An inverted block; ``wide`` kernels, squeezing and the hard swish are not for minimalistic networks."""

    expansion: float
    filters: int
    wide: bool
    stride: int
    squeezes: bool
    swish: bool


SMALL = (
    Block(1, 16, False, 2, True, False), Block(72.0 / 16, 24, False, 2, False, False),
    Block(88.0 / 24, 24, False, 1, False, False), Block(4, 40, True, 2, True, True), Block(6, 40, True, 1, True, True),
    Block(6, 40, True, 1, True, True), Block(3, 48, True, 1, True, True), Block(3, 48, True, 1, True, True),
    Block(6, 96, True, 2, True, True), Block(6, 96, True, 1, True, True), Block(6, 96, True, 1, True, True),
)  # fmt: skip
LARGE = (
    Block(1, 16, False, 1, False, False), Block(4, 24, False, 2, False, False), Block(3, 24, False, 1, False, False),
    Block(3, 40, True, 2, True, False), Block(3, 40, True, 1, True, False), Block(3, 40, True, 1, True, False),
    Block(6, 80, False, 2, False, True), Block(2.5, 80, False, 1, False, True), Block(2.3, 80, False, 1, False, True),
    Block(2.3, 80, False, 1, False, True), Block(6, 112, False, 1, True, True), Block(6, 112, False, 1, True, True),
    Block(6, 160, True, 2, True, True), Block(6, 160, True, 1, True, True), Block(6, 160, True, 1, True, True),
)  # fmt: skip


def _registered(title: str, blocks: tuple[Block, ...], last: int) -> None:
    @function(f"keras.applications.{title}")
    def mobilenet_v3(
        call: Call, input_shape: Any = None, alpha: Any = 1.0, minimalistic: Any = False, include_top: Any = True,
        weights: Any = "imagenet", input_tensor: Any = None, classes: Any = 1000, pooling: Any = None,
        dropout_rate: Any = 0.2, classifier_activation: Any = "softmax", include_preprocessing: Any = True,
        name: Any = title,
    ) -> Value:  # fmt: skip
        given = dict(locals())
        plain, prepares = call.truth(minimalistic), call.truth(include_preprocessing)
        if (
            not isinstance(alpha, (int, float))
            or not isinstance(dropout_rate, (int, float))
            or plain is None
            or prepares is None
        ):
            return Unknown("a network that is not followed")
        net = _Grown(plain, float(alpha))

        def body(network: Network, x: Value) -> Value:
            if prepares:
                x = network("Rescaling", x, scale=1.0 / 127.5, offset=-1.0)
            return net.body(network, x, blocks)

        def top(network: Network, x: Value) -> Value:
            x = network("GlobalAveragePooling2D", x, keepdims=True)
            points = divisible(last * alpha) if alpha > 1.0 else last
            x = net.active(
                network, network.convolved(x, points, 1, "conv_2", padding="same", use_bias=True), swish=True
            )
            if dropout_rate > 0:
                x = network("Dropout", x, dropout_rate)
            x = network.convolved(x, classes, 1, "logits", padding="same", use_bias=True)
            return network("Activation", network("Flatten", x), classifier_activation, name="predictions")

        def shaped() -> Value:
            return _input_shape(call, input_shape, input_tensor, weights, alpha, plain)

        return made(call, given, body, top, pools=("avg_pool", "max_pool"), refused=REFUSED, shaped=shaped)

    spelled("mobilenet_v3", title)


_registered("MobileNetV3Small", SMALL, 1024)
_registered("MobileNetV3Large", LARGE, 1280)


def _input_shape(call: Call, shape: Any, tensor: Any, weights: Any, alpha: float, plain: bool) -> Value:
    """The shape of one image; these networks have no size of their own."""
    first = call.get(GLOBAL, ".data_format") == CHANNELS_FIRST
    if shape is None:
        shape = (3, None, None) if first else (None, None, 3)
    elif tensor is not None or not isinstance(shape, (list, tuple)) or len(shape) != 3:
        return Unknown("the input's shape")
    sizes = [size for size in (shape[1:] if first else shape[:2]) if size is not None]
    if len(sizes) == 2 and any(is_dim(size) and surely_less(size, 32) for size in sizes):
        report(PythonError("ValueError", LEAST.format(shape=shape)), blame=("input_shape",))
    elif weights == "imagenet" and alpha not in ([1.0] if plain else [0.75, 1.0]):
        report(PythonError("ValueError", WIDTHS), blame=("alpha",))
    return tuple(shape)


class _Grown:
    """What all blocks of one network share."""

    def __init__(self, plain: bool, alpha: float):
        self.plain, self.alpha = plain, alpha

    def body(self, net: Network, x: Value, blocks: tuple[Block, ...]) -> Value:
        x = net.convolved(x, 16, 3, "conv", strides=(2, 2), padding="same")
        x = self.active(net, net.normalised(x, "conv_bn"), swish=True)
        for number, block in enumerate(blocks):
            x = self.block(net, x, block, number)
        channels = net.channels(x)
        if not isinstance(channels, int):
            return Unknown("the channels of a network")
        x = net.convolved(x, divisible(channels * 6), 1, "conv_1", padding="same")
        return self.active(net, net.normalised(x, "conv_1_bn"), swish=True)

    def active(self, net: Network, x: Value, swish: bool) -> Value:
        return net("Activation", x, "hard_swish") if swish and not self.plain else net("ReLU", x)

    def block(self, net: Network, x: Value, block: Block, number: int) -> Value:
        before, channels = x, net.channels(x)
        if not isinstance(channels, int):
            return Unknown("the channels of a network")
        filters = divisible(block.filters * self.alpha)
        kernel = 5 if block.wide and not self.plain else 3
        expanded = divisible(channels * block.expansion)
        prefix = f"expanded_conv_{number}_" if number else "expanded_conv_"
        if number:
            x = net.convolved(x, expanded, 1, f"{prefix}expand", padding="same")
            x = self.active(net, net.normalised(x, f"{prefix}expand_bn"), block.swish)
        if block.stride == 2:
            x = net("ZeroPadding2D", x, padding=correct_pad(net.call, x, kernel), name=f"{prefix}depthwise_pad")
        padding = "same" if block.stride == 1 else "valid"
        x = net(
            "DepthwiseConv2D", x, kernel, strides=block.stride, padding=padding, use_bias=False,
            name=f"{prefix}depthwise",
        )  # fmt: skip
        x = self.active(net, net.normalised(x, f"{prefix}depthwise_bn"), block.swish)
        if block.squeezes and not self.plain:
            x = _squeezed(net, x, expanded, prefix)
        x = net.convolved(x, filters, 1, f"{prefix}project", padding="same")
        x = net.normalised(x, f"{prefix}project_bn")
        return net.joined("Add", [before, x], name=f"{prefix}add") if block.stride == 1 and channels == filters else x


def _squeezed(net: Network, inputs: Value, filters: int, prefix: str) -> Value:
    """Channels weighed by what they hold on the whole."""
    prefix = f"{prefix}squeeze_excite_"
    x = net("GlobalAveragePooling2D", inputs, keepdims=True, name=f"{prefix}avg_pool")
    x = net.convolved(x, divisible(filters * 0.25), 1, f"{prefix}conv", padding="same", use_bias=True)
    x = net("ReLU", x, name=f"{prefix}relu")
    x = net.convolved(x, filters, 1, f"{prefix}conv_1", padding="same", use_bias=True)
    x = net("ReLU", net.plus(x, 3.0), 6.0)
    x = net.call.invoke(Known("keras.ops.multiply", net.flavour), [x, 1.0 / 6.0])
    return net.joined("Multiply", [inputs, x], name=f"{prefix}mul")
