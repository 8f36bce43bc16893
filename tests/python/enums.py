known = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
from enum import Enum, IntEnum, auto


class Size(Enum):
    SMALL = 32
    LARGE = 64
    BIG = 64  # another name of LARGE

    @property
    def half(self):
        return self.value // 2

    @classmethod
    def default(cls):
        return cls.SMALL


class Step(IntEnum):
    FIRST = auto()
    SECOND = auto()
    TENTH = 10


class Block(Enum):
    CONV = ("conv", 3)
    POOL = ("pool", 2)

    def __init__(self, label, kernel):
        self.label = label
        self.kernel = kernel


a = (Size.SMALL.value, Size.LARGE.name, Size.BIG.name, Size.SMALL.half, Size.default().value)
b = [member.value for member in Size]
c = (Size["LARGE"].value, Size(32).name, len(Size), Size.SMALL == 32, Size.SMALL == Size.SMALL, Size.BIG is Size.LARGE)
d = (Step.FIRST + 1, Step.TENTH * 2, Step.SECOND == 2, Step.FIRST < Step.SECOND, 3 - Step.SECOND, [5, 6, 7][Step.FIRST])
e = [n for n in range(Step.SECOND)]
f = {Size.SMALL: "s", Size.LARGE: "l"}[Size.LARGE]
g = (isinstance(Size.SMALL, Size), isinstance(Size.SMALL, Step), Size.SMALL in (Size.LARGE, Size.SMALL), Size.SMALL != Size.LARGE)
h = [(block.label, block.kernel, block.value) for block in Block]
i = (int(Step.TENTH), max(Step.FIRST, Step.SECOND).name, type(Size.LARGE).__name__, getattr(Size, "SMALL").value)
