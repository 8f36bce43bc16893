"""``sklearn.model_selection`` and ``sklearn.utils``: rows divided and shuffled (model_selection/_split.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import Any

from ...dim import is_dim, surely_differ
from ...evidence import report
from ...problems import BadDataset
from ...rule import MISSING, REGISTRY, Call, ClassRule, class_rule, function
from ...shape import Shape
from ...value import BoundMethod, Instance, Known, Tensor, Unknown, Value
from ..arrays import number
from ..tables import rows_of, with_rows

FEW = 32
"""So many folds are told one by one."""


@function("sklearn.model_selection.train_test_split")
def train_test_split(
    call: Call,
    *arrays: Value,
    test_size: Value = None,
    train_size: Value = None,
    random_state: Value = None,
    shuffle: Value = True,
    stratify: Value = None,
) -> Value:
    """Two parts of every array.  ValueError where their lengths differ, or a part does not fit."""
    if not arrays:
        return Unknown("nothing is split")
    counts = _consistent(call, arrays)
    total = next((n for n in counts if isinstance(n, int)), counts[0])
    train, test = _sizes(call, total, number(test_size), number(train_size))
    return [with_rows(call, array, rows) for array in arrays for rows in (train, test)]


@function("sklearn.utils.shuffle")
def shuffle(call: Call, *arrays: Value, random_state: Value = None, n_samples: Value = None) -> Value:
    """The rows in another order."""
    return _resampled(call, arrays, n_samples)


@function("sklearn.utils.resample")
def resample(call: Call, *arrays: Value, n_samples: Value = None, **_: Value) -> Value:
    """Some rows, drawn at random."""
    return _resampled(call, arrays, n_samples)


@function("sklearn.utils.class_weight.compute_class_weight")
def compute_class_weight(call: Call, class_weight: Value, *, classes: Value, y: Value, **_: Value) -> Value:
    """A weight for each class."""
    count = rows_of(call, classes)
    return Tensor(Shape((call.symbol() if count is None else count,)), "float64", "numpy")


@function("sklearn.utils.class_weight.compute_sample_weight")
def compute_sample_weight(call: Call, class_weight: Value, y: Value, **_: Value) -> Value:
    """A weight for each row."""
    count = rows_of(call, y)
    return Tensor(Shape((call.symbol() if count is None else count,)), "float64", "numpy")


class Folds(ClassRule):
    """Divides rows several times; ``split`` gives the positions of both parts."""

    default = 5
    even = False
    """Whether the parts are as even as can be, in order, so that their sizes are known."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        splits = args[0] if args else kwargs.get("n_splits", self.default)
        call.set(obj, "n_splits", number(call.resolve(splits)))

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        target = f"sklearn.model_selection.KFold.{name}"
        return BoundMethod(Known(target), obj) if REGISTRY.find(target) is not None else MISSING


@class_rule("sklearn.model_selection.KFold")
class KFold(Folds):
    """Parts in order, or of shuffled rows; all as even as can be."""

    even = True


@class_rule("sklearn.model_selection.StratifiedKFold")
class StratifiedKFold(Folds):
    """Parts in which classes are as frequent as in the whole."""


@class_rule("sklearn.model_selection.GroupKFold")
class GroupKFold(Folds):
    """Parts that keep groups together."""


@class_rule("sklearn.model_selection.TimeSeriesSplit")
class TimeSeriesSplit(Folds):
    """What came before, and what came after."""


@class_rule("sklearn.model_selection.ShuffleSplit")
class ShuffleSplit(Folds):
    """Parts drawn at random."""

    default = 10


@class_rule("sklearn.model_selection.StratifiedShuffleSplit")
class StratifiedShuffleSplit(ShuffleSplit):
    """Parts drawn at random, with classes as frequent as in the whole."""


@function("sklearn.model_selection.KFold.get_n_splits")
def get_n_splits(call: Call, self: Value, *args: Value, **_: Value) -> Value:
    """How often rows are divided."""
    return call.get(self, "n_splits")


@function("sklearn.model_selection.KFold.split")
def split(call: Call, self: Instance, X: Value, y: Value = None, groups: Value = None) -> Value:
    """The positions of both parts, for each division."""
    splits, rule = call.get(self, "n_splits"), REGISTRY.find(self.cls.target)
    total = rows_of(call, X)
    if y is not None:
        counts = _consistent(call, (X, y))
        total = next((n for n in counts if isinstance(n, int)), total)
    if not isinstance(splits, int) or splits > FEW or not isinstance(rule, Folds):
        return Unknown("divisions of rows")
    if not rule.even or not isinstance(total, int):
        return call.new_stream([(_positions(call.symbol()), _positions(call.symbol())) for _ in range(splits)])
    if splits > total:
        report(BadDataset("folds", (splits, total)), blame=("X",))
        return Unknown("more divisions than rows")
    sizes = [total // splits + (fold < total % splits) for fold in range(splits)]
    return call.new_stream([(_positions(total - size), _positions(size)) for size in sizes])


def _positions(count: Any) -> Tensor:
    return Tensor(Shape((count,)), "int64", "numpy")


def _consistent(call: Call, arrays: Sequence[Value]) -> list[Any]:
    """The numbers of rows (check_consistent_length); reported where they differ."""
    counts = [rows_of(call, array) for array in arrays if array is not None]
    if counts and None not in counts and any(surely_differ(counts[0], n) for n in counts[1:]):
        report(BadDataset("samples", tuple(counts)), blame=("arrays",))
    return counts or [None]


def _resampled(call: Call, arrays: Sequence[Value], n_samples: Value) -> Value:
    if not arrays:
        return None
    counts = _consistent(call, arrays)
    if n_samples is not None:
        rows: Any = number(n_samples) if is_dim(number(n_samples)) else call.symbol()
    else:
        rows = next((n for n in counts if isinstance(n, int)), counts[0])
        rows = call.symbol() if rows is None else rows
    found = [with_rows(call, array, rows) for array in arrays]
    return found[0] if len(found) == 1 else found


def _sizes(call: Call, total: Any, test: Value, train: Value) -> tuple[Any, Any]:
    """_validate_shuffle_split: how many rows both parts have."""
    unknown = call.symbol(), call.symbol()
    if any(
        isinstance(size, bool) or not (size is None or isinstance(size, float) or is_dim(size))
        for size in (test, train)
    ):
        return unknown
    if isinstance(total, int):
        for name, size in (("test_size", test), ("train_size", train)):
            if isinstance(size, int) and size >= total and size > 0:
                report(BadDataset("part-size", (name, size, total)), blame=(name,))
                return unknown
    if any(isinstance(size, float) and not 0 < size < 1 for size in (test, train)):
        return unknown
    if test is None and train is None:
        test = 0.25
    if not isinstance(total, int):
        if total is None or isinstance(test, float) or isinstance(train, float):
            return unknown
        return (total - test if train is None else train), (total - train if test is None else test)
    rows_test = ceil(test * total) if isinstance(test, float) else test
    rows_train = floor(train * total) if isinstance(train, float) else train
    if not all(isinstance(n, (int, type(None))) for n in (rows_test, rows_train)):
        return unknown
    if rows_train is None:
        rows_train = total - rows_test
    elif rows_test is None:
        rows_test = total - rows_train
    if rows_train + rows_test > total:
        if isinstance(test, int) and isinstance(train, int):
            report(BadDataset("parts", (rows_train + rows_test, total)), blame=("train_size", "test_size"))
        return unknown
    if rows_train == 0:
        report(BadDataset("empty-part", (total, test, train)), blame=("arrays",))
        return unknown
    return rows_train, rows_test
