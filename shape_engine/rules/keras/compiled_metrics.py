"""The metrics of a compiled model: their structure against that of the outputs, then each on its output.

Follows CompileMetrics in keras/src/trainers/compile_utils.py: all are made before one is updated.
"""

from __future__ import annotations

from typing import Any

from ...evidence import report
from ...problems import BadModel
from ...rule import Call
from ...shape import Shape
from ...value import Assumed, Instance, Tensor, Unknown
from .compiled import argument, output_names, pairs_of, stars
from .inputs import leaves
from .losses import Setting
from .metrics import BY_NAME, check, found_metric
from .steps import raises

KINDS = ("metrics", "weighted_metrics")


def compute_metrics(call: Call, model: Instance, y: Any, y_pred: Any, stage: str) -> bool:
    """CompileMetrics on the outputs; False where it is refused (with a report) or not known."""
    names, outputs, targets = output_names(call, model), leaves(y_pred), leaves(y)
    made: list[tuple[Any, Any, Any]] = []
    paired = len(outputs) != 1 or len(targets) != 1
    for kind in KINDS:
        metrics = argument(call, model, kind)
        if not metrics:
            continue
        if isinstance(metrics, (Unknown, Assumed)):
            return False
        groups: list[Any] | None = [leaves(metrics)]
        if paired:
            pairs = pairs_of(y, y_pred, names)
            groups = None if pairs is None else _groups(metrics, y_pred, names, kind)
            if pairs is None or groups is None:
                return False
            targets, outputs = [target for target, _ in pairs], [output for _, output in pairs]
        for group, target, output in zip(groups or (), targets, outputs, strict=False):
            listed = group if isinstance(group, (list, tuple)) else [] if group is None else [group]
            if not all(_is_metric(one, metrics, kind if paired else "") for one in listed):
                return False
            made += [(one, target, output) for one in listed]
    return all(_update(call, one, target, output, stage) for one, target, output in made)


def _groups(metrics: Any, y_pred: Any, names: list[str] | None, kind: str) -> list[Any] | None:
    """The metrics of each output, in the order of ``pairs_of``; None where they are refused, or not followed."""
    flat = not any(_nested(one) for one in (y_pred.values() if isinstance(y_pred, dict) else y_pred))
    if not _nested(y_pred) or not flat:
        return None
    keys = sorted(y_pred, key=str) if isinstance(y_pred, dict) else names
    if isinstance(metrics, (list, tuple)) and len(metrics) == len(y_pred):
        return list(metrics) if not isinstance(y_pred, dict) or names is None else _in_order(metrics, y_pred, names)
    if isinstance(metrics, dict) and keys is not None and set(metrics) <= set(keys):
        return [metrics.get(key) for key in keys]
    if names is None:
        return None
    tuples, shown = _shown(metrics, tuples=True), _shown(metrics)
    told = (kind, names, stars(y_pred, "X"), shown)
    if not isinstance(y_pred, dict):
        if isinstance(metrics, dict):
            report(BadModel("metrics-type", quoted=(*told, "tuple", tuples)), blame=("y", "x"))
        else:
            report(BadModel("metrics-count", quoted=(*told, len(y_pred), len(metrics), tuples)), blame=("y", "x"))
    elif not isinstance(metrics, dict):
        kinds = "dict, collections.OrderedDict, or collections.defaultdict"
        report(BadModel("metrics-type", quoted=(*told, kinds, tuples)), blame=("y", "x"))
    elif all(isinstance(key, str) for key in (*metrics, *y_pred)):
        missing, extra = sorted(set(y_pred) - set(metrics)), sorted(set(metrics) - set(y_pred))
        differ = f", missing key(s): {missing}" if missing else ""
        differ += f", extra key(s): {extra}" if extra else ""
        report(
            BadModel("metrics-keys", quoted=(*told, sorted(y_pred), sorted(metrics), differ, tuples)), blame=("y", "x")
        )
    return None


def _in_order(metrics: Any, y_pred: dict[str, Any], names: list[str]) -> list[Any] | None:
    """A list for outputs in a dict: in the order of the keys, unless they are the names of the layers."""
    return list(metrics) if set(names) != set(y_pred) or names == sorted(y_pred) else None


def _is_metric(metric: Any, metrics: Any, kind: str) -> bool:
    """Whether Keras finds the metric; what it says of several outputs ends with all of the metrics."""
    if metric is None:
        why, told = "metric-none", None
    elif isinstance(metric, str) and metric.lower() not in ("accuracy", "acc") and metric not in BY_NAME:
        why, told = "metric-identifier", metric
    else:
        return True
    rest = f"\nReceived: {kind}=" if kind else ""
    report(BadModel(why, quoted=(told, rest, _shown(metrics) if kind else "")), blame=("y", "x"))
    return False


def _update(call: Call, metric: Any, target: Any, output: Any, stage: str) -> bool:
    if not isinstance(target, Tensor) or not isinstance(output, Tensor):
        return False
    found = found_metric(call, metric, target, output)
    return check(call, found, target, output, Setting("", stage)) and not raises(call)


def _shown(structure: Any, tuples: bool = False) -> Any:
    """The metrics as a message prints them: names; how an object is printed is not known."""
    if isinstance(structure, (list, tuple)):
        items = [_shown(item, tuples) for item in structure]
        return tuple(items) if tuples or isinstance(structure, tuple) else items
    if isinstance(structure, dict):
        return {key: _shown(item, tuples) for key, item in structure.items()}
    return structure if structure is None or isinstance(structure, str) else Unknown("an object")


def _nested(value: Any) -> bool:
    return isinstance(value, (list, tuple, dict)) and not isinstance(value, Shape)


__all__ = ["compute_metrics"]
