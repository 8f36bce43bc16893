"""EfficientNet B0 to B7 (keras/src/applications/efficientnet.py)."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ....rule import Call, function
from ....value import Value
from ..applications import correct_pad
from .network import Network, classified, divisible, made, spelled

REFUSED = 'If using `weights="imagenet"` with `include_top` as true, `classes` should be 1000'
RATIO = 0.25  # of what a block squeezes to what goes in
DEVIATIONS = (0.229, 0.224, 0.225)


class Stage(NamedTuple):
    """Blocks in a row that are alike."""

    kernel: int
    repeats: int
    before: int
    filters: int
    expansion: int
    stride: int


class Scale(NamedTuple):
    """What tells the variants apart."""

    width: float
    depth: float
    size: int
    dropout: float


STAGES = (
    Stage(3, 1, 32, 16, 1, 1), Stage(3, 2, 16, 24, 6, 2), Stage(5, 2, 24, 40, 6, 2), Stage(3, 3, 40, 80, 6, 2),
    Stage(5, 3, 80, 112, 6, 1), Stage(5, 4, 112, 192, 6, 2), Stage(3, 1, 192, 320, 6, 1),
)  # fmt: skip
SCALES = (
    Scale(1.0, 1.0, 224, 0.2), Scale(1.0, 1.1, 240, 0.2), Scale(1.1, 1.2, 260, 0.3), Scale(1.2, 1.4, 300, 0.3),
    Scale(1.4, 1.8, 380, 0.4), Scale(1.6, 2.2, 456, 0.4), Scale(1.8, 2.6, 528, 0.5), Scale(2.0, 3.1, 600, 0.5),
)  # fmt: skip


def _registered(title: str, scale: Scale) -> None:
    label = title.lower()

    @function(f"keras.applications.{title}")
    def efficientnet(
        call: Call, include_top: Any = True, weights: Any = "imagenet", input_tensor: Any = None,
        input_shape: Any = None, pooling: Any = None, classes: Any = 1000, classifier_activation: Any = "softmax",
        name: Any = label,
    ) -> Value:  # fmt: skip
        given = dict(locals())

        def body(net: Network, x: Value) -> Value:
            return _body(net, x, scale, weights)

        top = classified(given, dropout=scale.dropout)
        return made(call, given, body, top, size=scale.size, pools=("avg_pool", "max_pool"), refused=REFUSED)

    spelled("efficientnet", title)


for _number, _scale in enumerate(SCALES):
    _registered(f"EfficientNetB{_number}", _scale)


def _body(net: Network, x: Value, scale: Scale, weights: Any) -> Value:
    x = net("Rescaling", x, 1.0 / 255.0)
    x = net("Normalization", x, axis=net.axis)
    if weights == "imagenet":
        x = net("Rescaling", x, net.call.new_list([1 / math.sqrt(deviation) for deviation in DEVIATIONS]))
    x = net("ZeroPadding2D", x, padding=correct_pad(net.call, x, 3), name="stem_conv_pad")
    x = net.convolved(x, divisible(32 * scale.width), 3, "stem_conv", strides=2, padding="valid")
    x = active(net, x, "stem_bn", "stem_activation")
    repeats = [math.ceil(scale.depth * stage.repeats) for stage in STAGES]
    done = 0
    for number, (stage, count) in enumerate(zip(STAGES, repeats, strict=True), 1):
        before, filters = divisible(stage.before * scale.width), divisible(stage.filters * scale.width)
        for block in range(count):
            first = block == 0
            here = stage._replace(
                before=before if first else filters, filters=filters, stride=stage.stride if first else 1
            )
            x = _block(net, x, here, done > 0, f"block{number}{chr(ord('a') + block)}_")
            done += 1
    x = net.convolved(x, divisible(1280 * scale.width), 1, "top_conv", padding="same")
    return active(net, x, "top_bn", "top_activation")


def _block(net: Network, inputs: Value, stage: Stage, drops: bool, name: str) -> Value:
    x, wide = inputs, stage.before * stage.expansion
    if stage.expansion != 1:
        x = net.convolved(x, wide, 1, f"{name}expand_conv", padding="same")
        x = active(net, x, f"{name}expand_bn", f"{name}expand_activation")
    if stage.stride == 2:
        x = net("ZeroPadding2D", x, padding=correct_pad(net.call, x, stage.kernel), name=f"{name}dwconv_pad")
    padding = "valid" if stage.stride == 2 else "same"
    x = net(
        "DepthwiseConv2D", x, stage.kernel, strides=stage.stride, padding=padding, use_bias=False, name=f"{name}dwconv"
    )
    x = active(net, x, f"{name}bn", f"{name}activation")
    x = squeezed(net, x, stage.before, wide, name)
    x = net.normalised(net.convolved(x, stage.filters, 1, f"{name}project_conv", padding="same"), f"{name}project_bn")
    if stage.stride == 1 and stage.before == stage.filters:
        if drops:
            x = net("Dropout", x, 0.2, noise_shape=(None, 1, 1, 1), name=f"{name}drop")
        x = net.joined("Add", [x, inputs], name=f"{name}add")
    return x


def squeezed(net: Network, x: Value, before: int, wide: int, name: str) -> Value:
    """Channels weighed by what they hold on the whole; ``before`` is how many the block got, ``wide`` how many ``x`` has."""
    less = max(1, int(before * RATIO))
    whole = net("GlobalAveragePooling2D", x, name=f"{name}se_squeeze")
    whole = net("Reshape", whole, (wide, 1, 1) if net.first else (1, 1, wide), name=f"{name}se_reshape")
    whole = net.convolved(whole, less, 1, f"{name}se_reduce", padding="same", activation="swish", use_bias=True)
    whole = net.convolved(whole, wide, 1, f"{name}se_expand", padding="same", activation="sigmoid", use_bias=True)
    return net.joined("Multiply", [x, whole], name=f"{name}se_excite")


def active(net: Network, x: Value, normalised: str, activation: str) -> Value:
    """A tensor that is normalised and activated, by layers of these names."""
    return net("Activation", net.normalised(x, normalised), "swish", name=activation)
