"""``shapelens explain``: how the value at a place comes about and why a call there raises, or what a code means."""

from __future__ import annotations

import argparse
import re
import sys

from shapelens import pages
from shapelens.cli import CLEAN, FOUND, Misuse
from shapelens.commands.output import Writer


def run(options: argparse.Namespace) -> int:
    """Print the derivation of what stands at FILE:LINE[:COL], or the page of a code."""
    if ":" not in options.place:
        return _page(options.place)
    from shape_engine import render
    from shapelens.commands.session import one_file

    file, line, column = place(options.place)
    path, cell = re.fullmatch(r"(.+?)(?::cell (\d+))?", file, re.DOTALL).groups()  # type: ignore[union-attr]
    _, pieces = one_file(options, path)
    piece = next((one for one in pieces if one.told is None or str(one.told.cell.number) == cell), None)
    if piece is None:
        raise Misuse(f"{path} has no cell {cell} of Python" if cell else f"name a cell: {path}:cell 1:{line}")
    snapshot = piece.snapshot
    if not 1 <= line <= piece.text.count("\n") + 1:
        raise Misuse(f"{file} has no line {line}")
    words = render.derivation(snapshot, line, column)
    if words is None and column is not None:
        words = render.derivation(snapshot, line)
    if words is None:
        print(f"shapelens: no tensor is known on line {line} of {file}", file=sys.stderr)
        return FOUND
    writer = Writer()
    for part in words.split("\n"):
        writer.line(part)
    return CLEAN


def _page(code: str) -> int:
    """Print the page of a kind of problem; on a terminal, set as Markdown."""
    page = pages.page(code)
    if page is None:
        from difflib import get_close_matches

        near = get_close_matches(code, pages.codes(), 3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise Misuse(f"{code!r} names no place and no problem: write FILE:LINE, FILE:LINE:COL or a code{hint}")
    text = page.read_text(encoding="utf-8")
    console = Writer().console
    if console is None:
        print(text, end="")
    else:
        from rich.markdown import Markdown

        console.print(Markdown(text))
    return CLEAN


def place(text: str) -> tuple[str, int, int | None]:
    """The file, the line, and the column counted from 0, of ``FILE:LINE[:COL]``, which counts from 1.

    The file may be a cell: ``book.ipynb:cell 3``.
    """
    match = re.fullmatch(r"(.+?):(\d+)(?::(\d+))?:?", text)
    if match is None:
        raise Misuse(f"{text!r} names no place; write FILE:LINE or FILE:LINE:COL")
    file, line, column = match.groups()
    return file, int(line), None if column is None else max(0, int(column) - 1)
