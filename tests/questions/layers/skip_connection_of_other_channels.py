"""A residual block that widens."""
import keras
from keras import layers

inputs = keras.Input((32, 32, 16))
x = layers.Conv2D(32, 3, padding="same", activation="relu")(inputs)
x = layers.Conv2D(32, 3, padding="same")(x)
shortcut = layers.Conv2D(64, 1)(inputs)  #~ shortcut = layers.Conv2D(32, 1)(inputs)
x = layers.add([x, shortcut])  #!
model = keras.Model(inputs, layers.ReLU()(x))
