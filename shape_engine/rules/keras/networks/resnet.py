"""ResNet and ResNetV2 (keras/src/applications/resnet.py, resnet_v2.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....rule import Call, alias, function
from ....value import Value
from .network import Network, classified, made, spelled

DEPTHS = {"ResNet50": (3, 4, 6, 3), "ResNet101": (3, 4, 23, 3), "ResNet152": (3, 8, 36, 3)}
WIDTHS = (64, 128, 256, 512)


def _registered(name: str, blocks: Sequence[int], second: bool) -> None:
    label = name.lower()

    @function(f"keras.applications.{name}")
    def resnet(
        call: Call, include_top: Any = True, weights: Any = "imagenet", input_tensor: Any = None,
        input_shape: Any = None, pooling: Any = None, classes: Any = 1000, classifier_activation: Any = "softmax",
        name: Any = label,
    ) -> Value:  # fmt: skip
        given = dict(locals())

        def body(net: Network, x: Value) -> Value:
            return _body(net, x, blocks, second)

        return made(call, given, body, classified(given), pools=("avg_pool", "max_pool"))

    spelled("resnet_v2" if second else "resnet", name)


for _name, _blocks in DEPTHS.items():
    _registered(_name, _blocks, False)
    _registered(f"{_name}V2", _blocks, True)
alias("keras.applications.ResNet50", "keras.applications.resnet50.ResNet50")


def _body(net: Network, x: Value, blocks: Sequence[int], second: bool) -> Value:
    x = net("ZeroPadding2D", x, padding=((3, 3), (3, 3)), name="conv1_pad")
    x = net.convolved(x, 64, 7, "conv1_conv", strides=2, use_bias=True)
    if not second:
        x = _active(net, x, "conv1_bn", "conv1_relu")
    x = net("ZeroPadding2D", x, padding=((1, 1), (1, 1)), name="pool1_pad")
    x = net("MaxPooling2D", x, 3, strides=2, name="pool1_pool")
    for stage, (filters, count) in enumerate(zip(WIDTHS, blocks, strict=True)):
        for block in range(1, count + 1):
            name = f"conv{stage + 2}_block{block}"
            if second:  # the last block of a stage strides, but for the last stage
                stride = 2 if block == count and stage < 3 else 1
                x = _second(net, x, filters, stride, block == 1, name)
            else:
                x = _first(net, x, filters, 2 if block == 1 and stage > 0 else 1, block == 1, name)
    return _active(net, x, "post_bn", "post_relu") if second else x


def _first(net: Network, x: Value, filters: int, stride: int, widens: bool, name: str) -> Value:
    shortcut = x
    if widens:
        shortcut = net.convolved(x, 4 * filters, 1, f"{name}_0_conv", strides=stride, use_bias=True)
        shortcut = net.normalised(shortcut, f"{name}_0_bn")
    x = net.convolved(x, filters, 1, f"{name}_1_conv", strides=stride, use_bias=True)
    x = _active(net, x, f"{name}_1_bn", f"{name}_1_relu")
    x = net.convolved(x, filters, 3, f"{name}_2_conv", padding="same", use_bias=True)
    x = _active(net, x, f"{name}_2_bn", f"{name}_2_relu")
    x = net.convolved(x, 4 * filters, 1, f"{name}_3_conv", use_bias=True)
    x = net.normalised(x, f"{name}_3_bn")
    x = net.joined("Add", [shortcut, x], name=f"{name}_add")
    return net("Activation", x, "relu", name=f"{name}_out")


def _second(net: Network, x: Value, filters: int, stride: int, widens: bool, name: str) -> Value:
    before = _active(net, x, f"{name}_preact_bn", f"{name}_preact_relu")
    shortcut = x
    if widens:
        shortcut = net.convolved(before, 4 * filters, 1, f"{name}_0_conv", strides=stride, use_bias=True)
    elif stride > 1:
        shortcut = net("MaxPooling2D", x, 1, strides=stride)
    x = net.convolved(before, filters, 1, f"{name}_1_conv", strides=1)
    x = _active(net, x, f"{name}_1_bn", f"{name}_1_relu")
    x = net("ZeroPadding2D", x, padding=((1, 1), (1, 1)), name=f"{name}_2_pad")
    x = net.convolved(x, filters, 3, f"{name}_2_conv", strides=stride)
    x = _active(net, x, f"{name}_2_bn", f"{name}_2_relu")
    x = net.convolved(x, 4 * filters, 1, f"{name}_3_conv", use_bias=True)
    return net.joined("Add", [shortcut, x], name=f"{name}_out")


def _active(net: Network, x: Value, normalised: str, active: str) -> Value:
    return net("Activation", net.normalised(x, normalised), "relu", name=active)
