"""The judges themselves: a false claim must not pass before either of them."""

from __future__ import annotations

import pytest
from judges import Fixture, believe, what_happens
from oracle.normalise import normalise
from oracle.process import Worker
from shadow import typing_in
from test_fixtures import differences, test_the_framework_agrees

HEAD = "# sizes: b=2, h=9 | b=1, h=12\nimport torch\n\nx = torch.zeros(b, 3, h, h)\n"


def fixture(folder, text):
    path = folder / "torch" / "made.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD + text, encoding="utf-8")
    return Fixture(path)


FALSE = [
    "y = torch.nn.Conv2d(3, 4, 3)(x)  #: (b, 4, h, h)\n",
    "y = torch.nn.Conv2d(3, 4, 3)(x)  #! channel-mismatch\n",
    "y = torch.nn.Conv2d(5, 4, 3)(x)  #: (b, 4, h - 2, h - 2)\n",
    "y = torch.nn.Conv2d(5, 4, 3)(x)\n",
    "y = torch.nn.Conv2d(3, 4, 3)(x)  #: (2, 4, h - 2, h - 2)\n",
    "if h > 100:\n    y = torch.nn.Conv2d(3, 4, 3)(x)  #: (b, 4, h - 2, h - 2)\n",
]


@pytest.mark.parametrize("text", FALSE)
def test_the_framework_does_not_agree(tmp_path, judge, text):
    with pytest.raises(AssertionError):
        test_the_framework_agrees(fixture(tmp_path, text), judge)


@pytest.mark.parametrize("text", FALSE[:-1])
def test_the_engine_does_not_agree(tmp_path, text):
    made = fixture(tmp_path, text)
    wrong = [differences(made, believe(made.source, **sizes), sizes) for sizes in made.sizes]
    assert any(wrong)


def test_a_gap_that_is_none_is_told(tmp_path):
    made = fixture(tmp_path, "y = torch.nn.Conv2d(3, 4, 3)(x)  #: ? = (b, 4, h - 2, h - 2)\n")
    (wrong,) = differences(made, believe(made.source, **made.sizes[0]), made.sizes[0])
    assert "no gap" in wrong[1]


def test_what_happens_is_seen_in_functions_each_time(tmp_path, judge):
    judge("torch")
    made = fixture(tmp_path, "def f(t):\n    return t[0]  #: ()\n\nf(x)\nf(f(x))\n")
    assert what_happens(made, made.sizes[0]).values == {6: [(3, 9, 9), (3, 9, 9), (9, 9)]}


def test_a_crash_is_told_and_the_next_program_runs(judge):
    judge("torch")
    worker = Worker()
    try:
        assert worker.run("import os\nos._exit(3)")[-1] == {"line": None, "kind": "crash", "returncode": 3}
        assert worker.value("1 + 1") == 2
        assert worker.run("x = 1\nx.shape\n3")[-1]["type"] == "AttributeError"
    finally:
        worker.close()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\x1b[1mbad\x1b[0m", "bad"),
        ("x {'same', 'valid'}", "x {'valid', 'same'}"),
        ("<Foo object at 0x7f3a91bc2d10>", "<Foo object at 0x55d0aa110022>"),
        (
            "{{function_node __wrapped____MklNativeConv2D_device_/job:localhost}} bad [Op:Conv2D] name: ",
            "{{function_node __wrapped__Conv2D_device_/job:localhost}} bad [Op:Conv2D]",
        ),
        (
            "for '{{node conv2d/Conv2D}} = Conv2D[T=DT_FLOAT, dilations=[1, 1]](Placeholder, b)' with input shapes: [1]",
            "for '{{node Conv2D}} = Conv2D[T=DT_HALF](a)' with input shapes: [1]",
        ),
        (
            "[<tf.Tensor: shape=(1, 2), dtype=float32, numpy=array([[0., 1.]], dtype=float32)>]",
            "[<tf.Tensor: shape=(1, 2), dtype=float32, numpy=array([[5., (1)]], dtype=float32)>]",
        ),
        ("/usr/lib/site-packages/keras/x.py", "/home/me/site-packages/keras/x.py"),
    ],
)
def test_texts_that_mean_the_same(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Received: groups=2", "Received: groups=3"),
        ("layer 'conv2d'", "layer 'conv2d_1'"),
        ("shape=(1, 28, 28, 3)", "shape=(1, 28, 28, 1)"),
        (
            "for '{{node a}} = Conv2D[](x)' with input shapes: [1]",
            "for '{{node a}} = Conv2D[](x)' with input shapes: [2]",
        ),
        ("ends here. ", "ends here."),
        ("{'foo': 1}", "{'foo': 2}"),
    ],
)
def test_texts_that_differ(one, other):
    assert normalise(one) != normalise(other)


def test_typing_ends_with_the_whole_text():
    texts = [text for _, text in typing_in(HEAD + "y = x\n", seed=1)]
    assert len(texts) > 50
    assert texts[-1] == HEAD + "y = x\n"
    assert len(set(texts)) > 25
