"""Two matrices of the same shape."""
import tensorflow as tf

queries, keys = tf.random.normal((5, 64)), tf.random.normal((5, 64))
scores = tf.matmul(queries, keys)  #~ scores = tf.matmul(queries, keys, transpose_b=True) #!
