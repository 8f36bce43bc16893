"""A ResNet: closures, default arguments, a table of stages as a tuple of tuples."""
import keras
from keras import layers

STAGES = ((64, 2, 1), (128, 2, 2), (256, 3, 2))


def conv_bn(filters, kernel_size, strides=1, activation="relu", **kwargs):
    def apply(x):
        x = layers.Conv2D(filters, kernel_size, strides=strides, padding="same", use_bias=False, **kwargs)(x)
        x = layers.BatchNormalization(axis=-1)(x)
        return layers.Activation(activation)(x) if activation else x

    return apply


def residual_block(filters, strides=1, expansion=1):
    def apply(x):
        shortcut = x
        y = conv_bn(filters, 3, strides)(x)
        y = conv_bn(filters * expansion, 3, activation=None)(y)
        if strides != 1 or x.shape[-1] != filters * expansion:
            shortcut = conv_bn(filters * expansion, 1, strides, activation=None)(shortcut)
        y = layers.add([y, shortcut])
        return layers.ReLU()(y)

    return apply


def stack(filters, blocks, stride):
    steps = [residual_block(filters, stride if i == 0 else 1) for i in range(blocks)]

    def apply(x):
        for step in steps:
            x = step(x)
        return x

    return apply


def build(shape=(64, 96, 3), classes=7, stages=STAGES):
    inputs = keras.Input(shape)
    x = conv_bn(32, 7, 2, kernel_initializer="he_normal")(inputs)
    x = layers.MaxPooling2D(3, 2, padding="same")(x)
    endpoints = []
    for filters, blocks, stride in stages:
        x = stack(filters, blocks, stride)(x)
        endpoints.append(x)
    pooled = layers.GlobalAveragePooling2D()(endpoints[-1])
    outputs = layers.Dense(classes)(pooled)
    return keras.Model(inputs, [outputs, *endpoints[:-1]])


model = build()
logits, first, second = model.outputs
small = build(classes=3, stages=STAGES[:2])
heads = [o for o in small.outputs if len(o.shape) == 2]
