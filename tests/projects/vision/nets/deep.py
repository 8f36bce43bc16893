import torch
from torch import nn

from config import WIDTH, scaled

from .shallow import Head

HEADS = {"small": 2, "large": 4}


class Deep(nn.Module):
    def __init__(self, width=WIDTH, heads=2):
        super().__init__()
        self.first = nn.Conv2d(3, width, 3)
        self.heads = nn.ModuleList([Head(width) for _ in range(heads)])

    def forward(self, x):
        x = self.first(x)
        return [head(x) for head in self.heads]


def make(size):
    return Deep(scaled(WIDTH), HEADS[size])
