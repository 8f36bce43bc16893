"""A metric for yes and no on the probabilities of several classes."""
import numpy as np
import keras
from keras import layers

model = keras.Sequential([keras.Input((6,)), layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=[keras.metrics.Precision()])  #~ model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(np.zeros((30, 6)), np.zeros(30), verbose=0)  #!
