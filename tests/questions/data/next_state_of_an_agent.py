"""A state of an environment is one vector; the network takes a batch of them."""
import numpy as np
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import Adam

state_size, action_size = 4, 2
model = Sequential()
model.add(Input(shape=(state_size,)))
model.add(Dense(24, activation="relu"))
model.add(Dense(action_size, activation="linear"))
model.compile(loss="mse", optimizer=Adam(learning_rate=0.001))

state = np.array([0.1, 0.2, 0.0, -0.1])
q_values = model.predict(state, verbose=0)  #~ q_values = model.predict(state.reshape(1, state_size), verbose=0) #!
