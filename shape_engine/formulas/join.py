"""Joining arrays along an axis, old or new, and cutting them apart again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dim import Dim, surely_differ
from ..evidence import formula
from ..shape import Shape


def concatenated(shapes: Sequence[Sequence[Dim]], axis: int) -> Shape:
    """The shape of arrays joined along ``axis`` (already counted from the front): that axis adds up.

    On the other axes a number is preferred to a symbol.  Whether the shapes fit is ``mismatch``'s question.

    >>> concatenated([(2, 8, 3), (2, 8, 5)], 2)
    (2, 8, 8)
    """
    dims = []
    for number, lengths in enumerate(zip(*shapes, strict=True)):
        dims.append(joined(lengths) if number == axis else known(lengths))
    return Shape(dims)


@formula
def joined(lengths: Sequence[Dim]) -> Dim:
    """The length of the axis along which arrays are joined."""
    return sum(lengths)  # type: ignore[return-value, arg-type]


def stacked(shapes: Sequence[Sequence[Dim]], axis: int) -> Shape:
    """The shape of arrays of one shape laid side by side on a new ``axis``, counted in the result.

    >>> stacked([(2, 3), (2, 3), (2, 3)], 1)
    (2, 3, 3)
    """
    dims = [known(lengths) for lengths in zip(*shapes, strict=True)]
    return Shape((*dims[:axis], len(shapes), *dims[axis:]))


def mismatch(shapes: Sequence[Sequence[Dim]], axis: int | None) -> tuple[int, int | None] | None:
    """Which array surely does not fit the first one, and on which axis (None: another rank); None if all may fit.

    ``axis`` is the one along which they are joined, None when they are stacked.

    >>> mismatch([(2, 3), (2, 4)], 0), mismatch([(2, 3), (2, 4)], 1), mismatch([(2, 3), (2,)], 0)
    ((1, 1), None, (1, None))
    """
    first, *rest = shapes
    for position, shape in enumerate(rest, 1):
        if len(shape) != len(first):
            return position, None
        for number, (one, other) in enumerate(zip(first, shape, strict=True)):
            if number != axis and surely_differ(one, other):
                return position, number
    return None


def from_front(axis: Any, rank: int) -> int | None:
    """The axis counted from the front; None where it is out of range, or not known.

    >>> from_front(-1, 4), from_front(2, 4), from_front(4, 4)
    (3, 2, None)
    """
    if not isinstance(axis, int) or not -rank <= axis < rank:
        return None
    return axis % rank


def known(lengths: Sequence[Dim]) -> Dim:
    """Of several lengths that must be the same, the one that is known best: a number before a symbol."""
    return next((length for length in lengths if isinstance(length, int)), lengths[0])


@formula
def piece(size: Dim, sections: Dim) -> Dim:
    """The length of one of ``sections`` equal parts."""
    return size // sections


@formula
def tiled(size: Dim, times: Dim) -> Dim:
    """The length of an axis repeated ``times`` times."""
    return size * times


@formula
def cropped(size: Dim, before: Dim, after: Dim) -> Dim:
    """The length that is left when cells are cut off on both sides."""
    return size - before - after


@formula
def extended(size: Dim, before: Dim, after: Dim) -> Dim:
    """The length with cells added on both sides."""
    return size + before + after
