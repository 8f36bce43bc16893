"""``shapelens explain``: how the value at a place comes about, and why a call there raises."""

from __future__ import annotations

import argparse
import re
import sys

from shape_engine import render
from shapelens.cli import CLEAN, FOUND, Misuse
from shapelens.commands.output import Writer
from shapelens.commands.session import one_file


def run(options: argparse.Namespace) -> int:
    """Print the derivation of what stands at FILE:LINE[:COL]."""
    file, line, column = place(options.place)
    _, text, snapshot = one_file(options, file)
    if not 1 <= line <= text.count("\n") + 1:
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


def place(text: str) -> tuple[str, int, int | None]:
    """The file, the line, and the column counted from 0, of ``FILE:LINE[:COL]``, which counts from 1."""
    match = re.fullmatch(r"(.+?):(\d+)(?::(\d+))?:?", text)
    if match is None:
        raise Misuse(f"{text!r} names no place; write FILE:LINE or FILE:LINE:COL")
    file, line, column = match.groups()
    return file, int(line), None if column is None else max(0, int(column) - 1)
