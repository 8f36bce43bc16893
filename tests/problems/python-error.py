"""A model is given the weights of a layer that has no bias."""
import numpy as np
from keras import layers

dense = layers.Dense(4)
dense.build((None, 3))
dense.set_weights([np.zeros((3, 4))])  #~ dense.set_weights([np.zeros((3, 4)), np.zeros(4)]) #!
