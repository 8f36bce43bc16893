"""Records of features (tensorflow/python/ops/parsing_config.py, parsing_ops.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dtypes import dtype_name
from ...rule import Call, class_rule
from ...shape import Shape
from ...value import Instance, Tensor, Unknown, Value, shape_from
from ..arrays import operand
from .data import Methods
from .graph import define


@class_rule("tf.io.FixedLenFeature")
class FixedLenFeature(Methods):
    """A feature of one shape."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = dict(zip(("shape", "dtype"), args, strict=False)) | dict(kwargs)
        shape = shape_from(call.thaw(given.get("shape", Unknown("no shape"))), ("feature", call.site))
        call.set(obj, ".feature", Tensor(shape, dtype_name(given.get("dtype")), "tf"))


@define("tf.io.parse_single_example")
def parse_single_example(
    call: Call, serialized: Value, features: Value, example_names: Value = None, name: Value = None
) -> Value:
    """A dict of tensors: each feature of one length has its shape."""
    return _parsed(call, features, Shape(()))


@define("tf.io.parse_example")
def parse_example(
    call: Call, serialized: Value, features: Value, example_names: Value = None, name: Value = None
) -> Value:
    """The same for many records."""
    x = operand(serialized, "tf", call)
    return _parsed(call, features, x.shape) if isinstance(x.shape, Shape) else Unknown("features")


def _parsed(call: Call, features: Value, front: Shape) -> Value:
    given = call.thaw(features)
    if not isinstance(given, dict):
        return Unknown("features that are not known")
    return {key: _feature(call, item, front) for key, item in given.items()}


def _feature(call: Call, item: Any, front: Shape) -> Value:
    found = call.get(item, ".feature") if isinstance(item, Instance) else None
    if not isinstance(found, Tensor) or not isinstance(found.shape, Shape):
        return Unknown("a feature of any length")
    return Tensor(Shape((*front, *found.shape)), found.dtype, "tf")
