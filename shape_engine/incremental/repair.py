"""Repairs broken text: every statement that is not broken itself survives, at its place.

Only this file knows how to tell the broken statements of a unit from the others.  A broken statement gives
way to one that says "not known": ``y = conv(x,`` becomes ``y = __unknown__``, so that nothing older is
believed of ``y``; a broken ``if`` keeps its block under an unknown condition.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from functools import lru_cache

from ..syntax import FAILURES, parse_module
from ..value import Span
from .blocks import HEAD, HOLE, Line, keyword, restore, width_at
from .text import HARD, STRING, line_starts, lines_of

DOUBTFUL, SUSPECTS = 3, 4
"""From how many errors on a string is doubted, and how many strings are."""

BLANK = " \t\f\r\n"
"""What Python takes for blank space; ``str.strip`` takes more."""

ATTEMPTS = 12
"""How often a whole unit is parsed after its statements have been looked at one by one."""


def repaired(text: str, error: BaseException) -> tuple[list[ast.stmt], tuple[tuple[Span, str], ...], str]:
    """The statements of a broken text, its errors (the parser's first one first), and the repaired text."""
    lines, found = _mended(text, frozenset())
    if len(found) >= DOUBTFUL and ('"""' in text or "'''" in text):
        lines, found = _with_fewest_errors(text, lines, found)
    errors = [_describe(error, text), *found]
    restore(lines, _unknown_statement)
    body = _parse_or_drop(lines)
    seen: set[int] = set()
    once = [e for e in errors if not (e[0].line in seen or seen.add(e[0].line))]  # type: ignore[func-returns-value]
    return body, tuple(once), "".join(line.written for line in lines)


_Errors = list[tuple[Span, str]]


def _mended(text: str, distrusted: frozenset[int]) -> tuple[list[Line], _Errors]:
    """The statements, broken ones replaced, and what was wrong with them."""
    lines = _logical_lines(text, distrusted)
    errors = []
    for line in lines:
        message = _mend(line)
        if message is not None:
            errors.append(_describe(message, line.code, line.number - 1, len(line.indent)))
    return lines, errors


def _with_fewest_errors(text: str, lines: list[Line], errors: _Errors) -> tuple[list[Line], _Errors]:
    """One quote too many turns strings into code and code into strings from there on.  Among the strings
    that have code in them, the one is sought without which the least is broken."""
    suspects = [line.number for line in lines if line.count > 1 and _CODE.search(line.text)]
    for number in suspects[:SUSPECTS]:
        other, fewer = _mended(text, frozenset({number}))
        if len(fewer) < len(errors):
            lines, errors = other, fewer
    return lines, errors


def _logical_lines(text: str, distrusted: frozenset[int]) -> list[Line]:
    starts = line_starts(text)
    if starts[-1] < len(text):
        starts.append(len(text))
    lines: list[Line] = []
    index = 0
    while index < len(starts) - 1:
        last = index if index + 1 in distrusted else _extent(text, starts, index)
        piece = text[starts[index] : starts[last + 1]]
        indent = _INDENT.match(piece)[0]  # type: ignore[index]
        code = _code(piece[len(indent) :])
        ends = last + 1 - index if piece.endswith(("\n", "\r")) else last - index
        lines.append(Line(piece, index + 1, indent, code, ends, blank=not code))
        index = last + 1
    return lines


def _extent(text: str, starts: list[int], index: int) -> int:
    """The last of the lines that make one statement with this one."""
    size = len(starts) - 1
    begin = starts[index]
    end, depth = _scan_line(text, begin)
    if depth == 0 and end <= starts[index + 1]:
        return index
    if depth == 0 and end > starts[index + 1]:  # a string or a backslash carries on
        last = _line_index(starts, end - 1)
        if last < size and _statement_fails(_code(text[begin : starts[last + 1]].lstrip())) is None:
            return last
        return last if _is_inside(text, starts, index, last) else index
    if _is_head(text, begin):
        return _last_parameter(text, starts, index)
    # left open: what is indented more belongs to it
    width = width_at(text, begin)
    last = index
    while last + 1 < size:
        following = text[starts[last + 1] : starts[last + 2]]
        if following.strip() and (
            width_at(following, 0) <= width or re.match(rf"[ \t\f]*(?:{HARD})", following) or _ASSIGNS.match(following)
        ):
            break
        last += 1
    while last > index and not text[starts[last] : starts[last + 1]].strip():
        last -= 1
    return last


def _is_inside(text: str, starts: list[int], first: int, last: int) -> bool:
    """Whether lines stand in brackets that the first one opens: further to the right, and no prose."""
    whole = text[starts[first] : starts[last + 1]]
    width = width_at(whole, 0)
    return not ('"""' in whole or "'''" in whole) and all(
        width_at(line, 0) > width or line.lstrip()[0] in ")]}" for line in lines_of(whole)[1:] if line.strip()
    )


def _last_parameter(text: str, starts: list[int], index: int) -> int:
    """The last of the lines below an open head that hold its parameters, each but the last with a comma."""
    head = text[starts[index] : starts[index + 1]].rstrip()
    while head.endswith(("(", ",")) and index + 2 < len(starts):
        line = text[starts[index + 1] : starts[index + 2]]
        if not _PARAMETER.match(line) or _ASSIGNS.match(line) or _HARD.match(line):
            break
        index += 1
        head = _code(line)
    return index


def _scan_line(text: str, begin: int) -> tuple[int, int]:
    """From the first character of a statement to its end: the offset, and the depth of open brackets there
    (not 0 if they never close, or a triple quote stays open)."""
    depth = 0
    for token in _TOKEN.finditer(text, begin):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "line":
            if depth == 0:
                return token.end(), 0
            if _HARD.match(text, token.end()) or _goes_on(text, begin, token.end()):
                return token.end(), depth
        elif kind != "back" and (token["open1"] is not None or token["open2"] is not None):
            return token.end(), 1
    return len(text), depth


def _goes_on(text: str, begin: int, position: int) -> bool:
    """Whether a line inside an open bracket looks like the next statement instead."""
    stripped = text[position : position + 200].lstrip(" \t\f")
    if not stripped or stripped[0] in ")]}#\r\n":
        return False
    return width_at(text, position) <= width_at(text, begin) and _ASSIGNS.match(text, position) is not None


def _is_head(text: str, begin: int) -> bool:
    return HEAD.match(text[begin : begin + 200].lstrip(" \t\f")) is not None


def _line_index(starts: list[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1


def _code(piece: str) -> str:
    """A statement without its last comment and line end."""
    end = 0
    for token in _TOKEN.finditer(piece):
        if token.lastgroup == "comment" and not piece[token.end() :].strip(BLANK):
            end = token.start()
            return piece[:end].rstrip(BLANK)
    return piece.rstrip(BLANK)


def _mend(line: Line) -> BaseException | None:
    """Make the statement one that parses.  The error that it had, if any."""
    if line.blank:
        return None
    error = _statement_fails(line.code)
    if error is None:
        return None
    word = keyword(line.code)
    completed = [line.code + ":"]
    if word == "def":  # there may be parameters that are not written yet
        typed = line.code.rstrip(" ,*:")
        comma = "" if typed.endswith("(") else ", "
        completed += [f"{typed}{comma}{more}):" for more in (f"*{HOLE}, **{HOLE}_", f"**{HOLE}_")] + [typed + "):"]
        completed.append(f"{typed.rpartition(',')[0]}, *{HOLE}, **{HOLE}_):")
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
    word = keyword(code)
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
    error.__traceback__ = error.__context__ = None  # the cache must not keep frames alive, be they another error's
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


def _parse_or_drop(lines: list[Line]) -> list[ast.stmt]:
    """Parse; where that fails all the same, drop the statement at fault, a bounded number of times."""
    by_number: dict[int, Line] = {}
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


_PARAMETER = re.compile(r"[ \t\f]+\*{0,2}[A-Za-z_]\w*[ \t]*(?:[,:=]|[ \t\r\n]*$)")
_CODE = re.compile(r"^[ \t]*(?:[\w.]+(?:\[[^\]\n]*\])? = |[\w.]+\(.*\)$|return\b|def \w+\(|raise\b)", re.MULTILINE)
_NAMED = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)")
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
