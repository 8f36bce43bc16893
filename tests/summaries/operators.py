import keras
from keras import layers, ops

inputs = keras.Input((6, 4))
x = layers.Dense(4)(inputs) * 2 + 1
x = ops.relu(x) - inputs
first, second = ops.split(x, 2, axis=1)
x = ops.concatenate([second, first[:, :2]], axis=1)
x = ops.mean(x, axis=1)
model = keras.Model(inputs, [x, keras.ops.reshape(first, (-1, 12))])
