"""Reductions: what is left of a shape when some of its axes are summed up, or the like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dim import Dim
from ..shape import Shape
from .join import from_front


def reduced(shape: Sequence[Dim], axes: Sequence[int] | None, keepdims: bool = False) -> Shape:
    """The shape without the axes (in range; None: all of them), or with length 1 there.

    >>> reduced((2, 3, 4), (-1,)), reduced((2, 3, 4), (0, 1), True), reduced((2, 3), None)
    ((2, 3), (1, 1, 4), ())
    """
    gone = set(range(len(shape))) if axes is None else {axis % len(shape) for axis in axes}
    if keepdims:
        return Shape(1 if axis in gone else dim for axis, dim in enumerate(shape))
    return Shape(dim for axis, dim in enumerate(shape) if axis not in gone)


def counted(axes: Any, rank: int) -> tuple[int, ...] | None:
    """Axes counted from the front, given as one int or several; None where one is unknown or out of range.

    >>> counted(-1, 3), counted((0, -1), 3), counted(3, 3)
    ((2,), (0, 2), None)
    """
    several = axes if isinstance(axes, (tuple, list)) else (axes,)
    found = tuple(from_front(axis, rank) for axis in several)
    return None if None in found else found  # type: ignore[return-value]


def missing(axes: Any, rank: int) -> Any:
    """The first of the axes that surely is out of range; None if there is none."""
    several = axes if isinstance(axes, (tuple, list)) else (axes,)
    return next((axis for axis in several if type(axis) is int and not -rank <= axis < rank), None)


def twice(axes: Any, rank: int) -> Any:
    """The first axis that is named a second time; None if there is none."""
    if not isinstance(axes, (tuple, list)):
        return None
    seen: set[int] = set()
    for axis in axes:
        place = from_front(axis, rank)
        if place is not None and place in seen:
            return place
        if place is not None:
            seen.add(place)
    return None
