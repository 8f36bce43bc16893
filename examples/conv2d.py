"""Three calls of Conv2D that look wrong.  Only the last one raises: run it, or read it with Shapelens."""

import tensorflow as tf

# 1. Channels: the layer seems to be made for 3 channels and is given 1.  It is not built yet: the first
#    call decides, and input_shape= counts only for the first layer of a Sequential model.
x1 = tf.random.normal((1, 28, 28, 1))
channels = tf.keras.layers.Conv2D(32, 3, input_shape=(28, 28, 3))
y1 = channels(x1)

# 2. Size: a kernel of 15 cells with strides of 3 leaves (32 - 15) // 3 + 1 = 6 places on 32 cells.
x2 = tf.random.normal((1, 32, 32, 3))
size = tf.keras.layers.Conv2D(32, kernel_size=15, strides=3, padding="valid")
y2 = size(x2)

# 3. Rank: one image without a batch axis.
x3 = tf.random.normal((28, 28, 3))
rank = tf.keras.layers.Conv2D(32, 3)
y3 = rank(x3)
