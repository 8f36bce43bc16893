"""A shape of unknown rank of which the last axes are known: what a Linear says of its input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...dim import Dim
from ...shape import AnyShape, Unranked


@dataclass(frozen=True, slots=True)
class Trailing(Unranked):
    """``(..., *dims)``."""

    dims: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"(..., {', '.join(map(str, self.dims))})"


def last_dim(shape: AnyShape) -> Dim | None:
    """The length of the last axis, where it is known."""
    if isinstance(shape, Trailing):
        return shape.dims[-1] if shape.dims else None
    if isinstance(shape, Unranked):
        return None
    return shape[-1] if shape else None
