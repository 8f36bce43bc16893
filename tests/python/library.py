known = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "m", "n"]
import argparse
import copy
import functools
import math
import operator
import os
from collections import Counter, OrderedDict, defaultdict, deque
from types import SimpleNamespace

parser = argparse.ArgumentParser(description="train")
parser.add_argument("--batch-size", type=int, default=64, help="how many")
parser.add_argument("--lr", type=float, default="0.1")
parser.add_argument("--fast", action="store_true")
parser.add_argument("--no-bias", dest="bias", action="store_false")
parser.add_argument("-e", "--epochs", default=3)
parser.add_argument("--name")
group = parser.add_argument_group("more")
group.add_argument("--sizes", nargs="+", type=int, default=[1, 2])
parser.set_defaults(seed=5)
args = parser.parse_args([])
a = (args.batch_size, args.lr, args.fast, args.bias, args.epochs, args.name, args.sizes, args.seed)
args.extra = args.batch_size * 2
b = (args.extra, hasattr(args, "nothing"), getattr(args, "lr"), vars(args)["epochs"])
space = SimpleNamespace(width=3, name="x")
space.depth = space.width + 1
c = (space.width, space.depth, sorted(vars(space)), getattr(space, "gone", 0))
groups = defaultdict(list)
groups["a"].append(1)
groups["a"].append(2)
totals = defaultdict(int)
for letter in "hello":
    totals[letter] += 1
d = (dict(groups), totals["l"], totals["z"], "z" in totals, "q" in totals, totals.get("q"), len(totals))
ordered = OrderedDict([("b", 1), ("a", 2)])
ordered["c"] = 3
ordered.move_to_end("b")
e = (list(ordered), list(ordered.items()), ordered.popitem(), ordered == {"a": 2, "c": 3})
letters = Counter("banana")
f = (letters["a"], letters["z"], letters.most_common(1), len(letters), sum(letters.values()))
queue = deque([1, 2, 3], maxlen=3)
queue.append(4)
queue.appendleft(0)
g = (list(queue), queue.popleft(), queue[-1], len(queue))
nested = {"a": [1, [2]], "b": (3, [4])}
flat, deep = copy.copy(nested), copy.deepcopy(nested)
nested["a"].append(9)
nested["c"] = 0
h = (flat, deep)


class Node:
    def __init__(self, n):
        self.n = n
        self.items = [n]


node = Node(1)
twin, shallow = copy.deepcopy(node), copy.copy(node)
node.items.append(2)
node.n = 5
i = (twin.items, twin.n, shallow.items, shallow.n, twin is node)
j = (
    operator.itemgetter(1)([5, 6]),
    operator.attrgetter("n")(node),
    operator.mul(3, 4),
    functools.reduce(operator.add, [1, 2, 3], 10),
    math.prod([2, 3]),
    math.ceil(7 / 2),
    round(2.5),
    divmod(-7, 3),
    abs(-3),
    pow(2, 10),
    int("12") + int(3.9) + int(True),
    float("1.5"),
    bool([]),
    str(3) + repr("x"),
)
one = {3, 1, 2}
k = (
    len({1, 2, 2}),
    sorted(one | {7}),
    sorted(one & {1, 3, 9}),
    sorted(one - {1}),
    one.issubset({1, 2, 3, 4}),
    sorted(one.union([8])),
    one.isdisjoint({5}),
    sorted(one ^ {1, 5}),
    one == {1, 2, 3},
    {1} < one,
)
words = {"a": 1, "b": 2, "c": 3}
m = (
    words.pop("a"),
    words.pop("zz", None),
    words.setdefault("d", []),
    list(reversed(words)),
    {v: k for k, v in words.items() if k != "d"},
    dict.fromkeys("xy", 0),
    max(words, key=lambda w: len(w)),
    {**words, "b": 5}["b"],
    sorted(words.items(), key=lambda kv: kv[0], reverse=True)[0],
    dict(zip("ab", (1, 2)), c=3),
    "%(n)d-%(s)s" % {"n": 3, "s": "x"},
    "{0}-{b:>4}|{1!r}".format(1, "z", b=2),
    f"{3.14159:.2f} {5:03d} {'x':>3} {10:,} {0.5:.0%} {7!r} {words['b']=}",
    "%-5s|%05.1f|%x" % ("a", 2.345, 255),
    "layer{}_{}".format(*[1, 2]),
)


@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


double = functools.partial(operator.mul, 2)
make = functools.partial(Node)
path = os.path.join("a", "b.txt")
n = (fib(30), double(4), make(7).n, double.args, os.path.basename(path), os.path.splitext(path), os.path.dirname(path), type(3).__name__, isinstance(3, (str, int)), type([]) is list, sorted(["b", "A"], key=str.lower), list(range(10))[::3], [1, 2] + [3] * 2, (1, 2) < (1, 3), "b" * 3)
