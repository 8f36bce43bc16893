"""Pictures of the real editors for their pages, taken from their terminals; of JupyterLab, from the browser.

    PYTHONPATH=.:server:tests python tests/editors/pictures.py [nvim] [emacs] [helix] [jupyterlab]

Each goes to docs/images/NAME.svg (or .png).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from editors.lab import lab, notebook
from editors.terminal import Terminal
from editors.user import VERSIONS, program
from lsp.editor import ROOT

from editors import test_emacs, test_helix, test_jupyterlab, test_neovim

FIRST, LAST = ": (1, 26, 26, 32)", ": (1, 6, 6, 32)"
PROBLEM = "lacks the batch axis"
CARD = "320 parameters"
ESCAPE = "\x1b"
CLEARER = """
vim.o.number, vim.o.signcolumn = true, 'yes'
vim.api.nvim_set_hl(0, 'LspInlayHint', { link = 'Comment' })
"""


def nvim(folder: Path) -> str:
    """Neovim 0.12 with a hover card above the problem."""
    user, init = test_neovim.configured(folder, "0.12")
    with Path(init).open("a") as file:
        file.write(CLEARER)
    command = [program("nvim-0.12", "nvim"), "-c", "set shortmess+=I", str(user.file)]
    with Terminal(command, user.project, user.environ, rows=30, columns=116) as terminal:
        terminal.shows(FIRST, LAST, PROBLEM)
        terminal.press("9GK")
        terminal.shows(CARD)
        return terminal.picture("Neovim: shapes beside the names, how one comes about, and the call that raises")


def emacs(folder: Path) -> str:
    """Emacs with the whole of a problem in the window of eldoc."""
    user = test_emacs.configured(folder)
    settings = user.home / ".emacs.d"
    with (settings / "init.el").open("a") as file:
        file.write("\n(menu-bar-mode -1)\n(load-theme 'modus-vivendi t)\n(global-display-line-numbers-mode)\n")
    command = [program("emacs", "emacs"), "-nw", "--init-directory", str(settings), str(user.file)]
    with Terminal(command, user.project, user.environ, rows=34, columns=116) as terminal:
        terminal.shows(FIRST, LAST)
        terminal.press("\x1bg\x1bg19\r\x1b10\x06")  # M-g M-g goes to the line, C-f to the argument
        terminal.shows(PROBLEM)
        terminal.press("\x08.")  # C-h . opens the window
        terminal.shows("expected min_ndim=4", "TensorFlow tensor")
        return terminal.picture("Emacs: shapes beside the names, and all about the call that raises")


def helix(folder: Path) -> str:
    """Helix with the problem below its line."""
    user = test_helix.configured(folder)
    with Terminal(
        [program("helix", "hx"), str(user.file)], user.project, user.environ, rows=30, columns=116
    ) as terminal:
        terminal.shows(PROBLEM)
        terminal.shows(FIRST, LAST, again="jk")
        terminal.press("19G")
        terminal.shows("min_ndim=4, found ndim=3")
        return terminal.picture("Helix: shapes beside the names, and the exception of the call that raises")


def jupyterlab(folder: Path) -> bytes:
    """JupyterLab with the mouse over the call that raises."""
    (folder / "project").mkdir()
    (folder / "project" / "book.ipynb").write_text(
        notebook(*(cell for cell in test_jupyterlab.CELLS if "bash" not in cell))
    )
    (folder / "project" / "pyproject.toml").write_text(VERSIONS)
    (folder / "project" / "sizes.py").write_text("KERNEL = 33\n")
    with lab(folder, folder / "project", "book.ipynb") as opened:
        opened.replace("%matplotlib", "from sizes import KERNEL")
        opened.underlines("y")
        opened.problem()
        return opened.page.screenshot()


def main() -> None:
    pictures = {"nvim": nvim, "emacs": emacs, "helix": helix, "jupyterlab": jupyterlab}
    for name in sys.argv[1:] or pictures:
        with tempfile.TemporaryDirectory(prefix="shapelens") as folder:
            picture = pictures[name](Path(folder))
        if isinstance(picture, bytes):
            (ROOT / "docs" / "images" / f"{name}.png").write_bytes(picture)
        else:
            (ROOT / "docs" / "images" / f"{name}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
