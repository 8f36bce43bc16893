"""DenseNet (keras/src/applications/densenet.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....rule import Call, function
from ....value import Unknown, Value
from .network import Network, classified, made, spelled

BLOCKS = {"DenseNet121": (6, 12, 24, 16), "DenseNet169": (6, 12, 32, 32), "DenseNet201": (6, 12, 48, 32)}
GROWTH = 32
REFUSED = 'If using `weights` as `"imagenet"` with `include_top` as true, `classes` should be 1000'


def _registered(name: str, blocks: Sequence[int]) -> None:
    label = name.lower()

    @function(f"keras.applications.{name}")
    def densenet(
        call: Call, include_top: Any = True, weights: Any = "imagenet", input_tensor: Any = None,
        input_shape: Any = None, pooling: Any = None, classes: Any = 1000, classifier_activation: Any = "softmax",
        name: Any = label,
    ) -> Value:  # fmt: skip
        given = dict(locals())
        if Network(call, "keras").first:
            return Unknown("DenseNet refuses channels_first")

        def body(net: Network, x: Value) -> Value:
            return _body(net, x, blocks)

        return made(call, given, body, classified(given), pools=("avg_pool", "max_pool"), refused=REFUSED)

    spelled("densenet", name)


for _name, _blocks in BLOCKS.items():
    _registered(_name, _blocks)


def _body(net: Network, x: Value, blocks: Sequence[int]) -> Value:
    x = net("ZeroPadding2D", x, padding=((3, 3), (3, 3)))
    x = net.convolved(x, 64, 7, "conv1_conv", strides=2)
    x = _active(net, x, "conv1_")
    x = net("ZeroPadding2D", x, padding=((1, 1), (1, 1)))
    x = net("MaxPooling2D", x, 3, strides=2, name="pool1")
    for stage, count in enumerate(blocks, 2):
        for block in range(1, count + 1):
            name = f"conv{stage}_block{block}"
            new = net.convolved(_active(net, x, f"{name}_0_"), 4 * GROWTH, 1, f"{name}_1_conv")
            new = net.convolved(_active(net, new, f"{name}_1_"), GROWTH, 3, f"{name}_2_conv", padding="same")
            x = net.joined("Concatenate", [x, new], axis=net.axis, name=f"{name}_concat")
        if stage < 5:
            x = _active(net, x, f"pool{stage}_")
            channels = net.channels(x)
            if not isinstance(channels, int):
                return Unknown("the channels of a network")
            x = net.convolved(x, channels // 2, 1, f"pool{stage}_conv")
            x = net("AveragePooling2D", x, 2, strides=2, name=f"pool{stage}_pool")
    return _active(net, x, "")


def _active(net: Network, x: Value, prefix: str) -> Value:
    return net("Activation", net.normalised(x, f"{prefix}bn"), "relu", name=f"{prefix}relu")
