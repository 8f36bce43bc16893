"""Requests of ours beside the protocol's, for what editors show around a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsp.editor import ENVIRONMENT, SERVER, Editor, make_editor
from lsprotocol import types
from pytest_lsp import ClientServerConfig

pytestmark = pytest.mark.xdist_group("lsp")

VSCODE = "vscode_1.139.1_languageclient11"
SOURCE = """import tensorflow as tf

x = tf.zeros((2, 28, 28, 3))
y = tf.keras.layers.Conv2D(8, 3)(x)
z = 3
"""


@pytest_lsp.fixture(config=ClientServerConfig(SERVER, client_factory=make_editor, server_env=ENVIRONMENT))
async def editor(lsp_client: Editor):
    lsp_client.set_configuration({}, section="shapelens")
    await lsp_client.begin(VSCODE, experimental={"shapelens": {"versions": True}})
    yield
    await lsp_client.shutdown_session()


async def ask(editor: Editor, method: str, uri: str, line: int = 0, character: int = 0) -> Any:
    parameters = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
    return await editor.protocol.send_request_async(method, parameters)


async def test_the_shape_at_a_place(editor: Editor, tmp_path: Path) -> None:
    uri = (tmp_path / "model.py").as_uri()
    editor.open(uri, SOURCE)
    assert await ask(editor, "shapelens/shape", uri, 3, 0) == "(2, 26, 26, 8)"
    assert await ask(editor, "shapelens/shape", uri, 3, 34) == "(2, 28, 28, 3)"
    assert await ask(editor, "shapelens/shape", uri, 4, 0) is None
    assert await ask(editor, "shapelens/shape", uri + "x") is None


async def test_the_versions_that_a_document_is_judged_by(editor: Editor, tmp_path: Path) -> None:
    stated = 'versions = { keras = "3.5.0", tensorflow = "2.17.0" }'
    (tmp_path / "pyproject.toml").write_text(f"[tool.shapelens]\n{stated}\nlegacy-keras = false\n")
    uri, other = ((tmp_path / name).as_uri() for name in ("model.py", "other.py"))
    editor.open(uri, SOURCE)
    editor.open(other, "import torch\nimport keras\n")
    told = await ask(editor, "shapelens/versions", uri)
    assert told.label == "Keras 3.5.0"
    assert (told.versions.keras, told.versions.tensorflow) == ("3.5.0", "2.17.0")
    assert "keras" not in told.assumed
    assert told.backend == "tensorflow"
    assert "keras 3.5.0" in told.environment
    label = (await ask(editor, "shapelens/versions", other)).label
    assert label == f"Keras 3.5.0, PyTorch {told.versions.torch}"


async def test_clients_that_show_versions_hear_of_changes(editor: Editor, tmp_path: Path) -> None:
    uri = (tmp_path / "model.py").as_uri()
    heard = []
    editor.feature("shapelens/versionsChanged")(lambda *_: (heard.append(1), editor.heard()))
    editor.open(uri, SOURCE)
    await editor.until(lambda: heard)
    label = (await ask(editor, "shapelens/versions", uri)).label
    editor.set_configuration({"versions": {"keras": "3.5.0"}}, section="shapelens")
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
    await editor.until(lambda: len(heard) == 2)
    assert (await ask(editor, "shapelens/versions", uri)).label == "Keras 3.5.0" != label


async def test_the_versions_of_keras_two(editor: Editor, tmp_path: Path) -> None:
    stated = 'versions = { keras = "3.5.0", tf_keras = "2.17.0" }\nlegacy-keras = true\n'
    (tmp_path / "pyproject.toml").write_text(f"[tool.shapelens]\n{stated}")
    uri, other = ((tmp_path / name).as_uri() for name in ("model.py", "other.py"))
    editor.open(uri, SOURCE)
    editor.open(other, "import keras\n")
    assert (await ask(editor, "shapelens/versions", uri)).label == "Keras 2.17.0"
    assert (await ask(editor, "shapelens/versions", other)).label == "Keras 3.5.0"
