"""The numbers do not fill the new shape."""
import numpy as np

data = np.arange(1000)
images = data.reshape(10, 28, 28)  #~ images = data.reshape(10, 10, 10) #!
