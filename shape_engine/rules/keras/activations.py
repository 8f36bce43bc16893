"""keras.activations, and the small things around models that change no shape.

Decorators for saving are seen through, settings of the backend are answered with their defaults.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...rule import Call, function
from ...shape import Shape
from ...value import Known, Partial, Tensor, Unknown, Value, framework_shape
from ..arrays import operand
from .arguments import identifier as known_identifier
from .common import python_error
from .symbolic import floating, result, tensor

ACTIVATIONS = (
    "keras.activations.relu",
    "keras.activations.leaky_relu",
    "keras.activations.relu6",
    "keras.activations.softmax",
    "keras.activations.celu",
    "keras.activations.elu",
    "keras.activations.selu",
    "keras.activations.softplus",
    "keras.activations.softsign",
    "keras.activations.squareplus",
    "keras.activations.soft_shrink",
    "keras.activations.sparse_plus",
    "keras.activations.silu",
    "keras.activations.swish",
    "keras.activations.gelu",
    "keras.activations.tanh",
    "keras.activations.tanh_shrink",
    "keras.activations.threshold",
    "keras.activations.sigmoid",
    "keras.activations.exponential",
    "keras.activations.hard_sigmoid",
    "keras.activations.hard_silu",
    "keras.activations.hard_swish",
    "keras.activations.hard_tanh",
    "keras.activations.hard_shrink",
    "keras.activations.linear",
    "keras.activations.mish",
    "keras.activations.log_softmax",
    "keras.activations.log_sigmoid",
    "keras.activations.sparsemax",
    "keras.activations.sparse_sigmoid",
)


def _activation(target: str) -> None:
    name = target.rpartition(".")[2]
    cls = "".join(part.capitalize() for part in name.split("_"))

    def rule(call: Call, x: Any, *args: Value, **kwargs: Value) -> Value:
        x = tensor(call, x)
        return x if name == "linear" else result(call, cls, x.shape, floating(x.dtype), x)

    rule.__doc__ = f"``{target}``: each entry by itself."
    function(target)(rule)


for _name in ACTIVATIONS:
    _activation(_name)


@function("keras.activations.get", raw=True)
def get(call: Call, identifier: Value = None) -> Value:
    """An activation by its name; ValueError for a name that is none."""
    found = call.resolve(identifier)
    if found is None:
        return Known("keras.activations.linear", "keras")
    if isinstance(found, str):
        known = known_identifier("activation function", found, "identifier")
        return Known(f"keras.activations.{found}", "keras") if isinstance(known, str) else Unknown("an activation")
    return found


@function("keras.activations.serialize", raw=True)
def serialize(call: Call, activation: Value, *args: Value, **kwargs: Value) -> Value:
    """The name of an activation."""
    if isinstance(activation, Known) and activation.target.startswith("keras.activations."):
        return activation.target.rpartition(".")[2]
    return Unknown("a serialized activation")


@function("keras.activations.deserialize", raw=True)
def deserialize(call: Call, config: Value, *args: Value, **kwargs: Value) -> Value:
    """An activation by its name."""
    return get(call, config)


@function("keras.backend.backend", raw=True)
@function("keras.config.backend", raw=True)
def backend(call: Call) -> str:
    """The name of the backend."""
    return call.backend()


@function("keras.backend.epsilon", raw=True)
@function("keras.config.epsilon", raw=True)
def epsilon(call: Call) -> float:
    """The small number against division by zero."""
    return 1e-07


@function("keras.backend.is_keras_tensor", raw=True)
@function("keras.utils.is_keras_tensor", raw=True)
def is_keras_tensor(call: Call, x: Value) -> Value:
    """Whether this is a symbolic tensor."""
    x = call.resolve(x)
    if isinstance(x, Tensor):
        return x.symbolic
    return x if isinstance(x, Unknown) else False


@function("keras.backend.int_shape")
def int_shape(call: Call, x: Any) -> Value:
    """A tuple with None for what is left open."""
    return framework_shape(x.shape) if isinstance(x, Tensor) else Unknown("a shape")


@function("keras.backend.shape")
def shape(call: Call, x: Any) -> Value:
    """As keras.ops.shape."""
    return framework_shape(x.shape) if isinstance(x, Tensor) else Unknown("a shape")


@function("keras.backend.clear_session", raw=True)
@function("keras.utils.clear_session", raw=True)
def clear_session(call: Call, *args: Value, **kwargs: Value) -> None:
    """Automatic names start anew."""
    call.restart_numbers()


@function("keras.utils.set_random_seed", raw=True)
@function("keras.utils.disable_interactive_logging", raw=True)
@function("keras.utils.enable_interactive_logging", raw=True)
@function("keras.utils.plot_model", raw=True)
@function("keras.utils.model_to_dot", raw=True)
@function("keras.config.enable_unsafe_deserialization", raw=True)
@function("keras.config.disable_traceback_filtering", raw=True)
@function("keras.config.enable_traceback_filtering", raw=True)
@function("keras.config.set_epsilon", raw=True)
def nothing(call: Call, *args: Value, **kwargs: Value) -> None:
    """Changes no shape."""


@function("keras.saving.register_keras_serializable", raw=True)
@function("keras.utils.register_keras_serializable", raw=True)
@function("keras.api_export.keras_export", raw=True)
@function("keras.saving.CustomObjectScope", raw=True)
def transparent(call: Call, *args: Value, **kwargs: Value) -> Value:
    """A decorator that gives back what it is put on."""
    return Partial(Known("keras.saving.register_keras_serializable.__call__", ""), (), ())


@function("keras.saving.register_keras_serializable.__call__", raw=True)
def same(call: Call, value: Value = None) -> Value:
    """The thing itself."""
    return value


@function("keras.utils.to_categorical")
def to_categorical(call: Call, x: Any, num_classes: Value = None) -> Value:
    """A vector of 0 and 1 for each number.  IndexError for a number beyond the last class."""
    x = x if isinstance(x, Tensor) else operand(x, "numpy", call)
    if not isinstance(x.shape, Shape):
        return Unknown("the classes of something unknown")
    labels = x.constant if num_classes is None and isinstance(x.constant, tuple) else ()
    counted = max(labels) + 1 if labels and all(isinstance(label, int) for label in labels) else call.symbol()
    classes = num_classes if isinstance(num_classes, int) else counted
    if isinstance(classes, int) and classes > 0 and x.kind != "tf":
        outside = next((label for label in _numbers(x.constant) if not -classes <= int(label) < classes), None)
        if outside is not None:
            text = f"index {int(outside)} is out of bounds for axis 1 with size {classes}"
            python_error("IndexError", text, "x", "num_classes")
    dims = x.shape[:-1] if len(x.shape) > 1 and x.shape[-1] == 1 else x.shape
    return Tensor(Shape((*dims, classes)), "float64", "numpy" if x.kind != "tf" else "tf")


def _numbers(constant: Any) -> Iterator[float]:
    """The numbers of an array, if they are known."""
    if isinstance(constant, tuple):
        for item in constant:
            yield from _numbers(item)
    elif isinstance(constant, (int, float)) and abs(constant) < 2**62:
        yield constant


@function("keras.utils.normalize")
def normalize(call: Call, x: Any, axis: Value = -1, order: Value = 2) -> Value:
    """The shape stays."""
    return Tensor(x.shape, floating(x.dtype), x.kind) if isinstance(x, Tensor) else Unknown("a normalized array")


@function("keras.DTypePolicy", raw=True)
@function("keras.mixed_precision.Policy", raw=True)
def dtype_policy(call: Call, name: Value = None, *args: Value, **kwargs: Value) -> Value:
    """A policy is as good as its name."""
    name = call.resolve(name)
    return name if isinstance(name, str) else Unknown("a dtype policy")
