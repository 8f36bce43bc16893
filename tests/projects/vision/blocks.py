import keras
from keras import layers

from config import *
from config import Config as Settings


def block(x, width, stride=1):
    x = layers.Conv2D(width, KERNEL, strides=stride, padding="same")(x)
    return layers.Activation("relu")(x)


def stem(x, settings=Settings()):
    return layers.Conv2D(settings.width, settings.kernel)(x)


class Scale(layers.Layer):
    factor = 2

    def call(self, x):
        return keras.ops.repeat(x, self.factor, axis=-1)


def unused(x):
    return block(x, scaled(WIDTH))
