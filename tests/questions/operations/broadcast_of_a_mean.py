"""The mean over the rows is not shaped like a column."""
import numpy as np

x = np.random.rand(6, 4)
centred = x - x.mean(axis=1)  #~ centred = x - x.mean(axis=1, keepdims=True) #!
