"""Cells joined into one text, in order, and what is said about that text told by cell.

A cell's line is so many lines further down in the joined text, and columns are the same: the map is one number for
each cell.  Between the cells stands a line that nothing reaches across, so that what is left open in one cell does
not swallow the next.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from .magics import python

if TYPE_CHECKING:
    from shape_engine import Finding, Snapshot
    from shape_engine.snapshot import Edit, Ignore, Part, Place
    from shape_engine.value import Site, Span


@dataclass(frozen=True)
class Cell:
    """A cell of code: its own URI, its number among the cells of all kinds, and its text as the person wrote it."""

    uri: str
    number: int
    text: str

    @property
    def name(self) -> str:
        """What people call it."""
        return f"cell {self.number}"


@dataclass(frozen=True, eq=False)
class Told:
    """What the engine says about one cell, whose lines count from the cell's first.

    ``findings`` are the engine's own, ``found`` the same as the cell sees them.
    """

    joined: Joined
    index: int
    whole: Snapshot
    findings: tuple[Finding, ...]
    found: tuple[Finding, ...]
    broken: tuple[tuple[Span, str], ...]
    ignores: tuple[Ignore, ...]
    parts: tuple[Part, ...]

    @property
    def cell(self) -> Cell:
        """The cell."""
        return self.joined.cells[self.index]

    def like(self, other: Told) -> bool:
        """Whether both say the same."""
        return self.whole.pending == other.whole.pending and all(
            getattr(self, name) == getattr(other, name) for name in ("found", "broken", "ignores", "parts")
        )

    @cached_property
    def snapshot(self) -> Snapshot:
        """The cell's own snapshot."""
        above = self.joined.line(self.index, 0)
        own = {part.above for part in self.parts}
        parts = [part._replace(above=part.above - above) for part in self.whole.parts]
        return replace(
            self.whole,
            uri=self.cell.uri,
            findings=self.found,
            broken=self.broken,
            ignores=self.ignores,
            parts=self.parts,
            line=self._called,
            place=self._placed,
            around=tuple(part for part in parts if part.above not in own),
        )

    def _placed(self, site: Site) -> Place | None:
        place = self.whole.place(site)
        return self.joined.place(place) if place is not None and place.uri == self.whole.uri else place

    def _called(self, line: int) -> str:
        index, line = self.joined.cell(self.joined.line(self.index, line))
        return f"line {line}" if index == self.index else f"{self.joined.cells[index].name} line {line}"


class Joined:
    """The cells of a notebook as one text.

    >>> joined = Joined([Cell("#1", 1, "x = 1\\ny = 2"), Cell("#2", 3, "%ls\\nz = 3")])
    >>> joined.line(1, 2), joined.cell(joined.line(1, 2))
    (6, (1, 2))
    >>> joined.text.splitlines()[joined.line(1, 2) - 1]
    'z = 3'
    """

    def __init__(self, cells: Sequence[Cell]):
        self.cells = tuple(cells)

    @cached_property
    def text(self) -> str:
        """What the engine reads."""
        from shape_engine import CUT

        pieces: list[str] = []
        for text, indented in zip(self._python, self._indented, strict=True):
            pieces += (CUT, "if 1:\n" * indented, text, "\n")
        return "".join(pieces)

    def line(self, index: int, line: int) -> int:
        """The line in the joined text of a line of a cell, even of one above or below the cell."""
        return self._above[index] + line

    def cell(self, line: int) -> tuple[int, int]:
        """The cell, and its line, of a line of the joined text; a line of ours belongs to the cell that it is next to."""
        index = max(bisect_right(self._begins, line - 1) - 1, 0)
        return index, line - self._above[index]

    def tell(self, snapshot: Snapshot) -> list[Told]:
        """A result for the joined text, by cell."""
        findings: list[list[Finding]] = [[] for _ in self.cells]
        broken: list[list[tuple[Span, str]]] = [[] for _ in self.cells]
        parts: list[list[Part]] = [[] for _ in self.cells]
        for finding in snapshot.findings:
            findings[self.cell(finding.span.line)[0]].append(finding)
        for span, words in snapshot.broken:
            index, line = self.cell(span.line)
            broken[index].append((span.moved(max(line, 1) - span.line), words))
        for part in snapshot.parts:
            index, line = self.cell(part.above + 1)
            parts[index].append(part._replace(above=line - 1))
        return [
            Told(
                self,
                index,
                snapshot,
                tuple(findings[index]),
                tuple(self._found(finding, snapshot.uri) for finding in findings[index]),
                tuple(broken[index]),
                tuple(self._ignores(index, snapshot)),
                tuple(parts[index]),
            )
            for index in range(len(self.cells))
        ]

    def edits(self, edits: Iterable[Edit]) -> dict[int, list[Edit]]:
        """Edits of the joined text, by cell."""
        found: dict[int, list[Edit]] = {}
        for edit in edits:
            index, line = self.cell(edit.span.line)
            span = edit.span.moved(line - edit.span.line)
            text = edit.text
            if line > self._lengths[index] and text.endswith("\n"):  # below the last line, which nothing ends
                text = "\n" + text[:-1]
            found.setdefault(index, []).append(replace(edit, span=span, text=text))
        return found

    @cached_property
    def _python(self) -> list[str]:
        return [python(_END_OF_LINE.sub("\n", cell.text).replace("\x1c", "\x1d")) for cell in self.cells]

    @cached_property
    def _lengths(self) -> list[int]:
        return [text.count("\n") + 1 for text in self._python]

    @cached_property
    def _indented(self) -> list[bool]:
        """Whether a cell is indented as a whole, which IPython allows; a line of ours above it allows it, too."""
        return [_INDENTED.search(text) is not None and not _FLUSH.search(text) for text in self._python]

    @cached_property
    def _begins(self) -> list[int]:
        """How many lines of the joined text stand above each cell and what allows its indent."""
        sizes = (1 + indented + length for indented, length in zip(self._indented, self._lengths, strict=True))
        return [1 + lines for lines in accumulate(sizes, initial=0)][:-1]

    @cached_property
    def _above(self) -> list[int]:
        """How many lines of the joined text stand above each cell."""
        return [begin + indented for begin, indented in zip(self._begins, self._indented, strict=True)]

    def _found(self, finding: Finding, uri: str) -> Finding:
        lines = self.cell(finding.span.line)[1] - finding.span.line
        related = tuple(
            replace(one, place=self.place(one.place)) if one.place.uri == uri else one for one in finding.related
        )
        call = finding.call.moved(lines) if finding.call else None
        return replace(finding, span=finding.span.moved(lines), call=call, related=related)

    def _ignores(self, index: int, snapshot: Snapshot) -> Iterator[Ignore]:
        """The comments that speak for a cell.  Whether one that speaks for others too is idle, the cell cannot tell."""
        first, last = self.line(index, 1), self.line(index, self._lengths[index])
        lines = -self._above[index]
        for ignore in snapshot.ignores:
            own = first <= ignore.span.line <= last
            if own or any(start <= last and first <= end for start, end in ignore.lines):
                alone = own and all(first <= start and end <= last for start, end in ignore.lines)
                extents = tuple((start + lines, end + lines) for start, end in ignore.lines)
                yield replace(ignore, span=ignore.span.moved(lines), lines=extents, certain=ignore.certain and alone)

    def place(self, place: Place) -> Place:
        """A place in the joined text as one in its cell."""
        index, line = self.cell(place.span.line)
        cell = self.cells[index]
        return replace(place, uri=cell.uri, span=place.span.moved(line - place.span.line), name=cell.name)


_END_OF_LINE = re.compile(r"\r\n?")
_INDENTED = re.compile(r"^[ \t]+[^\s#]", re.MULTILINE)
_FLUSH = re.compile(r"^\S", re.MULTILINE)
