"""A stateful model remembers its batch size."""
import numpy as np
from keras import Input
from keras.layers import LSTM, Dense
from keras.models import Sequential

batch_size, steps = 8, 5
model = Sequential()
model.add(Input(batch_shape=(batch_size, steps, 1)))
model.add(LSTM(10, stateful=True))
model.add(Dense(1))
model.compile(loss="mse", optimizer="adam")
model.fit(np.zeros((32, steps, 1)), np.zeros((32, 1)), batch_size=batch_size, shuffle=False, verbose=0)
testX = np.zeros((1, steps, 1))  #~ testX = np.zeros((8, steps, 1))
forecast = model.predict(testX, batch_size=batch_size, verbose=0)  #!
