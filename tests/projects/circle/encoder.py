from torch import nn

import sizes
from decoder import Decoder


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, sizes.DEPTH, 2, stride=2)
        self.up = Decoder(sizes.DEPTH)

    def forward(self, x):
        return self.up(self.down(x))
