"""One letter stands for axes of two lengths."""
import tensorflow as tf

queries, keys = tf.ones((2, 5, 8)), tf.ones((2, 7, 8))
scores = tf.einsum("bqd,bdk->bqk", queries, keys)  #~ scores = tf.einsum("bqd,bkd->bqk", queries, keys) #!
