"""Labels of one column for a binary loss on two units."""
import numpy as np
from tensorflow.keras import layers, models

train, target = np.random.rand(80, 6), np.random.randint(0, 2, size=(80, 1))
net = models.Sequential()
net.add(layers.Input(shape=(6,)))
net.add(layers.Dense(12, activation="relu"))
net.add(layers.Dense(2, activation="sigmoid"))  #~ net.add(layers.Dense(1, activation="sigmoid"))
net.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
net.fit(train, target, epochs=1, batch_size=30, verbose=0)  #!
