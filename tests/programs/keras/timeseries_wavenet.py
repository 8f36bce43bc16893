"""A WaveNet-like stack: dilations by powers, gated activations, skip sums with functools.reduce."""
import functools
import operator

import keras
from keras import layers, ops


class GatedUnit(layers.Layer):
    def __init__(self, filters, kernel_size=2, dilation_rate=1, **kwargs):
        super().__init__(**kwargs)
        make = functools.partial(layers.Conv1D, filters, kernel_size, dilation_rate=dilation_rate, padding="causal")
        self.filter_conv, self.gate_conv = make(activation="tanh"), make(activation="sigmoid")
        self.residual, self.skip = layers.Conv1D(filters, 1), layers.Conv1D(filters * 2, 1)

    def call(self, x):
        z = self.filter_conv(x) * self.gate_conv(x)
        return x + self.residual(z), self.skip(z)


def wavenet(length, channels, *, filters=16, stacks=2, levels=3, target=4):
    inputs = keras.Input((length, channels))
    x = layers.Conv1D(filters, 1)(inputs)
    skips = []
    for stack in range(stacks):
        for level in range(levels):
            x, skip = GatedUnit(filters, dilation_rate=2**level, name=f"unit_{stack}_{level}")(x)
            skips.append(skip)
    y = functools.reduce(operator.add, skips[1:], skips[0])
    y = keras.activations.relu(y)
    receptive = 1 + stacks * sum(2**level for level in range(levels))
    y = y[:, receptive - 1 :, :]
    y = layers.Conv1D(target, 1)(y)
    return keras.Model(inputs, [y, ops.mean(y, axis=1)])


net = wavenet(64, 3)
sequence, pooled = net(keras.Input((64, 3)))
wide = wavenet(48, 1, filters=24, levels=2, target=1).outputs[0]
squeezed = ops.squeeze(wide, axis=-1)
windows = ops.stack([squeezed[:, i : i + 8] for i in range(0, squeezed.shape[1] - 8, 8)], axis=1)
