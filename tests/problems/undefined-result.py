"""A built layer is called on less than its kernel spans: TensorFlow raises, or gives back a tensor without sense."""
import tensorflow as tf
from keras import layers

conv = layers.Conv2D(8, 5)
y = conv(tf.zeros((1, 28, 28, 3)))
z = conv(tf.zeros((1, 3, 3, 3)))  #~ z = conv(tf.zeros((1, 8, 8, 3))) #!
