"""The output comes from another input than the one that the model is made of."""
import keras
from keras import layers

inputs = keras.Input((7,))
outputs = layers.Dense(3)(keras.Input((7,)))  #~ outputs = layers.Dense(3)(inputs)
model = keras.Model(inputs, outputs)  #!
