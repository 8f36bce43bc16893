"""Notebooks that are open in the editor: which cells there are, in which order, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from ..documents import Analysed, Document
from ..positions import Text
from .cells import Cell, Joined
from .ipynb import VIRTUAL

if TYPE_CHECKING:
    from shape_engine import Snapshot

SYNC = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithNotebook(types.NotebookDocumentFilterNotebookType(kind))
        for kind in ("jupyter-notebook", "interactive")
    ]
)
"""All cells of them, those of text too: people count those as well."""


def is_joined(uri: str) -> bool:
    """Whether a document is what JupyterLab makes of the cells of a notebook."""
    return f"/{VIRTUAL}/" in uri


@dataclass
class Notebook:
    """One open notebook.  Its cells are documents; those of Python are one program."""

    uri: str
    version: int
    cells: list[types.NotebookCell]
    open: Mapping[str, Document]  # by URI, cells or not

    @classmethod
    def of_one(cls, uri: str, open: Mapping[str, Document]) -> Notebook:
        """The notebook that a client has joined by itself: one document, whose text holds all cells."""
        return cls(uri, 0, [types.NotebookCell(types.NotebookCellKind.Code, uri)], open)

    @property
    def documents(self) -> list[Document]:
        """The cells of Python, in order."""
        return [document for _, document in self._numbered()]

    def reading(self) -> Together:
        """The cells as they are now."""
        numbered = self._numbered()
        cells = [Cell(document.uri, number, document.text.source) for number, document in numbered]
        states = [(document, document.edition, document.text, document.version) for _, document in numbered]
        return Together(self.uri, self.version, Joined(cells), states)

    def change(self, version: int, cells: types.NotebookDocumentCellChanges) -> None:
        """Take over what became of the list of cells; their texts are those of the documents."""
        self.version = version
        if cells.structure is not None:
            array = cells.structure.array
            self.cells[array.start : array.start + array.delete_count] = array.cells or ()
        for new in cells.data or ():
            self.cells = [new if cell.document == new.document else cell for cell in self.cells]

    def _numbered(self) -> list[tuple[int, Document]]:
        return [
            (number, document)
            for number, cell in enumerate(self.cells, 1)
            if cell.kind == types.NotebookCellKind.Code
            and (document := self.open.get(cell.document)) is not None
            and document.is_python
        ]


@dataclass(frozen=True)
class Together:
    """The cells of a notebook at one time."""

    uri: str
    version: int
    joined: Joined
    states: Sequence[tuple[Document, int, Text, int | None]]

    @property
    def source(self) -> str:
        """The text of them all."""
        return self.joined.text

    def results(self, snapshot: Snapshot) -> list[tuple[Document, Analysed]]:
        """What the engine says, cell by cell; of one about which it says what it said, the snapshot stays."""
        found = []
        for told, (document, edition, text, version) in zip(self.joined.tell(snapshot), self.states, strict=True):
            old = document.analysed
            same = old is not None and old.told is not None and old.edition == edition and told.like(old.told)
            view = old.snapshot if old is not None and same else told.snapshot
            found.append((document, Analysed(view, edition, text, version, told=told)))
        return found
