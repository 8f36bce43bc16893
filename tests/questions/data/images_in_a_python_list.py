"""Each image of a list is taken for one input."""
import numpy as np
import keras
from keras import layers

images = [np.zeros((20, 20, 3)) for _ in range(12)]  #~ images = np.array([np.zeros((20, 20, 3)) for _ in range(12)])
labels = np.zeros((12, 1))
inputs = keras.Input(shape=(20, 20, 3))
x = layers.Flatten()(layers.Conv2D(4, 3)(inputs))
model = keras.Model(inputs=inputs, outputs=layers.Dense(1)(x))
model.compile(optimizer="adam", loss="mae")
model.fit(images, labels, epochs=1, verbose=0)  #!
