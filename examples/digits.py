"""A small network for pictures of digits: every shape can be read without running it."""

import keras
import numpy as np
from keras import layers

CLASSES = 10
STAGES = [(32, 1), (64, 2), (128, 2)]


def stage(x, filters, strides):
    """Two convolutions, the first of which makes the picture smaller, beside a shortcut."""
    shortcut = layers.Conv2D(filters, 1, strides=strides)(x)
    x = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    return layers.Add()([x, shortcut])


def build(height=28, width=28):
    """The whole network, from pictures of one channel to the scores of the classes."""
    pictures = keras.Input((height, width, 1))
    x = layers.Conv2D(16, 5)(pictures)
    for filters, strides in STAGES:
        x = stage(x, filters, strides)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.3)(x)
    scores = layers.Dense(CLASSES, activation="softmax")(x)
    return keras.Model(pictures, scores, name="digits")


model = build()
scores = model(np.zeros((4, 28, 28, 1)))
