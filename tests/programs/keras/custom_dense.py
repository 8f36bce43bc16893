"""Layers with weights of their own, from build(self, input_shape) and add_weight."""
import tensorflow as tf
from tensorflow import keras


class Linear(keras.layers.Layer):
    def __init__(self, units=32, use_bias=True, **kwargs):
        super(Linear, self).__init__(**kwargs)
        self.units = units
        self.use_bias = use_bias

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True)
        if self.use_bias:
            self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")
        super().build(input_shape)

    def call(self, inputs):
        y = tf.matmul(inputs, self.w)
        return y + self.b if self.use_bias else y

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)


class LowRank(Linear):
    def __init__(self, units, rank, **kwargs):
        super().__init__(units, use_bias=False, **kwargs)
        self.rank = rank

    def build(self, input_shape):
        last_dim = input_shape[-1]
        self.u = self.add_weight(shape=[last_dim, self.rank], name="u")
        self.v = self.add_weight(shape=[self.rank, self.units], name="v")

    def call(self, inputs):
        return tf.matmul(tf.matmul(inputs, self.u), self.v)


class MLPBlock(keras.layers.Layer):
    def __init__(self, sizes=(32, 16, 1)):
        super().__init__()
        for i, size in enumerate(sizes, 1):
            setattr(self, f"linear_{i}", Linear(size))
        self.depth = len(sizes)

    def call(self, inputs):
        x = inputs
        for i in range(1, self.depth + 1):
            x = getattr(self, "linear_" + str(i))(x)
            if i < self.depth:
                x = tf.nn.relu(x)
        return x


x = tf.ones((2, 5))
y = Linear(4)(x)
z = LowRank(6, rank=2)(y)
mlp = MLPBlock()
out = mlp(tf.ones(shape=(3, 64)))
first = mlp.linear_1.w
kernel = mlp.linear_3.w[0]
total = sum(tf.reduce_sum(v) for v in mlp.trainable_variables)
