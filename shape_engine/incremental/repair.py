"""Repairs broken text: every statement that is not broken itself survives, at its place.

Only this file knows how to tell the broken statements of a unit from the others.  A broken statement gives
way to one that says "not known": ``y = conv(x,`` becomes ``y = __unknown__``, so that nothing older is
believed of ``y``; a broken ``if`` keeps its block under an unknown condition.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from ..value import Span
from .text import FAILURES, HARD, STRING, line_starts, parse_module

HOLE = "__unknown__"
"""The name that stands where the text is broken.  Nothing defines it."""

DOUBTFUL, SUSPECTS = 3, 4
"""From how many errors on a string is doubted, and how many strings are."""

ATTEMPTS = 12
"""How often a whole unit is parsed after its statements have been looked at one by one."""


def repaired(text: str, error: BaseException) -> tuple[list[ast.stmt], tuple[tuple[Span, str], ...], str]:
    """The statements of a broken text, its errors (the parser's first one first), and the repaired text."""
    lines, found = _mended(text, frozenset())
    if len(found) >= DOUBTFUL and ('"""' in text or "'''" in text):
        lines, found = _with_fewest_errors(text, lines, found)
    errors = [_describe(error, text), *found]
    _restore_structure(lines)
    body = _parse_or_drop(lines)
    seen: set[int] = set()
    once = [e for e in errors if not (e[0].line in seen or seen.add(e[0].line))]  # type: ignore[func-returns-value]
    return body, tuple(once), "".join(line.written for line in lines)


_Errors = list[tuple[Span, str]]


def _mended(text: str, distrusted: frozenset[int]) -> tuple[list[_Line], _Errors]:
    """The statements, broken ones replaced, and what was wrong with them."""
    lines = _logical_lines(text, distrusted)
    errors = []
    for line in lines:
        message = _mend(line)
        if message is not None:
            errors.append(_describe(message, line.code, line.number - 1, len(line.indent)))
    return lines, errors


def _with_fewest_errors(text: str, lines: list[_Line], errors: _Errors) -> tuple[list[_Line], _Errors]:
    """One quote too many turns strings into code and code into strings from there on.  Among the strings
    that have code in them, the one is sought without which the least is broken."""
    suspects = [line.number for line in lines if line.count > 1 and _CODE.search(line.text)]
    for number in suspects[:SUSPECTS]:
        other, fewer = _mended(text, frozenset({number}))
        if len(fewer) < len(errors):
            lines, errors = other, fewer
    return lines, errors


@dataclass(slots=True)
class _Line:
    """A statement, or the head of one that has a block, with all the lines it covers."""

    text: str
    number: int
    indent: str
    code: str  # without indent, end of line and last comment
    count: int  # how many line ends it covers
    blank: bool = False
    new: str | None = None  # what takes the place of the code
    before: str | None = None  # what takes the place of the indent
    after: list[str] = field(default_factory=list)  # what is added behind the code

    @property
    def written(self) -> str:
        if self.new is None and self.before is None and not self.after:
            return self.text
        indent = self.indent if self.before is None else self.before
        code = self.code if self.new is None else self.new
        extra = "".join(self.after)
        if self.new is None:
            rest = self.text[len(self.indent) + len(self.code) :]
            return indent + code + extra + rest
        return indent + code + extra + "\n" * self.count

    @property
    def current(self) -> str:
        return self.code if self.new is None else self.new

    @property
    def word(self) -> str:
        """The keyword that tells what kind of statement this is; "" for simple ones."""
        return _keyword(self.current)

    @property
    def opens(self) -> bool:
        """Whether a block must follow."""
        return self.current.endswith(":") and not self.after


def _keyword(code: str) -> str:
    match = _HEAD.match(code)
    if not match:
        return ""
    word = match["word"]
    if word in ("match", "case") and not code.endswith(":"):
        return ""
    return word


# --- statements


def _logical_lines(text: str, distrusted: frozenset[int]) -> list[_Line]:
    starts = line_starts(text)
    if starts[-1] < len(text):
        starts.append(len(text))
    lines: list[_Line] = []
    index = 0
    while index < len(starts) - 1:
        last = index if index + 1 in distrusted else _extent(text, starts, index)
        piece = text[starts[index] : starts[last + 1]]
        indent = _INDENT.match(piece)[0]  # type: ignore[index]
        code = _code(piece[len(indent) :])
        ends = last + 1 - index if piece.endswith(("\n", "\r")) else last - index
        lines.append(_Line(piece, index + 1, indent, code, ends, blank=not code))
        index = last + 1
    return lines


def _extent(text: str, starts: list[int], index: int) -> int:
    """The last of the lines that make one statement with this one."""
    size = len(starts) - 1
    begin = starts[index]
    end, depth, remark_free = _scan_line(text, begin)
    if depth == 0 and end <= starts[index + 1]:
        return index
    if depth == 0 and end > starts[index + 1]:  # a string or a backslash carries on
        last = _line_index(starts, end - 1)
        if last < size and _statement_fails(_code(text[begin : starts[last + 1]].lstrip())) is None:
            return last
        return index if not remark_free else min(last, index)
    if _is_head(text, begin):
        return index
    # left open: what is indented more belongs to it
    width = _width(text, begin)
    last = index
    while last + 1 < size:
        following = text[starts[last + 1] : starts[last + 2]]
        if following.strip() and (
            _width(following, 0) <= width or re.match(rf"[ \t\f]*(?:{HARD})", following) or _ASSIGNS.match(following)
        ):
            break
        last += 1
    while last > index and not text[starts[last] : starts[last + 1]].strip():
        last -= 1
    return last


def _scan_line(text: str, begin: int) -> tuple[int, int, bool]:
    """From the first character of a statement to its end: the offset, the depth of open brackets there
    (not 0 if they never close, or a triple quote stays open), and whether it went over one line only."""
    depth = 0
    single = True
    first = True
    for token in _TOKEN.finditer(text, begin):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "line":
            if depth == 0:
                return token.end(), 0, single
            if _HARD.match(text, token.end()) or (first and _goes_on(text, begin, token.end())):
                return token.end(), depth, single
            single = False
        elif kind == "back":
            single = False
        elif token["open1"] is not None or token["open2"] is not None:
            return token.end(), 1, single
    return len(text), depth, single


def _goes_on(text: str, begin: int, position: int) -> bool:
    """Whether a line inside an open bracket looks like the next statement instead."""
    stripped = text[position : position + 200].lstrip(" \t\f")
    if not stripped or stripped[0] in ")]}#\r\n":
        return False
    return _width(text, position) <= _width(text, begin) and _ASSIGNS.match(text, position) is not None


def _is_head(text: str, begin: int) -> bool:
    return _HEAD.match(text[begin : begin + 200].lstrip(" \t\f")) is not None


def _line_index(starts: list[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1


def _code(piece: str) -> str:
    """A statement without its last comment and line end."""
    end = 0
    for token in _TOKEN.finditer(piece):
        if token.lastgroup == "comment" and not piece[token.end() :].strip():
            end = token.start()
            return piece[:end].rstrip()
    return piece.rstrip()


def _width(text: str, position: int) -> int:
    """The column of the first word, as Python counts it."""
    width = 0
    for character in text[position : position + 400]:
        if character == " ":
            width += 1
        elif character == "\t":
            width = (width // 8 + 1) * 8
        elif character == "\f":
            width = 0
        else:
            break
    return width


def _mend(line: _Line) -> BaseException | None:
    """Make the statement one that parses.  The error that it had, if any."""
    if line.blank:
        return None
    error = _statement_fails(line.code)
    if error is None:
        return None
    word = _keyword(line.code)
    completed = [line.code + ":"]
    if word == "def":
        completed += [line.code + "):", line.code.rstrip(" ,*:") + "):"]
    if word and (whole := next((text for text in completed if _statement_fails(text) is None), None)):
        line.new = whole
    elif word:
        line.new = _unknown_head(line.code, word)
    else:
        line.new = _unknown_statement(line.code)
    return error


@lru_cache(maxsize=8192)
def _statement_fails(code: str) -> BaseException | None:
    """What is wrong with a statement, or with the head of one; None if nothing is."""
    word = _keyword(code)
    text = code
    if word:
        before = _CONTEXT.get(word, "")
        if code.endswith(":"):
            text += " pass"
        if before:
            text = before + text
        if word == "@":
            text += "\ndef f(): pass"
        elif word == "try":
            text += "\nfinally: pass"
        elif word == "match":
            text = code + "\n case _: pass"
        elif word == "case":
            text = "match x:\n " + text
    try:
        parse_module(text)
    except FAILURES as error:
        return _moved(error, text, code)
    return None


def _moved(error: BaseException, text: str, code: str) -> BaseException:
    """The error with lines counted from the first line of ``code`` inside ``text``."""
    lines = text[: text.index(code)].count("\n")
    if isinstance(error, SyntaxError) and error.lineno and lines:
        error.lineno -= lines
        if error.end_lineno:
            error.end_lineno -= lines
    error.__traceback__ = None  # the cache must not keep frames alive
    return error


def _unknown_statement(code: str) -> str:
    """The statement that stands for a broken simple one: what it assigns is not known."""
    name = _NAMED.match(code)
    if name:
        return f"{name[1]} = {HOLE}"
    match = _TARGETS.match(code)
    if match and _statement_fails(match["targets"] + " = 0") is None:
        return f"{code[: match.end()]} {HOLE}"
    for word in ("return", "raise", "yield", "await"):
        if re.match(rf"{word}\b", code):
            return f"{word} {HOLE}"
    return "pass"


def _unknown_head(code: str, word: str) -> str:
    name = _NAMED.match(code)
    soft = "async " if code.startswith("async") else ""
    if word == "def":
        return f"{soft}def {name[1] if name else HOLE}(*{HOLE}, **{HOLE}_):"
    if word == "class":
        return f"class {name[1] if name else HOLE}({HOLE}):"
    if word == "for":
        target = re.match(r"(?:async\s+)?for\s+(.+?)\s+in\b", code)
        if target and _statement_fails(f"for {target[1]} in x:") is None:
            return f"{soft}for {target[1]} in {HOLE}:"
        return f"{soft}for {HOLE} in {HOLE}:"
    if word == "with":
        targets = re.search(r"\sas\s+(\w+)\s*:?$", code)
        return f"{soft}with {HOLE}{' as ' + targets[1] if targets else ''}:"
    if word == "except":
        return f"except {HOLE}:"
    if word == "case":
        return f"case _ if {HOLE}:"
    if word == "@":
        return f"@{HOLE}"
    if word in ("else", "finally", "try"):
        return f"{word}:"
    return f"{word} {HOLE}:"


# --- blocks


def _restore_structure(lines: list[_Line]) -> None:
    """Give every line an indent that Python accepts, every head a block, every ``else`` its ``if``."""
    code = [line for line in lines if not line.blank]
    if not code:
        return
    stack = [code[0].indent]
    widths = [_width(code[0].indent, 0)]
    above: list[str] = [""]  # the last statement's keyword at each level
    previous: _Line | None = None
    heads: list[tuple[int, _Line]] = []  # open "try" statements: (level, line)
    for line in code:
        width = _width(line.indent, 0)
        if previous is not None and previous.opens:
            if width > widths[-1]:
                stack.append(line.indent)
                widths.append(width)
                above.append("")
            else:
                previous.after.append(" pass")
        if width > widths[-1]:
            _indent(line, stack[-1])
        elif width < widths[-1]:
            while len(widths) > 1 and widths[-1] > width:
                _close(heads, len(widths) - 1)
                stack.pop()
                widths.pop()
                above.pop()
            if widths[-1] != width:
                _indent(line, stack[-1])
        level = len(widths) - 1
        word = line.word
        if word in _AFTER and above[-1] not in _AFTER[word]:
            line.new = "if True:" if word == "finally" else f"if {HOLE}:" if line.current.endswith(":") else "pass"
            word = line.word
        elif word in ("except", "finally"):
            heads[:] = [head for head in heads if head[0] != level]
        elif word not in _AFTER:
            heads[:] = _closed(heads, level)
        if word == "try":
            heads.append((level, line))
        if previous is not None and previous.word == "@" and word not in ("@", "def", "class"):
            previous.new = "pass"
        above[-1] = word
        previous = line
    if previous is not None and previous.opens:
        previous.after.append(" pass")
    if previous is not None and previous.word == "@":
        previous.new = "pass"
    _closed(heads, 0)


def _close(heads: list[tuple[int, _Line]], level: int) -> None:
    heads[:] = _closed(heads, level)


def _closed(heads: list[tuple[int, _Line]], level: int) -> list[tuple[int, _Line]]:
    """A ``try`` that nothing follows is no ``try``; the ones that are still open."""
    for depth, line in heads:
        if depth >= level:
            line.new = "if True:"
    return [head for head in heads if head[0] < level]


def _indent(line: _Line, wanted: str) -> None:
    """Indent the line as wanted without moving it: a form feed makes Python count from there."""
    spare = len(line.indent) - len(wanted) - 1
    if spare >= 0:
        line.before = " " * spare + "\f" + wanted
    else:
        line.before = wanted


def _parse_or_drop(lines: list[_Line]) -> list[ast.stmt]:
    """Parse; where that fails all the same, drop the statement at fault, a bounded number of times."""
    by_number: dict[int, _Line] = {}
    for line in lines:
        for number in range(line.number, line.number + max(line.count, 1)):
            by_number[number] = line
    for _ in range(ATTEMPTS):
        try:
            return parse_module("".join(line.written for line in lines))
        except FAILURES as error:
            culprit = by_number.get(getattr(error, "lineno", None) or 0)
            if culprit is None or culprit.new in ("pass", f"if {HOLE}:"):
                break
            culprit.new, culprit.after = f"if {HOLE}:" if culprit.opens else "pass", []
    for line in lines:
        if not line.blank:
            line.new, line.after = ("", []) if line.indent else (_unknown_statement(line.code), [])
            line.before = None
    return parse_module("".join(line.written for line in lines))


def _describe(error: BaseException, text: str, moved: int = 0, indent: int = 0) -> tuple[Span, str]:
    """Where an error is and what the parser says; ``text`` begins ``moved`` lines and ``indent`` columns on."""
    if not isinstance(error, SyntaxError) or not error.lineno:
        message = str(error) or type(error).__name__
        if isinstance(error, (RecursionError, MemoryError)):
            message = "too deeply nested"
        return Span(1 + moved, 0, 1 + moved, 1), message
    starts = line_starts(text)
    line = min(error.lineno, len(starts))
    width = len(text[starts[line - 1] : starts[line] if line < len(starts) else len(text)].rstrip("\r\n"))
    column = min(max((error.offset or 1) - 1, 0), width)
    end_line, end = error.end_lineno or 0, (error.end_offset or 0) - 1
    if (end_line, end) <= (line, column) or end_line > len(starts):
        end_line, end = line, max(width, column + 1)
    if line == 1:
        column += indent
    if end_line == 1:
        end += indent
    return Span(line + moved, column, end_line + moved, end), error.msg


_HEAD = re.compile(
    r"(?:async\s+)?(?P<word>def|class|if|elif|else|for|while|with|try|except|finally|match|case|@)(?:\b|(?<=@))"
)
_CODE = re.compile(r"^[ \t]*(?:[\w.]+(?:\[[^\]\n]*\])? = |[\w.]+\(.*\)$|return\b|def \w+\(|raise\b)", re.MULTILINE)
_NAMED = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)")
_AFTER: dict[str, tuple[str, ...]] = {
    "elif": ("if", "elif"),
    "else": ("if", "elif", "for", "while", "except"),
    "except": ("try", "except"),
    "finally": ("try", "except", "else"),
}
_CONTEXT = {
    "elif": "if x: pass\n",
    "else": "if x: pass\n",
    "except": "try: pass\n",
    "finally": "try: pass\n",
}
_TARGETS = re.compile(r"(?P<targets>[^=#'\"]+?)\s*(?P<operator>(?://|\*\*|<<|>>|[-+*/%&|^@])?=)(?!=)")
_ASSIGNS = re.compile(r"[ \t\f]*[A-Za-z_][\w.]*(?:[ \t]*,[ \t]*[A-Za-z_][\w.]*)*[ \t]+=[ \t]")
_INDENT = re.compile(r"[ \t\f]*")
_HARD = re.compile(rf"[ \t\f]*(?:{HARD})")
_TOKEN = re.compile(
    rf"(?P<string>{STRING})|(?P<comment>\#[^\r\n]*)|(?P<open>[([{{])|(?P<close>[)\]}}])|(?P<back>\\(?:\r\n|\r|\n))"
    r"|(?P<line>\r\n|\r|\n)",
    re.DOTALL,
)
