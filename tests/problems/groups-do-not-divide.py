"""Nine filters cannot be made in two groups."""
from keras import layers

conv = layers.Conv2D(9, 3, groups=2)  #~ conv = layers.Conv2D(8, 3, groups=2) #!
