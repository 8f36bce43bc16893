"""What an ``ndarray`` has: attributes, subscripts and the methods that give no array; NumPy's constants and scalars."""

from __future__ import annotations

import math
from typing import Any

from ...dim import is_dim
from ...dtypes import dtype_name, python_dtype
from ...evidence import report
from ...formulas.creation import flat
from ...formulas.indexing import indexed, is_entry
from ...problems import BadIndex, Problem
from ...rule import REGISTRY, Call, attribute
from ...shape import Shape, Unranked, product
from ...value import Known, Slice, Tensor, Unknown, Value, framework_shape
from ..arrays import definer, index_key, operand

define = definer("numpy", "numpy")

ITEM_SIZES = {
    "bool": 1, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "float16": 2, "int32": 4, "uint32": 4, "float32": 4,
    "int64": 8, "uint64": 8, "float64": 8, "complex64": 8, "complex128": 16,
}  # fmt: skip
SCALARS = (
    "numpy.float16", "numpy.float32", "numpy.float64", "numpy.int8", "numpy.int16", "numpy.int32", "numpy.int64",
    "numpy.uint8", "numpy.uint16", "numpy.uint32", "numpy.uint64", "numpy.bool_", "numpy.bool", "numpy.complex64",
    "numpy.complex128", "numpy.float_", "numpy.int_", "numpy.double", "numpy.single", "numpy.half", "numpy.intp",
)  # fmt: skip
CONSTANTS = {
    "numpy.pi": math.pi, "numpy.e": math.e, "numpy.inf": math.inf, "numpy.nan": math.nan, "numpy.newaxis": None,
    "numpy.Inf": math.inf, "numpy.NaN": math.nan, "numpy.euler_gamma": 0.5772156649015329,
}  # fmt: skip


@attribute("numpy.ndarray.shape")
def shape(call: Call, x: Tensor) -> Value:
    """A tuple of ints."""
    return framework_shape(x.shape)


@attribute("numpy.ndarray.ndim")
def ndim(call: Call, x: Tensor) -> Value:
    """How many axes there are."""
    return len(x.shape) if isinstance(x.shape, Shape) else Unknown(x.shape.reason)


@attribute("numpy.ndarray.size")
def size(call: Call, x: Tensor) -> Value:
    """How many elements there are."""
    return product(x.shape) if isinstance(x.shape, Shape) else Unknown(x.shape.reason)


@attribute("numpy.ndarray.T")
def transposed(call: Call, x: Tensor) -> Tensor:
    """The axes in reversed order."""
    return Tensor(Shape(reversed(x.shape)) if isinstance(x.shape, Shape) else x.shape, x.dtype, "numpy")


@attribute("numpy.ndarray.dtype")
def dtype(call: Call, x: Tensor) -> Value:
    """The element type, as NumPy's scalar class (which compares and converts like a dtype)."""
    return Known(f"numpy.{x.dtype}") if x.dtype in ITEM_SIZES else Unknown("the dtype is not known")


@attribute("numpy.ndarray.itemsize")
def itemsize(call: Call, x: Tensor) -> Value:
    """Bytes of one element."""
    return ITEM_SIZES.get(x.dtype or "", Unknown("the dtype is not known"))


@attribute("numpy.ndarray.nbytes")
def nbytes(call: Call, x: Tensor) -> Value:
    """Bytes of all elements."""
    if not isinstance(x.shape, Shape) or x.dtype not in ITEM_SIZES:
        return Unknown("the size is not known")
    return product(x.shape) * ITEM_SIZES[x.dtype]


@attribute("numpy.ndarray.flat")
def flat_iterator(call: Call, x: Tensor) -> Value:
    """All elements, one after the other."""
    return Tensor(Shape((product(x.shape),)) if isinstance(x.shape, Shape) else x.shape, x.dtype, "numpy")


@attribute("numpy.ndarray.real")
@attribute("numpy.ndarray.imag")
def real(call: Call, x: Tensor) -> Tensor:
    """The real or imaginary parts."""
    name = {"complex64": "float32", "complex128": "float64"}.get(x.dtype or "", x.dtype)
    return Tensor(x.shape, name, "numpy")


@define("numpy.ndarray.__getitem__")
def getitem(call: Call, x: Tensor, key: Value) -> Value:
    """``x[key]``: slices, numbers, None, an ellipsis, lists and arrays.  IndexError where it does not fit."""
    entries = index_key(call, key, lists=True)
    problem = bad_entry(entries)
    if problem is not None:
        report(problem, blame=("key",))
        return Unknown("the index is no index")
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "numpy")
    found = indexed(x.shape, entries)
    if found.problem is not None:
        report(found.problem, blame=("key",))
    if found.shape is None:
        return Tensor(Unranked("the index is not known"), x.dtype, "numpy")
    if x.dtype == "object" and not found.shape:
        return Unknown("an object in an array")
    constant = picked(x, entries)
    if constant is not None and not isinstance(constant, tuple):
        return constant
    return Tensor(found.shape, x.dtype, "numpy", constant=constant)


def bad_entry(entries: tuple[Any, ...]) -> Problem | None:
    """What can be no index whatever the array: two ellipses, a float, a text, a step of 0."""
    if sum(entry is ... for entry in entries) > 1:
        return BadIndex(op="index", what="ellipsis")
    for axis, entry in enumerate(entries):
        if isinstance(entry, (float, str)):
            return BadIndex(op="index", what="type", key=repr(entry))
        if isinstance(entry, Slice) and entry.step == 0:
            return BadIndex(op="index", what="step", axis=axis)
        if isinstance(entry, Tensor) and entry.dtype is not None and entry.dtype.startswith("float"):
            return BadIndex(op="index", what="array")
    return None


def picked(x: Tensor, entries: tuple[Any, ...]) -> Any:
    """The numbers that a key of ints and slices takes out of a small known array; None where they are not known."""
    if x.constant is None or not all(is_entry(entry) for entry in entries):
        return None
    return _picked(x.constant, list(entries))


def _picked(constant: Any, entries: list[Any]) -> Any:
    if not entries:
        return constant
    entry, *rest = entries
    if not isinstance(constant, tuple) or not (isinstance(entry, (int, Slice))):
        return None
    if isinstance(entry, int):
        return _picked(constant[entry], rest) if -len(constant) <= entry < len(constant) else None
    if (
        not all(isinstance(part, (int, type(None))) for part in (entry.start, entry.stop, entry.step))
        or entry.step == 0
    ):
        return None
    items = tuple(_picked(item, rest) for item in constant[entry.start : entry.stop : entry.step])
    return None if None in items else items


@define("numpy.ndarray.__setitem__")
def setitem(call: Call, x: Tensor, key: Value, value: Value) -> Value:
    """``x[key] = value``: the key is checked, the shape stays."""
    getitem(call, x, key)
    return None


@define("numpy.ndarray.__len__")
def length(call: Call, x: Tensor) -> Value:
    """The length of the first axis."""
    if isinstance(x.shape, Shape) and x.shape:
        return x.shape[0]
    return Unknown("an array without axes")


@define("numpy.ndarray.item")
def item(call: Call, x: Tensor, *args: Value) -> Value:
    """The only element, as a Python number."""
    return flat(x.constant)[0] if x.constant is not None and not args and flat(x.constant) else Unknown("a number")


@define("numpy.ndarray.tolist")
def tolist(call: Call, x: Tensor) -> Value:
    """Nested lists of Python numbers."""
    return _lists(x.constant) if x.constant is not None else Unknown("the numbers of an array")


@define("numpy.ndarray.copy", "numpy.ndarray.view", "numpy.ndarray.byteswap", "numpy.ndarray.newbyteorder")
def copy(call: Call, x: Tensor, *args: Value, **_: Value) -> Tensor:
    """The same array again; another dtype as a view may have another length."""
    if args and dtype_name(args[0]) not in (None, x.dtype):
        return Tensor(Unranked("a view as another dtype"), dtype_name(args[0]), "numpy")
    return Tensor(x.shape, x.dtype, "numpy", constant=x.constant)


@define("numpy.ndarray.fill", "numpy.ndarray.tofile", "numpy.ndarray.setflags", "numpy.ndarray.dump")
def nothing(call: Call, x: Tensor, *args: Value, **_: Value) -> Value:
    """Methods that give nothing."""
    return None


@define("numpy.shape")
def shape_function(call: Call, a: Value) -> Value:
    """The shape of anything that can be an array."""
    return framework_shape(operand(a, "numpy", call).shape)


@define("numpy.ndim")
def ndim_function(call: Call, a: Value) -> Value:
    """How many axes anything has as an array."""
    return ndim(call, operand(a, "numpy", call))


@define("numpy.size")
def size_function(call: Call, a: Value, axis: Value = None) -> Value:
    """How many elements there are, in all or along an axis."""
    x = operand(a, "numpy", call)
    if axis is None or not isinstance(x.shape, Shape):
        return size(call, x)
    known = isinstance(axis, int) and -len(x.shape) <= axis < len(x.shape)
    return x.shape[axis] if known else Unknown("the axis is not known")


@define(
    "numpy.save",
    "numpy.savez",
    "numpy.savez_compressed",
    "numpy.savetxt",
    "numpy.set_printoptions",
    "numpy.copyto",
    "numpy.fill_diagonal",
)
def without_result(call: Call, *args: Value, **kwargs: Value) -> Value:
    """Functions that give nothing."""
    return None


@define("numpy.dtype")
def dtype_function(call: Call, dtype: Value, *args: Value, **_: Value) -> Value:
    """A dtype by any of its names."""
    name = dtype_name(dtype)
    return Known(f"numpy.{name}") if name in ITEM_SIZES else Unknown("a dtype that is not followed")


def scalar(call: Call, value: Value = 0, *, scalar_type: str) -> Value:
    """``np.float32(3)``: a number; of an array, the array as that dtype."""
    name = dtype_name(Known(scalar_type))
    if python_dtype(value) is not None:
        if is_dim(value) and not isinstance(value, (bool, int)) and not (name or "").startswith("float"):
            return value
        if isinstance(value, (bool, int, float)):
            return _converted(value, name or "")
        return Unknown("a number")
    x = operand(value, "numpy", call)
    return Unknown("a number") if isinstance(x.shape, Unranked) else Tensor(x.shape, name, "numpy")


for _target in SCALARS:
    define(_target, scalar_type=_target)(scalar)
for _target, _value in CONSTANTS.items():
    REGISTRY.attributes[_target] = lambda call, _, value=_value: value


ROUNDED = frozenset({"float16", "float32"})
"""Types of numbers that hold fewer digits than Python's, also in what is computed with them."""


def _converted(value: Any, dtype: str) -> Value:
    try:
        if dtype in ROUNDED:
            return Unknown("a number that is computed with fewer digits than Python's")
        return float(value) if dtype.startswith("float") else bool(value) if dtype == "bool" else int(value)
    except (OverflowError, ValueError):
        return Unknown("a number")


def _lists(constant: Any) -> Any:
    return [_lists(item) for item in constant] if isinstance(constant, tuple) else constant
