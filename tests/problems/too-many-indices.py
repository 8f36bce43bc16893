"""Grey pictures without an axis for channels."""
import numpy as np

pictures = np.zeros((8, 28, 28))
first = pictures[0, :, :, 0]  #~ first = pictures[0, :, :] #!
