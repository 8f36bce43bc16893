"""A table goes into an LSTM."""
import numpy as np
from keras import Input
from keras.layers import LSTM, Dense
from keras.models import Sequential

X_train = np.random.rand(50, 8)
X_train = X_train.astype("float32")  #~ X_train = X_train.reshape(50, 1, 8)
y_train = np.random.rand(50, 1)

model = Sequential([Input((1, 8)), LSTM(16), Dense(1)])
model.compile("adam", "mse")
model.fit(X_train, y_train, epochs=1, verbose=0)  #!
