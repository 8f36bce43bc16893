from torch import nn

import encoder
from sizes import *


class Decoder(nn.Module):
    def __init__(self, depth=DEPTH):
        super().__init__()
        self.up = nn.ConvTranspose2d(depth, 3, FACTOR, stride=FACTOR)

    def forward(self, x):
        return self.up(x)


def whole():
    return encoder.Encoder()
