"""The elements of a batch fill the new shape exactly."""
import numpy as np

pictures = np.zeros((10, 28, 28))
flat = pictures.reshape(10, 748)  #~ flat = pictures.reshape(10, 784) #!
