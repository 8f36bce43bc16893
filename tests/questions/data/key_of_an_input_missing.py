"""The inputs have names, and the data has others."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

title, body = keras.Input((10,), name="title"), keras.Input((50,), name="body")
features = layers.Concatenate()([layers.Dense(4)(title), layers.Dense(4)(body)])
model = keras.Model({"title": title, "body": body}, layers.Dense(1, activation="sigmoid")(features))
model.compile("adam", "binary_crossentropy")
data = {"title": np.zeros((16, 10)), "text": np.zeros((16, 50))}  #~ data = {"title": np.zeros((16, 10)), "body": np.zeros((16, 50))}
model.fit(data, np.zeros((16, 1)), verbose=0)  #!
