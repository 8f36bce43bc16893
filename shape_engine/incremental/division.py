"""A text that stays divided into chunks while it is edited: the work follows the edit, and hardly the length.

Chunks that no edit touched are found by the line on which they begin, so that nothing is looked at chunk by
chunk.  What comes out is what ``split`` makes of the whole text.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from .text import Chunk, chunks_from, moved

_LINE = attrgetter("line")


class Change(NamedTuple):
    """What became of the chunks: ``chunks`` stand where ``old[first:last]`` stood, those behind moved by ``lines``.

    ``begin`` and ``end`` are the lines on which the first replaced one and the first kept one behind stood before.
    """

    first: int
    last: int
    chunks: list[Chunk]
    lines: int
    begin: int
    end: int


class Division:
    """The chunks of a text."""

    def __init__(self, text: str = "") -> None:
        self.text = ""
        self.chunks: list[Chunk] = []
        self._ahead = 0  # how many chunks end where they do because of what stands below them
        self.edit(text)

    def edit(self, text: str) -> Change:
        """Take over a new text."""
        change = self._change(text)
        gone = self.chunks[change.first : change.last]
        self.text = text
        self.chunks[change.first : change.last] = change.chunks
        if change.lines:
            below = change.first + len(change.chunks)
            self.chunks[below:] = moved(self.chunks[below:], change.lines)
        self._ahead += sum(chunk.ahead for chunk in change.chunks) - sum(chunk.ahead for chunk in gone)
        return change

    def _change(self, text: str) -> Change:
        old = self.chunks
        if text == self.text:
            return Change(0, 0, [], 0, _line_of(old, 0), _line_of(old, 0))
        where: _ByLine | _ByEnd = _ByEnd(old) if "\r" in text or "\r" in self.text else _ByLine(old, self.text)
        # above the edit: equal text, up to the last unit whose end cannot depend on what comes later
        alike = _common_start(self.text, text)
        first = where.holding(alike)
        if self._ahead:
            first = next((index for index, chunk in enumerate(old[:first]) if chunk.ahead), first)
        units = 0
        while first > 0 and units < 2:  # the last equal one may grow ("ex" to "except"), and then join the one above
            first -= 1
            units += old[first].kind == "code"
        position = where.start(first)
        # below the edit: boundaries of the old text from which on everything is equal
        longer = len(text) - len(self.text)
        same_from = len(self.text) - _common_end(self.text, text, position)
        chunks: list[Chunk] = []
        last, lines = len(old), 0
        for offset, chunk in chunks_from(text, position, old[first].line if old else 1):
            if offset + len(chunk.text) <= alike and not chunks and chunk == old[first]:
                first += 1  # of equal units the upper ones stay
                continue
            if offset - longer >= same_from:
                index = where.starting(offset - longer)
                if index is not None and index >= first and _alike(old[index], chunk):
                    # an edit can turn the \n before a boundary into the end of a \r\n: lines are counted anew
                    last, lines = index, chunk.line - old[index].line
                    break
            chunks.append(chunk)
        return Change(first, last, chunks, lines, _line_of(old, first), _line_of(old, last))


class _ByLine:
    """Finds chunks by offsets in a text whose lines all end with \\n."""

    def __init__(self, chunks: Sequence[Chunk], text: str):
        self._chunks, self._text = chunks, text
        self._offset, self._line = 0, 1  # a line that is known: that of an offset

    def holding(self, offset: int) -> int:
        """The chunk in which an offset lies."""
        return max(bisect_right(self._chunks, self._line_at(offset), key=_LINE) - 1, 0)

    def start(self, index: int) -> int:
        """Where a chunk at or above the last offset starts."""
        if not self._chunks:
            return 0
        offset = self._offset + 1
        for _ in range(self._line - self._chunks[index].line + 1):
            offset = self._text.rfind("\n", 0, offset - 1) + 1
        return offset

    def starting(self, offset: int) -> int | None:
        """The chunk that starts at an offset, if one does."""
        if offset and self._text[offset - 1] != "\n":
            return None
        line = self._line_at(offset)
        index = bisect_left(self._chunks, line, key=_LINE)
        return index if index < len(self._chunks) and self._chunks[index].line == line else None

    def _line_at(self, offset: int) -> int:
        if offset >= self._offset:
            self._line += self._text.count("\n", self._offset, offset)
        else:
            self._line -= self._text.count("\n", offset, self._offset)
        self._offset = offset
        return self._line


class _ByEnd:
    """Finds chunks by offsets in any text, going through all of them."""

    def __init__(self, chunks: Sequence[Chunk]):
        self._starts = list(accumulate((len(chunk.text) for chunk in chunks), initial=0))

    def holding(self, offset: int) -> int:
        """The chunk in which an offset lies."""
        return max(bisect_right(self._starts, offset, hi=len(self._starts) - 1) - 1, 0)

    def start(self, index: int) -> int:
        """Where a chunk starts."""
        return self._starts[index]

    def starting(self, offset: int) -> int | None:
        """The chunk that starts at an offset, if one does."""
        index = bisect_left(self._starts, offset, hi=len(self._starts) - 1)
        return index if index < len(self._starts) - 1 and self._starts[index] == offset else None


def _line_of(chunks: Sequence[Chunk], index: int) -> int:
    return chunks[index].line if index < len(chunks) else sys.maxsize


def _alike(one: Chunk, other: Chunk) -> bool:
    """The same but for the line: a BOM is code, or not, as it stands at the very start of the text."""
    return (one.text, one.kind, one.ahead) == (other.text, other.kind, other.ahead)


def _common_start(one: str, other: str) -> int:
    """How many characters two texts have in common from their start on."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one.startswith(other[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(one: str, other: str, least: int) -> int:
    """How many characters two texts have in common at their end, the first ``least`` ones left out."""
    low, high = 0, max(min(len(one), len(other)) - least, 0)
    while low < high:
        middle = (low + high + 1) // 2
        if one.endswith(other[len(other) - middle : len(other) - low], 0, len(one) - low):
            low = middle
        else:
            high = middle - 1
    return low
