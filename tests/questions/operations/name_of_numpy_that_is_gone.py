"""np.float went with NumPy 1.24."""
import numpy as np

counts = np.arange(12).reshape(3, 4)
shares = counts.astype(np.float) / counts.sum()  #~ shares = counts.astype(float) / counts.sum() #!
