from collections import deque, namedtuple

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Categorical, Normal

Transition = namedtuple("Transition", ("state", "action", "next_state", "reward"))


class ReplayMemory:
    def __init__(self, capacity):
        self.memory = deque([], maxlen=capacity)

    def push(self, *args):
        self.memory.append(Transition(*args))

    def sample(self, batch_size):
        return list(self.memory)[:batch_size]

    def __len__(self):
        return len(self.memory)


class DQN(nn.Module):
    def __init__(self, n_observations, n_actions):
        super().__init__()
        self.layer1 = nn.Linear(n_observations, 32)
        self.layer2 = nn.Linear(32, 32)
        self.layer3 = nn.Linear(32, n_actions)

    def forward(self, x):
        x = F.relu(self.layer1(x))
        x = F.relu(self.layer2(x))
        return self.layer3(x)


def layer_init(layer, std=np.sqrt(2), bias_const=0.0):
    torch.nn.init.orthogonal_(layer.weight, std)
    torch.nn.init.constant_(layer.bias, bias_const)
    return layer


class Agent(nn.Module):
    def __init__(self, observation_shape, n_actions):
        super().__init__()
        self.network = nn.Sequential(
            layer_init(nn.Conv2d(observation_shape[0], 8, 8, stride=4)),
            nn.ReLU(),
            layer_init(nn.Conv2d(8, 16, 4, stride=2)),
            nn.ReLU(),
            nn.Flatten(),
        )
        with torch.no_grad():
            size = self.network(torch.zeros(1, *observation_shape)).shape[1]
        self.body = nn.Sequential(layer_init(nn.Linear(size, 24)), nn.ReLU())
        self.actor = layer_init(nn.Linear(24, n_actions), std=0.01)
        self.critic = layer_init(nn.Linear(24, 1), std=1)
        self.actor_logstd = nn.Parameter(torch.zeros(1, n_actions))

    def get_value(self, x):
        return self.critic(self.body(self.network(x / 255.0)))

    def forward(self, x):
        hidden = self.body(self.network(x / 255.0))
        logits = self.actor(hidden)
        std = torch.exp(self.actor_logstd.expand_as(logits))
        return logits, std, self.critic(hidden)


BATCH_SIZE, GAMMA = 6, 0.99
policy_net, target_net = DQN(4, 3), DQN(4, 3)
memory = ReplayMemory(100)
for step in range(10):
    state = torch.rand(1, 4)
    action = policy_net(state).max(1).indices.view(1, 1)
    following = torch.rand(1, 4) if step % 3 else None
    memory.push(state, action, following, torch.tensor([1.0]))
transitions = memory.sample(BATCH_SIZE)
batch = Transition(*zip(*transitions))
non_final_mask = torch.tensor(tuple(map(lambda s: s is not None, batch.next_state)), dtype=torch.bool)
non_final_next_states = torch.cat([s for s in batch.next_state if s is not None])
state_batch = torch.cat(batch.state)
action_batch = torch.cat(batch.action)
reward_batch = torch.cat(batch.reward)
state_action_values = policy_net(state_batch).gather(1, action_batch)
next_state_values = torch.zeros(BATCH_SIZE)
with torch.no_grad():
    next_state_values[non_final_mask] = target_net(non_final_next_states).max(1).values
expected = (next_state_values * GAMMA) + reward_batch
loss = nn.SmoothL1Loss()(state_action_values, expected.unsqueeze(1))
loss.backward()

agent = Agent((4, 84, 60), 5)
logits, std, value = agent(torch.zeros(7, 4, 84, 60))
newlogprob = logits.log_softmax(-1)
entropy = -(newlogprob.exp() * newlogprob).sum(-1)
advantages = torch.zeros(5, 7)
for t in reversed(range(5)):
    advantages[t] = value.squeeze(-1) * t
flat = advantages.reshape(-1)
