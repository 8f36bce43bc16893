# known: 92 %: hooks are not followed
from collections import OrderedDict

import torch
import torch.nn as nn


class Backbone(nn.Sequential):
    def __init__(self, widths):
        parts = OrderedDict()
        before = 3
        for number, width in enumerate(widths):
            parts[f"conv{number}"] = nn.Conv2d(before, width, 3, 2, 1)
            parts[f"act{number}"] = nn.ReLU()
            before = width
        super().__init__(parts)
        self.out_channels = before


class IntermediateLayerGetter(nn.ModuleDict):
    """Runs a model up to its last wanted layer, and returns what the wanted layers gave."""

    def __init__(self, model, return_layers):
        orig_return_layers = return_layers
        return_layers = {str(k): str(v) for k, v in return_layers.items()}
        layers = OrderedDict()
        for name, module in model.named_children():
            layers[name] = module
            if name in return_layers:
                del return_layers[name]
            if not return_layers:
                break
        super().__init__(layers)
        self.return_layers = orig_return_layers

    def forward(self, x):
        out = OrderedDict()
        for name, module in self.items():
            x = module(x)
            if name in self.return_layers:
                out[self.return_layers[name]] = x
        return out


class MultiTask(nn.Module):
    def __init__(self, backbone, tasks, *, hidden=24, dropout=0.0, **head_kwargs):
        super().__init__()
        self.backbone = backbone
        self.pool = nn.AdaptiveAvgPool2d(2)
        self.heads = nn.ModuleDict({
            name: self._head(backbone.out_channels * 4, hidden, classes, dropout, **head_kwargs)
            for name, classes in tasks.items()
        })
        self.register_buffer("steps", torch.zeros(1, dtype=torch.long))

    @staticmethod
    def _head(before, hidden, classes, dropout, bias=True):
        return nn.Sequential(nn.Linear(before, hidden, bias=bias), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, classes))

    @property
    def tasks(self):
        return list(self.heads.keys())

    def forward(self, x):
        self.steps += 1
        x = self.pool(self.backbone(x)).flatten(1)
        return {name: head(x) for name, head in self.heads.items()}


features = {}


def hook(name):
    def save(module, inputs, output):
        features[name] = output.detach()
    return save


backbone = Backbone((8, 12, 20))
model = MultiTask(backbone, {"color": 5, "kind": 7}, bias=False)
handle = model.backbone.conv1.register_forward_hook(hook("conv1"))
outputs = model(torch.randn(2, 3, 40, 56))
losses = [nn.functional.cross_entropy(outputs[name], torch.zeros(2, dtype=torch.long)) for name in model.tasks]
total = sum(losses)
total.backward()
handle.remove()
body = IntermediateLayerGetter(backbone, {"act0": "low", "conv2": "high"})
found = body(torch.randn(1, 3, 30, 30))
low, high = found["low"], found["high"]
extra = MultiTask(Backbone([6]), dict(one=1))
setattr(extra, "norm", nn.LayerNorm(4))
normed = getattr(extra, "norm")(torch.randn(5, 4))
headless = nn.Sequential(*list(model.backbone.children())[:-2])
frozen = headless(torch.randn(2, 3, 16, 16))
for parameter in headless.parameters():
    parameter.requires_grad = False
count = sum(p.numel() for p in model.parameters() if p.requires_grad)
