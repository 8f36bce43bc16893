"""Arrays from nothing: the shape of a nested sequence, the number of steps of a range."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from ..dim import Dim, derived, is_dim, is_symbolic, maximum, surely_differ
from ..dtypes import python_dtype
from ..evidence import formula
from ..shape import Shape, Unranked
from ..value import Float, Tensor

MOST_ELEMENTS = 256  # a constant with more elements is not kept: shapes do not depend on it


class Nested:
    """What a nested sequence is as an array: ``shape`` (or Unranked), ``elements``, Python kind and dtypes of its leaves.

    ``ragged`` is the common part of the shape where parts surely differ; else None.
    """

    def __init__(self, value: Any):
        self.kinds: set[str] = set()
        self.dtypes: set[str] = set()
        self.ragged: tuple[Dim, ...] | None = None
        self.unknown: str | None = None
        found = self._shape(value)
        self.shape: Shape | Unranked = Unranked(self.unknown or "the parts differ")
        if found is not None and found[1]:
            self.ragged = found[0]
        elif found is not None:
            self.shape = Shape(found[0])

    @property
    def kind(self) -> str | None:
        """The Python kind that all leaves fit in."""
        if "other" in self.kinds or not self.kinds:
            return None
        return max(self.kinds, key=("bool", "int", "float", "complex", "str").index)

    def _shape(self, value: Any) -> tuple[tuple[Dim, ...], bool] | None:
        """The dims that all parts share, and whether there are more on which they differ; None: not known."""
        if isinstance(value, Tensor):
            self.dtypes.add(value.dtype or "?")
            if isinstance(value.shape, Shape):
                return tuple(value.shape), False
            self.unknown = value.shape.reason or "the rank of a part is not known"
            return None
        if isinstance(value, (tuple, list)):
            return self._joined([self._shape(item) for item in value])
        if isinstance(value, Float):
            self.kinds.add("float")
            return (), False
        self.kinds.add(python_dtype(value) or "other")
        if python_dtype(value) is None:
            self.unknown = getattr(value, "reason", "") or "an element is not known"
            return None
        return (), False

    def _joined(self, parts: list[tuple[tuple[Dim, ...], bool] | None]) -> tuple[tuple[Dim, ...], bool] | None:
        if not parts:
            return (0,), False
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        common: list[Dim] = [len(parts)]
        for lengths in zip(*(dims for dims, _ in known), strict=False):
            if any(surely_differ(lengths[0], length) for length in lengths):
                break
            common.append(next((length for length in lengths if isinstance(length, int)), lengths[0]))
        ragged = any(more for _, more in known) or len(common) <= max(len(dims) for dims, _ in known)
        return tuple(common), ragged


def elements(value: Any, shape: Shape | Unranked) -> Any:
    """The value as nested tuples of numbers, if it is small and all of it is known; else None."""
    if (
        not isinstance(shape, Shape)
        or not all(isinstance(dim, int) for dim in shape)
        or math.prod(shape) > MOST_ELEMENTS
    ):
        return None
    found = _elements(value)
    return None if found is _UNKNOWN else found


def filled(shape: Shape | Unranked, value: Any) -> Any:
    """Nested tuples of that shape that hold the same number; None where it is too big or not known."""
    if not isinstance(shape, Shape) or not all(isinstance(dim, int) and dim >= 0 for dim in shape):
        return None
    if math.prod(shape) > MOST_ELEMENTS or not (isinstance(value, (bool, int, float)) or is_symbolic(value)):
        return None
    for dim in reversed(shape):
        value = (value,) * dim
    return value


@formula
def steps(start: Any, stop: Any, step: Any) -> Dim:
    """How many numbers there are from ``start`` to ``stop`` (not included), ``step`` apart.

    >>> steps(0, 10, 3), steps(2, 1, 1), steps(0.0, 1.0, 0.25)
    (4, 0, 4)
    """
    numbers = (start, stop, step)
    if all(isinstance(number, (int, float)) for number in numbers) and step:
        return max(0, math.ceil((stop - start) / step))
    if all(map(is_dim, numbers)) and isinstance(step, int) and step > 0:
        return maximum((stop - start + step - 1) // step, 0)
    return derived("steps", *map(repr, numbers))


def flat(constant: Any) -> list[Any]:
    """The elements of nested tuples, in order."""
    if not isinstance(constant, tuple):
        return [constant]
    return [element for item in constant for element in flat(item)]


def nest(items: list[Any], shape: Shape) -> Any:
    """A flat list as nested tuples of a shape of numbers; None where the counts differ or are not known."""
    if not all(isinstance(dim, int) for dim in shape) or math.prod(shape) != len(items):
        return None
    for dim in reversed(shape[1:]):
        items = [tuple(items[i : i + dim]) for i in range(0, len(items), dim)] if dim else items
    return tuple(items) if shape else items[0]


def in_a_row(parts: Sequence[Any], shape: Shape) -> Any:
    """The elements of constants of rank 1 one after the other; None where they are too many, or not known."""
    if not all(isinstance(part, tuple) for part in parts) or sum(map(len, parts)) > MOST_ELEMENTS:
        return None
    return nest([item for part in parts for item in part], shape)


def pairwise(function: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    """``function`` on the elements of two constants that fit each other; None where it cannot be told."""
    if _count(a) * _count(b) > MOST_ELEMENTS**2:  # broadcasting multiplies
        return None
    try:
        return _pairwise(function, a, b, _depth(a), _depth(b))
    except (ArithmeticError, TypeError, ValueError):
        return None  # what Python cannot compute here is no constant


def _pairwise(function: Callable[[Any, Any], Any], a: Any, b: Any, rank_a: int, rank_b: int) -> Any:
    if rank_a == rank_b == 0:
        result = function(a, b)
        if isinstance(result, complex) or result is NotImplemented:
            raise TypeError
        return result
    if rank_a > rank_b:
        return tuple(_pairwise(function, item, b, rank_a - 1, rank_b) for item in a)
    if rank_b > rank_a:
        return tuple(_pairwise(function, a, item, rank_a, rank_b - 1) for item in b)
    length = len(b) if len(a) == 1 else len(a)
    if len(b) not in (1, length):
        raise ValueError
    a, b = (part * length if len(part) == 1 else part for part in (a, b))
    return tuple(_pairwise(function, x, y, rank_a - 1, rank_b - 1) for x, y in zip(a, b, strict=True))


def _count(constant: Any) -> int:
    count = 1
    while isinstance(constant, tuple):
        count *= len(constant)
        constant = constant[0] if constant else None
    return count


def _depth(constant: Any) -> int:
    depth = 0
    while isinstance(constant, tuple):
        depth += 1
        if not constant:
            break
        constant = constant[0]
    return depth


_UNKNOWN = object()


def _elements(value: Any) -> Any:
    if isinstance(value, Tensor):
        return _UNKNOWN if value.constant is None else value.constant
    if isinstance(value, (tuple, list)):
        items = tuple(map(_elements, value))
        return _UNKNOWN if any(item is _UNKNOWN for item in items) else items
    return value if isinstance(value, (bool, int, float)) or is_symbolic(value) else _UNKNOWN
