"""``DataFrame``: a table, and what its methods give (pandas/core/frame.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...dim import is_dim, minimum
from ...dtypes import dtype_name
from ...rule import REGISTRY, Call, ClassRule, class_rule, function
from ...shape import Shape
from ...value import BoundMethod, Instance, Known, Slice, Tensor, Unknown, Value
from ..arrays import number
from ..tables import COLUMN, TABLE, Table, new_column, new_table, set_table, table, table_of, unknown_table
from .columns import ARITHMETIC, array_of, indexer
from .reading import made_of

KEEPING = frozenset({
    "astype", "fillna", "replace", "shift", "diff", "cumsum", "cumprod", "clip", "round", "abs", "isna", "isnull", "notna",
    "notnull", "interpolate", "ffill", "bfill", "pct_change", "copy", "where", "mask", "rank", "infer_objects", "rename",
})  # fmt: skip
"""Methods that keep rows and columns."""
REDUCING = frozenset({"mean", "std", "var", "min", "max", "median", "sum", "nunique", "count"})


@class_rule("pandas.DataFrame")
class DataFrame(ClassRule):
    """Rows and columns."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = dict(zip(("data", "index", "columns"), args, strict=False)) | dict(kwargs)
        data, index, columns = (call.thaw(given.get(name)) for name in ("data", "index", "columns"))
        set_table(call, obj, made_of(call, data, columns, index))

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        what = table_of(call, obj)
        if name == "values":
            return array_of(call, obj)
        if name in ("shape", "ndim", "size"):
            return call.attribute(array_of(call, obj), name)
        if name == "columns":
            return new_column(call, what.width) if what.names is None else call.new_list(what.names)
        if name == "index":
            return new_column(call, what.rows, index=what.index)
        if name == "T":
            return new_table(call, table(call, what.width, None, what.rows))
        if name in ("iloc", "loc", "at", "iat"):
            return indexer(call, obj, "iloc" if name == "iat" else "loc" if name == "at" else name)
        if name in KEEPING:
            return BoundMethod(Known("pandas.DataFrame.astype"), obj)
        if name in REDUCING:
            return BoundMethod(Known("pandas.DataFrame.mean"), obj)
        target = f"{self.target}.{name}"
        if REGISTRY.find(target) is not None:
            return BoundMethod(Known(target), obj)
        if what.names is not None and name in what.names:
            return new_column(call, what.rows, what.dtype, what.index)
        return Unknown(f"{name} of a table")

    def set(self, call: Call, obj: Instance, name: str, value: Value) -> None:
        what = table_of(call, obj)
        if name == "columns":
            names = call.thaw(value)
            known = isinstance(names, (list, tuple))
            set_table(call, obj, table(call, what.rows, tuple(names) if known else None, what.width, index=what.index))
        elif name == "index":
            set_table(call, obj, replace(what, index=call.symbol()))

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        what, key = table_of(call, obj), call.thaw(key)
        if isinstance(key, (str, int)):
            return new_column(call, what.rows, what.dtype, what.index)
        if isinstance(key, (list, tuple)) and all(isinstance(name, str) for name in key):
            if isinstance(key, tuple):
                return Unknown("a column of many levels")
            names = tuple(key)
            return new_table(call, table(call, what.rows, names, len(names), index=what.index, dtype=what.dtype))
        if isinstance(key, Slice):
            return by_position(call, obj, key)
        if (isinstance(key, Instance) and key.cls == COLUMN) or (isinstance(key, Tensor) and key.dtype == "bool"):
            return new_table(call, replace(what, rows=call.symbol(), index=call.symbol()))
        return Unknown("a part of a table")

    def set_item(self, call: Call, obj: Instance, key: Value, value: Value) -> None:
        what, key = table_of(call, obj), call.thaw(key)
        keys = key if isinstance(key, list) else [key]
        if not all(isinstance(name, (str, int)) for name in keys):
            if not isinstance(key, (Slice, Instance)):
                set_table(call, obj, unknown_table(call))
            return
        if what.names is None:
            set_table(call, obj, table(call, what.rows, None, call.symbol(), index=what.index))
            return
        names = tuple(dict.fromkeys((*what.names, *keys)))
        if names != what.names:
            set_table(call, obj, table(call, what.rows, names, len(names), index=what.index))

    def delete_item(self, call: Call, obj: Instance, key: Value) -> None:
        set_table(call, obj, without(call, table_of(call, obj), call.thaw(key)))

    def forget(self, call: Call, obj: Instance) -> None:
        set_table(call, obj, unknown_table(call))

    def iterate(self, call: Call, obj: Instance) -> tuple[Value, ...] | None:
        return table_of(call, obj).names


def without(call: Call, what: Table, labels: Value) -> Table:
    """The table without these columns, which are there (otherwise pandas raises)."""
    gone = set(labels) if isinstance(labels, (list, tuple)) else {labels}
    if not all(isinstance(name, (str, int)) for name in gone):
        return table(call, what.rows, None, call.symbol(), index=what.index)
    if what.names is None:
        return table(call, what.rows, None, what.width - len(gone), index=what.index, dtype=what.dtype)
    names = tuple(name for name in what.names if name not in gone)
    return table(call, what.rows, names, len(names), index=what.index, dtype=what.dtype)


@function("pandas.DataFrame.iloc.__getitem__", raw=True)
def by_position(call: Call, self: Instance, key: Value) -> Value:
    """Rows, and columns, as NumPy takes them."""
    what, array = table_of(call, self), array_of(call, self)
    parts = key if isinstance(key, tuple) else (key,)
    if any(isinstance(call.resolve(part), (Instance, Unknown)) for part in parts) or len(parts) > 2:
        return Unknown("a part of a table")
    lists = sum(not isinstance(part, (int, Slice)) and not is_dim(part) for part in parts)
    if lists > 1:
        return Unknown("rows and columns of a table")
    with call.caught():
        found = call.invoke(Known("numpy.ndarray.__getitem__"), [array, key])
    if not isinstance(found, Tensor) or not isinstance(found.shape, Shape) or not found.shape:
        return Unknown("a value of a table")
    whole = isinstance(parts[0], Slice) and (parts[0].start, parts[0].stop, parts[0].step) == (None, None, None)
    index = what.index if whole else None
    if len(found.shape) == 1:
        return new_column(call, found.shape[0], what.dtype, index if len(parts) == 2 else None)
    rows, width = found.shape
    if len(parts) == 1:
        return new_table(call, replace(what, rows=rows, index=what.index if whole else call.symbol()))
    return new_table(call, table(call, rows, None, width, index=index, dtype=what.dtype))


@function("pandas.DataFrame.loc.__getitem__", raw=True)
def by_label(call: Call, self: Instance, key: Value) -> Value:
    """Rows, and columns, by their labels."""
    what = table_of(call, self)
    rows, columns = key if isinstance(key, tuple) and len(key) == 2 else (key, None)
    rows, columns = call.resolve(rows), call.thaw(columns)
    whole = isinstance(rows, Slice) and (rows.start, rows.stop, rows.step) == (None, None, None)
    if not isinstance(rows, Slice) and not (isinstance(rows, Instance) and rows.cls == COLUMN):
        return Unknown("a row of a table")
    count, index = (what.rows, what.index) if whole else (call.symbol(), None)
    if columns is None:
        return new_table(call, replace(what, rows=count, index=index or call.symbol()))
    if isinstance(columns, (str, int)):
        return new_column(call, count, what.dtype, index)
    if isinstance(columns, list) and all(isinstance(name, str) for name in columns):
        return new_table(call, table(call, count, tuple(columns), len(columns), index=index))
    return new_table(call, table(call, count, None, call.symbol(), index=index))


@function("pandas.DataFrame.loc.__setitem__", raw=True)
def set_by_label(call: Call, self: Instance, key: Value) -> None:
    """A label that is not there yet makes a row or a column more."""
    what = table_of(call, self)
    rows, columns = key if isinstance(key, tuple) and len(key) == 2 else (key, None)
    kept = isinstance(call.resolve(rows), (Slice, Instance))
    known = columns is None or (what.names is not None and call.thaw(columns) in what.names)
    if not kept or not known:
        count, index = (what.rows, what.index) if kept else (call.symbol(), None)
        names, width = (what.names, what.width) if known else (None, call.symbol())
        set_table(call, self, table(call, count, names, width, index=index))


@function("pandas.DataFrame.to_numpy")
@function("pandas.DataFrame.__array__")
def to_numpy(call: Call, self: Instance, dtype: Value = None, *args: Value, **_: Value) -> Value:
    """The values."""
    array = array_of(call, self)
    return Tensor(array.shape, array.dtype if dtype is None else dtype_name(dtype), "numpy")


@function("pandas.DataFrame.__len__")
def length(call: Call, self: Instance) -> Value:
    """How many rows there are."""
    return table_of(call, self).rows


@function("pandas.DataFrame.astype")
def kept(call: Call, self: Instance, *args: Value, **settings: Value) -> Value:
    """As many rows and columns; their names may be others."""
    what = table_of(call, self)
    changed = replace(what, dtype=None)
    if "columns" in settings or "mapper" in settings:  # rename
        changed = table(call, what.rows, None, what.width, index=what.index)
    return _given(call, self, changed, settings)


@function("pandas.DataFrame.drop")
def drop(
    call: Call,
    self: Instance,
    labels: Value = None,
    *args: Value,
    axis: Value = 0,
    columns: Value = None,
    **settings: Value,
) -> Value:
    """Without some columns, or some rows."""
    what = table_of(call, self)
    axis = args[0] if args else axis
    if labels is not None and axis in (1, "columns"):
        columns, labels = labels, None
    if settings.get("errors", "raise") != "raise" or (columns is None and axis not in (0, "index")):
        return _given(call, self, unknown_table(call), settings)
    if columns is not None:
        what = without(call, what, columns)
    if labels is not None or settings.get("index") is not None:
        what = replace(what, rows=call.symbol(), index=call.symbol())
    return _given(call, self, what, settings)


@function("pandas.DataFrame.dropna")
@function("pandas.DataFrame.drop_duplicates")
@function("pandas.DataFrame.query")
def fewer_rows(call: Call, self: Instance, *args: Value, **settings: Value) -> Value:
    """Some of the rows."""
    what = table_of(call, self)
    if settings.get("axis", 0) not in (0, "index") or (args and args[0] in (1, "columns")):
        return _given(call, self, table(call, what.rows, None, call.symbol(), index=what.index), settings)
    return _given(call, self, replace(what, rows=call.symbol(), index=call.symbol()), settings)


@function("pandas.DataFrame.sort_values")
@function("pandas.DataFrame.sort_index")
def sort(call: Call, self: Instance, *args: Value, **settings: Value) -> Value:
    """The rows in another order; their labels go with them."""
    return _given(call, self, table_of(call, self), settings)


@function("pandas.DataFrame.reset_index")
def reset_index(call: Call, self: Instance, *args: Value, drop: Value = False, **settings: Value) -> Value:
    """New labels for the rows; the old ones become columns unless they are dropped."""
    what = table_of(call, self)
    if drop is not True or args:
        return _given(call, self, table(call, what.rows, None, call.symbol()), settings)
    return _given(call, self, replace(what, index=call.symbol()), settings)


@function("pandas.DataFrame.set_index")
def set_index(call: Call, self: Instance, keys: Value, *args: Value, **settings: Value) -> Value:
    """A column becomes the labels of the rows."""
    what = table_of(call, self)
    known = isinstance(keys, str) and settings.get("drop", True) is True and settings.get("append", False) is False
    changed = without(call, what, keys) if known and not args else table(call, what.rows, None, call.symbol())
    return _given(call, self, replace(changed, index=call.symbol()), settings)


@function("pandas.DataFrame.head")
@function("pandas.DataFrame.tail")
def head(call: Call, self: Instance, n: Value = 5) -> Value:
    """The first or the last rows."""
    what, count = table_of(call, self), number(n)
    rows = minimum(what.rows, count) if isinstance(count, int) and count >= 0 else call.symbol()
    return new_table(call, replace(what, rows=rows, index=call.symbol()))


@function("pandas.DataFrame.sample")
def sample(call: Call, self: Instance, n: Value = None, frac: Value = None, *args: Value, **_: Value) -> Value:
    """Rows drawn at random."""
    what = table_of(call, self)
    if frac is None:
        rows: Any = 1 if n is None else number(n)
    elif frac == 1:
        rows = what.rows
    else:
        known = isinstance(frac, float) and isinstance(what.rows, int)
        rows = round(frac * what.rows) if known else None
    return new_table(call, replace(what, rows=rows if is_dim(rows) else call.symbol(), index=call.symbol()))


@function("pandas.DataFrame.pop")
def pop(call: Call, self: Instance, item: Value) -> Value:
    """Takes a column out."""
    what = table_of(call, self)
    set_table(call, self, without(call, what, item))
    return new_column(call, what.rows, what.dtype, what.index)


@function("pandas.DataFrame.insert")
def insert(call: Call, self: Instance, loc: Value, column: Value, value: Value, *args: Value, **_: Value) -> None:
    """Puts a column in."""
    what = table_of(call, self)
    set_table(call, self, table(call, what.rows, None, what.width + 1, index=what.index))


@function("pandas.DataFrame.assign")
@function("pandas.DataFrame.select_dtypes")
@function("pandas.DataFrame.filter")
def other_columns(call: Call, self: Instance, *args: Value, **_: Value) -> Value:
    """The same rows with other columns."""
    what = table_of(call, self)
    return new_table(call, table(call, what.rows, None, call.symbol(), index=what.index))


@function("pandas.DataFrame.mean")
def reduced(call: Call, self: Instance, *args: Value, **settings: Value) -> Value:
    """A number for each column (or for each row)."""
    what = table_of(call, self)
    axis = args[0] if args else settings.get("axis", 0)
    if axis in (1, "columns"):
        return new_column(call, what.rows, index=what.index)
    if axis not in (0, "index") or settings.get("numeric_only", False) is not False:
        return Unknown("a reduced table")
    return new_column(call, what.width, index=("columns", what.labels))


def arithmetic(call: Call, self: Instance, other: Value = None) -> Value:
    """Value by value; other labels than one's own may make more rows or columns."""
    what = replace(table_of(call, self), dtype=None)
    if isinstance(other, Instance) and other.cls == COLUMN:
        if call.get(other, ".index") != ("columns", what.labels):
            what = table(call, what.rows, None, call.symbol(), index=what.index)
    elif isinstance(other, Instance) and other.cls == TABLE:
        second = table_of(call, other)
        if second.index != what.index or second.labels != what.labels:
            what = unknown_table(call)
    elif isinstance(other, (Instance, Unknown)):
        return Unknown("a table and something that is not known")
    return new_table(call, what)


for _name in ARITHMETIC:
    function(f"pandas.DataFrame.{_name}")(arithmetic)


def _given(call: Call, self: Instance, what: Table, settings: Mapping[str, Value]) -> Value:
    """A new table, or this one changed where ``inplace`` says so."""
    inplace = settings.get("inplace", False)
    if inplace is False:
        return new_table(call, what)
    set_table(call, self, what if inplace is True else unknown_table(call))
    return None
