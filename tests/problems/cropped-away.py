"""Five cells are cut off at each end of nine."""
import keras
from keras import layers

y = layers.Cropping1D(5)(keras.Input((9, 6)))  #~ y = layers.Cropping1D(2)(keras.Input((9, 6))) #!
