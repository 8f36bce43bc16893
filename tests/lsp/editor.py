"""An editor for tests: a client with the capabilities of a real one, and a text of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from lsprotocol import converters, types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CLIENTS = sorted((HERE / "clients").glob("*.json"))
SERVER = [sys.executable, "-m", "shapelens", "server"]
SCRIPTED = [sys.executable, str(HERE / "scripted_server.py")]
PATIENCE = 60  # seconds; a server that hangs fails the test
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "server"), str(ROOT)])}


class Editor(LanguageClient):
    """A client that remembers what the server said, and can wait for more."""

    published: dict[str, list[types.PublishDiagnosticsParams]]
    raw: dict[str, Any]
    answer: types.InitializeResult
    requests: list[tuple[str, Any]]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.published, self.requests, self.texts = {}, [], {}
        self._news = asyncio.Event()

    async def begin(self, name: str, experimental: Any = None, **more: Any) -> types.InitializeResult:
        """Introduce ourselves as one of the recorded clients."""
        record = json.loads((HERE / "clients" / f"{name}.json").read_text())
        self.raw = record["capabilities"]
        info = record.get("clientInfo")
        capabilities = converters.get_converter().structure(self.raw, types.ClientCapabilities)
        capabilities.experimental = experimental
        params = types.InitializeParams(
            capabilities=capabilities, client_info=types.ClientInfo(**info) if info else None, **more
        )
        self.answer = await self.initialize_session(params)
        return self.answer

    @property
    def encoding(self) -> str:
        return str(
            getattr(self.answer.capabilities.position_encoding, "value", None)
            or self.answer.capabilities.position_encoding
            or "utf-16"
        )

    def open(self, uri: str, text: str, version: int = 1, language: str = "python") -> None:
        self.texts[uri] = text
        self.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, language, version, text))
        )

    def edit(self, uri: str, version: int, *changes: types.TextDocumentContentChangeEvent) -> None:
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(version, uri), list(changes))
        )

    def rewrite(self, uri: str, version: int, text: str) -> None:
        """Send the whole text."""
        self.texts[uri] = text
        self.edit(uri, version, types.TextDocumentContentChangeWholeDocument(text))

    def replace(self, uri: str, version: int, start: int, end: int, new: str) -> None:
        """Send an edit of a stretch of our text, in the units that were agreed on."""
        old = self.texts[uri]
        self.texts[uri] = old[:start] + new + old[end:]
        where = types.Range(position(old, start, self.encoding), position(old, end, self.encoding))
        self.edit(uri, version, types.TextDocumentContentChangePartial(where, new))

    async def until(self, true: Any) -> Any:
        """Wait until something that the server says makes it true."""
        while not (result := true()):
            await asyncio.wait_for(self._news.wait(), PATIENCE)
            self._news.clear()
        return result

    def heard(self) -> None:
        self._news.set()

    async def problems(self, uri: str, version: int) -> list[types.Diagnostic]:
        """The diagnostics of that version of a document, pulled or pushed as was agreed."""
        if self.answer.capabilities.diagnostic_provider is not None:
            report = await self.pull(uri)
            return list(report.items)
        said = await self.until(lambda: [p for p in self.published.get(uri, ()) if p.version == version])
        return list(said[-1].diagnostics)

    async def pull(self, uri: str, previous: str | None = None) -> Any:
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), previous_result_id=previous)
        return await asyncio.wait_for(self.text_document_diagnostic_async(params), PATIENCE)

    async def hover(self, uri: str, offset: int) -> types.Hover | None:
        where = position(self.texts[uri], offset, self.encoding)
        return await self.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(uri), where))

    async def hover_at(self, uri: str) -> types.Hover | None:
        """A hover at the start of a document that we may not have."""
        return await self.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(0, 0))
        )

    async def hints(self, uri: str, first: int = 0, last: int = 9999) -> list[types.InlayHint]:
        whole = types.Range(types.Position(first, 0), types.Position(last, 0))
        return list(
            await self.text_document_inlay_hint_async(types.InlayHintParams(types.TextDocumentIdentifier(uri), whole))
            or ()
        )

    async def resolve(self, hint: types.InlayHint) -> types.InlayHint:
        return await self.inlay_hint_resolve_async(hint)

    async def actions(self, uri: str, diagnostic: types.Diagnostic) -> list[types.CodeAction]:
        context = types.CodeActionContext([diagnostic], only=[types.CodeActionKind.QuickFix])
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), diagnostic.range, context)
        return list(await self.text_document_code_action_async(params) or ())

    def apply(self, uri: str, version: int, action: types.CodeAction) -> None:
        """Do what a code action says, and tell the server, as one change."""
        assert action.edit is not None
        if action.edit.document_changes:
            (change,) = action.edit.document_changes
            assert change.text_document.uri == uri
            edits = change.edits
        else:
            edits = (action.edit.changes or {})[uri]
        text = self.texts[uri]
        for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
            start, end = (offset(text, at, self.encoding) for at in (edit.range.start, edit.range.end))
            text = text[:start] + edit.new_text + text[end:]
        self.rewrite(uri, version, text)

    def range_of(self, uri: str, start: int, end: int) -> types.Range:
        """A stretch of our text, in the units that were agreed on."""
        text = self.texts[uri]
        return types.Range(position(text, start, self.encoding), position(text, end, self.encoding))

    def shown(self, uri: str, range: types.Range) -> str:
        """The text under a range that the server sent."""
        text = self.texts[uri]
        return text[offset(text, range.start, self.encoding) : offset(text, range.end, self.encoding)]


def make_editor() -> Editor:
    """An editor with handlers for everything that the server may send."""
    editor = Editor(converter_factory=default_converter)
    handlers = {**DEFAULT_CLIENT_FEATURES}

    def publish(ls: Editor, params: types.PublishDiagnosticsParams) -> None:
        ls.published.setdefault(params.uri, []).append(params)
        ls.heard()

    def log(ls: Editor, params: types.LogMessageParams) -> None:
        ls.log_messages.append(params)
        ls.heard()

    def request(method: str) -> Any:
        def handle(ls: Editor, params: Any) -> None:
            ls.requests.append((method, params))
            ls.heard()

        return handle

    handlers[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = publish
    handlers[types.WINDOW_LOG_MESSAGE] = log
    for method in (
        types.WORKSPACE_INLAY_HINT_REFRESH,
        types.WORKSPACE_DIAGNOSTIC_REFRESH,
        types.CLIENT_REGISTER_CAPABILITY,
    ):
        handlers[method] = request(method)
    register_lsp_features(editor, handlers)
    return editor


def label(hint: types.InlayHint) -> str:
    """The text of a hint, whether it came whole or in parts."""
    return hint.label if isinstance(hint.label, str) else "".join(part.value for part in hint.label)


def units(text: str, encoding: str) -> int:
    """How long a text is for a client."""
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    return len(text.encode(encoding if width == 1 else f"{encoding}-le")) // width


def position(text: str, at: int, encoding: str) -> types.Position:
    """Where a client says that an index into the text is (a line ends with CR LF, CR or LF, nothing else)."""
    line, start, index = 0, 0, 0
    while index < at:
        index += 2 if text.startswith("\r\n", index) and index + 2 <= at else 1
        if text[index - 1] in "\r\n" and not (text[index - 1] == "\r" and text[index : index + 1] == "\n"):
            line, start = line + 1, index
    return types.Position(line, units(text[start:at], encoding))


def offset(text: str, at: types.Position, encoding: str) -> int:
    """The index into the text of a client's position, found by trying all."""
    for index in range(len(text) + 1):
        if position(text, index, encoding) == at:
            return index
    raise AssertionError(f"{at} is no place in the text")
