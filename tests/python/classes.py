known = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
from dataclasses import dataclass, field
from typing import NamedTuple


class Base:
    width = 4

    def __init__(self, n, **kwargs):
        self.n = n
        self.options = kwargs

    def area(self):
        return self.n * self.width

    @property
    def double(self):
        return self.n * 2

    @staticmethod
    def plus(x):
        return x + 1

    @classmethod
    def make(cls, n):
        return cls(n + 1)

    def __len__(self):
        return self.n

    def __add__(self, other):
        return type(self)(self.n + other.n)

    def __getitem__(self, key):
        return key * self.n


class Mixin:
    def area(self):
        return super().area() + 100


class Child(Mixin, Base):
    width = 5

    def __init__(self, n, extra=1, **kwargs):
        super().__init__(n, **kwargs)
        self.extra = extra
        for k in range(2):
            setattr(self, f"layer{k}", k * 10)


x = Child(3, extra=7, z=2)
a = (x.area(), x.double, x.plus(4), len(x), x.extra, x.options["z"], x[5])
b = Child.make(9).n
c = (x + Child(10)).n
d = (isinstance(x, Base), isinstance(x, (int, Mixin)), isinstance(3, Base), hasattr(x, "n"), getattr(x, "layer1"))
Child.width = 6
e = x.area()


@dataclass
class Config:
    depth: int = 3
    widths: list = field(default_factory=lambda: [1, 2])
    name: str = "net"


cfg = Config(depth=5)
cfg.widths.append(3)
f = (cfg.depth, cfg.widths, cfg.name, Config().widths)


class Point(NamedTuple):
    x: int
    y: int = 2


p = Point(1)
g = (p.x, p.y)


class Callable:
    def __call__(self, v):
        return v - 1


h = Callable()(10)


class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)
        return self


i = Stack().push(1).push(2).items
