"""``sklearn.preprocessing`` and ``sklearn.decomposition``: what ``fit_transform`` makes of a table (sklearn/base.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dim import is_dim, minimum, surely_differ, surely_less
from ...evidence import report
from ...problems import BadDataset
from ...rule import REGISTRY, Call, ClassRule, class_rule, function
from ...shape import Shape
from ...value import BoundMethod, Instance, Known, Tensor, Unknown, Value
from ..arrays import number, operand


class Transformer(ClassRule):
    """A table of rows becomes another one of as many rows."""

    names: tuple[str, ...] = ()
    """The settings that matter."""
    vectors: tuple[str, ...] = ()
    """Attributes that hold a number for each column."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = dict(zip(self.names, args, strict=False)) | dict(kwargs)
        for name in self.names:
            call.set(obj, f".{name}", call.resolve(given.get(name)))

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        target = f"sklearn.base.TransformerMixin.{name}"
        if REGISTRY.find(target) is not None:
            return BoundMethod(Known(target), obj)
        features = call.get(obj, ".features")
        if name in self.vectors and is_dim(features):
            return Tensor(Shape((features,)), "float64", "numpy")
        return Unknown(f"{name} of what is fitted")

    def columns(self, call: Call, obj: Instance, rows: Any, columns: Any) -> Any:
        """How many columns come out."""
        return columns


class Scaler(Transformer):
    """Keeps the columns."""

    vectors = ("mean_", "var_", "scale_", "data_min_", "data_max_", "data_range_", "min_", "max_abs_", "center_")


@class_rule("sklearn.preprocessing.StandardScaler")
class StandardScaler(Scaler):
    """Mean 0 and variance 1."""


@class_rule("sklearn.preprocessing.MinMaxScaler")
class MinMaxScaler(Scaler):
    """From 0 to 1."""


@class_rule("sklearn.preprocessing.MaxAbsScaler")
class MaxAbsScaler(Scaler):
    """At most 1."""


@class_rule("sklearn.preprocessing.RobustScaler")
class RobustScaler(Scaler):
    """Median 0."""


@class_rule("sklearn.preprocessing.Normalizer")
class Normalizer(Scaler):
    """Rows of length 1."""


@class_rule("sklearn.preprocessing.PowerTransformer")
class PowerTransformer(Scaler):
    """Closer to a normal distribution."""


@class_rule("sklearn.preprocessing.QuantileTransformer")
class QuantileTransformer(Scaler):
    """Evenly distributed."""


class Reduction(Transformer):
    """Fewer columns: ``n_components``."""

    names = ("n_components",)

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        found, features = call.get(obj, ".columns"), call.get(obj, ".features")
        if found is not None and name in ("explained_variance_", "explained_variance_ratio_", "singular_values_"):
            return Tensor(Shape((found,)), None, "numpy")
        if found is not None and is_dim(features) and name == "components_":
            return Tensor(Shape((found, features)), None, "numpy")
        return super().get(call, obj, name)

    def columns(self, call: Call, obj: Instance, rows: Any, columns: Any) -> Any:
        wanted = number(call.get(obj, ".n_components"))
        return wanted if is_dim(wanted) and not isinstance(wanted, bool) else call.symbol()


@class_rule("sklearn.decomposition.PCA")
class PCA(Reduction):
    """The main directions; all of them where no number is given."""

    def columns(self, call: Call, obj: Instance, rows: Any, columns: Any) -> Any:
        if call.get(obj, ".n_components", "") is None:
            return minimum(rows, columns)
        found = super().columns(call, obj, rows, columns)
        if surely_less(minimum(rows, columns), found):
            call.doubt()  # it raises, in words that hang on how it would be computed
        return found


@class_rule("sklearn.decomposition.TruncatedSVD")
class TruncatedSVD(Reduction):
    """The largest singular values; two by default."""

    def columns(self, call: Call, obj: Instance, rows: Any, columns: Any) -> Any:
        wanted = call.get(obj, ".n_components")
        return 2 if wanted is None else super().columns(call, obj, rows, columns)


class OtherColumns(Transformer):
    """As many columns as the data asks for."""

    def columns(self, call: Call, obj: Instance, rows: Any, columns: Any) -> Any:
        return call.symbol()


@class_rule("sklearn.preprocessing.OrdinalEncoder")
class OrdinalEncoder(Scaler):
    """A number for each category of a column."""


@class_rule("sklearn.preprocessing.PolynomialFeatures")
class PolynomialFeatures(OtherColumns):
    """Products of columns."""


@class_rule("sklearn.preprocessing.OneHotEncoder")
class OneHotEncoder(OtherColumns):
    """A column for each category: an array only where ``sparse_output`` (``sparse``) is False."""

    names = ("sparse_output", "sparse")

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        super().init(call, obj, (), kwargs)


class Labels(Transformer):
    """Takes a vector of labels."""

    dtype = "int64"


@class_rule("sklearn.preprocessing.LabelEncoder")
class LabelEncoder(Labels):
    """A number for each label."""


@class_rule("sklearn.preprocessing.LabelBinarizer")
class LabelBinarizer(Labels):
    """A column for each label; one for two of them."""


@class_rule("sklearn.preprocessing.MultiLabelBinarizer")
class MultiLabelBinarizer(Labels):
    """A column for each label."""


@function("sklearn.base.TransformerMixin.fit")
def fit(call: Call, self: Instance, X: Value, y: Value = None, **_: Value) -> Value:
    """Learns, and gives itself."""
    _fitted(call, self, X)
    return self


@function("sklearn.base.TransformerMixin.partial_fit")
def partial_fit(call: Call, self: Instance, X: Value, *args: Value, **_: Value) -> Value:
    """Learns more, and gives itself."""
    _fitted(call, self, X)
    return self


@function("sklearn.base.TransformerMixin.fit_transform")
def fit_transform(call: Call, self: Instance, X: Value, y: Value = None, **_: Value) -> Value:
    """Learns, and gives the data in its new form."""
    _fitted(call, self, X)
    return _transformed(call, self, X)


@function("sklearn.base.TransformerMixin.transform")
def transform(call: Call, self: Instance, X: Value, **_: Value) -> Value:
    """The data in its new form.  ValueError for another number of columns than it was fitted for."""
    rule = REGISTRY.find(self.cls.target)
    x, features = operand(X, "numpy", call), call.get(self, ".features")
    table = not isinstance(rule, Labels) and isinstance(x.shape, Shape) and len(x.shape) == 2 and is_dim(features)
    if table and surely_differ(x.shape[1], features):  # type: ignore[index]
        report(BadDataset("features", (x.shape[1], features, self.cls.target.rpartition(".")[2])), blame=("X",))  # type: ignore[index]
    return _transformed(call, self, X)


@function("sklearn.base.TransformerMixin.inverse_transform")
def inverse_transform(call: Call, self: Instance, X: Value, **_: Value) -> Value:
    """The data as it was."""
    rule, x = REGISTRY.find(self.cls.target), operand(X, "numpy", call)
    features = call.get(self, ".features")
    if isinstance(rule, Labels):
        rows = x.shape[0] if isinstance(x.shape, Shape) and x.shape else call.symbol()
        return Tensor(Shape((rows,)), None, "numpy") if not isinstance(rule, MultiLabelBinarizer) else Unknown("labels")
    if not isinstance(x.shape, Shape) or len(x.shape) != 2:
        return Unknown("a table that is not known")
    if isinstance(rule, Scaler) and is_dim(features) and surely_differ(x.shape[1], features):
        call.doubt()
        return Unknown("a table of another width")
    width = features if is_dim(features) else x.shape[1] if isinstance(rule, Scaler) else call.symbol()
    return Tensor(Shape((x.shape[0], width)), _floating(x.dtype), "numpy")


@function("sklearn.base.TransformerMixin.get_feature_names_out")
@function("sklearn.base.TransformerMixin.get_params")
def told(call: Call, self: Value, *args: Value, **_: Value) -> Value:
    """Names."""
    return Unknown("names")


def _fitted(call: Call, obj: Instance, X: Value) -> None:
    """What is learnt: how many columns there are.  ValueError where the data is no table."""
    rule, x = REGISTRY.find(obj.cls.target), operand(X, "numpy", call)
    if not isinstance(x.shape, Shape) or not isinstance(rule, Transformer):
        call.set(obj, ".features", Unknown("how many columns there are"))
        return
    if isinstance(rule, Labels):
        if isinstance(rule, LabelEncoder) and (
            len(x.shape) > 2 or (len(x.shape) == 2 and surely_differ(x.shape[1], 1))
        ):
            report(BadDataset("label-rank", (x.shape,)), blame=("X",))
        return
    if len(x.shape) != 2:
        report(BadDataset("table-rank", (x.shape,)), blame=("X",))
        call.set(obj, ".features", Unknown("the data is no table"))
        return
    call.set(obj, ".features", x.shape[1])
    if isinstance(rule, Reduction):
        call.set(obj, ".columns", rule.columns(call, obj, *x.shape))


def _transformed(call: Call, obj: Instance, X: Value) -> Value:
    rule, x = REGISTRY.find(obj.cls.target), operand(X, "numpy", call)
    if isinstance(rule, MultiLabelBinarizer):
        rows = len(X) if isinstance(X, (list, tuple)) else call.symbol()
        return Tensor(Shape((rows, call.symbol())), None, "numpy")
    if not isinstance(x.shape, Shape) or not isinstance(rule, Transformer) or not x.shape:
        return Unknown("a table that is not known")
    if isinstance(rule, Labels):
        one = isinstance(rule, LabelEncoder)
        return Tensor(Shape((x.shape[0],) if one else (x.shape[0], call.symbol())), "int64", "numpy")
    if isinstance(rule, OneHotEncoder) and False not in (call.get(obj, ".sparse_output"), call.get(obj, ".sparse")):
        return Unknown("a sparse matrix")
    if len(x.shape) != 2:
        return Unknown("the data is no table")
    learnt = call.get(obj, ".columns") if isinstance(rule, Reduction) else None
    width = learnt if is_dim(learnt) else rule.columns(call, obj, *x.shape)
    return Tensor(Shape((x.shape[0], width)), _floating(x.dtype), "numpy")


def _floating(dtype: str | None) -> str | None:
    """Scalers compute in float64, but for narrower floats."""
    if dtype is None or dtype.startswith("float16"):
        return None
    return dtype if dtype in ("float32", "float64") else "float64"
