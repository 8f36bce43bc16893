"""What a ``tf.Tensor`` has: attributes, subscripts and methods (tensorflow/python/framework/tensor.py, tensor_getitem_override.py)."""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, is_dynamic, surely_differ
from ...dtypes import NAMES
from ...formulas.indexing import Fancy, indexed, is_entry
from ...problems import BadArgument, BadIndex, Problem, TooManyIndices
from ...rule import REGISTRY, Call, attribute
from ...shape import Shape, Unranked
from ...value import Known, Slice, Tensor, Unknown, Value, framework_shape, shape_from
from ..arrays import index_key, operand
from .graph import define, report
from .scopes import merged
from .shaping import masked

DTYPES = (
    "tf.float16", "tf.float32", "tf.float64", "tf.bfloat16", "tf.int8", "tf.int16", "tf.int32", "tf.int64", "tf.uint8",
    "tf.uint16", "tf.uint32", "tf.uint64", "tf.bool", "tf.string", "tf.complex64", "tf.complex128", "tf.half", "tf.double",
)  # fmt: skip


@attribute("tf.Tensor.shape")
def shape(call: Call, x: Tensor) -> Value:
    """The shape as a tuple, with None where the length is open (a TensorShape compares and indexes like one)."""
    return framework_shape(x.shape)


@attribute("tf.Tensor.ndim")
def ndim(call: Call, x: Tensor) -> Value:
    """How many axes there are."""
    return len(x.shape) if isinstance(x.shape, Shape) else Unknown(x.shape.reason)


@attribute("tf.Tensor.dtype")
def dtype(call: Call, x: Tensor) -> Value:
    """The element type."""
    return Known(f"tf.{x.dtype}") if x.dtype in NAMES else Unknown("the dtype is not known")


@define("tf.Tensor.get_shape")
def get_shape(call: Call, x: Tensor) -> Value:
    """The same as ``shape``."""
    return framework_shape(x.shape)


@define("tf.Tensor.numpy")
def numpy(call: Call, x: Tensor) -> Value:
    """The numbers as a NumPy array; one number as a scalar."""
    if x.shape == Shape(()) and x.constant is not None:
        return x.constant
    return Tensor(x.shape, x.dtype, "numpy", constant=x.constant)


@define("tf.Tensor.set_shape")
def set_shape(call: Call, x: Tensor, shape: Value) -> Value:
    """Tells more about the shape of a tensor in a graph: the tensor as it is from now on (the call itself gives None).

    ValueError where it differs.
    """
    found, wanted = merged(call, x, shape), shape_from(shape, call.symbol())
    if not isinstance(found.shape, Shape) or not isinstance(wanted, Shape) or len(wanted) != len(found.shape):
        return found
    dims = (own if isinstance(own, int) or is_dynamic(n) else n for own, n in zip(found.shape, wanted, strict=True))
    return Tensor(Shape(dims), x.dtype, "tf", constant=x.constant)


@define("tf.Tensor.assign", "tf.Variable.assign", op="assign")
@define("tf.Tensor.assign_add", "tf.Variable.assign_add", op="AssignAddVariableOp")
@define("tf.Tensor.assign_sub", "tf.Variable.assign_sub", op="AssignSubVariableOp")
def assign(call: Call, self: Tensor, value: Value, *args: Value, op: str, **_: Value) -> Tensor:
    """A variable takes a value of its own shape."""
    given = operand(value, "tf", call)
    known = isinstance(self.shape, Shape) and isinstance(given.shape, Shape)
    if known and (len(self.shape) != len(given.shape) or any(map(surely_differ, self.shape, given.shape))):  # type: ignore[arg-type]
        report(BadArgument(op=op, what=self.name or "", shape=self.shape, value=given.shape), blame=("value", "self"))  # type: ignore[arg-type]
    return self


@define("tf.Tensor.read_value", "tf.Tensor.value", "tf.Variable.read_value", "tf.Variable.value")
def value(call: Call, self: Tensor) -> Tensor:
    """What a variable holds."""
    return Tensor(self.shape, self.dtype, "tf")


@define("tf.Tensor.scatter_nd_update", "tf.Tensor.scatter_nd_add", "tf.Tensor.scatter_nd_sub")
def scatter(call: Call, self: Tensor, indices: Value, updates: Value, name: Value = None) -> Tensor:
    """A variable with some entries changed."""
    return Tensor(self.shape, self.dtype, "tf")


@define("tf.Tensor.__len__")
def length(call: Call, x: Tensor) -> Value:
    """The length of the first axis."""
    return x.shape[0] if isinstance(x.shape, Shape) and x.shape else Unknown("a tensor without axes")


@define("tf.Tensor.__getitem__")
def getitem(call: Call, x: Tensor, key: Value) -> Value:
    """``x[key]``: slices, numbers, None, an ellipsis, and one boolean mask; a list is read as a tuple."""
    if isinstance(key, list):
        key = tuple(key)
    if isinstance(key, Tensor) and key.dtype == "bool" and x.kind == "tf":
        return _masked(call, x, key)
    entries = index_key(call, key, lists=False)
    problem = _bad_entry(entries)
    if problem is not None:
        report(problem, blame=("key",))
        return Unknown("the index is no index")
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "tf")
    if not all(is_entry(entry) and not (isinstance(entry, Fancy) and entry.shape) for entry in entries):
        return Tensor(Unranked("the index is not known"), x.dtype, "tf")
    if not x.shape and any(entry is not None and entry is not ... for entry in entries):
        report(TooManyIndices(op="scalar", count=1, shape=x.shape), blame=("key",))
        return Tensor(Unranked("a scalar has no entries"), x.dtype, "tf")
    plain = tuple(_number(call, entry) for entry in entries)
    found = indexed(x.shape, plain)
    if found.problem is not None:
        report(found.problem, blame=("key",))
    if found.shape is None:
        return Tensor(Unranked("the index is not known"), x.dtype, "tf")
    constant = _picked(x.constant, plain)
    if is_dim(constant) and not isinstance(constant, bool) and x.dtype in ("int32", "int64"):
        return constant
    return Tensor(found.shape, x.dtype, "tf", constant=constant)


def _masked(call: Call, x: Tensor, mask: Tensor) -> Tensor:
    return masked(call, x, mask, 0, ("key", "x"))


def _number(call: Call, entry: Any) -> Any:
    """A scalar tensor as an index: its number, or some number."""
    if isinstance(entry, Fancy):
        return entry.elements[0] if entry.elements else call.symbol()
    return entry


def _bad_entry(entries: tuple[Any, ...]) -> Problem | None:
    if sum(entry is ... for entry in entries) > 1:
        return BadIndex(op="StridedSlice", what="ellipsis")
    for axis, entry in enumerate(entries):
        if isinstance(entry, (float, str)):
            return BadIndex(op="StridedSlice", what="type", key=repr(entry))
        if isinstance(entry, Slice) and entry.step == 0:
            return BadIndex(op="StridedSlice", what="step", axis=axis)
    return None


def _picked(constant: Any, entries: tuple[Any, ...]) -> Any:
    """The numbers that one index or slice takes out of a row of known numbers."""
    if not isinstance(constant, tuple) or len(entries) != 1:
        return None
    entry = entries[0]
    if isinstance(entry, int):
        return constant[entry] if -len(constant) <= entry < len(constant) else None
    if isinstance(entry, Slice) and all(
        isinstance(part, (int, type(None))) for part in (entry.start, entry.stop, entry.step)
    ):
        return constant[entry.start : entry.stop : entry.step]
    return None


@define("tf.is_tensor")
def is_tensor(call: Call, x: Value) -> Value:
    """Whether something is a tensor of TensorFlow (a symbolic Keras tensor is not)."""
    if isinstance(x, Tensor):
        return x.kind == "tf"
    return Unknown("what this is") if isinstance(x, Unknown) else False


@define("tf.get_static_value")
def static_value(call: Call, tensor: Value, partial: Value = False) -> Value:
    """The numbers of a tensor, if they are known."""
    return Unknown("the numbers of a tensor")


def cast_by_dtype(call: Call, value: Value = 0, *, dtype_target: str) -> Value:
    """A dtype is no function."""
    return Unknown(f"{dtype_target} is called")


for _target in DTYPES:
    define(_target, dtype_target=_target)(cast_by_dtype)
REGISTRY.attributes["tf.newaxis"] = lambda call, _: None
