"""Real input: model builders of the installed keras package, against the models that they build."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from judges import UNKNOWN, agrees, at, believe, plain
from shadow import after_every_edit, typing_in

from shape_engine import Engine, Settings
from shape_engine.value import Tensor

BUILDERS = {"vgg16": "VGG16", "vgg19": "VGG19", "mobilenet": "MobileNet"}


@cache
def source(module: str) -> Path:
    """The file of a builder, found without importing keras."""
    spec = importlib.util.find_spec("keras")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "src" / "applications" / f"{module}.py"


def layers_of(judge, module: str, arguments: str) -> dict[str, Any]:
    """Name -> output shape of the layers of the real model."""
    return judge("keras").value(
        f"import keras\nmodel = keras.applications.{module}.{BUILDERS[module]}({arguments})\n"
        "{layer.name: layer.output.shape for layer in model.layers}"
    )


def layers_behind(tensor: Tensor) -> Iterator[tuple[str, Any]]:
    """Name and output shape of every layer that the tensor has gone through."""
    pending, met = [tensor], set()
    while pending:
        made = pending[-1].made
        one = pending.pop()
        if made is None or id(one) in met:
            continue
        met.add(id(one))
        pending.extend(made.inputs)
        if made.facts and "name" in made.facts:
            yield made.facts["name"], at(plain(one), {})


@pytest.mark.parametrize("module", BUILDERS)
def test_the_file_as_it_is(module, judge):
    """Nobody calls the builder in its own file: defaults, and no finding."""
    real = layers_of(judge, module, "weights=None")
    text = source(module).read_text(encoding="utf-8")
    belief = believe(text)
    assert not belief.snapshot.findings
    assert not belief.snapshot.broken
    compared = compare_calls(text, belief.snapshot, real)
    assert compared >= 14


@pytest.mark.parametrize(
    ("module", "arguments"),
    [(module, "weights=None") for module in BUILDERS]
    + [(module, "weights=None, include_top=False, input_shape=(160, 96, 3)") for module in BUILDERS]
    + [("mobilenet", "weights=None, alpha=0.5, depth_multiplier=2, input_shape=(128, 128, 3)")],
)
def test_every_layer_of_the_model(module, arguments, judge):
    """The builder called at the end of its file: each layer by name, helpers that many layers share included."""
    real = layers_of(judge, module, arguments)
    text = (
        source(module).read_text(encoding="utf-8")
        + f"\n\nmodel = {BUILDERS[module]}({arguments})\nout = model.output\n"
    )
    snapshot = Engine(settings=Settings()).update(source(module).as_uri(), 1, text)
    assert not snapshot.findings
    last = [seen.tensor for seen in snapshot.observations if seen.target and seen.text == "out"]
    assert last, "model.output is not known"
    assert last[-1] is not None
    believed = {snapshot.plain(name): shape for name, shape in layers_behind(last[-1])}
    first = next(iter(real))  # the InputLayer: nothing is called
    missing = real.keys() - believed.keys() - {first}
    assert not missing, f"layers that the engine has not seen: {sorted(missing)}"
    wrong = {
        name: (shape, real.get(name)) for name, shape in believed.items() if name != first and shape != real.get(name)
    }
    assert not wrong, wrong


def compare_calls(text: str, snapshot: Any, real: dict[str, Any]) -> int:
    """Each call ``layers.X(..., name="...")(x)`` of the file: its shape is that of the real layer.

    A call in a helper is made for several layers, whose names are put together there: what the engine
    shows is the join of their shapes, and must not contradict any of them.
    """
    seen = {
        (o.span.line, o.span.column, o.span.end_line, o.span.end_column): o
        for o in snapshot.observations
        if not o.target
    }
    compared = 0
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Call)):
            continue
        name = next((keyword.value for keyword in node.func.keywords if keyword.arg == "name"), None)
        if name is None:
            continue
        where = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        if isinstance(name, ast.Constant):
            if name.value not in real:  # on the path that include_top=False takes
                continue
            assert where in seen, f"line {node.lineno}: nothing is shown"
            believed = at(plain(seen[where].value), {})
            assert believed == real[name.value], f"{name.value}: {believed}, not {real[name.value]}"
        else:
            pattern = _pattern(name)
            shapes = [shape for other, shape in real.items() if pattern(other)]
            assert shapes, ast.unparse(name)
            assert where in seen, f"line {node.lineno}: nothing is shown"
            believed = at(plain(seen[where].value), {})
            assert believed != UNKNOWN, f"line {node.lineno}: {seen[where].value}"
            assert all(agrees(believed, shape) for shape in shapes), f"line {node.lineno}: {believed}, {shapes}"
        compared += 1
    return compared


def _pattern(name: ast.expr):
    """Whether a name can have come from ``"conv_dw_%d" % n`` or an f-string."""
    if isinstance(name, ast.BinOp) and isinstance(name.left, ast.Constant):
        wanted = re.escape(str(name.left.value)).replace("%d", r"\d+")
    else:
        assert isinstance(name, ast.JoinedStr)
        wanted = "".join(re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in name.values)
    return lambda other: re.fullmatch(wanted, other) is not None


@pytest.mark.parametrize("module", ["vgg16", pytest.param("mobilenet", marks=pytest.mark.slow)])
def test_typing_a_real_file(module):
    """Nothing of the history of a file shows in what is said about it."""
    text = source(module).read_text(encoding="utf-8")
    for step, warm, cold in after_every_edit(typing_in(text, seed=5), {}):
        assert warm == cold, step
