"""The real server in the real Helix, in a terminal, configured as the page says."""

from __future__ import annotations

from pathlib import Path

import pytest
from editors.terminal import Terminal
from editors.user import EXCEPTION, FIXED, User, blocks, program
from lsp.editor import ROOT

PAGES = ROOT / "editors" / "helix"
ESCAPE = "\x1b"


def configured(folder: Path) -> User:
    """A user who has done what the page says."""
    user = User.new(folder)
    user.write(".config/helix/languages.toml", (PAGES / "languages.toml").read_text("utf-8"))
    user.write(".config/helix/config.toml", blocks(PAGES / "README.md", "toml")[0])
    return user


def test_the_configuration_is_the_one_on_the_page() -> None:
    written = (PAGES / "config.toml").read_text("utf-8")
    assert written.partition("\n\n")[2] == blocks(PAGES / "README.md", "toml")[0]


@pytest.mark.slow
def test_the_example_in_helix(tmp_path: Path) -> None:
    hx = program("helix", "hx")
    user = configured(tmp_path)
    with Terminal([hx, str(user.file)], user.project, user.environ, rows=40, columns=120) as helix:
        helix.shows("lacks the batch axis")
        helix.shows(
            "y1: (1, 26, 26, 32) = channels(x1)", "y2: (1, 6, 6, 32) = size(x2)", again="jk"
        )  # when idle after a key

        helix.press("19G")
        helix.shows("(28, 28, 3) lacks the batch axis", "line 17")
        assert EXCEPTION[:60] in helix.text

        helix.press("14G k")
        helix.shows("y2: (1, 6, 6, 32)", "stride + 1 = (32 - 15) // 3 + 1 = 6")
        assert "```" not in helix.text
        helix.press(ESCAPE)
        helix.hides("stride + 1 = (32 - 15) // 3 + 1 = 6")

        helix.press("19Gfx a")
        helix.shows("Add the batch axis: tf.expand_dims(x3, axis=0)")
        helix.press("\r")
        helix.hides("lacks the batch axis", again="jk")
        helix.press(":w\r")
        helix.shows("y3: (1, 26, 26, 32)", again="jk")
    assert user.file.read_text("utf-8").splitlines()[18] == FIXED
