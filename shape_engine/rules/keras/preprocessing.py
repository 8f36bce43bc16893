"""Rescaling and Normalization: layers that prepare data inside a model, and keep its shape."""

from __future__ import annotations

from typing import Any

from ...dim import Symbol, surely_equal
from ...rule import layer, phase
from ...shape import Shape
from .common import NO_RANK, shape_of, undecided
from .machine import CONTEXT, MACHINE


@layer("keras.layers.Rescaling", machine=MACHINE, **CONTEXT)
def rescaling(inputs: Any, *, scale: Any, offset: Any) -> Any:
    """The shape stays, in the layer's dtype; follows keras/src/layers/preprocessing/rescaling.py.

    A list of scales is for the last axis, and is followed where that has their number.
    """
    shape = shape_of(inputs)
    if shape is None:
        return NO_RANK
    return shape if _fits(scale, shape) and _fits(offset, shape) else NO_RANK


@phase(rescaling, "constructor")
def rescaling_constructor(*, scale: Any, offset: Any = 0.0) -> None:
    """Nothing is checked."""


@layer("keras.layers.Normalization", machine=MACHINE, neutral=("invert",), **CONTEXT)
def normalization(inputs: Any, *, eager: bool) -> Any:
    """The shape stays; follows keras/src/layers/preprocessing/normalization.py.

    With numbers the statistics are broadcast, so that the input that the layer was built for counts, too.
    """
    shape = shape_of(inputs)
    return NO_RANK if shape is None or eager else shape


@phase(normalization, "constructor")
def normalization_constructor(
    *, axis: Any = -1, mean: Any = None, variance: Any = None, invert: Any = False
) -> dict[str, Any]:
    """The axes become a tuple."""
    if axis is None:
        return {"axis": ()}
    if undecided(axis):
        return {"axis": axis}
    return {"axis": tuple(axis) if isinstance(axis, (list, tuple)) else (axis,)}


@phase(normalization, "build")
def normalization_build(shape: Any, *, axis: Any, mean: Any, name: str) -> dict[str, tuple[Any, ...]]:
    """Without numbers of the user's: a mean and a variance for each index of the axes, and a count."""
    if mean is not None and not undecided(mean):
        return {}
    known = isinstance(shape, Shape) and isinstance(axis, tuple) and all(isinstance(a, int) for a in axis)
    if mean is not None or not known or not all(-len(shape) <= a < len(shape) for a in axis):
        return {"mean": (Symbol(None, (name, "mean")),)}
    kept = tuple(shape[a] for a in sorted(a % len(shape) for a in axis))
    return {"mean": kept, "variance": kept, "count": ()}


def _fits(value: Any, shape: Shape) -> bool:
    """Whether a number, or a flat list of them, is broadcast to the shape."""
    if isinstance(value, (int, float)):
        return True
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, (int, float)) for one in value):
        return False
    return (len(value) == 1 and len(shape) > 0) or (len(shape) > 0 and surely_equal(len(value), shape[-1]))
