"""Keras 2: two LSTM layers, and the first gives its last state only."""
from tf_keras.layers import LSTM, Dense, Dropout
from tf_keras.models import Sequential

model = Sequential()
model.add(LSTM(50, input_shape=(60, 1)))  #~ model.add(LSTM(50, return_sequences=True, input_shape=(60, 1)))
model.add(Dropout(0.2))
model.add(LSTM(50))  #!
model.add(Dense(units=1))
model.compile(optimizer="adam", loss="mean_squared_error")
