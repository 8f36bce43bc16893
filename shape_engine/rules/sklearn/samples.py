"""``sklearn.datasets``: the tables that come with it, and those that it makes up (sklearn/datasets)."""

from __future__ import annotations

from typing import Any

from ...dim import is_dim
from ...rule import MISSING, Call, ClassRule, class_rule, function
from ...shape import Shape
from ...value import Instance, Known, Tensor, Unknown, Value
from ..arrays import number, operand


@class_rule("sklearn.utils.Bunch")
class Bunch(ClassRule):
    """A dict whose items are attributes, too."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        return Unknown(f"{name} of a dataset")

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        return call.attribute(obj, key) if isinstance(key, str) else MISSING


@function("sklearn.datasets.load_iris", rows=150, columns=4, classes=3)
@function("sklearn.datasets.load_wine", rows=178, columns=13, classes=3)
@function("sklearn.datasets.load_breast_cancer", rows=569, columns=30, classes=2)
@function("sklearn.datasets.load_diabetes", rows=442, columns=10, classes=0)
@function("sklearn.datasets.fetch_california_housing", rows=20640, columns=8, classes=0)
def table(
    call: Call,
    *args: Value,
    return_X_y: Value = False,
    as_frame: Value = False,
    rows: int,
    columns: int,
    classes: int,
    **_: Value,
) -> Value:
    """A table and its target."""
    return _found(call, (rows, columns), (), classes, return_X_y, as_frame)


@function("sklearn.datasets.load_digits")
def load_digits(call: Call, *, n_class: Value = 10, return_X_y: Value = False, as_frame: Value = False) -> Value:
    """Digits of 8 by 8 pixels, also as pictures."""
    rows = 1797 if n_class == 10 else call.symbol()
    found = _found(call, (rows, 64), (), 10, return_X_y, as_frame)
    if isinstance(found, Instance) and as_frame is False:
        call.set(found, "images", Tensor(Shape((rows, 8, 8)), "float64", "numpy"))
    return found


@function("sklearn.datasets.load_linnerud")
def load_linnerud(call: Call, *, return_X_y: Value = False, as_frame: Value = False) -> Value:
    """Exercises, and three targets."""
    return _found(call, (20, 3), (3,), 0, return_X_y, as_frame)


@function("sklearn.datasets.make_classification", columns=20)
@function("sklearn.datasets.make_blobs", columns=2)
def make_classification(
    call: Call, n_samples: Value = 100, n_features: Value = None, *args: Value, columns: int, **settings: Value
) -> Value:
    """A table and the class of each row."""
    width = columns if n_features is None else n_features
    if settings.get("centers") is not None and not is_dim(settings["centers"]):
        centers = operand(settings["centers"], "numpy", call).shape
        width = centers[1] if isinstance(centers, Shape) and len(centers) == 2 else Unknown("how many columns")
    if (
        settings.get("return_centers", False) is not False
        or len(args) > 5
        or settings.get("return_X_y", True) is not True
    ):
        return Unknown("more than a table and its target")
    return _made(call, n_samples, width, (), "int64")


@function("sklearn.datasets.make_moons", dtype="int64", columns=2)
@function("sklearn.datasets.make_circles", dtype="int64", columns=2)
@function("sklearn.datasets.make_swiss_roll", dtype="float64", columns=3)
@function("sklearn.datasets.make_s_curve", dtype="float64", columns=3)
def make_curve(call: Call, n_samples: Value = 100, *, dtype: str, columns: int, **_: Value) -> Value:
    """Points of curves, and where on them they lie."""
    return _made(call, n_samples, columns, (), dtype)


@function("sklearn.datasets.make_regression")
def make_regression(
    call: Call,
    n_samples: Value = 100,
    n_features: Value = 100,
    *,
    n_targets: Value = 1,
    coef: Value = False,
    **_: Value,
) -> Value:
    """A table and a number, or several, for each row."""
    targets = number(n_targets)
    if not is_dim(targets) or not isinstance(coef, bool):
        return Unknown("a table and its targets")
    label: tuple[Any, ...] = () if targets == 1 else (targets,)
    x, y = _made(call, n_samples, n_features, label, "float64")
    return (x, y, Tensor(Shape((x.shape[1], *label)), "float64", "numpy")) if coef else (x, y)


@function("sklearn.datasets.make_multilabel_classification")
def make_multilabel_classification(
    call: Call, n_samples: Value = 100, n_features: Value = 20, *, n_classes: Value = 5, **_: Value
) -> Value:
    """A table, and a column for each class."""
    if not set(_) <= {"n_labels", "length", "allow_unlabeled", "random_state"}:
        return Unknown("a table and its targets")
    return _made(call, n_samples, n_features, (n_classes if is_dim(n_classes) else call.symbol(),), "int64")


def _made(call: Call, n_samples: Value, n_features: Value, label: tuple[Any, ...], dtype: str) -> Any:
    samples, width = number(n_samples), number(n_features)
    if isinstance(samples, (list, tuple)):
        known = all(is_dim(n) for n in samples)
        samples = sum(samples) if known else None
    rows = samples if is_dim(samples) else call.symbol()
    columns = width if is_dim(width) else call.symbol()
    return Tensor(Shape((rows, columns)), "float64", "numpy"), Tensor(Shape((rows, *label)), dtype, "numpy")


def _found(
    call: Call, shape: tuple[Any, ...], label: tuple[Any, ...], classes: int, pair: Value, frame: Value
) -> Value:
    if frame is not False or not isinstance(pair, bool):
        return Unknown("a dataset of tables")
    x = Tensor(Shape(shape), "float64", "numpy")
    y = Tensor(Shape((shape[0], *label)), "int64" if classes else "float64", "numpy")
    if pair:
        return x, y
    found = call.new(Known("sklearn.utils.Bunch"))
    call.set(found, "data", x)
    call.set(found, "target", y)
    if classes:
        call.set(found, "target_names", Tensor(Shape((classes,)), None, "numpy"))
    return found
