"""A loss of one's own takes the difference of what does not fit."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Sequential, layers


def weighted_error(y_true, y_pred):
    return tf.reduce_mean(tf.square(y_true - y_pred), axis=-1)  #!


model = Sequential([Input((5,)), layers.Dense(3)])  #~ model = Sequential([Input((5,)), layers.Dense(2)])
model.compile("adam", loss=weighted_error)
model.fit(np.zeros((50, 5)), np.zeros((50, 2)), verbose=0)
