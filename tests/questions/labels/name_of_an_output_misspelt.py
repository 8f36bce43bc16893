"""The keys of the losses are not the names of the outputs."""
import numpy as np
import keras
from keras import layers

x = keras.Input((10,))
outputs = [layers.Dense(3, activation="softmax", name="kind")(x), layers.Dense(1, name="price")(x)]
model = keras.Model(x, outputs)
model.compile("adam", loss={"kind": "categorical_crossentropy", "cost": "mse"})  #~ model.compile("adam", loss={"kind": "categorical_crossentropy", "price": "mse"})
model.fit(np.zeros((20, 10)), [np.zeros((20, 3)), np.zeros((20, 1))], verbose=0)  #!
