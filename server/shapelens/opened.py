"""The documents and notebooks that a client has open, as its notifications tell."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from lsprotocol import types

from .documents import Document, Program
from .notebooks.sync import Notebook, is_joined
from .positions import Text
from .projects import path_of

log = logging.getLogger(__name__)


class Opened:
    """What is open; a *program* is what is analysed as one, a document alone or a notebook, under its URI."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.notebooks: dict[str, Notebook] = {}
        self._uris: dict[Path, str] = {}

    def program(self, uri: str) -> Program | None:
        """The program with a URI."""
        return self.notebooks.get(uri) or self.documents.get(uri)

    def program_of(self, uri: str) -> str:
        """The URI under which a document is analysed."""
        document = self.documents.get(uri)
        return uri if document is None else document.program

    def uri(self, path: Path) -> str:
        """The URI of a file: the client's own, if it has the file open."""
        return self._uris.get(path) or path.as_uri()

    def open(self, item: types.TextDocumentItem, notebook: str | None = None) -> Document:
        """A document, or a cell of a notebook, was opened, or its text is told anew: older results are not about it."""
        document = Document(item.uri, item.language_id, item.version, Text(item.text), notebook=notebook)
        if (old := self.documents.get(item.uri)) is not None:
            document.edition = old.edition + 1
        self.documents[item.uri] = document
        if notebook is not None:
            return document
        if is_joined(item.uri):
            self.notebooks[item.uri] = Notebook.of_one(item.uri, self.documents)
        elif (path := path_of(item.uri)) is not None:
            self._uris[path] = item.uri
        return document

    def change(self, params: types.DidChangeTextDocumentParams, encoding: str) -> Document | None:
        """A document was edited; a change of one that is not open cannot be applied."""
        document = self.documents.get(params.text_document.uri)
        if document is None:
            log.warning("a change of %s, which is not open", params.text_document.uri)
            return None
        document.change(params.text_document.version, params.content_changes, encoding)
        return document

    def close(self, uri: str) -> Document | None:
        """A document was closed."""
        self._uris = {path: other for path, other in self._uris.items() if other != uri}
        self.notebooks.pop(uri, None)
        return self.documents.pop(uri, None)

    def open_notebook(self, params: types.DidOpenNotebookDocumentParams) -> None:
        """A notebook was opened, with the texts of its cells."""
        notebook = params.notebook_document
        self.notebooks[notebook.uri] = Notebook(
            notebook.uri, notebook.version, list(notebook.cells), open=self.documents
        )
        for item in params.cell_text_documents:
            self.open(item, notebook.uri)

    def change_notebook(
        self, params: types.DidChangeNotebookDocumentParams, encoding: str, closed: Callable[[Document | None], None]
    ) -> bool:
        """Cells came, went, moved, changed their kind, their language or their text; whether that can be applied."""
        uri, cells = params.notebook_document.uri, params.change.cells
        notebook = self.notebooks.get(uri)
        if notebook is None or cells is None:
            return False
        notebook.change(params.notebook_document.version, cells)
        if cells.structure is not None:
            for gone in cells.structure.did_close or ():  # first: a cell whose language changes is closed and opened
                closed(self.documents.pop(gone.uri, None))
            for item in cells.structure.did_open or ():
                self.open(item, uri)
        for content in cells.text_content or ():
            document = self.documents.get(content.document.uri)
            if document is not None and document.notebook == uri:
                document.change(content.document.version, content.changes, encoding)
        return True

    def close_notebook(self, uri: str) -> list[Document]:
        """A notebook was closed, and with it these cells."""
        self.notebooks.pop(uri, None)
        cells = [document for document in self.documents.values() if document.notebook == uri]
        for document in cells:
            self.documents.pop(document.uri)
        return cells
