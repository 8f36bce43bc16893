"""tf.random_normal is tf.random.normal now."""
import tensorflow as tf

x = tf.zeros((4, 8))
weights = tf.Variable(tf.random_normal([8, 2], stddev=0.1))  #~ weights = tf.Variable(tf.random.normal([8, 2], stddev=0.1)) #!
print(tf.matmul(x, weights).shape)
