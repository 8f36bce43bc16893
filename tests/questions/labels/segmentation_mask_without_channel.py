"""Masks lack the axis of the channel, and the sizes differ."""
import numpy as np
import keras
from keras import layers

images, masks = np.zeros((6, 32, 32, 3)), np.zeros((6, 32, 32, 1))
inputs = keras.Input((32, 32, 3))
x = layers.Conv2D(8, 3, activation="relu")(inputs)  #~ x = layers.Conv2D(8, 3, activation="relu", padding="same")(inputs)
outputs = layers.Conv2D(1, 1, activation="sigmoid")(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="binary_crossentropy")
model.fit(images, masks, batch_size=4, epochs=1, verbose=0)  #!
