"""MobileNet and MobileNetV2 (keras/src/applications/mobilenet.py, mobilenet_v2.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....dim import is_dim, is_dynamic
from ....evidence import report
from ....problems import PythonError
from ....rule import Call, function
from ....shape import Shape
from ....value import Tensor, Unknown, Value
from ..applications import correct_pad
from .network import Network, classified, divisible, made, spelled

SIZES = (128, 160, 192, 224)
BLOCKS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *((512, 1),) * 5, (1024, 2), (1024, 1))
INVERTED = (
    (16, 1, 1), (24, 2, 6), (24, 1, 6), (32, 2, 6), (32, 1, 6), (32, 1, 6), *((64, 2, 6), *((64, 1, 6),) * 3),
    *((96, 1, 6),) * 3, (160, 2, 6), (160, 1, 6), (160, 1, 6), (320, 1, 6),
)  # fmt: skip
REFUSED_V2 = (
    'If using `weights="imagenet"` with `include_top` as true, `classes` should be 1000. Received `classes={classes}`'
)
ALPHAS = (
    "If imagenet weights are being loaded, alpha can be one of`0.25`, `0.50`, `0.75` or `1.0` only.  Received alpha={}"
)
ALPHAS_V2 = (
    "If imagenet weights are being loaded, alpha must be one of `0.35`, `0.50`, `0.75`, `1.0`, `1.3` or `1.4` only; "
    "Received `alpha={}`"
)


@function("keras.applications.MobileNet")
def mobilenet(
    call: Call, input_shape: Any = None, alpha: Any = 1.0, depth_multiplier: Any = 1, dropout: Any = 0.001,
    include_top: Any = True, weights: Any = "imagenet", input_tensor: Any = None, pooling: Any = None,
    classes: Any = 1000, classifier_activation: Any = "softmax", name: Any = None,
) -> Value:  # fmt: skip
    """Thirteen depthwise convolutions, each with a pointwise one behind it."""
    given = dict(locals())
    if not isinstance(alpha, (int, float)) or not isinstance(depth_multiplier, int):
        return Unknown("a network of unknown width")
    if weights == "imagenet" and depth_multiplier == 1 and alpha not in (0.25, 0.5, 0.75, 1.0):
        report(PythonError("ValueError", ALPHAS.format(alpha)), blame=("alpha",))
        return Unknown("there are no weights of this width")

    def body(net: Network, x: Value) -> Value:
        x = net.convolved(x, int(32 * alpha), (3, 3), "conv1", padding="same", strides=(2, 2))
        x = net("ReLU", net.normalised(x, "conv1_bn"), 6.0, name="conv1_relu")
        for block, (filters, stride) in enumerate(BLOCKS, 1):
            if stride == 2:
                x = net("ZeroPadding2D", x, ((0, 1), (0, 1)), name=f"conv_pad_{block}")
            x = net(
                "DepthwiseConv2D", x, (3, 3), padding="same" if stride == 1 else "valid", strides=(stride, stride),
                depth_multiplier=depth_multiplier, use_bias=False, name=f"conv_dw_{block}",
            )  # fmt: skip
            x = net("ReLU", net.normalised(x, f"conv_dw_{block}_bn"), 6.0, name=f"conv_dw_{block}_relu")
            x = net.convolved(x, int(filters * alpha), (1, 1), f"conv_pw_{block}", padding="same", strides=(1, 1))
            x = net("ReLU", net.normalised(x, f"conv_pw_{block}_bn"), 6.0, name=f"conv_pw_{block}_relu")
        return x

    def top(net: Network, x: Value) -> Value:
        x = net("GlobalAveragePooling2D", x, keepdims=True)
        x = net("Dropout", x, dropout, name="dropout")
        x = net.convolved(x, classes, (1, 1), "conv_preds", padding="same", use_bias=True)
        x = net("Reshape", x, (classes,), name="reshape_2")
        return net("Activation", x, activation=classifier_activation, name="predictions")

    given["name"] = _named("mobilenet", alpha, weights, SIZES) if name is None else name
    return made(call, given, body, top, size=_default(input_shape, SIZES))


@function("keras.applications.MobileNetV2")
def mobilenet_v2(
    call: Call, input_shape: Any = None, alpha: Any = 1.0, include_top: Any = True, weights: Any = "imagenet",
    input_tensor: Any = None, pooling: Any = None, classes: Any = 1000, classifier_activation: Any = "softmax",
    name: Any = None,
) -> Value:  # fmt: skip
    """Seventeen inverted residual blocks."""
    given = dict(locals())
    sizes = (96, *SIZES)
    if not isinstance(alpha, (int, float)) or (input_tensor is not None and input_shape is not None):
        return Unknown("a network of unknown width")
    if weights == "imagenet" and alpha not in (0.35, 0.5, 0.75, 1.0, 1.3, 1.4):
        report(PythonError("ValueError", ALPHAS_V2.format(alpha)), blame=("alpha",))
        return Unknown("there are no weights of this width")

    def body(net: Network, x: Value) -> Value:
        x = net.convolved(x, divisible(32 * alpha), 3, "Conv1", strides=(2, 2), padding="same")
        x = net("ReLU", net.normalised(x, "bn_Conv1"), 6.0, name="Conv1_relu")
        for block, (filters, stride, expansion) in enumerate(INVERTED):
            x = _inverted(net, x, divisible(int(filters * alpha)), stride, expansion, block)
        x = net.convolved(x, divisible(1280 * alpha) if alpha > 1.0 else 1280, 1, "Conv_1")
        return net("ReLU", net.normalised(x, "Conv_1_bn"), 6.0, name="out_relu")

    given["name"] = _named("mobilenetv2", alpha, weights, sizes) if name is None else name
    return made(call, given, body, classified(given, pool=None), size=_default(input_shape, sizes), refused=REFUSED_V2)


spelled("mobilenet", "MobileNet")
spelled("mobilenet_v2", "MobileNetV2")


def _inverted(net: Network, x: Value, filters: int, stride: int, expansion: int, block: int) -> Value:
    channels, before = net.channels(x), x
    if not isinstance(channels, int):
        return Unknown("the channels of a network")
    prefix = f"block_{block}_" if block else "expanded_conv_"
    if block:
        x = net.convolved(x, expansion * channels, 1, f"{prefix}expand", padding="same")
        x = net("ReLU", net.normalised(x, f"{prefix}expand_BN"), 6.0, name=f"{prefix}expand_relu")
    if stride == 2:
        x = net("ZeroPadding2D", x, padding=correct_pad(net.call, x, 3), name=f"{prefix}pad")
    x = net(
        "DepthwiseConv2D", x, 3, strides=stride, use_bias=False, padding="same" if stride == 1 else "valid",
        name=f"{prefix}depthwise",
    )  # fmt: skip
    x = net("ReLU", net.normalised(x, f"{prefix}depthwise_BN"), 6.0, name=f"{prefix}depthwise_relu")
    x = net.normalised(net.convolved(x, filters, 1, f"{prefix}project", padding="same"), f"{prefix}project_BN")
    if channels == filters and stride == 1:
        return net.joined("Add", [before, x], name=f"{prefix}add")
    return x


def _default(shape: Any, sizes: tuple[int, ...]) -> int:
    """The size of the input's default: that of the given shape, if there are weights for it."""
    given = shape if isinstance(shape, (list, tuple)) and len(shape) > 2 else (None, None)
    return given[0] if given[0] == given[1] and given[0] in sizes else 224


def _named(prefix: str, alpha: float, weights: Any, sizes: tuple[int, ...]) -> Callable[[Value], Value]:
    """The model's name, which tells its width and the height of its input."""

    def name(image: Value) -> Value:
        if not isinstance(image, Tensor) or not isinstance(image.shape, Shape) or len(image.shape) != 4:
            return Unknown("a name")
        rows, columns = image.shape[1:3]
        if weights == "imagenet" and (rows != columns or rows not in sizes):
            rows = 224
        if not is_dim(rows) or is_dynamic(rows):
            rows = "None"
        return f"{prefix}_{alpha:0.2f}_{rows}"

    return name
