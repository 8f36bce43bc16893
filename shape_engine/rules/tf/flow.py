"""TensorFlow's functions that run other code: ``tf.function``, ``cond``, ``map_fn``, gradients and scopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...rule import MISSING, REGISTRY, Call, ClassRule, class_rule
from ...shape import Shape, Unranked
from ...value import BoundMethod, Instance, Known, Tensor, Unknown, Value, Wrapped
from ..arrays import operand
from .graph import define


@define("tf.function", "tf.autograph.experimental.do_not_convert", "tf.recompute_grad", "tf.custom_gradient")
def function(call: Call, func: Value = None, *args: Value, **_: Value) -> Value:
    """A decorator that changes no shape, but what errors look like; with settings it returns the decorator."""
    return Known("tf.function") if func is None else Wrapped("traced", func)


@define("tf.cond")
def cond(call: Call, pred: Value, true_fn: Value = None, false_fn: Value = None, name: Value = None) -> Value:
    """One of two functions is called; which one, is rarely known."""
    if isinstance(pred, bool):
        chosen = true_fn if pred else false_fn
        return call.invoke(chosen, ()) if chosen is not None else Unknown("a branch that is not given")
    if true_fn is None or false_fn is None:
        return Unknown("a branch that is not given")
    left, right = call.invoke(true_fn, ()), call.invoke(false_fn, ())
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        return _either(call, left, right)
    return left if left == right else Unknown("one of two results")


@define("tf.map_fn", "tf.vectorized_map")
def map_fn(call: Call, fn: Value, elems: Value, *args: Value, **_: Value) -> Value:
    """A function over the entries along the first axis."""
    x = operand(elems, "tf", call)
    if not isinstance(x.shape, Shape) or not x.shape or args or _:
        return Unknown("a function over tensors that are not followed")
    result = call.invoke(fn, (Tensor(Shape(x.shape[1:]), x.dtype, "tf"),))
    if not isinstance(result, Tensor) or not isinstance(result.shape, Shape):
        return Unknown("a function whose result is not followed")
    return Tensor(Shape((x.shape[0], *result.shape)), result.dtype, "tf")


@define(
    "tf.while_loop",
    "tf.scan",
    "tf.foldl",
    "tf.foldr",
    "tf.py_function",
    "tf.numpy_function",
    "tf.switch_case",
    "tf.case",
)
def unmodelled(call: Call, *args: Value, **_: Value) -> Value:
    """Loops whose results are not followed."""
    return Unknown("a loop of TensorFlow that is not followed")


@define("tf.executing_eagerly")
def executing_eagerly(call: Call) -> Value:
    """Whether a graph is being built."""
    return Unknown("whether this runs eagerly")


@define(
    "tf.print",
    "tf.config.run_functions_eagerly",
    "tf.debugging.assert_shapes",
    "tf.debugging.assert_equal",
    "tf.config.set_visible_devices",
)
def nothing(call: Call, *args: Value, **_: Value) -> Value:
    """Functions that give nothing."""
    return None


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


def _either(call: Call, left: Tensor, right: Tensor) -> Tensor:
    dtype = left.dtype if left.dtype == right.dtype else None
    if not isinstance(left.shape, Shape) or not isinstance(right.shape, Shape) or len(left.shape) != len(right.shape):
        return Tensor(Unranked("one of two shapes"), dtype, "tf")
    dims = (a if a == b else call.symbol() for a, b in zip(left.shape, right.shape, strict=True))
    return Tensor(Shape(dims), dtype, "tf")
