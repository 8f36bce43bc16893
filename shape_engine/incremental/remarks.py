"""Comments that tell what not to report: ``# shapelens: ignore[code]``, and the lines that they speak for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..syntax import descendants
from ..value import Span
from .text import STRING

MARK = "shapelens:"
LINE_END = re.compile(r"\r\n|\r|\n")


class Remark(NamedTuple):
    """One such comment: the part of it that is ours, the codes it names (none: all), the lines it speaks for."""

    span: Span
    codes: tuple[str, ...]
    lines: tuple[tuple[int, int], ...] = ()


def candidates(text: str) -> Iterator[tuple[int, bool, Remark]]:
    """What looks like such a comment anywhere in a text, strings included: its line, and whether it stands alone."""
    if MARK not in text:
        return
    line, counted = 1, 0
    for match in _IGNORE.finditer(text):
        line += len(LINE_END.findall(text, counted, match.start()))
        counted = match.start()
        start = max(text.rfind("\n", 0, counted), text.rfind("\r", 0, counted)) + 1
        before = text[start:counted].lstrip(" \t\f\ufeff")
        yield line, not before or before[0] == "#", _remark(match, line, counted - start)


def remarks(text: str, body: Sequence[ast.stmt]) -> tuple[Remark, ...]:
    """The comments of a unit, whose lines count from 1 at its first.

    One speaks for the statements that begin or end on its line, and for the line.  Of a statement with a body of its
    own only the head counts.
    """
    found: list[Remark] = []
    heads: list[tuple[int, int]] | None = None
    for comment in _COMMENT.finditer(text):
        if comment["comment"] is None or MARK not in comment["comment"]:
            continue
        for match in _IGNORE.finditer(text, comment.start("comment"), comment.end("comment")):
            line = len(LINE_END.findall(text, 0, match.start())) + 1
            start = max(text.rfind("\n", 0, match.start()), text.rfind("\r", 0, match.start())) + 1
            if heads is None:
                heads = [head(node) for node in descendants(body) if isinstance(node, ast.stmt)]
            lines = dict.fromkeys(((line, line), *(extent for extent in heads if line in extent)))
            found.append(_remark(match, line, match.start() - start)._replace(lines=tuple(lines)))
    return tuple(found)


def head(node: ast.stmt) -> tuple[int, int]:
    """The first and last line of a statement; of one with a body, of what stands above the body."""
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
    cases = getattr(node, "cases", None)
    below = cases[0].pattern.lineno if cases else None
    if below is None and isinstance(body := getattr(node, "body", None), list) and body:
        below = body[0].lineno
    last = node.end_lineno or node.lineno if below is None else max(below - 1, node.lineno)
    return first, last


def _remark(match: re.Match[str], line: int, column: int) -> Remark:
    codes = tuple(code.strip() for code in (match["codes"] or "").split(",") if code.strip())
    return Remark(Span(line, column, line, column + len(match[0])), codes)


_IGNORE = re.compile(rf"#[ \t]*{MARK}[ \t]*ignore\b(?:\[(?P<codes>[^\]\r\n]*)\])?")
_COMMENT = re.compile(rf"(?P<string>{STRING})|(?P<comment>\#[^\r\n]*)", re.DOTALL)
