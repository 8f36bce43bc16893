"""Predicting a single image with a model that takes batches."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([
    keras.Input(shape=(64, 64, 3)),
    layers.Conv2D(16, 3, activation="relu"),
    layers.GlobalAveragePooling2D(),
    layers.Dense(1, activation="sigmoid"),
])
image = np.random.rand(64, 64, 3)  #~ image = np.random.rand(64, 64, 3)[np.newaxis, ...]
probability = model.predict(image, verbose=0)  #!
