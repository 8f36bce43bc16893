import keras
from keras import layers

inputs = keras.Input((10, 12))
x = layers.LayerNormalization()(inputs)
x = layers.MultiHeadAttention(2, 4)(x, x)
x = middle = layers.Add()([x, inputs])
x = layers.Dense(24, activation="gelu")(layers.LayerNormalization()(x))
x = layers.Add()([layers.Dense(12)(x), middle])
model = keras.Model(inputs, layers.GlobalAveragePooling1D()(x))
