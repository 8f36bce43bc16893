"""The page of a model's summary in Chromium: what a person reads and clicks there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from editors.workbench import CHROMIUM

from editors import served
from shape_engine import Engine
from shapelens.summary import record
from shapelens.summary.page import page as written

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("workbench")]

PROGRAM = """import keras
from keras import layers

a, b = keras.Input((10,), name="left"), keras.Input((11,), name="right")
x, y = layers.Dense(3)(a), layers.Dense(2)(b)
wrong = keras.Model([a, b], layers.Add()([x, y]))

h = inputs = keras.Input((6,))
for _ in range(30):
    h = layers.Add()([h, layers.Dense(6)(h)])
head = keras.Sequential([layers.Dense(5), layers.Dense(4, name="scores")], name="head")
deep = keras.Model(inputs, head(h))
"""
HOST = "window.acquireVsCodeApi = () => ({ postMessage: (message) => { (window.told ||= []).push(message); } });"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    engine, uri = Engine(), "file:///folder/model.py"
    engine.update(uri, 1, PROGRAM)
    models = {one.name: engine.summary(uri, one) for one in engine.models(uri)}
    path = tmp_path_factory.mktemp("page") / "page.html"
    chosen = [model for name in ("wrong", "deep") if (model := models[name]) is not None]
    path.write_text(written([record(model) for model in chosen]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not (CHROMIUM.parent / "complete").is_file():
        served.absent("Chromium is not installed (tests/editors/install.sh fetches it)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM / "chromium", args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    opened = browser.new_page(color_scheme="dark")
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda request: request.url.startswith("file:") or errors.append(request.url))
    opened.goto(file.as_uri())
    yield opened
    assert errors == []
    opened.close()


def test_the_failing_edges_are_red_and_told(page: Any) -> None:
    assert page.locator(".edge.failing").count() == 2
    assert "add" in page.locator(".node.failing").text_content()
    assert "line 6: the shapes (3,) and (2,) do not fit together" in page.locator("#failures").inner_text()
    colours = {page.locator(selector).first.evaluate("e => getComputedStyle(e).stroke")
               for selector in (".edge.failing path", ".edge:not(.failing) path")}  # fmt: skip
    assert len(colours) == 2
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(30, 30, 30)"


def test_a_click_shows_the_line(page: Any) -> None:
    page.locator("#rows tr", has_text="dense_1").first.click()
    assert page.locator("#place").inner_text() == "model.py:5:28"
    assert "dense_1" in page.locator(".node.chosen").text_content()


def test_a_click_tells_the_editor(browser: Any, file: Path) -> None:
    opened = browser.new_page()
    opened.add_init_script(HOST)
    opened.goto(file.as_uri())
    opened.locator(".node", has_text="dense_1").locator(".name").click()
    assert opened.evaluate("window.told") == [
        {"command": "reveal", "uri": "file:///folder/model.py", "line": 5, "column": 28}
    ]
    opened.close()


def test_repeats_collapse_and_models_open(page: Any) -> None:
    page.locator("#models").select_option("1")
    assert page.locator(".node").count() == 3  # the input, thirty blocks as one, the model inside
    assert "30 × 2 layers" in page.locator(".node.group").first.text_content()
    page.locator(".node", has_text="head").locator(".name").click()
    assert page.locator(".cluster").count() == 1
    assert page.locator(".node").count() == 4
    page.locator("#collapse").click()
    assert page.locator(".node").count() == 62


def test_search_marks_what_is_found(page: Any) -> None:
    page.locator("#models").select_option("1")
    page.locator("#search").fill("add_2")
    assert page.locator(".node.found").count() == 1
    shown = page.locator("#rows tr:not(.hidden)").all_inner_texts()
    assert len(shown) == 11  # add_2, add_20 to add_29
