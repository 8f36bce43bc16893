"""Lines on standard output: coloured on a terminal, plain text elsewhere."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Part = "str | tuple[str, str]"
MANY = 12


class Writer:
    """Prints lines made of parts: a text, or a text with its style ("bold red")."""

    def __init__(self) -> None:
        self.console: Any = None
        self.held: list[tuple[str | tuple[str, str], ...]] | None = None
        if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
            from rich.console import Console

            self.console = Console(highlight=False, soft_wrap=True, emoji=False, markup=False)

    def hold(self) -> None:
        """Keep the lines back until ``release``: a progress bar is drawn on the same terminal."""
        self.held = []

    def release(self) -> None:
        """Print what was held back."""
        held, self.held = self.held or [], None
        for parts in held:
            self.line(*parts)

    def line(self, *parts: str | tuple[str, str]) -> None:
        """Print one line."""
        if self.held is not None:
            self.held.append(parts)
        elif self.console is None:
            print("".join(part if isinstance(part, str) else part[0] for part in parts))
        else:
            from rich.text import Text

            self.console.print(Text.assemble(*parts))


def print_json(value: Any) -> None:
    """Data for programs: an array with one record on each line."""
    if isinstance(value, list) and value:
        print("[\n" + ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in value) + "\n]")
    else:
        print(json.dumps(value, ensure_ascii=False))


def with_progress(items: Iterable[T], total: int, what: str, writer: Writer) -> Iterator[T]:
    """The items, with a progress bar on standard error where there are many and a person looks on."""
    if total < MANY or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    writer.hold()
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        yield from progress.track(items, total, description=what)
    writer.release()


def excerpt(
    lines: list[str], line: int, column: int, end_line: int, end_column: int
) -> Iterator[list[str | tuple[str, str]]]:
    """The lines of a span with carets under it; of a long one, its first three."""
    gutter = len(str(end_line))
    for number in range(line, min(end_line, line + 2, len(lines)) + 1):
        text = lines[number - 1]
        start = column if number == line else len(text) - len(text.lstrip())
        end = end_column if number == end_line else len(text.rstrip())
        yield [(f"{number:>{gutter + 2}} | ", "blue"), text.expandtabs(4)]
        width = max(1, _cells(text[:end].expandtabs(4)) - _cells(text[:start].expandtabs(4)))
        yield [
            (" " * (gutter + 2) + " | ", "blue"),
            " " * _cells(text[:start].expandtabs(4)),
            ("^" * width, "bold red"),
        ]


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    import unicodedata

    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def columns(rows: Iterable[Sequence[str]], gap: str = "  ") -> Iterator[str]:
    """Rows with aligned columns, the last one ragged."""
    rows = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        *cells, last = row
        yield gap.join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=False)), last]).rstrip()
