"""Random programs over every Keras layer that has a rule: what the differential test of layers draws.

A program constructs one layer, from small domains of arguments that mostly fit, and calls it once or twice on
inputs that mostly fit.  About a third of the programs get one odd setting.  A layer that is new in the registry is
drawn at once: its arguments are looked up by their names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from shape_engine.rule import REGISTRY, LayerRule

from .arguments import OF_LAYER, OF_NAME, WHATEVER
from .configurations import Program

LENGTHS = (1, 2, 3, 4, 5, 7, 9)
LEFT_OUT = ("Flax", "Jax", "TFSM", "TorchModule")
"""What needs another framework, or a file."""
PUBLIC = {"GroupedQueryAttention": "GroupQueryAttention"}
"""Where the class has another name than the one it is known by."""


def draw(mode: str, seed: int, count: int) -> Iterator[Program]:
    """So many programs of a mode ("keras symbolic", "keras eager"), reproducible from the seed."""
    rng = Random(f"{mode} layers {seed}")
    names = layers()
    for number in range(count):
        yield _program(rng, mode, names[number % len(names)])


def layers() -> list[str]:
    """The layers of ``keras.layers`` that have a rule and take arrays."""
    rules = [rule for rule in REGISTRY.rules.values() if isinstance(rule, LayerRule)]
    return sorted(
        rule.name for rule in rules if rule.target == f"keras.layers.{rule.name}" and not rule.name.startswith(LEFT_OUT)
    )


def _program(rng: Random, mode: str, layer: str) -> Program:
    settings = _settings(rng, layer)
    given = [f"{name}={value}" if name in settings else value for name, value in _by_position(rng, layer, settings)]
    calls = [_inputs(rng, layer, settings) for _ in range(2 if rng.random() < 0.25 else 1)]
    head = ["import keras", "import tensorflow as tf"]

    def text(one: Callable[[Random, list[Any], str | None], str]) -> str:
        own = Random(rng.random())
        lines = [f"layer = keras.layers.{PUBLIC.get(layer, layer)}({', '.join(given)})"]
        for number, (form, arrays) in enumerate(calls):
            lines.append(f"y{number} = layer({form.format(*(one(own, shape, dtype) for shape, dtype in arrays))})")
        return "\n".join([*head, *lines, f"y{len(calls) - 1}", ""])

    if mode == "keras eager":
        return Program(mode, layer, text(_eager), text(_twin))
    _open(rng, calls)
    return Program(mode, layer, text(_symbolic))


def _settings(rng: Random, layer: str) -> dict[str, str]:
    """The arguments of the constructor as source text."""
    rule = REGISTRY.find(f"keras.layers.{layer}")
    assert isinstance(rule, LayerRule)
    settings = {}
    for name in rule.settings:
        usual, _ = _domain(layer, name)
        if usual and (name in rule.specification.needed or rng.random() < 0.3):
            settings[name] = repr(rng.choice(usual))
    if rng.random() < 0.3:
        names = [name for name in (*rule.settings, "name", "dtype", "foo", "trainable") if _domain(layer, name)[1]]
        name = rng.choice(list(settings) if settings and rng.random() < 0.6 else names)
        odd = _domain(layer, name)[1] or WHATEVER
        settings[name] = repr(rng.choice(odd if rng.random() < 0.8 else WHATEVER))
    return settings


def _domain(layer: str, name: str) -> tuple[list[Any], list[Any]]:
    return OF_LAYER.get(layer, {}).get(name) or OF_NAME.get(name, ([], []))


def _by_position(rng: Random, layer: str, settings: dict[str, str]) -> list[tuple[str, str]]:
    """The arguments in order; those that must be given sometimes by position (then with an empty name)."""
    rule = REGISTRY.find(f"keras.layers.{layer}")
    assert isinstance(rule, LayerRule)
    order = [*rule.specification.order, *settings]
    given = sorted(settings, key=order.index)
    positional = 0
    while (
        positional < len(given)
        and given[positional] == order[positional]
        and given[positional] in rule.specification.needed
    ):
        positional += 1
    if rng.random() < 0.4:
        positional = 0
    return [("" if n < positional else name, settings[name]) for n, name in enumerate(given)]


Array = tuple[list[Any], "str | None"]
"""Shape and dtype of one input."""


def _inputs(rng: Random, layer: str, settings: dict[str, str]) -> tuple[str, list[Array]]:
    """A call's arguments with {} for each array, and the arrays."""
    if layer in ("MultiHeadAttention", "GroupedQueryAttention"):
        count = rng.choice([2, 2, 3])
        return ", ".join(["{}"] * count), _sequences(rng, count)
    if layer in ("Attention", "AdditiveAttention"):
        count = rng.choice([2, 2, 2, 3, 1])
        return "[" + ", ".join(["{}"] * count) + "]", _sequences(rng, count)
    if layer.endswith(("Cell", "Cells")) and rng.random() < 0.9:
        return _step(rng, layer, settings)
    if layer in MERGING:
        count = (
            2
            if layer in ("Dot", "Subtract", "HashedCrossing") and rng.random() < 0.9
            else rng.choice([2, 2, 2, 3, 3, 1])
        )
        form = "[" + ", ".join(["{}"] * count) + "]" if rng.random() < 0.95 else "{}"
        return form, _alike(rng, layer, 1 if form == "{}" else count)
    shape, dtype = _shape(rng, layer, settings), _dtype(rng, layer)
    form = "{}" if rng.random() < 0.97 else rng.choice(["[{}]", "inputs={}", "{}, training=True", "None", "3", "'a'"])
    return form, [(shape, dtype)]


MERGING = ("Add", "Average", "Concatenate", "Dot", "HashedCrossing", "Maximum", "Minimum", "Multiply", "Subtract")
IDS = ("CategoryEncoding", "Embedding", "Hashing", "HashedCrossing", "IntegerLookup", "ReversibleEmbedding")
TEXTS = ("StringLookup", "TextVectorization")
IMAGES = ("Random", "Aug", "Mix", "Cut", "Center", "Resiz", "Rand", "Equal", "Auto", "Solar", "Contrast")
SEQUENCES = (
    "Bidirectional",
    "GRU",
    "LSTM",
    "RNN",
    "SimpleRNN",
    "RepeatVector",
    "UpSampling1D",
    "ZeroPadding1D",
    "Cropping1D",
)


def _shape(rng: Random, layer: str, settings: dict[str, str]) -> list[Any]:
    first = "channels_first" in settings.get("data_format", "")
    if layer.startswith(IMAGES):
        image = [rng.choice([3, 5, 8, 9]), rng.choice([3, 4, 7, 10])]
        channels = rng.choice([3, 3, 3, 1, 4])
        image = [channels, *image] if first else [*image, channels]
        return _weighted(rng, (6, [rng.choice([1, 2]), *image]), (3, image), (0.5, image[:2]), (0.3, [1, 2, *image]))
    rank = _rank(rng, layer)
    return [rng.choice(LENGTHS) if rng.random() < 0.99 else 0 for _ in range(rank)]


def _rank(rng: Random, layer: str) -> int:
    if layer == "RepeatVector":
        usual = 2
    elif layer in SEQUENCES:
        usual = 3
    elif layer.startswith("ConvLSTM"):
        usual = int(layer[8]) + 3
    elif dimensions := re.search(r"([123])D", layer):
        usual = int(dimensions[1]) + 2
    elif layer in IDS or layer in TEXTS:
        return rng.choice([1, 2, 2, 2, 3])
    else:
        return rng.choice([1, 2, 2, 3, 3, 3, 4, 4, 5])
    return usual if rng.random() < 0.88 else rng.choice([1, 2, 3, 4, 5])


def _dtype(rng: Random, layer: str) -> str | None:
    usual = None
    if layer in IDS:
        usual = rng.choice(["int32", "int64"])
    elif layer in TEXTS:
        usual = "string"
    if rng.random() < 0.9:
        return usual
    return rng.choice(["float32", "float64", "float16", "int32", "int64", "uint8", "bool", "string"])


def _step(rng: Random, layer: str, settings: dict[str, str]) -> tuple[str, list[Array]]:
    """What a cell is called with: one step of a sequence, and states that mostly fit."""
    cells = re.findall(r"(LSTM|)\w*Cell\((\d+)", settings.get("cells") or f"{layer}({settings.get('units')}")
    batch = rng.choice([1, 2, 3])
    shapes, forms = [[batch, rng.choice(LENGTHS)]], []
    for lstm, units in cells or [("", "2")]:
        count = (2 if lstm else 1) if rng.random() < 0.95 else rng.choice([1, 2, 3])
        shapes += [[batch, int(units)] for _ in range(count)]
        forms.append("{}" if count == 1 and rng.random() < 0.2 else f"[{', '.join(['{}'] * count)}]")
    if rng.random() < 0.1:
        rng.choice(shapes)[rng.randrange(2)] = rng.choice(LENGTHS)
    states = f"[{', '.join(forms)}]" if "cells" in settings else forms[0]
    return f"{{}}, {states}", [(shape, _dtype(rng, "")) for shape in shapes]


def _alike(rng: Random, layer: str, count: int) -> list[Array]:
    """Arrays that mostly can be merged."""
    rank = rng.choice([2, 2, 3, 3, 4, 1, 5])
    base = [rng.choice(LENGTHS) for _ in range(rank)]
    free = rng.randrange(rank)  # where joined arrays may differ
    found: list[Array] = []
    for _ in range(count):
        shape = list(base)
        if layer == "Concatenate" and rng.random() < 0.5:
            shape[free] = rng.choice(LENGTHS)
        elif layer != "Concatenate" and rng.random() < 0.2:
            shape[free] = 1
        elif rng.random() < 0.12:
            shape[rng.randrange(rank)] = rng.choice(LENGTHS)
        if rng.random() < 0.06:
            shape = shape[1:] if rng.random() < 0.5 else [rng.choice(LENGTHS), *shape]
        found.append((shape, _dtype(rng, layer)))
    return found


def _sequences(rng: Random, count: int) -> list[Array]:
    """Query, value and key of an attention."""
    middle = [rng.choice(LENGTHS) for _ in range(rng.choice([0, 0, 0, 0, 1]))]
    batch, channels, length = rng.choice([1, 2, 3]), rng.choice([2, 3, 4, 6]), rng.choice(LENGTHS)
    found: list[Array] = []
    for number in range(count):
        if number < 2 and rng.random() < 0.7:
            length = rng.choice(LENGTHS)
        shape = [batch, *middle, length, channels if rng.random() < 0.85 else rng.choice([2, 3, 4])]
        if rng.random() < 0.05:
            shape[0] = rng.choice(LENGTHS)
        if rng.random() < 0.04:
            shape = shape[1:]
        found.append((shape, None if rng.random() < 0.95 else rng.choice(["int32", "float16"])))
    return found


def _open(rng: Random, calls: list[tuple[str, list[Array]]]) -> None:
    """Leave some lengths open."""
    if rng.random() < 0.3:
        for _, arrays in calls:
            for shape, _ in arrays:
                shape[:] = [None if rng.random() < 0.4 else dim for dim in shape]


def _symbolic(rng: Random, shape: list[Any], dtype: str | None) -> str:
    given = f", dtype={dtype!r}" if dtype else ""
    if shape and rng.random() < 0.6:
        return f"keras.Input({tuple(shape[1:])}{given})"
    return f"keras.Input(batch_shape={tuple(shape)}{given})"


def _eager(rng: Random, shape: list[Any], dtype: str | None) -> str:
    if dtype == "string":
        return f"tf.fill({tuple(shape)}, 'a b')"
    return f"tf.{rng.choice(['zeros', 'ones'])}({tuple(shape)}{f', {dtype!r}' if dtype else ''})"


def _twin(rng: Random, shape: list[Any], dtype: str | None) -> str:
    return f"keras.KerasTensor({tuple(shape)}{f', dtype={dtype!r}' if dtype else ''})"


def _weighted(rng: Random, *choices: tuple[float, Any]) -> Any:
    weights, values = zip(*choices, strict=True)
    return rng.choices(values, weights)[0]
