"""Layers of other frameworks, and what is written down about the input of layers: InputSpec.

What JaxLayer, FlaxLayer, TFSMLayer and TorchModuleWrapper compute is not followed: they are layers whose result and
weights nobody knows (keras/src/utils/jax_layer.py, torch_utils.py, keras/src/export/tfsm_layer.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dim import Symbol, is_dim
from ...rule import Call, ClassRule, class_rule, layer, phase
from ...shape import AnyShape, Unranked
from ...value import Instance, Unknown, Value
from .machine import CONTEXT, MACHINE
from .state import Spec

PARAMETERS = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes", "allow_last_axis_squeeze", "name", "optional")


@layer("keras.layers.JaxLayer", machine=MACHINE, anything=True, loose=True, neutral=("call_fn", "init_fn", "params", "state", "seed", "native_serialization_platforms"), **CONTEXT)  # fmt: skip
@layer("keras.layers.FlaxLayer", machine=MACHINE, anything=True, loose=True, neutral=("module", "method", "variables"), **CONTEXT)  # fmt: skip
@layer("keras.layers.TFSMLayer", machine=MACHINE, anything=True, loose=True, neutral=("filepath", "call_endpoint", "call_training_endpoint"), **CONTEXT)  # fmt: skip
@layer("keras.layers.TorchModuleWrapper", machine=MACHINE, anything=True, loose=True, neutral=("module", "output_shape"), **CONTEXT)  # fmt: skip
def foreign(inputs: Any) -> AnyShape:
    """Something that Keras itself learns by running it."""
    return Unranked("what a module of another framework gives is not known")


@phase(foreign, "build")
def foreign_build(shape: Any, *, name: str) -> dict[str, tuple[Any, ...]]:
    """Some weights."""
    return {"weights": (Symbol(None, (name, "weights")),)}


@class_rule("keras.layers.InputSpec")
class InputSpec(ClassRule):
    """What input a layer accepts (keras/src/layers/input_spec.py)."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """The rank may be told by a shape."""
        given = {**dict.fromkeys(PARAMETERS), **dict(zip(PARAMETERS, args, strict=False)), **kwargs}
        shape = call.thaw(call.resolve(given["shape"]))
        if isinstance(shape, (tuple, list)):
            given["ndim"] = len(shape)
        elif shape is not None:
            given["ndim"] = Unknown("the rank of a shape")
        for name, value in given.items():
            call.set(obj, name, value)


def specified(call: Call, obj: Instance, value: Value) -> None:
    """``layer.input_spec = InputSpec(...)``: what a layer of the user's accepts from now on."""
    value = call.resolve(value)
    call.set(obj, ".spec", _spec(call, value) if isinstance(value, Instance) else None)


def _spec(call: Call, spec: Instance) -> Spec | None:
    facts = {name: call.thaw(call.resolve(call.get(spec, name))) for name in PARAMETERS}
    ranks = [facts[name] for name in ("ndim", "min_ndim", "max_ndim")]
    axes = {} if facts["axes"] is None else facts["axes"]
    plain = all(rank is None or (isinstance(rank, int) and not isinstance(rank, bool)) for rank in ranks)
    odd = facts["dtype"] is not None or facts["allow_last_axis_squeeze"] not in (None, False) or facts["optional"] not in (None, False)  # fmt: skip
    if not plain or odd or facts["shape"] is not None or not isinstance(axes, dict):
        return None
    if not all(isinstance(axis, int) and (length is None or is_dim(length)) for axis, length in axes.items()):
        return None
    lengths = tuple((axis, length) for axis, length in axes.items() if length is not None)
    return Spec(ndim=ranks[0], min_ndim=ranks[1], max_ndim=ranks[2], axes=lengths, more=True)
