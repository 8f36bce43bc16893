"""Python itself: whatever the engine claims to know of a program's variables is what Python computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shape_engine import Engine
from shape_engine.dim import is_symbolic
from shape_engine.interpreter.collections_ import thaw
from shape_engine.interpreter.core import Interpreter, module_scope
from shape_engine.interpreter.store import Store
from shape_engine.rule import MISSING
from shape_engine.value import Stream, Unknown

URI = "file:///python.py"
PROGRAMS = sorted((Path(__file__).parent / "python").glob("*.py"))
PLAIN = (bool, int, float, str, tuple, list, dict, set, type(None))


def variables(text: str) -> dict[str, Any]:
    """The module's variables as the engine knows them, lists and dicts as Python's own."""
    return known_variables(Engine(), URI, text)


def known_variables(engine: Engine, uri: str, text: str) -> dict[str, Any]:
    """The same of a module for an engine that may know others."""
    snapshot = engine.update(uri, 1, text)
    assert not snapshot.errors, snapshot.errors[0]
    document = engine.documents[uri]
    it = Interpreter(document, engine.settings)
    it.store = Store(outside=document.afterwards().outside)
    owner = module_scope(uri).id
    names = [name for where, name in document.timeline.writers if where == owner]
    values = {name: document.timeline.last((owner, name)) for name in names}
    return {name: MISSING if isinstance(value, Stream) else thaw(it, value) for name, value in values.items()}


def agrees(real: Any, ours: Any) -> bool:
    """Whether what we know is what Python has; unknown parts agree with anything."""
    if isinstance(ours, Unknown) or ours is MISSING or type(real) not in PLAIN:
        return True
    if is_symbolic(ours):
        return isinstance(real, int)
    if type(real) is not type(ours):
        return False
    if isinstance(real, (tuple, list)):
        return len(real) == len(ours) and all(map(agrees, real, ours))
    if isinstance(real, dict):
        return list(real) == list(ours) and all(agrees(real[key], ours[key]) for key in real)
    return real == ours


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_what_is_known_is_what_python_computes(path: Path) -> None:
    """A line ``known = ["a", "b"]`` in the program names the variables that must be known entirely."""
    text = path.read_text()
    scope: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(text, str(path), "exec", dont_inherit=True), scope)
    ours = variables(text)
    plain = {name: value for name, value in scope.items() if type(value) in PLAIN and not name.startswith("__")}
    assert plain, "a program without a plain variable tests nothing"
    for name, value in plain.items():
        assert agrees(value, ours.get(name, MISSING)), (name, value, ours.get(name))
    for name in scope["known"]:
        assert ours.get(name) == scope[name], (name, scope[name], ours.get(name))


def test_an_unknown_condition_joins_both_branches() -> None:
    ours = variables(
        "import os\nflag = os.environ.get('X')\nif flag:\n    a, b = 1, 2\nelse:\n    a, b = 1, 3\n"
        "c = [a, b]\ndef f(x):\n    if flag:\n        return x\n    return x + 0\nd = f(7)\n"
    )
    assert ours["a"] == 1
    assert ours["d"] == 7
    assert ours["b"] not in (2, 3)
    assert ours["c"][0] == 1


def test_a_loop_of_unknown_length_reaches_a_fixpoint() -> None:
    ours = variables(
        "import os\nn = 1\nsame = 5\nfor name in os.listdir('.'):\n    n = n * 2\n    same = 5\nlast = same + 1\n"
    )
    assert ours["last"] == 6
    assert not isinstance(ours["n"], int)


@pytest.mark.parametrize(
    "bomb",
    [
        "x = 10 ** 10 ** 10",
        "x = [0] * 10 ** 12",
        "x = 'a' * 10 ** 12",
        "while True:\n    pass",
        "def f(n):\n    return f(n + 1)\nx = f(0)",
        "x = 1 << 10 ** 9",
        "x = []\nfor i in range(10 ** 9):\n    x.append(i)",
        "x = 0\nwhile x < 10 ** 9:\n    x += 1",
        "x = '{:>1000000000}'.format(1)",
        "x = f'{1:>1000000000}'",
        "x = '%1000000000d' % (1,)",
        "x = [i for i in range(10 ** 9)]",
        "x = " + "(" * 80 + "1" + ")" * 80,
        "x = [" + "1, " * 10_000 + "]",
        "def f(n):\n    return f(n - 1) + f(n - 2) + f(n - 3)\nx = f(50)",
        "x = ''.join(['a' * 1000] * 10000) * 1000",
    ],
)
def test_bombs_end(bomb: str) -> None:
    ours = variables(bomb + "\nafter = 3\n")
    assert ours["after"] == 3


SPIN = (
    "def spin(n):\n    k = 0\n    while k < n:\n        j = 0\n        while j < 400:\n            j += 1\n"
    "        k += 1\n    return k\nclass Box:\n    pass\nbox, items, n, kept = Box(), [1], 1, 7\nbox.n = 1\n"
)


@pytest.mark.parametrize(
    ("unit", "real"),
    [
        ("if True:\n    spin(400)\n    n = 2\n", "n"),
        ("def g():\n    global n\n    spin(400)\n    n = 2\ng()\n", "n"),
        ("def g():\n    spin(400)\n    box.n = 2\ng()\n", "box.n"),
        ("def g():\n    spin(400)\n    items.append(2)\ndef f():\n    g()\nf()\n", "len(items)"),
        ("class C:\n    def m(self):\n        spin(400)\n        items.append(2)\nC().m()\n", "len(items)"),
    ],
)
def test_what_a_unit_would_have_done_is_not_known_when_it_is_too_much_work(unit: str, real: str) -> None:
    program = f"{SPIN}{unit}seen = {real}\nafter = kept\n"
    scope: dict[str, Any] = {}
    exec(program, scope)
    assert scope["seen"] == 2
    ours = variables(program)
    assert ours["seen"] != 1
    assert ours["after"] == 7


def shapes(text: str) -> dict[str, str]:
    """The shape of each assigned name and parameter, by its text."""
    snapshot = Engine().update(URI, 1, text)
    assert not snapshot.errors, snapshot.errors[0]
    return {seen.text: str(seen.value.shape) for seen in snapshot.observations if seen.target and seen.tensor}


def test_what_a_comment_or_an_annotation_says_of_a_shape() -> None:
    text = (
        "import torch\nfrom torch import nn, Tensor\nfrom jaxtyping import Float\nfrom data import load\n"
        'def f(image: Float[Tensor, "b 3 h w"], any: Float[Tensor, "..."]):\n    out = nn.Conv2d(3, 8, 3)(image)\n'
        "def g(x,  # shape: (b, 3, 28, 28)\n      other):\n    moved = x + 1\n    flat = x.reshape(x.shape[0], -1)\n"
        "data = load()  # shape: (n, 10)\nknown = torch.zeros(2, 3)  # shape: (n, 10)\nodd = load()  # shape: who knows\n"
    )
    found = shapes(text)
    assert found["out"] == "(b, 8, h - 2, w - 2)"
    assert (found["moved"], found["flat"]) == ("(b, 3, 28, 28)", "(b, 2352)")
    assert (found["data"], found["known"]) == ("(n, 10)", "(2, 3)")
    assert "odd" not in found


def test_what_annotations_say_of_the_arguments_of_code_that_nothing_calls() -> None:
    text = (
        "from typing import Tuple\nimport keras\nimport tensorflow as tf\nfrom keras import layers\n"
        "from jaxtyping import Float\n"
        "def f(image: \"Float[tf.Tensor, 'b h w 3']\", size: Tuple[int, int], units: 'int'):\n"
        "    out = layers.Conv2D(units, 3)(image)\n    flat = tf.zeros(size)\n    row = tf.zeros((2, *size))\n"
        "def g(x: Float[keras.KerasTensor, 'b 8']):\n    y = layers.Dense(4)(x)\n"
        "class Two(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a, self.b = layers.Conv2D(8, 3), layers.Conv1D(4, 3)\n"
        "    def call(self, x):\n        x = self.a(x)\n        return self.b(x)\n"
        "    def train_step(self, data):\n        image, label = data\n        with tf.GradientTape() as tape:\n"
        "            early = self.a(image)\n        return {}\n"
        "def block(x, filters, stride=2):\n    down = layers.Conv2D(filters, 3, strides=stride, padding='same')(x)\n"
    )
    found = shapes(text)
    assert found["out"] == "(b, h - 2, w - 2, units)"
    assert (found["flat"], found["row"]) == ("(size_0, size_1)", "(2, size_0, size_1)")
    assert found["y"] == "(b, 4)"
    assert found["early"] == "(batch, height - 2, width - 2, 8)"
    assert found["down"] == "(batch, (height + 1) // 2, (width + 1) // 2, filters)"
    snapshot = Engine().update(URI, 1, text)
    assert [(f.problem.code, f.assumed) for f in snapshot.findings] == [("wrong-rank", True)]


def test_a_change_of_a_shape_comment_counts() -> None:
    engine = Engine()
    text = "import numpy as np\nfrom data import load\nx = load()  # shape: (n, 10)\ny = x + 1\n"
    engine.update(URI, 1, text)
    changed = text.replace("10", "11")
    assert engine.update(URI, 2, changed).observations == Engine().update(URI, 2, changed).observations
    assert shapes(changed)["y"] == "(n, 11)"


def test_conditions_are_knowledge() -> None:
    text = (
        "import torch\nfrom torch import Tensor\nfrom jaxtyping import Float\n"
        'def f(x: Float[Tensor, "b c h w"], y: Float[Tensor, "..."], z: Float[Tensor, "n m"]):\n'
        "    assert x.shape[1] == 64 and z.shape == (4, 5)\n    b, c, h, w = x.shape\n"
        "    if h != 32:\n        raise ValueError(h)\n    assert y.ndim == 3\n    one = x\n    two = y\n    three = z\n"
        "    if w == 7:\n        four = x\n    five = x\n"
    )
    found = shapes(text)
    assert (found["one"], found["two"], found["three"]) == ("(b, 64, 32, w)", "(?, ?, ?)", "(4, 5)")
    assert found["four"] == "(b, 64, 32, 7)"
    assert found["five"].startswith("(b, 64, 32, ")
    assert "7" not in found["five"]


def test_arrays_changed_in_place_keep_their_shape() -> None:
    found = shapes(
        "import numpy as np\na = np.zeros((2, 3))\nb = a\na += np.ones(3)\nc = a\nd = np.arange(3)\nd *= 2\ne = d\n"
    )
    assert (found["b"], found["c"], found["e"]) == ("(2, 3)", "(2, 3)", "(3,)")


def steps(text: str) -> int:
    """How much work all units of a program are."""
    engine = Engine()
    assert not engine.update(URI, 1, text).errors
    return sum(step.result.steps for step in engine.documents[URI].timeline.steps)


def test_a_plain_function_runs_once_for_equal_arguments() -> None:
    tree = "def f(n):\n    return {}\nx = f(40)\n"
    assert steps(tree.format("f(n - 1) + f(n - 2) + f(n - 3)")) < 5_000
    assert steps(tree.format("n if n < 2 else f(n - 1) + f(n - 2)")) < 5_000
    assert variables(tree.format("n if n < 2 else f(n - 1) + f(n - 2)"))["x"] == 102_334_155


def test_a_function_that_reads_what_changes_runs_again() -> None:
    ours = variables(
        "n = 1\nseen = []\ndef f(k):\n    return k + n\ndef g(k):\n    seen.append(k)\n    return k\n"
        "def h(k):\n    return f(k)\n"
        "def run():\n    global n\n    a = h(1)\n    n = 2\n    b = h(1)\n    c = f(True), f(1.0), g(1), g(1)\n"
        "    return a, b, c\nout = run()\n"
    )
    assert ours["out"] == (2, 3, (3, 3.0, 1, 1))
    assert ours["seen"] == [1, 1]


def test_what_may_not_have_run_is_not_claimed() -> None:
    ours = variables(
        "import os\nflag = os.environ.get('X')\nitems = []\nflag and items.append(1)\n"
        "try:\n    v = 1\n    v = 2\n    int(flag)\n    v = 3\nexcept ValueError:\n    pass\n"
        "def given():\n    if flag:\n        yield 1\n    yield 2\nmade = list(given())\n"
    )
    assert ours["items"] != [1]
    assert not isinstance(ours["v"], int)
    assert not isinstance(ours["made"], list)
