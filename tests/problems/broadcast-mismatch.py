"""A value for each row must stand in a column to be subtracted from the rows."""
import numpy as np

x = np.ones((6, 4))
centred = x - x.mean(axis=1)  #~ centred = x - x.mean(axis=1, keepdims=True) #!
