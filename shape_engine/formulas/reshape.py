"""Reshaping: the same elements under another shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dim import Dim, Symbol, derived, is_dim, is_dynamic, surely_differ, surely_no_multiple
from ..evidence import formula
from ..shape import Shape, product
from .join import from_front


def reshaped(shape: Sequence[Dim], target: Sequence[Any]) -> Shape | None:
    """The target with its -1 filled in; None where the elements surely do not fit.

    More than one -1 is the caller's to refuse; each then becomes an unknown length.

    >>> reshaped((2, 7, 7, 3), (2, -1)), reshaped((2, 3), (4, -1)), reshaped((6,), (2, 3))
    ((2, 147), None, (2, 3))
    """
    if not all(map(is_dim, target)):
        return Shape(dim if is_dim(dim) and not _is_gap(dim) else _open(shape, n) for n, dim in enumerate(target))
    gaps = sum(map(_is_gap, target))
    size, rest = _shortened(shape, [dim for dim in target if not _is_gap(dim)])
    if gaps == 0:
        return None if surely_differ(product(shape), product(target)) else Shape(target)
    if gaps > 1 or rest == 0:
        return Shape(_open(shape, n) if _is_gap(dim) else dim for n, dim in enumerate(target))
    if surely_no_multiple(product(shape), product(dim for dim in target if not _is_gap(dim))):
        return None
    return Shape(inferred(size, rest) if _is_gap(dim) else dim for dim in target)


@formula
def inferred(size: Dim, rest: Dim) -> Dim:
    """The length that -1 stands for: the elements, spread over the other axes."""
    return size // rest


@formula
def flat(dims: Sequence[Dim]) -> Dim:
    """The length of an axis that holds all elements of several axes."""
    return product(dims)


def flattened(shape: Sequence[Dim], start: int = 0, end: int = -1) -> Shape:
    """The axes from ``start`` to ``end`` (both included, in range) made one.

    >>> flattened((2, 3, 4, 5), 1), flattened((2, 3, 4, 5), 1, 2)
    ((2, 60), (2, 12, 5))
    """
    first, last = start % len(shape), end % len(shape)
    return Shape((*shape[:first], flat(tuple(shape[first : last + 1])), *shape[last + 1 :]))


def permuted(shape: Sequence[Dim], order: Sequence[int]) -> Shape:
    """The axes in another order (a permutation of 0 ... rank-1, negative numbers from the end).

    >>> permuted((2, 3, 4), (0, 2, 1)), permuted((2, 3, 4), (-1, 0, 1))
    ((2, 4, 3), (4, 2, 3))
    """
    return Shape(shape[axis] for axis in order)


def expanded(shape: Sequence[Dim], axis: int) -> Shape | None:
    """The shape with an axis of length 1 put in, counted in the result; None where there is no such place.

    >>> expanded((2, 3), 0), expanded((2, 3), -1), expanded((2, 3), 3)
    ((1, 2, 3), (2, 3, 1), None)
    """
    place = from_front(axis, len(shape) + 1)
    return None if place is None else Shape((*shape[:place], 1, *shape[place:]))


def squeezed(shape: Sequence[Dim], axes: Sequence[int]) -> Shape:
    """The shape without these axes (counted from the front)."""
    return Shape(dim for axis, dim in enumerate(shape) if axis not in axes)


def _is_gap(dim: Any) -> bool:
    return dim == -1 and not isinstance(dim, bool)


def _open(shape: Sequence[Dim], axis: int) -> Symbol:
    return derived("reshape", tuple(shape), axis, dynamic=any(map(is_dynamic, shape)))


def _shortened(shape: Sequence[Dim], target: Sequence[Dim]) -> tuple[Any, Any]:
    """Both numbers of elements, divided by the symbolic axes that stand on both sides."""
    left, right = list(shape), list(target)
    for dim in target:
        if not isinstance(dim, int) and dim in left:
            left.remove(dim)
            right.remove(dim)
    return product(left), product(right)
