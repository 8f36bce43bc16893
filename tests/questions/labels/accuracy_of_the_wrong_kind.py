"""A metric for integers beside a loss for one-hot labels, on sequences."""
import numpy as np
import keras
from keras import layers

x = np.zeros((10, 4, 6))
y = keras.utils.to_categorical(np.zeros((10, 4)), 5)
model = keras.Sequential([keras.Input((4, 6)), layers.Dense(5, activation="softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["sparse_categorical_accuracy"])  #~ model.compile("adam", "categorical_crossentropy", metrics=["categorical_accuracy"])
model.fit(x, y, verbose=0)  #!
