"""TensorFlow does not convert integers to floats by itself."""
import tensorflow as tf

counts = tf.ones((4,), dtype=tf.int32)
scaled = counts * tf.ones((4,))  #~ scaled = tf.cast(counts, tf.float32) * tf.ones((4,)) #!
