"""A layer with no filters."""
from keras import layers

conv = layers.Conv2D(0, 3)  #~ conv = layers.Conv2D(16, 3) #!
