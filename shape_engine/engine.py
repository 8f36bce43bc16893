"""The composition: text → units → results kept or made again → Snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from . import rules  # noqa: F401  (registers the rules)
from .document import Document
from .interpreter import builtins, data, library, numbers, rebinding, records, signatures, stdlib  # noqa: F401  (registers the rules of Python itself)
from .interpreter.core import Stopped
from .models import Found, Model, model, models
from .sharing import Sharing, role
from .snapshot import Finding, Fix, Located, Names, Settings, Snapshot

MAX_TURNS = 8  # how often a document hears of changes in others, because of one change: modules may import each other


class Engine:
    """Knows the shapes in a set of documents, and keeps up with their edits.

    Not for several threads at once: callers hold a lock.
    """

    def __init__(self, names: Names | None = None, settings: Settings | None = None):
        self.names = names
        self.settings = settings or Settings()
        self.documents: dict[str, Document] = {}
        self.sharing = Sharing(self)
        self.turn = 0  # how many changes from outside there have been
        self._stale: set[str] = set()
        self._news: dict[str, set[Any]] = {}  # what documents have to hear: locations that changed in others
        self._edited: set[str] = set()  # documents whose text has changed since others showed places in them

    def update(
        self, uri: str, version: int | None, text: str, should_stop: Callable[[], bool] | None = None
    ) -> Snapshot:
        """Take over a new text of a document that is open in the editor.

        Raises :class:`Stopped` as soon as ``should_stop`` says so; the work done until then is kept.
        """
        self.turn += 1
        document = self.documents.get(uri)
        if document is None:
            document = self.documents[uri] = Document(self, uri)
        if not document.open:
            document.timeline.mark([role(uri)])
        document.open, document.version = True, version
        self._read(document, text)
        self._load_all(document.wanted())
        self._tell(document, document.analyse(should_stop))
        self._settle(should_stop)
        self._stale.discard(uri)
        return document.snapshot()

    def close(self, uri: str) -> None:
        """The editor let go of a document; others may still import it, as it is on disk."""
        document = self.documents.get(uri)
        if document is None:
            return
        self.turn += 1
        document.open, document.version = False, None
        document.timeline.mark([role(uri)])
        if any(uri in other.imports for other in self.documents.values() if other is not document):
            self._reload(document)
        else:
            self._drop(document)
        self._settle(None)

    def snapshot(self, uri: str) -> Snapshot | None:
        """The last result for an open document."""
        document = self.documents.get(uri)
        return document.snapshot() if document is not None and document.open else None

    def invalidate(self, uris: Iterable[str] = ()) -> None:
        """Files changed on disk, or a module that was being looked up has been found: imports are asked for again."""
        self.turn += 1
        for uri in uris:
            document = self.documents.get(uri)
            if document is not None and not document.open:
                self._reload(document)
        for document in list(self.documents.values()):
            document.forget_imports()
            self._news.setdefault(document.uri, set())
        self._settle(None)

    def _reload(self, document: Document) -> None:
        """Take the text of a document that is not open from the disk."""
        text = None if self.names is None else self.names.read(document.uri)
        if text is None:
            self._drop(document)
            return
        self._read(document, text)
        self._load_all(document.wanted())
        self._tell(document, document.analyse(None))

    def _drop(self, document: Document) -> None:
        """A document is no longer there."""
        self._tell(document, set(document.timeline.writers))
        document.leave()
        del self.documents[document.uri]
        self.sharing.rewire(document)
        document.end()

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

    def ignoring(self, uri: str, finding: Finding) -> Fix | None:
        """The comment that makes a finding be ignored."""
        from .fixes.comments import ignoring

        document = self.documents.get(uri)
        return None if document is None else ignoring(document, finding)

    def stating(self, uri: str, line: int, column: int) -> list[Fix]:
        """Comments that state the shape of a name at a place, where it is not known."""
        from .fixes.comments import stating

        document = self.documents.get(uri)
        return [] if document is None else list(stating(document, line, column))

    def imports(self, uri: str) -> tuple[str, ...]:
        """The documents that the result for a document depends on beside its own text, nearest first."""
        return tuple(self.sharing.closure(uri))

    def models(self, uri: str) -> list[Found]:
        """The models of a document: variables that hold one, functions that give one."""
        document = self.documents.get(uri)
        return [] if document is None else models(document, document.snapshot())

    def summary(self, uri: str, found: Found) -> Model | None:
        """All that is known of one of these models."""
        document = self.documents.get(uri)
        return None if document is None else model(document, document.snapshot(), found)

    def text(self, uri: str) -> str | None:
        """The text of a document that the engine knows."""
        document = self.documents.get(uri)
        return None if document is None else document.text

    def _tell(self, origin: Document, changed: set[Any]) -> None:
        """The documents that import this one shall hear what changed in it, if it is something that they read."""
        if not changed:
            return
        importers = [uri for uri in self.documents if uri != origin.uri and origin.uri in self.sharing.closure(uri)]
        if not importers:
            return
        counts = any(isinstance(owner, tuple) and owner[0] == "base" for owner, _ in changed)  # of automatic names
        for uri in importers:
            document = self.documents[uri]
            relevant = document.reading(changed)
            if relevant or counts or document.heard != self.sharing.version:
                self._news.setdefault(uri, set()).update(relevant)

    def _settle(self, should_stop: Callable[[], bool] | None) -> None:
        """Let documents hear the news, those first that others import, until there are none."""
        turns: Counter[str] = Counter()
        while self._news:
            uri = min(self._news, key=lambda uri: len(self.sharing.closure(uri)))
            news, document = self._news.pop(uri), self.documents.get(uri)
            if document is None or turns[uri] == MAX_TURNS:
                continue
            turns[uri] += 1
            before = document.snapshot() if document.open else None
            document.timeline.dirty |= news | document.bases
            try:
                changed = document.analyse(should_stop)
            except Stopped:
                self._news.setdefault(uri, set())
                raise
            self._tell(document, changed)
            if document.open and before != document.snapshot():
                self._stale.add(uri)
        edited, self._edited = self._edited, set()
        for uri, document in self.documents.items():
            if document.open and not edited.isdisjoint(document.assembly.abroad - {uri}):
                before = document.snapshot()
                if before != document.snapshot(anew=True):
                    self._stale.add(uri)

    def _read(self, document: Document, text: str) -> None:
        """Take over a text; what others show of the document may stand elsewhere in it now."""
        if text != document.text:
            document.set_text(text)
            self._edited.add(document.uri)

    def load(self, module: Located) -> Document | None:
        """The document of a module that is imported, read and analysed if that has not happened yet."""
        document = self.documents.get(module.uri)
        if document is None or len(document.name) < len(module.name):
            self._load_all([module])
        return self.documents.get(module.uri)

    def _load_all(self, modules: Iterable[Located]) -> None:
        """Read and analyse modules: first those that they import themselves, without recursion."""
        reading = [(module, False) for module in modules]
        while reading:
            module, entered = reading.pop()
            document = self.documents.get(module.uri)
            if entered and document is not None:
                self._tell(document, document.analyse(None))
            elif document is not None:
                if document.call_it(module.name):
                    self._news.setdefault(module.uri, set())
            elif self.names is not None and (text := self.names.read(module.uri)) is not None:
                document = self.documents[module.uri] = Document(self, module.uri)
                document.call_it(module.name)
                self._read(document, text)
                reading.append((module, True))
                reading.extend((other, False) for other in document.wanted())


__all__ = ["Engine", "Stopped"]
