"""fit before compile."""
import numpy as np
from keras.layers import Dense, Input
from keras.models import Sequential

model = Sequential()
model.add(Input((3,)))
model.add(Dense(1))
model.summary()  #~ model.compile("sgd", "mse")
model.fit(np.zeros((10, 3)), np.zeros((10, 1)), verbose=0)  #!
