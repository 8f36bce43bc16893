"""The table of a model is what ``model.summary()`` prints, character by character; the numbers are the real ones."""

from __future__ import annotations

import hashlib
import json
import os
import re
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from oracle.process import missing, worker

from shape_engine import Engine, Settings
from shape_engine.models import Model
from shapelens.summary import record, table
from shapelens.summary.drawing import drawing
from shapelens.summary.page import page

PROGRAMS = sorted((Path(__file__).parent / "summaries").glob("*.py"))
DAGRE = "54a503e346f93ca0bb10abe7999587e037262935687aca45eb4e4b0f64bbb578"  # dist/dagre.min.js of @dagrejs/dagre 3.1.3
REQUIRED = bool(os.environ.get("SHAPELENS_REQUIRE_JUDGES"))
WIDTHS = (80, 130)
PRINTED = """
import os as _os
_printed = []
for _columns in {widths}:
    _os.environ["COLUMNS"] = str(_columns)
    {name}.summary(print_fn=lambda text, **_: _printed.append(text), expand_nested={nested})
del _os.environ["COLUMNS"]
_printed + [{name}.count_params() if {name}.built else None]
"""


def described(program: str, name: str, settings: Settings | None = None) -> Model:
    engine = Engine(settings=settings or Settings())
    engine.update("file:///program.py", 1, program)
    found = [one for one in engine.models("file:///program.py") if one.name == name]
    model = engine.summary("file:///program.py", found[-1])
    assert model is not None
    return model


@pytest.mark.xdist_group("keras")
@pytest.mark.parametrize("nested", [False, True], ids=["plain", "nested"])
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_table_is_that_of_the_framework(path: Path, nested: bool) -> None:
    if missing("keras"):
        assert not REQUIRED, "Keras must be there"
        pytest.skip("Keras is not installed")
    program = path.read_text(encoding="utf-8")
    if nested and "nested" not in path.stem and path.stem != "own_layers":
        pytest.skip("nothing is nested")
    happened = worker("keras").run(program + PRINTED.format(name="model", widths=WIDTHS, nested=nested))
    *printed, total = [item.get("value") for item in happened[-1]["items"]]
    model = described(program, "model")
    for columns, expected in zip(WIDTHS, printed, strict=True):
        assert table(model, columns, nested) == expected
    held = model.summary.held
    assert held is not None
    assert total is None or held.trainable + held.non_trainable == total
    assert model.summary.total in (None, total)


OLD = (
    "added_one_by_one", "called_again_elsewhere", "functional_in_a_row", "half_precision", "nested_functional",
    "nested_in_sequential", "nested_sequential", "own_layers", "recurrent", "residual", "sequential",
    "several_inputs_and_outputs", "shared_layer", "subclass_called_with_numbers", "transformer",
)  # fmt: skip
"""The programs that Keras 2 runs, too, and whose every cell is known."""
RECORDED = json.loads((Path(__file__).parent / "data" / "summaries_keras_2.12.json").read_text(encoding="utf-8"))
PRINTED_BEFORE_3 = """
_printed = []
model.summary(print_fn=_printed.append, expand_nested={nested})
"".join(line + "\\n" for line in _printed)
"""


@pytest.mark.xdist_group("tf_keras")
@pytest.mark.parametrize("nested", [False, True], ids=["plain", "nested"])
@pytest.mark.parametrize("name", OLD)
def test_table_is_that_of_keras_2(name: str, nested: bool) -> None:
    if missing("tf_keras"):
        assert not REQUIRED, "tf_keras must be there"
        pytest.skip("tf_keras is not installed")
    program = before_3(name)
    happened = worker("tf_keras").run(program + PRINTED_BEFORE_3.format(nested=nested))
    assert table(described(program, "model"), 100, nested) == happened[-1]["value"]


@pytest.mark.parametrize("name", OLD)
def test_table_is_that_of_keras_2_12(name: str) -> None:
    """As its print_summary printed it, recorded: plain, and with the layers of models inside."""
    program = (Path(__file__).parent / "summaries" / f"{name}.py").read_text(encoding="utf-8")
    settings = Settings(versions={"keras": (2, 12, 0), "tensorflow": (2, 12, 0)})
    for nested, lines in zip((False, True), RECORDED[name], strict=True):
        assert table(described(program, "model", settings), 100, nested).split("\n") == lines


@pytest.mark.parametrize("name", ["unbuilt_sequential", "unbuilt_subclass", "frozen_base"])
def test_what_is_not_known_of_keras_2_is_said(name: str) -> None:
    text = table(described(before_3(name), "model"), 100)
    assert "Not as printed: " in text
    assert name != "frozen_base" or "Non-trainable params: ? (?)" in text  # the network inside is not known


def before_3(name: str) -> str:
    """A program for Keras 3, for the package tf_keras."""
    program = (Path(__file__).parent / "summaries" / f"{name}.py").read_text(encoding="utf-8")
    program = re.sub(r"^import keras$", "import tf_keras as keras", program, flags=re.MULTILINE)
    return re.sub(r"^from (tensorflow\.)?keras\b", "from tf_keras", program, flags=re.MULTILINE)


def test_what_fails_is_marked() -> None:
    program = """import keras
from keras import layers

a, b = keras.Input((10,)), keras.Input((11,))
x, y = layers.Dense(3)(a), layers.Dense(2)(b)
c = layers.Add()([x, y])
model = keras.Model([a, b], layers.Dense(4)(c))
row = keras.Sequential([keras.Input((28, 28)), layers.Conv1D(4, 3), layers.Conv2D(3, 3)])
"""
    model = described(program, "model")
    (failure,) = model.failures
    assert model.summary.rows[failure.row].cls == "Add"
    assert [model.summary.rows[failure.row].links[n].name for n in failure.links] == ["dense", "dense_1"]
    assert failure.finding.span.line == 6
    assert "Not built: line 6 raises ValueError: Inputs have incompatible shapes" in table(model, 100)
    assert model.summary.total is None, "the last layer's weights depend on what is wrong"
    (failure,) = described(program, "row").failures
    assert failure.links == (0,)
    shown = record(described(program, "row"))
    assert shown["model"]["layers"][1]["inputs"][0] == {
        "from": 0, "name": "conv1d", "node": 0, "tensor": 0, "shape": "(None, 26, 4)", "failing": True, "call": None,
    }  # fmt: skip
    assert shown["failures"][0]["line"] == 8


def test_masks_are_left_out_and_said() -> None:
    program = """import keras
from keras import layers

inputs = keras.Input((None,))
model = keras.Model(inputs, layers.LSTM(3)(layers.Embedding(5, 2, mask_zero=True)(inputs)))
"""
    assert "Not as printed: masks are computed" in table(described(program, "model"))


def test_builders_and_variables_are_found() -> None:
    program = """import keras
from keras import layers


class Maker:
    def small(self, units=2):
        return keras.Sequential([keras.Input((3,)), layers.Dense(units)])


def big(units=7):
    def inner():
        return 3
    model = keras.Sequential([keras.Input((3,)), layers.Dense(units)])
    return model, inner


one = two = big()[0]
if one:
    three = Maker().small(5)
number = 3
"""
    engine = Engine()
    engine.update("file:///program.py", 1, program)
    found = engine.models("file:///program.py")
    assert [(one.name, one.kind) for one in found] == [
        ("Maker.small", "builder"), ("big", "builder"), ("one", "variable"), ("two", "variable"), ("three", "variable"),
    ]  # fmt: skip
    totals = [model.summary.total for one in found if (model := engine.summary("file:///program.py", one))]
    assert totals == [20, 28, 28, 28, 20]


def test_repeating_blocks_are_told() -> None:
    program = """import keras
from keras import layers

x = inputs = keras.Input((4,))
for _ in range(5):
    x = layers.Add()([x, layers.Dense(4)(x)])
model = keras.Model(inputs, layers.Dense(1)(x))
"""
    assert record(described(program, "model"))["model"]["repeats"] == [{"first": 1, "length": 2, "count": 5}]


def test_a_drawing_holds_every_layer_and_shape() -> None:
    program = (Path(__file__).parent / "summaries" / "residual.py").read_text(encoding="utf-8")
    model = described(program, "model")
    image = ElementTree.fromstring(drawing(record(model)))
    texts = [text.text for text in image.iter("{http://www.w3.org/2000/svg}text")]
    for row in model.summary.rows:
        assert row.name in texts
    assert texts.count("(None, 32, 32, 16)") >= 8
    box = [rect.attrib for rect in image.iter("{http://www.w3.org/2000/svg}rect")]
    places = [tuple(float(one[key]) for key in ("x", "y", "width", "height")) for one in box]
    for n, (x, y, width, height) in enumerate(places):
        for left, top, wide, high in places[:n]:
            assert x + width <= left or left + wide <= x or y + height <= top or top + high <= y, "boxes overlap"


def test_the_page_needs_nothing_else() -> None:
    program = 'import keras\n\nmodel = keras.Sequential([keras.layers.Dense(1, name="</script><b>")])\n'
    text = page([record(described(program, "model"))])
    assert "</script><b>" not in text
    assert not re.findall(r"""(?:src|href)=|url\(["']?http|@import""", text.replace("url(#", ""))
    data = re.search(r'<script id="data"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])[0]["model"]["layers"][0]["name"] == "</script><b>"


def test_dagre_is_the_file_of_its_package() -> None:
    text = (files("shapelens.summary") / "assets" / "dagre.min.js").read_bytes()
    assert hashlib.sha256(text).hexdigest() == DAGRE, "take another version from npm as it is, and its licence"
