"""Branches that are concatenated agree in height and width."""
import keras
from keras import layers

x = keras.Input((32, 32, 3))
y = layers.Conv2D(8, 3)(x)  #~ y = layers.Conv2D(8, 3, padding="same")(x)
z = layers.Concatenate()([x, y])  #!
