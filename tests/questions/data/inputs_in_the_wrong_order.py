"""The two inputs of a model, swapped."""
import numpy as np
from keras import Input, Model, layers

image, table = Input((16, 16, 1), name="image"), Input((5,), name="table")
features = layers.Flatten()(layers.Conv2D(4, 3)(image))
output = layers.Dense(1, activation="sigmoid")(layers.concatenate([features, table]))
model = Model([image, table], output)
model.compile("adam", "binary_crossentropy")

images, tables, y = np.zeros((10, 16, 16, 1)), np.zeros((10, 5)), np.zeros((10,))
data = [tables, images]  #~ data = [images, tables]
model.fit(data, y, verbose=0)  #!
