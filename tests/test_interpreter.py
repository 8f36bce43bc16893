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
from shape_engine.value import Dict, List, Set, Unknown

URI = "file:///python.py"
PROGRAMS = sorted((Path(__file__).parent / "python").glob("*.py"))
PLAIN = (bool, int, float, str, tuple, list, dict, set, type(None))


def variables(text: str) -> dict[str, Any]:
    """The module's variables as the engine knows them, lists and dicts as Python's own."""
    engine = Engine()
    snapshot = engine.update(URI, 1, text)
    assert not snapshot.errors, snapshot.errors[0]
    document = engine.documents[URI]
    it = Interpreter(document, engine.settings)
    document._order = 1_000_000
    it.store = Store(outside=document.outside)
    owner = module_scope(URI).id
    names = [name for where, name in document.timeline.writers if where == owner]
    return {name: thaw(it, document.timeline.last((owner, name))) for name in names}


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


def containers() -> tuple[type, ...]:
    return List, Dict, Set
