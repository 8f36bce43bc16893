"""The number of features in the first layer is not that of the table."""
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

X = np.random.rand(200, 13)
y = np.random.rand(200)

model = Sequential()
model.add(Dense(64, input_shape=(12,), activation="relu"))  #~ model.add(Dense(64, input_shape=(13,), activation="relu"))
model.add(Dense(32, activation="relu"))
model.add(Dense(1))
model.compile(loss="mse", optimizer="adam")
model.fit(X, y, epochs=2, batch_size=16, verbose=0)  #!
