"""What holds for every engine: the conversation itself, with an engine that does what the text says."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path

import pytest
import pytest_lsp
from lsp.editor import ENVIRONMENT, SCRIPTED, Editor, label, make_editor
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig

URI = "file:///nowhere/a.py"
VSCODE, NEOVIM, HELIX = "vscode_1.139.1_languageclient11", "neovim_0.12.4", "helix_25.07.1"
EMACS, JUPYTER = "emacs_30.1_eglot", "jupyterlab-lsp_5.3.0"
CANCELLED, NOT_INITIALIZED = -32800, -32002


@pytest_lsp.fixture(config=ClientServerConfig(SCRIPTED, client_factory=make_editor, server_env=ENVIRONMENT))
async def editor(lsp_client: Editor):
    yield
    if lsp_client.capabilities is not None and lsp_client._server.returncode is None:
        await lsp_client.shutdown_session()


async def test_one_log_line_at_the_start_tells_the_versions(editor: Editor) -> None:
    await editor.begin(NEOVIM)
    await editor.until(lambda: editor.log_messages)
    first = editor.log_messages[0].message
    assert first.startswith("Shapelens 0.")
    assert "Python 3." in first
    assert "for Neovim 0.12.4" in first
    editor.open(URI, "a = shape(2)\n")
    await editor.until(lambda: any("backend default" in m.message for m in editor.log_messages))


async def test_a_request_before_initialize_is_refused() -> None:
    pipe = asyncio.subprocess.PIPE
    server = await asyncio.create_subprocess_exec(*SCRIPTED, env=ENVIRONMENT, stdin=pipe, stdout=pipe)
    assert server.stdin is not None
    assert server.stdout is not None
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": None}).encode()
    position = b'{"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}'
    body = body.replace(b"null", position)
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    header = await server.stdout.readuntil(b"\r\n\r\n")
    length = int(header.split(b"Content-Length:")[1].split()[0])
    answer = json.loads(await server.stdout.readexactly(length))
    assert answer["error"]["code"] == NOT_INITIALIZED
    server.stdin.close()
    assert await server.wait() == 0


@pytest.mark.parametrize(("polite", "code"), [(True, 0), (False, 1)])
async def test_exit_tells_whether_shutdown_came_first(editor: Editor, polite: bool, code: int) -> None:
    await editor.begin(VSCODE)
    if polite:
        await editor.shutdown_async(None)
    editor.exit(None)
    assert await editor._server.wait() == code


async def test_a_long_analysis_does_not_delay_the_exit(editor: Editor) -> None:
    await editor.begin(EMACS)
    editor.open(URI, "#slow\n")
    await editor.until(lambda: len(editor.log_messages) > 1)
    await editor.shutdown_async(None)
    editor.exit(None)
    assert await asyncio.wait_for(editor._server.wait(), 4) == 0


async def test_a_request_can_be_cancelled_while_it_waits(editor: Editor) -> None:
    await editor.begin(VSCODE)
    editor.open(URI, "#slow\na = shape(2)\n")
    document = types.TextDocumentIdentifier(URI)
    waiting = asyncio.wrap_future(
        editor.protocol.send_request(
            types.TEXT_DOCUMENT_DIAGNOSTIC, types.DocumentDiagnosticParams(document), msg_id="pull"
        )
    )
    editor.protocol.notify(types.CANCEL_REQUEST, types.CancelParams("pull"))
    with pytest.raises(JsonRpcException) as cancelled:
        await asyncio.wait_for(waiting, 4)
    assert cancelled.value.code == CANCELLED


async def test_a_newer_text_replaces_an_analysis_that_is_under_way(editor: Editor) -> None:
    await editor.begin(EMACS)
    editor.open(URI, "#slow\nraise_()\n")
    editor.rewrite(URI, 2, "raise_()\n\n")
    found = await editor.problems(URI, 2)
    assert [d.range.start.line for d in found] == [0]
    assert [p.version for p in editor.published[URI]] == [2]


async def test_other_documents_are_served_after_a_slow_one_was_closed(editor: Editor) -> None:
    await editor.begin(HELIX)
    editor.open(URI, "#slow\n")
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI)))
    editor.open("file:///nowhere/b.py", "raise_()\n")
    assert len(await asyncio.wait_for(editor.problems("file:///nowhere/b.py", 1), 4)) == 1


async def test_a_bug_in_the_engine_costs_one_result(editor: Editor) -> None:
    await editor.begin(EMACS)
    editor.open(URI, "raise_() #crash\n")
    assert await editor.problems(URI, 1) == []
    editor.rewrite(URI, 2, "raise_()\n")
    assert len(await editor.problems(URI, 2)) == 1
    assert editor.messages == []


async def test_a_bug_in_one_feature_costs_one_answer(editor: Editor, capfd: pytest.CaptureFixture[str]) -> None:
    await editor.begin(VSCODE)
    editor.open(URI, "raise_() #crash-fixes\nboom #crash-card\na = shape(2)\n")
    (found,) = await editor.problems(URI, 1)
    assert await editor.actions(URI, found) == []
    assert await editor.hover(URI, editor.texts[URI].index("boom")) is None
    assert await editor.hover(URI, editor.texts[URI].index("a = ")) is not None
    assert editor.messages == []
    await editor.shutdown_session()
    log = capfd.readouterr().err
    assert "no repair" in log
    assert "nobody can word this" in log
    assert "Traceback" in log


@pytest.mark.parametrize(("client", "words"), [(NEOVIM, True), (HELIX, True), (EMACS, False), (VSCODE, False)])
async def test_a_hover_does_not_repeat_what_the_client_draws(editor: Editor, client: str, words: bool) -> None:
    await editor.begin(client)
    editor.open(URI, "raise_()\n")
    card = await editor.hover(URI, 2)
    assert (card is not None) == words
    assert card is None or "no such luck" in str(card.contents)


async def test_a_change_of_a_document_that_is_not_open_is_no_alarm(editor: Editor) -> None:
    await editor.begin(VSCODE)
    editor.edit("file:///nowhere/closed.py", 2, types.TextDocumentContentChangeWholeDocument("x"))
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier("file:///x.py")))
    assert await editor.hover_at("file:///nowhere/closed.py") is None
    assert await editor.hints("file:///nowhere/closed.py") == []
    assert (await editor.pull("file:///nowhere/closed.py")).items == ()
    assert editor.messages == []


async def test_broken_messages_are_no_alarm(editor: Editor) -> None:
    await editor.begin(VSCODE)
    editor._server.stdin.write(b"Content-Length: 9\r\n\r\n{not json")
    body = b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": 7}}}'
    editor._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    editor.open(URI, "raise_()\n")
    assert len(await editor.problems(URI, 1)) == 1
    assert editor.messages == []


async def test_a_version_that_comes_twice_is_not_thrown_away(editor: Editor) -> None:
    await editor.begin(JUPYTER)
    editor.open(URI, "a = shape(2)\n", version=0)
    assert await editor.problems(URI, 0) == []
    editor.rewrite(URI, 0, "raise_()\n")
    await editor.until(lambda: editor.published[URI][-1].diagnostics)


async def test_the_language_decides_and_not_the_name(editor: Editor) -> None:
    await editor.begin(JUPYTER)
    editor.open("file:///nowhere/.virtual_documents/nb.ipynb", "raise_()\n")
    assert len(await editor.problems("file:///nowhere/.virtual_documents/nb.ipynb", 1)) == 1
    editor.open("untitled:Untitled-1", "raise_()\n")
    assert len(await editor.problems("untitled:Untitled-1", 1)) == 1
    editor.open("file:///nowhere/x.toml", "raise_()\n", language="toml")
    editor.open(URI, "raise_()\n")
    await editor.problems(URI, 1)
    assert "file:///nowhere/x.toml" not in editor.published


async def test_closing_clears_what_was_pushed(editor: Editor) -> None:
    await editor.begin(EMACS)
    editor.open(URI, "raise_()\n")
    assert len(await editor.problems(URI, 1)) == 1
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI)))
    await editor.until(lambda: len(editor.published[URI]) == 2)
    assert editor.published[URI][-1].diagnostics == ()


async def test_opening_again_starts_afresh(editor: Editor) -> None:
    await editor.begin(VSCODE)
    editor.open(URI, "raise_()\n")
    assert len((await editor.pull(URI)).items) == 1
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI)))
    assert (await editor.pull(URI)).items == ()
    editor.open(URI, "\nraise_()\nraise_()\n")
    assert len((await editor.pull(URI)).items) == 2


async def test_a_pull_that_would_say_the_same_says_unchanged(editor: Editor) -> None:
    await editor.begin(VSCODE)
    editor.open(URI, "raise_()\n")
    first = await editor.pull(URI)
    assert first.kind == "full"
    assert (await editor.pull(URI, first.result_id)).kind == "unchanged"
    editor.replace(URI, 2, 8, 8, "  # the same")
    assert (await editor.pull(URI, first.result_id)).kind == "unchanged"
    editor.replace(URI, 3, 0, 0, "\n")
    moved = await editor.pull(URI, first.result_id)
    assert moved.kind == "full"
    assert moved.result_id != first.result_id
    assert [d.range.start.line for d in moved.items] == [1]


async def test_nothing_is_reported_twice(editor: Editor) -> None:
    await editor.begin(VSCODE)
    editor.open(URI, "raise_()\n")
    assert len((await editor.pull(URI)).items) == 1
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI)))
    await editor.pull(URI)
    assert editor.published == {}


async def test_dependents_are_pushed_again(editor: Editor) -> None:
    other = "file:///nowhere/b.py"
    await editor.begin(EMACS)
    editor.open(other, "\n")
    await editor.problems(other, 1)
    editor.open(URI, f"a = shape(1, ) #uses {other}\nraise_()\n")
    await editor.problems(URI, 1)
    before = len(editor.published[URI])
    editor.rewrite(other, 2, "\n\n\n")
    await editor.until(lambda: len(editor.published[URI]) > before)
    assert editor.published[URI][-1].version == 1


async def test_a_client_that_can_is_told_to_pull_again(editor: Editor) -> None:
    other = "file:///nowhere/b.py"
    await editor.begin(VSCODE)
    editor.open(other, "\n")
    await editor.pull(other)
    editor.open(URI, f"a = shape(1, ) #uses {other}\n")
    await editor.pull(URI)
    (hint,) = await editor.hints(URI)
    assert label(hint) == ": (1, 1)"
    editor.rewrite(other, 2, "\n\n\n")
    asked = {types.WORKSPACE_DIAGNOSTIC_REFRESH, types.WORKSPACE_INLAY_HINT_REFRESH}
    await editor.until(lambda: asked <= {method for method, _ in editor.requests})
    (hint,) = await editor.hints(URI)
    assert label(hint) == ": (1, 3)"


async def test_hints_come_at_once_and_move_along(editor: Editor) -> None:
    """While the analysis of the newest text runs, the last hints are shown where they belong by now."""
    other = "file:///nowhere/b.py"
    await editor.begin(VSCODE)
    editor.open(URI, f"a = shape(1, ) #uses {other}\nbb = shape(2, ) #uses {other}\nc = shape(3, ) #uses {other}\n")
    assert [(h.position.line, label(h)) for h in await editor.hints(URI)] == [
        (0, ": (1, 0)"),
        (1, ": (2, 0)"),
        (2, ": (3, 0)"),
    ]
    editor.replace(URI, 2, 0, 0, "#slow\n")
    editor.replace(URI, 3, (at := editor.texts[URI].index("bb")), at + 1, "")
    moved = await editor.hints(URI)
    assert [(h.position.line, label(h)) for h in moved] == [(1, ": (1, 0)"), (3, ": (3, 0)")]
    editor.replace(URI, 4, 0, 6, "")
    await editor.until(lambda: any(method == types.WORKSPACE_INLAY_HINT_REFRESH for method, _ in editor.requests))
    assert [(h.position.line, label(h)) for h in await editor.hints(URI)] == [
        (0, ": (1, 0)"),
        (1, ": (2, 0)"),
        (2, ": (3, 0)"),
    ]


async def test_hints_that_are_right_are_not_asked_for_again(editor: Editor) -> None:
    await editor.begin(VSCODE)
    editor.open(URI, f"a = shape(1, ) #uses {URI}\n")
    for version in range(2, 6):
        assert len(await editor.hints(URI)) == 1
        editor.replace(URI, version, 0, 0, "\n")
        await editor.pull(URI)
    assert types.WORKSPACE_INLAY_HINT_REFRESH not in {method for method, _ in editor.requests}


@pytest.mark.parametrize(
    ("options", "label_", "character"),
    [
        ({"placement": "endOfLine"}, "(2, 3, 1)", 0),
        ({"maxLength": 6}, ": (2,…", 1),
        ({"variables": False}, "", 0),
        ({"enabled": False}, "", 0),
    ],
)
async def test_where_and_how_long_hints_are(editor: Editor, options: dict, label_: str, character: int) -> None:
    editor.set_configuration({"inlayHints": options}, section="shapelens")
    await editor.begin(VSCODE)
    editor.open(URI, f"a = shape(2, 3) #uses {URI}\n")
    found = [(label(hint), hint.position.character) for hint in await editor.hints(URI)]
    line = editor.texts[URI].index("\n")
    assert found == ([(label_, line if options.get("placement") else character)] if label_ else [])


async def test_visible_lines_only(editor: Editor) -> None:
    await editor.begin(VSCODE)
    editor.open(URI, "".join(f"v{n} = shape({n},) #uses {URI}\n" for n in range(100)))
    await editor.pull(URI)
    found = await editor.hints(URI, 10, 13)
    assert {h.position.line for h in found} <= {10, 11, 12, 13}
    assert len(found) >= 3


@pytest.mark.parametrize("client", [NEOVIM, VSCODE, EMACS])
async def test_the_server_has_the_text_of_the_client(editor: Editor, client: str) -> None:
    """Random edits of a text with everything that is no end of a line, in all three units."""
    await editor.begin(client)
    assert editor.encoding == {NEOVIM: "utf-8", VSCODE: "utf-16", EMACS: "utf-32"}[client]
    choose = random.Random(client)
    pieces = ["a", "é", "😀", "\n", "\r\n", "\r", "\x0c", "\x0b", "\x1c", "\u2028", "\x85", "x = 1"]
    editor.open(URI, "".join(choose.choices(pieces, k=60)))
    for version in range(2, 120):
        text = editor.texts[URI]
        places = [n for n in range(len(text) + 1) if n == 0 or text[n - 1 : n + 1] != "\r\n"]
        start = choose.choice(places)
        end = choose.choice([n for n in places if start <= n <= start + 6])
        editor.replace(URI, version, start, end, "".join(choose.choices(pieces, k=choose.randrange(4))))
        if version % 10 == 0:
            assert await editor.protocol.send_request_async("scripted/text", {"uri": URI}) == editor.texts[URI]


async def test_positions_in_units_of_the_client(editor: Editor) -> None:
    await editor.begin(NEOVIM)
    editor.open(URI, "\x0c\u2028\r\né = '😀'; raise_()\n")
    (found,) = await editor.problems(URI, 1)
    assert editor.shown(URI, found.range) == "raise_()"


async def test_settings_are_asked_for_and_asked_for_again(editor: Editor) -> None:
    editor.set_configuration({"rules": {"not-positive": "hint"}}, section="shapelens")
    await editor.begin(VSCODE)
    editor.open(URI, "raise_()\n")
    (found,) = (await editor.pull(URI)).items
    assert found.severity == types.DiagnosticSeverity.Hint
    editor.set_configuration({"rules": {"not-positive": "ignore"}}, section="shapelens")
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
    await editor.until(lambda: any(m == types.WORKSPACE_DIAGNOSTIC_REFRESH for m, _ in editor.requests))
    assert (await editor.pull(URI)).items == ()


async def test_settings_that_are_pushed(editor: Editor) -> None:
    await editor.begin(JUPYTER)
    editor.open(URI, "raise_()\n")
    await editor.problems(URI, 1)
    settings = {"shapelens": {"rules": {"not-positive": "warn"}, "backend": "jax"}}
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    await editor.until(lambda: editor.published[URI][-1].diagnostics[0].severity == types.DiagnosticSeverity.Warning)
    await editor.until(lambda: any("backend jax" in m.message for m in editor.log_messages))


async def test_settings_of_the_initialize_request(editor: Editor) -> None:
    await editor.begin(EMACS, initialization_options={"diagnosticMode": "off"})
    editor.open(URI, "raise_()\n")
    assert await editor.problems(URI, 1) == []


async def test_a_configuration_file_and_its_mistakes(editor: Editor, tmp_path: Path) -> None:
    config = tmp_path / "pyproject.toml"
    config.write_text("[tool.shapelens]\ncolour = 1\n\n[tool.shapelens.rules]\nnot-positive = 'warn'\n")
    uri = (tmp_path / "a.py").as_uri()
    await editor.begin(VSCODE)
    editor.open(uri, "raise_()\n")
    (found,) = (await editor.pull(uri)).items
    assert found.severity == types.DiagnosticSeverity.Warning
    (complaint,) = (await editor.until(lambda: editor.published.get(config.as_uri())))[-1].diagnostics
    assert complaint.message == "unknown setting 'colour'"
    assert complaint.severity == types.DiagnosticSeverity.Warning
    assert complaint.range == types.Range(types.Position(1, 0), types.Position(1, 10))
    assert editor.messages == []

    config.write_text("[tool.shapelens.rules]\nnot-positive = 'ignore'\n")
    editor.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams([types.FileEvent(config.as_uri(), types.FileChangeType.Changed)])
    )
    await editor.until(lambda: editor.published[config.as_uri()][-1].diagnostics == ())
    assert (await editor.pull(uri)).items == ()


async def test_a_rule_that_does_not_exist(editor: Editor, tmp_path: Path) -> None:
    config, uri = tmp_path / "shapelens.toml", (tmp_path / "a.py").as_uri()
    config.write_text("[rules]\nnot-positive = 'warn'\nnot-negative = 'warn'\n")
    await editor.begin(HELIX)
    editor.open(uri, "raise_()\n")
    (complaint,) = (await editor.until(lambda: editor.published.get(config.as_uri())))[-1].diagnostics
    assert complaint.message == "no problem is called 'not-negative'"
    assert complaint.range.start == types.Position(2, 0)


async def test_what_a_bug_report_needs(editor: Editor) -> None:
    await editor.begin(NEOVIM)
    editor.open(URI, "raise_()\n")
    await editor.pull(URI)
    text = await editor.workspace_execute_command_async(types.ExecuteCommandParams("shapelens.debugInformation"))
    assert "Neovim 0.12.4" in text
    assert "scripted, backend default" in text
    assert f"document {URI}: version 1, 2 lines, analysed" in text


async def test_a_client_that_watches_nothing_needs_only_save(editor: Editor, tmp_path: Path) -> None:
    config, uri = tmp_path / "shapelens.toml", (tmp_path / "a.py").as_uri()
    await editor.begin(JUPYTER)
    editor.open(uri, "raise_()\n")
    assert len(await editor.problems(uri, 1)) == 1
    config.write_text("rules = {not-positive = 'ignore'}\n")
    editor.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))
    await editor.until(lambda: editor.published[uri][-1].diagnostics == ())


async def test_editor_settings_win_over_files(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "shapelens.toml").write_text("rules = {not-positive = 'hint'}\n")
    uri = (tmp_path / "a.py").as_uri()
    editor.set_configuration({"rules": {"not-positive": "info"}}, section="shapelens")
    await editor.begin(VSCODE)
    editor.open(uri, "raise_()\n")
    (found,) = (await editor.pull(uri)).items
    assert found.severity == types.DiagnosticSeverity.Information


async def test_changes_before_the_first_result_are_not_lost(editor: Editor) -> None:
    await editor.begin(VSCODE)
    editor.open(URI, "#slow\na = shape(2, 3)\nraise_()\n")
    editor.replace(URI, 2, 0, 0, "\n\n")
    editor.replace(URI, 3, 2, 7, "")
    (found,) = (await editor.pull(URI)).items
    assert editor.shown(URI, found.range) == "raise_()"


async def test_excluded_files_are_left_alone(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "shapelens.toml").write_text("exclude = ['generated']\n")
    await editor.begin(VSCODE)
    for folder, count in (("generated", 0), ("kept", 1)):
        uri = (tmp_path / folder / "a.py").as_uri()
        editor.open(uri, "raise_()\n")
        assert len((await editor.pull(uri)).items) == count
