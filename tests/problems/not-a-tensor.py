"""A layer is given a list of words."""
from keras import layers

y = layers.Dense(4)("some text")  #~ y = layers.Dense(4) #!
