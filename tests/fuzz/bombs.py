"""Short programs that ask for endless work or memory, and long ones that ask for nothing: all must end soon.

    python tests/fuzz/bombs.py [NAME...]

prints what each costs, in a process of its own: CPU time and memory beyond what the engine itself takes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from shape_engine import Engine

SMALL = """
import keras, torch, numpy as np, tensorflow as tf
x = keras.layers.Conv2D(3, 3)(keras.Input((9, 9, 3)))
y = (
"""
NESTED = 10_000
PATIENCE, ROOM = 6, 1 << 30  # CPU seconds and bytes from which on a bomb has gone off
KERAS = "import keras\nfrom keras import layers\n"

NUMBERS = {
    "power of a power": "x = 10 ** 10 ** 10",
    "negative power": "x = 10 ** -(10 ** 9)\ny = 2 ** -(10**9)\nz = (-3) ** (10**9)",
    "power of two": "x = 2 ** 10 ** 9",
    "augmented power": "x = 10\nfor i in range(20):\n    x **= 10",
    "squares": "x = 10\nfor i in range(500):\n    x *= x",
    "squares by a lambda": "x = 10\nsquare = lambda n: n * n\nfor i in range(500):\n    x = square(x)",
    "float powers": "x = 1e300\nfor i in range(500):\n    x = x * x\ny = 10.0 ** 10 ** 9",
    "complex powers": "x = (1 + 2j) ** 10 ** 9\ny = 1e200j * 1e200j",
    "shift": "x = 1 << 10 ** 12\ny = 1 << (1 << 60)\nz = 1 >> 10**12",
    "shifts in a loop": "x = 1\nfor i in range(500):\n    x <<= 4000",
    "pow": "x = pow(10, 10 ** 10)\ny = pow(3, 10 ** 6, 7 ** 10000)\nimport math\nz = math.pow(10, 10 ** 10)",
    "factorial": "import math\nx = math.factorial(10 ** 6)\ny = math.factorial(math.factorial(20))",
    "comb and perm": "import math\nx = math.comb(10 ** 6, 5 * 10 ** 5)\ny = math.perm(10 ** 7)\nz = math.comb(10**300, 400)",
    "products": "import math\nx = math.prod(range(1, 4000))\ny = math.lcm(*range(1, 4000))\nz = math.prod([2 ** 4000] * 5000)",
    "int of digits": 'x = int("9" * 10 ** 6)\ny = int("9" * 4000) * int("7" * 4000)\nz = int("f" * 9999, 16)',
    "literal of a million digits": "x = " + "9" * 1_000_000,
    "hexadecimal of a million digits": "x = 0x" + "f" * 1_000_000 + "\ny = x * x\nz = str(x)\nw = f'{x}'",
    "divisions": "x = 10 ** 1200 // 3\nfor i in range(500):\n    x = divmod(x * x, 7)[0]",
    "numbers in texts": "x = 2 ** 4000\ny = str(x) * 100\nz = f'{x}{x}{x}' * 100\nw = '%d' % x\nv = '{}'.format(x)",
    "isqrt and gcd": "import math\nx = math.isqrt(10 ** 1200)\ny = math.gcd(2 ** 4000, 3 ** 2500)\nz = math.exp(10 ** 9)",
    "sums of powers": "x = sum(10 ** n for n in range(4000))\ny = sum(2 ** n for n in range(4000))",
    "a product of bits": "x = 1\nwhile True:\n    x = (x << 1) | x\n    x = x ^ (x << 7)",
    "numpy numbers doubled": "import numpy as np\nx = np.array([1, 2])\nfor i in range(500):\n    x = np.concatenate([x, x])\ny = np.array([1, 2])\nfor i in range(500):\n    y = np.stack([y, y]).ravel()",
    "numpy numbers against each other": "import numpy as np\nx = np.arange(200)\nfor i in range(500):\n    x = (x[:, None] + x[None, :]).ravel()",
    "tensors doubled": "import tensorflow as tf\nx = tf.constant([1, 2])\nfor i in range(500):\n    x = tf.concat([x, x], 0)\ny = tf.constant([1, 2])\nfor i in range(60):\n    y = tf.stack([y, y])\nz = y * 2",
    "numpy numbers": "import numpy as np\nx = np.prod([10 ** 300] * 1000)\ny = np.power(10, 10 ** 10)\nz = np.cumprod([9] * 4000)",
}  # fmt: skip

SIZES = {
    "long list": "x = [0] * 10 ** 12",
    "long text": 'x = "a" * 10 ** 12\ny = b"a" * 10 ** 12',
    "long tuple": "x = (0,) * 10 ** 12\ny = ((0,) * 9999,) * 9999",
    "list of lists": "x = [[[0] * 9999] * 9999] * 9999",
    "lists doubled": "x = [0]\nfor i in range(500):\n    x = x + x",
    "lists doubled in place": "x = [0]\nfor i in range(500):\n    x += x",
    "lists extended": "x = [0]\nfor i in range(500):\n    x.extend(x)",
    "texts doubled": 'x = "a"\nfor i in range(500):\n    x += x',
    "texts doubled by join": 'x = "a"\nfor i in range(500):\n    x = "".join([x, x])',
    "texts doubled by format": 'x = "a"\nfor i in range(500):\n    x = f"{x}{x}"\n    x = "{0}{0}".format(x)\n    x = "%s%s" % (x, x)',
    "texts doubled by replace": 'x = "aa"\nfor i in range(500):\n    x = x.replace("a", "aa")\ny = ("a" * 9999).replace("a", "b" * 9999)',
    "texts doubled by methods": 'x = "ab"\nfor i in range(500):\n    x = x.join("abcdef").title().swapcase().center(9999)',
    "tuples doubled": "x = (0,)\nfor i in range(500):\n    x += x",
    "tuples nested": "x = (0,)\nfor i in range(500):\n    x = (x, x)\ny = x == x\nz = str(x)\nw = hash(x)",
    "lists nested": "x = [0]\nfor i in range(100):\n    x = [x, x]\ny = x == [x, x]\nz = str(x)\nimport numpy as np\nw = np.array(x)\nimport copy\nv = copy.deepcopy(x)",
    "lists nested deep": "x = [0]\nfor i in range(500):\n    x = [x]\nz = str(x)\nimport numpy as np\nw = np.array(x)\nimport copy\nv = copy.deepcopy(x)",
    "lists nested deep, compared": "x = [0]\ny = [0]\nfor i in range(500):\n    x = [x, x]\n    y = [y, y]\nz = x == y",
    "tuples nested by two": "x = (0,)\ny = (0,)\nfor i in range(60):\n    x = (x, x)\n    y = (y, y)\nz = x == y\nw = x < y\nv = x in (y, y)",
    "dicts doubled": "x = {0: 0}\nfor i in range(30):\n    x = {**x, **{(i, k): v for k, v in x.items()}}",
    "dicts doubled by strings": 'x = {"a": 0}\nfor i in range(30):\n    x.update({k + "b" * i: v for k, v in x.items()})\n    x |= x',
    "sets doubled": "x = {0}\nfor i in range(30):\n    x = x | {n + 2 ** i for n in x}",
    "a large dict": "x = {n: n for n in range(4096)}\ny = {str(n): n for n in range(4000)}",
    "a dict filled in a loop": "x = {}\nfor i in range(512):\n    for j in range(512):\n        x[i, j] = i",
    "a list filled in a loop": "x = []\nfor i in range(512):\n    for j in range(512):\n        x.append(i)",
    "a list filled for ever": "x = []\nwhile True:\n    x.append(x)",
    "a text filled for ever": 'x = ""\nwhile True:\n    x += "abcdefghijklmnopqrstuvwxyz"',
    "range": "x = range(10 ** 18)\ny = list(x)\nz = sum(x)\nw = reversed(x)\nv = len(x)\nu = x[5]\nt = x[::-1]\ns = 7 in x\nr = sorted(x)\nq = max(x)\np = tuple(x)\no = set(x)\nm = [*x]",
    "range in loops": "for i in range(10 ** 18):\n    y = i\nfor i in reversed(range(10 ** 18)):\n    y = i\nz = [i for i in range(10 ** 18)]",
    "range of huge numbers": "x = range(10 ** 400)\nfor i in x:\n    pass\ny = list(x)\nz = len(x)\nfor i in range(10 ** 400, 10 ** 400 + 3):\n    w = i",
    "bytes": "x = bytes(10 ** 12)\ny = bytearray(10 ** 12)\nz = memoryview(x)",
    "a slice assigned": "x = [0] * 9999\nfor i in range(500):\n    x[5:5] = x",
    "inserted": "x = []\nfor i in range(2000):\n    x.insert(0, x)",
}  # fmt: skip

TEXTS = {
    "f-string width": 'x = f"{1:1000000000}"\ny = f"{1:{10 ** 9}}"\nz = f"{1:0>{10 ** 9}}"\nw = f"{1:999999}"',
    "f-string width in rounds": 'x = "a"\nfor i in range(400):\n    x = f"{x:>99999}{x:>99999}"',
    "percent width": 'x = "%1000000000d" % 1\ny = "%*d" % (10 ** 9, 1)\nz = "%.1000000000f" % 1.0\nw = "%(a)1000000000d" % {"a": 1}',
    "percent, a mapping": 'x = "%(a)s" * 100 % {"a": "b" * 9999}\ny = "%s%s%s%s" % (("c" * 9999,) * 4)\nz = "%9999d" * 100 % ((1,) * 100)',
    "format width": 'x = "{:1000000000}".format(1)\ny = "{:{}}".format(1, 10 ** 9)\nz = "{:9999}{:9999}{:9999}".format(1, 2, 3)',
    "format, repeated": 'x = ("{0:9999}" * 1000).format(1)\ny = ("{0}" * 1000).format("a" * 9999)',
    "format function": "x = format(1, '1000000000')\ny = format(1.5, '.1000000000f')",
    "padding": 'x = "a".ljust(10 ** 12)\ny = "a".zfill(10 ** 12)\nz = "a".center(10 ** 12)\nw = "a\\tb".expandtabs(10 ** 12)',
    "split": 'x = ("a " * 4000).split()\ny = ("a\\n" * 4000).splitlines()\nfor i in range(100):\n    z = ("a " * 4000).split()',
    "join": 'x = ("a" * 9999).join(["b"] * 9999)\ny = ("a" * 9999).join("b" * 4000)',
    "translate and encode": 'x = ("a" * 9999).translate({97: "b" * 9999})\ny = ("a" * 9999).encode().decode()',
    "repr of texts": 'x = "\\\\"\nfor i in range(500):\n    x = repr(x)',
    "path": 'import os\nx = "a"\nfor i in range(500):\n    x = os.path.join(x, x)',
    "regular expression": 'import re\nx = re.match("(a*)*b", "a" * 9999)\ny = re.sub("a", "b" * 9999, "a" * 9999)',
    "eval": 'x = eval("10 ** 10 ** 10")\nexec("while True: pass")\ny = compile("1+" * 9999 + "1", "", "eval")\n__import__("os").system("false")\nglobals()["z"] = 3\nlocals().update(a=1)',
}  # fmt: skip

LOOPS = {
    "for ever": "while True:\n    pass",
    "for ever, counting": "x = 0\nwhile True:\n    x += 1",
    "for ever, inside": "while 1:\n    while 1:\n        while 1:\n            x = 1",
    "for ever, in a function": "def f():\n    while True:\n        yield 1\nfor x in f():\n    pass\ny = list(f())\nz = next(f())",
    "cubes": "for i in range(512):\n    for j in range(512):\n        for k in range(512):\n            x = i",
    "comprehended cubes": "x = [i for i in range(512) for j in range(512) for k in range(512)]\ny = {i: j for i in range(512) for j in range(512) for k in range(512)}\nz = {i + j for i in range(512) for j in range(512)}",
    "comprehension in a comprehension": "x = [[[k for k in range(500)] for j in range(500)] for i in range(500)]",
    "sum of a generator of generators": "x = sum(sum(sum(k for k in range(500)) for j in range(500)) for i in range(500))",
    "product of ranges": "import itertools\nfor a in itertools.product(range(500), repeat=9):\n    x = a\ny = list(itertools.product(*[range(99)] * 99))\nz = list(itertools.product(range(8), range(8), range(8), range(8)))",
    "product of a million": "import itertools\nx = itertools.product([0], repeat=10 ** 9)\ny = itertools.product([0, 1], repeat=-5)\nz = itertools.product([], repeat=10 ** 9)",
    "permutations": "import itertools\nx = list(itertools.permutations(range(500)))\ny = list(itertools.combinations(range(500), 250))\nz = list(itertools.combinations(range(12), 6))",
    "endless iterators": "import itertools\nx = list(itertools.count())\ny = list(itertools.cycle([1]))\nz = list(itertools.repeat(1))\nw = sum(itertools.count())\nfor v in itertools.count():\n    pass\nfor u in itertools.cycle([1, 2]):\n    pass\nt = list(zip(itertools.count(), itertools.count()))\ns = max(itertools.repeat(1, 10 ** 12))\nfor a, b in enumerate(itertools.count()):\n    pass\nr = list(itertools.islice(itertools.count(), 10 ** 12))",
    "accumulated powers": "import itertools, functools, operator\nx = list(itertools.accumulate([10 ** 9] * 4000, operator.mul))\ny = functools.reduce(lambda a, b: a * b, range(1, 4000))\nz = functools.reduce(lambda a, b: a + a, [[0]] * 4000)",
    "iterators of iterators": "x = iter([1] * 4000)\nfor i in range(500):\n    x = map(lambda n: n, x)\ny = list(x)",
    "chains": "import itertools\nx = [1, 2]\nfor i in range(500):\n    x = list(itertools.chain(x, x))",
    "zips": "x = range(4000)\nfor i in range(500):\n    x = list(zip(x, x))",
    "a loop over what it grows": "x = [0]\nfor y in x:\n    x.append(y)\nfor y in x:\n    x += [y]",
    "a loop that forks": "import unheard_of\nx = 0\nfor i in range(500):\n    if unheard_of.f(i):\n        x += i\n    elif unheard_of.g(i):\n        continue\n    else:\n        x *= 2",
    "a while that forks": "import unheard_of\nx = 0\nwhile unheard_of.f(x):\n    while unheard_of.g(x):\n        while unheard_of.h(x):\n            x += 1\n            if unheard_of.i(x):\n                break",
    "unknown loops in unknown loops": "import unheard_of as u\n" + "".join("    " * n + f"for x{n} in u.f():\n" for n in range(18)) + "    " * 18 + "y = x0",
    "unknown whiles in unknown whiles": "import unheard_of as u\nx = 0\n" + "".join("    " * n + "while u.f(x):\n" for n in range(18)) + "    " * 18 + "x += 1",
    "sorted by a hostile key": "x = sorted(range(4000), key=lambda n: sum(range(4000)))\ny = max(range(4000), key=lambda n: [0] * n)\nz = sorted(range(4000), key=lambda n: unheard)",
    "searched": "x = [n for n in range(4000)]\ny = [n in x for n in range(4000)]\nz = [x.index(n) for n in range(4000)]\nw = [x.count(n) for n in range(4000)]",
    "removed": "x = list(range(4000))\nwhile x:\n    x.remove(x[-1])",
    "popped": "x = list(range(4000))\nwhile x:\n    x.pop(0)",
    "layers for ever": KERAS + "x = keras.Input((9, 9, 3))\nwhile True:\n    x = layers.Conv2D(3, 1)(x)",
    "a million layers": KERAS + "x = keras.Input((9, 9, 3))\nfor i in range(10 ** 6):\n    x = layers.Conv2D(3, 1)(x)",
    "500 layers": KERAS + "x = keras.Input((9, 9, 3))\nfor i in range(500):\n    x = layers.Conv2D(3, 1, activation='relu')(x)\nm = keras.Model(x, x)",
    "100,000 layers in a Sequential": KERAS + "m = keras.Sequential([layers.Dense(3)] * 10 ** 5)\ny = m(keras.Input((4,)))\nn = keras.Sequential([layers.Dense(3) for i in range(10 ** 5)])\nz = n(keras.Input((4,)))",
    "9,000 layers in a Sequential": KERAS + "m = keras.Sequential([layers.Dense(3)] * 9000)\ny = m(keras.Input((4,)))",
    "Sequentials in a Sequential": KERAS + "m = layers.Dense(3)\nfor i in range(60):\n    m = keras.Sequential([m, m])\ny = m(keras.Input((3,)))",
    "torch Sequentials": "import torch\nfrom torch import nn\nm = nn.Linear(3, 3)\nfor i in range(60):\n    m = nn.Sequential(m, m)\ny = m(torch.zeros(2, 3))",
    "a torch Sequential of 9,000": "import torch\nfrom torch import nn\nm = nn.Sequential(*[nn.Linear(3, 3) for i in range(4000)])\ny = m(torch.zeros(2, 3))\nn = nn.ModuleList([nn.Linear(3, 3)] * 9000)\nfor l in n:\n    y = l(y)",
    "models in models": KERAS + "f = lambda x: layers.Dense(3)(x)\nx = keras.Input((3,))\nm = keras.Model(x, f(x))\nfor i in range(60):\n    x = keras.Input((3,))\n    m = keras.Model(x, m(m(x)))\ny = m(keras.Input((3,)))",
    "dense connections": KERAS + "xs = [keras.Input((9, 9, 3))]\nfor i in range(300):\n    xs.append(layers.Conv2D(3, 1)(layers.Concatenate()(xs)))",
    "doubled by concatenation": KERAS + "x = keras.Input((9,))\nfor i in range(500):\n    x = layers.Concatenate()([x, x])",
    "doubled by addition": KERAS + "x = keras.Input((9,))\nfor i in range(500):\n    x = x + x\n    x = layers.Add()([x, x])\nm = keras.Model(x, x)",
}  # fmt: skip

CALLS = {
    "recursion": "def f(n):\n    return f(n + 1)\nx = f(0)",
    "mutual recursion": "def f(n):\n    return g(n)\ndef g(n):\n    return f(n)\nx = f(0)",
    "two ways of recursion": "def f(n):\n    return f(n + 1) + f(n + 2)\nx = f(0)",
    "two ways of recursion, a list": "def f(n):\n    return [f(n + 1), f(n + 1)]\nx = f(0)",
    "three ways of mutual recursion": "def f(x):\n    return [g(x), h(x)]\ndef g(x):\n    return [h(x), f(x)]\ndef h(x):\n    return [f(x), g(x)]\ny = f([])",
    "recursion on doubt": "import unheard_of\ndef f(n):\n    if unheard_of.g():\n        return f(n) + f(n)\n    return [f(n), f([n])]\nx = f(0)",
    "Ackermann": "def a(m, n):\n    if m == 0:\n        return n + 1\n    if n == 0:\n        return a(m - 1, 1)\n    return a(m - 1, a(m, n - 1))\nx = a(4, 4)",
    "Ackermann on lists": "def a(m, n):\n    l = []\n    l.append(m)\n    if m == 0:\n        return n + 1\n    if n == 0:\n        return a(m - 1, 1)\n    return a(m - 1, a(m, n - 1))\nx = a(3, 6)",
    "Fibonacci on lists": "def f(n):\n    l = [n]\n    if n < 2:\n        return [1]\n    return f(n - 1) + f(n - 2)\nx = len(f(40))",
    "hailstones": "def f(n):\n    return 1 if n == 1 else 1 + f(3 * n + 1 if n % 2 else n // 2)\nx = max(f(n) for n in range(1, 4000))",
    "a call chain": "f = lambda x: x\n" + "".join(f"f{n} = lambda x: f{n - 1}(f{n - 1}(x))\n" for n in range(1, 99)).replace("f0(", "f(") + "y = f98([])",
    "closures": "def twice(f):\n    return lambda x: f(f(x))\nf = lambda x: x + 1\nfor i in range(60):\n    f = twice(f)\ny = f([0])\nz = f(0)",
    "closures on lists": "def twice(f):\n    return lambda x: f(f(x))\nf = lambda x: [x]\nfor i in range(60):\n    f = twice(f)\ny = f([0])",
    "compositions": "import functools\nf = lambda x: x\nfor i in range(60):\n    f = functools.partial(lambda g, h, x: g(h(x)), f, f)\ny = f([0])",
    "Y": "Y = lambda f: (lambda x: f(lambda *a: x(x)(*a)))(lambda x: f(lambda *a: x(x)(*a)))\nz = Y(lambda f: lambda n: f(n + 1))(0)\n(lambda x: x(x))(lambda x: x(x))\n(lambda x: [x(x), x(x)])(lambda x: [x(x), x(x)])",
    "decorators": "def d(f):\n    return d(f)\n@d\ndef g():\n    pass\n@d\nclass A:\n    @d\n    def m(self):\n        pass\ng()",
    "a thousand decorators": "def d(f):\n    return lambda *a: f(f(*a))\n" + "@d\n" * 1000 + "def g(x):\n    return x\ny = g([])",
    "default arguments": "f = lambda: 0\n" + "".join(f"def f{n}(a=f{n - 1}, b=f{n - 1}):\n    return [a(), b()]\n" for n in range(1, 60)).replace("f0,", "f,").replace("f0)", "f)") + "y = f59()",
    "generators": "def f(n):\n    yield n\n    yield from f(n + 1)\nx = list(f(0))\ndef g(n):\n    yield from g(n)\n    yield from g(n)\ny = list(g(0))",
    "generators in rounds": "def f(x):\n    for a in x:\n        yield a\n        yield a\nx = [0]\nfor i in range(100):\n    x = f(x)\ny = list(x)",
    "spread arguments": "def f(*a, **k):\n    return f(*a, *a, **k)\nx = f(1)\ny = f(*range(10 ** 9))\nz = f(*[0] * 9999)",
    "many arguments": "def f(*a):\n    return a\nx = f(" + "0," * 10_000 + ")\ny = f(**{" + ",".join(f"'a{n}': 0" for n in range(5000)) + "})",
    "recursion through a layer": "import keras\nclass A(keras.layers.Layer):\n    def call(self, x):\n        return self(x)\n    def build(self, shape):\n        self.build(shape)\n        self(shape)\ny = A()(keras.Input((3,)))",
    "recursion through two layers": "import keras\nclass A(keras.layers.Layer):\n    def __init__(self):\n        super().__init__()\n        self.a = A()\n        self.b = A()\n    def call(self, x):\n        return self.a(x) + self.b(x)\ny = A()(keras.Input((3,)))",
    "recursion through a module": "import torch\nfrom torch import nn\nclass A(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n        self.a = nn.ModuleList([A(n - 1), A(n - 1)]) if n else nn.Identity()\n    def forward(self, x):\n        return sum(a(x) for a in self.a)\ny = A(40)(torch.zeros(3))",
    "deep functions": "".join("    " * n + f"def f{n}():\n" for n in range(90)) + "    " * 90 + "return 0\nx = f0()",
    "uncalled, recursive": "def f(x, y):\n    return g(f(x, y), f(y, x))\ndef g(x, y):\n    return f(g(x, y), g(y, x))\n",
    "many uncalled": "".join(f"def f{n}(x):\n    return f{n + 1}(f{n + 1}(x)) + f{n + 2}(x)\n" for n in range(200)),
    "many uncalled methods": "class A:\n" + "".join(f"    def f{n}(self, x):\n        return self.f{n + 1}(self.f{n + 1}(x)) + self.f{n + 2}(x)\n" for n in range(200)),
}  # fmt: skip

BRANCHES = {
    "branches in sequence": "import unheard_of as u\nx = 0\n" + "".join(f"if u.f({n}):\n    x = [x, {n}]\n" for n in range(200)),
    "branches in a function": "import unheard_of as u\ndef f(x):\n" + "".join(f"    if u.f({n}):\n        x = (x, {n})\n    else:\n        x = (x, x)\n" for n in range(200)) + "    return x\ny = f(0)",
    "early returns": "import unheard_of as u\ndef f(x):\n" + "".join(f"    if u.f({n}):\n        return x + {n}\n" for n in range(500)) + "    return x\ny = f(0)\nz = f(f(f(f(0))))",
    "branches that call": "import unheard_of as u\n" + "f0 = lambda x: x\n" + "".join(f"def f{n}(x):\n    if u.f():\n        return f{n - 1}(x)\n    return f{n - 1}([x])\n" for n in range(1, 60)) + "y = f59(0)",
    "nested branches": "import unheard_of as u\n" + "".join("    " * n + f"if u.f({n}):\n" for n in range(90)) + "    " * 90 + "x = 1",
    "elifs": "import unheard_of as u\nif u.f():\n    x = 0\n" + "".join(f"elif u.f({n}):\n    x = {n}\n" for n in range(900)),
    "conditional expressions": "import unheard_of as u\nx = " + "".join(f"{n} if u.f() else " for n in range(80)) + "0\n" + "y = " + "(u.a if u.b else " * 60 + "0" + ")" * 60,
    "boolean operators": "import unheard_of as u\nx = " + " or ".join(f"u.f({n})" for n in range(2000)) + "\ny = " + " and ".join(f"u.f({n})" for n in range(2000)),
    "boolean operators that call": "import unheard_of as u\nf0 = lambda x: x\n" + "".join(f"f{n} = lambda x: f{n - 1}(x) or f{n - 1}([x])\n" for n in range(1, 60)) + "y = f59(u.x)",
    "comparisons": "import unheard_of as u\nx = " + " < ".join("u.f()" for n in range(2000)),
    "tries": "import unheard_of as u\n" + "".join(f"try:\n    x = u.f({n})\nexcept ValueError:\n    x = {n}\nfinally:\n    y = x\n" for n in range(300)),
    "nested tries": "".join("    " * n + "try:\n" for n in range(15)) + "    " * 15 + "x = 1\n" + "".join("    " * n + "except ValueError:\n" + "    " * (n + 1) + "x = 2\n" + "    " * n + "finally:\n" + "    " * (n + 1) + "y = x\n" for n in reversed(range(15))),
    "match": "import unheard_of as u\nmatch u.x:\n" + "".join(f"    case [{n}, *a] | {{'b': a}} if u.f(a):\n        x = a\n" for n in range(500)),
    "withs": "import unheard_of as u\n" + "with " + ", ".join(f"u.f() as x{n}" for n in range(500)) + ":\n    pass\n",
    "context managers": "import contextlib\n@contextlib.contextmanager\ndef f(x):\n    with f(x):\n        with f(x):\n            yield x\nwith f(0) as y:\n    pass",
    "context managers in a row": "import contextlib\n@contextlib.contextmanager\ndef f():\n    yield 1\n    yield 2\n" + "".join("    " * n + "with f():\n" for n in range(18)) + "    " * 18 + "x = 1",
    "branches of tensors": KERAS + "import unheard_of as u\nx = keras.Input((9, 9, 3))\n" + "".join(f"if u.f({n}):\n    x = layers.Conv2D({n + 1}, 1)(x)\n" for n in range(100)),
    "variants": KERAS + "def f(n):\n    return layers.Dense(n)(keras.Input((n + 1,)))\nfor i in range(1, 500):\n    x = f(i)\n    for j in range(20):\n        y = x",
}  # fmt: skip

OBJECTS = {
    "a list in itself": "x = []\nx.append(x)\ny = str(x)\nz = x == x\nimport copy\nw = copy.deepcopy(x)\nimport numpy as np\nv = np.array(x)\nu = x[0][0][0]\nfor t in x:\n    x.append(t)\ns = x in x\nr = [x, x] == [x, x]\nq = sum(x, [])",
    "two lists in each other": "x, y = [], []\nx.append(y)\ny.append(x)\nz = x == y\nw = str(x)\nimport numpy as np\nv = np.zeros(x)\nimport keras\nu = keras.layers.Concatenate()(x)",
    "an endless cycle of what is not known": "import itertools\nfrom elsewhere import use, unknown\nx = itertools.cycle(unknown())\nuse(x)\ny = [1, *zip(x, range(3))]",
    "a dict in itself": "x = {}\nx['a'] = x\ny = str(x)\nz = x == {'a': x}\nimport copy\nw = copy.deepcopy(x)\nx.update(x)\nv = {**x, 'b': x}\nu = f'{x}'\nprint(x)",
    "a tuple in a list in itself": "x = []\ny = (x, x)\nx.append(y)\nz = y == (x, x)\nw = str(y)\nv = f'{y!r}'\nimport torch\nu = torch.zeros(y)\nimport tensorflow as tf\nt = tf.nest.map_structure(lambda a: a, x)",
    "lists of a layer in themselves": KERAS + "x = [layers.Dense(3)]\nx.append(x)\nm = keras.Sequential(x)\ny = m(keras.Input((3,)))\nclass M(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.x = x\n        self.me = self\n    def call(self, y):\n        return self.me(y)\nz = M()(keras.Input((3,)))",
    "a module in itself": "import torch\nfrom torch import nn\nm = nn.Sequential(nn.Linear(3, 3))\nm.append(m)\nm.me = m\ny = m(torch.zeros(3))\nn = nn.ModuleList()\nn.append(n)\nfor p in n.modules():\n    pass\nz = str(n)",
    "a Sequential in itself": KERAS + "m = keras.Sequential()\nm.add(m)\ny = m(keras.Input((3,)))\nm.summary()\nz = m.layers",
    "attributes in a circle": "class A:\n    pass\na = A()\na.a = a\na.a.a.a.b = a\nb = a" + ".a" * 900 + "\nc = a == a.a\nimport copy\nd = copy.deepcopy(a)\ne = vars(a)\nf = str(a)",
    "hostile __getattr__": "class A:\n    def __getattr__(self, name):\n        return getattr(self, name + 'x')\n    def __getattribute__(self, name):\n        return self.x\na = A()\nb = a.b\nc = hasattr(a, 'd')\na()\na[0]\na + a\nfor e in a:\n    pass",
    "hostile __eq__": "class A:\n    def __eq__(self, other):\n        return self == other or other == self\n    def __hash__(self):\n        return hash(self) + hash(self)\n    def __lt__(self, other):\n        return other > self or other < self\n    def __bool__(self):\n        return bool(self) and not self\na = A()\nb = a == A()\nc = {a: 1, A(): 2}\nd = a in c\ne = sorted([A(), A(), A()])\nf = max(A(), A())\ng = [A()] == [A()]\nif a:\n    h = 1",
    "hostile dunders": "class A:\n    def __len__(self):\n        return len(self)\n    def __iter__(self):\n        return iter(self)\n    def __next__(self):\n        return next(self)\n    def __getitem__(self, k):\n        return self[k]\n    def __setitem__(self, k, v):\n        self[k] = v\n    def __add__(self, o):\n        return self + o\n    __radd__ = __iadd__ = __add__\n    def __call__(self):\n        return self()\n    def __str__(self):\n        return str(self)\n    def __repr__(self):\n        return f'{self!r}{self!r}'\n    def __contains__(self, o):\n        return o in self\n    def __enter__(self):\n        with self as a:\n            return a\n    def __setattr__(self, n, v):\n        self.n = v\n    def __neg__(self):\n        return -self\n    def __index__(self):\n        return range(self)\na = A()\nx = len(a)\nfor b in a:\n    pass\nc = a[0]\na[0] = 1\nd = a + a\na += a\ne = a()\nf = str(a)\ng = repr(a)\nh = 1 in a\nwith a as i:\n    pass\na.j = 1\nk = -a\nl = list(a)\nm = [0] * a\nn = next(a)\no = sum([a, a])",
    "hostile properties": "class A:\n    @property\n    def x(self):\n        return [self.x, self.y]\n    @property\n    def y(self):\n        return [self.y, self.x]\n    @x.setter\n    def x(self, v):\n        self.x = self.y = v\na = A()\nb = a.x\na.x = 3",
    "hostile descriptors": "class D:\n    def __get__(self, o, t=None):\n        return o.x\n    def __set__(self, o, v):\n        o.x = v\nclass A:\n    x = D()\na = A()\nb = a.x\na.x = 1\nc = A.x",
    "a class in itself": "class A:\n    A = 1\n    x = A\nA.A = A\nclass A(A):\n    pass\nclass A(A, A):\n    pass\nclass B(B):\n    pass\nA.__bases__ = (A,)\nb = A()\nc = B()",
    "classes in a circle": "class A:\n    pass\nclass B(A):\n    pass\nA.__bases__ = (B,)\nA.__class__ = B\nA.__mro__ = (B, A)\nx = A().y",
    "a tower of classes": "class A0:\n    x = 1\n" + "".join(f"class A{n}(A{n - 1}):\n    pass\n" for n in range(1, 500)) + "y = A499().x",
    "a lattice of classes": "class A0: pass\nclass B0: pass\n" + "".join(f"class A{n}(A{n - 1}, B{n - 1}): pass\nclass B{n}(B{n - 1}, A{n - 1}): pass\n" for n in range(1, 60)) + "x = A59().y\nz = B59()",
    "diamonds": "class A0:\n    def f(self):\n        return [0]\n" + "".join(f"class A{n}(B{n}, C{n}): pass\n".join(["", ""]) if 0 else f"class B{n}(A{n - 1}):\n    def f(self):\n        return super().f() + super().f()\nclass C{n}(A{n - 1}):\n    def f(self):\n        return super().f() + super().f()\nclass A{n}(B{n}, C{n}):\n    pass\n" for n in range(1, 40)) + "y = A39().f()",
    "metaclasses": "class M(type):\n    def __new__(c, n, b, d):\n        return c(n, b, d)\n    def __call__(c, *a):\n        return c(*a)\n    def __getattr__(c, n):\n        return getattr(c, n)\nclass A(metaclass=M):\n    pass\nclass M2(M, metaclass=M):\n    pass\nx = A()\ny = A.z\nz = type('B', (A,), {})()",
    "hostile __new__": "class A:\n    def __new__(cls, *a):\n        return cls(*a)\n    def __init__(self):\n        self.a = A()\n        self.b = A()\n    def __init_subclass__(cls):\n        class C(cls):\n            pass\nclass B(A):\n    def __init__(self):\n        self.a = B()\n        self.b = B()\n    __new__ = object.__new__\nx = A()\ny = B()",
    "dataclasses": "from dataclasses import dataclass, field\n@dataclass\nclass A:\n    a: 'A' = None\n    b: list = field(default_factory=lambda: [A(), A()])\n    def __post_init__(self):\n        self.c = A()\nx = A()\ny = A(x, [x])\nz = x == y\nw = str(x)\nx.a = x\nv = x == x\nu = x == A(x)\nt = str(x)",
    "dataclasses in each other": "from dataclasses import dataclass\n@dataclass\nclass A:\n    a: object\n    b: object\nx, y = A(0, 0), A(0, 0)\nfor i in range(60):\n    x, y = A(x, x), A(y, y)\nz = x == y\nw = A(0, 0)\nw.a = w.b = w\nv = A(w, w) == w\nimport copy\nu = copy.deepcopy(x)",
    "dataclasses in a circle": "from dataclasses import dataclass\n@dataclass\nclass A:\n    a: object = None\n    b: object = None\nx, y = A(), A()\nx.a = x.b = y\ny.a = y.b = x\nz = x == y\nw = A(x, y) == A(y, x)",
    "named tuples": "from typing import NamedTuple\nclass A(NamedTuple):\n    a: object\n    b: object\nx = A(0, 0)\nfor i in range(60):\n    x = A(x, x)\ny = x == A(x, x)\nz = str(x)",
    "enums": "import enum\nclass A(enum.Enum):\n" + "".join(f"    a{n} = {n}\n" for n in range(4000)) + "x = A.a3999\ny = list(A)\nz = A(3999)",
    "an iterator that gives itself": "class A:\n    def __iter__(self):\n        return self\n    def __next__(self):\n        return self\nfor x in A():\n    pass\ny = list(A())\n*z, w = A()\na, b = A()",
    "an iterator of lists": "class A:\n    def __iter__(self):\n        yield self\n        yield from self\nfor x in A():\n    for y in x:\n        for z in y:\n            pass\nw = [*A()]",
    "setattr in a loop": "class A:\n    pass\na = A()\nfor i in range(512):\n    for j in range(512):\n        setattr(a, f'x{i}_{j}', i)\nb = vars(a)",
    "attributes of attributes": "class A:\n    def __init__(self, n):\n        self.l = A(n - 1) if n else None\n        self.r = A(n - 1) if n else None\nx = A(30)",
    "unpacking": "x = [1, [2, [3]]]\n" + "a, " * 5000 + "= range(4000)\n*a, b = range(10 ** 9)\n(c, (d, (*e,))) = x\nfor f, *g in [range(4000)] * 4000:\n    pass\n[*h] = [*range(4000)] * 4000",
}  # fmt: skip

ARRAYS = {
    "huge inputs": KERAS + "x = keras.Input((10 ** 30,))\ny = layers.Dense(10 ** 30)(x)\nz = layers.Flatten()(keras.Input((10 ** 30, 10 ** 30)))\nw = layers.Conv2D(10 ** 30, 10 ** 29)(keras.Input((10 ** 30, 10 ** 30, 10 ** 30)))\nv = layers.UpSampling2D(10 ** 30)(keras.Input((10 ** 30, 10 ** 30, 3)))\nu = layers.RepeatVector(10 ** 30)(y)",
    "inputs of many axes": KERAS + "x = keras.Input((2,) * 9999)\ny = layers.Flatten()(x)\nz = x + x\nw = layers.Dense(3)(x)\nv = layers.Reshape((2,) * 9000)(x)\nu = keras.Input([None] * 9999)\nt = layers.Permute(tuple(range(1, 4000)))(keras.Input((1,) * 3999))",
    "huge arrays": "import numpy as np\nx = np.zeros(10 ** 12)\ny = np.zeros((10 ** 12,) * 30)\nz = np.arange(10 ** 12)\nw = np.ones((10 ** 6, 10 ** 6)) @ np.ones((10 ** 6, 10 ** 6))\nv = list(z)\nfor u in z:\n    pass\nt = sum(z)\ns = z.tolist()\nr = np.linspace(0, 1, 10 ** 12)\nq = np.repeat(z, 10 ** 12)\np = np.tile(z, (10 ** 12,) * 30)\no = np.eye(10 ** 9)\nm = np.full((10 ** 9, 10 ** 9), 1)\nl = np.meshgrid(z, z, z, z)",
    "huge tensors": "import tensorflow as tf\nx = tf.zeros((10 ** 12,) * 30)\ny = tf.range(10 ** 12)\nz = tf.reshape(tf.zeros([10 ** 9]), [-1] + [10] * 9)\nw = tf.tile(x, [10 ** 12] * 30)\nv = tf.stack([y] * 9999)\nu = tf.unstack(tf.zeros([9999, 3]))\nt = tf.split(tf.zeros([9999, 3]), 9999)\ns = tf.concat([y] * 9999, 0)\nfor r in y:\n    pass",
    "huge torch tensors": "import torch\nx = torch.zeros((10 ** 12,) * 30)\ny = torch.arange(10 ** 12)\nz = torch.zeros(9999, 3).unbind()\nw = torch.zeros(9999, 3).split(1)\nv = torch.zeros(9999, 3).chunk(9999)\nu = torch.stack([y] * 9999)\nt = x.view(-1)\ns = x.repeat(*[10 ** 12] * 30)\nfor r in torch.zeros(10 ** 12, 3):\n    pass\nq = torch.zeros(*[2] * 9999)",
    "an array of a thousand rows": "import numpy as np\nx = np.array([" + ",".join("[" + ",".join("1" * 1000) + "]" for _ in range(1000)) + "])",
    "an array of many rows": "import numpy as np\nx = np.array([[1] * 4000] * 4000)\ny = np.array([[[1] * 400] * 400] * 400)\nimport tensorflow as tf\nz = tf.constant([[1] * 4000] * 4000)\nimport torch\nw = torch.tensor([[1] * 4000] * 4000)",
    "reshaped": "import numpy as np\nx = np.arange(4000)\nfor i in range(500):\n    x = x.reshape((-1, 1)).reshape((1, -1)).ravel().repeat(2)\ny = np.zeros(2 ** 200).reshape((2,) * 200)\nz = np.zeros(2).reshape((1,) * 9999)",
    "constants doubled": "import numpy as np\nx = np.array([1, 2])\nfor i in range(500):\n    x = np.concatenate([x, x])\n    x = np.outer(x, x).ravel()\ny = np.arange(1000)\nfor i in range(500):\n    y = y * y",
    "constants nested": "import numpy as np\nx = np.array([1])\nfor i in range(500):\n    x = np.array([x, x])\n    x = np.stack([x, x])\n    x = x[None]",
    "einsum": "import numpy as np\nx = np.einsum(','.join(['ij'] * 500) + '->i', *[np.zeros((3, 3))] * 500)\ny = np.einsum('i' * 5000, np.zeros((1,) * 5000))",
    "broadcasts": "import numpy as np\nx = np.zeros((1,) * 60)\nfor i in range(300):\n    x = x + np.zeros((1,) * i)\ny = np.broadcast_to(x, (1,) * 9999)",
    "indexed": "import numpy as np\nx = np.zeros((3,) * 30)\ny = x[" + "0," * 30 + "]\nz = x[" + "None," * 9000 + "]\nw = x[[0] * 9999]\nv = x[::10 ** 30, ::-1, 10 ** 30:]\nu = x[" + "..., " * 500 + "]",
    "images": KERAS + "x = keras.Input((224, 224, 3))\nfor i in range(400):\n    x = layers.Conv2D(10 ** i, 1)(layers.ZeroPadding2D(10 ** i)(x))",
    "dims that grow": KERAS + "x = keras.Input((None, None, None))\nfor i in range(300):\n    x = layers.Conv2D(3, 3, strides=2)(layers.UpSampling2D(3)(layers.ZeroPadding2D(1)(x)))",
}  # fmt: skip

DIMS = {
    "products of sums": "def f(" + ", ".join(f"a{n}: int" for n in range(40)) + "):\n    return " + " * ".join(f"(a{n} + a{n + 1} + 1)" for n in range(39)),
    "powers of sums": "def f(a: int, b: int, c: int, d: int):\n    x = a + b + c + d + 1\n    for i in range(500):\n        x = x * x\n    y = (a + b + c + d) ** 8 ** 8\n    return x ** 8 ** 8",
    "floors of floors": "def f(a: int, b: int):\n    x = a\n    for i in range(500):\n        x = (x // b + x % b) // (a + 1)\n    return x",
    "floors of numbers": "def f(a: int):\n    x = a\n    for i in range(500):\n        x = (x + 1) // 2 + x // 3\n    return x",
    "maxima": "def f(a: int, b: int):\n    x = a\n    for i in range(500):\n        x = max(x, b) + max(b, x + 1) * min(x, a)\n    return x",
    "remainders": "def f(a: int, b: int):\n    x = a\n    for i in range(500):\n        x = x % (x + b) + (x + a) % (b + 1)\n    return x",
    "sums that grow": "def f(a: int):\n    x = a\n    for i in range(500):\n        x = x + x * a\n    return x",
    "huge coefficients": "def f(a: int):\n    x = a\n    for i in range(500):\n        x = x * 10 ** 300 + 7 ** 300\n    for i in range(500):\n        x = (x + 10 ** 300) // 7 ** 300\n    return x",
    "flattened": KERAS + "def f(x):\n    for i in range(500):\n        x = layers.Concatenate()([x, layers.Flatten()(x)])\n    return x\nf(keras.Input((None, None)))",
    "windows": "import torch\nfrom torch import nn\ndef f(x: 'torch.Tensor'):\n    n, c, h, w = x.shape\n    for i in range(500):\n        x = nn.Conv2d(3, 3, 3, stride=2, padding=1)(x)\n        x = nn.functional.interpolate(x, scale_factor=3)\n        x = x.view(n, c, -1)\n        x = x.reshape(n, c, h * w + h, -1)\n    return x",
    "shapes multiplied": "import tensorflow as tf\ndef f(x, y, z):\n    b, h, w, c = x.shape\n    for i in range(500):\n        x = tf.reshape(x, [b * h + w, w * c + h, -1])\n        b, h, w = x.shape\n        x = tf.concat([x, x], 1)\n    return x",
    "dims in texts": "def f(a: int, b: int):\n    x = a\n    for i in range(100):\n        x = x * (b + 1) + 1\n        y = f'{x}'\n        z = str(x)\n        if x > b * x:\n            w = 1\n    return x",
    "compared": "def f(a: int, b: int):\n    x = a\n    for i in range(60):\n        x = x * (b + i) + x // (b + i + 1)\n        y = x == x * b\n        z = x in (a, b, x + 1)\n        assert x > y\n    return x",
}  # fmt: skip

LONG = {
    "a list of 10,000": "x = [" + "1, " * 10_000 + "]\nfor y in x:\n    pass\nz = sum(x)",
    "a dict of 10,000": "x = {" + ", ".join(f"'a{n}': {n}" for n in range(10_000)) + "}\ny = x['a9999']\nz = 'b' in x",
    "a dict of 10,000 equal keys": "x = {" + "1: 1, " * 10_000 + "}\ny = {" + "(1, 2): 1, " * 10_000 + "}",
    "a set of 10,000": "x = {" + ", ".join(map(str, range(10_000))) + "}\ny = 9999 in x\nz = x | x",
    "a tuple of 10,000": "x = (" + "1, " * 10_000 + ")\ny = x[9999]\nz = x + x\nw = x == x",
    "a list of 10,000 lists": "x = [" + "[1, 2], " * 10_000 + "]\nimport numpy as np\ny = np.array(x)\nz = str(x)",
    "a list of 10,000 dicts": "x = [" + "{'a': 1}, " * 10_000 + "]\ny = [z['a'] for z in x]",
    "texts of 10,000": "x = [" + "'abc', " * 10_000 + "]\ny = ''.join(x)\nz = sorted(x)\nw = set(x)\nv = dict.fromkeys(x)\nu = dict(zip(x, x))",
    "nested brackets": "x = " + "(" * NESTED + "1" + ")" * NESTED,
    "nested lists": "x = " + "[" * NESTED + "]" * NESTED,
    "80 nested lists": "x = " + "[" * 80 + "]" * 80 + "\ny = str(x)\nz = x == x",
    "90 nested lists doubled": "x = " + "[" * 90 + "1" + ",1]" * 90 + "\nimport numpy as np\ny = np.array(x)",
    "nested dicts": "x = " + "{1: " * NESTED + "2" + "}" * NESTED,
    "nested calls": "f = abs\nx = " + "f(" * NESTED + "1" + ")" * NESTED,
    "open brackets": "x = " + "(" * NESTED + "\ny = 1",
    "open brackets of all kinds": "x = " + "([{" * NESTED + "\ny = 1\nz = 2\n" * 20,
    "closed brackets": "x = " + ")" * NESTED + "\ny = 1\n" * 20,
    "a chain of attributes": "x = 1\ny = x" + ".a" * NESTED,
    "a chain of calls": "x = 1\ny = x" + "()" * NESTED,
    "a chain of subscripts": "x = 1\ny = x" + "[0]" * NESTED,
    "a sum of 10,000": "x = " + " + ".join(["1"] * NESTED),
    "a sum of 1,000": "x = " + " + ".join(["1"] * 1000) + "\ny = " + " + ".join(["x"] * 900),
    "a sum of 10,000 texts": "x = " + " + ".join(["'a'"] * NESTED),
    "a power tower": "x = " + " ** ".join(["2"] * NESTED),
    "a tower of signs": "x = " + "-" * NESTED + "1\ny = " + "not " * NESTED + "1\nz = " + "~" * 900 + "1",
    "a tower of lambdas": "x = " + "lambda: " * 900 + "1\ny = x" + "()" * 900,
    "a tower of conditions": "x = " + "1 if x else " * NESTED + "2",
    "a chain of comparisons": "x = " + " < ".join(["1"] * NESTED),
    "a chain of assignments": " = ".join(f"x{n}" for n in range(NESTED)) + " = 1",
    "a chain of elifs": "if x:\n    pass\n" + "elif x:\n    pass\n" * 3000,
    "deep indentation": "".join(" " * n + "if x:\n" for n in range(900)) + " " * 900 + "y = 1",
    "broken indentation": "".join(" " * (n * 7 % 31) + "if x:\n" for n in range(3000)),
    "dedents": "".join(" " * (500 - n) + "x = 1\n" for n in range(500)),
    "5,000 imports": "".join(f"import module{n} as m{n}\nfrom package{n}.sub import name{n}\n" for n in range(2500)),
    "5,000 dotted imports": "".join(f"import a{n}.b.c.d.e.f\n" for n in range(5000)),
    "an import of 5,000 names": "from somewhere import (" + ", ".join(f"name{n}" for n in range(5000)) + ")",
    "an import of a deep module": "import " + ".".join(["a"] * 5000) + "\nfrom " + "." * 5000 + " import x",
    "5,000 assignments": "".join(f"x{n} = {n}\n" for n in range(5000)),
    "5,000 equal statements": "x = 1\n" * 5000,
    "5,000 functions": "".join(f"def f{n}(x):\n    return x\n" for n in range(5000)),
    "a class of 5,000 methods": "class A:\n" + "".join(f"    def f{n}(self, x):\n        return x\n" for n in range(5000)),
    "a function of 5,000 statements": "def f(x):\n" + "".join(f"    x{n} = x + {n}\n" for n in range(5000)),
    "a function of 5,000 parameters": "def f(" + ", ".join(f"x{n}=0" for n in range(5000)) + "):\n    return x0\ny = f()",
    "100,000 blank lines": "x = 1\n" + "\n" * 100_000 + "y = 2\n",
    "100,000 comments": "x = 1\n" + "# comment\n" * 100_000 + "y = 2\n",
    "100,000 semicolons": "x = 1" + ";" * 100_000 + "\ny = 2",
    "10,000 statements on a line": "x = 1;" * 10_000 + "\ny = 2",
    "a line of 1 MB": "x = '" + "a" * 1_000_000 + "'\ny = x + x\nz = x.upper()",
    "a comment of 1 MB": "x = 1  # " + "a" * 1_000_000 + "\ny = 2",
    "an expression of 1 MB": "x = [" + "(1, 2), " * 125_000 + "]",
    "a broken line of 1 MB": "x = [" + "(1, 2), " * 125_000 + "\ny = 2\n",
    "a file of 5 MB": "# a line of a large file\nx = 'some text of no interest'\n'''doc'''\n\n" * 71_000,
    "a text of 5 MB": "x = '''\n" + "some text of no interest\n" * 200_000 + "'''\ny = 2",
    "an open text of 5 MB": "x = '''\n" + "some text of no interest\n" * 200_000 + "y = 2",
    "an open text above code": "x = '''\n" + "y = f(1)\nimport z\ndef f(a):\n    return a\n" * 500,
    "quotes": "'" * 99_999 + "\nx = 1\n" + '"' * 99_999 + "\ny = 2\n" + "'\"" * 9999 + "\nz = 3\n" + "'''\n" * 1999 + "w = 4",
    "open quotes on every line": "x = 'a\ny = \"b\n" * 1500,
    "broken lines": "x = = 1\ny ( 2\nz ] 3\n" * 700,
    "broken lines in a function": "def f(x):\n" + "    x = = 1\n    y ( 2\n    z ] 3\n" * 300,
    "backslashes": "x = 1 " + "\\\n" * 20_000 + "\ny = 2\n" + "\\" * 99_999 + "\nz = 3\n" + "'" + "\\" * 9999 + "\n" + "w = 4",
    "null bytes": "x\0 = 1\ny = '\0'\n\0\n" + "\0" * 100_000 + "\nz = 2\n",
    "lone surrogates": "x = '\ud800'\n\udfff = 1\ny = 2\n# \udc80\n" + "\ud800" * 10_000 + "\nz = '\ud83d' + '\ude00'\n",
    "line ends": "x = 1\ry = 2\r\nz = 3\n\rw = 4\f\nv = 5\x0bu = 6\x1ct = 7\x85s = 8\u2028r = 9\u2029q = 10\n" * 500,
    "unlikely identifiers": "ﬁ = 1\nfi = ﬁ\n𝐱 = 2\nx = 𝐱\nª = 3\nK = 4\n変数 = 5\nπ = 6\ńx = 7\nx́ = 8\nǅ = 9\n\u202ex = 10\n\u200bx = 11\nx\ufe0f = 12\n😀 = 13\n_\u0301 = 14\n℘ = 15\n᧚ = 16\nx᧚ = 17\n" * 50,
    "numbers that are none": "x = 1__0\ny = 0x\nz = 1e\nw = 0b2\nv = 1.2.3\nu = 1_000j\nt = 09\ns = 1e999999999\nr = 0o8\nq = 1if 1else 2\n" * 50,
    "decorators of nothing": "@x\n" * 3000,
    "f-strings in f-strings": "x = " + "f'{" * 90 + "1" + "}'" * 90 + "\ny = f'" + "{1}" * 5000 + "'\nz = f'" + "{" * 5000 + "'\n",
    "format specifications in each other": "x = f'" + "{1:" * 90 + "1" + "}" * 90 + "'",
    "comprehensions in each other": "x = " + "[" * 90 + "1" + " for a in range(2)]" * 90,
    "generators in each other": "x = 1\ny = " + "(" * 40 + "x" + " for x in [x, x])" * 40 + "\nz = list(y)",
    "one comprehension of many loops": "x = [0 " + "for a in [0, 1] " * 150 + "]\ny = [0 " + "for a in b " * 150 + "]",
    "shape comments": "x = f()  # shape: " + "(" * 9999 + "\ny = f()  # shape: (" + "a * (b + " * 500 + "1" + ")" * 500 + ", 3)\nz = f()  # shape: (" + "2 ** 9 ** 9 ** 9, " * 500 + ")\nw = f()  # shape: (9 ** 9 ** 9, a ** 8 ** 8)\nv = f()  # shape: (" + "a, " * 9999 + ")\n",
    "annotations": "from jaxtyping import Float\nfrom torch import Tensor\ndef f(x: Float[Tensor, '" + "a " * 9999 + "'], y: Float[Tensor, 'a*b*(c+" + "d*(e+" * 300 + "1" + ")" * 301 + "'], z: Float[Tensor, '9**9**9**9'], w: '" + "[" * 9999 + "'):\n    return x\n",
    "a match of 3,000 cases": "match x:\n" + "".join(f"    case {n}:\n        y = {n}\n" for n in range(3000)),
    "nested patterns": "match x:\n    case " + "[" * 180 + "a" + "]" * 180 + ":\n        y = a\n    case " + " | ".join(f"{n}" for n in range(3000)) + ":\n        y = 1\n",
    "global names": "def f():\n    global " + ", ".join(f"x{n}" for n in range(5000)) + "\n" + "".join(f"    x{n} = 1\n" for n in range(2000)) + "f()\n",
    "deleted": "x = 1\n" + "del x\nx = 2\n" * 2000,
    "stars": "*" * 9999 + "x\n" + "*x, = y\n" * 2000 + "f(" + "*x, " * 5000 + ")\ng(" + "**x, " * 5000 + ")\n",
}  # fmt: skip

BOMBS = {
    name: text
    for group in (NUMBERS, SIZES, TEXTS, LOOPS, CALLS, BRANCHES, OBJECTS, ARRAYS, DIMS, LONG)
    for name, text in group.items()
}
BIG = 50_000  # characters from which on a text is long for its own sake


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    names = parser.parse_args().names or list(BOMBS)
    Engine().update("file:///warm.py", 1, SMALL)
    worst = 0.0
    for name in names:
        took = apart(BOMBS[name])
        if isinstance(took, str):
            print(f"{name:45} {took}  <<<", flush=True)
            continue
        seconds, megabytes, errors = took
        worst = max(worst, seconds)
        mark = "  <<<" if seconds > 0.2 or megabytes > 50 or errors else ""
        size = len(BOMBS[name])
        print(
            f"{name:45} {size:9,} characters {seconds * 1000:8.0f} ms {megabytes:6.0f} MB  {errors}{mark}", flush=True
        )
    print(f"the longest took {worst * 1000:.0f} ms")


def apart(text: str) -> tuple[float, float, list[str]] | str:
    """What an engine that has seen a small program needs for a text, in a process of its own; or how that died."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, json.dumps(cost(text)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    if said:
        return tuple(json.loads(said))
    died = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return "HANGS" if died == signal.SIGXCPU else f"CRASHES {died}"


def cost(text: str) -> tuple[float, float, list[str]]:
    """Seconds of CPU, more megabytes than before, and what the engine could not do."""
    used = int(time.process_time()) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + PATIENCE, used + PATIENCE + 1))
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    snapshot = Engine().update("file:///bomb.py", 1, text)
    seconds = time.process_time() - begin
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return seconds, memory, [error[-300:] for error in snapshot.errors]


if __name__ == "__main__":
    main()
