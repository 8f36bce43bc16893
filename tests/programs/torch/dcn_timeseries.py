import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Chomp1d(nn.Module):
    def __init__(self, chomp_size):
        super(Chomp1d, self).__init__()
        self.chomp_size = chomp_size

    def forward(self, x):
        return x[:, :, :-self.chomp_size].contiguous()


class TemporalBlock(nn.Module):
    def __init__(self, n_inputs, n_outputs, kernel_size, stride, dilation, padding, dropout=0.2):
        super(TemporalBlock, self).__init__()
        self.conv1 = nn.Conv1d(n_inputs, n_outputs, kernel_size, stride=stride, padding=padding, dilation=dilation)
        self.net = nn.Sequential(self.conv1, Chomp1d(padding), nn.ReLU(), nn.Dropout(dropout))
        self.downsample = nn.Conv1d(n_inputs, n_outputs, 1) if n_inputs != n_outputs else None
        self.relu = nn.ReLU()
        self.init_weights()

    def init_weights(self):
        self.conv1.weight.data.normal_(0, 0.01)
        if self.downsample is not None:
            self.downsample.weight.data.normal_(0, 0.01)

    def forward(self, x):
        out = self.net(x)
        res = x if self.downsample is None else self.downsample(x)
        return self.relu(out + res)


class TemporalConvNet(nn.Module):
    def __init__(self, num_inputs, num_channels, kernel_size=2, dropout=0.2):
        super().__init__()
        layers = []
        num_levels = len(num_channels)
        for i in range(num_levels):
            dilation_size = 2 ** i
            in_channels = num_inputs if i == 0 else num_channels[i - 1]
            layers += [TemporalBlock(in_channels, num_channels[i], kernel_size, stride=1, dilation=dilation_size,
                                     padding=(kernel_size - 1) * dilation_size, dropout=dropout)]
        self.network = nn.Sequential(*layers)

    def forward(self, x):
        return self.network(x)


class NBeatsBlock(nn.Module):
    def __init__(self, units, thetas_dim, backcast_length=10, forecast_length=5, share_thetas=False):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(backcast_length, units), nn.ReLU(), nn.Linear(units, units), nn.ReLU())
        self.backcast_linspace = np.arange(backcast_length) / backcast_length
        self.forecast_linspace = np.arange(forecast_length) / forecast_length
        self.theta_f = nn.Linear(units, thetas_dim, bias=False)
        self.theta_b = self.theta_f if share_thetas else nn.Linear(units, thetas_dim, bias=False)

    def trend(self, thetas, t):
        p = thetas.size()[-1]
        T = torch.tensor(np.array([t ** i for i in range(p)])).float()
        return thetas.mm(T)

    def forward(self, x):
        x = self.fc(x)
        return self.trend(self.theta_b(x), self.backcast_linspace), self.trend(self.theta_f(x), self.forecast_linspace)


class MovingAverage(nn.Module):
    def __init__(self, kernel_size, stride):
        super().__init__()
        self.kernel_size = kernel_size
        self.avg = nn.AvgPool1d(kernel_size=kernel_size, stride=stride, padding=0)

    def forward(self, x):
        front = x[:, 0:1, :].repeat(1, (self.kernel_size - 1) // 2, 1)
        end = x[:, -1:, :].repeat(1, (self.kernel_size - 1) // 2, 1)
        x = torch.cat([front, x, end], dim=1)
        return self.avg(x.permute(0, 2, 1)).permute(0, 2, 1)


series = torch.randn(4, 3, 20)
tcn = TemporalConvNet(3, [8] * 2 + [12], kernel_size=3)
features = tcn(series)
score = nn.Linear(12, 2)(features[:, :, -1])
residuals = torch.randn(4, 10)
forecast = torch.zeros(size=(residuals.size(0), 5))
for block in [NBeatsBlock(16, 4), NBeatsBlock(16, 3, share_thetas=True)]:
    b, f = block(residuals)
    residuals = residuals - b
    forecast = forecast + f
trend = MovingAverage(5, 1)(series.transpose(1, 2))
seasonal = series.transpose(1, 2) - trend
windows = torch.stack([series[..., i:i + 6] for i in range(0, 20 - 6 + 1, 4)], dim=1)
