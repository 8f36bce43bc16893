"""Sequences: convolution, Fourier, polynomials, windows, counting and searching (numpy/fft, numpy/lib)."""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, maximum, minimum, surely_less
from ...formulas.creation import steps
from ...rule import REGISTRY, Call, ClassRule, class_rule
from ...shape import Shape, product
from ...value import Instance, Known, Slice, Tensor, Unknown, Value
from ..arrays import as_dims, definer, number, operand

define = definer("numpy", "numpy")


@define("numpy.convolve", default="full")
@define("numpy.correlate", default="valid")
def convolve(call: Call, a: Value, v: Value, mode: Value = None, *, default: str) -> Value:
    """Two rows: as long as both together, as the longer one, or where they overlap wholly."""
    x, y = operand(a, "numpy", call), operand(v, "numpy", call)
    how = default if mode is None else mode
    if not isinstance(x.shape, Shape) or not isinstance(y.shape, Shape) or len(x.shape) != 1 or len(y.shape) != 1:
        return Unknown("a convolution that is not followed")
    longer, shorter = maximum(x.shape[0], y.shape[0]), minimum(x.shape[0], y.shape[0])
    lengths = {"full": longer + shorter - 1, "same": longer, "valid": longer - shorter + 1}
    return _row(lengths[how]) if how in lengths else Unknown("a convolution that is not followed")


def _transform(kind: str) -> Any:
    def rule(call: Call, a: Value, n: Value = None, axis: Value = -1, norm: Value = None, out: Value = None) -> Value:
        x, place = operand(a, "numpy", call), number(axis)
        if not isinstance(x.shape, Shape) or not isinstance(place, int) or not -len(x.shape) <= place < len(x.shape):
            return Unknown("a transform that is not followed")
        place %= len(x.shape)
        length: Any = x.shape[place] if n is None else number(n)
        if kind in ("irfft", "hfft"):
            length = 2 * (x.shape[place] - 1) if n is None else length
        elif kind in ("rfft", "ihfft"):
            length = length // 2 + 1 if is_dim(length) else None
        dims = (*x.shape[:place], length if is_dim(length) else call.symbol(), *x.shape[place + 1 :])
        real = kind in ("irfft", "hfft")
        dtype = ("float64" if real else "complex128") if x.dtype not in ("float32", "complex64", "float16") else None
        return Tensor(Shape(dims), dtype, "numpy")

    return rule


for _kind in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    define(f"numpy.fft.{_kind}")(_transform(_kind))


@define("numpy.fft.fft2", "numpy.fft.ifft2", "numpy.fft.fftn", "numpy.fft.ifftn")
def fftn(call: Call, a: Value, s: Value = None, *args: Value, **_: Value) -> Value:
    """The shape stays, unless another is asked for."""
    x = operand(a, "numpy", call)
    return Tensor(x.shape, None, "numpy") if s is None else Unknown("a transform that is not followed")


@define("numpy.fft.fftshift", "numpy.fft.ifftshift")
def fftshift(call: Call, x: Value, axes: Value = None) -> Value:
    """The shape stays."""
    array = operand(x, "numpy", call)
    return Tensor(array.shape, array.dtype, "numpy")


@define("numpy.fft.fftfreq", half=False)
@define("numpy.fft.rfftfreq", half=True)
def fftfreq(call: Call, n: Value, d: Value = 1.0, device: Value = None, *, half: bool) -> Value:
    """A frequency for each place."""
    length = number(n)
    return _row((length // 2 + 1 if half else length) if is_dim(length) else call.symbol())


@define("numpy.polyfit")
def polyfit(call: Call, x: Value, y: Value, deg: Value, *args: Value, **_: Value) -> Value:
    """A coefficient more than the degree."""
    degree, values = number(deg), operand(y, "numpy", call)
    if args or _ or not is_dim(degree) or not isinstance(values.shape, Shape) or len(values.shape) not in (1, 2):
        return Unknown("a polynomial")
    return Tensor(Shape((degree + 1, *values.shape[1:])), None, "numpy")


@define("numpy.polyval")
def polyval(call: Call, p: Value, x: Value) -> Value:
    """The shape of the places."""
    array = operand(x, "numpy", call)
    return Tensor(array.shape, None, "numpy") if array.shape != Shape(()) else Unknown("a value")


@define("numpy.vander")
def vander(call: Call, x: Value, N: Value = None, increasing: Value = False) -> Value:
    """A column for each power."""
    array, count = operand(x, "numpy", call), number(N)
    if not isinstance(array.shape, Shape) or len(array.shape) != 1:
        return Unknown("powers")
    return Tensor(
        Shape((array.shape[0], array.shape[0] if N is None else count if is_dim(count) else call.symbol())),
        None,
        "numpy",
    )


@define("numpy.hanning", "numpy.hamming", "numpy.blackman", "numpy.bartlett")
def window(call: Call, M: Value) -> Value:
    """So many weights."""
    length = number(M)
    return _row(length if is_dim(length) else call.symbol(), "float64")


@define("numpy.bincount")
def bincount(call: Call, x: Value, /, weights: Value = None, minlength: Value = 0) -> Value:
    """How often each number is there: as many as the largest tells."""
    return _row(call.symbol())


@define("numpy.histogram")
def histogram(call: Call, a: Value, bins: Value = 10, range: Value = None, *args: Value, **_: Value) -> Value:
    """``counts, edges``."""
    count = number(bins)
    if not is_dim(count):
        edges = operand(bins, "numpy", call).shape if isinstance(bins, (list, tuple, Tensor)) else None
        count = edges[0] - 1 if isinstance(edges, Shape) and len(edges) == 1 else call.symbol()
    return _row(count), _row(count + 1)


@define("numpy.searchsorted", places="v")
@define("numpy.digitize", places="x")
def places(call: Call, a: Value, v: Value = None, *args: Value, places: str, **named: Value) -> Value:
    """A place for each value."""
    given = named.get("bins", named.get("x"))
    value = v if places == "v" else a
    x = operand(given if value is None else value, "numpy", call)
    return Unknown("a place") if x.shape == Shape(()) else Tensor(x.shape, "int64", "numpy")


@define("numpy.isin")
def isin(call: Call, element: Value, test_elements: Value, *args: Value, **_: Value) -> Value:
    """A truth value for each element."""
    x = operand(element, "numpy", call)
    return Unknown("a truth value") if x.shape == Shape(()) else Tensor(x.shape, "bool", "numpy")


@define("numpy.setdiff1d", "numpy.union1d", "numpy.setxor1d")
def sets(call: Call, ar1: Value, ar2: Value, assume_unique: Value = False) -> Value:
    """A row of distinct elements."""
    x = operand(ar1, "numpy", call)
    return _row(call.symbol(), x.dtype if x.dtype == operand(ar2, "numpy", call).dtype else None)


@define("numpy.intersect1d")
def intersect1d(
    call: Call, ar1: Value, ar2: Value, assume_unique: Value = False, return_indices: Value = False
) -> Value:
    """A row of distinct elements, and where they are."""
    length = call.symbol()
    if return_indices is False:
        return _row(length)
    return (_row(length), _row(length), _row(length)) if return_indices is True else Unknown("common elements")


@define("numpy.partition", "numpy.argpartition", "numpy.ndarray.argpartition")
def partition(call: Call, a: Value, kth: Value, axis: Value = -1, *args: Value, **_: Value) -> Value:
    """The shape stays; without an axis it is one row."""
    x = operand(a, "numpy", call)
    if axis is None:
        return _row(product(x.shape) if isinstance(x.shape, Shape) else call.symbol())
    return Tensor(x.shape, None, "numpy")


@define("numpy.lexsort")
def lexsort(call: Call, keys: Value, axis: Value = -1) -> Value:
    """The order of the last axis."""
    x = operand(keys, "numpy", call)
    known = isinstance(x.shape, Shape) and len(x.shape) > 1 and axis == -1
    return Tensor(Shape(x.shape[1:]), "int64", "numpy") if known else Unknown("an order")  # type: ignore[index]


@define("numpy.gradient")
def gradient(call: Call, f: Value, *varargs: Value, axis: Value = None, edge_order: Value = 1) -> Value:
    """An array of the same shape for each axis."""
    x = operand(f, "numpy", call)
    if not isinstance(x.shape, Shape) or not x.shape:
        return Unknown("gradients")
    one = Tensor(x.shape, None, "numpy")
    count = (
        len(x.shape) if axis is None else 1 if isinstance(axis, int) else len(axis) if isinstance(axis, tuple) else 0
    )
    if not count:
        return Unknown("gradients")
    return one if count == 1 else (one,) * count


@define("numpy.lib.stride_tricks.sliding_window_view")
def sliding_window_view(call: Call, x: Value, window_shape: Value, axis: Value = None, **_: Value) -> Value:
    """A window for each place: its axes come last."""
    array, window = operand(x, "numpy", call), as_dims(call, window_shape)
    if not isinstance(array.shape, Shape) or not isinstance(window, Shape):
        return Unknown("windows that are not followed")
    axes = (
        tuple(place for place, _ in enumerate(array.shape))
        if axis is None
        else (axis,)
        if isinstance(axis, int)
        else axis
    )
    if not isinstance(axes, tuple) or len(axes) != len(window) or not all(isinstance(place, int) for place in axes):
        return Unknown("windows that are not followed")
    dims: list[Any] = list(array.shape)
    for place, length in zip(axes, window, strict=True):
        if not -len(dims) <= place < len(dims) or surely_less(dims[place], length):
            return Unknown("windows that do not fit")
        dims[place] = dims[place] - length + 1
    return Tensor(Shape((*dims, *window)), array.dtype, "numpy")


@define("numpy.apply_along_axis")
def apply_along_axis(call: Call, func1d: Value, axis: Value, arr: Value, *args: Value, **_: Value) -> Value:
    """What a function makes of the rows along an axis stands in its place."""
    x, place = operand(arr, "numpy", call), number(axis)
    if not isinstance(x.shape, Shape) or not isinstance(place, int) or not -len(x.shape) <= place < len(x.shape):
        return Unknown("a function of rows")
    place %= len(x.shape)
    found = call.invoke(func1d, [Tensor(Shape((x.shape[place],)), x.dtype, "numpy"), *args], _)
    array = operand(call.thaw(found), "numpy", call)
    if not isinstance(array.shape, Shape):
        return Unknown("a function of rows")
    return Tensor(Shape((*x.shape[:place], *array.shape, *x.shape[place + 1 :])), None, "numpy")


@define("numpy.indices")
def indices(call: Call, dimensions: Value, dtype: Value = None, sparse: Value = False) -> Value:
    """The coordinates of a grid."""
    dims = as_dims(call, dimensions)
    known = isinstance(dims, Shape) and sparse is False
    return Tensor(Shape((len(dims), *dims)), None, "numpy") if known else Unknown("a grid")  # type: ignore[arg-type, misc]


@define("numpy.resize")
def resize(call: Call, a: Value, new_shape: Value) -> Value:
    """The elements again and again, in another shape."""
    return Tensor(as_dims(call, new_shape), operand(a, "numpy", call).dtype, "numpy")


@define("numpy.ix_")
def ix_(call: Call, *args: Value) -> Value:
    """A row of indices for each axis, to be broadcast."""
    found = [operand(arg, "numpy", call) for arg in args]
    if any(not isinstance(x.shape, Shape) or len(x.shape) != 1 or x.dtype == "bool" for x in found):
        return Unknown("indices of a grid")
    return tuple(
        Tensor(Shape((1,) * place + tuple(x.shape) + (1,) * (len(found) - place - 1)), x.dtype or "int64", "numpy")  # type: ignore[arg-type]
        for place, x in enumerate(found)
    )


class Grid(ClassRule):
    """``np.mgrid[0:3, 0:4]``."""

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        parts = key if isinstance(key, tuple) else (key,)
        lengths = [_of_slice(call, part) for part in parts]
        if None in lengths:
            return Unknown("a grid")
        return self.grid(lengths, isinstance(key, tuple))

    def grid(self, lengths: list[Any], several: bool) -> Value:
        """Arrays of these lengths."""
        return Tensor(Shape((len(lengths), *lengths) if several else lengths), None, "numpy")


@class_rule("numpy.lib.index_tricks.mgrid")
class MGrid(Grid):
    """All coordinates in one array."""


@class_rule("numpy.lib.index_tricks.ogrid")
class OGrid(Grid):
    """A row of coordinates for each axis."""

    def grid(self, lengths: list[Any], several: bool) -> Value:
        if not several:
            return Tensor(Shape(lengths), None, "numpy")
        rank = len(lengths)
        return tuple(
            Tensor(Shape((1,) * place + (n,) + (1,) * (rank - place - 1)), None, "numpy")
            for place, n in enumerate(lengths)
        )


class Joined(ClassRule):
    """``np.r_[a, b]`` and ``np.c_[a, b]``, of arrays."""

    columns = False

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        parts = [call.resolve(part) for part in (key if isinstance(key, tuple) else (key,))]
        if any(isinstance(part, (Slice, str)) for part in parts):
            return Unknown("slices put together")
        found = [operand(call.thaw(part), "numpy", call) for part in parts]
        if any(not isinstance(x.shape, Shape) or len(x.shape) > (2 if self.columns else 1) for x in found):
            return Unknown("arrays put together")
        return call.invoke(Known("numpy.column_stack" if self.columns else "numpy.hstack"), [call.freeze(found)])


@class_rule("numpy.lib.index_tricks.r_")
class Rows(Joined):
    """One after the other."""


@class_rule("numpy.lib.index_tricks.c_")
class Columns(Joined):
    """Side by side."""

    columns = True


for _name in ("mgrid", "ogrid", "r_", "c_"):
    REGISTRY.attributes[f"numpy.{_name}"] = lambda call, _, name=_name: call.new(
        Known(f"numpy.lib.index_tricks.{name}")
    )


def _of_slice(call: Call, part: Value) -> Any:
    if not isinstance(part, Slice):
        return None
    start, stop, step = (call.resolve(end) for end in (part.start, part.stop, part.step))
    start, step = 0 if start is None else start, 1 if step is None else step
    if isinstance(step, complex):
        return int(abs(step)) if step.real == 0 else None
    if not all(is_dim(n) or isinstance(n, float) for n in (start, stop, step)) or not step:
        return None
    return steps(start, stop, step)


def _row(length: Any, dtype: str | None = None) -> Tensor:
    return Tensor(Shape((length,)), dtype, "numpy")
