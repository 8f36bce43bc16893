"""VGG16 and VGG19 (keras/src/applications/vgg16.py, vgg19.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....rule import Call, function
from ....value import Value
from .network import Network, made, spelled


@function("keras.applications.VGG16")
def vgg16(
    call: Call, include_top: Any = True, weights: Any = "imagenet", input_tensor: Any = None, input_shape: Any = None,
    pooling: Any = None, classes: Any = 1000, classifier_activation: Any = "softmax", name: Any = "vgg16",
) -> Value:  # fmt: skip
    """Five blocks of 2, 2, 3, 3, 3 convolutions."""
    return _vgg(dict(locals()), (2, 2, 3, 3, 3))


@function("keras.applications.VGG19")
def vgg19(
    call: Call, include_top: Any = True, weights: Any = "imagenet", input_tensor: Any = None, input_shape: Any = None,
    pooling: Any = None, classes: Any = 1000, classifier_activation: Any = "softmax", name: Any = "vgg19",
) -> Value:  # fmt: skip
    """Five blocks of 2, 2, 4, 4, 4 convolutions."""
    return _vgg(dict(locals()), (2, 2, 4, 4, 4))


spelled("vgg16", "VGG16")
spelled("vgg19", "VGG19")


def _vgg(given: dict[str, Any], blocks: Sequence[int]) -> Value:
    def body(net: Network, x: Value) -> Value:
        for block, (filters, count) in enumerate(zip((64, 128, 256, 512, 512), blocks, strict=True), 1):
            for conv in range(1, count + 1):
                x = net.convolved(
                    x, filters, (3, 3), f"block{block}_conv{conv}", activation="relu", padding="same", use_bias=True
                )
            x = net("MaxPooling2D", x, (2, 2), strides=(2, 2), name=f"block{block}_pool")
        return x

    def top(net: Network, x: Value) -> Value:
        x = net("Flatten", x, name="flatten")
        for name in ("fc1", "fc2"):
            x = net("Dense", x, 4096, activation="relu", name=name)
        return net("Dense", x, given["classes"], activation=given["classifier_activation"], name="predictions")

    return made(given["call"], given, body, top)
