"""The real server in the real Neovim, with the configuration that users copy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lsp.editor import ENVIRONMENT, SERVER

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NVIM = os.environ.get("SHAPELENS_NVIM") or shutil.which("nvim")
NEEDED = (0, 11)  # vim.lsp.config


@pytest.fixture(scope="module")
def nvim() -> str:
    """The program: ``SHAPELENS_NVIM``, or ``nvim`` on PATH."""
    if NVIM is None:
        pytest.skip("nvim: not installed (SHAPELENS_NVIM tells where it is)")
    told = subprocess.run([NVIM, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
    version = re.search(r"v(\d+)\.(\d+)", told)
    assert version is not None, told
    if (int(version[1]), int(version[2])) < NEEDED:
        pytest.skip(f"nvim {version[0]} has no vim.lsp.config")
    return NVIM


def ask(nvim: str, folder: Path, **questions: Any) -> dict[str, Any]:
    """What Neovim knows of a file, with everything it writes in a folder of its own."""
    home = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    environ = {**ENVIRONMENT, **home}
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "KERAS_BACKEND", "TF_USE_LEGACY_KERAS"):
        environ.pop(name, None)
    asked = folder / "questions.json"
    asked.write_text(json.dumps({"runtime": str(ROOT / "editors" / "nvim"), "cmd": SERVER, **questions}))
    command = [nvim, "--headless", "--clean", "-l", str(HERE / "ask_neovim.lua"), str(asked)]
    done = subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_the_example_with_three_convolutions(nvim: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[tool.shapelens]\nversions = { keras = "3.15.1", tensorflow = "2.21.0" }\n'
    )
    file = project / "conv2d.py"
    shutil.copy(ROOT / "examples" / "conv2d.py", file)
    fix = [17, "x3 = tf.random.normal((1, 28, 28, 3))"]

    found = ask(nvim, tmp_path, file=str(file), hover=[14, 2], diagnostics=1, hints=2, fix=fix)

    assert "missing" not in found, found
    assert found["server"]["name"] == "shapelens"
    assert found["encoding"] == "utf-8"
    assert found["root"] == str(project)
    [(line, column, code, message)] = found["diagnostics"]
    assert (line, column, code) == (19, 11, "missing-batch-axis")
    first, _, exception = message.partition("\n\n")
    assert "(28, 28, 3)" in first
    assert "line 17" in first  # where the input comes from: Neovim's list shows the first line only
    assert exception == (
        "ValueError: Input 0 with name 'None' of layer 'conv2d_2' is incompatible with the layer: "
        "expected min_ndim=4, found ndim=3. Full shape received: (28, 28, 3)"
    )
    assert [9, 3, ": (1, 26, 26, 32)"] in found["hints"]
    assert [14, 3, ": (1, 6, 6, 32)"] in found["hints"]
    assert found["hover"].startswith("```text\ny2: (1, 6, 6, 32)")
    assert "(32 - 15) // 3 + 1 = 6" in found["hover"]
    assert "|" not in found["hover"]  # a table would be drawn as it is written
