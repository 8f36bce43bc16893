"""A vector is appended to a table as if it were a column."""
import numpy as np

features, predictions = np.zeros((50, 4)), np.zeros((50,))
table = np.concatenate((features, predictions), axis=1)  #~ table = np.concatenate((features, predictions[:, None]), axis=1) #!
