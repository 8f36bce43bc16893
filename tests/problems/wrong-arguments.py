"""A convolution needs to know its kernel size."""
from keras import layers

conv = layers.Conv2D(32)  #~ conv = layers.Conv2D(32, 3) #!
