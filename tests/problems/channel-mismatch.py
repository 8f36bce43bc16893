"""A layer has made its kernel for three channels, and is given pictures with one."""
import tensorflow as tf
from keras import layers

conv = layers.Conv2D(8, 3)
colours = conv(tf.zeros((1, 28, 28, 3)))
grey = conv(tf.zeros((1, 28, 28, 1)))  #~ grey = layers.Conv2D(8, 3)(tf.zeros((1, 28, 28, 1))) #!
