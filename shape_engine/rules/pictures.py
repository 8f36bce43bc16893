"""A picture as PIL holds it, which Keras and others make too: its height, its width and how many bands it has."""

from __future__ import annotations

from typing import Any

from ..rule import Call
from ..shape import AnyShape, Shape, Unranked
from ..value import Instance, Known, Tensor, Unknown, Value

PICTURE = Known("PIL.Image.Image")
BANDS = {
    "1": 1,
    "L": 1,
    "P": 1,
    "I": 1,
    "F": 1,
    "I;16": 1,
    "LA": 2,
    "RGB": 3,
    "YCbCr": 3,
    "LAB": 3,
    "HSV": 3,
    "RGBA": 4,
    "CMYK": 4,
}
"""How many numbers a pixel has in a mode."""


def new_picture(call: Call, height: Any, width: Any, mode: Value) -> Instance:
    """A picture of this size and mode (a name, or Unknown); ``.array`` is what NumPy makes of it."""
    obj = call.new(PICTURE)
    call.set(obj, ".picture", (height, width, mode))
    dtype = (
        {"1": "bool", "I": "int32", "F": "float32", "I;16": "uint16"}.get(mode, "uint8")
        if isinstance(mode, str)
        else None
    )
    call.set(obj, ".array", Tensor(_shape(height, width, mode), dtype, "numpy"))
    return obj


def picture(call: Call, value: Value) -> tuple[Any, Any, Value]:
    """Height, width and mode of a picture, new symbols where they are not known."""
    found = call.get(value, ".picture") if isinstance(value, Instance) else None
    return found if isinstance(found, tuple) else (call.symbol(), call.symbol(), Unknown("the mode of a picture"))


def _shape(height: Any, width: Any, mode: Value) -> AnyShape:
    bands = BANDS.get(mode) if isinstance(mode, str) else None
    if bands is None:
        return Unranked("the mode of the picture is not known")
    return Shape((height, width) if bands == 1 else (height, width, bands))
