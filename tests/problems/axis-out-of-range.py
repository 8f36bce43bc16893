"""The axes of a picture count from 0, so the last of four is 3."""
import tensorflow as tf

pictures = tf.zeros((8, 28, 28, 3))
grey = tf.reduce_mean(pictures, axis=4)  #~ grey = tf.reduce_mean(pictures, axis=3) #!
