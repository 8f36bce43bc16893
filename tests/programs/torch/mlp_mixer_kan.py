from functools import partial

import torch
from torch import nn


class PreNormResidual(nn.Module):
    def __init__(self, dim, fn):
        super().__init__()
        self.fn = fn
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        return self.fn(self.norm(x)) + x


def FeedForward(dim, expansion_factor=4, dropout=0.0, dense=nn.Linear):
    inner_dim = int(dim * expansion_factor)
    return nn.Sequential(
        dense(dim, inner_dim),
        nn.GELU(),
        nn.Dropout(dropout),
        dense(inner_dim, dim),
        nn.Dropout(dropout),
    )


def pair(x):
    return x if isinstance(x, tuple) else (x, x)


class Patches(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        b, c = x.shape[:2]
        x = x.unfold(2, self.size, self.size).unfold(3, self.size, self.size)
        h, w = x.size(2), x.size(3)
        return x.permute(0, 2, 3, 4, 5, 1).reshape(b, h * w, self.size ** 2 * c)


class Mean(nn.Module):
    def forward(self, x):
        return x.mean(dim=1)


def MLPMixer(*, image_size, channels, patch_size, dim, depth, num_classes, expansion_factor=4,
             expansion_factor_token=0.5, dropout=0.0):
    image_h, image_w = pair(image_size)
    assert (image_h % patch_size) == 0 and (image_w % patch_size) == 0, "image must be divisible by patch size"
    num_patches = (image_h // patch_size) * (image_w // patch_size)
    chan_first, chan_last = partial(nn.Conv1d, kernel_size=1), nn.Linear
    return nn.Sequential(
        Patches(patch_size),
        nn.Linear((patch_size ** 2) * channels, dim),
        *[nn.Sequential(
            PreNormResidual(dim, FeedForward(num_patches, expansion_factor, dropout, chan_first)),
            PreNormResidual(dim, FeedForward(dim, expansion_factor_token, dropout, chan_last)),
        ) for _ in range(depth)],
        nn.LayerNorm(dim),
        Mean(),
        nn.Linear(dim, num_classes),
    )


class KANLayer(nn.Module):
    """Splines on every edge."""

    def __init__(self, in_dim, out_dim, grid=5, order=3):
        super().__init__()
        self.order = order
        h = 2 / grid
        points = (torch.arange(-order, grid + order + 1) * h - 1).expand(in_dim, -1).contiguous()
        self.register_buffer("grid", points)
        self.coefficients = nn.Parameter(torch.randn(out_dim, in_dim, grid + order))
        self.base = nn.Parameter(torch.randn(out_dim, in_dim))

    def splines(self, x):
        x = x.unsqueeze(-1)
        grid = self.grid
        bases = ((x >= grid[:, :-1]) & (x < grid[:, 1:])).to(x.dtype)
        for k in range(1, self.order + 1):
            left = (x - grid[:, : -(k + 1)]) / (grid[:, k:-1] - grid[:, : -(k + 1)])
            right = (grid[:, k + 1:] - x) / (grid[:, k + 1:] - grid[:, 1:(-k)])
            bases = left * bases[:, :, :-1] + right * bases[:, :, 1:]
        return bases.contiguous()

    def forward(self, x):
        shape = x.shape
        x = x.reshape(-1, shape[-1])
        base = nn.functional.linear(nn.functional.silu(x), self.base)
        spline = nn.functional.linear(self.splines(x).view(x.size(0), -1), self.coefficients.view(self.base.size(0), -1))
        return (base + spline).reshape(*shape[:-1], -1)


mixer = MLPMixer(image_size=(24, 32), channels=3, patch_size=8, dim=20, depth=2, num_classes=9)
pred = mixer(torch.randn(2, 3, 24, 32))
kan = nn.Sequential(KANLayer(6, 10), KANLayer(10, 4, grid=7))
curve = kan(torch.rand(3, 5, 6))
