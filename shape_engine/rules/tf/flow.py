"""What TensorFlow puts around other code: ``tf.function``, gradients of a graph."""

from __future__ import annotations

from typing import Any

from ...rule import Call
from ...rule import function as function_rule
from ...value import Known, Partial, Tensor, Unknown, Value, Wrapped
from .graph import define


@define("tf.function", "tf.autograph.experimental.do_not_convert", "tf.recompute_grad")
def function(call: Call, func: Value = None, *args: Value, **_: Value) -> Value:
    """A decorator that changes no shape, but what errors look like; with settings it returns the decorator."""
    return Known("tf.function") if func is None else Wrapped("traced", func)


@define("tf.executing_eagerly")
def executing_eagerly(call: Call) -> Value:
    """Whether a graph is being built."""
    return Unknown("whether this runs eagerly")


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
