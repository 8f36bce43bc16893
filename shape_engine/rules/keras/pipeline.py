"""Pipeline: layers of data preparation, one after the other (keras/src/layers/preprocessing/pipeline.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import Parameter
from typing import Any

from ...dim import is_dynamic
from ...rule import Call, LayerRule, function, layer, phase
from ...shape import Shape
from ...value import BoundMethod, Instance, Known, Tensor, Unknown, Value
from .common import NO_RANK, no_floats
from .machine import CONTEXT, MACHINE, Machine
from .methods import rule_of

PARAMETERS = (
    Parameter("inputs", Parameter.POSITIONAL_OR_KEYWORD),
    Parameter("training", Parameter.POSITIONAL_OR_KEYWORD, default=True),
    Parameter("mask", Parameter.POSITIONAL_OR_KEYWORD, default=None),
)


NORMALIZATION = Known("keras.layers.Normalization", "keras")


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
        call.set(obj, ".autocast", False)

    def call(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Value:
        from .user_layers import call_user

        if not all(isinstance(call.thaw(call.resolve(value)), Tensor) for value in args):
            # a pipeline takes anything; what its layers say of it, they say without frames
            return _lost(call, obj, "what a pipeline makes of this")
        run = BoundMethod(Known("keras.layers.Pipeline.call", self.framework), obj)
        return call_user(MACHINE, rule, call, obj, run, args, kwargs, PARAMETERS)


@layer("keras.layers.Pipeline", machine=PipelineMachine(), anything=True, base=("name",), **CONTEXT)
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
    if any(isinstance(item, Instance) and item.cls == NORMALIZATION and _given(call, item) for item in layers):
        # built while the pipeline is traced, it keeps tensors of a graph that is gone
        return _lost(call, self, "a pipeline that normalizes")
    for item in layers:
        shape = getattr(call.resolve(inputs), "shape", None)
        fixed = isinstance(shape, Shape) and len(shape) in (3, 4) and not any(map(is_dynamic, shape[len(shape) - 3 :]))
        if call.local.get("symbolic") is True and not fixed and _takes_pictures(call, item):
            # what is open decides in a graph, and texts show it as the graph's tensors
            return _lost(call, self, "a picture of open size")
        if call.local.get("symbolic") is True and not _takes_whole(call, item, inputs):
            return _lost(call, self, "whole numbers that a kernel refuses while it is traced")
        inputs = call.invoke(item, [inputs])
    return inputs


def _lost(call: Call, pipeline: Instance, why: str) -> Unknown:
    """What a call gives that may raise; whether the layers are built after it is not known either."""
    call.doubt()
    call.set(pipeline, ".layers", Unknown("layers that may have been built"))
    return Unknown(why)


def _takes_pictures(call: Call, layer: Any) -> bool:
    rule = rule_of(call, layer) if isinstance(layer, Instance) else None
    return rule is not None and (rule.fixed.get("takes") == "pictures" or rule.name == "CenterCrop")


def _takes_whole(call: Call, layer: Any, x: Value) -> bool:
    """Whether a layer surely takes numbers of this dtype: those with kernels are made for floats."""
    rule = rule_of(call, layer) if isinstance(layer, Instance) else None
    return not no_floats(call.resolve(x)) or rule is None or "build" not in rule.phases


def _given(call: Call, normalization: Instance) -> bool:
    """Whether a layer may have been given its mean, and has not been built."""
    settings = MACHINE.settings(call, normalization) or {"mean": Unknown("mean")}
    return settings.get("mean") is not None and call.get(normalization, ".built") is not True
