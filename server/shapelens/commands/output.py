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
        if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
            from rich.console import Console

            self.console = Console(highlight=False, soft_wrap=True, emoji=False, markup=False)

    def line(self, *parts: str | tuple[str, str]) -> None:
        if self.console is None:
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


def with_progress(items: Sequence[T], what: str) -> Iterator[T]:
    """The items, with a progress bar on standard error where there are many and a person looks on."""
    if len(items) < MANY or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=what, console=Console(stderr=True), transient=True)


def columns(rows: Iterable[Sequence[str]], gap: str = "  ") -> Iterator[str]:
    """Rows with aligned columns, the last one ragged."""
    rows = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        *cells, last = row
        yield gap.join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=False)), last]).rstrip()
