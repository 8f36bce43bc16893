"""The rows of an array are equally long."""
import numpy as np

table = np.array([[1, 2, 3], [4, 5]])  #~ table = np.array([[1, 2, 3], [4, 5, 0]]) #!
