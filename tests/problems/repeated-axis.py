"""An axis is summed over once."""
import numpy as np

x = np.ones((2, 3, 4))
total = np.sum(x, axis=(1, 1))  #~ total = np.sum(x, axis=(1, 2)) #!
