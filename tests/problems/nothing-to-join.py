"""The list that the batches were collected in is still empty."""
import numpy as np

batches = []  #~ batches = [np.zeros((2, 3))]
everything = np.concatenate(batches)  #!
