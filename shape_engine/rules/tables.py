"""Rows of data in any form: arrays, lists, and the tables and columns of pandas, which others split and scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..rule import Call
from ..shape import Shape
from ..value import Instance, Known, Tensor, Unknown, Value

TABLE, COLUMN = Known("pandas.DataFrame"), Known("pandas.Series")


@dataclass(frozen=True, slots=True)
class Table:
    """A ``DataFrame``: how many rows, the names of the columns where they are known, and how many.

    ``index`` stands for the labels of the rows, ``labels`` for those of the columns: where two tables have the same,
    an operation on both keeps them.
    """

    rows: Any
    names: tuple[Value, ...] | None
    width: Any
    index: Any
    labels: Any
    dtype: str | None = None


def table(
    call: Call, rows: Any, names: tuple[Value, ...] | None, width: Any, *, index: Any = None, dtype: str | None = None
) -> Table:
    """A table whose columns are new; its rows, too, unless the ``index`` is given."""
    return Table(rows, names, width, call.symbol() if index is None else index, names or call.symbol(), dtype)


def unknown_table(call: Call) -> Table:
    """A table of which nothing is known."""
    return table(call, call.symbol(), None, call.symbol())


def new_table(call: Call, what: Table) -> Instance:
    """A ``DataFrame``."""
    obj = call.new(TABLE)
    set_table(call, obj, what)
    return obj


def set_table(call: Call, obj: Instance, what: Table) -> None:
    """What a ``DataFrame`` is from now on; ``.array`` is what NumPy makes of it."""
    call.set(obj, ".table", what)
    call.set(obj, ".array", Tensor(Shape((what.rows, what.width)), what.dtype, "numpy"))


def table_of(call: Call, obj: Value) -> Table:
    """What a ``DataFrame`` is."""
    found = call.get(obj, ".table") if isinstance(obj, Instance) else None
    return found if isinstance(found, Table) else unknown_table(call)


def new_column(call: Call, rows: Any, dtype: str | None = None, index: Any = None) -> Instance:
    """A ``Series`` of so many rows."""
    obj = call.new(COLUMN)
    call.set(obj, ".index", call.symbol() if index is None else index)
    call.set(obj, ".array", Tensor(Shape((rows,)), dtype, "numpy"))
    return obj


def rows_of(call: Call, value: Value) -> Any:
    """How many rows the data has; None where that is not known."""
    if isinstance(value, (list, tuple)):
        return len(value)
    array = value if isinstance(value, Tensor) else call.get(value, ".array") if isinstance(value, Instance) else None
    known = isinstance(array, Tensor) and isinstance(array.shape, Shape) and array.shape
    return array.shape[0] if known else None  # type: ignore[union-attr,index]


def with_rows(call: Call, value: Value, rows: Any) -> Value:
    """The same kind of data with other rows, so many."""
    if isinstance(value, Tensor):
        if not isinstance(value.shape, Shape) or not value.shape:
            return Tensor(value.shape, value.dtype, value.kind)
        return Tensor(Shape((rows, *value.shape[1:])), value.dtype, value.kind)
    if isinstance(value, (list, tuple)) and isinstance(rows, int):
        return [_any_of(value)] * rows
    if isinstance(value, Instance) and value.cls == TABLE:
        return new_table(call, replace(table_of(call, value), rows=rows, index=call.symbol()))
    if isinstance(value, Instance) and value.cls == COLUMN:
        array = call.get(value, ".array")
        return new_column(call, rows, array.dtype if isinstance(array, Tensor) else None)
    return Unknown("rows of something that is not known")


def _any_of(items: Any) -> Value:
    """What each of some items is."""
    first = items[0] if items else None
    if isinstance(first, Tensor) and all(isinstance(x, Tensor) and x.shape == first.shape for x in items):
        return replace(first, constant=None, made=None)
    return Unknown("one of several items")
