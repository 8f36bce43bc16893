"""What training gives back: the history of ``fit``, the numbers of ``evaluate``, and the names of both.

Follows CompileMetrics in keras/src/trainers/compile_utils.py and keras/src/backend/tensorflow/trainer.py, for models with
one output: those with several name their numbers differently from version to version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...rule import MISSING, REGISTRY, Call, ClassRule, alias, class_rule
from ...value import Assumed, Function, Instance, Known, Unknown, Value
from .compiled import OPTIMIZERS, argument, output_names
from .inputs import leaves
from .losses import CLASSES
from .state import class_name, reopen, snake_case

NUMBER = Unknown("a number of the training")
MANY = 100
"""Epochs of which each is listed."""


@class_rule("keras.callbacks.History")
class History(ClassRule):
    """What ``fit`` gives; the numbers of its epochs are in the store."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """``history.history["loss"]``: numbers that nobody knows."""
        return Unknown(f"{name} of a training") if name in ("history", "epoch", "params", "model") else MISSING


alias("keras.callbacks.History", "keras.src.callbacks.history.History")


def history_of(call: Call, model: Instance, given: Mapping[str, Any]) -> Value:
    """``fit``: a History that holds, for each name, one number of each epoch."""
    history = call.new(Known("keras.callbacks.History", "keras"))
    call.set(history, "model", model)
    call.set(model, "history", history)
    names, validated = logged_names(call, model), _is_validated(given)
    if names is None or validated is None or given.get("callbacks"):
        return history
    first, last = given.get("initial_epoch", 0), given.get("epochs", 1)
    known = isinstance(first, int) and isinstance(last, int) and 0 <= last - first <= MANY
    if known:
        call.set(history, "epoch", call.new_list(list(range(first, last))))
    if known and first == last:
        return history
    keys = sorted(names) + ([f"val_{name}" for name in sorted(names)] if validated else [])
    column = [NUMBER] * (last - first) if known else None
    numbers = call.new_dict(
        {key: Unknown("numbers of epochs") if column is None else call.new_list(column) for key in keys}
    )
    call.set(numbers, ".complete", True)
    call.set(history, "history", numbers)
    return history


def evaluated(call: Call, model: Instance, given: Mapping[str, Any]) -> Value:
    """``evaluate``: the loss alone, or a list of it and the metrics, or a dict."""
    metrics = _metrics(call, model)
    if metrics is None:
        return Unknown("what the loss and the metrics are")
    if given.get("return_dict") is True:
        names = logged_names(call, model)
        return Unknown("what the metrics are") if names is None else call.new_dict(dict.fromkeys(sorted(names), NUMBER))
    if given.get("return_dict", False) is not False:
        return Unknown("a list or a dict of metrics")
    return call.new_list([NUMBER] * (len(metrics) + 1)) if metrics else Unknown("what the loss is")


def metrics_names(call: Call, model: Instance) -> Value:
    """``model.metrics_names``: all metrics of ``compile`` are one."""
    metrics = _metrics(call, model)
    if metrics is None:
        return Unknown("the names of the metrics")
    return call.new_list(["loss", "compile_metrics"] if metrics else ["loss"])


def logged_names(call: Call, model: Instance) -> list[str] | None:
    """The names of the numbers that are logged, the loss first; None where they are not known."""
    metrics = _metrics(call, model)
    if metrics is None:
        return None
    names = ["loss"]
    for metric in metrics:
        name = _name(call, metric)
        if name is None:
            return None
        names.append(name)
    return names if len(set(names)) == len(names) else None


def optimizer_of(call: Call, given: Value) -> Value:
    """``model.optimizer`` after ``compile``: the object itself, or a new one of that name."""
    if isinstance(given, str) and given.lower() in OPTIMIZERS:
        names = {
            target.rpartition(".")[2].lower(): target for target in REGISTRY.rules if target.startswith(_OPTIMIZERS)
        }
        target = names.get(given.lower())
        return call.invoke(Known(target, "keras"), []) if target else Unknown("an optimizer")
    return given if isinstance(given, Instance) or given is None else Unknown("an optimizer")


_OPTIMIZERS = tuple(f"keras.optimizers.{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _metrics(call: Call, model: Instance) -> list[Any] | None:
    """The metrics of a compiled model with one output and a loss."""
    if call.get(model, ".compiled") is not True or not isinstance(model.cls, Known):
        return None
    names = output_names(call, model)
    if call.get(model, ".model") != "sequential" and (names is None or len(names) != 1):
        return None
    if argument(call, model, "loss") is None:
        return None
    found: list[Any] = []
    for kind in ("metrics", "weighted_metrics"):
        given = argument(call, model, kind)
        if isinstance(given, (Unknown, Assumed)):
            return None
        found += [] if given is None else leaves(given)
    return None if any(isinstance(one, (Unknown, Assumed)) or one is None for one in found) else found


def _name(call: Call, metric: Any) -> str | None:
    """The name of a metric as it is logged."""
    if isinstance(metric, str):
        return metric
    if isinstance(metric, Function):
        return snake_case(metric.code.name) if metric.code.name.isidentifier() else None
    if isinstance(metric, Known) and not isinstance(REGISTRY.find(metric.target), ClassRule):
        return snake_case(metric.target.rpartition(".")[2])
    if isinstance(metric, Instance) and isinstance(metric.cls, Known) and class_name(metric) not in CLASSES:
        options = reopen(call.get(metric, ".options"))
        name = options.get("name") if isinstance(options, dict) else None
        return name if isinstance(name, str) else None
    return None


def _is_validated(given: Mapping[str, Any]) -> bool | None:
    split, held_out = given.get("validation_split", 0.0), given.get("validation_data")
    if isinstance(split, (Unknown, Assumed)) or isinstance(held_out, (Unknown, Assumed)):
        return None
    if given.get("validation_freq", 1) != 1:
        return None
    return held_out is not None or bool(split)


__all__ = ["evaluated", "history_of", "metrics_names", "optimizer_of"]
