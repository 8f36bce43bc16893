"""``get_weights`` and ``set_weights``: the weights of a layer or model as a list of arrays."""

from __future__ import annotations

from ...dim import surely_differ
from ...evidence import collect, report
from ...problems import PythonError
from ...rule import Call, function
from ...shape import Shape
from ...value import Instance, Tensor, Unknown, Value
from .machine import MACHINE
from .state import python_shape


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
