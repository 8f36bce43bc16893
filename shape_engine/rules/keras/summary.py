"""The numbers of ``model.summary()``: the rows of its table, and the counts below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...rule import Call
from ...value import Instance
from .state import class_name, params_of, python_shape, shapes_of

NOT_TRAINED = frozenset({"moving_mean", "moving_variance", "moving_stddev", "renorm_mean", "renorm_stddev"})
"""The weights that no gradient changes."""


@dataclass(frozen=True)
class Row:
    """One layer of a model: its name, its class, its output's shape (None: not known), its number of weights."""

    name: str
    cls: str
    shape: Any
    params: Any


@dataclass(frozen=True)
class Summary:
    """What ``model.summary()`` prints; a number is None where it is not known."""

    name: str
    rows: tuple[Row, ...]
    total: Any
    trainable: Any
    non_trainable: Any


def summary(call: Call, model: Instance) -> Summary:
    """The table of a model."""
    rows = []
    for layer in layers(call, model):
        output = call.get(layer, ".output")
        shape = None if output is None else python_shape(shapes_of(call.thaw(output)))
        name = call.plain(call.get(layer, ".name"))
        rows.append(Row(name if isinstance(name, str) else "?", class_name(layer), shape, count(call, layer)))
    total = count(call, model)
    trained = count(call, model, trainable=True)
    rest = None if total is None or trained is None else total - trained
    name = call.plain(call.get(model, ".name"))
    return Summary(name if isinstance(name, str) else "?", tuple(rows), total, trained, rest)


def layers(call: Call, model: Instance) -> tuple[Instance, ...]:
    """The layers directly inside a model or layer."""
    found = call.get(model, ".layers")
    return found if isinstance(found, tuple) else ()


def count(call: Call, obj: Instance, trainable: bool | None = None) -> Any:
    """How many numbers the weights hold, of layers inside, too, each layer once; None where it is not known.

    ``trainable=True`` counts only those that training changes.
    """
    if call.get(obj, ".unknown") is True:
        return None
    total: Any = 0
    for layer, trained in every_layer(call, obj):
        weights = call.get(layer, ".weights")
        if call.get(layer, ".built") is not True or call.get(layer, ".unknown") is True:
            return None
        if not isinstance(weights, tuple):
            continue
        if trainable:
            if trained is None:
                return None
            weights = weights if trained else ()
            weights = tuple((name, shape) for name, shape in weights if name not in NOT_TRAINED)
        more = params_of(weights)
        if more is None:
            return None
        total = total + more
    return total


def every_layer(
    call: Call, obj: Instance, frozen: bool = False, seen: set[Instance] | None = None
) -> Iterator[tuple[Instance, bool | None]]:
    """An object and all layers inside, each once, and whether training changes its weights (None: not known)."""
    seen = set() if seen is None else seen
    if obj in seen:
        return
    seen.add(obj)
    said = call.get(obj, "trainable")
    own = call.get(obj, ".trainable") if said is None else said
    trained = False if frozen else own if isinstance(own, bool) else None
    yield obj, trained
    for layer in layers(call, obj):
        yield from every_layer(call, layer, trained is False, seen)
