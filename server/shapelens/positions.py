"""Lines and columns: the one place that knows where a line ends and how a client counts columns.

Inside Shapelens a position is a 1-based line and a 0-based column in code points, as the engine has
it.  Clients count lines from 0 and columns in utf-8, utf-16 or utf-32 units.  Only ``\\n``, ``\\r\\n``
and ``\\r`` end a line: neither a form feed nor U+2028 does (``str.splitlines`` thinks otherwise).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Protocol

from lsprotocol import types

_END_OF_LINE = re.compile(r"\r\n|\r|\n")


class SpanLike(Protocol):
    """A stretch of text as the engine has it: 1-based lines, columns in code points."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def end_line(self) -> int: ...
    @property
    def end_column(self) -> int: ...


class Text:
    """A text that does not change, with an index of its lines.

    >>> text = Text("a\\x0cb\\r\\nc😀d")
    >>> text.count, text.line(2)
    (2, 'c😀d')
    >>> text.to_client(2, 3, "utf-16")
    1:4
    >>> text.offset(types.Position(1, 3), "utf-16")
    7
    """

    def __init__(self, source: str):
        self.source = source

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _END_OF_LINE.finditer(self.source))]

    @property
    def count(self) -> int:
        """How many lines there are; the one after the last line end counts."""
        return len(self._starts)

    def line(self, number: int) -> str:
        """The line of that number (1 is the first) without its end; empty for a line that is not there."""
        if not 1 <= number <= self.count:
            return ""
        start, end = self._extent(number - 1)
        return self.source[start:end]

    def offset(self, position: types.Position, encoding: str) -> int:
        """The index into the text of a client's position; beyond a line means its end."""
        if position.line >= self.count:
            return len(self.source)
        start, end = self._extent(max(position.line, 0))
        return start + _code_points(self.source[start:end], position.character, encoding)

    def place(self, offset: int) -> tuple[int, int]:
        """The line (from 1) and column (code points) of an index into the text."""
        row = bisect_right(self._starts, offset) - 1
        return row + 1, offset - self._starts[row]

    def from_client(self, position: types.Position, encoding: str) -> tuple[int, int]:
        """The line (from 1) and column (code points) of a client's position."""
        return self.place(self.offset(position, encoding))

    def to_client(self, line: int, column: int, encoding: str) -> types.Position:
        """A position in the client's units; one that is outside the text moves to the nearest inside."""
        if line < 1:
            return types.Position(0, 0)
        if line > self.count:
            line, column = self.count, len(self.source)
        before = self.line(line)[: max(column, 0)]
        return types.Position(line - 1, _units(before, encoding))

    def range(self, span: SpanLike, encoding: str) -> types.Range:
        """A span in the client's units."""
        return types.Range(
            self.to_client(span.line, span.column, encoding),
            self.to_client(span.end_line, span.end_column, encoding),
        )

    def change(self, start: int, end: int, new: str) -> Text:
        """The text with another stretch in place of ``start:end``; its index comes from this one's."""
        text = Text(self.source[:start] + new + self.source[end:])
        old, longer = self._starts, start + len(new) - end
        first = bisect_right(old, max(start - 1, 0)) - 1  # the line before may end in a \r that meets a \n now
        next_ = bisect_right(old, end)  # the lines that begin behind ``end`` begin there still
        stop = old[next_] + longer if next_ < len(old) else len(text.source)
        between = [match.end() for match in _END_OF_LINE.finditer(text.source, old[first], stop)]
        text._starts = [*old[: first + 1], *between, *[each + longer for each in old[next_ + 1 :]]]
        return text

    def _extent(self, row: int) -> tuple[int, int]:
        start = self._starts[row]
        if row + 1 == len(self._starts):
            return start, len(self.source)
        end = self._starts[row + 1] - 1
        if end > start and self.source[end] == "\n" and self.source[end - 1] == "\r":
            end -= 1
        return start, end


def difference(old: str, new: str) -> tuple[int, int, str]:
    """The smallest single replacement that makes one text from the other: start, end, replacement.

    >>> difference("a = 1\\nb = 2", "a = 1\\nbb = 2")
    (7, 7, 'b')
    """
    limit = min(len(old), len(new))
    start = _common(old, new, limit)
    tail = _common(old[: start - 1 if start else None : -1], new[: start - 1 if start else None : -1], limit - start)
    return start, len(old) - tail, new[start : len(new) - tail]


def _common(a: str, b: str, limit: int) -> int:
    """How many leading characters two strings share (by halving: comparing slices is fast)."""
    if a[:limit] == b[:limit]:
        return limit
    low, high = 0, limit
    while high - low > 1:
        middle = (low + high) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _units(text: str, encoding: str) -> int:
    if encoding == types.PositionEncodingKind.Utf32 or text.isascii():
        return len(text)
    if encoding == types.PositionEncodingKind.Utf8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(character > "\uffff" for character in text)


def _code_points(line: str, units: int, encoding: str) -> int:
    """How many characters of the line lie before that many units; inside a character counts as before it."""
    if units <= 0:
        return 0
    if encoding == types.PositionEncodingKind.Utf32 or line.isascii():
        return min(units, len(line))
    seen = 0
    for index, character in enumerate(line):
        seen += _units(character, encoding)
        if seen > units:
            return index
    return len(line)
