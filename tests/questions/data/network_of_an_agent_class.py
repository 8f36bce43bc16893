"""An agent asks its network for the values of one state."""
import random
from collections import deque

import numpy as np
from tensorflow import keras


class Agent:
    def __init__(self, states, actions):
        self.states, self.actions = states, actions
        self.memory = deque(maxlen=2000)
        self.model = self.build()

    def build(self):
        model = keras.Sequential()
        model.add(keras.layers.Input((self.states,)))
        model.add(keras.layers.Dense(24, activation="relu"))
        model.add(keras.layers.Dense(self.actions))
        model.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate=0.01))
        return model

    def act(self, state):
        return np.argmax(self.model.predict(state, verbose=0)[0])  #!


agent = Agent(states=8, actions=4)
observation = np.zeros(8)  #~ observation = np.zeros((1, 8))
action = agent.act(observation)
