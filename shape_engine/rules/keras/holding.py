"""Layers inside of layers: how they are made, built, and asked for shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...dim import is_dynamic
from ...evidence import collect, report
from ...problems import PythonError, RefusedSetting
from ...rule import MISSING, REGISTRY, Call, LayerRule
from ...shape import Shape, Unranked
from ...value import Class, Instance, Known, Tensor, Unknown, shape_from, tensors_in
from ...wording.keras import tensor_repr
from .functional import check_shapes, infer
from .graph import nodes, same_lengths
from .inputs import check_spec
from .inside import inside_of
from .machine import MACHINE
from .methods import rule_of
from .printed import class_repr
from .state import auto_name, class_name, flavour_of, is_built, python_shape, reopen, shapes_of


def is_layer(call: Call, value: Any) -> bool:
    """Whether this is an initialised layer or model of Keras."""
    return isinstance(value, Instance) and call.get(value, ".built") is not None


def surely_no_layer(call: Call, value: Any) -> bool:
    """Whether this is surely no layer: a number, a text, a tensor, a class."""
    return value is None or isinstance(value, (bool, int, float, str, tuple, list, dict, Tensor, Known, Class))


def checked_layer(call: Call, settings: Mapping[str, Any], name: str, why: str) -> bool:
    """Whether a setting may be a layer; reports one that surely is none."""
    value = settings.get(name)
    if surely_no_layer(call, value):
        shown = tensor_repr(value) if isinstance(value, Tensor) and value.symbolic else value
        report(
            RefusedSetting(name, class_repr(value) if isinstance(value, (Class, Known)) else shown, why), blame=(name,)
        )
        return False
    return is_layer(call, value)


def hold(call: Call, obj: Instance, *layers: Any) -> None:
    """Remember the layers inside; where one is not known, neither is what the layer holds."""
    known = tuple(layer for layer in layers if is_layer(call, layer))
    call.set(obj, ".layers", known)
    if len(known) < len(layers):
        call.set(obj, ".unknown", True)


def new_layer(
    call: Call, of: Instance, target: str, settings: Mapping[str, Any], name: Any, like: Instance | None = None
) -> Instance:
    """A layer that another one makes: of the same Keras, with a given name, and the dtype of ``like``."""
    made = call.new(Known(target, flavour_of(of)))
    rule = REGISTRY.find(target)
    assert isinstance(rule, LayerRule)
    MACHINE.of(made).init(rule, call, made, [], {**settings, "name": name})
    for field in (".dtype", ".variable_dtype", ".trainable", ".autocast"):
        call.set(made, field, call.get(like if like is not None else of, field))
    return made


def accepts(call: Call, layer: Any, x: Any) -> bool:
    """Whether nothing speaks against calling a layer inside with this tensor."""
    settings = MACHINE.of(layer).settings(call, layer) if is_layer(call, layer) else None
    if settings is None or not isinstance(x, Tensor):
        return call.get(layer, ".model") is not None if isinstance(layer, Instance) else False
    machine, inside = MACHINE.of(layer), inside_of(rule_of(call, layer))
    with collect() as record:
        check_spec(call, machine.spec(call, layer), machine.name(call, layer), {"inputs": x})
    return not record.reports and (inside is None or not inside.doubtful(call, layer, settings, {"inputs": x}))


def anew(call: Call, layer: Any, change: Mapping[str, Any], name: Any) -> Instance | None:
    """A layer of the same configuration, changed a little, as ``from_config`` makes it; its cells are made anew, too.

    None where that is not followed: a layer of the user's, or one whose state is among its settings.
    """
    rule = rule_of(call, layer) if is_layer(call, layer) else None
    settings = MACHINE.of(layer).settings(call, layer) if rule is not None else None
    if rule is None or settings is None or not isinstance(layer.cls, Known):
        return None
    known = {key: value for key, value in settings.items() if key in rule.settings or key in rule.neutral}
    for key in ("cell", "cells"):
        if key in known:
            value = known[key]
            parts = [
                anew(call, part, {}, call.get(part, ".name"))
                for part in (value if isinstance(value, (list, tuple)) else [value])
                if isinstance(part, Instance)
            ]
            if not parts or None in parts:
                return None
            known[key] = parts if key == "cells" else parts[0]
    if "layer" in known:
        return None
    return new_layer(call, layer, rule.target, {**known, **change}, name, layer)


def build_inner(call: Call, obj: Instance, layer: Any, shape: Any) -> None:
    """``layer.build(shape)`` under the name of the layer around it, once."""
    if not is_layer(call, layer) or is_built(call, layer) is not False:
        return
    if not isinstance(shape, (Shape, list, tuple)):
        call.set(layer, ".built", True)
        return
    with MACHINE.of(obj).scope(call, obj):
        call.invoke(call.attribute(layer, "build"), [call.freeze(python_shape(shape))])
    call.set(layer, ".built", True)


def shape_through(call: Call, layer: Any, shape: Shape) -> Any:
    """``layer.compute_output_shape(shape)``: a Shape, a tuple of them, or Unranked where it is not known.

    Reports that a layer of the user's has no such method.
    """
    unknown = Unranked("what the layer inside gives is not known")
    if not is_layer(call, layer):
        return unknown
    machine, rule = MACHINE.of(layer), rule_of(call, layer)
    if isinstance(layer.cls, Class):
        return _of_user(call, layer, shape)
    if call.get(layer, ".model") is not None:
        return _of_model(call, layer, shape)
    settings = machine.settings(call, layer)
    if layer.cls == Known("keras.layers.Lambda", flavour_of(layer)):
        count(call, 2)
        found = call.thaw(call.invoke(layer, [Tensor(shape, call.get(layer, ".dtype"), "tf")]))
        return found.shape if isinstance(found, Tensor) else unknown
    if rule is None or settings is None:
        return unknown
    inside = inside_of(rule)
    found = MISSING if inside is None else inside.shapes(call, layer, settings, shape)
    if found is MISSING:
        context = {**settings, **machine.context(call, layer, rule)}
        phase = "compute_output_shape" if "compute_output_shape" in rule.phases else "call"
        if phase == "call" and sum(p.default is p.empty for p in rule.inputs) != 1:
            return unknown
        x: Any = shape if phase != "call" else Tensor(shape, call.get(layer, ".dtype"), "keras")
        found = machine.run(rule, phase, context, x)
    if isinstance(found, Tensor):
        found = found.shape
    return unknown if found is None or isinstance(found, Unknown) else found


def count(call: Call, tensors: int) -> None:
    """Keras makes (and counts) so many symbolic tensors on the way."""
    for _ in range(tensors):
        auto_name(call, "KerasTensor")


def _of_user(call: Call, layer: Instance, shape: Shape) -> Any:
    """The user's own ``compute_output_shape``; Keras has none for a class that lacks it."""
    method = call.method(layer, "compute_output_shape")
    if method is MISSING:
        if rule_of(call, layer) is None and call.get(layer, ".model") is None and _derives_plainly(layer):
            name = class_name(layer)
            text = f"Layer {name} does not have a `compute_output_shape` method implemented. "
            text += "Should implement `def compute_output_shape(self, input_shape)`."
            report(PythonError("NotImplementedError", text), blame=("layer",))
        return Unranked("what the layer inside gives is not known")
    result = call.thaw(call.invoke(method, [call.freeze(python_shape(shape))]))
    if not isinstance(result, (list, tuple)) or any(isinstance(dim, (list, tuple)) for dim in result):
        return Unranked("what the layer inside gives is not known")
    found = shape_from(tuple(result), (layer.id, call.site))
    if isinstance(found, Shape) and found and result[0] is None and is_dynamic(shape[0]):
        found = Shape((shape[0], *found[1:]))
    return found


def _derives_plainly(layer: Instance) -> bool:
    """Whether a user's class derives from Layer itself, through classes of the user's only."""
    return _is_plain(layer.cls)


def _is_plain(cls: Any) -> bool:
    if isinstance(cls, Known):
        return cls.target == "keras.layers.Layer"
    return isinstance(cls, Class) and all(map(_is_plain, cls.bases))


def _of_model(call: Call, model: Instance, shape: Shape) -> Any:
    """A model's outputs for an input of this shape, by what its layers compute."""
    graph = call.get(model, ".graph")
    if call.get(model, ".model") == "sequential":
        if not isinstance(graph, tuple):
            return Unranked("a model that is not built")
        struct, outputs = graph[0], call.thaw(graph[1])
    else:
        struct, outputs = reopen(call.get(model, ".inputs")), reopen(call.get(model, ".outputs"))
    sources = [struct] if isinstance(struct, Tensor) else list(struct) if isinstance(struct, (list, tuple)) else []
    if len(sources) != 1 or not isinstance(sources[0], Tensor):
        return Unranked("a model of several inputs")
    given = [Tensor(shape, sources[0].dtype, "keras")]
    count(call, 1)
    with collect() as record:
        check_shapes(call, model, struct, sources, given)
    if record.reports:
        for found in record.reports:
            report(_renamed(call, model, found.problem), blame=("inputs",))
        return Unranked("the model refuses this")
    results, own = list(tensors_in(outputs)), sources[0].shape
    known = isinstance(own, Shape) and same_lengths(own, shape)
    count(call, len(results) if known else len(nodes(results, sources)))
    result = infer(call, sources, given, outputs)
    if isinstance(result, (list, tuple)) and len(result) == 1:
        result = result[0]
    return result.shape if isinstance(result, Tensor) else tuple(shapes_of(item) for item in result)


def _renamed(call: Call, model: Instance, problem: Any) -> Any:
    """A Sequential checks by the functional model inside of it, which has another name."""
    name = call.get(model, ".functional") if call.get(model, ".model") == "sequential" else None
    return replace(problem, layer=name) if isinstance(name, str) else problem
