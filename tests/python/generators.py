known = ["b", "c", "d", "f", "g", "h", "i", "j", "k", "m", "n", "p", "q", "u", "w"]
import itertools
import os

log = []


def steps(n):
    log.append("start")
    for i in range(n):
        log.append(f"before {i}")
        yield i
        log.append(f"after {i}")
    log.append("end")


lazy = steps(2)
log.append("made")
for v in lazy:
    log.append(f"body {v}")
a = list(log)


def widths(start):
    while True:
        yield start
        start *= 2


stream = widths(8)
b = (next(stream), next(stream), [w for w, _ in zip(widths(1), "abc")], list(itertools.islice(widths(3), 1, 4)), next(stream))
log = []
never = steps(100)
c = len(log)
early = []
for v in steps(5):
    if v == 2:
        break
    early.append(v)
d = (early, log[-3:])
log = []
work = [3]


def jobs():
    while work:
        yield work.pop()


done = []
for job in jobs():
    done.append(job)
    if job:
        work.append(job - 1)
e = (done, work)
total = 0


def counted(n):
    global total
    for i in range(n):
        total += 1
        yield total


two = counted(5)
first = next(two)
total = 10
second = next(two, "none")
f = first
afterwards = total


def shared():
    row = []
    for i in range(3):
        row.append(i)
        yield row


rows = shared()
one = next(rows)
one.append("mine")
other = next(rows)
mine = list(other)
g = [len(x) for x in shared()]


def tree(node):
    yield node[0]
    for child in node[1:]:
        yield from tree(child)


h = list(tree([1, [2, [3]], [4]]))
later = [1]
pairs = (x * y for x in later for y in later)
later = [1, 2]
i = list(pairs)
scale = 2
scaled = (x * scale for x in [1, 2])
scale = 10
j = list(scaled)
calls = []


def noted(x):
    calls.append(x)
    return x


mapped = map(noted, [1, 2, 3])
before = list(calls)
k = (before, next(mapped), list(calls), any(noted(x) > 4 for x in [4, 5, 6]), list(calls))
m = (list(itertools.takewhile(lambda x: x < 20, widths(3))), list(itertools.islice(itertools.cycle("ab"), 5)), list(zip(range(3), itertools.cycle([0, 1]))))


def echo():
    got = None
    while True:
        got = yield got


talk = echo()
next(talk)
answer = talk.send(5)


def closing():
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")


shut = closing()
next(shut)
shut.close()
last = log[-1]
n = 3 in widths(3)
numbers = iter([1, 2, 3, 4])
p = (2 in numbers, list(numbers))


class Bag:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        for item in self.items:
            yield item


q = [(x, y) for x in Bag([1, 2]) for y in Bag("ab")]
flag = bool(os.environ.get("A_NAME_THAT_NOBODY_SETS"))


def maybe():
    yield 1
    if flag:
        yield 2
    log.append("maybe")
    yield 3


gathered = list(maybe())
taken = []
for x in maybe():
    taken.append(x)
    break
r = taken
s = [x for x, _ in zip([7, 8], maybe())][0]
t = log[-1]


def failing():
    yield 1
    raise ValueError


try:
    u0 = [x for x in failing()]
except ValueError:
    u0 = "caught"
u = next(failing())
again = (x for x in [1, 2])
w = (sum(again), sum(again), max((x for x in []), default=3), dict((x, y) for x, y in zip("ab", (1, 2))), tuple(enumerate(x for x in "xy")))
