"""Only the labels of the training set are integers."""
import numpy as np
import keras
from keras import layers

model = keras.Sequential([keras.Input((6,)), layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
val_labels = keras.utils.to_categorical(np.zeros(7), 3)  #~ val_labels = np.zeros(7)
model.fit(np.zeros((30, 6)), np.zeros(30), validation_data=(np.zeros((7, 6)), val_labels), verbose=0)  #!
