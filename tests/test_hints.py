"""What is drawn into the text, and the history of an axis: from programs, judged by hand."""

from __future__ import annotations

import pytest

from shape_engine import Engine, render
from shape_engine.snapshot import Snapshot

URI = "file:///work/model.py"
KERAS = "import keras, numpy as np\nfrom keras import Input, Sequential, layers\n"
TORCH = "import torch\nfrom torch import nn\n"


def analysed(text: str) -> Snapshot:
    return Engine().update(URI, 1, text)


def drawn(text: str, *kinds: str) -> list[str]:
    """``line kind name label`` of every hint below the imports, in the order of the text."""
    lines = text.split("\n")
    found = render.hints(analysed(text), 1, len(lines), lambda number: lines[number - 1], len(lines))
    ordered = sorted(found, key=lambda hint: (hint.span.end_line, hint.span.end_column))
    return [
        f"{hint.span.end_line - 2} {hint.kind} {hint.name} {hint.label}"
        for hint in ordered
        if not kinds or hint.kind in kinds
    ]


@pytest.mark.parametrize(
    ("code", "hints"),
    [
        ("x = layers.Dense(3)(layers.Flatten()(Input((4, 5))))", ["1 variables x (N, 3)", "1 calls Flatten (N, 20)"]),
        ("x = layers.ReLU()(layers.Dense(3)(Input((20,))))", ["1 variables x (N, 3)"]),
        ("x = np.zeros((2, 3))\ny = x.T.reshape(-1)\nz = x.reshape(-1).reshape(3, 2)", ["2 variables y (6,)", "3 calls np.ndarray.reshape (6,)"]),
        ("def f(x, n=3):\n    return layers.Dense(n)(x), x\nf(Input((4,)))", ["1 parameters x (N, 4)", "2 returns returned (N, 3)", "2 returns returned (N, 4)"]),
        ("x: object = Input((4,))", ["1 variables x (N, 4)"]),
        ("for x in np.zeros((2, 3)):\n    pass", ["1 variables x (3,)"]),
        ("a, b = np.split(np.ones((4, 6)), 2)", ["1 variables a (2, 6)", "1 variables b (2, 6)"]),
        ("n = np.zeros((2, 3)).sum()", ["1 variables n ()"]),
    ],
)  # fmt: skip
def test_which_values_get_a_hint(code: str, hints: list[str]) -> None:
    assert drawn(KERAS + code + "\n") == hints


def test_behind_each_layer_of_a_list() -> None:
    code = """m = Sequential([
    Input((28, 28, 1)),
    layers.Conv2D(26, 3),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10),
])
m.add(layers.Dense(7))
later = Sequential([layers.Dense(3), layers.Dense(4)])
later.pop()
"""
    assert drawn(KERAS + code, "layers") == [
        "3 layers Conv2D (N, 26, 26, 26)",
        "4 layers MaxPooling2D (N, 13, 13, 26)",
        "5 layers Flatten (N, 4394)",
        "6 layers Dense (N, 10)",
        "8 layers Dense (N, 7)",
    ]


def test_a_model_that_is_built_when_it_is_called() -> None:
    code = "m = Sequential([layers.Dense(3), layers.Dense(4)])\nm(Input((9,)))\n"
    assert drawn(KERAS + code, "layers") == ["1 layers Dense (N, 3)", "1 layers Dense (N, 4)"]


@pytest.mark.parametrize(
    ("code", "hints"),
    [
        ("m = nn.Sequential(\n    nn.Conv2d(3, 8, 3),\n    nn.Flatten(),\n    nn.Linear(392, 10),\n)\ny = m(torch.zeros(2, 3, 9, 9))",
         ["2 layers Conv2d (2, 8, 7, 7)", "3 layers Flatten (2, 392)", "4 layers Linear (2, 10)"]),
        ("from collections import OrderedDict\nm = nn.Sequential(OrderedDict([('a', nn.Linear(3, 4)), ('b', nn.Linear(4, 5))]))\nm(torch.ones(2, 3))",
         ["2 layers Linear (2, 4)", "2 layers Linear (2, 5)"]),
        ("m = nn.Sequential(*[nn.Linear(3, 4), nn.Linear(4, 5)])\nm(torch.ones(2, 3))", ["1 layers Linear (2, 4)", "1 layers Linear (2, 5)"]),
        ("m = nn.Sequential(nn.Sequential(nn.Linear(3, 4)), nn.Linear(4, 5))\nm(torch.ones(2, 3))",
         ["1 layers Linear (2, 4)", "1 layers Sequential (2, 4)", "1 layers Linear (2, 5)"]),
        ("m = nn.Sequential(nn.Linear(3, 4))\nm(torch.ones(2, 3))\nm(torch.ones(5, 3))", []),  # which of them?
        ("m = nn.Sequential(nn.Linear(3, 4))", []),  # never called
        ("m = nn.Sequential(nn.Linear(3, 4), nn.Linear(7, 5), nn.Linear(5, 6))\nm(torch.ones(2, 3))",
         ["1 layers Linear (2, 4)", "1 layers Linear (2, 5)", "1 layers Linear (2, 6)"]),
        ("class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.body = nn.Sequential(nn.Linear(3, 4))\n"
         "    def forward(self, x):\n        return self.body(x)\nNet()(torch.ones(2, 3))", ["4 layers Linear (2, 4)"]),
    ],
)  # fmt: skip
def test_behind_each_module_of_a_sequential_that_is_called(code: str, hints: list[str]) -> None:
    assert drawn(TORCH + code + "\n", "layers") == hints


def test_a_module_in_a_list_has_a_card_with_what_it_gives() -> None:
    text = TORCH + "m = nn.Sequential(nn.Conv2d(3, 8, 3))\ny = m(torch.zeros(2, 3, 9, 9))\n"
    card = render.card(analysed(text), 3, text.split("\n")[2].index("Conv2d"))
    assert card is not None
    assert "(2, 8, 7, 7)" in card.lines[0]


def test_nothing_behind_what_raises() -> None:
    code = "x = Input((4,))\ny = layers.Conv2D(3, 3)(x)\nz = x\n"
    assert drawn(KERAS + code) == ["1 variables x (N, 4)", "3 variables z (N, 4)"]


@pytest.mark.parametrize(
    ("code", "name", "histories"),
    [
        ("x = Input((28, 28, 3))\nx = layers.Conv2D(8, 3)(x)\nx = layers.ReLU()(x)\ny = layers.MaxPooling2D()(x)", "y",
         ["height: 28 from Input, line 3 → 26 Conv2D, line 4 → 13 MaxPooling2D, line 6"]),
        ("x = Input((9, 7))\ny = layers.Permute((2, 1))(x)\ny = layers.Cropping1D(1)(y)", "y",
         ["steps: 7 from Input, line 3 → 5 Cropping1D, line 5"]),
        ("x = Input((9, 8))\na = layers.Conv1D(4, 2)(x)\nb = layers.Conv1D(6, 2)(x)\ny = layers.Concatenate()([a, b])", "y",
         ["axis 1: 9 from Input, line 3 → 8 Conv1D, line 4"]),
        ("x = Input((4, 4))\ny = layers.Flatten()(x)", "y", []),
        ("x = Input((9,))\ny = layers.Dense(4)(x)", "y", []),
    ],
)  # fmt: skip
def test_the_history_of_an_axis(code: str, name: str, histories: list[str]) -> None:
    text = KERAS + code + "\n"
    row = max(number for number, line in enumerate(text.split("\n"), 1) if line.startswith(f"{name} ="))
    card = render.card(analysed(text), row, 0)
    assert card is not None
    assert [line for line in card.lines if "→" in line] == histories
    assert len(card.lines) <= 12


def test_where_a_length_comes_from() -> None:
    text = TORCH + "x = torch.zeros(2, 3, 9, 9)\nconv = nn.Conv2d(3, 8, 3)\ny = torch.relu(conv(x))\n"
    snapshot = analysed(text)
    seen = snapshot.at(5, 0)
    assert seen is not None
    assert seen.tensor is not None
    places = [render.origin(snapshot, seen.tensor, axis) for axis in range(4)]
    assert [place and place.span.line for place in places] == [3, 5, 5, 5]
