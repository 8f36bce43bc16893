"""Metrics of Keras 3: how they compare a target with an output, and which shapes they refuse.

Follows keras/src/metrics.  What only the running step can know (how many elements there are) is looked at with the
numbers of its first batch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...dim import is_dynamic
from ...evidence import collect, report
from ...problems import OperandMismatch, PythonError, RefusedInputs
from ...rule import MISSING, REGISTRY, Call, ClassRule, alias, class_rule, function
from ...shape import Shape, product
from ...value import BoundMethod, Class, Function, Instance, Known, Partial, Tensor, Unknown, Value, Wrapped
from ..arrays import operand
from .losses import LOSSES, NotKnown, Setting, same_rank, together
from .lost_attributes import lost_attribute
from .state import BACKEND_KIND, flavour_of, keep, reopen

Check = Callable[..., Any]


@dataclass(frozen=True)
class Metric:
    """One metric class.  ``check(target, output, setting, **options)`` reports; ``order`` are the constructor's arguments."""

    check: Check
    order: tuple[str, ...] = ()
    scalar: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)


def equal(target: Shape, output: Shape, setting: Setting, **_: Any) -> None:
    """accuracy, binary_accuracy."""
    together("Equal", *same_rank(target, output), setting)


def categorical(target: Shape, output: Shape, setting: Setting, **_: Any) -> None:
    """categorical_accuracy: the places of the largest; a target of as many axes as the output has must end with 1."""
    if not target or not output:
        raise NotKnown
    places = Shape(target[:-1])
    if len(places) == len(output):
        if not isinstance(places[-1], int):
            raise NotKnown
        if places[-1] != 1:
            report(RefusedInputs("metric-squeeze", (target, output)), blame=("y",))
            raise NotKnown
        places = Shape(places[:-1])
    together("Equal", places, Shape(output[:-1]), setting)


def sparse(target: Shape, output: Shape, setting: Setting, **_: Any) -> None:
    """sparse_categorical_accuracy: a target that ends with 1 loses that axis."""
    if not target or not output or (len(target) == len(output) and not isinstance(target[-1], int)):
        raise NotKnown
    places = Shape(target[:-1]) if len(target) == len(output) and target[-1] == 1 else target
    together("Equal", places, Shape(output[:-1]), setting)


def top_k(target: Shape, output: Shape, setting: Setting, **_: Any) -> None:
    """top_k_categorical_accuracy: as many places of the largest as there are rows of the output."""
    if not target or len(output) < 2:
        raise NotKnown
    if len(target) == 1:
        if setting.stage == "graph" and len(output) == 2:
            shown = f"[{','.join('?' if is_dynamic(dim) else str(dim) for dim in output)}]"
            report(RefusedInputs("metric-top-k", (target, output), quoted=(shown,)), blame=("y",))
        raise NotKnown
    counted("in_top_k/InTopKV2", Shape(target[:-1]), Shape(output[:-1]), setting)


def sparse_top_k(target: Shape, output: Shape, setting: Setting, **_: Any) -> None:
    """sparse_top_k_categorical_accuracy: as many labels as there are rows of the output."""
    if len(output) < 2:
        raise NotKnown
    counted("in_top_k/InTopKV2", target, Shape(output[:-1]), setting)


def confusion(target: Shape, output: Shape, setting: Setting, **options: Any) -> None:
    """Precision, Recall, AUC and their kin: as many elements on both sides."""
    if any(options.get(name) for name in ("class_id", "top_k", "multi_label", "label_weights")):
        raise NotKnown
    output, target = same_rank(output, target)
    counted("LogicalAnd", output, target, setting)


def intersection(target: Shape, output: Shape, setting: Setting, **options: Any) -> None:
    """IoU and its kin: as many elements, after the places of the largest are taken where that is asked for."""
    if options.get("axis", -1) != -1:
        raise NotKnown
    sides = []
    for shape, is_sparse in ((target, options.get("sparse_y_true")), (output, options.get("sparse_y_pred"))):
        if not isinstance(is_sparse, bool) or (not is_sparse and not shape):
            raise NotKnown
        sides.append(shape if is_sparse else Shape(shape[:-1]))
    counted("LogicalAnd", sides[0], sides[1], setting)


def score(name: str) -> Check:
    """F1Score, FBetaScore and R2Score: two axes on both sides."""

    def check(target: Shape, output: Shape, setting: Setting, **_: Any) -> None:
        if name == "R2Score":
            target, output = same_rank(target, output)
        if len(target) != 2 or len(output) != 2:
            report(RefusedInputs("metric-rank", (output, target), quoted=(name,)), blame=("y",))
            raise NotKnown
        if 1 in (target[1], output[1]) or name == "R2Score":
            raise NotKnown  # a variable of another length may refuse what comes
        together("Mul", output, target, setting)

    return check


def loss(name: str, wrapped: bool = False, **fixed: Any) -> Check:
    """A metric that is the function of a loss."""

    def check(target: Shape, output: Shape, setting: Setting, **options: Any) -> None:
        shapes = same_rank(target, output) if wrapped else (target, output)
        LOSSES[name].check(*shapes, setting, **{**LOSSES[name].options, **options, **fixed})

    return check


def wrong_call(name: str) -> Check:
    """Mean and Sum take values, no target and output."""

    def check(target: Shape, output: Shape, setting: Setting, **_: Any) -> None:
        text = f"{name}.update_state() got multiple values for argument 'sample_weight'"
        report(PythonError("TypeError", text), blame=("metrics",))
        raise NotKnown

    return check


def difference(target: Shape, output: Shape, setting: Setting, **_: Any) -> None:
    """RootMeanSquaredError."""
    target, output = same_rank(target, output)
    together("Sub", output, target, setting)


def product_of(target: Shape, output: Shape, setting: Setting, **_: Any) -> None:
    """CosineSimilarity, PearsonCorrelation."""
    together("Mul", *same_rank(target, output), setting)


def unclear(target: Shape, output: Shape, setting: Setting, **_: Any) -> None:
    """A metric whose checks are not followed."""
    raise NotKnown


def counted(op: str, left: Shape, right: Shape, setting: Setting) -> None:
    """As many elements on both sides, which only numbers can tell: of all elements, when the step runs."""
    if setting.stage == "graph" and any(is_dynamic(dim) for dim in (*left, *right)):
        return
    if not all(isinstance(dim, int) for dim in (*left, *right)):
        raise NotKnown
    one, other = product(left), product(right)
    if one == other:
        return
    if setting.stage == "run" and 1 not in (one, other):
        report(OperandMismatch(op, shapes=(left, right), of=setting.of, stage="run"), blame=("y",))
    raise NotKnown


_K = ("k", "name", "dtype")
_CONFUSION = ("thresholds", "name", "dtype")
_IOU = ("num_classes", "name", "dtype", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis")
_TARGETS = ("num_classes", "target_class_ids", *_IOU[1:])
_SPARSE = {"sparse_y_true": True, "sparse_y_pred": True}
_HOT = {"sparse_y_true": False, "sparse_y_pred": False}

METRICS: dict[str, Metric] = {
    "Accuracy": Metric(equal),
    "BinaryAccuracy": Metric(equal, ("name", "dtype", "threshold")),
    "CategoricalAccuracy": Metric(categorical),
    "SparseCategoricalAccuracy": Metric(sparse),
    "TopKCategoricalAccuracy": Metric(top_k, _K),
    "SparseTopKCategoricalAccuracy": Metric(sparse_top_k, ("k", "name", "dtype", "from_sorted_ids")),
    "MeanSquaredError": Metric(loss("mean_squared_error")),
    "MeanAbsoluteError": Metric(loss("mean_absolute_error")),
    "MeanAbsolutePercentageError": Metric(loss("mean_absolute_percentage_error")),
    "MeanSquaredLogarithmicError": Metric(loss("mean_squared_logarithmic_error")),
    "RootMeanSquaredError": Metric(difference),
    "CosineSimilarity": Metric(product_of, ("name", "dtype", "axis")),
    "LogCoshError": Metric(loss("log_cosh")),
    "KLDivergence": Metric(loss("kl_divergence")),
    "Poisson": Metric(loss("poisson")),
    "Hinge": Metric(loss("hinge")),
    "SquaredHinge": Metric(loss("squared_hinge")),
    "CategoricalHinge": Metric(loss("categorical_hinge")),
    "BinaryCrossentropy": Metric(loss("binary_crossentropy"), ("name", "dtype", "from_logits", "label_smoothing")),
    "CategoricalCrossentropy": Metric(
        loss("categorical_crossentropy"), ("name", "dtype", "from_logits", "label_smoothing", "axis")
    ),
    "SparseCategoricalCrossentropy": Metric(
        loss("sparse_categorical_crossentropy"), ("name", "dtype", "from_logits", "ignore_class", "axis")
    ),
    "R2Score": Metric(score("R2Score"), ("class_aggregation", "num_regressors", "name", "dtype"), scalar=False),
    "F1Score": Metric(score("FBetaScore"), ("average", "threshold", "name", "dtype"), scalar=False),
    "FBetaScore": Metric(score("FBetaScore"), ("average", "beta", "threshold", "name", "dtype"), scalar=False),
    "Precision": Metric(confusion, ("thresholds", "top_k", "class_id", "name", "dtype"), scalar=False),
    "Recall": Metric(confusion, ("thresholds", "top_k", "class_id", "name", "dtype"), scalar=False),
    "TruePositives": Metric(confusion, _CONFUSION, scalar=False),
    "TrueNegatives": Metric(confusion, _CONFUSION, scalar=False),
    "FalsePositives": Metric(confusion, _CONFUSION, scalar=False),
    "FalseNegatives": Metric(confusion, _CONFUSION, scalar=False),
    "AUC": Metric(
        confusion,
        (
            *("num_thresholds", "curve", "summation_method", "name", "dtype", "thresholds", "multi_label"),
            *("num_labels", "label_weights", "from_logits"),
        ),
    ),
    "SensitivityAtSpecificity": Metric(unclear, ("specificity", "num_thresholds", "class_id", "name", "dtype")),
    "SpecificityAtSensitivity": Metric(unclear, ("sensitivity", "num_thresholds", "class_id", "name", "dtype")),
    "PrecisionAtRecall": Metric(unclear, ("recall", "num_thresholds", "class_id", "name", "dtype")),
    "RecallAtPrecision": Metric(unclear, ("precision", "num_thresholds", "class_id", "name", "dtype")),
    "PearsonCorrelation": Metric(product_of, ("name", "dtype", "axis")),
    "ConcordanceCorrelation": Metric(unclear, ("name", "dtype", "axis")),
    "IoU": Metric(intersection, _TARGETS, options=_SPARSE),
    "BinaryIoU": Metric(intersection, ("target_class_ids", "threshold", "name", "dtype"), options=_SPARSE),
    "MeanIoU": Metric(intersection, _IOU, options=_SPARSE),
    "OneHotIoU": Metric(
        intersection,
        ("num_classes", "target_class_ids", "name", "dtype", "ignore_class", "sparse_y_pred", "axis"),
        options=_HOT,
    ),
    "OneHotMeanIoU": Metric(
        intersection, ("num_classes", "name", "dtype", "ignore_class", "sparse_y_pred", "axis"), options=_HOT
    ),
    "Mean": Metric(wrong_call("Mean")),
    "Sum": Metric(wrong_call("Sum")),
    "MeanMetricWrapper": Metric(unclear, ("fn", "name", "dtype")),
}
"""By class name."""

FUNCTIONS: dict[str, Check] = {
    "binary_accuracy": equal,
    "categorical_accuracy": categorical,
    "sparse_categorical_accuracy": sparse,
    "top_k_categorical_accuracy": top_k,
    "sparse_top_k_categorical_accuracy": sparse_top_k,
}
"""The functions that are metrics and no losses."""


def snake(name: str) -> str:
    """``to_snake_case`` of a class name."""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


_ALIASES = {"bce": "BinaryCrossentropy", "mse": "MeanSquaredError", "mae": "MeanAbsoluteError",
            "mape": "MeanAbsolutePercentageError", "msle": "MeanSquaredLogarithmicError"}  # fmt: skip
BY_NAME = (
    {name: name for name in METRICS if name != "MeanMetricWrapper"}
    | {snake(name): name for name in METRICS}
    | {key: name for alias_, name in _ALIASES.items() for key in (alias_, alias_.upper())}
)
"""``keras.metrics.get``."""


class MetricClass(ClassRule):
    """A metric object: what it was made with is in the store; it gives a number."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """Remembers the arguments."""
        metric = METRICS.get(self.target.rpartition(".")[2])
        order = metric.order or ("name", "dtype") if metric is not None else ("dtype", "name")
        given = dict(zip(order, args, strict=False)) | dict(kwargs)
        call.set(obj, ".options", keep({name: call.thaw(call.resolve(value)) for name, value in given.items()}))

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``metric(y_true, y_pred)``: update_state, then result."""
        update_state(call, obj, *args, **kwargs)
        return result(call, obj)

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """The methods that matter; everything else is not followed."""
        if name == "reset_states" and flavour_of(obj) == "keras":
            return lost_attribute(call, obj, name)
        if name in ("update_state", "result", "reset_state", "reset_states"):
            return BoundMethod(Known(f"keras.metrics.Metric.{name}", flavour_of(obj)), obj)
        return Unknown(name)


@function("keras.metrics.Metric.update_state", raw=True)
def update_state(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``metric.update_state(y_true, y_pred)``: refuses shapes that do not fit."""
    kind = BACKEND_KIND.get(call.backend(), "tf")
    values = [call.thaw(call.resolve(value)) for value in (*args, *kwargs.values())]
    target, output = [operand(value, kind, call) for value in values[:2]] if len(values) > 1 else (None, None)
    if isinstance(self.cls, Class) or flavour_of(self) != "keras" or kind != "tf" or len(values) > 2:
        return None
    if isinstance(target, Tensor) and isinstance(output, Tensor) and not target.symbolic and not output.symbolic:
        if self.cls.target.rpartition(".")[2] in ("Mean", "Sum"):
            return None
        with collect() as record:
            check(call, self, target, output, Setting())
        if record.reports:
            call.find(record.reports[0], "keras", blame={"y": output})
    return None


@function("keras.metrics.Metric.result", raw=True)
def result(call: Call, self: Instance) -> Value:
    """A number, for most metrics."""
    metric = METRICS.get(getattr(self.cls, "target", "").rpartition(".")[2])
    if metric is None or not metric.scalar:
        return Unknown("what a metric gives")
    return Tensor(Shape(()), "float32", BACKEND_KIND.get(call.backend(), "tf"))


@function("keras.metrics.Metric.reset_state", raw=True)
@function("keras.metrics.Metric.reset_states", raw=True)
def reset(call: Call, self: Instance) -> None:
    """Gives nothing."""


def check(call: Call, metric: Value, target: Tensor, output: Tensor, setting: Setting) -> bool:
    """Compare a target with an output, as a resolved metric does; False where something was refused or is not known."""
    if not isinstance(target.shape, Shape) or not isinstance(output.shape, Shape):
        return False
    try:
        with collect() as record:
            _check(call, metric, target, output, setting)
    except NotKnown:
        for found in record.reports[:1]:
            report(found.problem, blame=found.blame)
        return False
    return True


def _check(call: Call, metric: Value, target: Tensor, output: Tensor, setting: Setting) -> None:
    shapes = target.shape, output.shape
    if isinstance(metric, Known):
        name = REGISTRY.aliases.get(metric.target, metric.target).rpartition(".")[2]
        found: Any = FUNCTIONS.get(name) or (loss(name) if name in LOSSES else None)
        if found is None:
            raise NotKnown
        found(*shapes, setting)
    elif isinstance(metric, Instance) and isinstance(metric.cls, Known):
        rule = METRICS.get(metric.cls.target.rpartition(".")[2])
        given = reopen(call.get(metric, ".options"))
        if rule is not None and isinstance(given, dict):
            if any(isinstance(value, Unknown) for value in given.values()):
                raise NotKnown
            rule.check(*shapes, setting, **{**rule.options, **given})
        elif call.get(metric, ".fn") in LOSSES:  # a loss as a metric
            from .loss_objects import loss_of

            loss_of(call, metric, target, output, None, setting)
        else:
            raise NotKnown
    elif isinstance(metric, (Function, BoundMethod, Partial)):
        call.invoke(metric if setting.stage == "eager" else Wrapped("traced", metric), [target, output])
    else:
        raise NotKnown


def found_metric(call: Call, identifier: Value, target: Tensor, output: Tensor) -> Value:
    """``get_metric`` of compile_utils.py: "accuracy" is chosen by the shapes; None where the name means nothing."""
    if isinstance(identifier, str):
        if identifier.lower() in ("accuracy", "acc"):
            name = chosen(target.shape, output.shape)
            return None if name is None else call.invoke(Known(f"keras.metrics.{name}", "keras"), [])
        name = BY_NAME.get(identifier)
        return None if name is None else call.invoke(Known(f"keras.metrics.{name}", "keras"), [])
    if isinstance(identifier, Known) and isinstance(REGISTRY.find(identifier.target), ClassRule):
        return call.invoke(identifier, [])
    return identifier


def chosen(target: Any, output: Any) -> str | None:
    """The class that "accuracy" stands for; None where that hangs on what is not known."""
    kinds = kinds_of(target, output)
    if kinds is None:
        return None
    binary, is_sparse = kinds
    return "BinaryAccuracy" if binary else "SparseCategoricalAccuracy" if is_sparse else "CategoricalAccuracy"


def kinds_of(target: Any, output: Any) -> tuple[bool, bool] | None:
    """is_binary_or_sparse_categorical; None where that hangs on what is not known."""
    if not isinstance(target, Shape) or not isinstance(output, Shape) or not target or not output:
        return None
    last, given = output[-1], target[-1]
    for dim in (last, given):
        if not isinstance(dim, int) and not is_dynamic(dim):
            return None
    is_sparse = len(target) < len(output)
    if not is_sparse and given == 1 and isinstance(given, int):
        if not isinstance(last, int):
            return None
        is_sparse = last > 1
    return isinstance(last, int) and last == 1, is_sparse


def _function(name: str) -> None:
    @function(f"keras.metrics.{name}")
    def run(call: Call, y_true: Value, y_pred: Value, *args: Value, **kwargs: Value) -> Value:
        return Unknown("what a metric gives for each sample")


class_rule("keras.metrics.Metric")(MetricClass)
for _name in METRICS:
    class_rule(f"keras.metrics.{_name}", "keras.metrics.Metric")(type(_name, (MetricClass,), {}))
for _name in FUNCTIONS:
    _function(_name)
for _name in ("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "huber", "log_cosh",
              "mean_squared_logarithmic_error", "kl_divergence", "poisson", "hinge", "squared_hinge",
              "categorical_hinge", "categorical_crossentropy", "categorical_focal_crossentropy", "binary_crossentropy",
              "sparse_categorical_crossentropy", "binary_focal_crossentropy"):  # fmt: skip
    alias(f"keras.losses.{_name}", f"keras.metrics.{_name}")

__all__ = ["METRICS", "MISSING", "MetricClass", "check", "found_metric", "kinds_of"]
