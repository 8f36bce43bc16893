"""Attributes and methods that every layer of Keras has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dim import is_dim
from ...evidence import collect, report
from ...problems import AlreadyBuilt, NotBuilt, PythonError, UnknownLength
from ...rule import MISSING, REGISTRY, Call, LayerRule, function
from ...shape import Shape, Unranked
from ...value import BoundMethod, Instance, Known, Tensor, Unknown, Value, shape_from
from .inside import inside_of
from .lost_attributes import OF_LAYERS, lost_attribute
from .machine import MACHINE, Machine
from .state import class_name, is_built, layers_inside, params_of, python_shape, shapes_of
from .weights import LISTS, variable, weight_list

PLAIN = {
    "name": ".name",
    "dtype": ".variable_dtype",
    "variable_dtype": ".variable_dtype",
    "compute_dtype": ".dtype",
    "trainable": ".trainable",
    "built": ".built",
}
"""Attributes that the machine keeps in the store."""

METHODS = frozenset(
    {
        "build",
        "call",
        "__call__",
        "compute_output_shape",
        "count_params",
        "add_weight",
        "get_weights",
        "set_weights",
        "get_config",
    }
)
WEIGHT_NAMES = frozenset({"kernel", "depthwise_kernel", "pointwise_kernel", "bias"})

NAMES = frozenset(
    (
        *("activity_regularizer", "autocast", "dtype_policy", "from_config", "add_loss"),
        *(
            "input_spec",
            "supports_masking",
            "path",
            "stateless_call",
            "compute_output_spec",
            "compute_mask",
            "quantize",
        ),
        *("quantization_mode", "input_dtype", "save_own_variables", "load_own_variables", "enable_lora", "add_metric"),
    )
)
"""What exists but is not modelled."""


def layer_attribute(machine: Machine, rule: LayerRule | None, call: Call, obj: Instance, name: str) -> Value:
    """``layer.name`` for what the framework's class defines; MISSING where it has no such attribute.

    Reports NotBuilt for weights, input and output of a layer that has none yet.
    """
    inside = inside_of(rule)
    if inside is not None:
        found = inside.get(call, obj, machine.settings(call, obj) or {}, name)
        if found is not MISSING:
            return found
    if name in OF_LAYERS and machine.framework == "keras" and (rule is None or rule.name != "TorchModuleWrapper"):
        return lost_attribute(call, obj, name)
    if name in PLAIN:
        value = call.get(obj, PLAIN[name])
        return Unknown(name) if value is None else call.plain(value)
    if rule is not None and "attributes" in rule.phases and name in rule.phases["attributes"]():
        return Unknown(f"{name}, which the layer makes by itself")
    weights = dict(machine.weights(call, obj))
    if rule is not None and name in weights:
        return variable(call, obj, weights[name])
    if name in LISTS:
        return weight_list(call, obj, name)
    if name in ("losses", "metrics"):
        return call.new_list([])
    if rule is not None and REGISTRY.find(f"{rule.target}.{name}") is not None:
        return BoundMethod(Known(f"{rule.target}.{name}", machine.framework), obj)
    if name in METHODS:
        return BoundMethod(Known(f"keras.layers.Layer.{name}", machine.framework), obj)
    settings = machine.settings(call, obj) or {}
    if name in settings:
        return call.freeze(settings[name])
    if (
        name == "bias"
        and call.get(obj, ".built") is True
        and rule is not None
        and "build" in rule.phases
        and inside is None
    ):
        return None
    if name in ("input", "output"):
        value = call.get(obj, f".{name}")
        return value if value is not None else refuse(machine, call, obj, rule, name)
    if name in WEIGHT_NAMES and rule is not None and "build" in rule.phases and call.get(obj, ".built") is not True:
        return refuse(machine, call, obj, rule, name)
    return Unknown(name) if name in NAMES else MISSING


def refuse(machine: Machine, call: Call, obj: Instance, rule: LayerRule | None, name: str) -> Value:
    """Find that the layer has no such thing yet."""
    if call.get(obj, ".settings") is None or is_built(call, obj) is not False:
        return Unknown(name)
    with collect() as record:
        report(NotBuilt(name, machine.name(call, obj), class_name(obj, rule)))
    machine.tell(call, record, obj, {})
    return Unknown(f"{name} of a layer that is not built")


def all_params(call: Call, obj: Instance) -> Any:
    """How many numbers the weights hold, those of layers inside included; None where that is not known."""
    inside = layers_inside(call, obj)
    total: Any = None if inside is None else params_of(MACHINE.weights(call, obj))
    for inner in inside or ():
        more = all_params(call, inner) if call.get(inner, ".built") is True else None
        total = None if total is None or more is None else total + more
    return total


def rule_of(call: Call, obj: Instance) -> LayerRule | None:
    """The rule of the modelled class that a layer is, or derives from."""
    target = call.get(obj, ".rule")
    rule = REGISTRY.find(target) if isinstance(target, str) else None
    return rule if isinstance(rule, LayerRule) else None


@function("keras.layers.Layer.build", raw=True)
def build(call: Call, self: Instance, input_shape: Value = None) -> Value:
    """``layer.build(shape)``: bare exceptions; a second build has nowhere to put its weights."""
    machine, rule, settings = MACHINE.of(self), rule_of(call, self), MACHINE.settings(call, self)
    if rule is None or settings is None:
        call.set(self, ".built", True)
        return None
    again = call.get(self, ".built") is True
    if again and rule.fixed.get("builds_once"):
        return None
    with collect() as record:
        machine.build(rule, call, self, settings, shape_argument(call, input_shape))
        if again and machine.weights(call, self):
            report(AlreadyBuilt(machine.name(call, self)))
    machine.tell(call, record, self, {})
    return None


@function("keras.layers.Layer.build_wrapper", raw=True)
def build_wrapper(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """What ``layer.build`` is in Keras 3 for a class of the user's: its ``build``, after which the layer is built."""
    with MACHINE.of(self).scope(call, self):
        call.invoke(call.method(self, "build"), args, kwargs)
    call.set(self, ".built", True)
    return None


@function("keras.layers.Layer.compute_output_shape", raw=True)
def compute_output_shape(call: Call, self: Instance, input_shape: Value) -> Value:
    """``layer.compute_output_shape(shape)``: a tuple with None for what is left open."""
    machine, rule, settings = MACHINE.of(self), rule_of(call, self), MACHINE.settings(call, self)
    shape = shape_argument(call, input_shape)
    if rule is None or settings is None:
        return Unknown("compute_output_shape is not modelled")
    context = {**settings, **machine.context(call, self, rule)}
    with collect() as record:
        inside = inside_of(rule)
        result = (
            MISSING if inside is None or not isinstance(shape, Shape) else inside.shapes(call, self, settings, shape)
        )
        if result is not MISSING:
            pass
        elif "compute_output_shape" in rule.phases:
            result = machine.run(rule, "compute_output_shape", context, shape)
        elif isinstance(shape, Shape) and sum(p.default is p.empty for p in rule.inputs) == 1:
            result = machine.run(rule, "call", context, Tensor(shape, call.get(self, ".dtype"), "tf"))
        else:
            return Unknown("compute_output_shape is not modelled")
    machine.tell(call, record, self, {})
    result = shapes_of(result) if isinstance(result, Tensor) else result
    return call.freeze(python_shape(result)) if isinstance(result, (tuple, list)) else Unknown("a shape")


@function("keras.layers.Layer.count_params", raw=True)
def count_params(call: Call, self: Instance) -> Value:
    """``layer.count_params()``; reports NotBuilt."""
    if is_built(call, self) is not True:
        return refuse(MACHINE.of(self), call, self, rule_of(call, self), "count_params")
    params = all_params(call, self)
    return Unknown("the number of weights") if params is None else params


@function("keras.layers.Layer.__call__", raw=True)
def call_layer(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``layer.__call__(x)``."""
    return call.invoke(self, args, kwargs)


@function("keras.layers.Layer.call", raw=True)
def call_plainly(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``layer.call(x)``, ``super().call(x)``: the layer's own function, without the checks of ``__call__``."""
    machine, rule, settings = MACHINE.of(self), rule_of(call, self), MACHINE.settings(call, self)
    if rule is None or settings is None:
        return Unknown("call is not modelled")
    from .inputs import bind, converted, decided
    from .state import Spec

    values = [converted(call, self, value) for value in args]
    with collect():
        bound = bind(rule.inputs, values, {name: converted(call, self, value) for name, value in kwargs.items()})
    if bound is None:
        return Unknown("a call that does not fit")
    first = next(iter(bound), None)
    if first is not None:
        bound[first] = decided(call, bound[first], machine.spec(call, self) or Spec())
    return machine.run_call(rule, call, self, settings, bound, framed=False)


@function("keras.layers.Layer.add_weight", raw=True)
def add_weight(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``self.add_weight(shape=..., name=...)``: a variable; its lengths must be known."""
    machine = MACHINE.of(self)
    given = dict(zip(("shape", "initializer", "dtype"), args, strict=False)) | kwargs
    shape, name = call.thaw(call.resolve(given.get("shape", ()))), given.get("name")
    dtype = given.get("dtype")
    dtype = dtype if isinstance(dtype, str) else call.get(self, ".variable_dtype")
    weights = machine.weights(call, self)
    label = name if isinstance(name, str) else "variable"
    with collect() as record:
        dims = _weight_dims(shape, f"{machine.path(call, self)}/{label if isinstance(name, str) else '?'}")
    machine.tell(call, record, self, {})
    result = Tensor(dims, dtype if isinstance(dtype, str) else None, "tf")
    while label in dict(weights):
        label += "_"
    call.set(self, ".weights", (*weights, (label, dims if isinstance(dims, Shape) else Unknown("a shape"))))
    trainable = call.resolve(given.get("trainable", True))
    if trainable is not True:
        fixed = call.get(self, ".untrained", ())
        known = trainable is False and isinstance(fixed, tuple)
        call.set(self, ".untrained", (*fixed, label) if known else Unknown("which weights are trained"))
    if given.get("dtype") is not None:
        before = call.get(self, ".weight_dtypes", ())
        told = isinstance(before, tuple)
        call.set(self, ".weight_dtypes", (*before, (label, result.dtype)) if told else Unknown("dtypes of weights"))
    return result


def shape_argument(call: Call, value: Value) -> Any:
    """What a program passes as a shape, for the phases of a rule: a Shape, a structure of shapes, or as it is."""
    return _shape(call, call.thaw(call.resolve(value)))


def _shape(call: Call, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _shape(call, item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        if any(isinstance(item, (list, tuple)) for item in value):
            return [_shape(call, item) for item in value]
        if all(item is None or is_dim(item) or isinstance(item, Unknown) for item in value):
            dims = [
                call.symbol(dynamic=item is None) if item is None or isinstance(item, Unknown) else item
                for item in value
            ]
            return Shape(dims)
        return value
    return Unranked(value.reason) if isinstance(value, Unknown) else value


def _weight_dims(shape: Any, path: str) -> Any:
    if isinstance(shape, (list, tuple)):
        if any(dim is None for dim in shape):
            report(UnknownLength(weight=tuple(shape), path=path), blame=("shape",))
        return shape_from(tuple(shape), ("weight", path), dynamic=False)
    if shape is None:
        return Shape(())
    if is_dim(shape):
        report(PythonError("ValueError", f"Cannot convert '{shape}' to a shape."), blame=("shape",))
    return Unranked("the shape of a weight")
