"""Sentences of different lengths make no array."""
import numpy as np
from keras.utils import pad_sequences

encoded = [[1, 5, 2], [7, 3], [4, 4, 9, 1]]
X = np.array(encoded)  #~ X = pad_sequences(encoded) #!
