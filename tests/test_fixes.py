"""Quick fixes: what is offered, that it was tried, and that the framework agrees."""

from __future__ import annotations

import pytest

from shape_engine import Engine
from shape_engine.fixes import apply

URI = "file:///fixes.py"
KERAS = "import keras\nimport tensorflow as tf\nfrom keras import layers\n"
NUMPY = "import numpy as np\n"
CLASSES = (
    KERAS
    + NUMPY
    + 'm = keras.Sequential([keras.Input((20,)), layers.Dense(64), layers.Dense(10, activation="softmax")])\n'
)
IMAGES = (
    NUMPY + "from keras import Input, Sequential\nfrom keras.layers import Conv2D, Dense, Flatten\n"
    "m = Sequential()\nm.add(Input((28, 28, 1)))\nm.add(Conv2D(8, 3))\n"
)
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
    (CLASSES + "m.compile('adam', loss='categorical_crossentropy')\nm.fit(np.zeros((100, 20)), np.zeros((100,)))\n", "m.compile('adam', loss=\"sparse_categorical_crossentropy\")"),
    (CLASSES + "m.compile('adam', loss='categorical_crossentropy')\nm.fit(np.zeros((100, 20)), np.zeros((100,)))\n", "m.fit(np.zeros((100, 20)), keras.utils.to_categorical(np.zeros((100,)), 10))"),
    (CLASSES + "m.compile('adam', loss=keras.losses.CategoricalCrossentropy())\nm.fit(np.zeros((9, 20)), np.zeros((9,)))\n", "m.compile('adam', loss=keras.losses.SparseCategoricalCrossentropy())"),
    (CLASSES + "m.compile('adam', loss='categorical_crossentropy')\nm.fit(np.zeros((9, 20)), np.zeros((9, 7)))\n", 'm = keras.Sequential([keras.Input((20,)), layers.Dense(64), layers.Dense(7, activation="softmax")])'),
    (CLASSES + "m.compile('adam', 'mse')\nm.fit(np.zeros((9, 30)), np.zeros((9, 10)))\n", 'm = keras.Sequential([keras.Input((30,)), layers.Dense(64), layers.Dense(10, activation="softmax")])'),
    (CLASSES + "m.predict(np.zeros((20,)))\n", "m.predict(np.zeros((20,))[None, ...])"),
    (IMAGES + "m.add(Dense(10, activation='softmax'))\nm.compile('adam', loss='categorical_crossentropy')\nm.fit(np.zeros((9, 28, 28, 1)), np.zeros((9, 10)))\n", "m.add(Flatten())"),
    (KERAS + "m = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(8, 3), layers.Dense(10)])\nm.compile('adam', loss='sparse_categorical_crossentropy')\nm.fit(tf.zeros((9, 8, 8, 1)), tf.zeros((9,)))\n", "m = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(10)])"),
    (KERAS + "i = keras.Input((28, 28, 3))\nm = keras.Model(i, layers.Dense(3)(layers.Flatten()(i)))\nm.predict(tf.zeros((5, 32, 32, 3)))\n", "i = keras.Input((32, 32, 3))"),
    (KERAS + "a = keras.Input((8, 8, 3))\nx = layers.Concatenate()([a, keras.Input((8, 4, 3))])\n", "x = layers.Concatenate(axis=2)([a, keras.Input((8, 4, 3))])"),
    (KERAS + "x = layers.Reshape((7, 8, 8))(keras.Input((1024,)))\n", "x = layers.Reshape((16, 8, 8))(keras.Input((1024,)))"),
    (KERAS + "m = keras.Sequential([keras.Input((20, 5)), layers.LSTM(8), layers.LSTM(4)])\n", "m = keras.Sequential([keras.Input((20, 5)), layers.LSTM(8, return_sequences=True), layers.LSTM(4)])"),
    (NUMPY + "c = np.concatenate([np.zeros((8, 3)), np.zeros((4, 3))], axis=1)\n", "c = np.concatenate([np.zeros((8, 3)), np.zeros((4, 3))], axis=0)"),
    (NUMPY + "a = np.zeros((8, 3))\nb = np.zeros((4, 3))\nc = a @ b\n", "c = a @ b.T"),
    (NUMPY + "a = np.zeros((8, 3))\nb = np.zeros((8,))\nc = a * b\n", "c = a * b[..., None]"),
    (NUMPY + "a = np.reshape(np.zeros((100, 784)), (100, 28, 27))\n", "a = np.reshape(np.zeros((100, 784)), (100, 28, 28))"),
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


@pytest.mark.parametrize("framework", ["keras", "torch"])
def test_the_framework_agrees(framework: str, judge) -> None:
    """What is repaired raises before, and with every repair that is offered it does not."""
    worker = judge(framework)
    wrong = []
    for text in sorted({text for text, _ in CASES if text.startswith(TORCH) == (framework == "torch")}):
        engine = Engine()
        (finding,) = engine.update(URI, 1, text).findings
        before = [outcome for outcome in worker.run(text) if outcome["kind"] == "raise"]
        wrong += [] if before else [(text, "does not raise")]
        for fix in engine.fixes(URI, finding):
            repaired = apply(text, fix.edits)
            wrong += [(repaired, outcome) for outcome in worker.run(repaired) if outcome["kind"] in ("raise", "crash")]
    assert not wrong
