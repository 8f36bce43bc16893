"""Diagonals, rotations and differences of arrays, and arrays seen as others (keras/src/ops/numpy.py, einops.py)."""

from __future__ import annotations

from typing import Any

from ....dim import derived, is_dim, is_dynamic, maximum, minimum, surely_no_multiple
from ....evidence import report
from ....formulas.axes_pattern import arranged, named, parts
from ....formulas.join import from_front
from ....formulas.reduce import reduced
from ....formulas.reshape import flat
from ....problems import PythonError
from ....rule import Call, function
from ....shape import AnyShape, Shape
from ....value import Known, Partial, Unknown, Value
from ..state import keras_dtype
from ..symbolic import result, tell, tensor
from .checks import OPEN, out_of_bounds, refuse


@function("keras.ops.diag")
def diag(call: Call, x: Any, k: Value = 0) -> Value:
    """A matrix with a vector on its diagonal, or the diagonal of a matrix."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape) or type(k) is not int:
        return result(call, "Diag", OPEN, x.dtype, x)
    if len(x.shape) not in (1, 2):
        refuse(call, "diag", "diag-rank", [x], "x")
        return result(call, "Diag", OPEN, x.dtype, x)
    if len(x.shape) == 1:
        return result(call, "Diag", Shape((x.shape[0] + abs(k),) * 2), x.dtype, x)
    return result(call, "Diag", Shape((_cells(x.shape[0], x.shape[1], k),)), x.dtype, x)


@function("keras.ops.diagflat")
def diagflat(call: Call, x: Any, k: Value = 0) -> Value:
    """A matrix with all entries on its diagonal."""
    x = tensor(call, x)
    known = isinstance(x.shape, Shape) and type(k) is int
    shape: AnyShape = Shape((flat(x.shape) + abs(k),) * 2) if known else OPEN  # type: ignore[arg-type, operator]
    return result(call, "Diagflat", shape, x.dtype, x)


@function("keras.ops.diagonal")
def diagonal(call: Call, x: Any, offset: Value = 0, axis1: Value = 0, axis2: Value = 1) -> Value:
    """The diagonal of two axes, as a new last one."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape):
        return result(call, "Diagonal", OPEN, x.dtype, x)
    rank = len(x.shape)
    if out_of_bounds(call, [axis1, axis2], rank, x):
        return result(call, "Diagonal", OPEN, x.dtype, x)
    one, other = from_front(axis1, rank), from_front(axis2, rank)
    if one is None or other is None or one == other:
        call.doubt()
        return result(call, "Diagonal", OPEN, x.dtype, x)
    if type(offset) is not int:
        return result(call, "Diagonal", OPEN, x.dtype, x)
    length = _cells(x.shape[one], x.shape[other], offset)
    return result(call, "Diagonal", Shape((*reduced(x.shape, (one, other)), length)), x.dtype, x)


@function("keras.ops.rot90")
def rot90(call: Call, array: Any, k: Value = 1, axes: Value = (0, 1)) -> Value:
    """Turned by right angles; symbolically two axes change places whatever ``k`` is."""
    x = tensor(call, array)
    if not isinstance(x.shape, Shape) or not isinstance(axes, (list, tuple)) or not all(map(is_dim, axes)):
        return result(call, "Rot90", OPEN, x.dtype, x)
    rank = len(x.shape)
    places = [from_front(axis, rank) for axis in axes]
    if rank < 2 or len(axes) != 2 or axes[0] == axes[1]:
        why, quoted = ("rot90-rank", ()) if rank < 2 else ("rot90-axes", (tuple(axes),))
        refuse(call, "rot90", why, [x], "array" if rank < 2 else "axes", quoted=quoted)
        return result(call, "Rot90", OPEN, x.dtype, x)
    if None in places or places[0] == places[1]:
        call.doubt()
        return result(call, "Rot90", OPEN, x.dtype, x)
    if not x.symbolic and type(k) is not int:
        return result(call, "Rot90", OPEN, x.dtype, x)
    dims = list(x.shape)
    if x.symbolic or k % 2:
        one, other = places
        dims[one], dims[other] = dims[other], dims[one]  # type: ignore[index]
    return result(call, "Rot90", Shape(dims), x.dtype, x)


@function("keras.ops.diff")
def diff(call: Call, a: Any, n: Value = 1, axis: Value = -1) -> Value:
    """Differences of neighbours, ``n`` times: as many cells less."""
    x = tensor(call, a)
    place = from_front(axis, len(x.shape)) if isinstance(x.shape, Shape) else None
    if not isinstance(x.shape, Shape) or type(n) is not int or place is None or n < 0:
        if isinstance(x.shape, Shape) and (type(axis) is int or n < 0):
            call.doubt()
        return result(call, "Diff", OPEN, x.dtype, x)
    size = x.shape[place]
    length = call.symbol(dynamic=True) if is_dynamic(size) and n else maximum(size - n, 0)
    return result(call, "Diff", Shape((*x.shape[:place], length, *x.shape[place + 1 :])), x.dtype, x)


SIZES = {"bool": 1, "bfloat16": 2, "complex64": 8, "complex128": 16}


@function("keras.ops.view")
def view(call: Call, x: Any, dtype: Value = None) -> Value:
    """The same bytes as another dtype: the last axis changes where the sizes differ."""
    x = tensor(call, x)
    wanted = x.dtype if dtype is None else keras_dtype(call, dtype)
    sizes = [_bytes(name) for name in (x.dtype, wanted)]
    if not isinstance(x.shape, Shape) or None in sizes:
        return result(call, "View", OPEN, wanted, x)
    old, new = sizes
    if old == new:
        return result(call, "View", x.shape, wanted, x)
    if not x.shape or surely_no_multiple(x.shape[-1] * old, new):
        call.doubt()
        return result(call, "View", OPEN, wanted, x)
    last = x.shape[-1]
    length = last * old // new if not is_dynamic(last) or old > new else call.symbol(dynamic=True)  # type: ignore[operator]
    return result(call, "View", Shape((*x.shape[:-1], length)), wanted, x)


@function("keras.ops.rearrange")
def rearrange(call: Call, tensor_: Any = None, pattern: Value = None, **axes_lengths: Value) -> Value:
    """Axes by name, taken apart and put together."""
    x = tensor(call, axes_lengths.pop("tensor", tensor_))
    sides = [parts(side) for side in pattern.split("->")] if isinstance(pattern, str) else []
    lengths = {name: value for name, value in axes_lengths.items() if is_dim(value)}
    shape: AnyShape = OPEN
    known = len(sides) == 2 and isinstance(x.shape, Shape) and len(lengths) == len(axes_lengths)
    if known and None not in sides and "." not in str(pattern) and "1" not in str(pattern).split():
        assert isinstance(x.shape, Shape)
        found = named(x.shape, sides[0], lengths)  # type: ignore[arg-type]
        arrangement = arranged(sides[1], found) if found is not None else None  # type: ignore[arg-type]
        if arrangement is not None and x.symbolic and any(map(is_dynamic, arrangement)):
            problem = PythonError("TypeError", "unsupported operand type(s) for *=: 'int' and 'NoneType'")
            tell(call, problem, [x], "pattern", "tensor")
        shape = OPEN if arrangement is None else arrangement
    if shape is OPEN:
        call.doubt()
    return result(call, "Rearrange", shape, x.dtype, x)


@function("keras.ops.vectorize", raw=True)
def vectorize(call: Call, pyfunc: Value = None, **_: Value) -> Value:
    """A function over arrays made from one over numbers; it is refused on TensorFlow once it is called."""
    if call.backend() != "tensorflow":
        return Unknown("a vectorized function")
    return Partial(Known("keras.ops.vectorize.__call__", "keras"), (pyfunc,), ())


@function("keras.ops.vectorize.__call__", raw=True)
def vectorized(call: Call, pyfunc: Value, *args: Value, **kwargs: Value) -> Value:
    """``_vmap_fn`` of keras/src/backend/tensorflow/numpy.py."""
    report(PythonError("ValueError", "Not supported with `vectorize()` with the TensorFlow backend."))
    return Unknown("a vectorized function")


def _cells(rows: Any, columns: Any, offset: int) -> Any:
    """How long the diagonal is that lies ``offset`` columns to the right."""
    if is_dynamic(rows) or is_dynamic(columns):
        return derived("diagonal", rows, columns, offset, dynamic=True)
    rest = columns - offset if offset > 0 else rows + offset
    return maximum(minimum(rest, minimum(rows, columns)), 0)


def _bytes(dtype: str | None) -> int | None:
    if dtype is None:
        return None
    bits = "".join(letter for letter in dtype if letter.isdigit())
    return SIZES.get(dtype) or (int(bits) // 8 if bits else None)
