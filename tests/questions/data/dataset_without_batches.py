"""A dataset of single samples."""
import tensorflow as tf
from tensorflow.keras import layers, models

x, y = tf.random.normal((64, 10)), tf.zeros((64, 1))
train = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(64)  #~ train = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(64).batch(16)
model = models.Sequential([layers.Input((10,)), layers.Dense(4, activation="relu"), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(train, epochs=1, verbose=0)  #!
