from typing import List, NamedTuple, Optional, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F


class Output(NamedTuple):
    logits: torch.Tensor
    hidden: Optional[torch.Tensor] = None
    parts: Tuple[torch.Tensor, ...] = ()


@torch.jit.script
def fused_gelu(x):
    return x * 0.5 * (1.0 + torch.erf(x / 1.41421))


@torch.jit.ignore
def unused(x: torch.Tensor) -> List[int]:
    return [x.size(0)]


class MaxOut(nn.Module):
    def __init__(self, in_features, out_features, pieces=3):
        super().__init__()
        self.pieces = pieces
        self.linear = nn.Linear(in_features, out_features * pieces)

    def forward(self, x):
        return self.linear(x).unflatten(-1, (-1, self.pieces)).max(dim=-1)[0]


class Base(nn.Module):
    registry = {}

    def __init_subclass__(cls, name=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.registry[name or cls.__name__.lower()] = cls

    @classmethod
    def create(cls, name, *args, **kwargs):
        return cls.registry[name](*args, **kwargs)

    def clone(self):
        return self.__class__(*self.arguments)


class Wide(Base, name="wide"):
    def __init__(self, before, after):
        super().__init__()
        self.arguments = before, after
        self.layers = nn.ModuleList()
        for i in range(3):
            setattr(self, f"layer{i}", nn.Linear(before, before))
            self.layers.append(MaxOut(before, before))
        self.last = nn.Linear(before, after)

    def forward(self, x):
        parts = []
        for i, layer in enumerate(self.layers):
            x = fused_gelu(getattr(self, f"layer{i}")(x)) + layer(x)
            parts.append(x)
        return Output(self.last(x), hidden=x, parts=tuple(parts))


class Deep(Base):
    def __init__(self, before, after, depth=2):
        super().__init__()
        self.arguments = before, after, depth
        self.body = nn.Sequential(*(nn.Sequential(nn.Linear(before, before), nn.Tanh()) for _ in range(depth)))
        self.last = nn.Linear(before, after)

    def __len__(self):
        return len(self.body)

    def __getitem__(self, index):
        return self.body[index]

    def forward(self, x, *, return_hidden=False):
        x = self.body(x)
        return Output(self.last(x), x) if return_hidden else Output(self.last(x))


x = torch.randn(4, 6)
wide = Base.create("wide", 6, 3)
out = wide(x)
logits, hidden, parts = out
stacked = torch.stack(out.parts, dim=1)
deep = Base.create("deep", 6, 5, depth=len(parts))
result = deep.clone()(x, return_hidden=True)
first = deep[0](x) if len(deep) == 3 else None
swapped = out._replace(logits=result.logits)
mixed = torch.einsum("bi,bj->bij", swapped.logits, hidden)
if hidden is not None and hidden.ndim == 2:
    grown = hidden[:, None].expand(-1, 7, -1)
q, k = torch.randn(2, 3, 8, 5).unbind(0)
scores = torch.baddbmm(torch.zeros(3, 8, 8), q, k.mT, beta=0, alpha=0.3)
causal = torch.ones(8, 8, dtype=torch.bool).tril()
scores = scores.masked_fill(~causal, float("-inf")).softmax(-1)
top = scores.flatten(1).topk(2)
row, column = top.indices // 8, top.indices % 8
picked = scores[torch.arange(3)[:, None], row, column]
padded = nn.utils.rnn.pad_sequence([torch.ones(n, 2) for n in (3, 5, 4)], batch_first=True)
chunks = [c.sum() for c in padded.split([2, 2, 1], dim=1)]
*rest, tail = padded.chunk(3)
