"""What TensorFlow puts around other code: ``tf.function``, gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...rule import MISSING, REGISTRY, Call, ClassRule, class_rule
from ...rule import function as function_rule
from ...shape import Shape
from ...value import BoundMethod, Instance, Known, Partial, Tensor, Unknown, Value, Wrapped
from .graph import define


@define("tf.function", "tf.autograph.experimental.do_not_convert", "tf.recompute_grad")
def function(call: Call, func: Value = None, *args: Value, **_: Value) -> Value:
    """A decorator that changes no shape, but what errors look like; with settings it returns the decorator."""
    return Known("tf.function") if func is None else Wrapped("traced", func)


@define("tf.executing_eagerly")
def executing_eagerly(call: Call) -> Value:
    """Whether a graph is being built."""
    return Unknown("whether this runs eagerly")


@class_rule("tf.GradientTape")
class GradientTape(ClassRule):
    """``with tf.GradientTape() as tape``: gradients have the shapes of what they are taken for."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """Its settings make no difference to shapes."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """A method that some rule models."""
        target = f"{self.target}.{name}"
        return BoundMethod(Known(target), obj) if REGISTRY.find(target) is not None else MISSING


@define("tf.GradientTape.__enter__")
def enter(call: Call, self: Value) -> Value:
    """The tape itself."""
    return self


@define("tf.GradientTape.watch")
def watch(call: Call, self: Value, tensor: Value) -> Value:
    """Gives nothing."""
    return None


@define("tf.GradientTape.__exit__", "tf.GradientTape.reset")
def leave(call: Call, self: Value, *args: Value) -> Value:
    """Exceptions go on; nothing is given."""
    return None


@define("tf.GradientTape.gradient")
def gradient(call: Call, self: Value, target: Value, sources: Value, *args: Value, **_: Value) -> Value:
    """For each source a tensor of its shape (or None, where it plays no part)."""
    return _like(call, sources)


@define("tf.GradientTape.jacobian")
def jacobian(call: Call, self: Value, target: Value, source: Value = None, *args: Value, **others: Value) -> Value:
    """A gradient for each number of the target."""
    x, y = call.resolve(others.get("sources", source)), call.resolve(target)
    known = (
        isinstance(x, Tensor) and isinstance(y, Tensor) and isinstance(x.shape, Shape) and isinstance(y.shape, Shape)
    )
    if not known or ("sources" not in others and source is None):
        return Unknown("a jacobian of several tensors")
    return Tensor(Shape((*y.shape, *x.shape)), x.dtype, "tf")


@define("tf.GradientTape.watched_variables")
def watched_variables(call: Call, self: Value) -> Value:
    """The variables that were used."""
    return Unknown("the variables that a tape has seen")


@define("tf.custom_gradient")
def custom_gradient(call: Call, f: Value = None) -> Value:
    """A function that gives its result and its gradient becomes one that gives its result."""
    return Partial(Known("tf.custom_gradient.__call__"), (f,), ())


@function_rule("tf.custom_gradient.__call__", raw=True)
def with_gradient(call: Call, f: Value, *args: Value, **kwargs: Value) -> Value:
    """The result of such a function."""
    found = call.invoke(f, args, kwargs)
    return found[0] if isinstance(found, tuple) and len(found) == 2 else Unknown("a function with a gradient")


@define("tf.gradients")
def gradients(call: Call, ys: Value, xs: Value, *args: Value, **_: Value) -> Value:
    """The same in a graph."""
    return _like(call, xs)


def _like(call: Call, sources: Any) -> Value:
    sources = call.resolve(sources)
    if isinstance(sources, Tensor):
        return Tensor(sources.shape, sources.dtype, "tf")
    if isinstance(sources, (tuple, list)):
        return type(sources)(_like(call, source) for source in sources)
    return Unknown("the gradients of something that is not followed")
