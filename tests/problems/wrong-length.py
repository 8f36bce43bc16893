"""A tensor of two axes is repeated along three."""
import tensorflow as tf

x = tf.zeros((4, 5))
y = tf.tile(x, [1, 2, 3])  #~ y = tf.tile(x, [2, 3]) #!
