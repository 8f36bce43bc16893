"""Sessions of TensorFlow 1: what is fed must fit its placeholder (tensorflow/python/client/session.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dim import is_dim, is_dynamic, surely_differ
from ...evidence import report
from ...problems import BadArgument
from ...rule import MISSING, Call, class_rule
from ...shape import Shape
from ...value import Instance, Tensor, Unknown, Value
from ..arrays import operand
from .data import Methods
from .graph import GLOBAL, define


@class_rule("tf.compat.v1.Session")
@class_rule("tf.compat.v1.InteractiveSession")
class Session(Methods):
    """A graph is built from now on, and run here."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        call.set(GLOBAL, ".graph", True)

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        found = super().get(call, obj, name)
        return Unknown("something of a session that is not followed") if found is MISSING else found


@define("tf.compat.v1.Session.__enter__", "tf.compat.v1.InteractiveSession.__enter__")
def enter(call: Call, self: Value) -> Value:
    """The session itself."""
    return self


@define("tf.compat.v1.Session.__exit__", "tf.compat.v1.InteractiveSession.__exit__")
def leave(call: Call, self: Value, *args: Value) -> Value:
    """Exceptions go on."""
    return False


@define("tf.compat.v1.Session.run", "tf.compat.v1.InteractiveSession.run")
def run(
    call: Call, self: Value, fetches: Value, feed_dict: Value = None, options: Value = None, run_metadata: Value = None
) -> Value:
    """What is asked for, as arrays.  ValueError where an array does not have the shape of its placeholder."""
    feeds = call.thaw(feed_dict)
    for tensor, value in feeds.items() if isinstance(feeds, dict) else ():
        fed = operand(value, "numpy", call)
        if not isinstance(tensor, Tensor) or not isinstance(fed.shape, Shape) or fed.kind != "numpy":
            continue
        shape = tensor.shape
        if isinstance(shape, Shape) and (len(shape) != len(fed.shape) or any(map(_other, shape, fed.shape))):
            report(BadArgument(op="session", what="feed", shape=fed.shape, value=shape), blame=("feed_dict",))
    return call.freeze(_fetched(call, call.thaw(fetches)))


def _other(wanted: Any, length: Any) -> bool:
    return not is_dynamic(wanted) and surely_differ(wanted, length)


def _fetched(call: Call, fetches: Any) -> Any:
    """Arrays in the structure of what is fetched; what was open is any length."""
    if isinstance(fetches, (list, tuple)):
        return type(fetches)(_fetched(call, item) for item in fetches)
    if isinstance(fetches, dict):
        return {key: _fetched(call, item) for key, item in fetches.items()}
    if not isinstance(fetches, Tensor) or fetches.kind != "tf":
        return Unknown("what a session gives")
    shape = fetches.shape
    if isinstance(shape, Shape):
        shape = Shape(call.symbol() if not is_dim(dim) or is_dynamic(dim) else dim for dim in shape)
    return Tensor(shape, fetches.dtype, "numpy")
