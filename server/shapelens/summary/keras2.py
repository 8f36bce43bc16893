"""The table that ``model.summary()`` of Keras 2 prints: the package tf_keras, and Keras from 2.7 on.

Follows print_summary of tf_keras/src/utils/layer_utils.py, and of keras/utils/layer_utils.py in Keras 2.12, which took
other columns, had no room between them and told no sizes.  It draws no box, counts in columns of fixed width and takes
the text of Python's own lists and tuples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shape_engine import render
from shape_engine.description import Row, Summary

from .cells import is_shape, parameters, size, total

UNITS = ("Byte", "KB", "MB", "GB", "TB", "PB")
ENDS_OF_PARTS = ("),", "},", "],", "',")
"""A cell is broken behind these first."""


def printed(summary: Summary, nested: bool) -> str:
    """The table; ``nested`` shows the layers of models inside, too."""
    return "".join(f"{line}\n" for line in _lines(summary, nested))


@dataclass(frozen=True)
class Columns:
    """Where columns end, and whether they are those of an ``early`` Keras, which uses all of a column."""

    ends: list[int]
    early: bool


def _lines(summary: Summary, nested: bool) -> Iterator[str]:
    header = ["Layer (type)", "Output Shape", "Param #"]
    early = summary.version < (2, 13)
    length, positions = (65, (0.45, 0.85, 1.0)) if summary.linear else (98, (0.3, 0.6, 0.7, 1.0))
    if early and not summary.linear:
        positions = (0.33, 0.55, 0.67, 1.0)
    columns = Columns([int(length * position) for position in positions], early)
    yield f'Model: "{summary.name}"'
    yield "_" * length
    yield from _row(header if summary.linear else [*header, "Connected to"], columns)
    yield "=" * length
    for row in summary.rows:
        yield from _layer(row, summary.linear, columns, nested)
    yield "=" * length
    for name, (numbers, bytes_) in total(summary).items():
        if early:
            yield f"{name} params: {parameters(numbers)}"
        else:
            yield f"{name} params: {_number(numbers)} ({size(bytes_, UNITS)})"
    yield "_" * length


def _layer(row: Row, linear: bool, columns: Columns, nested: bool, level: int = 0, last: bool = False) -> Iterator[str]:
    cells = [f"{row.name} ({row.cls})", _text(row.shown), _params(row)]
    if not linear:
        cells.append(str([] if level else _connections(row)))
    yield from _row(cells, columns, level)
    if nested and row.model is not None and row.model.is_model and row.model.rows:
        yield _line("¯", columns.ends[-1], level + 1)
        for inner in row.model.rows:
            yield from _layer(inner, linear, columns, nested, level + 1, inner is row.model.rows[-1])
        yield _line("¯", columns.ends[-1], level)
        last = True  # Keras forgets here whether it was
    if not last:
        yield _line(" ", columns.ends[-1], level)


def _line(filling: str, length: int, level: int) -> str:
    """A line of one sign between the bars of the models around it."""
    return "|" * level + filling * (length - 2 * level) + "|" * level


def _row(cells: Sequence[str], columns: Columns, level: int = 0) -> Iterator[str]:
    """The lines of a row: what does not fit in a cell goes on in the next line."""
    left, ends, early = list(cells), columns.ends, columns.early
    while any(left):
        line = "|" * level + " "
        for column, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
            last = column == len(ends) - 1
            fits = end - start - (0 if last else 2)
            if not early:
                fits -= (not last) + (0 if column else level)
            breaks = [place + len(sign) for sign in ENDS_OF_PARTS if (place := left[column][:fits].find(sign)) >= 0]
            fits = min(breaks, default=fits)
            line = (line + left[column][:fits] + ("" if last else "  ")).ljust(end - (level if last or early else 0))
            left[column] = left[column][fits:]
        yield line + "|" * level


def _text(value: Any) -> str:
    """A structure of shapes as Python prints it."""
    return value or "?" if value is None or isinstance(value, str) else repr(_bare(value))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and not is_shape(value):
        return type(value)(map(_bare, value))
    if not is_shape(value):
        return _Bare("?")
    return tuple(None if dim is None else _Bare(render.dim(dim)) for dim in value)


class _Bare(str):
    """A text without quotes around it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _params(row: Row) -> str:
    if row.built is None:
        return "?"
    return _number(row.held) if row.built else "0 (unused)"


def _number(count: Any) -> str:
    return str(count) if isinstance(count, int) else "?"


def _connections(row: Row) -> list[str]:
    def number(value: Any) -> str:
        return "?" if value is None else str(value)

    return [f"{link.name}[{number(link.node)}][{number(link.output)}]" for link in row.links]
