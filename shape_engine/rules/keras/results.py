"""What training gives back: the history of ``fit``, the numbers of ``evaluate``, and the names of both.

Follows CompileMetrics and CompileLoss in keras/src/trainers/compile_utils.py, and keras/src/trainers/trainer.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...rule import MISSING, REGISTRY, Call, ClassRule, alias, class_rule
from ...shape import Shape
from ...value import Assumed, Class, Float, Function, Instance, Known, Tensor, Unknown, Value
from .compiled import OPTIMIZERS, argument, output_names
from .inputs import leaves
from .losses import CLASSES
from .state import class_name, layers_inside, reopen, snake_case
from .summary import every_layer

NUMBER = Float("a number of the training")
MANY = 100
"""Epochs of which each is listed."""


@class_rule("keras.callbacks.History")
class History(ClassRule):
    """What ``fit`` gives; the numbers of its epochs are in the store."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """``history.history["loss"]``: numbers that nobody knows."""
        return Unknown(f"{name} of a training") if name in ("history", "epoch", "params", "model") else MISSING


alias("keras.callbacks.History", "keras.src.callbacks.history.History")


@dataclass(frozen=True)
class Logged:
    """What a step logs: ``names`` in the order of ``evaluate``, those of metrics that nobody named beginning with "?"."""

    names: tuple[str, ...]
    count: int
    """How many numbers ``evaluate`` gives."""

    @property
    def sorted(self) -> list[str] | None:
        """The names as a dict has them; None where one is not known."""
        return None if any(name.startswith("?") for name in self.names) else sorted(self.names)


def history_of(call: Call, model: Instance, given: Mapping[str, Any]) -> Value:
    """``fit``: a History that holds, for each name, one number of each epoch."""
    history = call.new(Known("keras.callbacks.History", "keras"))
    call.set(history, "model", model)
    call.set(model, "history", history)
    logged, validated = logged_by(call, model), _is_validated(given)
    names = None if logged is None else logged.sorted
    if names is None or validated is None or given.get("callbacks"):
        return history
    first, last = given.get("initial_epoch", 0), given.get("epochs", 1)
    known = isinstance(first, int) and isinstance(last, int) and 0 <= last - first <= MANY
    if known:
        call.set(history, "epoch", call.new_list(list(range(first, last))))
    if known and first == last:
        return history
    keys = names + ([f"val_{name}" for name in names] if validated else [])
    column = [NUMBER] * (last - first) if known else None
    numbers = _filled(
        call,
        call.new_dict({key: Unknown("numbers of epochs") if column is None else call.new_list(column) for key in keys}),
    )
    call.set(history, "history", numbers)
    return history


def of_a_batch(call: Call, model: Instance, given: Mapping[str, Any]) -> Value:
    """``train_on_batch`` and ``test_on_batch``: as ``evaluate``, but arrays of no axes before Keras 3.14."""
    number = NUMBER if call.version("keras") >= (3, 14) else Tensor(Shape(()), "float32", "numpy")
    return evaluated(call, model, given, number)


def evaluated(call: Call, model: Instance, given: Mapping[str, Any], number: Value = NUMBER) -> Value:
    """``evaluate``: the loss alone, a float, or a list of it and what else is logged, or a dict."""
    logged = logged_by(call, model)
    if logged is None:
        return Unknown("what the loss and the metrics are")
    if given.get("return_dict") is True:
        names = logged.sorted
        return (
            Unknown("what the metrics are")
            if names is None
            else _filled(call, call.new_dict(dict.fromkeys(names, number)))
        )
    if given.get("return_dict", False) is not False:
        return Unknown("a list or a dict of metrics")
    return number if logged.count == 1 else _filled(call, call.new_list([number] * logged.count))


def metrics_names(call: Call, model: Instance) -> Value:
    """``model.metrics_names``: all metrics of ``compile`` are one; losses of several outputs come with the first step."""
    logged, outputs = logged_by(call, model), _outputs(call, model)
    if logged is None or outputs is None or len(outputs) != 1:
        return Unknown("the names of the metrics")
    return call.new_list(["loss", "compile_metrics"] if logged.count > 1 else ["loss"])


def logged_by(call: Call, model: Instance) -> Logged | None:
    """What a step of a compiled model logs; None where that is not known."""
    if call.get(model, ".compiled") is not True or not isinstance(model.cls, Known):
        return None
    outputs = _outputs(call, model)
    if outputs is None or _may_log(call, model):
        return None
    losses = _losses(argument(call, model, "loss"), outputs)
    if losses is None:
        return None
    metrics, weighted = (
        _metrics(call, argument(call, model, kind), outputs) for kind in ("metrics", "weighted_metrics")
    )
    if metrics is None or weighted is None:
        return None
    own = [name for _, name in (*metrics, *weighted)]
    if len({name for name in own if name[0] == "?"}) != sum(name[0] == "?" for name in own):
        return None  # which number Keras gives to a second one hangs on all that were made before
    if any(name.startswith(other[1:]) for name in own for other in own if other[0] == "?"):
        return None
    results = dict.fromkeys(_result_names(metrics, weighted))
    parts = [f"{name}_loss" for name in losses] if len(losses) > 1 else []
    names = dict.fromkeys(("loss", *results, *parts))
    listed = [name for name in ("loss", *own, *parts) if name in names]
    return Logged(tuple(names), len(listed) + len(set(names) - set(listed)))


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


def _outputs(call: Call, model: Instance) -> list[str] | None:
    """What losses and metrics call the outputs: their keys, or the names of their layers; one output needs none."""
    outputs = reopen(call.get(model, ".outputs")) if call.get(model, ".model") == "functional" else None
    if isinstance(outputs, dict):
        flat = not any(isinstance(one, (list, tuple, dict)) for one in outputs.values())
        return sorted(outputs) if flat and len(outputs) > 1 and all(isinstance(key, str) for key in outputs) else None
    if isinstance(outputs, (list, tuple)) and any(isinstance(one, (list, tuple, dict)) for one in outputs):
        return None
    names = output_names(call, model)
    if names is None:
        return [""] if call.get(model, ".model") == "sequential" else None
    return [""] if len(names) == 1 else names if len(set(names)) == len(names) else None


def _may_log(call: Call, model: Instance) -> bool:
    """Whether a layer inside may hold metrics of its own, which are logged too."""
    return layers_inside(call, model) is None or any(
        isinstance(layer.cls, Class) for layer, _ in every_layer(call, model)
    )


def _losses(loss: Any, outputs: list[str]) -> list[str] | None:
    """The outputs that have a loss."""
    if isinstance(loss, dict):
        if set(loss) != set(outputs) and outputs != [""]:
            return None
        loss = list(loss.values()) if outputs == [""] else [loss[name] for name in outputs]
    if not isinstance(loss, (list, tuple)):
        return None if loss is None or isinstance(loss, (Unknown, Assumed)) else outputs
    if any(isinstance(one, (Unknown, Assumed, list, tuple, dict)) for one in loss):
        return None
    if len(loss) != len(outputs) and (len(outputs) == 1 or type(loss) is not list or any(loss[len(outputs) :])):
        return None
    return [name for name, one in zip(outputs, loss, strict=False) if one is not None] or None


def _metrics(call: Call, given: Any, outputs: list[str]) -> list[tuple[str, str]] | None:
    """The metrics, each as the name of its output and its own."""
    if isinstance(given, (Unknown, Assumed)):
        return None
    if not given:
        return []
    if outputs == [""]:
        groups: Iterable[Any] = [leaves(given)]
    elif isinstance(given, dict) and set(given) <= set(outputs):
        groups = [given.get(name) for name in outputs]
    elif isinstance(given, (list, tuple)) and len(given) == len(outputs):
        groups = given
    else:
        return None
    found: list[tuple[str, str]] = []
    for output, group in zip(outputs, groups, strict=True):
        for one in group if isinstance(group, (list, tuple)) else [] if group is None else [group]:
            if one is None or isinstance(one, (Unknown, Assumed, list, tuple, dict)):
                return None
            name = _name(call, one)
            if name is None and not (isinstance(one, Instance) and isinstance(one.cls, Known)):
                return None
            found.append((output, name or f"?{snake_case(class_name(one))}"))
    return found


def _result_names(metrics: list[tuple[str, str]], weighted: list[tuple[str, str]]) -> Iterable[str]:
    """``CompileMetrics.result``: a name that is there already gets a number, and a weighted one says so first."""
    seen: dict[str, int] = {}
    for kind, pairs in ("", metrics), ("weighted_", weighted):
        for output, own in pairs:
            before = f"{output}_" if output and own[0] != "?" else f"?{output}_" if output else ""
            name = before + own
            if name in seen and kind:
                name = before + kind + own
            index = seen.get(name, 0)
            seen[name] = index + 1
            yield f"{name}_{index}" if index else name


def _filled(call: Call, container: Value) -> Value:
    """A container in which Keras has put all there is."""
    call.set(container, ".complete", True)
    return container


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
