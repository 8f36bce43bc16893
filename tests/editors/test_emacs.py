"""The real server in the real Emacs with eglot, configured as the page says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from editors.user import EXCEPTION, FIXED, User, blocks, program
from lsp.editor import ROOT

HERE = Path(__file__).resolve().parent
PAGES = ROOT / "editors" / "emacs"


def configured(folder: Path) -> User:
    """A user who has done what the page says."""
    user = User.new(folder)
    user.write(".emacs.d/init.el", blocks(PAGES / "README.md", "elisp")[0])
    shutil.copy(PAGES / "shapelens.el", user.home / ".emacs.d")
    return user


@pytest.mark.slow
def test_the_example_in_emacs(tmp_path: Path) -> None:
    emacs = program("emacs", "emacs")
    user = configured(tmp_path)
    settings = user.home / ".emacs.d"

    script = str(HERE / "ask_emacs.el")
    start = ("--batch", "--init-directory", str(settings), "-l", str(settings / "init.el"), "-l", script)
    said = user.run(emacs, *start, str(user.file), "tf.expand_dims(x3, axis=0)")
    found = json.loads(said.splitlines()[-1])

    assert "problem" not in found, found
    assert Path(found["root"]) == user.project
    assert found["count"] == 1
    line, message = found["diagnostic"]
    assert line == 19
    assert "missing-batch-axis" in message
    assert "(28, 28, 3)" in message
    assert "line 17" in message  # Emacs shows no related places
    assert message.endswith(EXCEPTION)
    assert [9, ": (1, 26, 26, 32)"] in found["hints"]
    assert [14, ": (1, 6, 6, 32)"] in found["hints"]
    assert "y2: (1, 6, 6, 32)" in found["hover"]
    assert "(32 - 15) // 3 + 1 = 6" in found["hover"]
    assert "```" not in found["hover"]
    assert (
        found["strategy"] == "eldoc-documentation-compose"
    )  # shows flymake's words and the hover, one below the other
    assert found["beside"].startswith("x3: (28, 28, 3)")
    assert "batch axis" not in found["beside"]
    assert found["text"].splitlines()[18] == FIXED
    assert found["fixed"] == ": (1, 26, 26, 32)"
