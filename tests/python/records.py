known = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "m", "n", "q", "inherited_fields"]
from collections import namedtuple
from dataclasses import asdict, astuple, dataclass, field, fields, replace
from functools import partial
from typing import ClassVar, NamedTuple, Optional


@dataclass
class Base:
    width: int
    depth: int = 2
    kinds: list = field(default_factory=list)
    count: ClassVar[int] = 7

    @property
    def area(self):
        return self.width * self.depth


@dataclass(frozen=True)
class Options:
    rate: float = 0.5
    act: object = partial(max, 3)
    size: Optional[int] = None
    total: int = field(init=False, default=9)


@dataclass
class Child(Base):
    depth: int = 5
    name: str = "child"

    def __post_init__(self):
        self.double = self.width * 2


one = Child(4)
two = Child(4, name="x", kinds=[1])
one.kinds.append(8)
a = (one.width, one.depth, one.kinds, one.name, one.double, one.area, Child(1).kinds, Base.count, one.count)
b = asdict(two)
c = astuple(Base(1, 2, [3]))
d = (Base(1) == Base(1), Base(1) == Base(2), Base(1) != Base(1), Base(1) in [Base(1)])
e = (replace(two, width=10).double, replace(two, depth=1).kinds is two.kinds)
f = (Options().rate, Options().act(1), Options(size=3).size, Options().total)
g = [one.name for one in fields(Child)]


class Point(NamedTuple):
    x: int
    y: int = 2

    @property
    def norm(self):
        return self.x + self.y

    def scaled(self, k):
        return Point(self.x * k, self.y * k)


Pair = namedtuple("Pair", ["left", "right"], defaults=[0])
Triple = namedtuple("Triple", "i j k")
p = Point(3)
px, py = p
h = (p.x, p[1], px + py, p.norm, p.scaled(2).y, len(p), p == (3, 2), isinstance(p, tuple), list(p), p[:1])
i = (p._replace(y=9).y, p._asdict(), Point._fields, Pair(1).right, Pair(1, 5).left, Triple(*range(3)).k)
j = sum(p) + max(p) + p.index(2)
k = [left + right for left, right in [Pair(1, 2), Pair(3)]]
m = tuple(p) + (1,)
n = sorted([Pair(2, 1), Pair(1, 9)])[0].right


class Layers(Point):
    def total(self):
        return sum(self)


q = (Layers(1, 2).total(), Layers(5).y, Triple(i=1, k=3, j=2).j, type(p).__name__)


@dataclass
class Plain:
    width: int
    kernel: int = 3


class Wider(Plain):
    def __init__(self, width, factor, **more):
        self.factor = factor
        super().__init__(width * factor, **more)


wider = Wider(4, 3, kernel=5)
inherited_fields = (wider.width, wider.kernel, wider.factor, list(vars(wider)))
