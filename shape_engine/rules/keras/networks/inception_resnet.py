"""InceptionResNetV2 (keras/src/applications/inception_resnet_v2.py).

A branch is written as its convolutions in a row: how many filters and the kernel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....rule import Call, function, layer
from ....value import Unknown, Value
from ..common import NO_RANK
from ..machine import CONTEXT, MACHINE
from .network import Network, classified, made, spelled

REFUSED = 'If using `weights="imagenet"` with `include_top=True`, `classes` should be 1000. Received classes={classes}'
SCALE = "keras.src.applications.inception_resnet_v2.CustomScaleLayer"
Step = tuple[int, Any]


@function("keras.applications.InceptionResNetV2")
def inception_resnet_v2(
    call: Call, include_top: Any = True, weights: Any = "imagenet", input_tensor: Any = None, input_shape: Any = None,
    pooling: Any = None, classes: Any = 1000, classifier_activation: Any = "softmax", name: Any = "inception_resnet_v2",
) -> Value:  # fmt: skip
    """Forty blocks whose branches are added to what went in."""
    given = dict(locals())
    return made(call, given, _body, classified(given), size=299, least=75, refused=REFUSED)


spelled("inception_resnet_v2", "InceptionResNetV2")

BLOCKS: dict[str, list[list[Step]]] = {
    "block35": [[(32, 1)], [(32, 1), (32, 3)], [(32, 1), (48, 3), (64, 3)]],
    "block17": [[(192, 1)], [(128, 1), (160, (1, 7)), (192, (7, 1))]],
    "block8": [[(192, 1)], [(192, 1), (224, (1, 3)), (256, (3, 1))]],
}


def _body(net: Network, x: Value) -> Value:
    x = _conv(net, x, 32, 3, strides=2, padding="valid")
    x = _conv(net, x, 32, 3, padding="valid")
    x = _conv(net, x, 64, 3)
    x = net("MaxPooling2D", x, 3, strides=2)
    x = _conv(net, x, 80, 1, padding="valid")
    x = _conv(net, x, 192, 3, padding="valid")
    x = net("MaxPooling2D", x, 3, strides=2)
    ends = [_row(net, x, branch) for branch in ([(96, 1)], [(48, 1), (64, 5)], [(64, 1), (96, 3), (96, 3)])]
    ends.append(_conv(net, net("AveragePooling2D", x, 3, strides=1, padding="same"), 64, 1))
    x = net.joined("Concatenate", ends, axis=net.axis, name="mixed_5b")
    for number in range(1, 11):
        x = _block(net, x, "block35", number)
    x = _narrowing(net, x, [[(384, 3)], [(256, 1), (256, 3), (384, 3)]], "mixed_6a")
    for number in range(1, 21):
        x = _block(net, x, "block17", number)
    x = _narrowing(net, x, [[(256, 1), (384, 3)], [(256, 1), (288, 3)], [(256, 1), (288, 3), (320, 3)]], "mixed_7a")
    for number in range(1, 11):
        x = _block(net, x, "block8", number)
    return _conv(net, x, 1536, 1, name="conv_7b")


def _block(net: Network, x: Value, kind: str, number: int) -> Value:
    last, name = kind == "block8" and number == 10, f"{kind}_{number}"
    mixed = net.joined(
        "Concatenate", [_row(net, x, branch) for branch in BLOCKS[kind]], axis=net.axis, name=f"{name}_mixed"
    )
    channels = net.channels(x)
    if not isinstance(channels, int):
        return Unknown("the channels of a network")
    up = net.convolved(mixed, channels, 1, f"{name}_conv", padding="same", use_bias=True)
    scale = 1.0 if last else {"block35": 0.17, "block17": 0.1, "block8": 0.2}[kind]
    x = net.joined(SCALE, [x, up], scale=scale)
    return x if last else net("Activation", x, "relu", name=f"{name}_ac")


def _narrowing(net: Network, x: Value, branches: Sequence[Sequence[Step]], name: str) -> Value:
    """A block whose branches end with a stride."""
    ends = [_conv(net, _row(net, x, branch[:-1]), *branch[-1], strides=2, padding="valid") for branch in branches]
    ends.append(net("MaxPooling2D", x, 3, strides=2, padding="valid"))
    return net.joined("Concatenate", ends, axis=net.axis, name=name)


def _row(net: Network, x: Value, steps: Sequence[Step]) -> Value:
    for filters, kernel in steps:
        x = _conv(net, x, filters, kernel)
    return x


def _conv(
    net: Network, x: Value, filters: int, kernel: Any, padding: str = "same", name: str | None = None, **settings: Any
) -> Value:
    x = net.convolved(x, filters, kernel, name, padding=padding, **settings)
    x = net.normalised(x, name and f"{name}_bn", scale=False)
    return net("Activation", x, "relu", name=name and f"{name}_ac")


@layer("keras.src.applications.inception_resnet_v2.CustomScaleLayer", machine=MACHINE, neutral=("scale",), **CONTEXT)
def scaled_sum(inputs: Any) -> Any:
    """The first input, and a multiple of the second one."""
    shapes = [x.shape for x in inputs] if isinstance(inputs, (list, tuple)) and len(inputs) == 2 else []
    return shapes[0] if shapes and shapes[0] == shapes[1] else NO_RANK
