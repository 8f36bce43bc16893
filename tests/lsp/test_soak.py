"""A short soak (``lsp/soak.py`` is the long one): what the server says after many edits is what a fresh one says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lsp.soak import Soak

SEED = int(os.environ.get("SHAPELENS_SEED", "0"))
ACTIONS = 600


@pytest.mark.slow
@pytest.mark.parametrize("client", ["vscode_1.139.1_languageclient11", "emacs_30.1_eglot"])
def test_a_short_soak(client: str, tmp_path: Path) -> None:
    soak = Soak(client, SEED, tmp_path)
    try:
        reports = list(soak.run(ACTIONS, 1))
    finally:
        soak.server.process.kill()
    assert not soak.mistakes, "\n".join(soak.mistakes[:3])
    assert soak.done["edits"] > ACTIONS / 3
    assert reports
