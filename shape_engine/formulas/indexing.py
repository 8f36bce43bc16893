"""Subscripts: what ``x[key]`` takes out of an array.  The frameworks check and word the key themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..dim import Dim, Symbol, bounds, derived, is_dim, is_dynamic, maximum, minimum, surely_differ, surely_less
from ..evidence import formula
from ..problems import BroadcastMismatch, IndexOutOfRange, MaskMismatch, Problem, TooManyIndices
from ..shape import Shape
from ..value import Slice
from .broadcast import broadcast_all


@dataclass(frozen=True, slots=True)
class Fancy:
    """An array used as an index: of whole numbers, or (``mask``) of truth values; ``elements`` if known.

    ``count`` is how many places a mask picks, where its elements are not known.
    """

    shape: Shape
    mask: bool = False
    elements: tuple[Any, ...] | None = None
    count: Dim | None = None


@dataclass(frozen=True, slots=True)
class Indexed:
    """The shape of ``x[key]`` (None: not known), and what is surely wrong with the key."""

    shape: Shape | None
    problem: Problem | None = None


def entries(key: Any) -> tuple[Any, ...]:
    """The key as a tuple: one entry for each thing between the commas."""
    return key if isinstance(key, tuple) else (key,)


def is_entry(entry: Any) -> bool:
    """Whether the engine knows what this entry of a key does to a shape."""
    return entry is None or entry is ... or is_dim(entry) or isinstance(entry, (Slice, Fancy))


def indexed(shape: Shape, key: Sequence[Any]) -> Indexed:
    """The shape of ``x[key]``; entries are dims, Slice, None, Ellipsis and Fancy (NumPy's rules).

    >>> indexed(Shape((2, 3, 4)), (0, ..., None)).shape
    (3, 4, 1)
    """
    if not all(map(is_entry, key)):
        return Indexed(None)
    count = sum(map(_consumed, key))
    if count > len(shape):
        return Indexed(None, TooManyIndices(count=count, shape=shape))
    key = _without_ellipsis(key, len(shape) - count)
    fancy = any(isinstance(entry, Fancy) for entry in key)
    problem: Problem | None = None
    dims: list[Dim] = []
    arrays: list[Shape] = []
    place: int | None = None  # where the axes of the index arrays go
    together, last = True, -1  # whether all index arrays stand side by side
    axis = 0
    for number, entry in enumerate(key):
        if entry is None or entry is ...:
            dims.extend((1,) if entry is None else ())
            continue
        if isinstance(entry, Slice):
            dims.append(sliced(shape[axis], entry.start, entry.stop, entry.step))
            axis += 1
            continue
        problem = problem or _trouble(entry, shape, axis)
        if fancy:
            arrays.append(_selected(entry))
            place = len(dims) if place is None else place
            together = together and last in (-1, number - 1)
            last = number
        axis += _consumed(entry)
    dims.extend(shape[axis:])
    if not fancy:
        return Indexed(Shape(dims), problem)
    whole = broadcast_all(arrays)
    if whole is None:
        return Indexed(None, problem or BroadcastMismatch(op="index", shapes=tuple(filter(None, arrays))))
    at = place if together and place is not None else 0
    return Indexed(Shape((*dims[:at], *whole, *dims[at:])), problem)


def outside(index: Any, length: Dim) -> bool:
    """Whether the index surely lies outside an axis of that length."""
    if not is_dim(index) or isinstance(index, bool):
        return False
    return (not surely_less(index, length) and _at_least(index, length)) or surely_less(index + length, 0)


def sliced(length: Dim, start: Any, stop: Any, step: Any) -> Dim:
    """How many cells ``start:stop:step`` takes from an axis of that length.

    >>> n = Symbol("n", least=5)
    >>> sliced(10, 2, None, 3), str(sliced(n, None, -2, None)), sliced(n, None, 5, None)
    (3, 'n - 2', 5)
    """
    if is_dynamic(length):
        return length if (start, stop, step) == (None, None, None) else _some(length, start, stop, step)
    step = 1 if step is None else step
    if not isinstance(step, int) or step == 0 or not all(part is None or is_dim(part) for part in (start, stop)):
        return _some(length, start, stop, step)
    if isinstance(length, int) and all(isinstance(part, (int, type(None))) for part in (start, stop)):
        return cells(length, start, stop, step)
    if start is None and stop is None:
        return every(length, abs(step))
    if step < 0:
        return _some(length, start, stop, step)
    first, end = _clamped(0 if start is None else start, length), _clamped(length if stop is None else stop, length)
    if first is None or end is None:
        return _some(length, start, stop, step)
    return span(first, end, step)


@formula
def cells(length: int, start: int | None, stop: int | None, step: int) -> int:
    """The cells that Python's slice of an axis of a known length holds."""
    return count_of(range(*slice(start, stop, step).indices(length)))


@formula
def every(length: Dim, step: int) -> Dim:
    """The cells of a whole axis, ``step`` apart: no length is negative, whatever its terms are."""
    return (length + step - 1) // step


@formula
def span(start: Dim, stop: Dim, step: int) -> Dim:
    """The cells from ``start`` to ``stop``, ``step`` apart."""
    return maximum((stop - start + step - 1) // step, 0)


def count_of(steps: range) -> int:
    """How many there are; ``len`` refuses more than fit into a machine's word."""
    return (steps[-1] - steps[0]) // steps.step + 1 if steps else 0


def _clamped(position: Any, length: Any) -> Any:
    """The position counted from the front and kept inside the axis; None where its sign is not known."""
    least, greatest = bounds(position)
    if greatest is not None and greatest < 0:
        return maximum(length + position, 0)
    if least is not None and least >= 0:
        return minimum(position, length)
    return None


def _some(length: Dim, *parts: Any) -> Symbol:
    return derived("slice", length, *map(repr, parts), dynamic=is_dynamic(length))


def _at_least(index: Any, length: Any) -> bool:
    least, _ = bounds(index - length)
    return least is not None and least >= 0


def _consumed(entry: Any) -> int:
    """How many axes of the array an entry of the key takes up."""
    if isinstance(entry, Fancy) and entry.mask:
        return len(entry.shape)
    return 0 if entry is None or entry is ... else 1


def _without_ellipsis(key: Sequence[Any], open_axes: int) -> list[Any]:
    everything = [Slice(None, None, None)] * open_axes
    result: list[Any] = []
    found = False
    for entry in key:
        if entry is ...:
            result.extend([...] if found else [..., *everything])  # even an empty one parts index arrays
            found = True
        else:
            result.append(entry)
    return result if found else result + everything


def _selected(entry: Any) -> Shape:
    """The shape of the places that an entry picks."""
    if not isinstance(entry, Fancy):
        return Shape(())
    if not entry.mask:
        return entry.shape
    if entry.elements is not None:
        return Shape((sum(map(bool, entry.elements)),))
    return Shape((derived("mask", entry.shape) if entry.count is None else entry.count,))


def _trouble(entry: Any, shape: Shape, axis: int) -> Problem | None:
    if not isinstance(entry, Fancy):
        length = shape[axis]
        return IndexOutOfRange(index=entry, axis=axis, length=length, shape=shape) if outside(entry, length) else None
    if entry.mask:
        for offset, dim in enumerate(entry.shape):
            if surely_differ(dim, shape[axis + offset]):
                return MaskMismatch(shape=shape, mask=entry.shape, axis=axis + offset, offset=offset)
        return None
    for index in entry.elements or ():
        if outside(index, shape[axis]):
            return IndexOutOfRange(index=index, axis=axis, length=shape[axis], shape=shape)
    return None
