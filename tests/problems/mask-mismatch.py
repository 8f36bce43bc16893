"""A mask for the columns selects among the rows."""
import numpy as np

table = np.ones((6, 4))
wanted = np.array([True, False, True, True])
chosen = table[wanted]  #~ chosen = table[:, wanted] #!
