"""Two tensors that differ in the other axis."""
import tensorflow as tf

a, b = tf.ones((4, 10)), tf.ones((4, 6))
joined = tf.concat([a, b], axis=0)  #~ joined = tf.concat([a, b], axis=1) #!
