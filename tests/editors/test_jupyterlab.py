"""JupyterLab, as somebody has it who installed Shapelens beside it: what is underlined in cells, and what is told of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest
from editors.lab import Lab, lab, notebook
from editors.user import program
from editors.workbench import PICTURES
from lsp.editor import ENVIRONMENT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("jupyterlab")]

CELLS = (
    "# A small network",
    "%matplotlib inline\n!pip list\nfiles = !ls\nfrom keras import Input, layers",
    "x = Input((28, 30, 3), batch_size=1)\nlayers.Conv2D?",
    "%%time\ny = layers.Conv2D(8, 3)(x)",
    "%%bash\nls 'it",
    "z = layers.Conv2D(8, KERNEL)(y)",
)
EXCEPTION = (
    "ValueError: Computed output size would be zero or negative. Received `inputs shape=(1, 26, 28, 8)`, "
    "`kernel shape=(33, 33, 8, 8)`, `dilation_rate=[1 1]`, `strides=(1, 1)`, `padding=valid`."
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home = tmp_path_factory.mktemp("jupyterlab")
    project = home / "project"
    (project / "week").mkdir(parents=True)
    (project / "pyproject.toml").write_text('[tool.shapelens]\nversions = { keras = "3.15.1" }\n')
    (project / "week" / "sizes.py").write_text("KERNEL = 33\n")
    cells = [CELLS[0], CELLS[1] + "\nfrom sizes import KERNEL", *CELLS[2:]]
    (project / "week" / "book.ipynb").write_text(notebook(*cells))
    with lab(home, project, "week/book.ipynb") as opened:
        yield opened
        PICTURES.mkdir(parents=True, exist_ok=True)
        opened.page.screenshot(path=PICTURES / "jupyterlab.png")


def test_a_problem_is_underlined_in_its_cell(opened: Lab) -> None:
    """The only one: what IPython adds is no error, and the module beside the notebook is found."""
    opened.underlines("y")
    told = opened.problem()
    assert told.startswith("kernel 33×33 does not fit the 26×28 input")
    assert told.endswith(EXCEPTION)


def test_a_card_tells_the_shape(opened: Lab) -> None:
    card = opened.card("y = layers.Conv2D(8, 3)(x)")
    assert "y: (1, 26, 28, 8)" in card
    assert "(size - reach) // stride + 1 = (28 - 3) // 1 + 1 = 26" in card


def test_an_edit_in_one_cell_reaches_another(opened: Lab) -> None:
    opened.replace("x = Input", "x = Input((64, 64, 3), batch_size=1)")
    opened.underlines()
    opened.replace("z = layers", "z = layers.Dense(3)(y).reshape(7)")
    opened.replace("x = Input", "x = Input((28, 30, 3), batch_size=1)")
    opened.replace("z = layers", "z = layers.Conv2D(8, 33)(y)")
    opened.underlines("y")
    assert opened.problem().endswith(EXCEPTION)


JUDGE = """
import ast, json, sys
from IPython.core.inputtransformer2 import TransformerManager
def fine(cell):
    try:
        ast.parse(TransformerManager().transform_cell(cell))
    except SyntaxError:
        return False
    return True
print(json.dumps([fine(cell) for cell in json.load(sys.stdin)]))
"""
"""A second judge: IPython itself says whether a cell can run."""
WRITTEN = (
    "%matplotlib inline", "x = !ls", "x = %timeit -o 1", "!ls \\\n -l\ny = 1", "x?", "??x", "x.y?", "%%bash\nls 'it",
    "\n\n%%time\nx = 1", "%time x = 1", "if x:\n    !ls\n    %time y = 1", "    x = 1\n    y = 2", "a, b = !ls", "a.b = !ls",
    "a[0] = %magic", "x = (1\n% 2)", "x = '?'", "await f()", "x = 1;", "'''\n!ls\n'''", "x = 1 \\\n% 2", "# x?",
    "x = (", "!x = (", "f(", "x ! y", "x = y ?z", "for x in y:\n    x?", "%cd ..\n%pwd", "def f():\n    !ls", "x = 1 if y else",
    "    x = 1\ny = 2", "%%capture out\n%%time\nx = 1", "%time for x in y: pass", "!!ls", "%%html\n<b>'</b>\n", "x %= 2", "x != y",
)  # fmt: skip


def test_ipython_says_the_same() -> None:
    """A cell that IPython would run has no error for us; one that it would not has one."""
    from shape_engine import Engine
    from shapelens.notebooks.cells import Cell, Joined

    command = [program("jupyterlab", "python"), "-c", JUDGE]
    done = subprocess.run(
        command, input=json.dumps(WRITTEN), capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    engine = Engine()
    ours = [not engine.update(cell, 1, Joined([Cell(cell, 1, cell)]).text).broken for cell in WRITTEN]
    different = [cell for cell, one, other in zip(WRITTEN, ours, json.loads(done.stdout), strict=True) if one != other]
    assert different == []
