"""Squeeze-and-excitation, CBAM and attention gates as layers that hold layers; super(Class, self)."""
import keras
from keras import layers, ops


class SqueezeExcite(layers.Layer):
    def __init__(self, ratio=8, **kwargs):
        super(SqueezeExcite, self).__init__(**kwargs)
        self.ratio = ratio

    def build(self, input_shape):
        channels = input_shape[-1]
        self.squeeze = layers.Dense(max(channels // self.ratio, 1), activation="relu")
        self.excite = layers.Dense(channels, activation="sigmoid")
        super(SqueezeExcite, self).build(input_shape)

    def call(self, x):
        s = ops.mean(x, axis=(1, 2))
        s = self.excite(self.squeeze(s))
        return x * s[:, None, None, :]


class SpatialAttention(layers.Layer):
    def __init__(self, kernel_size=7):
        super().__init__()
        self.conv = layers.Conv2D(1, kernel_size, padding="same", activation="sigmoid", use_bias=False)

    def call(self, x):
        pooled = [f(x, axis=-1, keepdims=True) for f in (ops.mean, ops.max)]
        return x * self.conv(ops.concatenate(pooled, axis=-1))


class CBAM(layers.Layer):
    def __init__(self, ratio=4, kernel_size=5, **kw):
        super().__init__(**kw)
        self.parts = [SqueezeExcite(ratio), SpatialAttention(kernel_size=kernel_size)]

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


def attention_gate(x, g, inter_channels=None):
    inter_channels = inter_channels or x.shape[-1] // 2
    theta = layers.Conv2D(inter_channels, 2, strides=2, use_bias=False)(x)
    phi = layers.Conv2D(inter_channels, 1)(g)
    f = layers.Activation("relu")(layers.add([theta, phi]))
    psi = layers.Activation("sigmoid")(layers.Conv2D(1, 1)(f))
    alpha = layers.UpSampling2D(size=(x.shape[1] // psi.shape[1], x.shape[2] // psi.shape[2]))(psi)
    return layers.multiply([x, alpha])


inputs = keras.Input((48, 64, 3))
fine = CBAM(name="cbam")(layers.Conv2D(32, 3, padding="same")(inputs))
coarse = CBAM(ratio=2, name="cbam_coarse")(layers.Conv2D(64, 3, strides=2, padding="same")(fine))
gated = attention_gate(fine, coarse, inter_channels=12)
model = keras.Model(inputs, gated)
out = model(keras.Input((48, 64, 3), batch_size=2))
