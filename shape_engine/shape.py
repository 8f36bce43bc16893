"""A shape: a tuple of dims, or a shape of which not even the rank is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from .dim import Dim, surely_differ


class Shape(tuple):
    """The dims of a tensor, first axis first.

    >>> str(Shape((1, 28, 28, 3))), str(Shape((5,))), str(Shape(()))
    ('(1, 28, 28, 3)', '(5,)', '()')
    """

    __slots__ = ()

    @property
    def rank(self) -> int:
        return len(self)

    def __str__(self) -> str:
        return f"({', '.join(map(str, self))}{',' if len(self) == 1 else ''})"

    __repr__ = __str__


@dataclass(frozen=True, slots=True)
class Unranked:
    """A shape of unknown rank, and why it is unknown."""

    reason: str = ""

    def __str__(self) -> str:
        return "?"


AnyShape: TypeAlias = "Shape | Unranked"


def product(dims: Iterable[Dim]) -> Dim:
    """How many elements a tensor of these dims has."""
    result: Any = 1
    for dim in dims:
        result = result * dim
    return result


def surely_other(a: AnyShape, b: AnyShape) -> bool:
    """Whether the two shapes differ, whatever their symbols stand for."""
    if isinstance(a, Unranked) or isinstance(b, Unranked):
        return False
    return len(a) != len(b) or any(map(surely_differ, a, b))
