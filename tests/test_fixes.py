"""Quick fixes of the convolution family: what is offered, and that it was tried."""

from __future__ import annotations

import pytest

from shape_engine import Engine
from shape_engine.fixes import apply

URI = "file:///fixes.py"
KERAS = "import keras\nimport tensorflow as tf\nfrom keras import layers\n"
TORCH = "import torch\nfrom torch import nn\n"

CASES = [
    (KERAS + "x = tf.zeros((28, 28, 3))\nlayers.Conv2D(8, 3)(x)\n", "layers.Conv2D(8, 3)(tf.expand_dims(x, axis=0))"),
    (KERAS + "x = tf.zeros((28, 28, 3))\nlayers.Conv2D(8, 3)(x)\n", "layers.Conv2D(8, 3)(x[None, ...])"),
    (KERAS + "layers.Conv2D(8, 3)(keras.Input((28, 28)))\n", "layers.Conv2D(8, 3)(keras.Input((28, 28, 1)))"),
    (KERAS + "layers.Conv2D(8, 9)(keras.Input((5, 28, 3)))\n", 'layers.Conv2D(8, 9, padding="same")(keras.Input((5, 28, 3)))'),
    (KERAS + "layers.Conv2D(8, 9)(keras.Input((5, 28, 3)))\n", "layers.Conv2D(8, (5, 9))(keras.Input((5, 28, 3)))"),
    (KERAS + "c = layers.Conv2D(8, kernel_size=(3, 3), padding='valid')\nc(keras.Input((2, 9, 1)))\n", 'c = layers.Conv2D(8, kernel_size=(3, 3), padding="same")'),
    (KERAS + "layers.Conv2D(9, 3, groups=2)(keras.Input((8, 8, 4)))\n", "layers.Conv2D(10, 3, groups=2)(keras.Input((8, 8, 4)))"),
    (KERAS + "layers.Conv2D(9, 3, groups=2)(keras.Input((8, 8, 4)))\n", "layers.Conv2D(9, 3, groups=1)(keras.Input((8, 8, 4)))"),
    (KERAS + "layers.Conv2D(8, 3, groups=4)(keras.Input((8, 8, 6)))\n", "layers.Conv2D(8, 3, groups=2)(keras.Input((8, 8, 6)))"),
    (KERAS + "m = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 3)])\nm(tf.zeros((1, 8, 8, 1)))\n", "m = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(4, 3)])"),
    (KERAS + "layers.Conv2D(8, 5)(keras.Input((3, 28, 28)))\n", 'layers.Conv2D(8, 5, data_format="channels_first")(keras.Input((3, 28, 28)))'),
    (TORCH + "nn.Conv2d(5, 8, 3)(torch.zeros(1, 3, 9, 9))\n", "nn.Conv2d(3, 8, 3)(torch.zeros(1, 3, 9, 9))"),
    (TORCH + "c = nn.Conv2d(3, 8, 11)\nc(torch.zeros(1, 3, 9, 10))\n", "c = nn.Conv2d(3, 8, (9, 10))"),
    (TORCH + "nn.Linear(8, 2)(torch.zeros(4, 9))\n", "nn.Linear(9, 2)(torch.zeros(4, 9))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "repaired"), CASES)
def test_a_repair_is_offered(text: str, repaired: str) -> None:
    engine = Engine()
    (finding,) = engine.update(URI, 1, text).findings
    offered = [apply(text, fix.edits) for fix in engine.fixes(URI, finding)]
    assert any(repaired in result.splitlines() for result in offered), offered


@pytest.mark.parametrize("text", sorted({text for text, _ in CASES}))
def test_every_offer_was_tried(text: str) -> None:
    engine = Engine()
    before = engine.update(URI, 1, text)
    (finding,) = before.findings
    offers = engine.fixes(URI, finding)
    assert offers[0].preferred
    assert not any(fix.preferred for fix in offers[1:])
    for fix in offers:
        assert not Engine().update(URI, 1, apply(text, fix.edits)).findings, fix
    assert engine.snapshot(URI) == before, "trying a fix leaves the document as it was"


def test_no_repair_that_breaks_something_else() -> None:
    text = KERAS + "c = layers.Conv2D(8, 3)\nc(tf.zeros((1, 8, 8, 3)))\nc(tf.zeros((1, 3, 8, 8)))\n"
    engine = Engine()
    (finding,) = engine.update(URI, 1, text).findings
    assert engine.fixes(URI, finding) == []
