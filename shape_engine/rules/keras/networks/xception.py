"""Xception (keras/src/applications/xception.py)."""

from __future__ import annotations

from typing import Any

from ....rule import Call, function
from ....value import Value
from .network import Network, classified, made, spelled


@function("keras.applications.Xception")
def xception(
    call: Call, include_top: Any = True, weights: Any = "imagenet", input_tensor: Any = None, input_shape: Any = None,
    pooling: Any = None, classes: Any = 1000, classifier_activation: Any = "softmax", name: Any = "xception",
) -> Value:  # fmt: skip
    """Fourteen blocks of separable convolutions, twelve of them with a way around."""
    given = dict(locals())
    return made(call, given, _body, classified(given), size=299, least=71)


spelled("xception", "Xception")


def _body(net: Network, x: Value) -> Value:
    for conv, (filters, strides) in enumerate(((32, (2, 2)), (64, (1, 1))), 1):
        x = net.convolved(x, filters, (3, 3), f"block1_conv{conv}", strides=strides)
        x = net("Activation", net.normalised(x, f"block1_conv{conv}_bn"), "relu", name=f"block1_conv{conv}_act")
    for block, filters in ((2, 128), (3, 256), (4, 728)):
        x = _narrowing(net, x, block, filters, filters)
    for block in range(5, 13):
        around = x
        for conv in (1, 2, 3):
            x = net("Activation", x, "relu", name=f"block{block}_sepconv{conv}_act")
            x = _separable(net, x, 728, f"block{block}_sepconv{conv}")
        x = net.joined("Add", [x, around])
    x = _narrowing(net, x, 13, 728, 1024)
    for conv, filters in ((1, 1536), (2, 2048)):
        x = _separable(net, x, filters, f"block14_sepconv{conv}")
        x = net("Activation", x, "relu", name=f"block14_sepconv{conv}_act")
    return x


def _narrowing(net: Network, x: Value, block: int, first: int, second: int) -> Value:
    around = net.convolved(x, second, (1, 1), strides=(2, 2), padding="same")
    around = net.normalised(around)
    if block > 2:
        x = net("Activation", x, "relu", name=f"block{block}_sepconv1_act")
    x = _separable(net, x, first, f"block{block}_sepconv1")
    x = net("Activation", x, "relu", name=f"block{block}_sepconv2_act")
    x = _separable(net, x, second, f"block{block}_sepconv2")
    x = net("MaxPooling2D", x, (3, 3), strides=(2, 2), padding="same", name=f"block{block}_pool")
    return net.joined("Add", [x, around])


def _separable(net: Network, x: Value, filters: int, name: str) -> Value:
    x = net("SeparableConv2D", x, filters, (3, 3), padding="same", use_bias=False, name=name)
    return net.normalised(x, f"{name}_bn")
