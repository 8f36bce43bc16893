import math

import torch
from torch import nn
from torch.nn import functional as F


class EqualLinear(nn.Module):
    def __init__(self, in_dim, out_dim, bias=True, bias_init=0, lr_mul=1, activation=None):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_dim, in_dim).div_(lr_mul))
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_dim).fill_(bias_init))
        else:
            self.bias = None
        self.activation = activation
        self.scale = (1 / math.sqrt(in_dim)) * lr_mul
        self.lr_mul = lr_mul

    def forward(self, input):
        out = F.linear(input, self.weight * self.scale, bias=self.bias * self.lr_mul)
        if self.activation:
            out = F.leaky_relu(out, 0.2)
        return out

    def __repr__(self):
        return f"{self.__class__.__name__}({self.weight.shape[1]}, {self.weight.shape[0]})"


class PixelNorm(nn.Module):
    def forward(self, input):
        return input * torch.rsqrt(torch.mean(input ** 2, dim=1, keepdim=True) + 1e-8)


class ModulatedConv2d(nn.Module):
    def __init__(self, in_channel, out_channel, kernel_size, style_dim, demodulate=True, upsample=False):
        super().__init__()
        self.eps = 1e-8
        self.kernel_size = kernel_size
        self.in_channel = in_channel
        self.out_channel = out_channel
        self.upsample = upsample
        self.padding = kernel_size // 2
        fan_in = in_channel * kernel_size ** 2
        self.scale = 1 / math.sqrt(fan_in)
        self.weight = nn.Parameter(torch.randn(1, out_channel, in_channel, kernel_size, kernel_size))
        self.modulation = EqualLinear(style_dim, in_channel, bias_init=1)
        self.demodulate = demodulate

    def forward(self, input, style):
        batch, in_channel, height, width = input.shape
        style = self.modulation(style).view(batch, 1, in_channel, 1, 1)
        weight = self.scale * self.weight * style
        if self.demodulate:
            demod = torch.rsqrt(weight.pow(2).sum([2, 3, 4]) + 1e-8)
            weight = weight * demod.view(batch, self.out_channel, 1, 1, 1)
        weight = weight.view(batch * self.out_channel, in_channel, self.kernel_size, self.kernel_size)
        if self.upsample:
            input = input.view(1, batch * in_channel, height, width)
            weight = weight.view(batch, self.out_channel, in_channel, self.kernel_size, self.kernel_size)
            weight = weight.transpose(1, 2).reshape(
                batch * in_channel, self.out_channel, self.kernel_size, self.kernel_size)
            out = F.conv_transpose2d(input, weight, padding=0, stride=2, groups=batch)
        else:
            input = input.reshape(1, batch * in_channel, height, width)
            out = F.conv2d(input, weight, padding=self.padding, groups=batch)
        _, _, height, width = out.shape
        return out.view(batch, self.out_channel, height, width)


class NoiseInjection(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, image, noise=None):
        if noise is None:
            batch, _, height, width = image.shape
            noise = image.new_empty(batch, 1, height, width).normal_()
        return image + self.weight * noise


class Generator(nn.Module):
    def __init__(self, size, style_dim, n_mlp, width=16):
        super().__init__()
        layers = [PixelNorm()]
        for i in range(n_mlp):
            layers.append(EqualLinear(style_dim, style_dim, lr_mul=0.01, activation="fused_lrelu"))
        self.style = nn.Sequential(*layers)
        self.channels = {2 ** n: max(width // 2 ** (n - 2), 4) for n in range(2, int(math.log(size, 2)) + 1)}
        self.input = nn.Parameter(torch.randn(1, self.channels[4], 4, 4))
        self.convs = nn.ModuleList()
        self.noises = nn.ModuleList()
        in_channel = self.channels[4]
        for i in range(3, int(math.log(size, 2)) + 1):
            out_channel = self.channels[2 ** i]
            self.convs.append(ModulatedConv2d(in_channel, out_channel, 3, style_dim, upsample=True))
            self.convs.append(ModulatedConv2d(out_channel, out_channel, 3, style_dim))
            in_channel = out_channel
        for _ in self.convs:
            self.noises.append(NoiseInjection())
        self.to_rgb = ModulatedConv2d(in_channel, 3, 1, style_dim, demodulate=False)

    def forward(self, noise):
        latent = self.style(noise)
        out = self.input.repeat(latent.shape[0], 1, 1, 1)
        for conv, noise in zip(self.convs, self.noises):
            out = noise(conv(out, latent))
        return self.to_rgb(out, latent)


class MinibatchStd(nn.Module):
    def forward(self, x, group=2):
        batch, channel, height, width = x.shape
        group = min(batch, group)
        stddev = x.view(group, -1, 1, channel, height, width)
        stddev = torch.sqrt(stddev.var(0, unbiased=False) + 1e-8)
        stddev = stddev.mean([2, 3, 4], keepdims=True).squeeze(2)
        stddev = stddev.repeat(group, 1, height, width)
        return torch.cat([x, stddev], 1)


fake = Generator(16, 12, 2)(torch.randn(4, 12))
features = MinibatchStd()(fake)
real = torch.rand_like(fake).requires_grad_(True)
score = F.softplus(-real.mean((1, 2, 3)))
(grad_real,) = torch.autograd.grad(outputs=score.sum(), inputs=real, create_graph=True)
grad_penalty = grad_real.pow(2).reshape(grad_real.shape[0], -1).sum(1).mean()
print(repr(EqualLinear(3, 4)))
