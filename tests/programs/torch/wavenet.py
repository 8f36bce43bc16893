import torch
import torch.nn as nn
import torch.nn.functional as F


class CausalConv1d(nn.Conv1d):
    def __init__(self, in_channels, out_channels, kernel_size, dilation=1, **kwargs):
        self.left = (kernel_size - 1) * dilation
        super().__init__(in_channels, out_channels, kernel_size, dilation=dilation, **kwargs)

    def forward(self, x):
        return super().forward(F.pad(x, (self.left, 0)))


class ResidualBlock(nn.Module):
    def __init__(self, residual, gate, skip, kernel_size, dilation, cond=None):
        super().__init__()
        self.dilated = CausalConv1d(residual, gate, kernel_size, dilation=dilation)
        self.cond = nn.Conv1d(cond, gate, 1, bias=False) if cond is not None and cond > 0 else None
        self.out = nn.Conv1d(gate // 2, residual, 1)
        self.skip = nn.Conv1d(gate // 2, skip, 1)

    def forward(self, x, c=None):
        h = self.dilated(x)
        if c is not None:
            assert self.cond is not None
            h = h + self.cond(c)
        a, b = h.split(h.size(1) // 2, dim=1)
        h = torch.tanh(a) * torch.sigmoid(b)
        return (self.out(h) + x) * (0.5 ** 0.5), self.skip(h)


class WaveNet(nn.Module):
    def __init__(self, classes=32, layers=6, stacks=2, residual=10, gate=12, skip=14, kernel_size=3, cond=5, *,
                 upsample=(2, 3)):
        super().__init__()
        assert layers % stacks == 0
        per_stack = layers // stacks
        self.classes = classes
        self.first = nn.Conv1d(classes, residual, 1)
        self.blocks = nn.ModuleList([
            ResidualBlock(residual, gate, skip, kernel_size, 2 ** (layer % per_stack), cond=cond)
            for layer in range(layers)
        ])
        self.last = nn.Sequential(nn.ReLU(inplace=True), nn.Conv1d(skip, skip, 1), nn.ReLU(inplace=True),
                                  nn.Conv1d(skip, classes, 1))
        self.upsample = nn.ModuleList()
        for scale in upsample:
            self.upsample.append(nn.ConvTranspose2d(1, 1, (3, scale), padding=(1, 0), stride=(1, scale)))
        self.receptive = (kernel_size - 1) * sum(2 ** (n % per_stack) for n in range(layers)) + 1

    def forward(self, x, c=None):
        x = F.one_hot(x, self.classes).float().transpose(1, 2)
        if c is not None:
            c = c.unsqueeze(1)
            for up in self.upsample:
                c = F.leaky_relu(up(c), 0.4)
            c = c.squeeze(1)
            assert c.size(-1) == x.size(-1)
        h = self.first(x)
        skips = 0
        for block in self.blocks:
            h, s = block(h, c)
            skips = skips + s
        skips *= (1.0 / len(self.blocks)) ** 0.5
        return self.last(skips)


net = WaveNet()
wave = torch.randint(0, 32, (2, 30))
logits = net(wave, torch.randn(2, 5, 5))
loss = F.cross_entropy(logits[:, :, :-1], wave[:, 1:])
window = torch.hann_window(16)
spectrum = torch.stft(torch.randn(2, 100), n_fft=16, hop_length=4, window=window, return_complex=True).abs()
frames = torch.randn(2, 100).unfold(-1, 10, 5)
