known = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "m"]


class Registry:
    items = {}
    total = 0

    def __init__(self, **options):
        self.__dict__.update(options)
        Registry.total += 1

    def __getattr__(self, name):
        if name.startswith("missing"):
            return name.upper()
        raise AttributeError(name)

    def __contains__(self, name):
        return name in self.items

    def __setitem__(self, name, value):
        self.items[name] = value

    def __getitem__(self, name):
        return self.items[name]

    def __delitem__(self, name):
        del self.items[name]

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self.items)


one, two = Registry(width=3), Registry()
one["x"] = 5
two["y"] = 6
two["z"] = 0
del two["z"]
a = (one["y"], len(one), "x" in two, "q" in two, list(one), one.missing_part, one.width, Registry.total, bool(one))
b = (getattr(one, "width", 0), getattr(two, "missing", 7), hasattr(one, "width"), vars(one)["width"])


class Celsius:
    def __init__(self):
        self._value = 1
        self.log = []

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, new):
        self.log.append(new)
        self._value = new * 2

    def __enter__(self):
        self.log.append("in")
        return self

    def __exit__(self, *error):
        self.log.append("out")


cell = Celsius()
cell.value = 5
cell.value += 1
with cell as same:
    same.log.append("body")
c = (cell.value, cell.log)


class A:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order = self.order + ["A"] if hasattr(self, "order") else ["A"]

    def go(self):
        return ["A.go"]


class B:
    def __init__(self, b=1, **kwargs):
        super().__init__(**kwargs)
        self.b = b
        self.order = ["B"]

    def go(self):
        return ["B.go"]


class C(A, B):
    def __init__(self, c, **kwargs):
        super().__init__(**kwargs)
        self.order.append("C")
        self.c = c

    def go(self):
        return ["C.go"] + super().go() + super(A, self).go()


thing = C(3, b=4)
d = (thing.order, thing.b, thing.c, thing.go(), [cls.__name__ for cls in (C, A)])


class Shared:
    sizes = []
    width = 1

    def add(self, n):
        self.sizes.append(n)
        self.width += n


s, t = Shared(), Shared()
s.add(3)
t.add(4)
e = (Shared.sizes, s.width, t.width, Shared.width)


class Vector:
    def __init__(self, *parts):
        self.parts = parts

    def __eq__(self, other):
        return self.parts == other.parts

    def __mul__(self, k):
        return Vector(*[p * k for p in self.parts])

    __rmul__ = __mul__

    def __iadd__(self, other):
        self.parts = self.parts + other.parts
        return self

    def __lt__(self, other):
        return len(self.parts) < len(other.parts)

    def __bool__(self):
        return bool(self.parts)

    def __neg__(self):
        return self * -1


v = w = Vector(1, 2)
v += Vector(3)
f = (w.parts, (2 * v).parts, Vector(1) == Vector(1), Vector() < v, bool(Vector()), (-v).parts, not v, v is w)
g = "empty" if not Vector() else "full"


class Meta:
    registry = []

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Meta.registry.append(cls.__name__)


class Sub(Meta):
    pass


h = Meta.registry


class Single:
    made = None

    def __new__(cls, *args):
        if cls.made is None:
            cls.made = super().__new__(cls)
            cls.made.n = 0
        return cls.made

    def __init__(self, *args):
        self.n += 1


Single()
i = (Single().n, Single() is Single(), Single.made.n)


class Outer:
    class Inner:
        size = 8

    def make(self):
        return self.Inner.size


j = (Outer().make(), Outer.Inner.size, Outer.Inner().size)


class Lazy:
    def __init__(self, n):
        self.n = n

    def __getitem__(self, index):
        if index >= self.n:
            raise IndexError
        return index * 2

    def __len__(self):
        return self.n


k = (len(Lazy(3)), Lazy(3)[1], bool(Lazy(0)), bool(Lazy(1)))
setattr(thing, "layer%d" % 2, 22)
delattr(thing, "c")
m = (thing.layer2, hasattr(thing, "c"), getattr(thing, "c", "gone"), callable(thing.go), isinstance(thing, (int, B)))
