"""A number of units that was computed by a division is a float."""
import keras
from keras import layers

width = 16
y = layers.LSTM(width / 2)(keras.Input((10, 6)))  #~ y = layers.LSTM(width // 2)(keras.Input((10, 6))) #!
