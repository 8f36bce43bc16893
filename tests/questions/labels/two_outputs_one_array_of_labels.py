"""A model with two outputs, trained with one array."""
import numpy as np
from keras import Input, Model, layers

x = Input((8,))
h = layers.Dense(16, activation="relu")(x)
age, gender = layers.Dense(1, name="age")(h), layers.Dense(1, activation="sigmoid", name="gender")(h)
model = Model(x, [age, gender])
model.compile(optimizer="adam", loss=["mse", "binary_crossentropy"])
features, ages, genders = np.zeros((40, 8)), np.zeros((40, 1)), np.zeros((40, 1))
labels = np.hstack([ages, genders])  #~ labels = [ages, genders]
model.fit(features, labels, verbose=0)  #!
