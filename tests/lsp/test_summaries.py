"""Model summaries over the protocol: the lens of every client that draws lenses, and the two commands."""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_lsp
from lsp.editor import CLIENTS, ENVIRONMENT, SERVER, Editor, make_editor
from lsprotocol import types
from pytest_lsp import ClientServerConfig

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("lsp")]

SOURCE = """import keras
from keras import layers

model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(10)])


def build(shape=(5,)):
    x = keras.Input(shape)
    return keras.Model(x, layers.Dense(3)(x))


def helper():
    return 3
"""
TITLES = ["(None, 28, 28, 1) → (None, 10) · 27,090 params", "(None, 5) → (None, 3) · 18 params"]


@pytest_lsp.fixture(
    scope="module",
    params=[path.stem for path in CLIENTS],
    config=ClientServerConfig([*SERVER, "--stdio"], client_factory=make_editor, server_env=ENVIRONMENT),
)
async def editor(request: pytest.FixtureRequest, lsp_client: Editor, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("summaries")
    await lsp_client.begin(request.param, root_uri=folder.as_uri())
    lsp_client.initialized(types.InitializedParams())
    lsp_client.folder = folder
    yield
    await lsp_client.shutdown_session()


async def test_lens_tells_shapes_and_parameters(editor: Editor) -> None:
    if "codeLens" not in editor.raw["textDocument"]:
        assert editor.answer.capabilities.code_lens_provider is None
        return
    uri = (editor.folder / "lens.py").as_uri()
    editor.open(uri, SOURCE)
    lenses = await editor.text_document_code_lens_async(types.CodeLensParams(types.TextDocumentIdentifier(uri)))
    assert [lens.range.start.line for lens in lenses] == [3, 6]
    assert all(lens.command is None for lens in lenses), "nothing is computed before the client asks"
    resolved = [await editor.code_lens_resolve_async(lens) for lens in lenses]
    assert [lens.command.title for lens in resolved] == TITLES
    assert {lens.command.command for lens in resolved} == {"shapelens.showSummary"}
    assert resolved[1].command.arguments[0]["name"] == "build"


async def test_lens_moves_with_the_text(editor: Editor) -> None:
    if "codeLens" not in editor.raw["textDocument"]:
        return
    uri = (editor.folder / "moves.py").as_uri()
    editor.open(uri, SOURCE)
    editor.rewrite(uri, 2, "\n\n" + SOURCE)
    lenses = await editor.text_document_code_lens_async(types.CodeLensParams(types.TextDocumentIdentifier(uri)))
    assert [lens.range.start.line for lens in lenses] == [5, 8]


async def test_the_command_gives_the_page_and_the_data(editor: Editor) -> None:
    uri = (editor.folder / "command.py").as_uri()
    editor.open(uri, SOURCE)
    given = {"uri": uri, "name": "build"}
    found = await editor.workspace_execute_command_async(types.ExecuteCommandParams("shapelens.summary", [given]))
    assert found["title"] == "build"
    assert found["html"].startswith("<!doctype html>")
    assert "│ dense (Dense)" in found["markdown"]
    (record,) = found["models"]
    assert record["model"]["params"] == 18
    assert [layer["class"] for layer in record["model"]["layers"]] == ["InputLayer", "Dense"]
    assert record["model"]["layers"][1]["inputs"][0]["shape"] == "(None, 5)"
    assert record["model"]["layers"][1]["made"] == {"uri": uri, "line": 9, "column": 27}
    everything = await editor.workspace_execute_command_async(
        types.ExecuteCommandParams("shapelens.summary", [{"uri": uri}])
    )
    assert [one["title"] for one in everything["models"]] == TITLES
    nothing = {"uri": uri, "name": "nobody"}
    assert (
        await editor.workspace_execute_command_async(types.ExecuteCommandParams("shapelens.summary", [nothing])) is None
    )


async def test_clients_without_a_panel_are_shown_a_file(editor: Editor) -> None:
    uri = (editor.folder / "show.py").as_uri()
    editor.open(uri, SOURCE)
    given = {"uri": uri, "name": "model", "line": 4}
    found = await editor.workspace_execute_command_async(types.ExecuteCommandParams("shapelens.showSummary", [given]))
    assert TITLES[0] in Path(found["path"]).read_text(encoding="utf-8")
    Path(found["path"]).unlink()
