"""Three outputs for two targets."""
import numpy as np
import tensorflow as tf

x, targets = np.random.rand(33, 5), np.random.rand(33, 2)
model = tf.keras.Sequential([
    tf.keras.Input((5,)),
    tf.keras.layers.Dense(10, activation="relu"),
    tf.keras.layers.Dense(3),  #~ tf.keras.layers.Dense(2),
])
model.compile(loss="mse", optimizer="adam")
model.fit(x, targets, epochs=1, verbose=0)  #!
