"""One weight per sample, where the loss has one number per step."""
import numpy as np
from keras import Input, layers, models

model = models.Sequential([Input((9, 2)), layers.LSTM(4, return_sequences=True), layers.Dense(1)])
model.compile(loss="mse", optimizer="adam")
x, y = np.zeros((20, 9, 2)), np.zeros((20, 9, 1))
weights = np.ones(20)  #~ weights = np.ones((20, 9))
model.fit(x, y, sample_weight=weights, verbose=0)  #!
