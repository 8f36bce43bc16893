"""Realistic model code of any length, and the edits that the benchmarks type into it."""

from __future__ import annotations

BLOCK = '''
def build_{n}(filters={filters}, classes={classes}):
    """A small convolutional classifier."""
    inputs = keras.Input((64, 64, 3))
    x = inputs
    for depth, width in enumerate((filters, filters * 2, filters * 4)):
        x = layers.Conv2D(width, 3, padding="same", activation="relu", name=f"conv_{n}_{{depth}}")(x)
        x = layers.BatchNormalization()(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(128, activation="relu")(x)
    x = layers.Dropout(0.5)(x)
    outputs = layers.Dense(classes, activation="softmax")(x)
    return keras.Model(inputs, outputs, name="model_{n}")


model_{n} = build_{n}()
sample_{n} = tf.random.normal(({batch}, 64, 64, 3))
scores_{n} = model_{n}(sample_{n})


class Block{n}(keras.layers.Layer):
    def __init__(self, width={filters}, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Conv2D(width, 3, padding="same")
        self.second = layers.Conv2D(width, 3, padding="same")
        self.join = layers.Add()

    def call(self, x):
        y = self.first(x)
        y = self.second(y)
        return self.join([y, self.first(x)])


features_{n} = Block{n}()(sample_{n})
pooled_{n} = tf.reduce_mean(features_{n}, axis=[1, 2])
'''
HEADER = "import keras\nimport tensorflow as tf\nfrom keras import layers\n"


def program(lines: int) -> str:
    """Model code of about so many lines; every block differs in its numbers."""
    parts, have, n = [HEADER], 3, 0
    while have < lines:
        n += 1
        block = BLOCK.format(n=n, filters=8 + n % 7, classes=10 + n % 5, batch=1 + n % 4)
        parts.append(block)
        have += block.count("\n")
    return "".join(parts)


def middle(text: str) -> int:
    """The 0-based line of a number inside a function in the middle of the text."""
    lines = text.split("\n")
    return min(
        (n for n, line in enumerate(lines) if "layers.Dense(128" in line), key=lambda n: abs(n - len(lines) // 2)
    )
