"""What stands in the cells of every table: shapes, numbers and sizes, "?" where they are not known."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from shape_engine import render
from shape_engine.description import Summary

if TYPE_CHECKING:
    from rich.console import Console

UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


def paper(columns: int) -> tuple[Console, io.StringIO]:
    """A console of so many columns without colours, and the text that it writes."""
    from rich.console import Console

    out = io.StringIO()
    return Console(file=out, width=columns, highlight=False, color_system=None, legacy_windows=False), out


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


def size(count: Any, units: tuple[str, ...] = UNITS) -> str:
    """A number of bytes as Keras prints it: ``102.83 KB``."""
    if not isinstance(count, (int, float)):
        return "?"
    for unit in units:
        if count / 1024 < 1:
            return f"{count:.2f} {unit}"
        count /= 1024
    return f"{count:.2f} {units[-1]}"


def total(summary: Summary) -> dict[str, tuple[Any, Any]]:
    """The counts below a table, by name: how many numbers the weights hold, and how many bytes."""
    held = summary.held
    if held is None:
        return dict.fromkeys(("Total", "Trainable", "Non-trainable"), (None, None))
    trainable, fixed = held.trainable, held.non_trainable
    known = isinstance(trainable, int) and isinstance(fixed, int)
    sizes = None if None in (held.trainable_bytes, held.non_trainable_bytes) else (held.trainable_bytes + held.non_trainable_bytes)  # fmt: skip
    return {
        "Total": (trainable + fixed if known else None, sizes),
        "Trainable": (trainable, held.trainable_bytes),
        "Non-trainable": (fixed, held.non_trainable_bytes),
    }


def is_shape(value: Any) -> bool:
    """Whether a value is one shape, not a structure of them."""
    return isinstance(value, tuple) and not any(isinstance(item, (tuple, list, dict)) for item in value)


def _one(shape: Any) -> str:
    return f"({', '.join(render.dim(dim) for dim in shape)})" if is_shape(shape) else "?"


def _structure(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _structure(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and not is_shape(value):
        return type(value)(map(_structure, value))
    return _one(value)


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from _flat(value[key])
    elif isinstance(value, (list, tuple)) and not is_shape(value):
        for item in value:
            yield from _flat(item)
    else:
        yield _one(value)
