"""The table that ``model.summary()`` prints.

Follows print_summary of keras/src/utils/summary_utils.py: which columns, how wide, and what stands in the cells.
``?`` stands where a number is not known.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from typing import Any

from shape_engine import render
from shape_engine.description import Row, Summary
from shape_engine.models import Model
from shape_engine.snapshot import Place
from shape_engine.value import Span

UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


Home = Callable[[Place], Place]
"""A place as the client knows it: what the engine takes for one text may be the cells of a notebook."""


def as_it_is(place: Place) -> Place:
    """A place in a file of its own."""
    return place


def table(model: Model, columns: int | None = None, nested: bool = False, home: Home = as_it_is) -> str:
    """The text for a terminal of so many columns; ``nested`` shows the layers of models inside, too.

    It is the model as built, before training, which adds a row for what the optimizer keeps.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    summary = model.summary
    columns = columns or shutil.get_terminal_size().columns
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
    out = io.StringIO()
    console = Console(file=out, width=columns, highlight=False, force_terminal=False, color_system=None, legacy_windows=False)  # fmt: skip
    console.print(Text(f'Model: "{summary.name}"'))
    console.print(drawn)
    for line in _counts(summary):
        console.print(Text(line))
    if summary.doubt:
        console.print(Text(f"Not as printed: {summary.doubt}."))
    for failure in model.failures:
        finding = failure.finding
        console.print(Text(f"Not built: {line_of(model, finding.span, home)} raises {render.exception(finding)}"))
    return out.getvalue()


def line_of(model: Model, span: Span, home: Home) -> str:
    """``line 3``, with the cell's name where there are cells."""
    place = home(Place(model.uri, span))
    return f"{place.name}, line {place.span.line}" if place.name else f"line {place.span.line}"


def output_shape(value: Any) -> str:
    """A shape, or a structure of shapes, as Keras prints it in a cell: ``(None, 3)``, ``[(None, 3), (None, 4)]``."""
    if value is None or isinstance(value, str):
        return value or "?"
    flat = list(_flat(value))
    if len(flat) == 1:
        return flat[0]
    return str(_structure(value)).replace("'", "")


def parameters(count: Any) -> str:
    """``1,234``; "?" where the number is not known."""
    return f"{count:,}" if isinstance(count, int) else "?"


def size(count: Any) -> str:
    """A number of bytes as Keras prints it: ``102.83 KB``."""
    if not isinstance(count, (int, float)):
        return "?"
    for unit in UNITS:
        if count / 1024 < 1:
            return f"{count:.2f} {unit}"
        count /= 1024
    return f"{count:.2f} {UNITS[-1]}"


def _rows(summary: Summary, nested: bool, level: int = 0) -> Iterator[tuple[Row, str]]:
    prefix = "   " * level + "└ " if level else ""
    for row in summary.rows:
        if level and row.obj is None:
            continue
        yield row, prefix
        if nested and row.model is not None:
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
    held = summary.held
    trainable, fixed = (held.trainable, held.non_trainable) if held is not None else (None, None)
    sizes = (held.trainable_bytes, held.non_trainable_bytes) if held is not None else (None, None)
    total = trainable + fixed if isinstance(trainable, int) and isinstance(fixed, int) else None
    bytes_ = None if sizes[0] is None or sizes[1] is None else sizes[0] + sizes[1]
    yield f" Total params: {parameters(total)} ({size(bytes_)})"
    yield f" Trainable params: {parameters(trainable)} ({size(sizes[0])})"
    yield f" Non-trainable params: {parameters(fixed)} ({size(sizes[1])})"


def _is_shape(value: Any) -> bool:
    return isinstance(value, tuple) and not any(isinstance(item, (tuple, list, dict)) for item in value)


def _one(shape: Any) -> str:
    return f"({', '.join(render.dim(dim) for dim in shape)})" if _is_shape(shape) else "?"


def _structure(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _structure(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and not _is_shape(value):
        return type(value)(map(_structure, value))
    return _one(value)


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from _flat(value[key])
    elif isinstance(value, (list, tuple)) and not _is_shape(value):
        for item in value:
            yield from _flat(item)
    else:
        yield _one(value)
