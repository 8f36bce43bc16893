"""Broadcasting: the one place that knows which shapes fit together element by element."""

from __future__ import annotations

from collections.abc import Sequence

from ..dim import Dim, bounds, derived, is_dynamic, maximum, surely_differ, surely_equal
from ..evidence import formula
from ..shape import Shape


@formula
def broadcast(a: Sequence[Dim], b: Sequence[Dim]) -> Shape | None:
    """The shape of an element-wise operation on two shapes; None where they surely do not fit.

    >>> broadcast((2, 8, 8, 3), (8, 1, 3)), broadcast((2, 3), (2, 4))
    ((2, 8, 8, 3), None)
    """
    return None if clash(a, b) is not None else Shape(map(_fitted, *_aligned(a, b)))


def broadcast_all(shapes: Sequence[Sequence[Dim]]) -> Shape | None:
    """The shape of an element-wise operation on any number of shapes, left to right; None as above."""
    result: Shape | None = Shape(())
    for shape in shapes:
        if result is None:
            return None
        result = broadcast(result, shape)
    return result


def clash(a: Sequence[Dim], b: Sequence[Dim]) -> int | None:
    """The first axis, counted in the longer shape, on which the two surely do not fit; None: no doubt-free clash.

    >>> clash((5, 2, 3), (2, 4)), clash((5, 2, 3), (2, 1))
    (2, None)
    """
    for axis, (one, other) in enumerate(zip(*_aligned(a, b), strict=True)):
        if surely_differ(one, other) and surely_differ(one, 1) and surely_differ(other, 1):
            return axis
    return None


def broadcasts_to(shape: Sequence[Dim], target: Sequence[Dim]) -> bool:
    """Whether nothing speaks against stretching ``shape`` to ``target`` (doubt answers True).

    >>> broadcasts_to((1, 3), (5, 4, 3)), broadcasts_to((2, 3), (1, 3))
    (True, False)
    """
    if len(shape) > len(target):
        return False
    pairs = zip(reversed(shape), reversed(target), strict=False)
    return not any(surely_differ(own, wanted) and surely_differ(own, 1) for own, wanted in pairs)


def _aligned(a: Sequence[Dim], b: Sequence[Dim]) -> tuple[tuple[Dim, ...], tuple[Dim, ...]]:
    rank = max(len(a), len(b))
    return (1,) * (rank - len(a)) + tuple(a), (1,) * (rank - len(b)) + tuple(b)


def _fitted(a: Dim, b: Dim) -> Dim:
    """The common length of two lengths that may fit: an open length gives way to a number that is not 1."""
    if surely_equal(a, b) or surely_equal(b, 1):
        return a
    if surely_equal(a, 1):
        return b
    for one in (a, b):
        if isinstance(one, int):
            return one
    (least_a, _), (least_b, _) = bounds(a), bounds(b)
    for one, least in ((a, least_a), (b, least_b)):
        if least is not None and least > 1:
            return one
    open_length = is_dynamic(a) or is_dynamic(b)
    if least_a and least_b and not open_length:
        return maximum(a, b)
    return derived("broadcast", frozenset((a, b)), dynamic=open_length)
