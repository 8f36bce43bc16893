"""The channels cannot be split into so many groups."""
import tensorflow as tf

features = tf.random.normal((4, 28, 28, 50))
groups = tf.split(features, num_or_size_splits=4, axis=-1)  #~ groups = tf.split(features, num_or_size_splits=5, axis=-1) #!
