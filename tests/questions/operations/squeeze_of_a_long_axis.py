"""Only an axis of length one can be squeezed."""
import numpy as np

predictions = np.random.rand(10, 2)
labels = np.squeeze(predictions, axis=1)  #~ labels = np.squeeze(predictions[:, :1], axis=1) #!
