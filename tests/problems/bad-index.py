"""A division gives a float, and a float is no index."""
import numpy as np

rows = np.zeros((10, 4))
middle = rows[10 / 2]  #~ middle = rows[10 // 2] #!
