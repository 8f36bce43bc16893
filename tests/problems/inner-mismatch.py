"""The columns of the first matrix are as many as the rows of the second."""
import numpy as np

x, weights = np.ones((32, 8)), np.ones((4, 8))
y = x @ weights  #~ y = x @ weights.T #!
