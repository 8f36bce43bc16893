"""A mask per word meets the scores of every pair of words."""
import tensorflow as tf


def masked_scores(query, key, mask):
    scores = tf.matmul(query, key, transpose_b=True) / 8.0
    return tf.nn.softmax(scores + (1.0 - mask) * -1e9)  #!


query = key = tf.random.normal((2, 4, 10, 16))
padding = tf.ones((2, 10))  #~ padding = tf.ones((2, 1, 1, 10))
weights = masked_scores(query, key, padding)
