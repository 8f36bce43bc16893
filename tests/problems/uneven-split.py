"""Ten columns do not fall into three equal parts."""
import numpy as np

x = np.zeros((4, 10))
parts = np.split(x, 3, axis=1)  #~ parts = np.array_split(x, 3, axis=1) #!
