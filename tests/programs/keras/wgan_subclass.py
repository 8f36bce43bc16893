"""Models by subclassing, built on the first call; loops over self.blocks, getattr and setattr."""
import tensorflow as tf
from tensorflow.keras import Model, Sequential, layers


class DownBlock(layers.Layer):
    def __init__(self, filters, apply_norm=True):
        super().__init__()
        self.conv = layers.Conv2D(filters, 4, strides=2, padding="same", use_bias=False)
        self.norm = layers.BatchNormalization() if apply_norm else None
        self.act = layers.LeakyReLU()

    def call(self, x, training=False):
        x = self.conv(x)
        if self.norm:
            x = self.norm(x, training=training)
        return self.act(x)


class UpBlock(layers.Layer):
    def __init__(self, filters, dropout=False):
        super().__init__()
        steps = [layers.Conv2DTranspose(filters, 4, strides=2, padding="same"), layers.BatchNormalization()]
        if dropout:
            steps.append(layers.Dropout(0.5))
        self.net = Sequential([*steps, layers.ReLU()])

    def call(self, x):
        return self.net(x)


class Generator(Model):
    DOWN = [8, 16, 32]

    def __init__(self, out_channels=3):
        super(Generator, self).__init__()
        self.downs = [DownBlock(f, apply_norm=i > 0) for i, f in enumerate(self.DOWN)]
        for i, f in enumerate(self.DOWN[-2::-1]):
            setattr(self, f"up{i}", UpBlock(f, dropout=i == 0))
        self.last = layers.Conv2DTranspose(out_channels, 4, strides=2, padding="same", activation="tanh")

    def call(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        for i, skip in enumerate(reversed(skips[:-1])):
            x = getattr(self, f"up{i}")(x)
            x = tf.concat([x, skip], axis=-1)
        return self.last(x)


class Critic(Model):
    def __init__(self, widths=(8, 16), **kwargs):
        super().__init__(**kwargs)
        self.blocks = [DownBlock(w) for w in widths]
        self.pool = layers.GlobalAveragePooling2D()
        self.score = layers.Dense(1)

    def call(self, inputs, training=None):
        x = tf.concat(inputs, axis=-1) if isinstance(inputs, (list, tuple)) else inputs
        for block in self.blocks:
            x = block(x, training=training)
        return self.score(self.pool(x))


generator, critic = Generator(), Critic(name="critic")
real = tf.random.uniform((2, 32, 48, 3))
fake = generator(real)
d_real, d_fake = critic([real, real]), critic((real, fake))
epsilon = tf.random.uniform([2, 1, 1, 1])
mixed = epsilon * real + (1 - epsilon) * fake
with tf.GradientTape() as tape:
    tape.watch(mixed)
    scores = critic([real, mixed])
gradient = tape.gradient(scores, mixed)
norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3]))
penalty = tf.reduce_mean((norm - 1.0) ** 2)
