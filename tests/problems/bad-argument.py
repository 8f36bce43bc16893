"""A shape is promised that the tensor does not have."""
import tensorflow as tf

x = tf.zeros((4, 10))
x = tf.ensure_shape(x, (None, 12))  #~ x = tf.ensure_shape(x, (None, 10)) #!
