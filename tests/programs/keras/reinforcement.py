"""A DQN agent: a plain class that owns models, deque memory, targets assigned into arrays."""
import random
from collections import deque, namedtuple

import numpy as np
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import Adam

Transition = namedtuple("Transition", ["state", "action", "reward", "next_state", "done"])


class Agent:
    hidden = 24

    def __init__(self, state_size, action_size):
        self.state_size, self.action_size = state_size, action_size
        self.memory = deque(maxlen=100)
        self.gamma, self.epsilon = 0.95, 0.5
        self.model = self._build_model()
        self.target = self._build_model()

    def _build_model(self):
        model = Sequential()
        model.add(Input((self.state_size,)))
        model.add(Dense(self.hidden, activation="relu"))
        model.add(Dense(self.hidden // 2, activation="relu"))
        model.add(Dense(self.action_size, activation="linear"))
        model.compile(loss="mse", optimizer=Adam(0.001))
        return model

    def remember(self, *args):
        self.memory.append(Transition(*args))

    def act(self, state):
        if np.random.rand() <= self.epsilon:
            return random.randrange(self.action_size)
        values = self.model.predict(state, verbose=0)
        return int(np.argmax(values[0]))

    def replay(self, batch_size):
        minibatch = random.sample(list(self.memory), batch_size)
        states = np.concatenate([t.state for t in minibatch])
        targets = self.model.predict(states, verbose=0)
        future = self.target.predict(np.vstack([t.next_state for t in minibatch]), verbose=0)
        for i, t in enumerate(minibatch):
            targets[i, t.action] = t.reward if t.done else t.reward + self.gamma * np.amax(future[i])
        self.model.fit(states, targets, epochs=1, verbose=0)
        return states, targets


agent = Agent(state_size=4, action_size=2)
state = np.reshape(np.zeros(4), [1, agent.state_size])
for t in range(10):
    action = agent.act(state)
    next_state = np.random.rand(4)[None]
    agent.remember(state, action, 1.0, next_state, t == 9)
    state = next_state
states, targets = agent.replay(8)
q = agent.model(states)
