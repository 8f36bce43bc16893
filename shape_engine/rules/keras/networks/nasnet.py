"""NASNet, mobile and large (keras/src/applications/nasnet.py).

A cell takes what the last two cells gave; the older of the two is brought to the newer one's size first.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ....evidence import report
from ....problems import PythonError
from ....rule import Call, function
from ....shape import Shape
from ....value import Tensor, Value
from ..applications import CHANNELS_FIRST, correct_pad
from ..state import GLOBAL
from .convnext import FIRST
from .network import Network, classified, made, spelled

REFUSED = 'If using `weights` as `"imagenet"` with `include_top` as true, `classes` should be 1000'
OPEN = (
    "When specifying the input shape of a NASNet and loading `ImageNet` weights, the input_shape argument must be "
    "static (no None entries). Got: `input_shape={shape}`."
)


class Widths(NamedTuple):
    """What tells the variants apart: filters of a cell and of the stem, cells in a row, whether reductions are skipped."""

    filters: int
    stem: int
    cells: int
    skips: bool
    size: int


def _registered(title: str, label: str, widths: Widths) -> None:
    @function(f"keras.applications.{title}")
    def nasnet(
        call: Call, input_shape: Any = None, include_top: Any = True, weights: Any = "imagenet",
        input_tensor: Any = None, pooling: Any = None, classes: Any = 1000, classifier_activation: Any = "softmax",
        name: Any = label,
    ) -> Value:  # fmt: skip
        given = dict(locals())
        size = widths.size
        if call.truth(include_top) is False and input_shape is None:
            given["input_shape"] = (size, size, 3)
        if call.get(GLOBAL, ".data_format") == CHANNELS_FIRST:
            report(PythonError("ValueError", FIRST.format(title="NASNet")))
        elif isinstance(input_shape, tuple) and None in input_shape and weights == "imagenet":
            report(PythonError("ValueError", OPEN.format(shape=input_shape)), blame=("input_shape",))

        def body(net: Network, x: Value) -> Value:
            return _body(net, x, widths)

        return made(call, given, body, classified(given, None), size=size, refused=REFUSED)

    spelled("nasnet", title)


_registered("NASNetMobile", "nasnet_mobile", Widths(1056 // 24, 32, 4, False, 224))
_registered("NASNetLarge", "nasnet_large", Widths(4032 // 24, 96, 6, True, 331))


def _body(net: Network, x: Value, widths: Widths) -> Value:
    filters, cells = widths.filters, widths.cells
    x = net.normalised(net.convolved(x, widths.stem, 3, "stem_conv1", strides=(2, 2), padding="valid"), "stem_bn1")
    x, p = _reduction(net, x, None, filters // 4, "stem_1")
    x, p = _reduction(net, x, p, filters // 2, "stem_2")
    for stage in range(3):
        if stage:
            x, older = _reduction(net, x, p, filters * 2**stage, f"reduce_{stage * cells}")
            p = p if widths.skips else older
        for cell in range(cells):
            x, p = _normal(net, x, p, filters * 2**stage, str(stage * cells + cell + (stage > 0)))
    return net("Activation", x, "relu")


def _normal(net: Network, ip: Value, p: Value, filters: int, name: str) -> tuple[Value, Value]:
    p = _adjusted(net, p, ip, filters, name)
    h = net("Activation", ip, "relu")
    h = net.normalised(
        net.convolved(h, filters, (1, 1), f"normal_conv_1_{name}", padding="same"), f"normal_bn_1_{name}"
    )
    left = _separable(net, h, filters, 5, f"normal_left1_{name}")
    right = _separable(net, p, filters, 3, f"normal_right1_{name}")
    x1 = net.joined("Add", [left, right], name=f"normal_add_1_{name}")
    left = _separable(net, p, filters, 5, f"normal_left2_{name}")
    right = _separable(net, p, filters, 3, f"normal_right2_{name}")
    x2 = net.joined("Add", [left, right], name=f"normal_add_2_{name}")
    x3 = net.joined("Add", [_mean(net, h, 1, f"normal_left3_{name}"), p], name=f"normal_add_3_{name}")
    means = [_mean(net, p, 1, f"normal_{side}4_{name}") for side in ("left", "right")]
    x4 = net.joined("Add", means, name=f"normal_add_4_{name}")
    x5 = net.joined("Add", [_separable(net, h, filters, 3, f"normal_left5_{name}"), h], name=f"normal_add_5_{name}")
    return net.joined("Concatenate", [p, x1, x2, x3, x4, x5], axis=-1, name=f"normal_concat_{name}"), ip


def _reduction(net: Network, ip: Value, p: Value, filters: int, name: str) -> tuple[Value, Value]:
    p = _adjusted(net, p, ip, filters, name)
    h = net("Activation", ip, "relu")
    h = net.normalised(
        net.convolved(h, filters, (1, 1), f"reduction_conv_1_{name}", padding="same"), f"reduction_bn_1_{name}"
    )
    h3 = net("ZeroPadding2D", h, padding=correct_pad(net.call, h, 3), name=f"reduction_pad_1_{name}")
    left = _separable(net, h, filters, 5, f"reduction_left1_{name}", strides=2)
    right = _separable(net, p, filters, 7, f"reduction_right1_{name}", strides=2)
    x1 = net.joined("Add", [left, right], name=f"reduction_add_1_{name}")
    left = net("MaxPooling2D", h3, (3, 3), strides=(2, 2), padding="valid", name=f"reduction_left2_{name}")
    right = _separable(net, p, filters, 7, f"reduction_right2_{name}", strides=2)
    x2 = net.joined("Add", [left, right], name=f"reduction_add_2_{name}")
    left = _mean(net, h3, 2, f"reduction_left3_{name}", padding="valid")
    right = _separable(net, p, filters, 5, f"reduction_right3_{name}", strides=2)
    x3 = net.joined("Add", [left, right], name=f"reduction_add3_{name}")
    x4 = net.joined("Add", [x2, _mean(net, x1, 1, f"reduction_left4_{name}")])
    left = _separable(net, x1, filters, 3, f"reduction_left4_{name}")
    right = net("MaxPooling2D", h3, (3, 3), strides=(2, 2), padding="valid", name=f"reduction_right5_{name}")
    x5 = net.joined("Add", [left, right], name=f"reduction_add4_{name}")
    return net.joined("Concatenate", [x2, x3, x4, x5], axis=-1, name=f"reduction_concat_{name}"), ip


def _adjusted(net: Network, p: Value, ip: Value, filters: int, name: str) -> Value:
    """The older tensor, as wide as the newer one and with so many channels."""
    if p is None:
        return ip
    if _columns(p) != _columns(ip):
        p = net("Activation", p, "relu", name=f"adjust_relu_1_{name}")
        p1 = net("AveragePooling2D", p, (1, 1), strides=(2, 2), padding="valid", name=f"adjust_avg_pool_1_{name}")
        p1 = net.convolved(p1, filters // 2, (1, 1), f"adjust_conv_1_{name}", padding="same")
        p2 = net("ZeroPadding2D", p, padding=((0, 1), (0, 1)))
        p2 = net("Cropping2D", p2, cropping=((1, 0), (1, 0)))
        p2 = net("AveragePooling2D", p2, (1, 1), strides=(2, 2), padding="valid", name=f"adjust_avg_pool_2_{name}")
        p2 = net.convolved(p2, filters // 2, (1, 1), f"adjust_conv_2_{name}", padding="same")
        return net.normalised(net.joined("Concatenate", [p1, p2], axis=-1), f"adjust_bn_{name}")
    if net.channels(p) != filters:
        p = net("Activation", p, "relu")
        p = net.convolved(p, filters, (1, 1), f"adjust_conv_projection_{name}", padding="same")
        p = net.normalised(p, f"adjust_bn_{name}")
    return p


def _separable(net: Network, x: Value, filters: int, kernel: int, name: str, strides: int = 1) -> Value:
    """Two separable convolutions, of which the first may stride."""
    sides, padding = (kernel, kernel), "same"
    x = net("Activation", x, "relu")
    if strides == 2:
        x = net("ZeroPadding2D", x, padding=correct_pad(net.call, x, sides), name=f"separable_conv_1_pad_{name}")
        padding = "valid"
    for number, (stride, edge) in enumerate([(strides, padding), (1, "same")], 1):
        if number == 2:
            x = net("Activation", x, "relu")
        x = net(
            "SeparableConv2D", x, filters, sides, strides=(stride, stride), padding=edge, use_bias=False,
            name=f"separable_conv_{number}_{name}",
        )  # fmt: skip
        x = net.normalised(x, f"separable_conv_{number}_bn_{name}")
    return x


def _mean(net: Network, x: Value, stride: int, name: str, padding: str = "same") -> Value:
    return net("AveragePooling2D", x, (3, 3), strides=(stride, stride), padding=padding, name=name)


def _columns(x: Value) -> Any:
    return x.shape[-2] if isinstance(x, Tensor) and isinstance(x.shape, Shape) and len(x.shape) == 4 else None
