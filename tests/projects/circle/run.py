import torch
from decoder import whole
from encoder import Encoder as Net
from sizes import AREA, SHAPE

net = Net()
out = net(torch.zeros(SHAPE))
again = whole()(torch.zeros(*SHAPE))
flat = torch.zeros(AREA, 2).reshape(SHAPE[2], -1)
bad = torch.nn.Conv2d(4, 4, 1)(out)
