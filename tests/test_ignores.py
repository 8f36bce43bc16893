"""``# shapelens: ignore[code]``: what it silences, what it does not, where it is put, and who reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shape_engine import Engine
from shape_engine.fixes import apply
from shapelens import judging
from shapelens.cli import main

URI = "file:///work/model.py"
TOP = "from keras import Input, layers\nx = Input((4,))\n"
RAISES = "layers.Conv2D(3, 3)(x)"  # wrong-rank


def judged(text: str, rules: dict[str, str] | None = None) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The lines and codes of the findings that are reported, and the lines and texts of idle comments."""
    snapshot = Engine().update(URI, 1, text)
    return (
        [(one.finding.span.line, one.finding.code) for one in judging.reported(snapshot, rules or {})],
        [(one.span.line, one.text) for one in judging.unused(snapshot, rules or {})],
    )


@pytest.mark.parametrize(
    "code",
    [
        f"y = {RAISES}  # shapelens: ignore[wrong-rank]\n",
        f"y = {RAISES}  # shapelens: ignore\n",
        f"y = {RAISES}  # noqa  #shapelens:ignore[ window-too-big , wrong-rank ]\nz = layers.Conv2D(3, 5)(Input((4, 4, 3)))"
        "  # shapelens: ignore[window-too-big]\n",
        "y = layers.Conv2D(  # shapelens: ignore[wrong-rank]\n    3, 3)(\n    x)\n",
        "y = layers.Conv2D(\n    3, 3)(\n    x)  # shapelens: ignore[wrong-rank]\n",
        f"y = [\n    1,\n    {RAISES},  # shapelens: ignore[wrong-rank]\n    2,\n]\n",
        f"def f(x):\n    if x is not None:\n        return {RAISES}  # shapelens: ignore[wrong-rank]\n\nf(x)\n",
        f"for layer in [{RAISES}]:  # shapelens: ignore[wrong-rank]\n    pass\n",
        f"def f(\n    y={RAISES},\n    z=3,\n):  # shapelens: ignore[wrong-rank]\n    return y\n",
        f"é = '😀'; y = {RAISES}  # shapelens: ignore[wrong-rank]\r\n",
    ],
)  # fmt: skip
def test_what_a_comment_silences(code: str) -> None:
    assert judged(TOP + code)[0] == []


@pytest.mark.parametrize(
    "code",
    [
        f"y = {RAISES}  # shapelens: ignore[window-too-big]\n",
        f"# shapelens: ignore[wrong-rank]\ny = {RAISES}\n",
        f"y = {RAISES}, '# shapelens: ignore[wrong-rank]'\n",
        f"y = {RAISES}, '''\n# shapelens: ignore[wrong-rank]\n'''\n",
        f"y = {RAISES}  # shapelens: ignored\n",
        f"if x is not None:  # shapelens: ignore[wrong-rank]\n    y = {RAISES}\n",
    ],
)
def test_what_it_does_not_silence(code: str) -> None:
    (found,) = judged(TOP + code)[0]
    assert found[1] == "wrong-rank"


@pytest.mark.parametrize(
    "head", ["", "#!/usr/bin/env python\n# coding: utf-8\n\n", '"""What it is for."""\n', "\ufeff"]
)
def test_above_all_code_it_speaks_for_the_file(head: str) -> None:
    text = f"{head}# shapelens: ignore[wrong-rank]\n{TOP}y = {RAISES}\nz = {RAISES}\n"
    assert judged(text) == ([], [])
    found, idle = judged(text.replace("wrong-rank", "window-too-big"))
    assert len(found) == 2
    assert [words for _, words in idle] == ["this comment ignores nothing: there is no 'window-too-big' in this file"]


def test_comments_that_ignore_nothing() -> None:
    code = (
        "y = layers.Dense(3)(x)  # shapelens: ignore\n"
        f"z = {RAISES}  # shapelens: ignore[wrong-rank, window-too-big]\n"
        "w = x  # shapelens: ignore[rank]\n"
        "# shapelens: ignore[wrong-rank]\n"
    )
    assert judged(TOP + code) == (
        [],
        [
            (3, "this comment ignores nothing: there is no problem here"),
            (4, "this comment ignores nothing: there is no 'window-too-big' here"),
            (5, "no problem is called 'rank'"),
            (6, "this comment ignores nothing: no statement begins or ends on its line"),
        ],
    )
    assert judged(TOP + code, {"unused-ignore": "ignore"}) == ([], [])


def test_a_problem_that_is_switched_off_is_not_missed() -> None:
    assert judged(f"{TOP}y = {RAISES}  # shapelens: ignore[wrong-rank]\n", {"wrong-rank": "ignore"}) == ([], [])


def test_nothing_is_idle_where_the_text_is_broken() -> None:
    assert judged(f"{TOP}def f():\n    y = (  # shapelens: ignore[wrong-rank]\n    return 1\n")[1] == []


def test_comments_move_with_the_text() -> None:
    engine, text = Engine(), f"{TOP}y = {RAISES}  # shapelens: ignore[wrong-rank]\n"
    for edited in (
        text,
        "\n\n" + text,
        text.replace("wrong-rank", "window-too-big"),
        text,
        "# a\n" + text.replace("x =", "x  ="),
    ):
        warm = engine.update(URI, 1, edited)
        cold = Engine().update(URI, 1, edited)
        assert warm.ignores == cold.ignores
        assert len(warm.ignores) == 1
        assert bool(judging.reported(warm, {})) == ("window" in edited)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (f"y = {RAISES}\n", 3),
        (f"y = {RAISES}  # a remark\n", 3),
        ("y = layers.Conv2D(3, 3)(\n    x\n)\n", 4),
        (f"y = {RAISES} + len('''\n''')\n", 4),
        (f"def f():\n    return {RAISES}\nf()\n", 4),
        (f"y = \\\n    {RAISES}\n", 4),
        (f"y = {RAISES}, \\\n    1\n", 4),
        (f"y = {RAISES}  # shapelens: ignore[window-too-big]\n", 3),
        (f"y = {RAISES}", 3),
    ],
)
def test_the_comment_is_put_where_it_is_read(code: str, line: int) -> None:
    engine = Engine()
    snapshot = engine.update(URI, 1, TOP + code)
    fix = engine.ignoring(URI, snapshot.findings[0])
    assert fix is not None
    assert fix.title == "Ignore wrong-rank on this line"
    assert fix.edits[0].span.line == line
    after = apply(TOP + code, fix.edits)
    assert judged(after, {"unused-ignore": "ignore"})[0] == []
    assert after.count("\n") == (TOP + code).count("\n")


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("# shapelens: ignore[window-too-big]", ""),
        ("# a  # shapelens: ignore", "  # a"),
        ("# shapelens: ignore[wrong-rank, window-too-big]", "  # shapelens: ignore[wrong-rank]"),
    ],
)
def test_an_idle_comment_is_taken_away(comment: str, left: str) -> None:
    code = RAISES if "rank" in comment else "x"
    text = f"{TOP}y = {code}  {comment}\n"
    (idle,) = judging.unused(Engine().update(URI, 1, text), {})
    assert apply(text, judging.without(idle, text.split("\n")[2]).edits) == f"{TOP}y = {code}{left}\n"


@pytest.mark.parametrize(
    ("code", "at", "titles"),
    [
        ("import torch, mystery\nx = mystery.load()\n", (2, 0), ["batch, features", "batch, steps, features", "batch, channels, height, width"]),
        ("import keras, mystery\nx = mystery.load(\n    1)\ny = keras.layers.Conv2D(3, 3)(x)\n", (2, 0), ["batch, height, width, channels"]),
        ("import torch\ndef f(x):\n    return torch.nn.Conv2d(3, 4, 3)(x)\n", (2, 6), ["batch, steps, features", "batch, channels, height, width"]),
        ("import numpy as np\nx = np.zeros(3)\n", (2, 0), []),
        ("import mystery\nx = mystery.load()\n", (2, 0), []),
    ],
)  # fmt: skip
def test_the_shape_of_what_is_not_known_can_be_stated(code: str, at: tuple[int, int], titles: list[str]) -> None:
    engine = Engine()
    engine.update(URI, 1, code)
    offered = engine.stating(URI, *at)
    assert [fix.title for fix in offered] == [f"State the shape of x: ({title})" for title in titles]
    for fix, title in zip(offered, titles, strict=True):
        after = engine.update(URI, 2, apply(code, fix.edits))
        seen = after.at(*at)
        assert seen is not None
        assert str(seen.tensor and seen.tensor.shape) == f"({title})"


def test_the_command_line_reads_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.py"
    path.write_text(f"{TOP}y = {RAISES}  # shapelens: ignore[wrong-rank]\n")
    assert main(["check", str(path)]) == 0
    path.write_text(f"{TOP}y = {RAISES}  # shapelens: ignore[wrong-rank, window-too-big]\n")
    capsys.readouterr()
    assert main(["check", str(path), "--output-format", "concise"]) == 1
    assert "unused-ignore" in capsys.readouterr().out
