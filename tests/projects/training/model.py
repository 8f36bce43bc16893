"""Builders that main() calls one after the other."""

import keras
from keras import layers

made = []


def block(x, width, kernel=3):
    for _ in range(2):
        x = layers.Conv2D(width, kernel, padding="same")(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
    made.append(width)
    return x


def encoder(shape, widths):
    inputs = keras.Input(shape)
    x, skips = inputs, []
    for width in widths:
        x = block(x, width)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    return keras.Model(inputs, [x, *skips]), [tuple(skip.shape) for skip in skips]


def head(features, classes=10):
    x = layers.GlobalAveragePooling2D()(features)
    for width in made:
        x = layers.Dense(width * 2)(x)
        x = layers.Dropout(0.1)(x)
    return layers.Dense(classes)(x)
