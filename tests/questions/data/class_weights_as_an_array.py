"""class_weight takes a dict."""
import numpy as np
from tensorflow.keras import Input, Sequential, layers

weights = [0.5, 2.0]  #~ weights = {0: 0.5, 1: 2.0}
model = Sequential([Input((4,)), layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(np.zeros((12, 4)), np.zeros((12,)), class_weight=weights, verbose=0)  #!
