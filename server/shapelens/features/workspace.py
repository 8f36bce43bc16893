"""Problems in files that are not open, for ``diagnosticMode = "workspace"``: pulled by clients that can, else pushed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from .. import to_lsp
from ..guard import answers
from ..survey import survey
from .diagnostics import Once

if TYPE_CHECKING:
    from ..documents import Document
    from ..server import Server
    from ..session import Session
    from ..settings import Options

Found = Mapping[str, "list[types.Diagnostic]"]


def register(server: Server, session: Session) -> None:
    """Keep up with the folders whose setting asks for it."""
    watch = _Watch(server, session)
    session.on_disk.append(watch.soon)
    session.on_close.append(watch.closed)
    if session.client.pull:
        watch.register_pull()


class _Watch:
    """What the last survey found, by URI; a new one begins when something changes on the disk or in the settings."""

    def __init__(self, server: Server, session: Session):
        self.server, self.session = server, session
        self.found: dict[str, tuple[str, list[types.Diagnostic]]] = {}  # with a name for each result
        self.news = asyncio.Event()
        self.pushed: set[str] = set()
        self.number = 0
        self.once = Once(session, self._run)

    def soon(self) -> None:
        """Look again, unless nobody wants that."""
        if self.found or any(options.diagnostic_mode == "workspace" for _, options in self.session.folder_options()):
            self.once.soon()

    def closed(self, document: Document) -> None:
        """A document is as the disk has it again."""
        self.pushed.discard(document.uri)
        self.soon()

    def register_pull(self) -> None:
        @self.server.feature(types.WORKSPACE_DIAGNOSTIC)
        @answers(lambda: types.WorkspaceDiagnosticReport([]))
        async def pull(params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
            before = {one.uri: one.value for one in params.previous_result_ids}
            while not (items := self._news(before)):  # clients ask again at once: the answer waits for news
                await self.news.wait()
            return types.WorkspaceDiagnosticReport(items)

    def _news(self, before: Mapping[str, str]) -> list[Any]:
        items: list[Any] = []
        closed = {uri: one for uri, one in self.found.items() if uri not in self.session.documents}
        for uri, (name, diagnostics) in closed.items():
            if before.get(uri) != name:
                items.append(types.WorkspaceFullDocumentDiagnosticReport(uri, diagnostics, result_id=name))
        gone = [uri for uri in before if uri not in self.found and uri not in self.session.documents]
        items += [types.WorkspaceFullDocumentDiagnosticReport(uri, []) for uri in gone]
        return items

    async def _run(self) -> None:
        now: dict[str, list[types.Diagnostic]] = {}
        for folder, options in self.session.folder_options():
            if options.diagnostic_mode == "workspace":
                records = await survey(folder, options)
                client = self.session.client

                def word(records: Any = records, options: Options = options, client: Any = client) -> Found:
                    found = {
                        path.as_uri(): to_lsp.recorded(path, own, options, client) for path, own in records.items()
                    }
                    return {uri: own for uri, own in found.items() if own}

                now |= await self.session.answers.run(word)
        changed = {uri for uri in now.keys() | self.found.keys() if now.get(uri) != self.found.get(uri, ("", None))[1]}
        for uri in changed:
            self.number += 1
            if uri in now:
                self.found[uri] = f"w{self.number}", now[uri]
            else:
                self.found.pop(uri)
        if self.session.client.pull:
            self.news.set()
            self.news = asyncio.Event()
            return
        for uri in (now.keys() | self.pushed) - self.session.documents.keys():
            if uri in changed or uri not in self.pushed:
                self.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, now.get(uri, [])))
        self.pushed = set(now) - self.session.documents.keys()
