"""Tables of keys and values (tensorflow/python/ops/lookup_ops.py): what is in them is not followed, shapes are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...rule import Call, class_rule
from ...shape import Shape
from ...value import Instance, Tensor, Value
from ..arrays import operand
from .data import Methods
from .graph import define


@class_rule("tf.lookup.StaticHashTable")
class StaticHashTable(Methods):
    """A table that is filled once."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """It holds nothing that is followed."""


@define("tf.lookup.StaticHashTable.lookup", "tf.lookup.StaticHashTable.__getitem__")
def lookup(call: Call, self: Value, keys: Value, name: Value = None) -> Tensor:
    """A value for each key; of which dtype is not followed."""
    return Tensor(operand(keys, "tf", call).shape, None, "tf")


@define("tf.lookup.StaticHashTable.size")
def size(call: Call, self: Value, name: Value = None) -> Tensor:
    """How many keys there are."""
    return Tensor(Shape(()), "int64", "tf")
