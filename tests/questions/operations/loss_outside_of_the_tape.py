"""The loss is computed after the tape has stopped to record: there are no gradients."""
import numpy as np
import tensorflow as tf
from keras import Sequential, layers, losses, optimizers

images = np.random.rand(64, 28, 28, 1).astype("float32")
labels = np.random.randint(0, 10, 64)
model = Sequential([layers.Conv2D(8, 3, activation="relu"), layers.Flatten(), layers.Dense(10)])
optimizer = optimizers.Adam(1e-3)
loss_of = losses.SparseCategoricalCrossentropy(from_logits=True)


def train(batches):
    for x, y in batches:
        with tf.GradientTape() as tape:
            logits = model(x, training=True)  #~ loss = loss_of(y, model(x, training=True))
        loss = loss_of(y, logits)  #~
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply_gradients(zip(gradients, model.trainable_weights))  #!
        print(float(loss))


train(tf.data.Dataset.from_tensor_slices((images, labels)).batch(16))
