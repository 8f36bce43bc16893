"""A layer takes a batch of pictures, even of one."""
import tensorflow as tf
from keras import layers

picture = tf.zeros((28, 28, 3))
y = layers.Conv2D(8, 3)(picture)  #~ y = layers.Conv2D(8, 3)(picture[None]) #!
