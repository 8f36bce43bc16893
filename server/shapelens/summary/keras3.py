"""The table that ``model.summary()`` of Keras 3 prints.

Follows print_summary of keras/src/utils/summary_utils.py: which columns, how wide, and what stands in the cells.
``?`` stands where a number is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shape_engine.description import Row, Summary

from .cells import output_shape, paper, parameters, size, total


def printed(summary: Summary, columns: int, nested: bool) -> str:
    """The table for a terminal of so many columns; ``nested`` shows the layers of models inside, too."""
    from rich import box
    from rich.table import Column, Table
    from rich.text import Text

    length, positions, header = (88, (0.45, 0.80, 1.0), ("Layer (type)", "Output Shape", "Param #"))
    if not summary.linear:
        length, positions = 108, (0.3, 0.56, 0.74, 1.0)  # type: ignore[assignment]
        header = (*header, "Connected to")  # type: ignore[assignment]
    length = max(min(length, columns - 4), 40)
    ends = [int(position * length) for position in positions]
    widths = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    made = [
        Column(name, justify="right" if name == "Param #" else "left", width=width)
        for name, width in zip(header, widths, strict=True)
    ]
    drawn = Table(*made, width=length, show_lines=True, box=box.HEAVY_HEAD)
    for row, prefix in _rows(summary, nested):
        cells = [f"{prefix}{row.name} ({row.cls})", output_shape(row.shown), _params(row)]
        if not summary.linear:
            cells.append("-" if prefix else _connections(row))
        drawn.add_row(*map(Text, cells))
    console, out = paper(columns)
    console.print(Text(f'Model: "{summary.name}"'))
    console.print(drawn)
    for line in _counts(summary):
        console.print(Text(line))
    return out.getvalue()


def _rows(summary: Summary, nested: bool, level: int = 0) -> Iterator[tuple[Row, str]]:
    prefix = "   " * level + "└ " if level else ""
    for row in summary.rows:
        if level and row.obj is None:
            continue
        yield row, prefix
        if nested and row.model is not None and row.model.is_model:
            yield from _rows(row.model, nested, level + 1)


def _params(row: Row) -> str:
    if row.built is None:
        return "?"
    return parameters(row.held) if row.built else "0 (unbuilt)"


def _connections(row: Row) -> str:
    def number(value: Any) -> str:
        return "?" if value is None else str(value)

    return ", ".join(f"{link.name}[{number(link.node)}][{number(link.output)}]" for link in row.links) or "-"


def _counts(summary: Summary) -> Iterator[str]:
    for name, (numbers, bytes_) in total(summary).items():
        yield f" {name} params: {parameters(numbers)} ({size(bytes_)})"
