"""The numbers of ``model.summary()``: the rows of its table, and the counts below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...description import Row, Summary
from ...rule import Call
from ...value import Instance
from .state import class_name, flavour_of, layers_inside, params_of, python_shape, shapes_of

NOT_TRAINED = frozenset({"moving_mean", "moving_variance", "moving_stddev", "renorm_mean", "renorm_stddev"})
"""The weights that no gradient changes."""


def summary(call: Call, model: Instance) -> Summary:
    """The table of a model."""
    rows = []
    for layer in layers_inside(call, model) or ():
        output = call.get(layer, ".output")
        shape = None if output is None else python_shape(shapes_of(call.thaw(output)))
        name = call.plain(call.get(layer, ".name"))
        rows.append(Row(name if isinstance(name, str) else "?", class_name(layer), shape, count(call, layer)))
    total = count(call, model)
    trained = count(call, model, trainable=True)
    rest = None if total is None or trained is None else total - trained
    name = call.plain(call.get(model, ".name"))
    return Summary(
        "Functional" if class_name(model) == "Model" else class_name(model), name if isinstance(name, str) else "?", flavour_of(model), _ends(call, model, ".input"),
        _ends(call, model, ".output") or (rows[-1].shape if rows and call.get(model, ".built") is True else None), tuple(rows), total, trained, rest,
    )  # fmt: skip


def _ends(call: Call, model: Instance, name: str) -> Any:
    """The shape of what goes into a model, or comes out of it; None where that is not known."""
    for field in (name, name + "s"):
        value = call.get(model, field)
        if value is not None:
            return python_shape(shapes_of(call.thaw(value)))
    return None


def count(call: Call, obj: Instance, trainable: bool | None = None) -> Any:
    """How many numbers the weights hold, of layers inside, too, each layer once; None where it is not known.

    ``trainable=True`` counts only those that training changes.
    """
    total: Any = 0
    for layer, trained in every_layer(call, obj):
        weights = call.get(layer, ".weights", ())
        if call.get(layer, ".built") is not True or layers_inside(call, layer) is None:
            return None
        if not isinstance(weights, tuple):
            return None
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
    for layer in layers_inside(call, obj) or ():
        yield from every_layer(call, layer, trained is False, seen)
