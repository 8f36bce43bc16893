"""Labels 0 ... 9, and a loss for one-hot labels."""
import numpy as np
from tensorflow import keras

x_train, y_train = np.random.rand(256, 784), np.random.randint(0, 10, 256)
model = keras.Sequential([
    keras.layers.Input((784,)),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="categorical_crossentropy")  #~ model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(x_train, y_train, epochs=1, batch_size=50, verbose=0)  #!
