"""A convolution jumps, or it spreads its kernel, but not both."""
from keras import layers

conv = layers.Conv2D(8, 3, strides=2, dilation_rate=2)  #~ conv = layers.Conv2D(8, 3, strides=1, dilation_rate=2) #!
