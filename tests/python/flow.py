known = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]
log = []


def last(n):
    try:
        log.append("try")
        if n:
            return n
        log.append("after")
    finally:
        log.append("finally")
    return -1


a = (last(3), last(0), log)


def loop():
    seen = []
    for n in range(5):
        try:
            if n == 1:
                continue
            if n == 3:
                break
            seen.append(n)
        finally:
            seen.append("f")
    else:
        seen.append("else")
    return seen


b = loop()
x = y = [1]
x += [2]
s = r = {1}
s |= {2}
p = q = {"a": 1}
p |= {"b": 2}
u = v = [1, 2]
u *= 2
c = (y, sorted(r), q, v)


class Box:
    count = 0
    parts = [0]


box = Box()
box.count += 5
box.parts += [1]
table = {"n": 1, "l": [1]}
table["n"] += 2
table["l"] += [2]
grid = [[0] * 3 for _ in range(2)]
grid[1][2] -= 4
d = (box.count, Box.count, Box.parts, box.parts is Box.parts, table, grid)
functions = [lambda: n for n in range(3)]
bound = [lambda n=n: n for n in range(3)]
e = ([fn() for fn in functions], [fn() for fn in bound])


def collect(item, into=[]):
    into.append(item)
    return into


collect(1)
f = (collect(2), collect(3, []), len(collect(4)))
g = (1 < 2 < 3, 1 < 3 > 2, 3 > 2 > 2, (w := 5) + w, 1 if w else 2, None or 0 or "x", 1 and [] and 2)
letters = list("abcdef")
letters[1:3] = ["X"]
letters[::2] = [1, 2, 3]
del letters[0]
del letters[-2:]
h = (letters, "abcdef"[-3:-1], (1, 2, 3, 4)[::-2], [*range(3), *"ab"], {**{"k": 1}, "k": 2})


class Shape:
    __match_args__ = ("w", "h")

    def __init__(self, w, h):
        self.w, self.h = w, h


def area(thing):
    match thing:
        case Shape(w=0):
            return "flat"
        case Shape(w, h) if w == h:
            return ("square", w)
        case Shape(w, h):
            return w * h
        case int(n):
            return n
        case bool() | float():
            return "float"
        case "a" | "b":
            return "letter"
        case (1, *more):
            return more
        case {"kind": "conv", **rest}:
            return rest
        case _:
            return None


i = (area(Shape(0, 1)), area(Shape(2, 2)), area(Shape(2, 3)), area(7), area(1.5), area("b"), area((1, 2, 3)), area({"kind": "conv", "k": 3}), area([]))


def outer():
    n = 0

    def step(k, *, by=1, **more):
        nonlocal n
        n += k * by + len(more)
        return n

    return step


step = outer()
step(1)
step(2, by=10, z=0)


def forward(fn, *args, **kwargs):
    return fn(*args, **{**kwargs, "by": 2})


j = (forward(step, 5, by=9), (lambda *a, k=1, **o: (a, k, o))(1, 2, k=3, z=4))
total = 0
while (total := total + 3) < 10:
    if total == 100:
        break
else:
    total += 1000


def raising(n):
    if n > 2:
        raise ValueError("big")
    return n


try:
    raising(5)
    outcome = "fine"
except ValueError as error:
    outcome = "caught"
else:
    outcome = "else"
first, (second, *third), fourth = 1, (2, 3, 4), 5
k = (total, first, second, third, fourth)
