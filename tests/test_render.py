"""Words: shapes, headlines, messages, equations, cards and derivations, from snapshots made by hand."""

from __future__ import annotations

import dataclasses
import inspect
import re
import string
import typing
from pathlib import Path

import pytest

from shape_engine import Engine, render
from shape_engine.dim import Symbol
from shape_engine.evidence import observe
from shape_engine.formulas import broadcast, join, reshape, window
from shape_engine.problems import (
    BadSetting,
    BroadcastMismatch,
    ChannelMismatch,
    GroupsDoNotDivide,
    MissingBatchAxis,
    Problem,
    UndefinedResult,
    WindowTooBig,
    WrongRank,
    all_problems,
)
from shape_engine.render import problems as sentences
from shape_engine.render import shapes, steps
from shape_engine.rule import REGISTRY, LayerRule
from shape_engine.shape import Shape, Unranked
from shape_engine.snapshot import Finding, Observation, Part, Place, Related, Snapshot
from shape_engine.value import Instance, Known, Made, Site, Span, Tensor, Unknown
from shape_engine.wording import Raised

ROOT = Path(__file__).parent.parent
URI = "file:///work/model.py"
B = Symbol(None, "batch", dynamic=True)
U = Symbol(None, "unknown")
H = Symbol("h")


def span(line: int, column: int = 0, end: int = 10) -> Span:
    return Span(line, column, line, end)


def finding(problem: Problem, *related: Related, raised: Raised | None = None, **others: typing.Any) -> Finding:
    raised = raised or Raised("ValueError", "text of the framework")
    return Finding(problem, span(9), raised, "keras", (3, 15, 1), tuple(related), **others)


def tensor(*dims: typing.Any, by: str = "keras.Input", line: int = 1, **made: typing.Any) -> Tensor:
    return Tensor(Shape(dims), "float32", "keras", Made(by, Site("u", span(line)), **made))


def conv(x: Tensor, **settings: typing.Any) -> Made:
    given = {"filters": 32, "kernel_size": (15, 15), "strides": (3, 3), "padding": "valid", **settings}
    facts = {
        "class": "Conv2D",
        "name": "conv2d",
        "flavour": "keras",
        "weights": (("kernel", (15, 15, 3, 32)), ("bias", (32,))),
        "params": 21632,
    }
    return Made("test.layers.Conv2D", Site("u", span(7)), (x,), tuple(given.items()), facts)


@pytest.fixture(autouse=True)
def rule() -> typing.Iterator[None]:
    """A layer rule of the tests' own: the words are tested, not the rules."""

    def shape(x, *, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, dilation_rate=1, spatial):
        sizes = window.windows(x.shape[1:-1], kernel_size, strides, padding, dilation_rate)
        return Shape((x.shape[0], *sizes, filters))

    REGISTRY.rules["test.layers.Conv2D"] = LayerRule("test.layers.Conv2D", shape, None, (), {"spatial": 2}, ())
    yield
    del REGISTRY.rules["test.layers.Conv2D"]


def test_shapes_are_written_as_the_framework_writes_them():
    assert render.shape(Shape((B, 26, 26, 32))) == "(None, 26, 26, 32)"
    assert render.shape(Shape((5,))) == "(5,)"
    assert render.shape(Shape(())) == "()"
    assert render.shape(Shape((B // 2 + 1, U, U + 1, H - 2))) == "(None, ?, ?, h - 2)"
    assert render.shape(Unranked("why")) == "?"
    assert [render.plain(dim) for dim in (3, B, U, H - 2, True)] == [3, None, None, "h - 2", 1]


def test_a_shape_that_the_source_spells_out():
    for source in ("x = tf.zeros((2, 3))", "x = torch.zeros(2,  3)", "x = np.zeros([\n    2,\n    3,\n])"):
        assert shapes.says(source, Shape((2, 3)))
    for source in ("x = f((12, 3))", "x = f((1, 2, 3))"):
        assert not shapes.says(source, Shape((2, 3)))


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: window.window(32, 15, 3), "(size - reach) // stride + 1 = (32 - 15) // 3 + 1 = 6"),
        (lambda: window.window(H, 3, 1), "(size - reach) // stride + 1 = (h - 3) // 1 + 1 = h - 2"),
        (lambda: window.window(H - 1, 3, 2), "(size - reach) // stride + 1 = (h - 1 - 3) // 2 + 1 = h // 2 - 1"),
        (lambda: window.window(B, 3, 1), "(size - reach) // stride + 1 = (None - 3) // 1 + 1 = None"),
        (lambda: reshape.flat((7, 7, 3)), "product(dims) = 7 * 7 * 3 = 147"),
        (lambda: join.joined((3, 5)), "sum(lengths) = 3 + 5 = 8"),
        (lambda: window.spread_valid(3, 2, 5), "size * stride + max(reach - stride, 0) = 3 * 2 + max(5 - 2, 0) = 9"),
        (lambda: broadcast.broadcast((5, 2), (2,)), "broadcast(a=(5, 2), b=(2,)) = (5, 2)"),
    ],
)
def test_an_equation_is_the_formula_then_its_numbers(call, text):
    with observe() as record:
        call()
    assert steps.equation(record.steps[-1]) == text


def test_an_equation_without_source_lists_what_went_in(monkeypatch):
    def gone(_):
        raise OSError("source code not available")

    with observe() as record:
        window.window(32, 15, 3)
    steps.expression.cache_clear()
    monkeypatch.setattr(inspect, "getsource", gone)
    assert steps.equation(record.steps[0]) == "window(size=32, reach=15, stride=3) = 6"
    steps.expression.cache_clear()


def test_steps_are_told_axis_by_axis():
    with observe() as record:
        assert window.windows((32, 20), (3, 5), 1, "valid", (2, 1)) == (28, 16)
    height, width = steps.per_axis(record.steps, (28, 16))
    assert [step.result for step in height] == [5, 28]
    assert [step.result for step in width] == [5, 16]
    assert [step.result for step in steps.telling(height[:-1])] == [5]
    assert steps.telling(width[:-1]) == []  # 1 * (5 - 1) + 1 = 5 gives back the kernel


def test_the_headline_tells_numbers_and_where_they_came_from():
    x = tensor(B, 32, 32, 3, line=5)
    problem = WindowTooBig(x.shape, (33, 33), (1, 1), "valid", (1, 1), "conv2d")
    found = finding(
        problem,
        Related(Place(URI, span(7)), "kernel_size", (33, 33)),
        Related(Place(URI, span(5)), "x", x),
        made=conv(x),
    )
    assert render.headline(found) == (
        "kernel 33×33 does not fit the 32×32 input (kernel_size, line 7; input from keras.Input, line 5)"
    )
    assert render.headline(found, "file:///work/other.py").endswith(
        "(kernel_size, model.py line 7; input from keras.Input, model.py line 5)"
    )
    assert render.related_text(found.related[0]) == "kernel_size = (33, 33)"
    assert render.related_text(found.related[1]) == "input: (None, 32, 32, 3) from keras.Input"


def test_the_headline_leaves_out_what_stands_on_the_line():
    problem = GroupsDoNotDivide("filters", 9, 2)
    found = finding(problem, Related(Place(URI, span(9)), "groups", 2), Related(Place(URI, span(1)), "call"))
    assert render.headline(found) == "groups=2 does not divide filters=9"
    assert render.related_text(found.related[1]) == "called from here"


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (
            ChannelMismatch(1, 3, -1, Shape((1, 28, 28, 1)), "conv2d"),
            "Conv2D 'conv2d' takes 3 channels, the input (1, 28, 28, 1) has 1 on axis -1",
        ),
        (
            MissingBatchAxis(Shape((28, 28, 3)), "conv2d", 4, None),
            "the input (28, 28, 3) lacks the batch axis: Conv2D 'conv2d' takes at least 4 axes",
        ),
        (WrongRank(Shape((5,)), "conv2d", 3, 4), "Conv2D 'conv2d' takes 3 to 4 axes, the input (5,) has 1 axis"),
        (WindowTooBig(Shape((1, 8, 9, 3)), (5, 3), dilation=(2, 2)), "kernel 5×3 with dilation 2 spans 9×5 cells and does not fit the 8×9 input"),
        (WindowTooBig(Shape((1, 8, 9, 3)), (15, 15), padding=(2, 2)), "kernel 15×15 does not fit the 8×9 input, padded by 2"),
        (GroupsDoNotDivide("channels", 3, 2), "groups=2 does not divide the 3 input channels"),
        (BadSetting("kernel_size", (3, 0), "not-positive", bad=(0,)), "kernel_size=(3, 0) holds 0: every number must be positive"),
        (BroadcastMismatch(shapes=(Shape((2, 3)), Shape((4,)))), "the shapes (2, 3) and (4,) do not fit together, axis by axis from the end"),
    ],
)  # fmt: skip
def test_sentences(problem, text):
    assert render.headline(finding(problem, made=conv(tensor(1, 28, 28, 1)))) == text


def test_a_channels_first_input_is_read_as_such():
    x = tensor(1, 3, 8, 9)
    problem = WindowTooBig(x.shape, (33, 33))
    assert "the 8×9 input" in render.headline(finding(problem, made=conv(x, data_format="channels_first")))


def test_every_kind_of_problem_has_a_sentence():
    kinds = all_problems()
    assert len(kinds) > 30
    assert [kind.__name__ for kind in kinds if not sentences.has_sentence(kind)] == []


@pytest.mark.parametrize("kind", all_problems(), ids=lambda kind: kind.__name__)
def test_every_sentence_is_one_line_for_any_facts(kind):
    """Facts of any size, empty or unknown, give one line without Python's own marks of objects."""
    for fill in (_least, _some, _unknown):
        problem = kind(**{field.name: fill(str(field.type)) for field in dataclasses.fields(kind)})
        for made in (None, conv(tensor(1, 28, 28, 1))):
            text = render.headline(finding(problem, made=made))
            assert text
            assert "\n" not in text
            assert not re.search(r" object at 0x[0-9a-f]", text)  # "0x?" is a place that nobody knows


def test_a_problem_without_a_sentence_lists_its_facts():
    problem = ChannelMismatch(1, 3, -1, Shape((1, 28, 28, 1)))
    assert (
        sentences._generic(problem) == "channel mismatch: actual 1, expected 3, axis -1, shape (1, 28, 28, 1), groups 1"
    )


def test_the_message_quotes_the_framework():
    problem = GroupsDoNotDivide("filters", 9, 2)
    said = render.message(finding(problem, raised=Raised("ValueError", "\x1b[1mtext\x1b[0m\nmore")))
    assert said == "groups=2 does not divide filters=9\n\nValueError: text\nmore"
    said = render.message(finding(problem, raised=Raised("ValueError", "shape (?, 3)", exact=False)))
    assert said.endswith("ValueError: shape (?, 3)\n\n(? stands for lengths that nobody knows before the program runs)")
    assert "ValueError" in render.message(finding(problem, raised=Raised("ValueError", None)))
    assert "not known" in render.message(finding(problem, raised=Raised(None, None, exact=False)))


def test_nothing_is_promised_where_the_result_is_undefined():
    problem = UndefinedResult(Shape((1, 14, 14, 3)), (15, 15))
    said = render.message(finding(problem, raised=Raised(None, None)))
    assert said.startswith("kernel 15×15 does not fit the 14×14 input, and the layer is already built")
    assert "undefined" in said
    assert "Error" not in said


def snapshot(*seen: Observation, findings: tuple[Finding, ...] = ()) -> Snapshot:
    return Snapshot(URI, 1, findings, (Part(0, 100, seen),), frameworks={"keras": (3, 14, 0)})


def model() -> tuple[Tensor, Tensor]:
    x = tensor(B, 32, 20, 3, line=5, facts={"flavour": "keras"})
    y = Tensor(Shape((B, 6, 2, 32)), "float32", "keras", conv(x))
    return x, y


def test_the_card_shows_axes_arithmetic_settings_and_weights():
    _, y = model()
    card = render.card(snapshot(Observation(Span(7, 4, 7, 30), "layer(x)", y)), 7, 6)
    assert card is not None
    assert card.text.split("\n") == [
        "layer(x): (None, 6, 2, 32)  float32, Keras tensor",
        "  batch     None",
        "  height    (size - reach) // stride + 1 = (32 - 15) // 3 + 1 = 6",
        "  width     (20 - 15) // 3 + 1 = 2",
        "  channels  filters = 32",
        "Conv2D 'conv2d': filters=32, kernel_size=15, strides=3",
        "kernel (15, 15, 3, 32), bias (32,): 21,632 parameters",
        "Keras 3.14.0",
    ]


def test_the_card_of_a_problem_tells_the_reason_first():
    x, y = model()
    problem = WindowTooBig(x.shape, (33, 33), layer="conv2d")
    found = Finding(
        problem, Span(7, 10, 7, 11), Raised("ValueError", "Computed\noutput"), "keras", (3, 14, 0),
        (Related(Place(URI, span(5)), "x", x), Related(Place("file:///work/b.py", span(2)), "kernel_size", 33)), conv(x),
    )  # fmt: skip
    seen = Observation(Span(7, 4, 7, 30), "layer(x)", y)
    for column in (10, 5):
        card = render.card(snapshot(seen, findings=(found,)), 7, column)
        assert card is not None
        assert list(card.reason) == [
            "kernel 33×33 does not fit the 32×20 input",
            "ValueError: Computed",
            "  line 5: input: (None, 32, 20, 3) from keras.Input",
            "  b.py line 2: kernel_size = 33",
        ]
        assert card.lines[0].startswith("layer(x):")
        assert len(card.text.split("\n")) <= 12


def test_a_card_says_what_is_assumed_and_what_is_unknown():
    x = Tensor(Shape((B, H, 3)), None, "keras")
    card = render.card(snapshot(Observation(span(1), "x", x, assumed=True, contexts=2)), 1, 0)
    assert card is not None
    assert card.lines[0] == "x: (None, h, 3)  Keras tensor"
    assert "h can be any length" in card.text
    assert "in all of 2 executions" in card.text
    variants = (tensor(B, 4, 3), tensor(B, 2, 3))
    card = render.card(snapshot(Observation(span(1), "x", x, contexts=2, variants=variants)), 1, 0)
    assert card is not None
    assert "in turn (None, 4, 3), (None, 2, 3)" in card.text
    card = render.card(snapshot(Observation(span(1), "x", Unknown("no rule for keras.layers.Foo"))), 1, 0)
    assert card is not None
    assert card.text == "x: not known: no rule for keras.layers.Foo"
    assert render.card(snapshot(Observation(span(1), "s", "a string")), 1, 0) is None
    assert render.card(snapshot(), 1, 0) is None


def test_no_card_is_longer_than_twelve_lines():
    x = tensor(*range(2, 22))
    card = render.card(snapshot(Observation(span(1), "x" * 300, x)), 1, 0)
    assert card is not None
    assert len(card.text.split("\n")) <= 12
    assert max(map(len, card.text.split("\n"))) < 200


def test_a_derivation_goes_from_the_inputs_to_the_value():
    x, y = model()
    both = Tensor(y.shape, "float32", "keras", Made("operator.add", Site("u", span(8)), (y, y)))
    shot = snapshot(
        Observation(span(5), "keras.Input((32, 20, 3))", x),
        Observation(span(7), "layer(x)", y),
        Observation(Span(8, 0, 8, 1), "z", both, target=True),
        Observation(span(8), "y + y", both),
    )
    text = render.derivation(shot, 8)
    assert text is not None
    stages = text.split("\n\n")
    assert stages[0].split("\n") == [
        "1. keras.Input   line 5   keras.Input((32, 20, 3))",
        "   (None, 32, 20, 3)  float32",
    ]
    assert stages[1].startswith(
        "2. Conv2D 'conv2d'   line 7   layer(x)\n   (None, 32, 20, 3) → (None, 6, 2, 32)  float32\n"
    )
    assert "height    (size - reach) // stride + 1 = (32 - 15) // 3 + 1 = 6" in stages[1]
    assert stages[2].startswith("3. +   line 8   y + y\n   (None, 6, 2, 32), (None, 6, 2, 32) → (None, 6, 2, 32)")
    assert stages[-1].startswith("Keras 3.14.0")
    assert render.derivation(shot, 3) is None


def test_a_derivation_tells_every_execution_in_turn():
    _, y = model()
    z = Tensor(Shape((B, 1, 1, 32)), "float32", "keras", Made("operator.neg", Site("u", span(7)), (y,)))
    joined = Tensor(Shape((B, U, U, 32)), "float32", "keras")
    shot = snapshot(Observation(span(7), "f(x)", joined, contexts=2, variants=(y, z)))
    text = render.derivation(shot, 7)
    assert text is not None
    assert [stage.split("\n")[0] for stage in text.split("\n\n")[:3]] == [
        "1. keras.Input",
        "2. Conv2D 'conv2d'   line 7   f(x)",
        "3. -   line 7   f(x)",
    ]
    assert "in turn (None, 6, 2, 32), (None, 1, 1, 32)" in text


def test_what_is_called_shows_the_call():
    x, y = model()
    layer = Instance(("u", 1), Known("test.layers.Conv2D"))
    shot = snapshot(
        Observation(Span(7, 4, 7, 9), "layer", layer),
        Observation(Span(7, 4, 7, 12), "layer(x)", y),
        Observation(Span(7, 10, 7, 11), "x", x),
        Observation(Span(9, 4, 9, 9), "layer", layer),
    )
    for column in (4, 6, 9):
        card = render.card(shot, 7, column)
        assert card is not None
        assert card.lines[0].startswith("layer(x): (None, 6, 2, 32)")
    card = render.card(shot, 7, 11)
    assert card is not None
    assert card.lines[0].startswith("x: ")
    assert render.card(shot, 9, 5) is None  # no call of it is known to come from this site


def test_a_deep_chain_is_derived_without_recursion():
    x = tensor(2, 3)
    for line in range(3000):
        x = Tensor(x.shape, "float32", "keras", Made("operator.neg", Site("u", span(line)), (x,)))
    text = render.derivation(snapshot(Observation(span(1), "x", x)), 1)
    assert text is not None
    assert text.count("\n\n") >= 3000


def _least(hint: str) -> typing.Any:
    if hint.startswith("tuple"):
        return (False, False) if hint == "tuple[bool, bool]" else ()
    return {"int": 0, "str": "", "bool": False, "AnyShape": Shape(())}.get(hint, None if "None" in hint else 0)


def _some(hint: str) -> typing.Any:
    values = {"int": 1, "str": "word", "bool": True, "tuple[bool, bool]": (True, False), "tuple[str, ...]": ("a", "b")}
    values |= {"tuple[AnyShape, ...]": (Shape((2, 3)), Shape((4,))), "tuple[tuple[str, Any], ...]": (("size", (2, 3)),)}
    if "AnyShape" in hint and not hint.startswith("tuple"):
        return Shape((2, 3, 4))
    return values.get(hint, (2, 3) if hint.startswith("tuple") else 3)


def _unknown(hint: str) -> typing.Any:
    values = {"int": 2, "str": "two\nlines", "bool": True, "tuple[bool, bool]": (False, True), "tuple[str, ...]": ()}
    values |= {
        "tuple[AnyShape, ...]": (Unranked(), Shape((B, U))),
        "tuple[tuple[str, Any], ...]": (("size", Unknown()),),
    }
    if "AnyShape" in hint and not hint.startswith("tuple"):
        return Unranked("nobody knows")
    return values.get(hint, (U, B, Unknown("why")) if hint.startswith("tuple") else Unknown("why"))


def test_sentences_about_torch_speak_of_checks_and_facts_that_exist():
    from shape_engine.render.torch import SENTENCES
    from shape_engine.wording.torch_checks import CHECKS

    def facts(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert set(SENTENCES) <= set(CHECKS)
    unknown = {}
    for check, sentence in SENTENCES.items():
        told = CHECKS[check][1]
        if told is not None and not facts(sentence) <= facts(told) | {"of"}:
            unknown[check] = facts(sentence) - facts(told)
    assert unknown == {}


WRITTEN = sorted(path for folder in ("tests/fixtures", "examples") for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_everything_that_the_engine_sees_can_be_told(path):
    """Every card, derivation and message of real programs: short, and without marks of Python or of ours."""
    shot = Engine().update(path.as_uri(), 1, path.read_text(encoding="utf-8"))
    texts = [render.message(found, shot.uri) for found in shot.findings]
    for seen in shot.observations:
        card = render.card(shot, seen.span.line, seen.span.column)
        if card is not None:
            assert len(card.text.split("\n")) <= 12
            texts.append(card.text)
    texts += [render.derivation(shot, line) or "" for line in sorted({seen.span.line for seen in shot.observations})]
    assert any(texts)
    for text in texts:
        assert not re.search(r" object at 0x[0-9a-f]", text)  # "0x?" is a place that nobody knows
        assert "\ue000" not in text


def test_the_card_of_a_model_has_the_numbers_of_its_summary() -> None:
    text = (
        "import keras\nfrom keras import layers\n"
        "model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 5), layers.BatchNormalization(), layers.Flatten()])\n"
        "model.add(layers.Dense(10))\n"
    )
    snapshot = Engine().update("file:///m.py", 1, text)
    told = render.card(snapshot, 3, 0).lines
    assert "model: Sequential 'sequential'" in told[0]
    assert told[0].endswith("→ (None, 10)")
    assert [line.split() for line in told if "Dense" in line] == [["dense", "(None,", "10)", "46,090", "Dense"]]
    assert "46,330 parameters, 16 of them not trained" in told
