"""Layers by *layers and **kwargs, functools.partial, and comprehensions that build layers."""
from functools import partial

from tensorflow import keras
from tensorflow.keras import layers

Conv = partial(layers.Conv2D, kernel_size=3, padding="same", kernel_initializer="he_normal", use_bias=False)
options = {"activation": "elu", "kernel_regularizer": keras.regularizers.L2(1e-4)}
dense_options = {**options, "use_bias": True}


def block(filters, repeats=2, pool=True, **kwargs):
    parts = []
    for _ in range(repeats):
        parts += [Conv(filters, **kwargs), layers.BatchNormalization(), layers.ReLU()]
    return [*parts, layers.MaxPool2D()] if pool else parts


def chain(*steps):
    def run(x):
        for step in steps:
            x = step(x)
        return x

    return run


body = [layer for filters in (16, 32) for layer in block(filters)]
head = [layers.Dense(units, **dense_options) for units in (128, 64)]
model = keras.Sequential([keras.Input((40, 24, 3)), *body, *block(48, 1, pool=False, strides=2), layers.Flatten(), *head])
model.add(layers.Dense(5))
y = model.layers[-1].output
image = keras.Input((40, 24, 3))
same = chain(*body, layers.GlobalAveragePooling2D())(image)
wide = Conv(8, kernel_size=(1, 7), strides=(1, 2))(image)
activations = dict(zip(["relu", "tanh"], map(layers.Activation, ("relu", "tanh"))))
for name, layer in activations.items():
    wide = layer(wide)
halves = [Conv(n)(wide) for n in (4, 8, 16) if n > 4]
total = layers.Concatenate(axis=3)(halves)
stem, *rest = model.layers
before = rest[0].output
shapes = [layer.output.shape for layer in model.layers]
