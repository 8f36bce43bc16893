import importlib

import torch
import torch.nn as nn
from torch.nn import functional as F


def get_class(class_name, modules):
    for module in modules:
        m = importlib.import_module(module)
        clazz = getattr(m, class_name, None)
        if clazz is not None:
            return clazz
    raise RuntimeError(f"Unsupported class: {class_name}")


def create_conv(in_channels, out_channels, kernel_size, order, num_groups, padding):
    assert "c" in order, "Conv layer MUST be present"
    modules = []
    for i, char in enumerate(order):
        if char == "r":
            modules.append(("ReLU", nn.ReLU(inplace=True)))
        elif char == "l":
            modules.append(("LeakyReLU", nn.LeakyReLU(inplace=True)))
        elif char == "e":
            modules.append(("ELU", nn.ELU(inplace=True)))
        elif char == "c":
            bias = not ("g" in order or "b" in order)
            modules.append(("conv", nn.Conv3d(in_channels, out_channels, kernel_size, padding=padding, bias=bias)))
        elif char == "g":
            num_channels = in_channels if i < order.index("c") else out_channels
            if num_channels < num_groups:
                num_groups = 1
            assert num_channels % num_groups == 0
            modules.append(("groupnorm", nn.GroupNorm(num_groups=num_groups, num_channels=num_channels)))
        elif char == "b":
            modules.append(("batchnorm", nn.BatchNorm3d(in_channels if i < order.index("c") else out_channels)))
        else:
            raise ValueError(f"Unsupported layer type '{char}'")
    return modules


class SingleConv(nn.Sequential):
    def __init__(self, in_channels, out_channels, kernel_size=3, order="gcr", num_groups=4, padding=1):
        super(SingleConv, self).__init__()
        for name, module in create_conv(in_channels, out_channels, kernel_size, order, num_groups, padding):
            self.add_module(name, module)


class DoubleConv(nn.Sequential):
    def __init__(self, in_channels, out_channels, encoder, **kwargs):
        super(DoubleConv, self).__init__()
        if encoder:
            conv1_in, conv1_out = in_channels, max(out_channels // 2, in_channels)
            conv2_in, conv2_out = conv1_out, out_channels
        else:
            conv1_in, conv1_out = in_channels, out_channels
            conv2_in, conv2_out = out_channels, out_channels
        self.add_module("SingleConv1", SingleConv(conv1_in, conv1_out, **kwargs))
        self.add_module("SingleConv2", SingleConv(conv2_in, conv2_out, **kwargs))


class Encoder(nn.Module):
    def __init__(self, in_channels, out_channels, pool_kernel_size=2, apply_pooling=True, basic_module=DoubleConv, **kwargs):
        super().__init__()
        self.pooling = nn.MaxPool3d(kernel_size=pool_kernel_size) if apply_pooling else None
        self.basic_module = basic_module(in_channels, out_channels, encoder=True, **kwargs)

    def forward(self, x):
        if self.pooling is not None:
            x = self.pooling(x)
        return self.basic_module(x)


class Decoder(nn.Module):
    def __init__(self, in_channels, out_channels, basic_module=DoubleConv, **kwargs):
        super().__init__()
        self.basic_module = basic_module(in_channels, out_channels, encoder=False, **kwargs)

    def forward(self, encoder_features, x):
        x = F.interpolate(x, size=encoder_features.size()[2:], mode="nearest")
        x = torch.cat((encoder_features, x), dim=1)
        return self.basic_module(x)


def number_of_features_per_level(init_channel_number, num_levels):
    return [init_channel_number * 2 ** k for k in range(num_levels)]


class UNet3D(nn.Module):
    def __init__(self, in_channels, out_channels, f_maps=8, num_levels=3, final_sigmoid=True, layer_order="gcr", **kwargs):
        super().__init__()
        if isinstance(f_maps, int):
            f_maps = number_of_features_per_level(f_maps, num_levels=num_levels)
        encoders = []
        for i, out_feature_num in enumerate(f_maps):
            if i == 0:
                encoders.append(Encoder(in_channels, out_feature_num, apply_pooling=False, order=layer_order))
            else:
                encoders.append(Encoder(f_maps[i - 1], out_feature_num, order=layer_order))
        self.encoders = nn.ModuleList(encoders)
        decoders = []
        reversed_f_maps = list(reversed(f_maps))
        for i in range(len(reversed_f_maps) - 1):
            decoders.append(Decoder(reversed_f_maps[i] + reversed_f_maps[i + 1], reversed_f_maps[i + 1], order=layer_order))
        self.decoders = nn.ModuleList(decoders)
        self.final_conv = nn.Conv3d(f_maps[0], out_channels, 1)
        self.final_activation = nn.Sigmoid() if final_sigmoid else nn.Softmax(dim=1)

    def forward(self, x):
        encoders_features = []
        for encoder in self.encoders:
            x = encoder(x)
            encoders_features.insert(0, x)
        encoders_features = encoders_features[1:]
        for decoder, encoder_features in zip(self.decoders, encoders_features):
            x = decoder(encoder_features, x)
        x = self.final_conv(x)
        if not self.training:
            x = self.final_activation(x)
        return x


config = {"model": {"in_channels": 1, "out_channels": 2, "f_maps": 4, "layer_order": "cbl", "name": "UNet3D"},
          "loss": {"name": "BCEWithLogitsLoss"}}
name = config["model"].pop("name")
model = {"UNet3D": UNet3D}[name](**config["model"])
volume = torch.randn(1, 1, 9, 12, 15)
out = model(volume)
loss = get_class(config["loss"]["name"], ["torch.nn"])()(out, torch.rand_like(out))
plain = UNet3D(2, 3, f_maps=[4, 8], final_sigmoid=False).eval()
probabilities = plain(torch.randn(2, 2, 8, 8, 10))
