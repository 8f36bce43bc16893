"""The real server and engine, as every real client sees them."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import pytest
import pytest_lsp
from lsp.editor import CLIENTS, ENVIRONMENT, SERVER, Editor, label, make_editor
from lsprotocol import types
from pytest_lsp import ClientServerConfig

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("lsp")]

SOURCE = """from keras import Input, layers

x = Input((28, 30, 3), batch_size=1)  # 😀
y = layers.Conv2D(8, 3)(x)
z = layers.Conv2D(8, 33, name="é😀")(y)
"""
CODE = "window-too-big"
TEXT = (
    "ValueError: Computed output size would be zero or negative. Received `inputs shape=(1, 26, 28, 8)`, "
    "`kernel shape=(33, 33, 8, 8)`, `dilation_rate=[1 1]`, `strides=(1, 1)`, `padding=valid`."
)
DIAGNOSTIC_KEYS = {
    "related_information": "relatedInformation",
    "code_description": "codeDescriptionSupport",
}


@pytest_lsp.fixture(
    scope="module",
    params=[path.stem for path in CLIENTS],
    config=ClientServerConfig(
        [*SERVER, "--stdio", "--clientProcessId=1"], client_factory=make_editor, server_env=ENVIRONMENT
    ),
)
async def editor(request: pytest.FixtureRequest, lsp_client: Editor):
    lsp_client.set_configuration({"documentation": "https://example.org/problems/"}, section="shapelens")
    await lsp_client.begin(request.param)
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return (tmp_path / "model.py").as_uri()


def shows(editor: Editor, what: str) -> bool:
    """Whether the client declares that it shows this part of a diagnostic."""
    text = editor.raw["textDocument"]
    return any(text.get(kind, {}).get(what) for kind in ("publishDiagnostics", "diagnostic"))


async def test_the_initialize_answer_fits_the_client(editor: Editor) -> None:
    capabilities, text = editor.answer.capabilities, editor.raw["textDocument"]
    assert editor.encoding in editor.raw.get("general", {}).get("positionEncodings", ["utf-16"])
    assert (capabilities.diagnostic_provider is not None) == ("diagnostic" in text)
    assert (capabilities.notebook_document_sync is not None) == ("notebookDocument" in editor.raw)
    assert capabilities.hover_provider
    assert (capabilities.inlay_hint_provider is not None) == ("inlayHint" in text)
    assert editor.answer.server_info.name == "shapelens"


async def test_only_what_the_client_can_register_is_registered(editor: Editor, uri: str) -> None:
    workspace = editor.raw.get("workspace", {})
    wanted = {
        types.WORKSPACE_DID_CHANGE_CONFIGURATION: workspace.get("didChangeConfiguration", {}).get(
            "dynamicRegistration"
        ),
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES: workspace.get("didChangeWatchedFiles", {}).get("dynamicRegistration"),
    }
    expected = {method for method, dynamic in wanted.items() if dynamic}

    def registered() -> set[str]:
        requests = [params for method, params in editor.requests if method == types.CLIENT_REGISTER_CAPABILITY]
        return {one.method for params in requests for one in params.registrations}

    if expected:
        await editor.until(lambda: registered())
    assert registered() == expected


async def test_a_problem_with_the_frameworks_own_words(editor: Editor, uri: str) -> None:
    editor.open(uri, SOURCE, version=7)
    (found,) = await editor.problems(uri, 7)
    assert found.code == CODE
    assert found.source == "shapelens"
    assert found.severity == types.DiagnosticSeverity.Error
    assert found.tags is None
    assert editor.shown(uri, found.range) in SOURCE.splitlines()[4]
    reason, blank, *exception = found.message.split("\n")
    assert "33" in reason
    assert "line 4" in reason, "without related places the text must tell where the numbers come from"
    assert blank == ""
    assert "\n".join(exception) == TEXT
    assert (found.code_description is not None) == shows(editor, "codeDescriptionSupport")
    if found.code_description is not None:
        assert found.code_description.href == f"https://example.org/problems/{CODE}"
    assert (found.related_information is not None) == shows(editor, "relatedInformation")
    for related in found.related_information or ():
        assert related.location.uri == uri
        assert editor.shown(uri, related.location.range) in SOURCE
    assert (uri in editor.published) == (editor.answer.capabilities.diagnostic_provider is None)


async def test_the_hover_card(editor: Editor, uri: str) -> None:
    editor.open(uri, SOURCE)
    card = await editor.hover(uri, SOURCE.index("y = layers"))
    assert card is not None
    assert isinstance(card.contents, types.MarkupContent)
    assert card.contents.kind in editor.raw["textDocument"]["hover"]["contentFormat"]
    words = card.contents.value
    if card.contents.kind == types.MarkupKind.Markdown:
        assert words.startswith("```text\n")
        assert words.endswith("\n```")
    else:
        assert "```" not in words
    assert "y: (1, 26, 28, 8)" in words
    assert "Conv2D" in words
    assert "|" not in words
    assert card.range is not None
    assert editor.shown(uri, card.range) == "y"


async def test_a_hover_at_a_problem_tells_the_reason(editor: Editor, uri: str) -> None:
    editor.open(uri, SOURCE)
    card = await editor.hover(uri, SOURCE.index("z = layers") + len("z = lay"))
    assert card is None or isinstance(card.contents, types.MarkupContent)
    card = await editor.hover(uri, SOURCE.rindex("(y)") + 1)
    assert card is not None
    assert isinstance(card.contents, types.MarkupContent)
    assert "(1, 26, 28, 8)" in card.contents.value


async def test_hints_beside_names(editor: Editor, uri: str) -> None:
    editor.open(uri, SOURCE)
    if editor.answer.capabilities.inlay_hint_provider is None:
        pytest.skip("the client has no inlay hints")
    found = {hint.position.line: hint for hint in await editor.hints(uri)}
    assert label(found[3]) == ": (1, 26, 28, 8)"
    assert found[3].position == types.Position(3, 1)
    assert found[3].kind == types.InlayHintKind.Type
    details = editor.raw["textDocument"]["inlayHint"].get("resolveSupport", {}).get("properties", [])
    assert (found[3].tooltip is None) == ("tooltip" in details)
    assert isinstance(found[3].label, str) == ("label.location" not in details)
    whole = await editor.resolve(found[3]) if "tooltip" in details else found[3]
    assert "(1, 26, 28, 8)  float32" in str(whole.tooltip)
    if "tooltip" in details:
        assert "height: 28 from Input, line 3 → 26 Conv2D, line 4" in str(whole.tooltip)
    if "label.location" in details:
        places = {part.value: part.location for part in whole.label if part.location}
        assert {value: editor.shown(uri, place.range) for value, place in places.items()} == {
            "1": "Input((28, 30, 3), batch_size=1)",
            "26": "layers.Conv2D(8, 3)(x)",
            "28": "layers.Conv2D(8, 3)(x)",
            "8": "layers.Conv2D(8, 3)(x)",
        }
    assert [hint.position.line for hint in await editor.hints(uri, 3, 4)] == [3]


async def test_a_fix_removes_the_problem(editor: Editor, uri: str) -> None:
    editor.open(uri, SOURCE)
    (found,) = await editor.problems(uri, 1)
    if "codeAction" not in editor.raw["textDocument"]:
        assert editor.answer.capabilities.code_action_provider is None
        pytest.skip("the client has no code actions")
    actions = await editor.actions(uri, found)
    assert actions
    assert {action.kind for action in actions} == {types.CodeActionKind.QuickFix}
    assert all([d.range for d in action.diagnostics or ()] == [found.range] for action in actions)
    assert sum(bool(action.is_preferred) for action in actions) <= 1
    for version, action in enumerate(actions, 2):
        editor.rewrite(uri, 2 * version, SOURCE)
        assert len(await editor.problems(uri, 2 * version)) == 1
        editor.apply(uri, 2 * version + 1, action)
        assert editor.texts[uri] != SOURCE
        assert await editor.problems(uri, 2 * version + 1) == [], action.title


async def test_a_problem_can_be_ignored_and_an_idle_comment_fades(editor: Editor, uri: str) -> None:
    if editor.answer.capabilities.code_action_provider is None:
        pytest.skip("the client has no code actions")
    editor.open(uri, SOURCE)
    (found,) = await editor.problems(uri, 1)
    *_, ignore = await editor.actions(uri, found)
    assert ignore.title == f"Ignore {CODE} on this line"
    assert not ignore.is_preferred
    editor.apply(uri, 2, ignore)
    assert editor.texts[uri].endswith(f"(y)  # shapelens: ignore[{CODE}]\n")
    assert await editor.problems(uri, 2) == []

    at = editor.texts[uri].index("33")
    editor.replace(uri, 3, at, at + 2, "3")
    (idle,) = await editor.problems(uri, 3)
    assert idle.code == "unused-ignore"
    assert idle.severity == types.DiagnosticSeverity.Warning
    assert editor.shown(uri, idle.range) == f"# shapelens: ignore[{CODE}]"
    fades = any(
        types.DiagnosticTag.Unnecessary
        in editor.raw["textDocument"].get(kind, {}).get("tagSupport", {}).get("valueSet", ())
        for kind in ("publishDiagnostics", "diagnostic")
    )
    assert idle.tags == ((types.DiagnosticTag.Unnecessary,) if fades else None)
    (remove,) = await editor.actions(uri, idle)
    editor.apply(uri, 4, remove)
    assert editor.texts[uri] == SOURCE.replace("33", "3")
    assert await editor.problems(uri, 4) == []


async def test_the_page_of_a_problem_can_be_opened(editor: Editor, uri: str) -> None:
    if editor.answer.capabilities.code_action_provider is None:
        pytest.skip("the client has no code actions")
    editor.open(uri, SOURCE)
    (found,) = await editor.problems(uri, 1)
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), found.range, types.CodeActionContext([found]))
    offered = await editor.text_document_code_action_async(params) or ()
    commands = [ast.literal_eval(one.command) for one in offered if isinstance(one, types.Command)]  # so it is read
    shows = editor.raw.get("window", {}).get("showDocument", {}).get("support", False)
    assert [command["title"] for command in commands] == [f"Open the page about {CODE}"] * shows
    for command in commands:
        params = types.ExecuteCommandParams(command["command"], command["arguments"])
        await editor.workspace_execute_command_async(params)
        assert [shown.uri for shown in editor.shown_documents] == [f"https://example.org/problems/{CODE}"]
        editor.shown_documents.clear()


async def test_the_shape_of_what_is_not_known_can_be_stated(editor: Editor, uri: str) -> None:
    if editor.answer.capabilities.code_action_provider is None:
        pytest.skip("the client has no code actions")
    text = "import mystery\n" + SOURCE.replace("Input((28, 30, 3), batch_size=1)", "mystery.load()")
    editor.open(uri, text.replace("  # 😀", ""))
    at = types.Range(types.Position(3, 0), types.Position(3, 0))
    context = types.CodeActionContext([])
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), at, context)
    (action,) = await editor.text_document_code_action_async(params) or ()
    assert isinstance(action, types.CodeAction)
    assert action.title == "State the shape of x: (batch, height, width, channels)"
    assert action.kind == types.CodeActionKind.RefactorRewrite
    editor.apply(uri, 2, action)
    card = await editor.hover(uri, editor.texts[uri].index("x = "))
    assert card is not None
    assert "x: (batch, height, width, channels)" in str(card.contents)


async def test_other_kinds_of_actions_are_not_ours(editor: Editor, uri: str) -> None:
    if editor.answer.capabilities.code_action_provider is None:
        pytest.skip("the client has no code actions")
    editor.open(uri, SOURCE)
    (found,) = await editor.problems(uri, 1)
    context = types.CodeActionContext([found], only=[types.CodeActionKind.SourceOrganizeImports])
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), found.range, context)
    assert not await editor.text_document_code_action_async(params)


async def test_edits_reach_the_engine(editor: Editor, uri: str) -> None:
    """Characters that are no line ends, line ends of three kinds, and characters of two units."""
    text = SOURCE.replace("\n", "\r\n").replace("# 😀", "# 😀\x0c\u2028é")
    editor.open(uri, text)
    (found,) = await editor.problems(uri, 1)
    assert found.range.start.line == 4
    at = editor.texts[uri].index("33")
    editor.replace(uri, 2, at, at + 2, "5")
    assert await editor.problems(uri, 2) == []
    editor.replace(uri, 3, 0, 0, "# 😀\r")
    at = editor.texts[uri].index('"é😀"')
    editor.replace(uri, 4, at, at + 4, '"é😀"')
    at = editor.texts[uri].index("5, name")
    editor.replace(uri, 5, at, at + 1, "77")
    (found,) = await editor.problems(uri, 5)
    assert found.range.start.line == 5
    assert editor.shown(uri, found.range) in ("77", "y")


async def test_typing_with_questions_in_between(editor: Editor, uri: str) -> None:
    """Every text on the way is broken or half done; what is known at the end does not depend on it."""
    editor.open(uri, "")
    questions = []
    version = 1
    for at in range(0, len(SOURCE), 3):
        version += 1
        editor.replace(uri, version, at, at, SOURCE[at : at + 3])
        if at % 4 == 0:
            questions.append(asyncio.ensure_future(editor.hover(uri, at)))
        elif at % 4 == 1 and editor.answer.capabilities.inlay_hint_provider is not None:
            questions.append(asyncio.ensure_future(editor.hints(uri)))
        elif at % 4 == 2:
            await editor.hover(uri, 0)
    await asyncio.gather(*questions)
    (found,) = await editor.problems(uri, version)
    assert found.code == CODE
    assert TEXT in found.message


async def test_closing_leaves_nothing_behind(editor: Editor, uri: str) -> None:
    editor.open(uri, SOURCE)
    assert len(await editor.problems(uri, 1)) == 1
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    if editor.answer.capabilities.diagnostic_provider is None:
        await editor.until(lambda: len(editor.published[uri]) == 2)
        assert editor.published[uri][-1].diagnostics == ()
    else:
        assert (await editor.pull(uri)).items == ()
    assert await editor.hover(uri, SOURCE.index("y = layers")) is None


async def test_a_change_in_another_open_file_arrives(editor: Editor, tmp_path: Path) -> None:
    library, script = tmp_path / "library.py", tmp_path / "script.py"
    library.write_text("SIZE = 3\n")
    script.write_text(text := SOURCE.replace("33", "SIZE") + "from keras import ops\n")
    text = "from library import SIZE\n" + text
    editor.open(library.as_uri(), "SIZE = 3\n")
    editor.open(script.as_uri(), text)
    assert await editor.problems(script.as_uri(), 1) == []
    editor.rewrite(library.as_uri(), 2, "SIZE = 33\n")
    await editor.problems(library.as_uri(), 2)
    if editor.answer.capabilities.diagnostic_provider is None:
        await editor.until(lambda: editor.published[script.as_uri()][-1].diagnostics)
    else:
        assert len(await editor.problems(script.as_uri(), 1)) == 1


async def test_an_import_that_has_to_be_looked_up(editor: Editor, tmp_path: Path) -> None:
    """Only jedi follows a changed ``sys.path``; the answer comes later, and reaches every client."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "sizes.py").write_text("SIZE = 33\n")
    uri = (tmp_path / "script.py").as_uri()
    text = "import os, sys\nsys.path.append(os.path.join(os.path.dirname(__file__), 'lib'))\nfrom sizes import SIZE\n"
    editor.open(uri, text + SOURCE.replace("33", "SIZE"))
    if editor.answer.capabilities.diagnostic_provider is None:
        await editor.until(lambda: uri in editor.published and editor.published[uri][-1].diagnostics)
    elif not await editor.problems(uri, 1):
        assert editor.raw["workspace"]["diagnostics"]["refreshSupport"], "this client cannot be told later"
        seen = len(editor.requests)
        while not await editor.problems(uri, 1):
            await editor.until(lambda known=seen: len(editor.requests) > known)
            seen = len(editor.requests)


async def test_nobody_was_nagged(editor: Editor) -> None:
    assert editor.messages == []
