"""A shape whose axes have names: batch, spatial, channels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .dim import Dim
from .shape import Shape


@dataclass(frozen=True)
class Axes:
    """A shape with its axes named, so that a rule never counts positions."""

    batch: Dim
    spatial: tuple[Dim, ...]
    channels: Dim
    channels_last: bool

    @classmethod
    def of(cls, shape: Shape, channels_last: bool) -> Axes:
        """Name the axes of a shape of rank 2 or more."""
        if channels_last:
            batch, *spatial, channels = shape
        else:
            batch, channels, *spatial = shape
        return cls(batch, tuple(spatial), channels, channels_last)

    def but(self, **changed: Any) -> Shape:
        """The shape with other dims for some of the named axes."""
        axes = replace(self, **changed)
        if axes.channels_last:
            return Shape((axes.batch, *axes.spatial, axes.channels))
        return Shape((axes.batch, axes.channels, *axes.spatial))


SPATIAL_NAMES = {0: (), 1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def names(rank: int, spatial: int, channels_last: bool) -> tuple[str, ...]:
    """What the axes of a shape are called, in order; empty where the rank does not fit."""
    if rank != spatial + 2:
        return ()
    middle = SPATIAL_NAMES.get(spatial, tuple(f"axis {n}" for n in range(spatial)))
    return ("batch", *middle, "channels") if channels_last else ("batch", "channels", *middle)
