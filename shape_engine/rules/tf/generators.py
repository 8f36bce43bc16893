"""tf.random.Generator: random numbers with a state of their own (tensorflow/python/ops/stateful_random_ops.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...rule import Call, class_rule
from ...value import Instance, Known, Tensor, Value
from ..arrays import as_dims
from .creation import chosen
from .data import Methods
from .graph import define


@class_rule("tf.random.Generator")
class Generator(Methods):
    """Random numbers with a state of their own; the state is not followed."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """It holds nothing that is followed."""


@define("tf.random.Generator.from_seed", "tf.random.Generator.from_non_deterministic_state")
@define("tf.random.Generator.from_state", "tf.random.get_global_generator")
def generator(call: Call, *args: Value, **_: Value) -> Value:
    """A generator."""
    return call.new(Known("tf.random.Generator"))


@define("tf.random.Generator.normal", "tf.random.Generator.truncated_normal", "tf.random.Generator.uniform")
def generated(call: Call, self: Value, shape: Value, *args: Value, dtype: Value = "float32", **_: Value) -> Tensor:
    """Numbers of a shape."""
    return Tensor(as_dims(call, shape), chosen(dtype, "float32") if len(args) < 3 else None, "tf")
