"""The three calls of conv2d.py, each changed as little as it takes to raise."""

import keras
import tensorflow as tf
from keras import layers

image = tf.random.normal((1, 28, 28, 1))


def channels_of_a_built_layer():
    conv = layers.Conv2D(32, 3)
    conv.build((None, 28, 28, 3))
    return conv(image)


def channels_of_a_model():
    model = keras.Sequential([keras.Input((28, 28, 3)), layers.Conv2D(32, 3)])
    return model(image)


def kernel_larger_than_the_input():
    x = keras.Input((32, 32, 3))
    conv = layers.Conv2D(32, kernel_size=33, strides=3)
    return conv(x)


def input_smaller_than_the_kernel():
    conv = layers.Conv2D(32, kernel_size=15, strides=3, padding="valid")
    return conv(tf.random.normal((1, 14, 14, 3)))


def input_without_a_batch_axis():
    conv = layers.Conv2D(32, 3)
    return conv(keras.Input((28, 28)))
