"""Rows of a table for a convolution over time."""
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Conv1D, Dense, GlobalAveragePooling1D
from tensorflow.keras.models import Sequential

X_train = np.random.rand(60, 187)
y_train = np.random.randint(0, 5, (60,))

model = Sequential()
model.add(Conv1D(32, kernel_size=5, activation="relu", input_shape=(60, 187)))  #~ model.add(Conv1D(32, kernel_size=5, activation="relu", input_shape=(187, 1)))
model.add(GlobalAveragePooling1D())
model.add(Dense(5, activation="softmax"))
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=1, verbose=0)  #!
