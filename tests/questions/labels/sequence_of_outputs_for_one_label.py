"""An LSTM that gives every step, for one label per sample."""
import numpy as np
from keras import Input
from keras.layers import LSTM, Dense
from keras.models import Sequential

X, y = np.random.rand(20, 7, 3), np.random.randint(0, 2, (20, 1))
model = Sequential()
model.add(Input((7, 3)))
model.add(LSTM(8, return_sequences=True))  #~ model.add(LSTM(8))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam")
model.fit(X, y, epochs=1, verbose=0)  #!
