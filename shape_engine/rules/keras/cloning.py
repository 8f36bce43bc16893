"""keras.models.clone_model: the same layers, made anew (keras/src/models/cloning.py)."""

from __future__ import annotations

from typing import Any

from ...rule import Call, LayerRule, alias, function
from ...value import Instance, Known, Tensor, Unknown, Value, tensors_in
from .functional import functional_init
from .graph import Arguments, invoked, layer_of, run
from .inside import inside_of
from .machine import MACHINE
from .methods import rule_of
from .sequential import is_input, sequential_init, stack
from .state import flavour_of, layers_inside, reopen

KEPT = (".trainable", ".dtype", ".variable_dtype", ".autocast")
"""What a new layer takes from the old one besides its settings and its name."""


@function("keras.models.clone_model", raw=True)
def clone_model(call: Call, model: Value, *args: Value, **kwargs: Value) -> Value:
    """A model of new layers with the same settings; not known where a layer is the user's own."""
    model = call.resolve(model)
    doubt = Unknown("a clone of a model that is not known")
    if not isinstance(model, Instance) or not isinstance(model.cls, Known) or args or kwargs:
        return doubt
    inside = layers_inside(call, model)
    rules = {layer: rule_of(call, layer) for layer in inside or () if not is_input(layer)}
    if inside is None or not all(isinstance(layer.cls, Known) and _alone(rule) for layer, rule in rules.items()):
        return doubt
    new = {layer: _anew(call, layer, rule) for layer, rule in rules.items() if rule is not None}
    clone = call.new(model.cls)
    kind = call.get(model, ".model")
    name = {"name": call.get(model, ".name")}
    if kind == "sequential" and inside:
        sequential_init(call, clone, [call.new_list([new.get(layer, layer) for layer in stack(call, model)])], name)
        return clone
    if kind != "functional":
        return doubt
    inputs, outputs = reopen(call.get(model, ".inputs")), reopen(call.get(model, ".outputs"))
    sources = list(tensors_in(inputs))
    if not all(x.made is not None and x.made.by == "keras.Input" for x in sources):
        return doubt
    again = invoked(call)

    def step(x: Tensor, layer: Instance, arguments: Arguments) -> Any:
        return again(x, new[layer], arguments) if layer in new else None

    made = run(call, sources, sources, outputs, "keras", step)
    if any(layer_of(x) not in new.values() for x in tensors_in(made)):
        return doubt
    functional_init(call, clone, {"inputs": call.freeze(inputs), "outputs": call.freeze(made), **name})
    return clone


def _alone(rule: LayerRule | None) -> bool:
    """Whether the settings alone make such a layer anew: what is among them would be shared."""
    return rule is not None and getattr(inside_of(rule), "alone", True)


def _anew(call: Call, layer: Instance, rule: LayerRule) -> Instance:
    """A layer that is not built yet, of the same settings and the same name."""
    machine = MACHINE.of(layer)
    made = call.new(Known(rule.target, flavour_of(layer)))
    settings = machine.settings(call, layer) or {}
    machine.init(rule, call, made, [], {**settings, "name": call.get(layer, ".name")})
    for name in KEPT:
        call.set(made, name, call.get(layer, name))
    return made


alias("keras.models.clone_model", "keras.src.models.clone_model")
