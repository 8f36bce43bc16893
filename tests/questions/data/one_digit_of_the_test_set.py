"""The prediction of one digit, which has neither the axis of the batch nor the one of the channels."""
import keras
import numpy as np
from keras import layers

x_test = np.random.randint(0, 256, (100, 28, 28))
model = keras.Sequential(
    [keras.Input((28, 28, 1)), layers.Conv2D(8, 3, activation="relu"), layers.Flatten(), layers.Dense(10)]
)
digit = x_test[0] / 255.0
guess = np.argmax(model.predict(digit, verbose=0))  #! #~ guess = np.argmax(model.predict(digit[None, ..., None], verbose=0))
