known = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "m", "n", "o"]
from contextlib import contextmanager
from itertools import accumulate, chain, combinations, count, groupby, islice, permutations, product, repeat, starmap, takewhile, zip_longest


def squares(n):
    for i in range(n):
        yield i * i


def both(n):
    yield "start"
    yield from squares(n)
    return "end"


one = squares(4)
a = (next(one), next(one), list(one), list(one), next(one, "none"))
b = list(both(2))
pairs = zip("ab", [1, 2])
c = (list(pairs), list(pairs))
it = iter([1, 2, 3, 4, 5, 6])
d = list(zip(it, it))
found = []
stream = iter(range(6))
for x in stream:
    if x == 2:
        break
    found.append(x)
rest = list(stream)
e = (found, rest)
f = (
    list(accumulate([1, 2, 3])),
    list(accumulate([1, 2, 3], lambda p, q: p * q)),
    list(chain.from_iterable([[1], [2, 3]])),
    list(islice(range(10), 2, 8, 3)),
    list(islice(count(5), 3)),
    list(zip_longest([1, 2], [3], fillvalue=0)),
    list(starmap(pow, [(2, 3), (3, 2)])),
    list(combinations("abc", 2)),
    list(permutations([1, 2])),
    list(takewhile(lambda v: v < 3, [1, 2, 3, 1])),
    [list(p) for p in product([1, 2], repeat=2)],
    list(repeat(7, 2)),
)
log = []


@contextmanager
def scope(name):
    log.append("enter " + name)
    yield len(name)
    log.append("leave " + name)


def inside():
    with scope("abc") as size:
        log.append("body")
        return size


with scope("x") as n1:
    log.append(str(n1))
g = (inside(), log)
h = [list(reversed([1, 2, 3])), list(enumerate("ab", 1)), list(map(lambda p, q: p + q, [1, 2], [3, 4])), list(filter(None, [0, 1, 2]))]
gen = (v * 2 for v in [1, 2, 3])
i = (sum(gen), sum(gen), any(v > 1 for v in (1, 2)), isinstance(gen, list), bool(gen))
work = [3]
order = []
for item in work:
    order.append(item)
    if item > 0:
        work.append(item - 1)
j = (order, work)
m = {"a": 1}
keys, values = m.keys(), m.values()
m["b"] = 2
k = (list(keys), list(values), "b" in keys, len(keys), keys == ["a", "b"], isinstance(values, list))
m = [(key, list(group)) for key, group in groupby([1, 1, 2])]
n = (min([3, 1, 2], key=lambda v: -v), max("a", "bbb", key=len), min([], default=4), max({"x": 1, "y": 5}, key={"x": 1, "y": 5}.get))


def sides(flag):
    if flag:
        yield 1
    yield 2


first, *others = squares(3)
o = (list(sides(True)), list(sides(False)), first, others, dict(enumerate("xy")), tuple(v for v in squares(3) if v))
