"""A model class with convolutions is built on flat rows."""
import tensorflow as tf
from tensorflow.keras import layers


class DigitNet(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(16, 3, activation="relu")
        self.pool = layers.MaxPool2D()
        self.flatten = layers.Flatten()
        self.out = layers.Dense(10)

    def call(self, x, training=False):
        x = self.conv(x)  #!
        x = self.pool(x)
        return self.out(self.flatten(x))


net = DigitNet()
batch = tf.random.normal((5, 784))  #~ batch = tf.random.normal((5, 28, 28, 1))
logits = net(batch)
