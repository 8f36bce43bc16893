"""The engine as a whole: which units run again after an edit, and what files know of each other."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from files import Files

from shape_engine import Engine, Settings, Snapshot, Stopped

HEAD = "import keras\nfrom keras import layers\n"


def shapes(snapshot: Snapshot) -> dict[str, str]:
    """The shape of each assigned name, the last one where there are several."""
    assert not snapshot.errors, snapshot.errors[0]
    return {seen.text: str(seen.value.shape) for seen in snapshot.observations if seen.target and seen.tensor}


def edited(engine: Engine, text: str, uri: str = "file:///m.py") -> dict[str, int]:
    """How many units the edit parsed, executed and probed."""
    work = engine.update(uri, None, text).work
    return {kind: len(getattr(work, kind)) for kind in ("parsed", "executed", "probed")}


def test_only_what_depends_on_an_edit_runs_again() -> None:
    engine = Engine()
    lines = [
        "x = keras.Input((28, 28, 3))\n",
        "width = 8\n",
        "y = layers.Conv2D(width, 3)(x)\n",
        "z = layers.Conv2D(4, 3)(x)\n",
        "w = layers.Conv2D(5, 3)(y)\n",
    ]
    text = HEAD + "".join(lines)
    assert edited(engine, text) == {"parsed": 7, "executed": 7, "probed": 0}
    assert edited(engine, text) == {"parsed": 0, "executed": 0, "probed": 0}
    assert edited(engine, "# a comment\n\n" + text) == {"parsed": 0, "executed": 0, "probed": 0}
    assert edited(engine, text + "# more\n") == {"parsed": 0, "executed": 0, "probed": 0}
    assert edited(engine, text.replace("width = 8", "width = 8  # wide")) == {"parsed": 1, "executed": 0, "probed": 0}
    # another width: the unit itself, y, and w, which reads y; z is left alone
    assert edited(engine, text.replace("width = 8", "width = 9")) == {"parsed": 1, "executed": 3, "probed": 0}
    assert shapes(engine.snapshot("file:///m.py"))["y"] == "(None, 26, 26, 9)"


def test_a_layer_put_above_runs_nothing_below_but_renames() -> None:
    engine = Engine()
    tail = "c = layers.Conv2D(4, 3)\nc(keras.Input((9, 9)))\n"
    before = engine.update("file:///m.py", 1, HEAD + tail).findings
    assert "layer 'conv2d' is" in before[0].raised.text
    text = HEAD + "first = layers.Conv2D(1, 1)\n" + tail
    assert edited(engine, text) == {"parsed": 1, "executed": 1, "probed": 0}
    (finding,) = engine.snapshot("file:///m.py").findings
    assert "layer 'conv2d_1' is" in finding.raised.text
    assert engine.snapshot("file:///m.py") == Engine().update("file:///m.py", None, text)


def test_a_comment_between_arguments_is_new_text_for_an_old_result() -> None:
    engine = Engine()
    text = HEAD + "y = layers.Conv2D(4, 3)(\n    keras.Input((9, 9, 3)),\n)\n"
    engine.update("file:///m.py", 1, text)
    for changed in (text.replace(",\n)", ",  # an image\n)"), text.replace("\n", "\r\n")):
        assert edited(engine, changed)["executed"] == 0
        assert engine.snapshot("file:///m.py") == Engine().update("file:///m.py", None, changed)


def test_what_is_sent_into_a_generator_is_seen_in_its_new_text() -> None:
    text = (
        "def echo():\n    got = None\n    while True:\n        got = yield got\n"
        "talk = echo()\nnext(talk)\nanswer = talk.send(3)\n"
    )
    engine = Engine()
    engine.update("file:///m.py", 1, text)
    changed = text.replace("yield got", "(yield got)")
    assert (
        engine.update("file:///m.py", 2, changed).observations
        == Engine().update("file:///m.py", 2, changed).observations
    )


def test_a_layer_is_added_to_a_model_of_which_nothing_is_left() -> None:
    text = (
        "import keras\nmodel = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])\n"
        "model.pop()\nmodel.add(keras.layers.Dense(4))\nmodel.pop()\nmodel.pop()\nmodel.add(keras.layers.Dense(5))\n"
    )
    assert not Engine().update("file:///m.py", 1, text).errors


def test_equal_statements_keep_their_own_results() -> None:
    engine = Engine()
    add = "m.add(layers.Conv2D(4, 3))\n"
    text = HEAD + "m = keras.Sequential([keras.Input((9, 9, 3))])\n" + add * 3 + "y = m.outputs[0]\n"
    engine.update("file:///m.py", 1, text)
    assert shapes(engine.snapshot("file:///m.py"))["y"] == "(None, 3, 3, 4)"
    engine.update("file:///m.py", 2, text.replace(add, "", 1))
    assert shapes(engine.snapshot("file:///m.py"))["y"] == "(None, 5, 5, 4)"


def test_code_that_nothing_calls_is_analysed_until_something_calls_it() -> None:
    engine = Engine()
    function = HEAD + "def f(kernel=9):\n    return layers.Conv2D(4, kernel)(keras.Input((5, 5, 3)))\n"
    (finding,) = engine.update("file:///m.py", 1, function).findings
    assert (finding.code, finding.assumed) == ("window-too-big", True)
    assert engine.update("file:///m.py", 2, function + "y = f(3)\n").findings == ()


def test_a_mismatch_between_two_layers_of_a_class_that_nothing_makes() -> None:
    text = (
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a = nn.Conv2d(3, 16, 3)\n        self.b = nn.Conv2d(8, 4, 3)\n"
        "    def forward(self, x):\n        return self.b(self.a(x))\n"
    )
    (finding,) = Engine().update("file:///m.py", 1, text).findings
    assert finding.code == "channel-mismatch"
    assert finding.span.line == 8
    assert finding.assumed


def test_what_raises_inside_try_is_no_finding() -> None:
    text = (
        HEAD
        + "try:\n    layers.Conv2D(0, 3)\nexcept ValueError:\n    pass\ntry:\n    layers.Conv2D(0, 3)\nexcept KeyError:\n    pass\n"
    )
    (finding,) = Engine().update("file:///m.py", 1, text).findings
    assert finding.span.line == 8


def test_a_change_in_one_file_reaches_those_that_import_it() -> None:
    files = Files(blocks="", deep="")
    engine = Engine(files)
    block = "import keras\nWIDTH = {}\ndef block(x):\n    return keras.layers.Conv2D(WIDTH, 3)(x)\n"
    engine.update(files.uri("blocks"), 1, block.format(8))
    middle = "from blocks import block as inner\ndef outer(x):\n    return inner(inner(x))\n"
    engine.update(files.uri("deep"), 1, middle)
    main = "import keras\nimport deep\nfrom blocks import *\ny = deep.outer(keras.Input((9, 9, 3)))\nz = block(keras.Input((9, 9, 3)))\nother = 3\n"
    files.texts["main"] = main
    assert shapes(engine.update(files.uri("main"), 1, main)) == {"y": "(None, 5, 5, 8)", "z": "(None, 7, 7, 8)"}
    assert engine.refresh() == []
    engine.update(files.uri("blocks"), 2, block.format(5))
    stale = {snapshot.uri for snapshot in engine.refresh()}
    assert files.uri("main") in stale
    fresh = engine.snapshot(files.uri("main"))
    assert shapes(fresh) == {"y": "(None, 5, 5, 5)", "z": "(None, 7, 7, 5)"}
    assert len(fresh.work.executed) == 3, "y, z, and the import that binds the changed name"


def test_a_finding_in_another_file_is_shown_at_the_call() -> None:
    files = Files(blocks="import keras\ndef block(x):\n    return keras.layers.Conv2D(8, 30)(x)\n")
    engine = Engine(files)
    (finding,) = engine.update(
        files.uri("main"), 1, "import keras\nfrom blocks import block\ny = block(keras.Input((9, 9, 3)))\n"
    ).findings
    assert finding.span.line == 3
    assert [(spot.role, spot.place.uri, spot.place.span.line) for spot in finding.related if spot.role == "raises"] == [
        ("raises", files.uri("blocks"), 3)
    ]


def test_imports_in_a_circle_end() -> None:
    files = Files(a="from b import g\ndef f():\n    return 3\n", b="from a import f\ndef g():\n    return f()\n")
    engine = Engine(files)
    text = "import keras\nfrom a import g\ny = keras.layers.Conv2D(4, g())(keras.Input((9, 9, 3)))\n"
    snapshot = engine.update(files.uri("main"), 1, text)
    assert not snapshot.errors
    assert shapes(snapshot)["y"] in ("(None, 7, 7, 4)", "(None, ?, ?, 4)")


def test_a_module_that_is_found_later() -> None:
    files = Files(config="SIZE = 3\n")
    files.pending.add("config")
    engine = Engine(files)
    text = HEAD + "from config import SIZE\ny = layers.Conv2D(4, SIZE)(keras.Input((9, 9, 3)))\n"
    first = engine.update(files.uri("main"), 1, text)
    assert first.pending
    assert shapes(first)["y"] == "(None, ?, ?, 4)"
    files.pending.clear()
    engine.invalidate()
    assert shapes(engine.snapshot(files.uri("main")))["y"] == "(None, 7, 7, 4)"


def test_a_file_of_the_users_shadows_a_framework() -> None:
    files = Files(torch="def zeros(*shape):\n    return 5\n")
    engine = Engine(files)
    assert shapes(engine.update(files.uri("main"), 1, "import torch\nx = torch.zeros(2, 3)\n")) == {}


def test_an_analysis_that_is_stopped_goes_on_later() -> None:
    engine = Engine()
    text = HEAD + "".join(f"x{n} = keras.Input(({n + 9}, 9, 3))\ny{n} = layers.Conv2D(4, 3)(x{n})\n" for n in range(40))
    asked = iter(range(1000))
    with pytest.raises(Stopped):
        engine.update("file:///m.py", 1, text, should_stop=lambda: next(asked) >= 1)
    later = engine.update("file:///m.py", 2, text)
    assert later == Engine().update("file:///m.py", 2, text)
    assert 0 < len(later.work.executed) < 82


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("import tensorflow as tf", "tf.keras.layers.Conv2D"),
        ("import tensorflow", "tensorflow.keras.layers.Conv2D"),
        ("from tensorflow import keras", "keras.layers.Conv2D"),
        ("from tensorflow.keras import layers as L", "L.Conv2D"),
        ("from tensorflow.keras.layers import Conv2D as C", "C"),
        ("import tensorflow.keras.layers as L", "L.Conv2D"),
        ("from keras.layers import *", "Conv2D"),
        ("from keras import layers", "layers.Convolution2D"),
        ("import keras", "keras.layers.Conv2D"),
        ("from tensorflow.python.keras import layers", "layers.Conv2D"),
        ("from tensorflow.python.keras.layers import Conv2D", "Conv2D"),
        ("from keras.src.layers.convolutional.conv2d import Conv2D", "Conv2D"),
        ("import tf_keras", "tf_keras.layers.Conv2D"),
    ],
)
def test_every_spelling_of_a_layer(spelling: str, name: str) -> None:
    text = f"{spelling}\nimport numpy as np\ny = {name}(4, 3)(np.zeros((1, 9, 8, 3)))\n"
    assert shapes(Engine().update("file:///m.py", 1, text))["y"] == "(1, 7, 6, 4)"


def test_settings_choose_the_version() -> None:
    text = HEAD + "layers.Conv2D(4, 3)(keras.Input((9, 9)))\n"
    new = Engine().update("file:///m.py", 1, text).findings[0]
    old = Engine(settings=Settings(versions={"keras": (3, 10, 0)})).update("file:///m.py", 1, text).findings[0]
    assert new.raised.text.startswith("Input 0 with name 'None' of layer 'conv2d' is")
    assert old.raised.text.startswith('Input 0 of layer "conv2d" is')


def test_an_expression_that_is_not_always_known_has_no_shape() -> None:
    text = HEAD + (
        "import unheard_of\ndef f(x):\n    y = x\n    return y\n"
        "a = f(keras.Input((9, 9, 3)))\nb = f(unheard_of.thing())\n"
    )
    snapshot = Engine().update("file:///m.py", 1, text)
    inside = [seen.value for seen in snapshot.between(5, 6)]
    assert inside
    assert not any(seen.tensor for seen in snapshot.between(5, 6))
    assert shapes(snapshot) == {"a": "(None, 9, 9, 3)"}


def test_what_is_meant_to_raise_is_no_finding() -> None:
    text = HEAD + "import pytest\nwith pytest.raises(ValueError):\n    layers.Conv2D(0, 3)\nlayers.Conv2D(0, 3)\n"
    (finding,) = Engine().update("file:///m.py", 1, text).findings
    assert finding.span.line == 6


def test_layers_inside_that_are_not_known() -> None:
    """A layer that is made in one branch only: how many there are is open."""
    text = HEAD + (
        "import os\nclass Block(layers.Layer):\n    def __init__(self, n):\n        super().__init__()\n"
        "        self.first = layers.Dense(4)\n        if n:\n            self.second = layers.Dense(5)\n"
        "        self.last = layers.Dense(6)\n    def call(self, x):\n        return self.last(self.first(x))\n"
        "block = Block(os.environ.get('N'))\ny = block(keras.Input((3,)))\n"
        "count = block.count_params()\nkernels = block.weights\n"
    )
    snapshot = Engine().update("file:///m.py", 1, text)
    assert not snapshot.findings
    assert shapes(snapshot) == {"x": "(None, 3)", "y": "(None, 6)"}


def test_what_nothing_calls_shares_one_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shape_engine.document.MAX_PROBING", 300)
    functions = [
        f"def f{n}(x):\n    for i in range(20):\n        x = layers.Dense({n})(x)\n    return x\n" for n in range(1, 30)
    ]
    engine = Engine()
    first = engine.update("file:///m.py", 1, HEAD + "".join(functions))
    assert 0 < len(first.work.probed) < 12
    assert first.work.steps < 1000
    changed = HEAD + "".join(functions).replace("Dense(28)", "Dense(7)")
    assert engine.update("file:///m.py", 2, changed) == Engine().update("file:///m.py", 2, changed)


@pytest.mark.parametrize(
    "text",
    [
        "def make(width: int):\n    return nn.Conv2d(width, width, 3, groups=width)\n",
        "def make(i, o, **kwargs):\n    return nn.Conv2d(i, o, bias=False, **kwargs)(torch.ones(2, 3, 8, 8)) + torch.ones(2, 1, 8, 8)\n",
        "def make(*args, **kwargs):\n    def inner(width, **more):\n        return nn.Linear(width, **more)\n    return inner(**kwargs)\n",
        "class Net(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.layers = []\n"
        "    def fuse(self):\n        if self.layers:\n            self.first()\n"
        "    def first(self):\n        return torch.ones(2)[:, 0] if not self.layers else None\n",
        "class Net(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.kept = torch.ones(3)\n"
        "    def late(self):\n        return self.kept[:, 0]\n"
        "    def forward(self, x):\n        self.kept = x.mean(0)\n        return x\n"
        "Net()(torch.ones(2, 3, 4))\n",
        "class Net(nn.Module):\n"
        "    def __init__(self, stride=1):\n        super().__init__()\n        self.merged, self.stride = False, stride\n"
        "        self.kept = nn.ModuleList([nn.ReLU()] if stride > 1 else [])\n"
        "    def merge(self):\n        if self.merged or self.stride == 1:\n            return\n"
        "        self.kept[0]\n        self.merged = True\n",
    ],
    ids=["groups", "keywords", "keywords handed on", "guarded", "state", "states that hang together"],
)
def test_uncalled_code_that_others_call_as_they_like_is_not_wrong(text: str) -> None:
    snapshot = Engine().update("file:///m.py", 1, "import torch\nfrom torch import nn\n" + text)
    assert not snapshot.errors
    assert not snapshot.findings


def test_closing_a_file_whose_uncalled_code_changes_another() -> None:
    files = Files(shared="NAMES = []\n", main="from shared import NAMES\ndef f():\n    NAMES.append(1)\n")
    engine = Engine(files)
    engine.update(files.uri("main"), 1, files.texts["main"])
    engine.close(files.uri("main"))
    assert files.uri("main") not in engine.documents


MAIN = (
    HEAD
    + """import numpy as np
def block(x, width=4):
    for _ in range(3):
        x = layers.ReLU()(layers.Conv2D(width, 3)(x))
    return x

def build(size):
    inputs = keras.Input((size, size, 3))
    return keras.Model(inputs, layers.Dense(10)(layers.Flatten()(block(block(inputs, 8)))))

def score(model, n):
    return model(np.zeros((n, 32, 32, 3)))

def main():
    model = build(32)
    scores = score(model, 5)
    return scores

if __name__ == "__main__":
    result = main()
"""
)


def test_calls_that_would_do_the_same_are_replayed() -> None:
    engine = Engine()
    first = engine.update("file:///m.py", 1, MAIN)
    assert shapes(first)["result"] == "(5, 10)"
    built = first.work.steps
    text = MAIN.replace("score(model, 5)", "score(model, 7)")
    for edit, result, share in [
        (text, "(7, 10)", 1.0),  # main() itself is another function now: all of it runs
        (text.replace("return model(", "return  model("), "(7, 10)", 0.3),  # the model is not built again
        (text.replace("width=4", "width=6"), "(7, 10)", 1.0),
        (text.replace("3)(x)", "5)(x)"), "(7, 10)", 1.0),
        (text.replace("n, 32", "n + 1, 32"), "(8, 10)", 0.3),
        (text.replace("n, 32, 32", "n, 31, 32"), "(?, 10)", 0.3),
    ]:
        warm = engine.update("file:///m.py", None, edit)
        assert shapes(warm).get("result") == result
        assert warm.work.steps <= share * built
        assert warm == Engine().update("file:///m.py", None, edit)
        assert engine.update("file:///m.py", None, text) == Engine().update("file:///m.py", None, text)


def test_a_call_that_finds_another_state_is_not_replayed() -> None:
    engine = Engine()
    text = (
        HEAD
        + """
sizes = [4]
def grow(x):
    sizes.append(sizes[-1] * 2)
    for _ in range(20):
        x = layers.ReLU()(x)
    return layers.Dense(sizes[-1])(x)
def twice():
    return grow(grow(keras.Input((3,))))
if sizes:
    y = twice()
    z = grow(y)
"""
    )
    assert shapes(engine.update("file:///m.py", None, text))["z"] == "(None, 32)"
    for edit, shape in [("[5]", "(None, 40)"), ("[4]", "(None, 32)"), ("[1, 4]", "(None, 32)")]:
        changed = text.replace("[4]", edit)
        warm = engine.update("file:///m.py", None, changed)
        assert shapes(warm)["z"] == shape
        assert warm == Engine().update("file:///m.py", None, changed)


def test_what_is_shown_of_another_file_moves_with_it() -> None:
    files = Files({"blocks": "import keras\ndef block(x):\n    return keras.layers.Conv2D(8, 30)(x)\n"})
    engine = Engine(files)
    blocks = files.read(files.uri("blocks")) or ""
    main = "import keras\nfrom blocks import block\ny = block(keras.Input((9, 9, 3)))\n"
    engine.update(files.uri("blocks"), 1, blocks)
    engine.update(files.uri("main"), 1, main)
    engine.update(files.uri("blocks"), 2, "# moved\n\n" + blocks)
    (moved,) = engine.refresh()
    (finding,) = moved.findings
    assert [spot.place.span.line for spot in finding.related if spot.role == "raises"] == [5]


def test_an_attribute_is_set_on_a_modelled_layer() -> None:
    text = HEAD + "d = layers.Dense(3)\nd.note = 1\ny = d(keras.Input((4,)))\n"
    assert shapes(Engine().update("file:///m.py", 1, text))["y"] == "(None, 3)"


def test_a_class_that_is_exported_under_a_public_name() -> None:
    """As Keras and its libraries do it, whether namex is installed or not."""
    text = HEAD + (
        "try:\n    import namex\nexcept ImportError:\n    namex = None\n"
        "if namex:\n    class export(namex.export):\n        def __init__(self, path):\n"
        "            super().__init__(package='mine', path=path)\n        def __call__(self, symbol):\n"
        "            return super().__call__(symbol)\n"
        "else:\n    class export:\n        def __init__(self, path):\n            self.path = path\n"
        "        def __call__(self, symbol):\n            return symbol\n"
        "@export('mine.Head')\nclass Head(layers.Layer):\n    def __init__(self):\n        super().__init__()\n"
        "        self.dense = layers.Dense(5)\n    def call(self, x):\n        return self.dense(x)\n"
        "y = Head()(keras.Input((3,)))\n"
    )
    assert shapes(Engine().update("file:///m.py", 1, text))["y"] == "(None, 5)"


def test_keywords_that_nobody_knows_may_hold_what_is_missing() -> None:
    text = (
        HEAD
        + "class Mine(layers.Conv2D):\n    def __init__(self, **kwargs):\n        super().__init__(use_bias=False, **kwargs)\n"
    )
    assert Engine().update("file:///m.py", None, text).findings == ()
    (finding,) = Engine().update("file:///m.py", None, text + "Mine(strides=2)\n").findings
    assert "missing 2 required positional arguments" in finding.raised.text


@pytest.mark.parametrize("name", ["keras/siamese_contrastive", "keras/gru_seq2seq", "torch/resnet"])
def test_what_is_not_needed_any_more_is_freed_at_once(name: str) -> None:
    """There are no cycles: the server looks for some so seldom that they would fill the memory."""
    text = Path(__file__).with_name("programs").joinpath(f"{name}.py").read_text(encoding="utf-8")
    broken, engine, uri = text.replace("(", "(1 + ", 9), Engine(), "file:///m.py"
    Engine().update(uri, 1, broken)  # imports what is needed for the first time
    gc.collect()
    gc.disable()
    try:
        engine.update(uri, 1, text)
        assert gc.collect() == 0, "the first analysis"
        engine.update(uri, 2, broken)
        engine.update(uri, 3, text)
        assert gc.collect() == 0, "edits"
        engine.close(uri)
        assert gc.collect() == 0, "closing"
    finally:
        gc.enable()
