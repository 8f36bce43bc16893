"""Python's own lists as data."""
import numpy as np
import keras

xs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]  #~ xs = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
ys = np.array([0.0, 1.0, 1.0, 0.0])
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(1)])
model.compile(loss="mse", optimizer="sgd")
model.fit(xs, ys, epochs=2, verbose=0)  #!
