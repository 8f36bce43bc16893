from torch import nn


class Head(nn.Module):
    def __init__(self, width, out=5):
        super().__init__()
        self.conv = nn.Conv2d(width, out, 1)

    def forward(self, x):
        return self.conv(x)
