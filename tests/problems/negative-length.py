"""More is taken off than there is, and what is left would have a negative length."""
import numpy as np

length, window = 8, 10
steps = np.zeros((length - window, 3))  #~ steps = np.zeros((max(length - window, 0), 3)) #!
