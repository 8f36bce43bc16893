"""The generator's images are not of the size that the discriminator takes."""
import numpy as np
from keras import Input, Sequential, layers

LATENT = 32


def build_generator():
    return Sequential([
        Input((LATENT,)),
        layers.Dense(7 * 7 * 16),
        layers.Reshape((7, 7, 16)),
        layers.Conv2DTranspose(8, 4, strides=2, padding="same", activation="relu"),
        layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"),
    ])


def build_discriminator(size):
    return Sequential([
        Input((size, size, 1)),
        layers.Conv2D(8, 3, strides=2, padding="same"),
        layers.LeakyReLU(),
        layers.Flatten(),
        layers.Dense(1, activation="sigmoid"),
    ])


generator = build_generator()
discriminator = build_discriminator(32)  #~ discriminator = build_discriminator(28)
gan = Sequential([generator, discriminator])  #!
gan.compile(loss="binary_crossentropy", optimizer="adam")
