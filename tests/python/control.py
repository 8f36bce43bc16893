known = ["a", "b", "c", "d", "e", "f"]
try:
    import numpy_that_does_not_exist as np
except ImportError:
    np = None
a = []
for i, (x, y) in enumerate([(1, 2), (3, 4)], start=1):
    for z in (10, 20):
        if z == 20 and x == 1:
            continue
        a.append(i * x + y + z)
b = 0
while b < 10:
    b += 4
else:
    b += 100


def classify(v):
    match v:
        case 0:
            return "zero"
        case [p, q]:
            return p + q
        case {"k": w, **rest}:
            return w
        case str() | None:
            return "text"
        case _:
            return "other"


c = (classify(0), classify([1, 2]), classify({"k": 5}))
with open("/dev/null") as handle:
    d = 5
if __name__ == "__main__":
    e = "main"
else:
    e = "imported"
f = any(x > 3 for x in [1, 2]) or all([])
