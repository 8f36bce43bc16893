"""``Series``: a column, and what its methods give (pandas/core/series.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...dtypes import dtype_name
from ...rule import REGISTRY, Call, ClassRule, class_rule, function
from ...shape import Shape
from ...value import BoundMethod, Instance, Known, Slice, Tensor, Unknown, Value
from ..arrays import operand
from ..tables import COLUMN, TABLE, new_column, new_table, rows_of, table

KEEPING = frozenset({
    "astype", "fillna", "map", "apply", "replace", "shift", "diff", "cumsum", "cumprod", "clip", "round", "abs", "isna",
    "isnull", "notna", "notnull", "isin", "rank", "interpolate", "ffill", "bfill", "pct_change", "between", "copy", "where",
    "mask", "rename", "sub", "add", "mul", "div", "truediv", "pow", "gt", "lt", "ge", "le", "eq", "ne",
})  # fmt: skip
"""Methods that keep the rows."""
ARITHMETIC = (
    "__add__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__mod__", "__pow__", "__and__", "__or__", "__xor__",
    "__radd__", "__rsub__", "__rmul__", "__rtruediv__", "__rfloordiv__", "__rpow__", "__rand__", "__ror__", "__neg__",
    "__invert__", "__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__",
)  # fmt: skip


@class_rule("pandas.Series")
class Series(ClassRule):
    """A column of values."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        data = call.thaw(args[0] if args else kwargs.get("data"))
        index = call.thaw(args[1] if len(args) > 1 else kwargs.get("index"))
        rows = rows_of(call, index) if index is not None else None
        rows = rows_of(call, data) if rows is None else rows
        x = operand(data, "numpy", call) if isinstance(data, (list, tuple, Tensor)) else None
        call.set(obj, ".index", call.symbol())
        shape = Shape((call.symbol() if rows is None else rows,))
        call.set(obj, ".array", Tensor(shape, None if x is None else x.dtype, "numpy"))

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        array = array_of(call, obj)
        if name in ("values", "array"):
            return array
        if name in ("shape", "ndim", "size"):
            return call.attribute(array, name)
        if name in KEEPING:
            return BoundMethod(Known("pandas.Series.astype"), obj)
        if name in ("iloc", "loc"):
            return indexer(call, obj, name)
        target = f"{self.target}.{name}"
        return BoundMethod(Known(target), obj) if REGISTRY.find(target) is not None else Unknown(f"{name} of a column")

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        return taken(call, obj, key, by_position=isinstance(key, Slice))

    def iterate(self, call: Call, obj: Instance) -> tuple[Value, ...] | None:
        return None


def array_of(call: Call, obj: Instance) -> Tensor:
    """The values of a column or table."""
    found = call.get(obj, ".array")
    return found if isinstance(found, Tensor) else Tensor(Shape((call.symbol(),)), None, "numpy")


def taken(call: Call, obj: Instance, key: Value, *, by_position: bool) -> Value:
    """Some of the rows of a column."""
    array = array_of(call, obj)
    if (isinstance(key, Instance) and key.cls == COLUMN) or (isinstance(key, Tensor) and key.dtype == "bool"):
        return new_column(call, call.symbol(), array.dtype)
    if not by_position:
        return Unknown("a value, or several, of a column")
    with call.caught():
        found = call.invoke(Known("numpy.ndarray.__getitem__"), [array, key])
    if isinstance(found, Tensor) and isinstance(found.shape, Shape) and len(found.shape) == 1:
        return new_column(call, found.shape[0], array.dtype)
    return Unknown("a value of a column")


def indexer(call: Call, obj: Instance, how: str) -> Instance:
    """``obj.iloc``, ``obj.loc``."""
    found = call.new(Known("pandas.core.indexing.Indexer"))
    call.set(found, ".of", obj)
    call.set(found, ".how", how)
    return found


@function("pandas.Series.astype")
def kept(call: Call, self: Instance, *args: Value, **settings: Value) -> Value:
    """As many rows under the same labels."""
    if settings.get("inplace", False) is not False:
        return None
    rows = rows_of(call, self)
    return new_column(call, call.symbol() if rows is None else rows, index=call.get(self, ".index"))


@function("pandas.Series.to_numpy")
@function("pandas.Series.__array__")
def to_numpy(call: Call, self: Instance, dtype: Value = None, *args: Value, **_: Value) -> Value:
    """The values."""
    array = array_of(call, self)
    return Tensor(array.shape, array.dtype if dtype is None else dtype_name(dtype), "numpy")


@function("pandas.Series.__len__")
def length(call: Call, self: Instance) -> Value:
    """How many rows there are."""
    rows = rows_of(call, self)
    return call.symbol() if rows is None else rows


@function("pandas.Series.unique")
def unique(call: Call, self: Instance) -> Value:
    """Each value once."""
    return Tensor(Shape((call.symbol(),)), None, "numpy")


@function("pandas.Series.dropna")
@function("pandas.Series.drop")
@function("pandas.Series.drop_duplicates")
@function("pandas.Series.value_counts")
@function("pandas.Series.sort_values")
@function("pandas.Series.sample")
@function("pandas.Series.head")
@function("pandas.Series.tail")
def some_rows(call: Call, self: Instance, *args: Value, **settings: Value) -> Value:
    """Some of the rows, or in another order."""
    if settings.get("inplace", False) is not False:
        call.set(self, ".array", Tensor(Shape((call.symbol(),)), array_of(call, self).dtype, "numpy"))
        call.set(self, ".index", call.symbol())
        return None
    return new_column(call, call.symbol())


@function("pandas.Series.reset_index")
def reset_index(call: Call, self: Instance, *args: Value, drop: Value = False, **_: Value) -> Value:
    """The same rows under new labels."""
    rows = rows_of(call, self)
    return new_column(call, rows) if drop is True and rows is not None and not _ else Unknown("a column as a table")


@function("pandas.Series.to_frame")
def to_frame(call: Call, self: Instance, *args: Value, **_: Value) -> Value:
    """A table of one column."""
    rows = rows_of(call, self)
    return new_table(
        call, table(call, call.symbol() if rows is None else rows, None, 1, index=call.get(self, ".index"))
    )


def arithmetic(call: Call, self: Instance, other: Value = None) -> Value:
    """Value by value; other labels than one's own may make more rows."""
    rows, index = rows_of(call, self), call.get(self, ".index")
    if isinstance(other, Instance) and other.cls == TABLE:
        return Unknown("a column and a table")
    if isinstance(other, Instance) and other.cls == COLUMN and (call.get(other, ".index") != index or index is None):
        return new_column(call, call.symbol())
    if isinstance(other, (Instance, Unknown)) and not (isinstance(other, Instance) and other.cls == COLUMN):
        return Unknown("a column and something that is not known")
    return new_column(call, call.symbol() if rows is None else rows, index=index)


for _name in ARITHMETIC:
    function(f"pandas.Series.{_name}")(arithmetic)


@class_rule("pandas.core.indexing.Indexer")
class Indexer(ClassRule):
    """``iloc`` by position, ``loc`` by label."""

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        owner, how = call.get(obj, ".of"), call.get(obj, ".how")
        if not isinstance(owner, Instance):
            return Unknown("rows of something that is not known")
        if owner.cls == COLUMN:
            return taken(call, owner, key, by_position=how == "iloc")
        return call.invoke(Known(f"pandas.DataFrame.{how}.__getitem__"), [owner, key])

    def set_item(self, call: Call, obj: Instance, key: Value, value: Value) -> None:
        owner, how = call.get(obj, ".of"), call.get(obj, ".how")
        if isinstance(owner, Instance) and how != "iloc":
            if owner.cls == TABLE:
                call.invoke(Known("pandas.DataFrame.loc.__setitem__"), [owner, key])
            elif not isinstance(key, (Slice, Instance)):  # a label may be a new one
                call.set(owner, ".array", Tensor(Shape((call.symbol(),)), None, "numpy"))
                call.set(owner, ".index", call.symbol())
