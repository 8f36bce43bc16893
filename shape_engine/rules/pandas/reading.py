"""Where the tables of pandas come from: files, whose size nobody knows, and what a program holds."""

from __future__ import annotations

from typing import Any

from ...rule import Call, function
from ...shape import Shape
from ...value import Instance, Tensor, Unknown, Value
from ..arrays import held, operand
from ..tables import COLUMN, TABLE, Table, new_column, new_table, rows_of, table, table_of, unknown_table


@function("pandas.read_csv")
@function("pandas.read_table")
@function("pandas.read_excel")
@function("pandas.read_json")
@function("pandas.read_parquet")
@function("pandas.read_feather")
@function("pandas.read_sql")
@function("pandas.read_hdf")
def read(call: Call, *args: Value, **settings: Value) -> Value:
    """A table from a file; in parts where ``chunksize`` asks for them."""
    if any(settings.get(name) is not None for name in ("chunksize", "iterator", "squeeze", "sheet_name")):
        return Unknown("tables from a file")
    names = settings.get("names")
    wanted = settings.get("usecols")
    chosen = (
        names if isinstance(names, list) and wanted is None else wanted if settings.get("index_col") is None else None
    )
    if isinstance(chosen, list) and all(isinstance(name, str) for name in chosen) and "index_col" not in settings:
        return new_table(
            call,
            table(
                call, call.symbol(), tuple(names) if isinstance(names, list) and chosen is names else None, len(chosen)
            ),
        )
    return new_table(call, unknown_table(call))


@function("pandas.concat")
def concat(call: Call, objs: Value, *, axis: Value = 0, **_: Value) -> Value:
    """Tables below each other, or side by side."""
    parts = list(objs) if isinstance(objs, (list, tuple)) else []
    if not parts or not all(isinstance(part, Instance) and part.cls in (TABLE, COLUMN) for part in parts):
        return Unknown("tables put together")
    counts = [rows_of(call, part) for part in parts]
    rows: Any = sum(counts[1:], counts[0]) if None not in counts else call.symbol()
    if axis in (0, "index", "rows"):
        if all(part.cls == COLUMN for part in parts):
            return new_column(call, rows)
        tables = [table_of(call, part) for part in parts if part.cls == TABLE]
        same = len(tables) == len(parts) and all(one.labels == tables[0].labels for one in tables)
        if not same or _.get("join") is not None:
            return new_table(call, table(call, rows, None, call.symbol()))
        return new_table(call, table(call, rows, tables[0].names, tables[0].width))
    if axis not in (1, "columns"):
        return Unknown("tables put together")
    widths = [1 if part.cls == COLUMN else table_of(call, part).width for part in parts]
    indices = [call.get(part, ".index") if part.cls == COLUMN else table_of(call, part).index for part in parts]
    aligned = all(index is not None and index == indices[0] for index in indices)
    index = indices[0] if aligned else None
    height = counts[0] if aligned and counts[0] is not None else call.symbol()
    return new_table(call, table(call, height, None, sum(widths[1:], widths[0]), index=index))


@function("pandas.get_dummies")
def get_dummies(call: Call, data: Value, *args: Value, **_: Value) -> Value:
    """A column for each value: how many, the data tells."""
    rows = rows_of(call, data)
    index = table_of(call, data).index if isinstance(data, Instance) and data.cls == TABLE else None
    return new_table(call, table(call, call.symbol() if rows is None else rows, None, call.symbol(), index=index))


@function("pandas.to_datetime")
@function("pandas.to_numeric")
@function("pandas.isnull")
@function("pandas.isna")
@function("pandas.notnull")
def same_rows(call: Call, arg: Value, *args: Value, **_: Value) -> Value:
    """A column for a column."""
    rows = rows_of(call, arg)
    column = isinstance(arg, Instance) and arg.cls == COLUMN and rows is not None
    return new_column(call, rows, index=call.get(arg, ".index")) if column else Unknown("what becomes of values")


def made_of(call: Call, data: Value, columns: Value, index: Value) -> Table:
    """What ``DataFrame(data, columns=columns)`` is."""
    names = tuple(columns) if isinstance(columns, (list, tuple)) else None
    if isinstance(data, dict):
        if names is not None or not data:
            return unknown_table(call)
        counts = [rows_of(call, item) for item in data.values()]
        rows = next((n for n in counts if isinstance(n, int)), next((n for n in counts if n is not None), None))
        rows = rows_of(call, index) if index is not None else rows
        return table(call, call.symbol() if rows is None else rows, tuple(data), len(data))
    x = held(call, data)
    if isinstance(x, (list, tuple)):
        if any(isinstance(row, (dict, str)) or not isinstance(row, (list, tuple, Tensor, int, float)) for row in x):
            return table(call, len(x), names, len(names) if names is not None else call.symbol())
        x = operand(list(x), "numpy", call)
    if not isinstance(x, Tensor) or not isinstance(x.shape, Shape) or len(x.shape) not in (1, 2):
        return unknown_table(call)
    width = x.shape[1] if len(x.shape) == 2 else 1
    return table(call, x.shape[0], names if names is not None and len(names) == width else None, width, dtype=x.dtype)
