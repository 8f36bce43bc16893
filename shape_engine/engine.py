"""The composition: text → units → results kept or made again → Snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from . import rules  # noqa: F401  (registers the rules)
from .document import Document
from .interpreter import builtins, library, numbers, records, stdlib  # noqa: F401  (registers the rules of Python itself)
from .interpreter.core import Stopped
from .snapshot import Finding, Fix, Names, Settings, Snapshot


class Engine:
    """Knows the shapes in a set of documents, and keeps up with their edits.

    Not for several threads at once: callers hold a lock.
    """

    def __init__(self, names: Names | None = None, settings: Settings | None = None):
        self.names = names
        self.settings = settings or Settings()
        self.documents: dict[str, Document] = {}
        self._stale: set[str] = set()

    def update(
        self, uri: str, version: int | None, text: str, should_stop: Callable[[], bool] | None = None
    ) -> Snapshot:
        """Take over a new text of a document that is open in the editor.

        Raises :class:`Stopped` as soon as ``should_stop`` says so; the work done until then is kept.
        """
        document = self.documents.get(uri)
        if document is None:
            document = self.documents[uri] = Document(self, uri)
        document.open, document.version = True, version
        document.set_text(text)
        changed = document.analyse(should_stop)
        self._spread(document, changed, should_stop)
        self._stale.discard(uri)
        return document.snapshot()

    def close(self, uri: str) -> None:
        """The editor let go of a document; others may still import it, as it is on disk."""
        document = self.documents.get(uri)
        if document is None:
            return
        document.open, document.version = False, None
        if any(uri in other.imports for other in self.documents.values() if other is not document):
            self._reload(document)
        else:
            del self.documents[uri]

    def snapshot(self, uri: str) -> Snapshot | None:
        """The last result for an open document."""
        document = self.documents.get(uri)
        return document.snapshot() if document is not None and document.open else None

    def invalidate(self, uris: Iterable[str] = ()) -> None:
        """Files changed on disk, or a module that was being looked up has been found: imports are asked for again."""
        for uri in uris:
            document = self.documents.get(uri)
            if document is not None and not document.open:
                self._reload(document)
        for document in list(self.documents.values()):
            document.forget_imports()
            self._spread(document, document.analyse(None), None)

    def _reload(self, document: Document) -> None:
        """Take the text of a document that is not open from the disk."""
        text = None if self.names is None else self.names.read(document.uri)
        if text is not None:
            document.set_text(text)
            self._spread(document, document.analyse(None), None)

    def refresh(self) -> list[Snapshot]:
        """Open documents whose result changed because of another document, since the last call."""
        stale, self._stale = self._stale, set()
        return [
            self.documents[uri].snapshot()
            for uri in sorted(stale)
            if uri in self.documents and self.documents[uri].open
        ]

    def fixes(self, uri: str, finding: Finding) -> list[Fix]:
        """Repairs of a finding that were tried: the finding goes away and no new one comes."""
        from .fixes import fixes

        document = self.documents.get(uri)
        return [] if document is None else fixes(self, uri, finding)

    def text(self, uri: str) -> str | None:
        """The text of a document that the engine knows."""
        document = self.documents.get(uri)
        return None if document is None else document.text

    def _spread(self, origin: Document, changed: set[Any], should_stop: Callable[[], bool] | None) -> None:
        """Let the documents that import this one know what changed in it."""
        if not changed:
            return
        closures = {uri: self.closure(uri) for uri in self.documents}
        dependents = [uri for uri, imports in closures.items() if origin.uri in imports and uri != origin.uri]
        for uri in sorted(dependents, key=lambda uri: len(closures[uri])):  # what others import comes first
            document = self.documents[uri]
            before = document.snapshot()
            document.timeline.dirty |= changed
            changed = changed | document.analyse(should_stop)
            if document.open and before != document.snapshot():
                self._stale.add(uri)

    def closure(self, uri: str) -> list[str]:
        """The documents that a document imports, directly or not, nearest first."""
        found: list[str] = []
        queue = [uri]
        while queue:
            document = self.documents.get(queue.pop(0))
            for other in document.imports if document else ():
                if other not in found and other != uri:
                    found.append(other)
                    queue.append(other)
        return found

    def load(self, uri: str) -> Document | None:
        """The document of a module that is imported, read and analysed if that has not happened yet."""
        document = self.documents.get(uri)
        if document is None and self.names is not None:
            text = self.names.read(uri)
            if text is None:
                return None
            document = self.documents[uri] = Document(self, uri)
            document.set_text(text)
            document.analyse(None)
        return document


__all__ = ["Engine", "Stopped"]
