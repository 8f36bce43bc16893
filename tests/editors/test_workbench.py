"""The packed extension in the real workbench of VS Code: what a person reads there, and what becomes of what one does.

All tests share one code-server and go on from where the last one ended.  Pictures are kept in ``build/pictures``.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from editors.workbench import ROOT, Workbench

from editors import served
from editors import workbench as real

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("workbench")]

STUB = Path(__file__).parent / "python_stub"  # stands in for the Python extension, which is out of reach
EXCEPTION = (
    "ValueError: Input 0 with name 'None' of layer 'conv2d_2' is incompatible with the layer: "
    "expected min_ndim=4, found ndim=3. Full shape received: (28, 28, 3)"
)


CELLS = (
    "%matplotlib inline\n!pip list\nimport keras\nx = keras.Input((28, 28, 1), batch_size=4)",
    "y = keras.layers.Conv2D(8, 3)(x)",
    "z = keras.layers.Concatenate()([x, y])",
)
NETWORK = """\
import keras
from keras import layers

inputs = keras.Input((28, 28, 1))
x = layers.Conv2D(8, 3, activation="relu")(inputs)
x = layers.Flatten()(x)
model = keras.Model(inputs, layers.Dense(10)(x), name="digits")
"""


def notebook(*cells: str) -> dict[str, Any]:
    """A Jupyter notebook with these code cells."""
    code = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": cell} for cell in cells
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": code, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The workbench with the example open, and an environment with an older Keras that nobody has chosen yet."""
    if lacking := real.missing():
        served.absent(lacking)
    home = tmp_path_factory.mktemp("code-server")
    project = home / "project"
    project.mkdir()
    shutil.copy(ROOT / "examples" / "conv2d.py", project)
    (project / "network.py").write_text(NETWORK)
    (project / "cells.ipynb").write_text(json.dumps(notebook(*CELLS)))
    other = home / "other"
    metadata = other / "lib" / f"python3.{sys.version_info.minor}" / "site-packages" / "keras-3.5.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 3.5.0\n")
    (other / "bin").mkdir()
    (other / "bin" / "python").symlink_to(sys.executable)
    vsix = [real.pack(home / "shapelens.vsix"), real.pack_other(STUB, home / "python.vsix")]
    with real.workbench(home, project, vsix, environ={"STUB_PYTHON": str(other / "bin" / "python")}) as bench:
        bench.open("conv2d.py")
        bench.wait(lambda: bench.squiggles() == 1, lambda: f"nothing is underlined in {bench.drawn()}")
        yield bench


def test_the_mistake_is_underlined_and_shapes_stand_beside_names(bench: Workbench) -> None:
    assert bench.squiggles() == 1
    bench.shows(9, "y1: (1, 26, 26, 32) = channels(x1)")
    bench.shows(14, "y2: (1, 6, 6, 32) = size(x2)")
    bench.shows(19, "y3 = rank(x3)")


def test_the_status_bar_tells_framework_and_version(bench: Workbench) -> None:
    bench.wait(lambda: bench.status().startswith("Keras 3."), lambda: f"the status is {bench.status()!r}")


def test_the_card_of_a_shape(bench: Workbench) -> None:
    card = bench.hover("y2", within="= size(x2)")
    assert card.startswith("y2: (1, 6, 6, 32)")
    assert "(32 - 15) // 3 + 1 = 6" in card


def test_the_card_of_the_mistake(bench: Workbench) -> None:
    card = bench.hover("x3)", within="rank(x3)")
    assert "the input (28, 28, 3) lacks the batch axis" in card
    assert card.count(EXCEPTION) == 1
    assert "missing-batch-axis" in card


def test_a_shape_is_copied(bench: Workbench) -> None:
    bench.go_to(14, 1)
    bench.command("Shapelens: Copy Shape")
    bench.wait(lambda: bench.clipboard() == "(1, 6, 6, 32)", lambda: f"copied was {bench.clipboard()!r}")


def test_shapes_in_the_text_can_be_switched_off_and_on(bench: Workbench) -> None:
    bench.command("Shapelens: Toggle Shapes in the Text")
    bench.shows(9, "y1 = channels(x1)")
    assert bench.squiggles() == 1
    bench.command("Shapelens: Toggle Shapes in the Text")
    bench.shows(9, "y1: (1, 26, 26, 32) = channels(x1)")


def test_the_quick_fix_takes_the_mistake_away(bench: Workbench) -> None:
    bench.go_to(19, 12)
    offered = bench.quick_fixes()
    assert "Add the batch axis: tf.expand_dims(x3, axis=0)" in offered
    bench.choose_fix("Add the batch axis")
    bench.wait(lambda: bench.squiggles() == 0, "it is still underlined")
    bench.shows(19, "y3: (1, 26, 26, 32) = rank(tf.expand_dims(x3, axis=0)(1, 28, 28, 3))")
    bench.page.keyboard.press("Control+z")
    bench.wait(lambda: bench.squiggles() == 1, "the mistake has not come back")
    bench.shows(19, "y3 = rank(x3)")


def test_the_environment_of_the_python_extension_counts(bench: Workbench) -> None:
    bench.command("Stub: Choose the Python of the Test")
    bench.wait(lambda: bench.status() == "Keras 3.5.0", lambda: f"the status is {bench.status()!r}")


def test_a_server_that_was_killed_comes_back(bench: Workbench) -> None:
    for process in psutil.process_iter(["cmdline"]):
        if str(bench.home / "extensions") in " ".join(process.info["cmdline"] or ()) and "serve.py" in str(
            process.info
        ):
            process.kill()
    bench.go_to(17, 24)
    bench.page.keyboard.type("1, ")  # x3 = tf.random.normal((1, 28, 28, 3))
    bench.shows(19, "y3: (1, 26, 26, 32) = rank(x3)")
    assert bench.squiggles() == 0


def test_the_server_restarts_on_command(bench: Workbench) -> None:
    bench.command("Shapelens: Restart Server")
    bench.wait(lambda: bench.status() == "Keras 3.5.0", lambda: f"the status is {bench.status()!r}")
    bench.go_to(17, 24)
    bench.page.keyboard.type("1, ")  # five axes
    bench.wait(lambda: bench.squiggles() == 1, "nothing is underlined")
    bench.shows(19, "y3 = rank(x3)")


def test_cells_of_a_notebook_are_one_program(bench: Workbench) -> None:
    bench.open("cells.ipynb")
    bench.wait(lambda: "y: (4, 26, 26, 8) = keras.layers.Conv2D(8, 3)(x)" in bench.lines(), bench.drawn)
    bench.wait(lambda: bench.squiggles() == 1, lambda: f"{bench.squiggles()} places are underlined")
    card = bench.hover("[x", within="z = ")
    assert "ValueError: A `Concatenate` layer requires inputs with matching shapes" in card
    assert "[(4, 28, 28, 1), (4, 26, 26, 8)]" in card
    bench.wait(lambda: bench.status() == "Keras 3.5.0", lambda: f"the status is {bench.status()!r}")


def test_the_lens_over_a_model_opens_its_summary(bench: Workbench) -> None:
    bench.open("network.py")
    lens = bench.page.locator(".codelens-decoration a", has_text="54,170 params")
    lens.wait_for()
    assert real.plain(lens.inner_text()) == "(None, 28, 28, 1) → (None, 10) · 54,170 params"
    lens.click()
    page = bench.web_view()
    page.locator("#rows tr", has_text="(None, 5408)").wait_for()
    rows = [" ".join(text.split()) for text in page.locator("#rows tr").all_inner_texts()]
    assert len(rows) == 4
    assert "(None, 26, 26, 8)" in rows[1]
    assert "Flatten · 0" in (page.locator("#graph svg").text_content() or "")
    assert bench.page.locator(".tab.active", has_text="model").count() == 1


def test_the_summary_follows_edits_and_leads_to_the_line(bench: Workbench) -> None:
    bench.page.locator(".tab", has_text="network.py").click()
    bench.go_to(5, 23)
    bench.page.keyboard.press("Backspace")
    bench.page.keyboard.type("5")  # layers.Conv2D(8, 5, ...)
    page = bench.web_view()
    page.locator("#rows tr", has_text="(None, 24, 24, 8)").wait_for()
    page.locator("#rows tr", has_text="Flatten").click()
    bench.wait(
        lambda: "Ln 6," in bench.page.locator("#status\\.editor\\.selection").inner_text(), "the cursor has not moved"
    )
