"""Pipeline: layers of data preparation, one after the other (keras/src/layers/preprocessing/pipeline.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import Parameter
from typing import Any

from ...rule import Call, LayerRule, function, layer, phase
from ...value import BoundMethod, Instance, Known, Unknown, Value
from .common import NO_RANK
from .machine import CONTEXT, MACHINE, Machine

PARAMETERS = (
    Parameter("inputs", Parameter.POSITIONAL_OR_KEYWORD),
    Parameter("training", Parameter.POSITIONAL_OR_KEYWORD, default=True),
    Parameter("mask", Parameter.POSITIONAL_OR_KEYWORD, default=None),
)


class PipelineMachine(Machine):
    """A pipeline is called like a layer of the user's: what it gives is what its layers give."""

    def of(self, obj: Instance) -> Machine:
        return self

    def init(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> None:
        super().init(rule, call, obj, args, kwargs)
        layers = (self.settings(call, obj) or {}).get("layers")
        known = isinstance(layers, (list, tuple)) and all(isinstance(item, Instance) for item in layers)
        call.set(obj, ".layers", tuple(layers) if known and layers is not None else Unknown("layers"))

    def call(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Value:
        from .user_layers import call_user

        run = BoundMethod(Known("keras.layers.Pipeline.call", self.framework), obj)
        return call_user(MACHINE, rule, call, obj, run, args, kwargs, PARAMETERS)


@layer("keras.layers.Pipeline", machine=PipelineMachine(), anything=True, **CONTEXT)
def pipeline(inputs: Any, training: Any = True, mask: Any = None) -> Any:
    """What its layers give; see ``run``."""
    return NO_RANK


@phase(pipeline, "constructor")
def pipeline_constructor(*, layers: Any) -> None:
    """Nothing is checked."""


@function("keras.layers.Pipeline.call", raw=True)
def run(call: Call, self: Instance, inputs: Value, training: Value = True, mask: Value = None) -> Value:
    """Each layer is given what the one before gave."""
    layers = call.get(self, ".layers")
    if not isinstance(layers, tuple) or not layers:
        return Unknown("the layers of a pipeline")
    for item in layers:
        inputs = call.invoke(item, [inputs])
    return inputs
