"""Pooling along a sequence, after the sequence was made flat."""
import keras
from keras import layers

x = layers.Flatten()(keras.Input((10, 6)))
y = layers.MaxPooling1D()(x)  #~ y = layers.MaxPooling1D()(layers.Reshape((10, 6))(x)) #!
