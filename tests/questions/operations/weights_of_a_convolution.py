"""TF1: the filter is for grey images, the images have colours."""
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()


def weight_variable(shape):
    return tf.Variable(tf.truncated_normal(shape, stddev=0.1))


def conv2d(x, W):
    return tf.nn.conv2d(x, W, strides=[1, 1, 1, 1], padding="SAME")  #!


images = tf.placeholder(tf.float32, [None, 32, 32, 3])
W_conv1 = weight_variable([5, 5, 1, 32])  #~ W_conv1 = weight_variable([5, 5, 3, 32])
h_conv1 = tf.nn.relu(conv2d(images, W_conv1))
