"""Units of text: how a document falls into top-level statements, and what of a statement matters.

Only this file knows where one unit ends and the next begins, also while the text is broken.  Lines end
with ``\\n``, ``\\r\\n`` or ``\\r`` and with nothing else.  The end of a unit is decided by the text from its
first character on, never by the text above it: that is what lets ``Division`` look only
around an edit.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from ..syntax import FAILURES, descendants, parse_module
from ..value import Span

CUT = "\x1c# %%\n"
"""A line, none of Python's, that no unit reaches across, whatever is left open above it: where a notebook's cell begins."""


class Chunk(NamedTuple):
    """A stretch of whole lines.  ``kind`` is "code" (one unit) or "blank" (comments and empty lines).

    ``line`` is the 1-based first line.  ``ahead`` tells that something is left open in it, so that the
    text below was looked at to decide where it ends.
    """

    text: str
    line: int
    kind: str = "code"
    ahead: bool = False


@dataclass(frozen=True)
class Parsed:
    """A unit as syntax; lines count from 1 at its first line.

    ``key`` is equal for texts that do the same thing at the same positions: comments (other than
    ``# shape:``) and blank space at line ends do not count.  ``text`` is what was really parsed, with
    the repairs of a broken unit in place.
    """

    body: list[ast.stmt]
    errors: tuple[tuple[Span, str], ...]
    key: str
    text: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", Columns(self.text))

    def span(self, node: ast.AST) -> Span:
        """Where a node of the body stands, in code points."""
        columns: Columns = self.columns  # type: ignore[attr-defined]
        return columns.span(node)


class Columns:
    """Turns the columns of ``ast``, which are utf-8 bytes, into code points."""

    __slots__ = ("_lines", "_text", "span")

    def __init__(self, text: str):
        self._text = text
        self._lines: list[str] | None = None
        self.span = _ascii_span if text.isascii() else self._span

    def column(self, line: int, offset: int) -> int:
        """The column in code points of a byte offset in a 1-based line."""
        if self.span is _ascii_span:
            return offset
        if self._lines is None:
            self._lines = _LINES.findall(self._text)
        if not 0 < line <= len(self._lines):
            return offset
        text = self._lines[line - 1]
        if text.isascii():
            return offset
        return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore"))

    def _span(self, node: Any) -> Span:
        first, last = node.lineno, node.end_lineno
        return Span(first, self.column(first, node.col_offset), last, self.column(last, node.end_col_offset))


def split(text: str) -> list[Chunk]:
    """The units of a document, in order; the texts of the chunks together are the text."""
    return [chunk for _, chunk in chunks_from(text, 0, 1)]


def chunks_from(text: str, position: int, line: int) -> Iterator[tuple[int, Chunk]]:
    """The chunks from a boundary on, whose line is known, each with its offset."""
    scan = _scannable(text)
    while position < len(scan):
        if scan.startswith(CUT, position):
            yield position, Chunk(CUT, line, "blank")
            position, line = position + len(CUT), line + 1
        cut = scan.find("\n" + CUT, max(position - 1, 0)) + 1 or len(scan)
        yield from _chunks(text, scan if cut == len(scan) else scan[:cut], position, line)
        line += scan.count("\n", position, cut)
        position = cut


def moved(chunks: Sequence[Chunk], lines: int) -> list[Chunk]:
    """The same chunks so many lines further down."""
    make = tuple.__new__
    return [make(Chunk, (text, line + lines, kind, ahead)) for text, line, kind, ahead in chunks]


def parse(chunk_text: str) -> Parsed:
    """The statements of a unit.  A broken unit keeps all its statements but the broken ones."""
    text = readable(chunk_text)
    try:
        return Parsed(_with_shapes(parse_module(text), text), (), key(chunk_text), text)
    except FAILURES as error:
        from .repair import repaired  # only broken text needs it

        body, errors, text = repaired(text, error)
        return Parsed(_with_shapes(body, text), errors, key(chunk_text), text)


def _with_shapes(body: list[ast.stmt], text: str) -> list[ast.stmt]:
    """Give assignments and parameters the ``# shape:`` comment of their line, as ``shape_remark``."""
    if "shape:" not in text:
        return body
    scan = _scannable(text)
    remarks: dict[int, str] = {}
    for match in _REMARK.finditer(scan):
        comment = match["comment"]
        if comment is not None and _SHAPE.match(comment):
            remarks[scan.count("\n", 0, match.start("comment")) + 1] = comment.partition("shape:")[2].strip()
    for statement in body if remarks else ():
        for node in descendants([statement]):
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.end_lineno in remarks:
                node.shape_remark = remarks[node.end_lineno]  # type: ignore[union-attr, index]
            elif isinstance(node, ast.arguments):
                parameters = [*node.posonlyargs, *node.args, *node.kwonlyargs]
                for line in {p.end_lineno for p in parameters} & remarks.keys():
                    here = [p for p in parameters if p.end_lineno == line and p.arg not in ("self", "cls")]
                    if len(here) == 1:  # of several, nobody knows which one is meant
                        here[0].shape_remark = remarks[line]  # type: ignore[attr-defined, index]
    return body


def readable(text: str) -> str:
    """The text as ``ast.parse`` can take it: every character at its place, a BOM turned into a form feed.

    A carriage return alone ends a line for Python; it becomes what ends one for all that repairs the text.
    """
    if "\r" in text:
        text = _LONE_RETURN.sub("\n", text)
    if text[:1] == "\ufeff":
        text = "\f" + text[1:]
    if "\0" in text:
        text = text.replace("\0", "?")
    if not text.isascii():
        text = _SURROGATE.sub("?", text)
    return text


def key(text: str) -> str:
    """A hash of what matters for execution, positions included."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "#" in text or _BLANK_END.search(text):
        text = _REMARK.sub(_without_remark, text)
    return blake2b(text.rstrip("\n").encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def lines_of(text: str) -> list[str]:
    """The lines of a text with their ends."""
    return _LINES.findall(text)


def line_starts(text: str) -> list[int]:
    """The offset of the first character of each line."""
    starts = [0]
    starts.extend(m.end() for m in _LINE_END.finditer(text))
    return starts


def line_of(starts: list[int], offset: int) -> int:
    """The 1-based line of an offset, given ``line_starts``."""
    return bisect_right(starts, offset)


# --- how text is scanned

STRING = (
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|(?P<open1>))'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|(?P<open2>))"
    r'|"[^"\\\n]*(?:(?:\\\r?\n|\\.)[^"\\\n]*)*"?'
    r"|'[^'\\\n]*(?:(?:\\\r?\n|\\.)[^'\\\n]*)*'?"
)
"""A string literal from its quotes on.  Every part can end early, so that the pattern never fails and
never backtracks; an unterminated triple quote sets the group open1 or open2."""

HARD = (
    r"(?:def|class|import|return|with|while|try|assert|del|raise|global|nonlocal|pass|break|continue"
    r"|elif|except|finally|async\s+def|async\s+with|from\s+[\w.]+\s+import)\b"
)
"""What can begin a statement and cannot stand inside an expression."""

_START = re.compile(
    r"^(?:[ \t]*\f)*(?!(?:else|elif|except|finally)\b)[^ \t\f\r\n#)\]}]",
    re.MULTILINE,
)
_TOKEN = re.compile(
    rf"(?P<string>{STRING})|\#[^\n]*|(?P<open>[([{{])|(?P<close>[)\]}}])|(?P<back>\\\r?\n)"
    rf"|\n(?=(?P<hard>{HARD})|(?:[ \t]*\f)*(?!(?:else|elif|except|finally)\b)[^ \t\f\r\n\#)\]}}])",
    re.DOTALL,
)
_NO_START = " \t\f\r\n#)]}ef"  # or perhaps none: else, except, ...
_OPERAND = re.compile(r"(?<!\w)(?!(?:and|or|not|in|is|if|else|for|lambda|await|async|yield|from)$)\w+$|[)\]}]$")
_NAME = re.compile(r"(?!(?:and|or|not|in|is|if|else|for|async)\b)[^\W\d]\w*(?![\w'\"])")
_LITERAL = re.compile(rf"{STRING}|\#[^\n]*", re.DOTALL)
_QUOTED = re.compile(r"[\"'#]")
_TRIVIA = re.compile(r"(?:[ \t\f]*(?:#[^\n]*)?\r?\n)*(?:[ \t\f]*(?:#[^\n]*)?\Z)?")
_REMARKS = re.compile(r"(?:[ \t\f\r\n]+|#[^\n]*)*")
_SHAPE = re.compile(r"^[ \t\f]*#[ \t]*shape:", re.MULTILINE)
_DECORATED = re.compile(r"(?:[ \t]*\f)*(?:@|(?:async[ \t]+)?def\b|class\b)")
_CODE = re.compile(
    r"^[ \t]*(?:(?:async )?def \w+\(|class \w+[(:]|(?:import|from) [\w.]+(?:$| import | as )|@\w+|[\w.]+ = |return\b)",
    re.MULTILINE,
)
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_LINE_END = re.compile(r"\r\n|\r|\n")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_END = re.compile(r"[ \t\f](?:\n|\Z)")
_REMARK = re.compile(rf"(?P<string>{STRING})|[ \t\f]*(?P<comment>\#[^\n]*)|[ \t\f]+(?=\n|\Z)", re.DOTALL)


def _without_remark(match: re.Match[str]) -> str:
    if match["string"] is not None:
        return match[0]
    comment = match["comment"]
    return comment if comment is not None and _SHAPE.match(comment) else ""


def _ascii_span(node: Any) -> Span:
    return Span(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def _scannable(text: str) -> str:
    """A text of the same length in which every line ends with \\n and a BOM is no character of its own."""
    if "\r" in text:
        text = _LONE_RETURN.sub("\n", text)
    return "\f" + text[1:] if text[:1] == "\ufeff" else text


def _chunks(text: str, scan: str, position: int, line: int) -> Iterator[tuple[int, Chunk]]:
    """The chunks from a boundary on, each with its offset."""
    size = len(scan)
    make = tuple.__new__
    while position < size:
        kind, ahead = "code", False
        first = scan[position]
        if first in " \t\f\r\n#":
            end = _end_of_remarks(scan, position)
            if end > position:
                kind = "blank"
            else:
                end, ahead = _end_of_unit(scan, position)
        else:
            newline = scan.find("\n", position) + 1
            if not newline:
                end = size
            elif scan[newline : newline + 1] in _NO_START:
                found = _START.search(scan, newline)
                end = found.start() if found else size
            else:
                end = newline
            if first == "@" or _measure(scan[position:end]) != _CLOSED:
                end, ahead = _end_of_unit(scan, position)
            elif end != newline:
                end = _without_tail(scan, position, end)
        yield position, make(Chunk, (text[position:end], line, kind, ahead))
        line += scan.count("\n", position, end)
        position = end


def _end_of_remarks(scan: str, position: int) -> int:
    """The end of the comments and blank lines that stand here for themselves."""
    size = len(scan)
    trivia = _TRIVIA.match(scan, position)
    end = trivia.end() if trivia else position
    if end == position:
        return end
    following = _START.search(scan, end) if end < size else None
    if end < size and (following is None or -1 < scan.find("\n", end) < following.start()):
        return position  # what follows begins no statement (an indented first line)
    if "shape:" in (remarks := scan[position:end]) and (mark := _SHAPE.search(remarks)):
        return position + mark.start()
    return end


def _end_of_unit(scan: str, begin: int) -> tuple[int, bool]:
    """Where the unit that begins here ends, and whether more than the next statement's start decided it."""
    start = begin
    while True:
        end = _next_start(scan, start)
        kind = _measure(scan[start:end])
        if kind == _STRAY:
            stray = _stray(scan, start, end)
            if stray is not None:
                return stray, False
        elif kind == _OPEN:
            closed = _closed(scan, start, end)
            if closed is None:
                return _without_tail(scan, begin, _past_prose(scan, start, end)), True
            end = closed
        if end == len(scan) or scan[_first_word(scan, start)] != "@" or not _DECORATED.match(scan, end):
            return _without_tail(scan, begin, end), False
        start = end  # a decorator belongs to what it decorates


def _next_start(scan: str, begin: int) -> int:
    """The first start of a statement on a later line."""
    newline = scan.find("\n", _first_word(scan, begin))
    if newline < 0:
        return len(scan)
    found = _START.search(scan, newline + 1)
    return found.start() if found else len(scan)


def _first_word(scan: str, begin: int) -> int:
    """Past the remarks that belong to the unit (``# shape:``)."""
    if scan[begin] not in " \t\f\r\n#":
        return begin
    return min(_REMARKS.match(scan, begin).end(), len(scan) - 1)  # type: ignore[union-attr]


_CLOSED, _OPEN, _STRAY = range(3)


@lru_cache(maxsize=16384)
def _measure(segment: str) -> int:
    """Whether a segment leaves a bracket, a triple quote or a line open, or closes what is not open."""
    code = segment
    if _QUOTED.search(segment):
        pieces = []
        position = 0
        for token in _LITERAL.finditer(segment):
            if token["open1"] is not None or token["open2"] is not None:
                return _OPEN
            pieces.append(segment[position : token.start()])
            position = token.end()
        pieces.append(segment[position:])
        code = " ".join(pieces)
    depth = code.count("(") + code.count("[") + code.count("{") - code.count(")") - code.count("]") - code.count("}")
    if depth == 0:
        return _OPEN if code.endswith(("\\\n", "\\\r\n")) else _CLOSED
    if _parses(segment):  # a nested f-string can fool us
        return _CLOSED
    return _OPEN if depth > 0 else _STRAY


def _unterminated(token: re.Match[str]) -> bool:
    return token["open1"] is not None or token["open2"] is not None


def _closed(scan: str, begin: int, first_end: int) -> int | None:
    """The end of a unit that goes on past text at column 0, or None if it is just left open."""
    depth = 0
    end: int | None = len(scan)
    remarks = (begin, begin)  # the last comments, with nothing but blank space between them
    for token in _TOKEN.finditer(scan, begin):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind in ("string", "open1", "open2"):
            if _unterminated(token):
                return None
        elif token[0] == "\n":
            if depth:
                code_end = token.start() if scan[remarks[1] : token.start()].strip() else remarks[0]
                if token["hard"] or _two_in_a_row(scan[max(begin, code_end - 80) : code_end], scan, token.end()):
                    return None
            elif token.end() >= first_end:
                end = token.end()
                break
        elif kind is None:  # a comment
            together = not scan[remarks[1] : token.start()].strip()
            remarks = (remarks[0] if together else token.start(), token.end())
    if depth or end is None:
        return None
    return end if _parses(scan[begin:end]) else None


def _two_in_a_row(before: str, scan: str, start: int) -> bool:
    """Whether what ends before a line and what begins on it cannot stand side by side in brackets."""
    return _OPERAND.search(before.rstrip()) is not None and _NAME.match(scan, start) is not None


def _past_prose(scan: str, begin: int, first_end: int) -> int:
    """The end of a broken unit: behind the string that runs over ``first_end``, unless code is in it."""
    for token in _LITERAL.finditer(scan, begin):
        if token.end() >= first_end:
            if token.start() < first_end and not _unterminated(token) and not _CODE.search(token[0]):
                return _next_start(scan, token.end() - 1)
            break
    return first_end


@lru_cache(maxsize=256)
def _parses(text: str) -> bool:
    if text[_first_word(text, 0)] == "@":
        text += "\ndef f(): pass"
    try:
        parse_module(readable(text))
    except FAILURES:
        return False
    return True


def _stray(scan: str, begin: int, end: int) -> int | None:
    """The line that begins with a closing bracket which nothing opened, if it can be told apart."""
    depth = 0
    for token in _TOKEN.finditer(scan, begin, end):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
            if depth < 0:
                at = token.start()
                return at if at > begin and scan[at - 1] == "\n" else None
    return None


def _without_tail(scan: str, begin: int, end: int) -> int:
    """Cut the comments and blank lines at the end off a unit."""
    while end > begin:
        start = scan.rfind("\n", begin, end - 1) + 1
        if start <= begin:
            return end
        line = scan[start:end].strip(" \t\f\r\n")
        if line and (line[0] != "#" or '"""' in line or "'''" in line):
            return end
        if scan.endswith(("\\\n", "\\\r\n"), begin, start):
            return end
        end = start
    return end
