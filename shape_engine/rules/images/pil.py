"""``PIL.Image``: sizes are width and height there, arrays have the height first (PIL/Image.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dim import is_dim
from ...rule import REGISTRY, Call, ClassRule, class_rule, function
from ...shape import Shape
from ...value import BoundMethod, Instance, Known, Unknown, Value
from ..arrays import operand
from ..pictures import BANDS, new_picture, picture

SAME = frozenset({"copy", "filter", "point", "effect_spread"})
"""Methods that keep size and mode."""
TURNING = ("ROTATE_90", "ROTATE_270", "TRANSPOSE", "TRANSVERSE")


@class_rule("PIL.Image.Image")
class Image(ClassRule):
    """A picture."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        height, width, mode = picture(call, obj)
        if name in ("size", "width", "height", "mode"):
            return {"size": (width, height), "width": width, "height": height, "mode": mode}[name]
        if name in SAME:
            return BoundMethod(Known("PIL.Image.Image.copy"), obj)
        target = f"{self.target}.{name}"
        return BoundMethod(Known(target), obj) if REGISTRY.find(target) is not None else Unknown(f"{name} of a picture")

    def forget(self, call: Call, obj: Instance) -> None:
        call.set(obj, ".picture", Unknown("a picture that may have been changed"))
        call.set(obj, ".array", Unknown("a picture that may have been changed"))


@function("PIL.Image.open")
def open_(call: Call, fp: Value, *args: Value, **_: Value) -> Value:
    """A picture from a file."""
    return new_picture(call, call.symbol(), call.symbol(), Unknown("the mode of a picture"))


@function("PIL.Image.new")
def new(call: Call, mode: Value, size: Value, *args: Value, **_: Value) -> Value:
    """A picture of one colour."""
    width, height = _pair(call, size)
    return new_picture(call, height, width, mode if mode in BANDS else Unknown("the mode of a picture"))


@function("PIL.Image.fromarray")
def fromarray(call: Call, obj: Value, mode: Value = None) -> Value:
    """The array as a picture."""
    x = operand(obj, "numpy", call)
    if not isinstance(x.shape, Shape) or len(x.shape) not in (2, 3):
        return new_picture(call, call.symbol(), call.symbol(), Unknown("the mode of a picture"))
    found: Value = None
    if mode is None and x.dtype == "uint8":
        bands = x.shape[2] if len(x.shape) == 3 else None
        found = "L" if bands is None else {2: "LA", 3: "RGB", 4: "RGBA"}.get(bands) if isinstance(bands, int) else None
    return new_picture(call, x.shape[0], x.shape[1], found or Unknown("the mode of a picture"))


@function("PIL.Image.Image.resize")
def resize(call: Call, self: Instance, size: Value, *args: Value, **_: Value) -> Value:
    """Another size: ``(width, height)``."""
    width, height = _pair(call, size)
    return new_picture(call, height, width, picture(call, self)[2])


@function("PIL.Image.Image.convert")
def convert(call: Call, self: Instance, mode: Value = None, *args: Value, **_: Value) -> Value:
    """Another mode."""
    height, width, _mode = picture(call, self)
    return new_picture(call, height, width, mode if mode in BANDS else Unknown("the mode of a picture"))


@function("PIL.Image.Image.crop")
def crop(call: Call, self: Instance, box: Value = None) -> Value:
    """A part: ``(left, upper, right, lower)``."""
    height, width, mode = picture(call, self)
    if box is None:
        return new_picture(call, height, width, mode)
    if not isinstance(box, (tuple, list)) or len(box) != 4 or not all(isinstance(edge, int) for edge in box):
        return new_picture(call, call.symbol(), call.symbol(), mode)
    left, upper, right, lower = box
    return new_picture(call, abs(lower - upper), abs(right - left), mode)


@function("PIL.Image.Image.rotate")
def rotate(
    call: Call, self: Instance, angle: Value, resample: Value = None, expand: Value = False, *args: Value, **_: Value
) -> Value:
    """Turned; it may grow where ``expand`` allows it."""
    height, width, mode = picture(call, self)
    if expand is not False and expand != 0:
        height, width = call.symbol(), call.symbol()
    return new_picture(call, height, width, mode)


@function("PIL.Image.Image.transpose")
def transpose(call: Call, self: Instance, method: Value) -> Value:
    """Mirrored, or turned by a quarter."""
    height, width, mode = picture(call, self)
    name = method.target.rpartition(".")[2] if isinstance(method, Known) else ""
    if name in TURNING:
        return new_picture(call, width, height, mode)
    if name not in ("FLIP_LEFT_RIGHT", "FLIP_TOP_BOTTOM", "ROTATE_180"):
        height, width = call.symbol(), call.symbol()
    return new_picture(call, height, width, mode)


@function("PIL.Image.Image.copy")
def copy(call: Call, self: Instance, *args: Value, **_: Value) -> Value:
    """The same size and mode."""
    return new_picture(call, *picture(call, self))


@function("PIL.Image.Image.thumbnail")
def thumbnail(call: Call, self: Instance, size: Value, *args: Value, **_: Value) -> None:
    """Makes the picture itself smaller, in its own proportions."""
    _, _, mode = picture(call, self)
    small = new_picture(call, call.symbol(), call.symbol(), mode)
    for name in (".picture", ".array"):
        call.set(self, name, call.get(small, name))


@function("PIL.Image.Image.split")
def split(call: Call, self: Instance) -> Value:
    """A grey picture for each band."""
    height, width, mode = picture(call, self)
    bands = BANDS.get(mode) if isinstance(mode, str) else None
    if bands is None:
        return Unknown("the bands of a picture")
    return tuple(new_picture(call, height, width, "L" if bands > 1 else mode) for _ in range(bands))


@function("PIL.Image.Image.getbands")
def getbands(call: Call, self: Instance) -> Value:
    """Their names."""
    return Unknown("the bands of a picture")


@function("PIL.Image.Image.save")
@function("PIL.Image.Image.show")
@function("PIL.Image.Image.close")
@function("PIL.Image.Image.load")
def nothing(call: Call, self: Instance, *args: Value, **_: Value) -> Value:
    """Changes nothing."""
    return None


def _pair(call: Call, size: Value) -> tuple[Any, Any]:
    if not isinstance(size, Sequence) or isinstance(size, str) or len(size) != 2:
        return call.symbol(), call.symbol()
    first, second = (n if is_dim(n) and not isinstance(n, bool) else call.symbol() for n in size)
    return first, second
