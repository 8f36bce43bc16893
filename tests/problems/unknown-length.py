"""Weights are made for a number of features, which must be known."""
import keras
from keras import layers

x = keras.Input((10, None))  #~ x = keras.Input((None, 10))
y = layers.LSTM(4)(x)  #!
