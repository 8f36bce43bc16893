"""A transposition names each axis once."""
import numpy as np

pictures = np.zeros((8, 3, 28, 28))
last = np.transpose(pictures, (0, 2, 3))  #~ last = np.transpose(pictures, (0, 2, 3, 1)) #!
