"""One-hot labels, and a loss for integers."""
import numpy as np
import keras
from keras.utils import to_categorical

X, labels = np.random.rand(60, 4), np.random.randint(0, 3, 60)
Y = to_categorical(labels, 3)
model = keras.Sequential()
model.add(keras.Input((4,)))
model.add(keras.layers.Dense(16, activation="relu"))
model.add(keras.layers.Dense(3, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])  #~ model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(X, Y, epochs=1, batch_size=25, verbose=0)  #!
