"""``keras.applications`` as known models: each layer's name, output shape and weights, against the real ones."""

from __future__ import annotations

from typing import Any

import pytest
from judges import at, plain
from test_applications import layers_behind

from shape_engine import Engine

URI = "file:///networks.py"
SMALL = "weights=None, include_top=False, input_shape=(96, 128, 3)"
NETWORKS = [
    ("VGG16", "weights=None, classes=7"),
    ("VGG19", f"{SMALL}, pooling='max'"),
    ("ResNet50", "weights=None"),
    ("ResNet50", f"{SMALL}, pooling='avg', name='back'"),
    ("ResNet101", SMALL),
    ("ResNet50V2", SMALL),
    ("DenseNet121", f"{SMALL}, pooling='max'"),
    ("MobileNet", "weights=None, alpha=0.5, depth_multiplier=2"),
    ("MobileNetV2", SMALL),
    ("MobileNetV2", "weights=None, alpha=1.3, input_shape=(160, 160, 1), classes=3"),
    ("Xception", "weights=None, classifier_activation=None"),
    ("InceptionV3", "weights=None, include_top=False"),
    ("EfficientNetB0", "weights=None"),
    ("EfficientNetB3", SMALL),
    ("EfficientNetV2B0", "weights=None, input_shape=(96, 128, 3), classes=5"),
    ("EfficientNetV2S", "weights=None, include_top=False, pooling='avg'"),
    ("MobileNetV3Small", "weights=None, classes=7"),
    ("MobileNetV3Large", "weights=None, include_top=False, input_shape=(160, 160, 3), pooling='max', alpha=1.5"),
    ("MobileNetV3Small", "weights=None, minimalistic=True, input_shape=(64, 96, 1), include_preprocessing=False"),
    ("InceptionResNetV2", "weights=None"),
    ("ConvNeXtTiny", "weights=None"),
    ("ConvNeXtTiny", f"{SMALL}, pooling='max', name='next'"),
    ("NASNetMobile", "weights=None"),
    ("NASNetMobile", "weights=None, include_top=False, input_shape=(96, 64, 3), pooling='avg'"),
]
DEEP = [
    ("ResNet152", SMALL),
    ("ResNet152V2", SMALL),
    ("DenseNet201", SMALL),
    ("EfficientNetB7", SMALL),
    ("EfficientNetV2L", SMALL),
    ("NASNetLarge", SMALL),
    ("ConvNeXtBase", SMALL),
]


@pytest.mark.parametrize(
    ("network", "arguments"), [*NETWORKS, *(pytest.param(*deep, marks=pytest.mark.slow) for deep in DEEP)]
)
def test_every_layer(network: str, arguments: str, judge: Any) -> None:
    build = f"import keras\nmodel = keras.applications.{network}({arguments})\n"
    layers = judge("keras").value(build + "[(x.name, x.output.shape, x.count_params()) for x in model.layers]")
    snapshot = Engine().update(URI, 1, f"{build}out = model.output\n")
    assert not snapshot.findings
    assert not snapshot.errors
    (out,) = (seen.tensor for seen in snapshot.observations if seen.target and seen.text == "out")
    assert out is not None
    assert at(plain(out), {}) == layers[-1][1]
    believed = {snapshot.plain(name): shape for name, shape in layers_behind(out)}
    params = params_behind(snapshot, out)
    real = {name: shape for name, shape, _ in layers[1:]}
    assert {name: shape for name, shape in believed.items() if name in real} == real
    assert len(believed) == len(layers)
    assert {name: params[name] for name in real} == {name: count for name, _, count in layers[1:]}


def params_behind(snapshot: Any, tensor: Any) -> dict[str, int]:
    """How many numbers the weights of each layer hold that the tensor has gone through."""
    found: dict[str, int] = {}
    seen, pending = set(), [tensor]
    while pending:
        made = pending.pop().made
        if made is None or id(made) in seen:
            continue
        seen.add(id(made))
        if made.facts and "name" in made.facts:
            found[snapshot.plain(made.facts["name"])] = made.facts["params"]
        pending.extend(made.inputs)
    return found
