"""A decoder goes from a vector straight into a transposed convolution."""
import keras
from keras import layers

LATENT = 2


class Decoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(7 * 7 * 64, activation="relu")
        self.shape = layers.Activation("linear")  #~ self.shape = layers.Reshape((7, 7, 64))
        self.up = layers.Conv2DTranspose(32, 3, strides=2, padding="same")

    def call(self, z):
        return self.up(self.shape(self.dense(z)))  #!


decoder = Decoder()
images = decoder(keras.random.normal((16, LATENT)))
