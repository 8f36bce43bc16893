"""``diagnosticMode``: problems in no file, in open files, or in all files of the folder; pulled and pushed."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest
import pytest_lsp
from lsp.editor import ENVIRONMENT, PATIENCE, SERVER, Editor, make_editor
from lsprotocol import types
from pytest_lsp import ClientServerConfig

VSCODE, EMACS = "vscode_1.139.1_languageclient11", "emacs_30.1_eglot"
WRONG = "from keras import Input, layers\nx = Input((4, 4, 3))\ny = layers.Conv2D(8, 33)(x)  # 😀\n"
RIGHT = WRONG.replace("33", "3")


@pytest_lsp.fixture(
    config=ClientServerConfig(
        SERVER, client_factory=make_editor, server_env={**ENVIRONMENT, "SHAPELENS_CACHE_DIR": tempfile.mkdtemp()}
    )
)
async def editor(lsp_client: Editor):
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.shapelens]\ndiagnosticMode = 'workspace'\nexclude = ['generated/']\nrules = {rank-mismatch = 'hint'}\n"
    )
    for name in ("a.py", "b.py", "generated/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(WRONG)
    (tmp_path / "pygls.py").write_text("raise SystemExit('code of the user is never run')\n")
    return tmp_path


async def begin(editor: Editor, client: str, folder: Path) -> None:
    await editor.begin(client, workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "work")])


async def pull_all(editor: Editor, previous: dict[str, str]) -> dict[str, types.WorkspaceFullDocumentDiagnosticReport]:
    ids = [types.PreviousResultId(uri, value) for uri, value in previous.items()]
    params = types.WorkspaceDiagnosticParams(ids)
    report = await asyncio.wait_for(editor.workspace_diagnostic_async(params), PATIENCE)
    return {item.uri: item for item in report.items}


async def test_files_that_are_not_open_are_pulled(editor: Editor, folder: Path) -> None:
    await begin(editor, VSCODE, folder)
    assert editor.answer.capabilities.diagnostic_provider.workspace_diagnostics
    a, b = ((folder / name).as_uri() for name in ("a.py", "b.py"))
    editor.open(b, WRONG)
    assert len((await editor.pull(b)).items) == 1
    found = await pull_all(editor, {})
    assert set(found) == {a}, "what is open is told by itself, what is excluded not at all"
    (problem,) = found[a].items
    (same,) = (await editor.pull(b)).items
    assert (problem.code, problem.severity, problem.message) == (same.code, same.severity, same.message)
    assert problem.range == same.range
    assert problem.code_description is not None

    (folder / "a.py").write_text(RIGHT)
    editor.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(b)))
    found = await pull_all(editor, {a: found[a].result_id})
    assert [(uri, one.items) for uri, one in found.items()] == [(a, ())]


async def test_files_that_are_not_open_are_told_in_the_same_words(editor: Editor, folder: Path) -> None:
    never_called = "def f(n):\n    return layers.Conv2D(8, 33)(Input((4, 4, n)))\n"
    text = f"{WRONG}{never_called}z = x  # shapelens: ignore[window-too-big]\nif:\n    pass\n"
    for name in "a.py", "b.py":
        (folder / name).write_text(text)
    await begin(editor, VSCODE, folder)
    editor.open((folder / "b.py").as_uri(), text)
    found = await pull_all(editor, {})
    closed = found[(folder / "a.py").as_uri()].items
    opened = (await editor.pull((folder / "b.py").as_uri())).items
    assert "unused-ignore" in {one.code for one in closed}
    assert len([one for one in closed if "nothing here calls this code" in one.message]) == 1

    def told(items: list[types.Diagnostic]) -> list[str]:
        return sorted(repr((one.range, one.message, one.code, one.severity, one.tags, one.source)) for one in items)

    assert told(closed) == told(opened)


async def test_files_that_are_not_open_are_pushed(editor: Editor, folder: Path) -> None:
    await begin(editor, EMACS, folder)
    a, b, c = ((folder / name).as_uri() for name in ("a.py", "b.py", "generated/c.py"))
    await editor.until(lambda: {a, b} <= editor.published.keys())
    (problem,) = editor.published[a][-1].diagnostics
    assert problem.code == "window-too-big"
    assert c not in editor.published
    editor.open(b, RIGHT)
    await editor.until(lambda: editor.published[b][-1].diagnostics == ())
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(b)))
    await editor.until(lambda: editor.published[b][-1].diagnostics)  # as the disk has it
    (folder / "a.py").write_text(RIGHT)
    editor.open(b, WRONG)
    editor.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(b)))
    await editor.until(lambda: editor.published[a][-1].diagnostics == ())


@pytest.mark.parametrize(("mode", "count"), [("off", 0), ("openFilesOnly", 1)])
async def test_other_modes_say_nothing_of_files_that_are_not_open(
    editor: Editor, folder: Path, mode: str, count: int
) -> None:
    editor.set_configuration({"diagnosticMode": mode}, section="shapelens")
    editor.set_configuration({"diagnosticMode": mode}, section="shapelens", scope_uri=folder.as_uri())
    await begin(editor, VSCODE, folder)
    asking = asyncio.ensure_future(pull_all(editor, {}))
    uri = (folder / "b.py").as_uri()
    editor.open(uri, WRONG)
    assert len((await editor.pull(uri)).items) == count
    assert not asking.done(), "the answer waits until there is something to say"
    editor.set_configuration({"diagnosticMode": "workspace"}, section="shapelens")
    editor.set_configuration({"diagnosticMode": "workspace"}, section="shapelens", scope_uri=folder.as_uri())
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
    assert set(await asking) == {(folder / "a.py").as_uri()}
