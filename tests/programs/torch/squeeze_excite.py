import math

import torch
from torch import nn
from torch.nn import functional as F


class Swish(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(x)


class SqueezeExcitation(nn.Module):
    def __init__(self, channel, reduction=4, act=nn.ReLU, gate=nn.Hardsigmoid):
        super().__init__()
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(
            nn.Linear(channel, channel // reduction, bias=False),
            act(inplace=True) if act is nn.ReLU else act(),
            nn.Linear(channel // reduction, channel, bias=False),
            gate(),
        )

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.avg_pool(x).view(b, c)
        y = self.fc(y).view(b, c, 1, 1)
        return x * y.expand_as(x)


class ECA(nn.Module):
    """Efficient channel attention: the kernel size follows from the number of channels."""

    def __init__(self, channels, gamma=2, b=1):
        super().__init__()
        t = int(abs((math.log2(channels) + b) / gamma))
        k = t if t % 2 else t + 1
        self.conv = nn.Conv1d(1, 1, kernel_size=k, padding=(k - 1) // 2, bias=False)

    def forward(self, x):
        y = F.adaptive_avg_pool2d(x, 1)
        y = self.conv(y.squeeze(-1).transpose(-1, -2)).transpose(-1, -2).unsqueeze(-1)
        return x * y.sigmoid()


class CBAM(nn.Module):
    def __init__(self, channels, ratio=8, kernel_size=7):
        super().__init__()
        self.shared = nn.Sequential(
            nn.Conv2d(channels, max(channels // ratio, 1), 1, bias=False),
            nn.ReLU(),
            nn.Conv2d(max(channels // ratio, 1), channels, 1, bias=False),
        )
        self.spatial = nn.Conv2d(2, 1, kernel_size, padding=kernel_size // 2, bias=False)

    def forward(self, x):
        avg = self.shared(F.adaptive_avg_pool2d(x, 1))
        peak = self.shared(F.adaptive_max_pool2d(x, 1))
        x = x * torch.sigmoid(avg + peak)
        mean = torch.mean(x, dim=1, keepdim=True)
        highest, _ = torch.max(x, dim=1, keepdim=True)
        scale = torch.sigmoid(self.spatial(torch.cat([mean, highest], dim=1)))
        return x * scale


ATTENTION = {"se": SqueezeExcitation, "eca": ECA, "cbam": CBAM, "none": lambda channels: nn.Identity()}


class Net(nn.Module):
    def __init__(self, attention="se", widths=(12, 20)):
        super().__init__()
        self.stages = nn.ModuleDict()
        before = 3
        for number, width in enumerate(widths, start=1):
            self.stages[f"stage{number}"] = nn.Sequential(
                nn.Conv2d(before, width, 3, stride=2, padding=1),
                Swish(),
                ATTENTION[attention](width),
            )
            before = width
        self.head = nn.Linear(before, 5)

    def forward(self, x):
        for name in self.stages:
            x = self.stages[name](x)
        return self.head(x.mean((2, 3)))


for kind in ATTENTION:
    out = Net(kind)(torch.randn(2, 3, 33, 21))
