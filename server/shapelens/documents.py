"""Open documents: the client's text, edit by edit, and how positions of an older text move with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from lsprotocol import types

from .positions import SpanLike, Text, difference

if TYPE_CHECKING:
    from shape_engine import Finding, Fix, Snapshot
    from shape_engine.snapshot import Edit as EngineEdit

    from .notebooks.cells import Told

PYTHON = frozenset({"python", "python3", "ipython"})


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of text: 1-based lines, columns in code points, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of the text before the edit, and where the text put in its place ends."""

    edition: int
    start: tuple[int, int]
    end: tuple[int, int]
    new_end: tuple[int, int]

    def move(self, span: SpanLike) -> SpanLike | None:
        """Where a span of the text before is in the text after; None if the edit touched it."""
        start, end = (span.line, span.column), (span.end_line, span.end_column)
        if end < self.start:
            return span
        if start < self.end:
            return None
        return Place(*self._shift(start), *self._shift(end))

    def _shift(self, position: tuple[int, int]) -> tuple[int, int]:
        line, column = position
        if line == self.end[0]:
            column += self.new_end[1] - self.end[1]
        return line + self.new_end[0] - self.end[0], column


@dataclass(frozen=True)
class Analysed:
    """A result, and what it is about: an edition of the document, its text, the client's number for it.

    ``fixes`` are the repairs and comments that were asked for, by what they were asked about.
    """

    snapshot: Snapshot
    edition: int
    text: Text
    version: int | None
    fixes: dict[Any, list[Any]] = field(default_factory=dict)
    told: Told | None = None  # of a notebook's cell: how the engine sees it

    @property
    def source(self) -> str:
        """The text that the engine has read."""
        return self.text.source if self.told is None else self.told.joined.text

    @property
    def above(self) -> int:
        """How many lines of that text stand above the first line of the document."""
        return 0 if self.told is None else self.told.joined.line(self.told.index, 0)

    def finding(self, number: int) -> Finding:
        """A finding of the snapshot as the engine knows it."""
        return (self.snapshot if self.told is None else self.told).findings[number]

    def at_home(self, fix: Fix) -> Fix:
        """A repair of that text with its places counted from the first line of the document."""
        if self.told is None:
            return fix
        edits = tuple(replace(edit, span=edit.span.moved(-self.above)) for edit in fix.edits)
        return replace(fix, edits=edits)

    def by_document(self, uri: str, edits: Iterable[EngineEdit]) -> dict[str, list[EngineEdit]]:
        """Edits of the document, those elsewhere in its notebook under the URIs of their cells."""
        if self.told is None:
            return {uri: list(edits)}
        joined = self.told.joined
        moved = [replace(edit, span=edit.span.moved(self.above)) for edit in edits]
        return {joined.cells[index].uri: own for index, own in joined.edits(moved).items()}

    def like(self, other: Analysed) -> bool:
        """Whether both say the same about the same text."""
        if self.edition != other.edition or (self.told is None) != (other.told is None):
            return False
        if self.told is not None and other.told is not None:
            return self.told.like(other.told)
        names = ("findings", "parts", "broken", "ignores", "pending")
        return all(getattr(self.snapshot, name) == getattr(other.snapshot, name) for name in names)


class Reading(Protocol):
    """A text for the engine, and whose it is: that of a document, or of several that make up a notebook."""

    @property
    def uri(self) -> str: ...
    @property
    def version(self) -> int | None: ...
    @property
    def source(self) -> str: ...
    def results(self, snapshot: Snapshot) -> list[tuple[Document, Analysed]]:
        """What a result for the text says about each document."""


class Program(Protocol):
    """What is analysed as one: a document, or a notebook."""

    @property
    def documents(self) -> Sequence[Document]: ...
    def reading(self) -> Reading:
        """The text as it is now; it does not change when the program does."""


@dataclass(frozen=True)
class Alone:
    """The text of one document."""

    document: Document
    edition: int
    text: Text
    version: int | None

    @property
    def uri(self) -> str:
        return self.document.uri

    @property
    def source(self) -> str:
        return self.text.source

    def results(self, snapshot: Snapshot) -> list[tuple[Document, Analysed]]:
        return [(self.document, Analysed(snapshot, self.edition, self.text, self.version))]


@dataclass
class Document:
    """One open document.

    ``version`` is the client's number, which may repeat; ``edition`` counts the changes and does not.
    ``edits`` leads from the analysed edition to the current one.
    """

    uri: str
    language: str
    version: int | None
    text: Text
    edition: int = 1
    analysed: Analysed | None = None
    edits: list[Edit] = field(default_factory=list)
    reported: tuple[str, list[types.Diagnostic]] | None = None  # result id and items of the last pull
    hinted: bool = False  # the client has inlay hints of this document
    behind: bool = False  # and they are those of an older text
    notebook: str | None = None  # of a cell: the URI of its notebook

    @property
    def program(self) -> str:
        """The URI under which it is analysed."""
        return self.notebook or self.uri

    @property
    def documents(self) -> Sequence[Document]:
        return (self,)

    def reading(self) -> Reading:
        return Alone(self, self.edition, self.text, self.version)

    @property
    def is_python(self) -> bool:
        """Whether the client says so; the ending of the name decides only where it says nothing."""
        return self.language in PYTHON or (not self.language and self.uri.endswith((".py", ".pyi")))

    @property
    def fresh(self) -> bool:
        """Whether the newest text has been analysed."""
        return self.analysed is not None and self.analysed.edition == self.edition

    def change(
        self, version: int | None, changes: Sequence[types.TextDocumentContentChangeEvent], encoding: str
    ) -> None:
        """Apply a change notification of the client; a whole text becomes the smallest edit."""
        for change in changes:
            old = self.text
            if isinstance(change, types.TextDocumentContentChangePartial):
                start = old.offset(change.range.start, encoding)
                end = max(old.offset(change.range.end, encoding), start)
                new = change.text
            else:
                start, end, new = difference(old.source, change.text)
            self.text = old.change(start, end, new)
            self.edition += 1
            new_end = self.text.place(start + len(new))
            self.edits.append(Edit(self.edition, old.place(start), old.place(end), new_end))
        self.version = version

    def settle(self, analysed: Analysed) -> None:
        """Take a newer result, and forget the edits that it knows of."""
        if self.analysed is None or analysed.edition >= self.analysed.edition:
            self.analysed = analysed
            self.edits = [edit for edit in self.edits if edit.edition > analysed.edition]

    def current(self, span: SpanLike) -> SpanLike | None:
        """Where a span of the analysed text is now; None if it was edited since."""
        moved: SpanLike | None = span
        for edit in self.edits:
            if moved is None:
                break
            moved = edit.move(moved)
        return moved
