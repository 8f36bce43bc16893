"""Programs that ask for endless work or memory: each ends soon, in little space, and hurts nothing around it."""

from __future__ import annotations

import cProfile
import pstats
import tracemalloc

import pytest
from fuzz.bombs import BOMBS

from shape_engine import Engine, Snapshot
from shape_engine.interpreter.core import MAX_STEPS

URI = "file:///m.py"
CALLS = 20_000_000  # of functions, Python's own included: a bomb that is not stopped makes billions
MEGABYTES = 50

AROUND = "\nimport keras\nhere = keras.layers.Conv2D(4, 3)(keras.Input((9, 9, 3)))\n"
IN_A_LINE = {
    "power of a power": "10 ** 10 ** 10",
    "power of two": "2 ** 10 ** 9",
    "shift": "1 << 10 ** 12",
    "list": "[0] * 10 ** 12",
    "text": "'a' * 10 ** 12",
    "tuple of tuples": "((0,) * 9999,) * 9999",
    "factorial": "__import__('math').factorial(10 ** 6)",
    "digits": "int('9' * 10 ** 6)",
    "range": "list(range(10 ** 18))",
    "range of huge numbers": "list(range(10 ** 400))",
    "f-string": "f'{1:1000000000}'",
    "percent": "'%1000000000d' % 1",
    "percent, many times": "('%9999d' * 9999) % ((1,) * 9999)",
    "percent, a precision": "'%.1000000000f' % 1.0",
    "format": "('{0:9999}' * 9999).format(1)",
    "replace": "('a' * 9999).replace('a', 'b' * 9999)",
    "join": "('a' * 9999).join(['b'] * 9999)",
    "product": "[*__import__('itertools').product([0], repeat=-5)]",
}


def shown(snapshot: Snapshot) -> dict[str, str]:
    return {seen.text: str(seen.value.shape) for seen in snapshot.observations if seen.target and seen.tensor}


@pytest.mark.parametrize("value", IN_A_LINE.values(), ids=IN_A_LINE)
def test_a_huge_value_is_unknown_and_nothing_else_is_lost(value: str) -> None:
    text = (
        f"import keras\nx = {value}\ny = keras.Input((9, 9, 3))\n"
        f"def f(y):\n    x = {value}\n    z = keras.layers.Conv2D(4, 3)(y)\n    return z\nw = f(y)\n"
    )
    tracemalloc.start()
    snapshot = Engine().update(URI, 1, text + AROUND)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not snapshot.errors, snapshot.errors[0]
    assert shown(snapshot) == {
        "y": "(None, 9, 9, 3)", "z": "(None, 7, 7, 4)", "w": "(None, 7, 7, 4)", "here": "(None, 7, 7, 4)"
    }  # fmt: skip
    assert peak < MEGABYTES << 20


@pytest.mark.parametrize("grow", ["x + x", "[*x, *x]", "[y for y in (*x, *x)]", "x + [x]", "list(zip(x, x)) + x"])
def test_a_list_that_grows_in_a_loop_stops_growing(grow: str) -> None:
    tracemalloc.start()
    snapshot = Engine().update(URI, 1, f"x = [0]\nfor i in range(500):\n    x = {grow}\n" + AROUND)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not snapshot.errors, snapshot.errors[0]
    assert shown(snapshot) == {"here": "(None, 7, 7, 4)"}
    assert peak < MEGABYTES << 20


@pytest.mark.parametrize(
    "endless", ["itertools.cycle([1])", "itertools.count()", "itertools.repeat(1)", "ones()", "iter(lambda: 1, 0)"]
)
@pytest.mark.parametrize(
    "taken", ["list({})", "sum({})", "max({})", "[*{}]", "dict(zip({}, {}))", "sorted(n for n in {})"]
)
def test_what_takes_from_an_endless_iterator_ends(endless: str, taken: str) -> None:
    text = f"import itertools\ndef ones():\n    while True:\n        yield 1\nx = {taken.replace('{}', endless)}\n"
    snapshot = Engine().update(URI, 1, text + AROUND)
    assert not snapshot.errors, snapshot.errors[0]
    assert shown(snapshot) == {"here": "(None, 7, 7, 4)"}


@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
@pytest.mark.parametrize("size", ["{}", "[{}]", "int({})"])
@pytest.mark.parametrize("steps", [0, 9])
def test_a_kernel_whose_size_nobody_knows_is_no_error(size: str, padding: str, steps: int) -> None:
    layer = f"keras.layers.Conv1D(3, {size.format('open(0).read()')}, padding='{padding}')"
    snapshot = Engine().update(URI, 1, f"import keras, numpy\ny = {layer}(numpy.zeros((2, {steps}, 4)))\n" + AROUND)
    assert not snapshot.errors, snapshot.errors[0]
    assert shown(snapshot)["here"] == "(None, 7, 7, 4)"


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_soon_in_little_space(name: str) -> None:
    engine = Engine()
    engine.update(URI, 1, AROUND)
    tracemalloc.start()
    snapshot = engine.update(URI, 2, BOMBS[name])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not snapshot.errors, snapshot.errors[0]
    document = engine.documents[URI]
    steps = [step.result.steps for step in (*document.timeline.steps, *document.probes.values()) if step.result]
    assert max(steps, default=0) < 1.2 * MAX_STEPS
    assert peak < (MEGABYTES << 20) + 20 * len(BOMBS[name])
    with cProfile.Profile() as profile:
        Engine().update(URI, 1, BOMBS[name])
    assert pstats.Stats(profile).total_calls < CALLS  # type: ignore[attr-defined]
    assert engine.update(URI, 3, AROUND) == Engine().update(URI, 3, AROUND), "what comes after it is as ever"
