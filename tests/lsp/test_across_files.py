"""Across files, through the real server: what an edit of one open document changes in the others."""

from __future__ import annotations

from pathlib import Path

import pytest_lsp
from lsp.editor import ENVIRONMENT, SERVER, Editor, make_editor
from lsprotocol import types
from pytest_lsp import ClientServerConfig

BLOCKS = "import torch\nfrom sizes import IN\nlayer = torch.nn.Linear(IN, 2)\ndef block(x):\n    return layer(x)\n"
MAIN = "import torch\nfrom parts.blocks import block\ny = block(torch.zeros(3, 4))\n"


@pytest_lsp.fixture(config=ClientServerConfig(SERVER, client_factory=make_editor, server_env=ENVIRONMENT))
async def editor(lsp_client: Editor):
    yield
    if lsp_client.capabilities is not None and lsp_client._server.returncode is None:
        await lsp_client.shutdown_session()


async def test_an_edit_in_one_document_moves_the_findings_of_another(editor: Editor, tmp_path: Path) -> None:
    for name, text in {
        "parts/__init__.py": "",
        "parts/blocks.py": BLOCKS,
        "sizes.py": "IN = 4\n",
        "main.py": MAIN,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    main, sizes, blocks = ((tmp_path / name).as_uri() for name in ("main.py", "sizes.py", "parts/blocks.py"))
    folder = types.WorkspaceFolder(tmp_path.as_uri(), "project")
    await editor.begin("emacs_30.1_eglot", root_uri=tmp_path.as_uri(), workspace_folders=[folder])
    editor.open(main, MAIN)
    assert await editor.problems(main, 1) == []
    editor.open(sizes, "IN = 4\n")
    await editor.problems(sizes, 1)

    def last() -> list[types.Diagnostic]:
        return list(editor.published[main][-1].diagnostics)

    editor.rewrite(sizes, 2, "IN = 5\n")
    (found,) = await editor.until(last)
    assert editor.shown(main, found.range) in MAIN.splitlines()[2]
    editor.open(blocks, BLOCKS)
    editor.rewrite(blocks, 2, BLOCKS.replace("torch.nn.Linear(IN, 2)", "torch.nn.Linear(IN - 1, 2)"))
    await editor.until(lambda: not last())
    editor.rewrite(sizes, 3, "IN = 7\nx = (\n")
    await editor.until(last)
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(sizes)))
    await editor.until(last)  # on disk it is 4, of which the open text of blocks takes 1
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(blocks)))
    await editor.until(lambda: not last())
