"""The labels were not split like the data."""
import numpy as np
import keras
from keras import layers

data, labels = np.random.rand(120, 20), np.random.randint(0, 2, 120)
train, test = data[:100], data[100:]
train_labels, test_labels = labels[:90], labels[100:]  #~ train_labels, test_labels = labels[:100], labels[100:]

model = keras.Sequential([keras.Input((20,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(train, train_labels, epochs=1, verbose=0)  #!
model.evaluate(test, test_labels, verbose=0)
