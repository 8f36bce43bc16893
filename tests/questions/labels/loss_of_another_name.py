"""A loss that does not exist under this name."""
import numpy as np
import keras

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile(optimizer="sgd", loss="mean_square_error")  #~ model.compile(optimizer="sgd", loss="mean_squared_error")
model.fit(np.zeros((10, 3)), np.zeros((10, 1)), verbose=0)  #!
