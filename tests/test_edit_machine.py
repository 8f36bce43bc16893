"""Edits of generated model programs as a state machine: what differs between warm and cold shrinks to a few edits."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from shadow import URI, fields

from shape_engine import Engine

HEAD = "import keras\nfrom keras import layers\nfrom torch import nn\nimport torch\n"
SMALL = st.integers(1, 4)
NAMES = st.sampled_from("abcd")
PLACES = st.integers(0, 30)
SCRAPS = st.sampled_from(["(", ")", '"', "'''", " ", "\n", "#", ":", "1", ""])
FUNCTIONS = st.sampled_from(["f", "g"])


def filled(template: str) -> st.SearchStrategy[str]:
    """The template with names and numbers."""
    return st.builds(template.format, a=NAMES, b=NAMES, c=NAMES, f=FUNCTIONS, g=FUNCTIONS, n=SMALL, m=SMALL)


STATEMENTS = st.one_of(
    *map(
        filled,
        [
            "{a} = {n}\n",
            "{a} = keras.Input(({n} + 9, 9, {m}))\n",
            "{a} = layers.Conv2D({n}, {m})({b})\n",
            "{a} = layers.Conv2D({b}, {m})({c})\n",
            "{a} = {b}\n",
            "{a} = [{b}, {n}]\n",
            "{a}.append({b})\n",
            "{a} = {b} == {n}\n",
            "del {a}\n",
            "def {f}(x, {a}={n}):\n    y = layers.Conv2D({a}, {m})(x)\n    return y\n",
            "def {f}({a}):\n    return {g}({b})\n",
            "def {f}({a}={n}):\n    global {b}\n    {b} = {c}\n",
            "{a} = {f}({b})\n",
            "class {f}(nn.Module):\n    {a} = {n}\n    def __init__(self, w={m}):\n        super().__init__()\n"
            "        self.c = nn.Conv2d(self.{a}, w, 1)\n    def forward(self, x):\n        return self.c(x)\n",
            "{a} = {f}()(torch.zeros(1, {n}, 9, 9))\n",
            "for {a} in range({n}):\n    {b} = layers.Dense({m})({c})\n",
            "if {a}:\n    {b} = {n}\nelse:\n    {b} = {m}\n",
            "try:\n    {a} = layers.Conv2D({n}, 30)({b})\nexcept ValueError:\n    {c} = {m}\n",
            "{a} = keras.Sequential([keras.Input((9, 9, {n}))])\n",
            "{a}.add(layers.Conv2D({n}, {m}))\n",
            "{a} = {b}.output\n",
            "@{f}\ndef {g}(x):\n    return x\n",
            "from {f} import *\n",
            "exec({a})\n",
            "exec('{a} = {n}')\n",
            "keras.backend.clear_session()\n",
            "# {a}\n",
            "\n",
            "{a} = layers.Conv2D({n}, (\n",
            "def {f}(x\n    return {a}\n",
            "'''{a}\n",
            "  {a} = {n}\n",
        ],
    )
)  # fmt: skip


class Edits(RuleBasedStateMachine):
    """A program as a list of statements, all of which can be edited; the engine has seen every version of it."""

    before = Bundle("before")

    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine()
        self.pieces: list[str] = [HEAD]

    def at(self, number: int) -> slice:
        """One statement of the program, whatever the number; behind the last one there is none."""
        place = number % (len(self.pieces) + 1)
        return slice(place, place + 1)

    @initialize(statements=st.lists(STATEMENTS, max_size=8))
    def open(self, statements):
        self.pieces = [HEAD, *statements]

    @rule(place=PLACES, statement=STATEMENTS)
    def insert(self, place, statement):
        self.pieces.insert(self.at(place).start, statement)

    @rule(place=PLACES, statement=STATEMENTS)
    def replace(self, place, statement):
        self.pieces[self.at(place)] = [statement]

    @rule(place=PLACES)
    def delete(self, place):
        del self.pieces[self.at(place)]

    @rule(place=PLACES, to=PLACES)
    def move(self, place, to):
        moved = self.pieces[self.at(place)]
        del self.pieces[self.at(place)]
        start = self.at(to).start
        self.pieces[start:start] = moved

    @rule(place=PLACES, to=PLACES)
    def repeat(self, place, to):
        start = self.at(to).start
        self.pieces[start:start] = self.pieces[self.at(place)]

    @rule(place=PLACES, column=st.integers(0, 60), cut=st.integers(0, 2), scrap=SCRAPS)
    def slip(self, place, column, cut, scrap):
        self.pieces[self.at(place)] = [
            piece[:column] + scrap + piece[column + cut :] for piece in self.pieces[self.at(place)]
        ]

    @rule(target=before)
    def keep(self):
        return list(self.pieces)

    @rule(pieces=before)
    def undo(self, pieces):
        self.pieces = list(pieces)

    @invariant()
    def warm_equals_cold(self):
        text = "".join(self.pieces)
        warm = self.engine.update(URI, None, text)
        assert not warm.errors, warm.errors[0]
        assert fields(warm) == fields(Engine().update(URI, None, text))


def profile(programs: int, edits: int) -> settings:
    return settings(
        max_examples=programs, stateful_step_count=edits, deadline=None, suppress_health_check=list(HealthCheck)
    )


def test_some_programs():
    run_state_machine_as_test(Edits, settings=profile(12, 12))


@pytest.mark.slow
def test_many_programs():
    run_state_machine_as_test(Edits, settings=profile(150, 25))
