"""Inverted residuals from a table of dicts; widths rounded to a multiple of eight."""
import math

import tensorflow as tf
from tensorflow.keras import layers as L

SETTINGS = [
    dict(t=1, c=16, n=1, s=1),
    dict(t=6, c=24, n=2, s=2),
    dict(t=6, c=32, n=3, s=2),
    {"t": 6, "c": 64, "n": 2, "s": 2},
]


def make_divisible(v, divisor=8, min_value=None):
    if min_value is None:
        min_value = divisor
    new_v = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if new_v < 0.9 * v:
        new_v += divisor
    return new_v


def inverted_residual(inputs, expansion, stride, filters, block_id):
    in_channels = inputs.shape[-1]
    x, prefix = inputs, "block_{}_".format(block_id)
    if block_id:
        x = L.Conv2D(expansion * in_channels, 1, use_bias=False, name=prefix + "expand")(x)
        x = L.ReLU(6.0, name=prefix + "expand_relu")(x)
    if stride == 2:
        x = L.ZeroPadding2D(((0, 1), (0, 1)))(x)
    x = L.DepthwiseConv2D(3, strides=stride, padding="same" if stride == 1 else "valid", use_bias=False)(x)
    x = L.Conv2D(filters, 1, use_bias=False, name=prefix + "project")(x)
    if in_channels == filters and stride == 1:
        return L.Add(name=prefix + "add")([inputs, x])
    return x


def mobilenet(alpha=1.0, size=96, depth_multiplier=1.0):
    img = L.Input(shape=(size, size, 3))
    x = L.Conv2D(make_divisible(32 * alpha), 3, 2, "same")(img)
    block_id = 0
    for cfg in SETTINGS:
        c, n = make_divisible(cfg["c"] * alpha), math.ceil(cfg["n"] * depth_multiplier)
        for i in range(n):
            x = inverted_residual(x, cfg["t"], cfg["s"] if i == 0 else 1, c, block_id)
            block_id += 1
    last = make_divisible(1280 * alpha) if alpha > 1.0 else 1280
    x = L.Conv2D(last, 1)(x)
    x = L.GlobalAveragePooling2D(keepdims=True)(x)
    x = L.Reshape((last,))(x)
    return tf.keras.Model(img, x)


for alpha in (0.35, 1.4):
    net = mobilenet(alpha, depth_multiplier=1.2)
    embedding = net(tf.zeros((2, 96, 96, 3)))
