"""A scaler that has learned from four columns is given three."""
import numpy as np
from sklearn.preprocessing import StandardScaler

train, test = np.ones((20, 4)), np.ones((5, 4))
scaler = StandardScaler().fit(train)
scaled = scaler.transform(test[:, 1:])  #~ scaled = scaler.transform(test) #!
