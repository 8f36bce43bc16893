"""Attributes and methods that layers of Keras have."""

from __future__ import annotations

from typing import Any

from ...evidence import collect, report
from ...problems import NotBuilt
from ...rule import MISSING, Call, LayerRule
from ...value import BoundMethod, Instance, Known, Tensor, Unknown, Value


def layer_attribute(machine: Any, rule: LayerRule | None, call: Call, obj: Instance, name: str) -> Value:
    """``layer.name`` for what the framework's class defines; MISSING where it has no such attribute."""
    from .machine import class_name

    plain = {"name": ".name", "dtype": ".variable_dtype", "variable_dtype": ".variable_dtype", "compute_dtype": ".dtype",
             "trainable": ".trainable", "built": ".built"}  # fmt: skip
    if name in plain:
        value = call.get(obj, plain[name])
        return Unknown(name) if value is None else value
    weights = dict(call.get(obj, ".weights") or ())
    built = call.get(obj, ".built") is True
    if name in weights:
        return variable(call, obj, weights[name])
    if name in ("weights", "variables", "trainable_weights", "trainable_variables"):
        return call.new_list([variable(call, obj, shape) for shape in weights.values()])
    if name in ("non_trainable_weights", "non_trainable_variables", "losses", "metrics"):
        return call.new_list([])
    if name in ("input", "output"):
        value = call.get(obj, f".{name}")
        if value is not None:
            return value
    if name in METHODS:
        return BoundMethod(Known(f"keras.layers.Layer.{name}", machine.framework), obj)
    settings = machine.settings(call, obj) or {}
    if name in settings:
        return call.freeze(settings[name])
    if name == "bias" and built:
        return None
    if name in WEIGHT_NAMES and rule is not None and "build" in rule.phases and not built:
        with collect() as record:
            report(NotBuilt(name, machine.name(call, obj), class_name(obj, rule)))
        machine.tell(call, record, obj, {})
        return Unknown(f"{name} of a layer that is not built")
    return Unknown(name) if name in NAMES else MISSING


def variable(call: Call, obj: Instance, shape: Any) -> Tensor:
    """A weight as a tensor of the backend."""
    from ...shape import Shape

    return Tensor(Shape(shape), call.get(obj, ".variable_dtype"), "tf")


METHODS = frozenset("build call __call__ compute_output_shape count_params get_weights".split())
WEIGHT_NAMES = frozenset({"kernel", "depthwise_kernel", "pointwise_kernel"})
NAMES = frozenset(
    "activity_regularizer autocast dtype_policy get_config from_config set_weights add_weight add_loss losses metrics"
    " input output input_spec supports_masking path stateless_call compute_output_spec compute_mask quantize"
    " quantization_mode input_dtype save_own_variables load_own_variables summary enable_lora add_metric".split()
)
"""What exists but is not modelled."""
