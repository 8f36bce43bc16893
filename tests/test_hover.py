"""Hover, wherever a shape is: the first line of the card, and the history of the axis that is asked about."""

from __future__ import annotations

import pytest

from shape_engine import Engine, render

URI = "file:///work/model.py"
KERAS = """import keras, torch, tensorflow as tf
from keras import Input, Sequential, layers
x = Input((28, 30, 3))
y = layers.Conv2D(8, 3)(x)
m = Sequential([
    Input((28, 30, 3)),
    layers.Conv2D(8, 3),
    layers.MaxPooling2D(2),
])

def build(image, k=3):
    image = layers.Conv2D(4, k)(image)
    return image

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(2, 3)
        self.start = tf.zeros((1, 9, 9, 3))

    def call(self, inputs):
        self.last = self.conv(inputs)
        return self.last

out, t = build(x), torch.zeros(2, 5)
net = Net()
net(net.start)
"""
HISTORY = "28 from Input, line 3 → 26 Conv2D, line 4"


@pytest.mark.parametrize(
    ("code", "at", "first", "history"),
    [
        ("y", "y", "y: (None, 26, 28, 8)  float32, Keras tensor", f"height: {HISTORY}"),
        ("z = y.shape", "shape", "y.shape: (None, 26, 28, 8)", f"height: {HISTORY}"),
        ("z = y.shape", "z", "z: (None, 26, 28, 8)", f"height: {HISTORY}"),
        ("n = y.shape[1]", "[1]", "y.shape[1]: 26", f"height: {HISTORY}"),
        ("n = y.shape[1]", "n", "n: 26", f"height: {HISTORY}"),
        ("n = y.shape[-2]", "-2", "y.shape[-2]: 28", "width: 30 from Input, line 3 → 28 Conv2D, line 4"),
        ("n = y.shape[1:3]", "[1:3]", "y.shape[1:3]: (26, 28)", f"height: {HISTORY}"),
        ("b, h, w, c = y.shape", "h,", "h: 26", f"height: {HISTORY}"),
        ("b = y.shape[0]", "b", "b: None", ""),
        ("n = y.ndim", "ndim", "y.ndim: 4", ""),
        ("n = t.size(-1)", "size", "t.size(-1): 5", ""),
        ("n = t.size()", "size", "t.size(): (2, 5)", ""),
        ("print(y[:, 0])", ", 0", "y[:, 0]: (None, 28, 8)  float32, Keras tensor", ""),
        ("print(m.layers[0].output)", "output", "m.layers[0].output: (None, 26, 28, 8)  float32, Keras tensor", "height: 28 from Input, line 6 → 26 Conv2D, line 7"),
        ("", "layers.MaxPooling2D", "layers.MaxPooling2D(2): a layer whose output is (None, 13, 14, 8)  float32", "height: 28 from Input, line 6 → 26 Conv2D, line 7 → 13 MaxPooling2D, line 8"),
        ("", "image, k", "image: (None, 28, 30, 3)  float32, Keras tensor", ""),
        ("", "self.last =", "self.last: (1, 7, 7, 2)  float32, TensorFlow tensor", "height: 9 from tf.zeros, line 19 → 7 Conv2D, line 22"),
        ("print(net.start)", "net.start", "net.start: (1, 9, 9, 3)  float32, TensorFlow tensor", ""),
    ],
)  # fmt: skip
def test_a_card(code: str, at: str, first: str, history: str) -> None:
    text = f"{KERAS}{code}\n"
    offset = text.index(at, len(KERAS) if code else 0) + (5 if at in ("self.last =", "net.start") else 0)
    line = text.count("\n", 0, offset) + 1
    card = render.card(Engine().update(URI, 1, text), line, offset - text.rfind("\n", 0, offset) - 1)
    assert card is not None
    assert card.lines[0] == first
    assert "".join([line for line in card.lines if "→" in line][:1]) == history
    assert len(card.lines) <= 12
    assert any(version in card.lines[-1] for version in ("Keras 3", "TensorFlow 2", "PyTorch 2"))


@pytest.mark.parametrize("code", ["n = y.shape[9]", "n = y.shape[k]", "n = mystery.shape", "n = y.size(1)"])
def test_no_length_is_told_of_what_is_not_known(code: str) -> None:
    text = f"{KERAS}{code}\n"
    card = render.card(Engine().update(URI, 1, text), text.count("\n"), 0)
    assert card is None or card.text.startswith("n: not known")
