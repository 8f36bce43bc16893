"""Losses (torch/nn/modules/loss.py, torch/nn/functional.py): one number, or one for each element."""

from __future__ import annotations

from typing import Any

from ...dim import surely_differ
from ...formulas.creation import flat
from ...problems import TorchNoSuchItem, TorchShapeMismatch, TorchWrongRank
from ...rule import Call, function
from ...shape import Shape, Unranked, surely_other
from ...value import Tensor, Value
from .checks import is_int, refuse, tensor_of
from .elementwise import broadcast_shape
from .machine import module

CLASS_INDICES = ("int64", "uint8")


@module("torch.nn.MSELoss", init="_Loss")
@module("torch.nn.L1Loss", init="_Loss")
def distance(
    input: Tensor, target: Any, *, size_average: Any = None, reduce: Any = None, reduction: Any = "mean"
) -> Tensor:
    """Input and target are broadcast (with a warning); RuntimeError where they do not fit."""
    whole = broadcast_shape(input, tensor_of(target), ("input", "target"))
    return _result(whole, _reduction(size_average, reduce, reduction), input.dtype)


@module("torch.nn.SmoothL1Loss")
def smooth_distance(
    input: Tensor, target: Any, *, size_average: Any = None, reduce: Any = None, reduction: Any = "mean",
    beta: Any = 1.0,
) -> Tensor:  # fmt: skip
    """As :func:`distance`."""
    return distance(input, target, size_average=size_average, reduce=reduce, reduction=reduction)


@module("torch.nn.BCELoss", init="_WeightedLoss")
def binary_cross_entropy(
    input: Tensor, target: Any, *, weight: Any = None, size_average: Any = None, reduce: Any = None,
    reduction: Any = "mean",
) -> Tensor:  # fmt: skip
    """ValueError unless the target has the input's shape."""
    return _binary(input, target, _reduction(size_average, reduce, reduction), "bce")


@module("torch.nn.BCEWithLogitsLoss")
def binary_cross_entropy_with_logits(
    input: Tensor, target: Any, *, weight: Any = None, size_average: Any = None, reduce: Any = None,
    reduction: Any = "mean", pos_weight: Any = None,
) -> Tensor:  # fmt: skip
    """ValueError unless the target has the input's shape."""
    return _binary(input, target, _reduction(size_average, reduce, reduction), "bce-logits")


@module("torch.nn.CrossEntropyLoss")
def cross_entropy(
    input: Tensor, target: Any, *, weight: Any = None, size_average: Any = None, ignore_index: Any = -100,
    reduce: Any = None, reduction: Any = "mean", label_smoothing: Any = 0.0,
) -> Tensor:  # fmt: skip
    """(N, C) against (N,) class numbers, or against (N, C) probabilities."""
    return _classes(input, target, _reduction(size_average, reduce, reduction))


@module("torch.nn.NLLLoss")
def negative_log_likelihood(
    input: Tensor, target: Any, *, weight: Any = None, size_average: Any = None, ignore_index: Any = -100,
    reduce: Any = None, reduction: Any = "mean",
) -> Tensor:  # fmt: skip
    """(N, C) against (N,) class numbers."""
    return _classes(input, target, _reduction(size_average, reduce, reduction))


@function("torch.nn.functional.mse_loss")
@function("torch.nn.functional.l1_loss")
@function("torch.nn.functional.smooth_l1_loss")
def distance_function(
    call: Call, input: Value, target: Value, *args: Value, reduction: Value = "mean", **kwargs: Value
) -> Value:
    """See :func:`distance`."""
    x = tensor_of(input)
    whole = broadcast_shape(x, tensor_of(target), ("input", "target"))
    return _result(whole, reduction if not args else None, x.dtype if x is not None else None)


@function("torch.nn.functional.binary_cross_entropy", check="bce")
@function("torch.nn.functional.binary_cross_entropy_with_logits", check="bce-logits")
def binary_function(
    call: Call, input: Value, target: Value, *args: Value, reduction: Value = "mean", check: str, **kwargs: Value
) -> Value:
    """See :func:`binary_cross_entropy`."""
    x = tensor_of(input)
    return (
        _result(Unranked(""), None, None) if x is None else _binary(x, target, reduction if not args else None, check)
    )


@function("torch.nn.functional.cross_entropy")
@function("torch.nn.functional.nll_loss")
def classes_function(
    call: Call, input: Value, target: Value, *args: Value, reduction: Value = "mean", **kwargs: Value
) -> Value:
    """See :func:`cross_entropy`."""
    x = tensor_of(input)
    return _result(Unranked(""), None, None) if x is None else _classes(x, target, reduction if not args else None)


def _reduction(size_average: Any, reduce: Any, reduction: Any) -> Any:
    """What the arguments of old mean today is not followed."""
    return reduction if size_average is None and reduce is None else None


def _binary(x: Tensor, target: Any, reduction: Any, check: str) -> Tensor:
    wanted = tensor_of(target)
    if wanted is not None and surely_other(x.shape, wanted.shape):
        refuse(TorchShapeMismatch, check, ("target", "input"), target=wanted.shape, shape=x.shape)
    return _result(x.shape, reduction, x.dtype)


def _classes(x: Tensor, target: Any, reduction: Any) -> Tensor:
    wanted = tensor_of(target)
    if wanted is not None and isinstance(x.shape, Shape) and isinstance(wanted.shape, Shape) and len(x.shape) == 2:
        indices = wanted.dtype in CLASS_INDICES
        if indices and len(wanted.shape) == 1 and surely_differ(x.shape[0], wanted.shape[0]):
            refuse(TorchShapeMismatch, "loss-batch", ("target", "input"), input=x.shape[0], target=wanted.shape[0])
        elif (
            indices
            and len(wanted.shape) == 2
            and not surely_differ(x.shape[0], wanted.shape[0])
            and surely_differ(wanted.shape[1], x.shape[1])
            and all(isinstance(n, int) for n in (*x.shape, *wanted.shape))
        ):
            refuse(TorchWrongRank, "loss-targets", ("target",))
    if wanted is not None and isinstance(x.shape, Shape):
        numbers = flat(wanted.constant) if wanted.constant is not None else []
        bad = [n for n in numbers if len(x.shape) == 2 and is_int(n) and is_int(x.shape[1]) and n >= x.shape[1]]
        if bad and wanted.dtype == "int64":
            refuse(TorchNoSuchItem, "loss-class", ("target", "input"), target=bad[0])
        probabilities = wanted.dtype not in CLASS_INDICES and wanted.dtype is not None
        if len(x.shape) < 2 or (probabilities and surely_other(x.shape, wanted.shape)):
            return Tensor(Unranked("classes of this kind are not modelled"), x.dtype, "torch")
    if reduction in ("mean", "sum"):
        return Tensor(Shape(()), x.dtype, "torch")
    if reduction == "none" and wanted is not None and wanted.dtype in CLASS_INDICES:
        return Tensor(wanted.shape, x.dtype, "torch")
    return Tensor(Unranked("what a loss gives is not known"), x.dtype, "torch")


def _result(shape: Any, reduction: Any, dtype: str | None) -> Tensor:
    if reduction in ("mean", "sum"):
        return Tensor(Shape(()), dtype, "torch")
    if reduction == "none":
        return Tensor(shape, dtype, "torch")
    return Tensor(Unranked("what a loss gives is not known"), dtype, "torch")
