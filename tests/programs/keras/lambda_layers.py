"""Lambda layers: slices, closures over loop variables, named functions, arguments, output shapes."""
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.layers import Lambda


def crop(dimension, start, end):
    def func(x):
        if dimension == 1:
            return x[:, start:end]
        if dimension == 2:
            return x[:, :, start:end]
        return x[..., start:end]

    return Lambda(func)


def scale(x, factor, bias=0.0):
    return x * factor + bias


def space_to_depth(x):
    return tf.nn.space_to_depth(x, block_size=2)


inputs = keras.Input((32, 48, 6))
top = crop(1, 0, 16)(inputs)
right = crop(2, 24, None)(top)
rgb = crop(3, 0, 3)(right)
scaled = Lambda(scale, arguments={"factor": 2.0})(rgb)
deep = Lambda(space_to_depth, name="space_to_depth_x2")(inputs)
groups = [Lambda(lambda z, i=i: z[:, :, :, i * 2 : (i + 1) * 2], name=f"group_{i}")(inputs) for i in range(3)]
stacked = Lambda(lambda ts: tf.stack(ts, axis=1))(groups)
mean = layers.Lambda(lambda x: tf.reduce_mean(x, axis=[1, 2]), output_shape=(6,))(inputs)
tiled = layers.Lambda(lambda t: tf.tile(tf.expand_dims(t, 1), [1, 4, 1]))(mean)
first, second = Lambda(lambda x: tf.split(x, 2, axis=-1))(deep)
norm = Lambda(lambda x: x / 255.0)(second)
model = keras.Model(inputs, [norm, stacked])
batch = model(tf.zeros((2, 32, 48, 6)))
