"""Diagnostics: pulled by clients that can, pushed to the others, never both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from .. import judging, to_lsp
from ..guard import answers
from ..positions import SpanLike, Text
from ..projects import path_of

if TYPE_CHECKING:
    from ..documents import Document
    from ..server import Server
    from ..session import Session
    from ..settings import ConfigFile


def register(server: Server, session: Session) -> None:
    """Report problems in the way that the client wants."""
    if session.client.pull:
        _register_pull(server, session)
    else:
        _register_push(server, session)
    _register_config(server, session)


def _register_push(server: Server, session: Session) -> None:
    def publish(document: Document, unasked: bool) -> None:
        analysed = document.analysed
        if analysed is not None:
            items = _items(session, document, moved=False)
            server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(document.uri, items, version=analysed.version)
            )

    def clear(document: Document) -> None:
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(document.uri, []))

    session.listeners.append(publish)
    session.on_close.append(clear)


def _register_pull(server: Server, session: Session) -> None:
    options = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier="shapelens")
    numbers = iter(range(1, 1 << 62))

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
    @answers(lambda: types.RelatedFullDocumentDiagnosticReport([]))
    async def pull(params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        later = session.client.diagnostic_refresh
        document = await (session.settled if later else session.complete)(params.text_document.uri)
        if document is None:
            return types.RelatedFullDocumentDiagnosticReport([])
        items = _items(session, document, moved=True)
        if document.reported is not None and document.reported[1] == items:
            name = document.reported[0]
            if params.previous_result_id == name:
                return types.RelatedUnchangedDocumentDiagnosticReport(name)
        else:
            name = str(next(numbers))
            document.reported = name, items
        return types.RelatedFullDocumentDiagnosticReport(items, result_id=name)

    if session.client.diagnostic_refresh:
        refresh = Once(session, lambda: server.workspace_diagnostic_refresh_async(None))
        session.listeners.append(lambda document, unasked: refresh.soon() if unasked else None)


def _register_config(server: Server, session: Session) -> None:
    """Mistakes in configuration files are pushed: nobody opens these files to pull something."""
    shown: set[str] = set()

    async def work(config: ConfigFile | None, path: Path) -> None:
        uri = path.as_uri()
        found: list[types.Diagnostic] = []
        if config is not None:
            found = await session.answers.run(lambda: to_lsp.complaints(config, session.client))
        if found or uri in shown:
            server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found))
        (shown.add if found else shown.discard)(uri)

    def tell(config: ConfigFile | None, path: Path) -> None:
        session.spawn(work(config, path))

    session.on_config.append(tell)


def _items(session: Session, document: Document, moved: bool) -> list[types.Diagnostic]:
    """The diagnostics of the last result; ``moved``: where they are in the newest text."""
    analysed = document.analysed
    options = session.options(document.uri)
    if analysed is None or options.diagnostic_mode == "off":
        return []
    if to_lsp.excluded(path_of(document.uri), session.root(document.uri), options):
        return []
    text = document.text if moved else analysed.text
    encoding = session.client.encoding

    def text_of(uri: str) -> Text | None:
        if uri == document.uri:
            return text
        other = session.documents.get(uri)
        return other.text if other is not None else to_lsp.read_text(path_of(uri))

    def place(span: SpanLike) -> types.Range | None:
        now = document.current(span) if moved else span
        return text.range(now, encoding) if now is not None else None

    found = []
    for one in judging.reported(analysed.snapshot, options.rules):
        if (range := place(one.finding.span)) is not None:
            client = session.client
            found.append(to_lsp.diagnostic(one.finding, one.level, range, document.uri, options, client, text_of))
    for idle in judging.unused(analysed.snapshot, options.rules):
        if (range := place(idle.span)) is not None:
            found.append(to_lsp.unused_ignore(idle.text, idle.level, range, session.client))
    if options.show_syntax_errors:
        for span, words in analysed.snapshot.broken:
            if (range := place(span)) is not None:
                found.append(to_lsp.syntax_error(range, words))
    return found


class Once:
    """A request to the client that is not sent again while it is on its way; the last word is never lost."""

    def __init__(self, session: Session, send: Callable[[], Awaitable[Any]]):
        self._session, self._send = session, send
        self._busy = self._again = False

    def soon(self) -> None:
        """Send the request, or once more after the one that is on its way."""
        if self._busy:
            self._again = True
            return
        self._busy = True
        self._session.spawn(self._run())

    async def _run(self) -> None:
        try:
            while True:
                self._again = False
                await self._send()
                if not self._again:
                    return
        finally:
            self._busy = False
