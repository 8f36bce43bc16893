"""``shapelens summary``: what it prints, writes, and answers to the shell."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from shapelens import cli

SOURCE = """import keras
from keras import layers

model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])


def build(units=5):
    return keras.Sequential([keras.Input((4,)), layers.Dense(units)])
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "models.py"
    path.write_text(SOURCE)
    return str(path)


def test_all_models_are_printed(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["summary", file, "--columns", "80"]) == cli.CLEAN
    text = capsys.readouterr().out
    assert 'model (line 4)\nModel: "sequential"\n┏━' in text
    assert "build (line 7)" in text
    assert " Total params: 15 (60.00 B)\n" in text
    assert " Total params: 25 (100.00 B)\n" in text


def test_one_model_by_name_as_data(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["summary", f"{file}:build", "--format", "json"]) == cli.CLEAN
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["name"], found["kind"], found["line"], found["model"]["params"]) == ("build", "builder", 7, 25)
    assert found["title"] == "(None, 4) → (None, 5) · 25 params"


def test_a_page_and_a_drawing_are_written(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, place in ("all.html", file), ("one.svg", f"{file}:model"):
        format = name.rpartition(".")[2]
        assert cli.main(["summary", place, "--format", format, "-o", str(tmp_path / name)]) == cli.CLEAN
    assert capsys.readouterr().out == ""
    assert (tmp_path / "all.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert ElementTree.parse(tmp_path / "one.svg").getroot().tag.endswith("svg")


def test_what_cannot_be_done_is_said(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["summary", f"{file}:nobody"]) == cli.FOUND
    assert "has no model called nobody" in capsys.readouterr().err
    assert cli.main(["summary", file, "--format", "svg"]) == cli.MISUSE
    assert "name one" in capsys.readouterr().err
    assert cli.main(["summary", f"{file}.gone"]) == cli.MISUSE
