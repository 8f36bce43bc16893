"""Heads that do not divide the width."""
import tensorflow as tf

width, heads = 100, 8  #~ width, heads = 96, 8
x = tf.random.normal((2, 10, width))
split = tf.reshape(x, (2, 10, heads, width // heads))  #!
