"""TF1: the fully connected layer counts the features of another image."""
import tensorflow as tf

v1 = tf.compat.v1
v1.disable_eager_execution()


def max_pool_2x2(x):
    return v1.nn.max_pool(x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")


x = v1.placeholder(tf.float32, shape=[100, 30, 30, 1])
W1, W2 = v1.get_variable("W1", [5, 5, 1, 32]), v1.get_variable("W2", [5, 5, 32, 64])
pool1 = max_pool_2x2(tf.nn.relu(tf.nn.conv2d(x, W1, strides=1, padding="SAME")))
pool2 = max_pool_2x2(tf.nn.relu(tf.nn.conv2d(pool1, W2, strides=1, padding="SAME")))
flat = tf.reshape(pool2, [100, 7 * 7 * 64])  #~ flat = tf.reshape(pool2, [100, 8 * 8 * 64]) #!
