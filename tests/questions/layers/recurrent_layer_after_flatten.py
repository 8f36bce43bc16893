"""Flatten takes away the steps."""
from keras import Input, Sequential
from keras.layers import GRU, Conv1D, Dense, Flatten, MaxPooling1D

model = Sequential([
    Input((100, 1)),
    Conv1D(16, 5, activation="relu"),
    MaxPooling1D(2),
])
model.add(Flatten())  #~ model.add(MaxPooling1D(2))
model.add(GRU(8))  #!
model.add(Dense(1))
