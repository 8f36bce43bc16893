"""The losses of Keras 3 as functions: the shape of what they give for a target and an output, and what they refuse.

Follows keras/src/losses/losses.py and keras/src/backend/tensorflow/nn.py.  Whether numbers are computed at once or a
step is traced, decides which lengths are open and what an exception looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...dim import is_dynamic, surely_differ, surely_equal
from ...evidence import report
from ...formulas.broadcast import broadcast, clash
from ...problems import OperandMismatch, RefusedInputs
from ...shape import Shape


class NotKnown(Exception):
    """The shape cannot be told; what is refused has been reported."""


@dataclass(frozen=True)
class Setting:
    """Where a loss or metric computes: its name in the graph, and the stage (see OperandMismatch)."""

    of: str = ""
    stage: str = "eager"


@dataclass(frozen=True)
class Loss:
    """One loss: ``check(target, output, setting, **options)`` gives the shape of the numbers before they are reduced.

    ``order`` is that of the constructor's arguments, where it does not simply begin with the options.
    """

    check: Callable[..., Shape]
    cls: str
    options: Mapping[str, Any] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the constructor's arguments."""
        return self.order or (*self.options, *COMMON)


COMMON = ("reduction", "name", "dtype")
"""What every loss is constructed with."""


def same_rank(one: Shape, other: Shape, expand: bool = True) -> tuple[Shape, Shape]:
    """squeeze_or_expand_to_same_rank: a last axis of length 1 is added to a vector, or taken from the longer shape."""
    if len(one) == len(other) + 1 and _is_one(one[-1]):
        return (one, Shape((*other, 1))) if len(other) == 1 and expand else (Shape(one[:-1]), other)
    if len(other) == len(one) + 1 and _is_one(other[-1]):
        return (Shape((*one, 1)), other) if len(one) == 1 and expand else (one, Shape(other[:-1]))
    return one, other


def together(op: str, left: Shape, right: Shape, setting: Setting) -> Shape:
    """The shape of an operation element by element; reports OperandMismatch."""
    shown = [Shape(1 if is_dynamic(dim) else dim for dim in shape) for shape in (left, right)]
    if clash(*shown) is not None:
        report(OperandMismatch(op, shapes=(left, right), of=setting.of, stage=setting.stage), blame=("y_true", "y"))
        raise NotKnown
    found = broadcast(left, right)
    if found is None:
        raise NotKnown
    return found


def reduced(shape: Shape, axis: Any) -> Shape:
    """The shape without the axes of a mean or sum; all of them for None."""
    if axis is None:
        return Shape(())
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    if not all(isinstance(item, int) and -len(shape) <= item < len(shape) for item in axes):
        raise NotKnown
    gone = {item % len(shape) for item in axes}
    return Shape(dim for place, dim in enumerate(shape) if place not in gone)


def regression(
    target: Shape, output: Shape, setting: Setting, *, op: str = "Sub", turned: bool = False, axis: Any = -1, **_: Any
) -> Shape:
    """Made to have as many axes, then element by element."""
    return products(*same_rank(target, output), setting, op=op, turned=turned, axis=axis)


def products(
    target: Shape, output: Shape, setting: Setting, *, op: str = "Mul", turned: bool = False, axis: Any = -1, **_: Any
) -> Shape:
    """Element by element as they are."""
    left, right = (output, target) if turned else (target, output)
    return reduced(together(op, left, right, setting), axis)


def sums(target: Shape, output: Shape, setting: Setting, *, axis: Any = None, **_: Any) -> Shape:
    """dice, tversky: products summed over everything, or over ``axis``."""
    return reduced(together("Mul", target, output, setting), axis)


def crossentropy(target: Shape, output: Shape, setting: Setting, *, axis: Any = -1, **_: Any) -> Shape:
    """categorical_crossentropy, binary_crossentropy and its focal form: exactly the same shape."""
    if len(target) != len(output):
        report(RefusedInputs("loss-rank", (target, output)), blame=("y_true", "y"))
        raise NotKnown
    if surely_other(target, output):
        report(RefusedInputs("loss-shape", (target, output)), blame=("y_true", "y"))
        raise NotKnown
    return reduced(output, axis)


def sparse(
    target: Shape, output: Shape, setting: Setting, *, axis: Any = -1, ignore_class: Any = None, **_: Any
) -> Shape:
    """sparse_categorical_crossentropy: the output's shape without its last axis."""
    if not isinstance(axis, int) or not target or not output:
        raise NotKnown
    if axis not in (-1, len(output) - 1):
        if len(target) == len(output):  # an axis of length 1 may be taken out first
            raise NotKnown
        report(RefusedInputs("loss-sparse-axis", (target, output), quoted=(axis,)), blame=("axis", "y_true", "y"))
        raise NotKnown
    if len(target) == len(output) and _is_one(target[-1]):
        target = Shape(target[:-1])
    if ignore_class is not None and len(target) != len(output) - 1:
        raise NotKnown  # the mask is refused before, in other words
    if len(target) != len(output) - 1:
        report(RefusedInputs("loss-sparse-rank", (target, output)), blame=("y_true", "y"))
        raise NotKnown
    if surely_other(target, Shape(output[:-1])):
        if ignore_class is None:
            report(RefusedInputs("loss-sparse-shape", (target, output)), blame=("y_true", "y"))
        raise NotKnown
    return Shape(output[:-1])


def generalized(target: Shape, output: Shape, setting: Setting, **_: Any) -> Shape:
    """categorical_generalized_cross_entropy: the labels one-hot, times the output."""
    if not output:
        raise NotKnown
    return reduced(together("Mul", output, Shape((*target, output[-1])), setting), -1)


def ctc(target: Shape, output: Shape, setting: Setting, **_: Any) -> Shape:
    """Two axes of labels, three of logits."""
    if len(target) != 2:
        report(RefusedInputs("loss-ctc-target", (target,), quoted=(setting.stage,)), blame=("y_true", "y"))
        raise NotKnown
    if len(output) != 3:
        report(RefusedInputs("loss-ctc-output", (output,), quoted=(setting.stage,)), blame=("y_true", "y"))
        raise NotKnown
    return Shape(output[:1])


def circle(target: Shape, output: Shape, setting: Setting, **_: Any) -> Shape:
    """A number for each embedding; what does not fit is not followed."""
    flat = len(target) == 1 or (len(target) == 2 and surely_equal(target[1], 1))
    if not flat or len(output) != 2 or not surely_equal(target[0], output[0]):
        raise NotKnown
    return Shape(output[:1])


def surely_other(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two shapes with as many axes surely differ in a length that is not left open."""
    pairs = zip(one, other, strict=True)
    return any(not is_dynamic(a) and not is_dynamic(b) and surely_differ(a, b) for a, b in pairs)


def _is_one(dim: Any) -> bool:
    if not isinstance(dim, int) and not is_dynamic(dim) and not surely_differ(dim, 1):
        raise NotKnown
    return isinstance(dim, int) and dim == 1


def _turned(target: Shape, output: Shape, setting: Setting, **_: Any) -> Shape:
    return regression(target, output, setting, turned=True)


def _cosine(target: Shape, output: Shape, setting: Setting, *, axis: Any = -1, **_: Any) -> Shape:
    return regression(target, output, setting, op="Mul", axis=axis)


def _divergence(target: Shape, output: Shape, setting: Setting, **_: Any) -> Shape:
    return products(target, output, setting, op="RealDiv")


_LOGITS = {"from_logits": False, "label_smoothing": 0.0, "axis": -1}
_REGIONS = {"alpha": 0.5, "beta": 0.5, "axis": None}
_BINARY_FOCAL = {"apply_class_balancing": False, "alpha": 0.25, "gamma": 2.0, **_LOGITS}
_FOCAL = {"alpha": 0.25, "gamma": 2.0, **_LOGITS}
_SPARSE = {"from_logits": False, "ignore_class": None, "axis": -1}
_CIRCLE = {"ref_labels": None, "ref_embeddings": None, "remove_diagonal": True, "gamma": 80, "margin": 0.4}

LOSSES: dict[str, Loss] = {
    "mean_squared_error": Loss(regression, "MeanSquaredError", aliases=("mse", "MSE")),
    "mean_absolute_error": Loss(regression, "MeanAbsoluteError", aliases=("mae", "MAE")),
    "mean_absolute_percentage_error": Loss(regression, "MeanAbsolutePercentageError", aliases=("mape", "MAPE")),
    "mean_squared_logarithmic_error": Loss(_turned, "MeanSquaredLogarithmicError", aliases=("msle", "MSLE")),
    "cosine_similarity": Loss(_cosine, "CosineSimilarity", {"axis": -1}),
    "huber": Loss(_turned, "Huber", {"delta": 1.0}),
    "log_cosh": Loss(_turned, "LogCosh"),
    "kl_divergence": Loss(_divergence, "KLDivergence", aliases=("kld", "KLD")),
    "poisson": Loss(products, "Poisson"),
    "hinge": Loss(products, "Hinge"),
    "squared_hinge": Loss(products, "SquaredHinge"),
    "categorical_hinge": Loss(products, "CategoricalHinge"),
    "categorical_crossentropy": Loss(crossentropy, "CategoricalCrossentropy", _LOGITS),
    "categorical_focal_crossentropy": Loss(products, "CategoricalFocalCrossentropy", _FOCAL),
    "sparse_categorical_crossentropy": Loss(
        sparse,
        "SparseCategoricalCrossentropy",
        _SPARSE,
        order=("from_logits", "ignore_class", "reduction", "axis", "name", "dtype"),
    ),
    "binary_crossentropy": Loss(crossentropy, "BinaryCrossentropy", _LOGITS, ("bce", "BCE")),
    "binary_focal_crossentropy": Loss(crossentropy, "BinaryFocalCrossentropy", _BINARY_FOCAL),
    "dice": Loss(sums, "Dice", {"axis": None}, order=("reduction", "name", "axis", "dtype")),
    "tversky": Loss(sums, "Tversky", _REGIONS, order=("alpha", "beta", "reduction", "name", "axis", "dtype")),
    "circle": Loss(circle, "Circle", _CIRCLE, order=("gamma", "margin", "remove_diagonal", *COMMON)),
    "ctc": Loss(ctc, "CTC"),
    "categorical_generalized_cross_entropy": Loss(generalized, "CategoricalGeneralizedCrossEntropy", {"q": 0.5}),
}
"""By the name of the function: its class, the options of both in order, and other names."""

CLASSES = {loss.cls: name for name, loss in LOSSES.items()}

BY_NAME: dict[str, str] = {alias: name for name, loss in LOSSES.items() for alias in loss.aliases} | {
    name: name for name in LOSSES if name != "categorical_generalized_cross_entropy"
}
"""``keras.losses.get``: the function that a string stands for (classes are found in CLASSES)."""
