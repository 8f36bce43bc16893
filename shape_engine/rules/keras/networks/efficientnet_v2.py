"""EfficientNetV2 (keras/src/applications/efficientnet_v2.py)."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ....rule import Call, function
from ....value import Value
from .efficientnet import active, squeezed
from .network import Network, classified, made, spelled

REFUSED = 'If using `weights="imagenet"` with `include_top` as true, `classes` should be 1000'
KERNEL = 3


class Stage(NamedTuple):
    """Blocks in a row that are alike; ``fused`` ones expand with their kernel, and do not squeeze."""

    repeats: int
    before: int
    filters: int
    expansion: int
    stride: int
    fused: bool


class Scale(NamedTuple):
    """What tells the variants apart."""

    width: float
    depth: float
    size: int
    stages: tuple[Stage, ...]


BASE = (
    Stage(1, 32, 16, 1, 1, True), Stage(2, 16, 32, 4, 2, True), Stage(2, 32, 48, 4, 2, True),
    Stage(3, 48, 96, 4, 2, False), Stage(5, 96, 112, 6, 1, False), Stage(8, 112, 192, 6, 2, False),
)  # fmt: skip
SMALL = (
    Stage(2, 24, 24, 1, 1, True), Stage(4, 24, 48, 4, 2, True), Stage(4, 48, 64, 4, 2, True),
    Stage(6, 64, 128, 4, 2, False), Stage(9, 128, 160, 6, 1, False), Stage(15, 160, 256, 6, 2, False),
)  # fmt: skip
MEDIUM = (
    Stage(3, 24, 24, 1, 1, True), Stage(5, 24, 48, 4, 2, True), Stage(5, 48, 80, 4, 2, True),
    Stage(7, 80, 160, 4, 2, False), Stage(14, 160, 176, 6, 1, False), Stage(18, 176, 304, 6, 2, False),
    Stage(5, 304, 512, 6, 1, False),
)  # fmt: skip
LARGE = (
    Stage(4, 32, 32, 1, 1, True), Stage(7, 32, 64, 4, 2, True), Stage(7, 64, 96, 4, 2, True),
    Stage(10, 96, 192, 4, 2, False), Stage(19, 192, 224, 6, 1, False), Stage(25, 224, 384, 6, 2, False),
    Stage(7, 384, 640, 6, 1, False),
)  # fmt: skip
SCALES = {
    "B0": Scale(1.0, 1.0, 224, BASE), "B1": Scale(1.0, 1.1, 240, BASE), "B2": Scale(1.1, 1.2, 260, BASE),
    "B3": Scale(1.2, 1.4, 300, BASE), "S": Scale(1.0, 1.0, 384, SMALL), "M": Scale(1.0, 1.0, 480, MEDIUM),
    "L": Scale(1.0, 1.0, 480, LARGE),
}  # fmt: skip


def _registered(variant: str, scale: Scale) -> None:
    title, label = f"EfficientNetV2{variant}", f"efficientnetv2-{variant.lower()}"

    @function(f"keras.applications.{title}")
    def efficientnet_v2(
        call: Call, include_top: Any = True, weights: Any = "imagenet", input_tensor: Any = None,
        input_shape: Any = None, pooling: Any = None, classes: Any = 1000, classifier_activation: Any = "softmax",
        include_preprocessing: Any = True, name: Any = label,
    ) -> Value:  # fmt: skip
        given = dict(locals())

        def body(net: Network, x: Value) -> Value:
            if call.truth(include_preprocessing):
                x = _prepared(net, x, isinstance(name, str) and name.split("-")[-1].startswith("b"))
            return _body(net, x, scale)

        top = classified(given, dropout=0.2)
        return made(call, given, body, top, size=scale.size, pools=("avg_pool", "max_pool"), refused=REFUSED)

    spelled("efficientnet_v2", title)


for _variant, _scale in SCALES.items():
    _registered(_variant, _scale)


def _prepared(net: Network, x: Value, base: bool) -> Value:
    """Numbers of pixels as the network wants them: the base variants have ImageNet's mean and variance."""
    if not base or net.channels(x) != 3:
        return net("Rescaling", x, scale=1.0 / 128.0, offset=-1)
    x = net("Rescaling", x, scale=1.0 / 255)
    mean, variance = [0.485, 0.456, 0.406], [0.229**2, 0.224**2, 0.225**2]
    return net("Normalization", x, mean=net.call.new_list(mean), variance=net.call.new_list(variance), axis=net.axis)


def _body(net: Network, x: Value, scale: Scale) -> Value:
    def rounded(filters: int) -> int:
        return max(8, int(filters * scale.width + 4) // 8 * 8)

    x = net.convolved(x, rounded(scale.stages[0].before), 3, "stem_conv", strides=2, padding="same")
    x = active(net, x, "stem_bn", "stem_activation")
    done = 0
    for number, stage in enumerate(scale.stages, 1):
        before, filters = rounded(stage.before), rounded(stage.filters)
        for block in range(math.ceil(scale.depth * stage.repeats)):
            here = stage._replace(before=filters if block else before, filters=filters)
            here = here._replace(stride=1) if block else here
            x = _block(net, x, here, done > 0, f"block{number}{chr(ord('a') + block)}_")
            done += 1
    x = net.convolved(x, rounded(1280), 1, "top_conv", padding="same")
    return active(net, x, "top_bn", "top_activation")


def _block(net: Network, inputs: Value, stage: Stage, drops: bool, name: str) -> Value:
    x = inputs
    expands = stage.expansion != 1
    if expands:
        kernel, stride = (KERNEL, stage.stride) if stage.fused else (1, 1)
        x = net.convolved(
            x, stage.before * stage.expansion, kernel, f"{name}expand_conv", strides=stride, padding="same"
        )
        x = active(net, x, f"{name}expand_bn", f"{name}expand_activation")
    if not stage.fused:
        x = net(
            "DepthwiseConv2D", x, KERNEL, strides=stage.stride, padding="same", use_bias=False, name=f"{name}dwconv2"
        )
        x = active(net, x, f"{name}bn", f"{name}activation")
        x = squeezed(net, x, stage.before, stage.before * stage.expansion, name)
    kernel, stride = (KERNEL, stage.stride) if stage.fused and not expands else (1, 1)
    x = net.convolved(x, stage.filters, kernel, f"{name}project_conv", strides=stride, padding="same")
    x = net.normalised(x, f"{name}project_bn")
    if stage.fused and not expands:
        x = net("Activation", x, "swish", name=f"{name}project_activation")
    if stage.stride == 1 and stage.before == stage.filters:
        if drops:
            x = net("Dropout", x, 0.2, noise_shape=(None, 1, 1, 1), name=f"{name}drop")
        x = net.joined("Add", [x, inputs], name=f"{name}add")
    return x
