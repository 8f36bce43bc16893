"""The real server in the real Neovim, configured as the page says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from editors.user import EXCEPTION, FIXED, User, blocks, program
from lsp.editor import ROOT

HERE = Path(__file__).resolve().parent
PAGE = ROOT / "editors" / "nvim" / "README.md"


def configured(folder: Path, version: str) -> tuple[User, str]:
    """A user who has done what the page says for this version, and where the configuration is."""
    user = User.new(folder)
    snippets = blocks(PAGE, "lua")
    if version == "0.10":
        (init,) = (snippet for snippet in snippets if "nvim_create_autocmd" in snippet)
    else:
        init = snippets[0]
        lsp = user.home / ".config" / "nvim" / "lsp"
        lsp.mkdir(parents=True)
        shutil.copy(ROOT / "editors" / "nvim" / "lsp" / "shapelens.lua", lsp)
    user.write(".config/nvim/init.lua", init)
    return user, str(user.home / ".config" / "nvim" / "init.lua")


@pytest.mark.slow
@pytest.mark.parametrize("version", ["0.10", "0.12"])
def test_the_example_in_neovim(version: str, tmp_path: Path) -> None:
    nvim = program(f"nvim-{version}", "nvim")
    user, init = configured(tmp_path, version)

    script = str(HERE / "ask_neovim.lua")
    said = user.run(nvim, "--headless", "-u", init, "-l", script, str(user.file), "tf.expand_dims(x3, axis=0)")
    found = json.loads(said.splitlines()[-1])

    assert "problem" not in found, found
    assert found["messages"] == []
    assert found["encoding"] == ("utf-16" if version == "0.10" else "utf-8")
    assert found["root"] == str(user.project)
    assert found["count"] == 1
    line, column, code, message = found["diagnostic"]
    assert (line, column, code) == (19, 11, "missing-batch-axis")
    first, _, exception = message.partition("\n\n")
    assert "(28, 28, 3)" in first
    assert "line 17" in first  # where the input comes from: Neovim's list shows the first line only
    assert exception == EXCEPTION
    assert [9, 3, ": (1, 26, 26, 32)"] in found["hints"]
    assert [14, 3, ": (1, 6, 6, 32)"] in found["hints"]
    assert "y2: (1, 6, 6, 32)" in found["hover"]
    assert "(32 - 15) // 3 + 1 = 6" in found["hover"]
    assert "|" not in found["hover"]  # a table would be drawn as it is written
    assert found["text"].splitlines()[18] == FIXED
    assert found["fixed"] == ": (1, 26, 26, 32)"
