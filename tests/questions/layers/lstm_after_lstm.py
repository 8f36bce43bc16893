"""The first LSTM gives its last state only."""
from tensorflow.keras import Input
from tensorflow.keras.layers import LSTM, Dense
from tensorflow.keras.models import Sequential

model = Sequential()
model.add(Input((30, 2)))
model.add(LSTM(50))  #~ model.add(LSTM(50, return_sequences=True))
model.add(LSTM(50))  #!
model.add(Dense(1))
