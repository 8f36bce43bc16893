import keras
from keras import layers

base = keras.Sequential([layers.Dense(4), layers.Dense(3)])
inputs = keras.Input((5,))
x = base(inputs)
more = base(keras.Input((5,)))
model = keras.Model(inputs, layers.Add()([x, layers.Dense(3)(inputs)]))
