"""A column is no axis of a vector."""
import numpy as np


def normalise(values):
    largest = np.abs(values).max(axis=1, keepdims=True)  #!
    return values / largest


signal = np.arange(30.0)  #~ signal = np.arange(30.0).reshape(5, 6)
result = normalise(signal)
