"""The labels are a row, not a column."""
import numpy as np
from tensorflow.keras import Input, Sequential, layers

inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype="float32")
targets = np.array([[0, 1, 1, 0]], dtype="float32")  #~ targets = np.array([[0], [1], [1], [0]], dtype="float32")
model = Sequential([Input((2,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(inputs, targets, epochs=2, verbose=0)  #!
