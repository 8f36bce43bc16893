"""The weights of a layer or model as lists: ``weights``, ``trainable_variables``, ``get_weights``; what is trained of them."""

from __future__ import annotations

from typing import Any

from ...dim import surely_differ
from ...evidence import collect, report
from ...problems import PythonError
from ...rule import REGISTRY, Call, LayerRule, function
from ...shape import Shape
from ...value import Class, Instance, Known, Tensor, Unknown, Value
from .common import undecided
from .machine import MACHINE
from .state import flavour_of, is_built, layers_inside, python_shape
from .summary import changes, every_layer, is_adapted

LISTS: dict[str, bool | None] = {
    "weights": None,
    "variables": None,
    "trainable_weights": True,
    "trainable_variables": True,
    "non_trainable_weights": False,
    "non_trainable_variables": False,
}
"""The lists by name, and whether they hold only what training changes, or only what it does not."""

DRAWS = frozenset({"LSTM", "GRU", "SimpleRNN", "LSTMCell", "GRUCell", "SimpleRNNCell"})
"""What always holds one generator of random numbers: the cell, also inside its layer."""

DRAWS_BY = {
    "Dropout": "rate",
    "AlphaDropout": "rate",
    "GaussianDropout": "rate",
    "SpatialDropout1D": "rate",
    "SpatialDropout2D": "rate",
    "SpatialDropout3D": "rate",
    "GaussianNoise": "stddev",
}
"""What holds a generator of random numbers if this setting is above zero."""


def weight_list(call: Call, obj: Instance, name: str) -> Value:
    """A list of weights, those of layers inside included; Unknown where a layer is not built.

    Follows keras/src/layers/layer.py: what is trained comes first in each layer, and in Keras 3 the lists of
    "variables" hold the states of generators of random numbers, too.
    """
    kind = LISTS[name]
    if layers_inside(call, obj) is None:
        return Unknown(f"{name} of layers that are not known")
    seeded = name.endswith("variables") and kind is not True and flavour_of(obj) == "keras"
    found: list[Value] = []
    for layer, alive in every_layer(call, obj):
        ready = call.get(layer, ".built") is True or (layer == obj and _has_none_yet(call, obj))
        if not ready or alive is None or layers_inside(call, layer) is None:
            return Unknown(f"{name} of a layer that is not built")
        weights = MACHINE.weights(call, layer)
        trained = [changes(call, layer, label, True) for label, _ in weights]
        if None in trained:
            return Unknown("which weights are trained")
        names = dict(weights)
        if kind is None and "vector_u" in names:
            return Unknown("weights that stand before those of the layer around them")
        # A kernel beside low-rank weights is still where it was, though nothing trains it any more.
        first = [was or is_adapted(label, names) for was, (label, _) in zip(trained, weights, strict=True)]
        for wanted in (True, False):
            for (_, shape), lead, trains in zip(weights, first, trained, strict=True):
                if lead == wanted and (kind is None or kind == bool(trains and alive)):
                    found.append(variable(call, layer, shape))
        states = _generators(call, layer) if seeded else 0
        if states is None:
            return Unknown("the states of generators of random numbers")
        found.extend([Tensor(Shape((2,)), None, "tf")] * states)
    return call.new_list(found)


def variable(call: Call, obj: Instance, shape: Any) -> Tensor:
    """A weight as a tensor of the backend."""
    dtype = call.get(obj, ".variable_dtype")
    return Tensor(Shape(shape), dtype if isinstance(dtype, str) else None, "tf")


def set_trainable(call: Call, obj: Instance, value: Value) -> None:
    """``layer.trainable = value`` reaches all layers inside.

    What TensorFlow tracks is not touched by an assignment of what it has already (its ``AutoTrackable``): there the
    layers inside stay as they are.
    """
    value = call.resolve(value)
    new = value if isinstance(value, bool) else Unknown("trainable")
    before = call.get(obj, ".trainable")
    skips = flavour_of(obj) == "keras" and call.backend() == "tensorflow"
    call.set(obj, "trainable", new)
    call.set(obj, ".trainable", new)
    if skips and new is before:
        return
    for layer in layers_inside(call, obj) or ():
        doubtful = skips and not isinstance(before, bool) and call.get(layer, ".trainable") is not new
        set_trainable(call, layer, Unknown("trainable") if doubtful else new)


def _generators(call: Call, layer: Instance) -> int | None:
    """How many generators of random numbers a layer itself holds; None where that is not known."""
    target = call.get(layer, ".rule")
    rule = REGISTRY.find(target) if isinstance(target, str) else None
    if isinstance(layer.cls, Class) and call.get(layer, ".draws", False) is not False:
        return None
    if not isinstance(rule, LayerRule) or "seed" not in {*rule.settings, *rule.neutral}:
        return 0
    if rule.name in DRAWS:
        own = isinstance(layer.cls, Known) and not any(_is_cell(call, one) for one in layers_inside(call, layer) or ())
        return int(own)
    value = dict(MACHINE.settings(call, layer) or {}).get(DRAWS_BY.get(rule.name, ""))
    if undecided(value) or not isinstance(value, (int, float)):
        return None
    return int(value > 0)


def _has_none_yet(call: Call, layer: Instance) -> bool:
    """Whether a layer of Keras' own is surely not built, and holds no other layer."""
    return isinstance(layer.cls, Known) and is_built(call, layer) is False and layers_inside(call, layer) == ()


def _is_cell(call: Call, layer: Instance) -> bool:
    target = call.get(layer, ".rule")
    return isinstance(target, str) and target.rpartition(".")[2] in DRAWS


@function("keras.layers.Layer.get_weights", raw=True)
def get_weights(call: Call, self: Instance) -> Value:
    """The weights as arrays, in the order of ``weights``."""
    weights = call.iterate(call.attribute(self, "weights"))
    if weights is None:
        return Unknown("weights")
    return call.new_list([Tensor(x.shape, x.dtype, "numpy") for x in weights if isinstance(x, Tensor)])


@function("keras.layers.Layer.set_weights", raw=True)
def set_weights(call: Call, self: Instance, weights: Value) -> Value:
    """As many arrays as there are weights, of their shapes; ValueError (keras/src/layers/layer.py)."""
    own, given = call.iterate(call.attribute(self, "weights")), call.iterate(call.resolve(weights))
    if own is None or given is None:
        return None
    machine = MACHINE.of(self)
    name = machine.name(call, self)
    text = ""
    if len(own) != len(given):
        text = (
            f"You called `set_weights(weights)` on layer '{name}' with a weight list of length {len(given)}, "
            f"but the layer was expecting {len(own)} weights."
        )
    for weight, array in zip(own, given, strict=False):
        if not isinstance(weight, Tensor) or not isinstance(array, Tensor):
            return None
        if not text and _differ(weight.shape, array.shape):
            text = (
                f"Layer {name} weight shape {python_shape(weight.shape)} is not compatible with provided weight "
                f"shape {python_shape(array.shape)}."
            )
    if text and machine.framework != "keras":
        call.doubt()  # Keras 2 has other words
    elif text:
        with collect() as record:
            report(PythonError("ValueError", text), blame=("weights",))
        machine.tell(call, record, self, {"weights": call.thaw(weights)})
    return None


def _differ(one: object, other: object) -> bool:
    if not isinstance(one, Shape) or not isinstance(other, Shape):
        return False
    return len(one) != len(other) or any(map(surely_differ, one, other))
