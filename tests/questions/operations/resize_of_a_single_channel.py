"""resize wants an axis of channels."""
import tensorflow as tf

digits = tf.zeros((28, 28))  #~ digits = tf.zeros((28, 28, 1))
larger = tf.image.resize(digits, [56, 56])  #!
