"""Only an axis of length 1 can be squeezed out."""
import numpy as np

pictures = np.zeros((8, 28, 28, 3))
flat = np.squeeze(pictures, axis=-1)  #~ flat = np.squeeze(pictures[..., :1], axis=-1) #!
