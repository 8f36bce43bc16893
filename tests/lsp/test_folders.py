"""Folders that come and go while documents are open: a document is judged by the project that it belongs to now."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsp.editor import ENVIRONMENT, SERVER, Editor, make_editor
from lsprotocol import types
from pytest_lsp import ClientServerConfig

pytestmark = pytest.mark.xdist_group("lsp")

VSCODE = "vscode_1.139.1_languageclient11"
TEXT = "from keras import Input, layers\ny = layers.Conv2D(8, 33)(Input((4, 4, 3)))\n"
UNACTIVATED = {name: value for name, value in ENVIRONMENT.items() if name not in ("VIRTUAL_ENV", "CONDA_PREFIX")}


@pytest_lsp.fixture(config=ClientServerConfig(SERVER, client_factory=make_editor, server_env=UNACTIVATED))
async def editor(lsp_client: Editor):
    lsp_client.set_configuration({}, section="shapelens")
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    """A folder with an environment of its own, and a document two folders below."""
    folder = tmp_path / "inner"
    site = folder / ".venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    metadata = site / "keras-3.5.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / ".venv" / "pyvenv.cfg").write_text("")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 3.5.0\n")
    (folder / "code").mkdir()
    return folder


async def label(editor: Editor, uri: str) -> str:
    told: Any = await editor.protocol.send_request_async("shapelens/versions", {"textDocument": {"uri": uri}})
    return told.label


def change(editor: Editor, added: list[Path], removed: list[Path]) -> None:
    known = [
        [types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders] for folders in (added, removed)
    ]
    event = types.WorkspaceFoldersChangeEvent(*known)
    editor.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))


async def until_label(editor: Editor, uri: str, wanted: str) -> None:
    """The settings are asked for again when folders change, so the document moves some messages later."""
    for _ in range(200):
        if (found := await label(editor, uri)) == wanted:
            return
    raise AssertionError(f"{found}, not {wanted}")


async def test_a_folder_that_is_added_takes_its_documents_and_gives_them_back(
    editor: Editor, inner: Path, tmp_path: Path
) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    await editor.begin(VSCODE, workspace_folders=[types.WorkspaceFolder(outer.as_uri(), "outer")])
    uri, other = (inner / "code" / "model.py").as_uri(), (outer / "model.py").as_uri()
    for one in (uri, other):
        editor.open(one, TEXT)
    before = await label(editor, uri)
    assert before != "Keras 3.5.0"
    assert len(await editor.problems(uri, 1)) == 1

    change(editor, [inner], [])
    await until_label(editor, uri, "Keras 3.5.0")
    assert await label(editor, other) == before
    assert len(await editor.problems(uri, 1)) == 1
    editor.rewrite(uri, 2, TEXT.replace("33", "3"))
    assert await editor.problems(uri, 2) == []

    change(editor, [], [inner])
    await until_label(editor, uri, before)
    assert await editor.problems(uri, 2) == []
    assert len(await editor.problems(other, 1)) == 1
