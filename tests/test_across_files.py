"""Across files: what the engine knows of a program made of several files is what Python computes.

The projects are in ``tests/across/*.md``; they lie on the disk, and their modules are found as the server finds them.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_interpreter import agrees, known_variables

from shape_engine import Engine
from shape_engine.rule import MISSING
from shape_engine.snapshot import Work
from shapelens.names import JediNames

FILE = re.compile(r"^```python (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = """
import ast, runpy, sys
sys.path.insert(0, sys.argv[1])
found, plain = runpy.run_path(sys.argv[1] + "/main.py", run_name="__main__"), {}
for name, value in found.items():
    try:
        plain[name] = ast.literal_eval(repr(value))
    except (ValueError, SyntaxError):
        pass
print("\\n" + repr(plain))
"""


def projects() -> list[Any]:
    """Each section of the pages: its title, and its files."""
    found = []
    for page in sorted((Path(__file__).parent / "across").glob("*.md")):
        for section in page.read_text().split("\n## ")[1:]:
            title = section.partition("\n")[0]
            found.append(pytest.param(dict(FILE.findall(section)), id=f"{page.stem}: {title}"))
    return found


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def engine_for(folder: Path) -> Engine:
    return Engine(JediNames(folder, blocking=True))


@pytest.mark.parametrize("files", projects())
def test_what_is_known_is_what_python_computes(files: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, files)
    ran = subprocess.run([sys.executable, "-c", RUN, str(tmp_path)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    real = ast.literal_eval(ran.stdout.splitlines()[-1])
    ours = known_variables(engine_for(tmp_path), (tmp_path / "main.py").as_uri(), files["main.py"])
    for name, value in real.items():
        if name.startswith("__"):
            continue
        assert agrees(value, ours.get(name, MISSING)), (name, value, ours.get(name))
    for name in real["known"]:
        assert ours.get(name) == real[name], (name, real[name], ours.get(name))


class Folder:
    """A folder, an engine that watches it, and the texts that an editor has open."""

    def __init__(self, root: Path, **files: str):
        self.root = root
        self.names = JediNames(root, blocking=True)
        self.engine = Engine(self.names)
        write(root, {f"{name}.py": text for name, text in files.items()})

    def uri(self, name: str) -> str:
        return (self.root / f"{name}.py").as_uri()

    def open(self, name: str, text: str | None = None) -> dict[str, str]:
        """Open or edit a document; the shapes of its variables."""
        text = (self.root / f"{name}.py").read_text() if text is None else text
        self.engine.update(self.uri(name), None, text)
        return self.shapes(name)

    def shapes(self, name: str) -> dict[str, str]:
        snapshot = self.engine.snapshot(self.uri(name))
        assert not snapshot.errors, snapshot.errors[0]
        return {seen.text: str(seen.value.shape) for seen in snapshot.observations if seen.target and seen.tensor}

    def on_disk(self, name: str, text: str | None) -> None:
        """Something else than the editor writes a file, or deletes it (None)."""
        path = self.root / f"{name}.py"
        if text is None:
            path.unlink()
        else:
            write(self.root, {f"{name}.py": text})
        self.names.invalidate([path])
        self.engine.invalidate([path.as_uri()])

    def work(self, name: str) -> tuple[int, int]:
        """How many units of a document ran, and how many were probed, when it was looked at last."""
        work = self.engine.documents[self.uri(name)].work
        return len(work.executed), len(work.probed)


NONE = Work()
WIDTHS = "WIDTH = {}\nOTHER = 1\n"
BLOCKS = "import torch\nimport widths\ndef block(x):\n    return torch.zeros(len(x), widths.WIDTH)\ndef apart(x):\n    return x\n"
NET = "from blocks import block, apart\ndef net(x):\n    return block(x)\n"
MAIN = "import torch\nfrom net import net, apart\na = net(torch.zeros(5, 3))\nb = apart(torch.zeros(6, 3))\nc = torch.zeros(7)\n"


def test_an_edit_runs_what_depends_on_it_in_every_file_and_nothing_else(tmp_path: Path) -> None:
    folder = Folder(
        tmp_path, widths=WIDTHS.format(8), blocks=BLOCKS, net=NET, main=MAIN, alone="x = 1\n", side="import widths\n"
    )
    for name in ("widths", "blocks", "net", "alone", "side"):
        folder.open(name)
    assert folder.open("main") == {"a": "(5, 8)", "b": "(6, 3)", "c": "(7,)"}
    for name in ("widths", "blocks", "net", "main", "alone", "side"):
        folder.engine.documents[folder.uri(name)].work = NONE
    folder.open("widths", WIDTHS.format(9))
    assert folder.work("widths") == (1, 0)
    assert folder.work("blocks") == (0, 1), "nothing in the file calls block"
    assert folder.work("net") == (0, 1), "nor net"
    assert folder.work("main") == (1, 0), "a alone depends on the width"
    assert folder.work("side") == (0, 0)
    assert folder.engine.documents[folder.uri("alone")].work is NONE, "what imports nothing is not looked at"
    assert {snapshot.uri for snapshot in folder.engine.refresh()} >= {folder.uri("main"), folder.uri("net")}
    assert folder.shapes("main")["a"] == "(5, 9)"
    folder.open("widths", WIDTHS.format(9).replace("OTHER = 1", "OTHER = 2"))
    assert [folder.work(name) for name in ("widths", "blocks", "net", "main", "side")] == [(1, 0), *[(0, 0)] * 4]
    assert folder.engine.refresh() == []


def test_an_importer_follows_the_unsaved_text_and_the_disk_when_it_is_closed(tmp_path: Path) -> None:
    folder = Folder(tmp_path, widths=WIDTHS.format(8), blocks=BLOCKS, net=NET)
    assert folder.open("main", MAIN)["a"] == "(5, 8)"
    folder.open("widths", WIDTHS.format(4))
    assert folder.shapes("main")["a"] == "(5, 4)"
    folder.on_disk("widths", WIDTHS.format(16))
    assert folder.shapes("main")["a"] == "(5, 4)", "the editor's text counts"
    folder.engine.close(folder.uri("widths"))
    assert folder.shapes("main")["a"] == "(5, 16)"
    folder.on_disk("widths", WIDTHS.format(32))
    assert folder.shapes("main")["a"] == "(5, 32)"


def test_a_broken_file_keeps_its_other_names_for_its_importers(tmp_path: Path) -> None:
    folder = Folder(tmp_path, widths=WIDTHS.format(8), blocks=BLOCKS, net=NET)
    folder.open("main", MAIN)
    for broken in ("x = (", "def f(:\n    return 3\n", "'''", "if", "class A\n  pass\n", "return ]"):
        folder.open("widths", broken + "\n" + WIDTHS.format(8))
        if broken != "'''":  # what comes after an open string is text
            assert folder.shapes("main")["a"] == "(5, 8)", broken
        folder.open("widths", WIDTHS.format(4) + broken + "\n")
        assert folder.shapes("main")["a"] == "(5, 4)", broken
    folder.open("blocks", BLOCKS + "def half(x:\n")
    assert folder.shapes("main") == {"a": "(5, 4)", "b": "(6, 3)", "c": "(7,)"}


def test_modules_come_go_and_change_their_names(tmp_path: Path) -> None:
    folder = Folder(tmp_path, blocks=BLOCKS, net=NET)
    assert folder.open("main", MAIN)["a"] == "(5, ?)"
    folder.on_disk("widths", WIDTHS.format(8))
    assert folder.shapes("main")["a"] == "(5, 8)"
    folder.on_disk("widths", None)
    assert folder.shapes("main")["a"] == "(5, ?)"
    folder.on_disk("widths/__init__", "from .inner import *\n")
    assert folder.shapes("main")["a"] == "(5, ?)"
    folder.on_disk("widths/inner", WIDTHS.format(2))
    assert folder.shapes("main")["a"] == "(5, 2)"
    folder.on_disk("torch", "def zeros(*shape):\n    return 0\n")
    assert folder.shapes("main") == {}
    folder.on_disk("torch", None)
    assert folder.shapes("main")["a"] == "(5, 2)"
    folder.on_disk("net", None)
    assert folder.shapes("main") == {"c": "(7,)"}


def test_a_star_import_hears_of_new_names(tmp_path: Path) -> None:
    main = "import torch\nfrom pack import *\nx = torch.zeros(WIDTH)\ny = torch.zeros(3)\n"
    folder = Folder(tmp_path, **{"pack/__init__": "from .deep import *\n", "pack/deep": "A = 1\n"})
    assert folder.open("main", main)["x"] == "?"
    folder.open("pack/deep", "A = 1\nWIDTH = 5\n")
    assert folder.shapes("main")["x"] == "(5,)"
    folder.open("pack/deep", "A = 1\nWIDTH = 5\n__all__ = ['A']\n")
    assert folder.shapes("main")["x"] == "?"
    folder.open("pack/deep", "A = 1\nWIDTH = 5\n__all__ = ['A', 'WIDTH']\n")
    assert folder.shapes("main")["x"] == "(5,)"


def test_an_import_that_changes_what_another_file_holds(tmp_path: Path) -> None:
    main = "import torch\nimport config\nx = torch.zeros(config.WIDTH)\n"
    folder = Folder(tmp_path, config="WIDTH = 8\n", setup="import config\nconfig.WIDTH = 16\n")
    assert folder.open("main", main)["x"] == "(8,)"
    assert folder.open("main", main.replace("import config\n", "import config\nimport setup\n"))["x"] == "(16,)"
    folder.open("setup", "import config\nconfig.WIDTH = 32\n")
    assert folder.shapes("main")["x"] == "(32,)"
    assert folder.open("main", main + "import setup\n")["x"] == "(8,)"
    folder.open("main", main.replace("import config\n", "import config\nimport setup\n"))
    folder.open("setup", "import config\nconfig.DEPTH = 32\n")
    assert folder.shapes("main")["x"] == "(8,)"


def test_warm_is_cold_for_modules_that_import_each_other(tmp_path: Path) -> None:
    texts = {
        "a": ["import b\nN = 3\nx = b.M\n", "import b\nN = 4\nx = b.M\n", "N = 3\nimport b\nN = 5\nx = b.M\n"],
        "b": ["import a\nM = 7\ny = a.N\n", "import a\nM = a.N\n", "M = 1\n", "from a import *\nM = 2\ny = N\n"],
    }  # fmt: skip
    folder = Folder(tmp_path, a=texts["a"][0], b=texts["b"][0])
    main = "import torch\nimport {}, {}\np = torch.zeros(a.N, b.M)\n"
    for first, second in (("a", "b"), ("b", "a")):
        for one in texts["a"]:
            for other in texts["b"]:
                folder.open("a", one)
                folder.open("b", other)
                warm = folder.open("main", main.format(first, second))
                cold = Folder(tmp_path, a=one, b=other)
                cold.open("a", one)
                cold.open("b", other)
                assert warm == cold.open("main", main.format(first, second)), (one, other)


def test_a_finding_in_another_file_is_shown_at_the_call(tmp_path: Path) -> None:
    deep = "from torch import nn\nlayer = nn.Linear(4, 2)\ndef last(x):\n    return layer(x)\n"
    folder = Folder(tmp_path, deep=deep, middle="from deep import last\ndef outer(x):\n    return last(x)\n")
    main = "import torch\nfrom middle import outer\nfine = outer(torch.zeros(3, 4))\nwrong = outer(torch.zeros(3, 5))\n"
    folder.open("main", main)
    (finding,) = folder.engine.snapshot(folder.uri("main")).findings
    assert (finding.span.line, finding.code) == (4, "channel-mismatch")
    places = [(spot.role, Path(spot.place.uri).name, spot.place.span.line) for spot in finding.related]
    assert ("raises", "deep.py", 4) in places
    folder.open("deep", deep.replace("4, 2", "5, 2"))
    (finding,) = folder.engine.snapshot(folder.uri("main")).findings
    assert finding.span.line == 3


def test_layers_made_in_other_files_count_in_automatic_names(tmp_path: Path) -> None:
    keras = "import keras\nc = keras.layers.Conv2D(4, 3)\n"
    folder = Folder(tmp_path, blocks=keras)
    folder.open("main", f"{keras}c(keras.Input((9, 9)))\n")
    (finding,) = folder.engine.snapshot(folder.uri("main")).findings
    assert "'conv2d'" in finding.raised.text
    folder.open("main", f"import blocks\n{keras}c(keras.Input((9, 9)))\n")
    for finding in folder.engine.snapshot(folder.uri("main")).findings:
        assert "'conv2d'" not in finding.raised.text


def test_a_stub_tells_types_and_its_bodies_do_nothing(tmp_path: Path) -> None:
    stub = (
        "from torch import Tensor, nn\nfrom jaxtyping import Float\nWIDTH: int\nDEPTH: int = ...\nKINDS = 4\nNAMES: list[int] = [7]\n"
        "def load(path: str, size: int = ...) -> Float[Tensor, 'n 3 32 32']: ...\n"
        "def count(items: list[int]) -> int: ...\ndef other(x): ...\ndef nothing() -> None: ...\n"
        "class Net(nn.Module):\n    width: int\n    def __init__(self, width: int = ...) -> None: ...\n"
        "    def forward(self, x: Tensor) -> Float[Tensor, 'b 10']: ...\n"
    )
    main = (
        "import torch\nimport fast\nimages = fast.load('x')\ny = torch.nn.Conv2d(3, 8, 3)(images)\n"
        "items = [1, 2]\nn = fast.count(items)\na = torch.zeros(fast.KINDS, fast.NAMES[0])\nb = torch.zeros(3, fast.WIDTH)\n"
        "c = torch.zeros(3, fast.DEPTH)\nd = torch.zeros(3, n)\ne = torch.zeros(3, len(items), items[0])\nnet = fast.Net()\n"
        "out = net(images)\nf = torch.zeros(len(list(net.parameters())), 2)\ng = fast.other(images)\nh = torch.zeros(3) if fast.nothing() is None else 5\n"
    )
    folder = Folder(tmp_path, plain="KINDS = 9\n")
    write(tmp_path, {"fast.pyi": stub, "plain.pyi": "KINDS: int\n"})
    found = folder.open("main", main + "import plain\ni = torch.zeros(plain.KINDS)\n")
    assert found["i"] == "(9,)", "the module itself counts where it is there"
    assert (found["images"], found["y"], found["out"]) == ("(n, 3, 32, 32)", "(n, 8, 30, 30)", "(b, 10)")
    assert (found["a"], found["h"]) == ("(4, 7)", "(3,)")
    assert found["b"].startswith("(3, ")
    assert found["c"].startswith(("(3, ", "?"))
    for name in "bcdef":
        assert not any(known in found[name] for known in ("(3, 0", "(3, 1", "(3, 2", "(0, ")), (name, found[name])


def test_files_are_found_where_a_project_keeps_them(tmp_path: Path) -> None:
    """The ``src`` layout, a test beside its conftest, a script in a subfolder that changes its search path."""
    folder = Folder(
        tmp_path,
        **{
            "src/package/__init__": "from .sizes import WIDTH\n",
            "src/package/sizes": "WIDTH = 6\n",
            "tests/conftest": "HEIGHT = 4\n",
            "tests/test_package": "import torch\nfrom conftest import HEIGHT\nfrom package import WIDTH\nx = torch.zeros(HEIGHT, WIDTH)\n",
            "tools/run": "import os, sys\nsys.path.append(os.path.join(os.path.dirname(__file__), '..', 'lib'))\nimport torch\nimport helper\nx = torch.zeros(helper.N)\n",
            "lib/helper": "N = 11\n",
        },
    )
    assert folder.open("tests/test_package") == {"x": "(4, 6)"}
    assert folder.open("tools/run") == {"x": "(11,)"}
    folder.open("src/package/sizes", "WIDTH = 8\n")
    assert folder.shapes("tests/test_package") == {"x": "(4, 8)"}
