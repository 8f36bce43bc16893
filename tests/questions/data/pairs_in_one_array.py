"""A siamese network is trained with pairs that are still one array."""
import numpy as np
import keras
from keras import layers


def embedding(shape):
    inputs = keras.Input(shape)
    x = layers.Flatten()(inputs)
    return keras.Model(inputs, layers.Dense(16, activation="relu")(x))


left, right = keras.Input((28, 28)), keras.Input((28, 28))
encode = embedding((28, 28))
distance = layers.subtract([encode(left), encode(right)])
siamese = keras.Model([left, right], layers.Dense(1, activation="sigmoid")(distance))
siamese.compile(loss="binary_crossentropy", optimizer="rmsprop")

pairs, same = np.zeros((24, 2, 28, 28)), np.zeros((24,))
siamese.fit(pairs, same, epochs=1, verbose=0)  #~ siamese.fit([pairs[:, 0], pairs[:, 1]], same, epochs=1, verbose=0) #!
