"""keras.layers.Lambda: a function of the user's as a layer; follows keras/src/layers/core/lambda_layer.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import Parameter
from typing import Any

from ...evidence import collect
from ...rule import Call, class_rule
from ...value import Dict, Function, Instance, Partial, Tensor, Unknown, Value, shape_from, tensors_in
from .machine import MACHINE
from .state import BASE_SETTINGS, class_name, python_shape, shapes_of
from .user_layers import Layer, call_user, named_result

PARAMETERS = (
    Parameter("inputs", Parameter.POSITIONAL_OR_KEYWORD),
    Parameter("mask", Parameter.POSITIONAL_OR_KEYWORD, default=None),
    Parameter("training", Parameter.POSITIONAL_OR_KEYWORD, default=None),
)
"""Of ``Lambda.call``."""
OWN = ("function", "output_shape", "mask", "arguments")


@class_rule("keras.layers.Lambda", "keras.layers.Layer")
class Lambda(Layer):
    """Calling the layer calls the function."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """``Lambda(function, output_shape=None, mask=None, arguments=None, **kwargs)``."""
        machine = MACHINE.of(obj)
        given = dict(zip(OWN, args, strict=False)) | dict(kwargs)
        own = {name: given.pop(name, None) for name in OWN}
        thawed = {name: call.thaw(call.resolve(value)) for name, value in given.items()}
        base = {name: thawed.pop(name) for name in BASE_SETTINGS if name in thawed}
        with collect() as record:
            machine.init_base(call, obj, {**base, ".unrecognized": thawed}, class_name(obj))
        arguments = call.resolve(own["arguments"])
        named = call.thaw(arguments) if isinstance(arguments, Dict) else None if arguments is not None else {}
        known = isinstance(named, dict) and all(isinstance(name, str) for name in named)
        function = call.resolve(own["function"])
        if known and named:
            function = Partial(function, (), tuple((name, call.freeze(value)) for name, value in named.items()))
        call.set(obj, ".function", function if known else Unknown("a function with arguments that are not known"))
        call.set(obj, ".output_shape", own["output_shape"])
        call.set(obj, ".settings", ())
        call.set(obj, ".broken", bool(record.reports))
        machine.remember_sites(call, obj, {name: call.argument_site(name) for name in kwargs})
        machine.tell(call, record, obj, {})

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``layer(x)``: by the shape that was told where the call is symbolic, else by the function."""
        if len(args) != 1:
            return Unknown("a Lambda that is called with other arguments")
        machine, inputs = MACHINE.of(obj), call.thaw(call.resolve(args[0]))
        if not any(x.symbolic for x in tensors_in(inputs)):
            return call_user(machine, None, call, obj, call.get(obj, ".function"), args, {}, PARAMETERS)
        told = _told(call, obj, inputs)
        if told is not None:
            with call.caught():  # Keras runs the function when the model computes; a reader wants to see it now
                call.invoke(call.get(obj, ".function"), args, {})
            return named_result(call, machine, obj, told, ([inputs], {}), False)
        with call.caught():  # Keras says that it cannot infer the shape, whatever the function raised
            return call_user(machine, None, call, obj, call.get(obj, ".function"), args, {}, PARAMETERS)

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """The function, else what Layer defines."""
        return call.get(obj, ".function") if name == "function" else super().get(call, obj, name)


def _told(call: Call, obj: Instance, inputs: Any) -> Value:
    """What ``compute_output_shape`` gives where the program says it; None where the function decides.

    Keras 2 runs the function all the same.
    """
    stated = call.resolve(call.get(obj, ".output_shape"))
    if stated is None or MACHINE.of(obj).framework != "keras":
        return None
    shapes = python_shape(shapes_of(inputs))
    if isinstance(stated, Function):
        shape = call.thaw(call.invoke(stated, [call.freeze(shapes)], {}))
    else:
        first = next(tensors_in(inputs), None)
        rest = call.thaw(stated)
        batch = first.shape[0] if isinstance(first, Tensor) and first.ranked and first.shape else None  # type: ignore[index]
        if not isinstance(rest, (tuple, list)) or any(isinstance(item, (tuple, list)) for item in rest):
            return Unknown("several shapes")
        shape = (batch, *rest)
    if not isinstance(shape, (list, tuple)) or any(isinstance(item, (list, tuple)) for item in shape):
        return Unknown("several shapes")
    dtype = call.get(obj, ".dtype")
    return Tensor(shape_from(shape, (obj.id, call.site)), dtype if isinstance(dtype, str) else None, "tf")
