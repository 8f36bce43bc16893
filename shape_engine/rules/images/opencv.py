"""``cv2``: arrays of height, width and channels; most functions drop an axis of one channel (opencv-python)."""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, surely_equal
from ...rule import Call, function
from ...shape import Shape, Unranked
from ...value import Known, Tensor, Unknown, Value
from ..arrays import number, operand

GREY = ("IMREAD_GRAYSCALE",)
COLOUR = ("IMREAD_COLOR", "IMREAD_COLOR_BGR", "IMREAD_COLOR_RGB")


@function("cv2.imread")
@function("cv2.imdecode")
def imread(call: Call, filename: Value, flags: Value = 1) -> Value:
    """A picture from a file: in colour unless something else is asked for (None where there is no such file)."""
    name = flags.target.rpartition(".")[2] if isinstance(flags, Known) else ""
    if flags == 0 or name in GREY:
        return _picture((call.symbol(), call.symbol()), "uint8")
    if flags == 1 or name in COLOUR:
        return _picture((call.symbol(), call.symbol(), 3), "uint8")
    return Tensor(Unranked("the channels of the picture are not known"), None, "numpy")


@function("cv2.resize")
def resize(
    call: Call,
    src: Value,
    dsize: Value = None,
    dst: Value = None,
    fx: Value = 0,
    fy: Value = 0,
    *args: Value,
    **_: Value,
) -> Value:
    """Another size: ``(width, height)``, or factors."""
    x = operand(src, "numpy", call)
    size: list[Any] = [call.symbol(), call.symbol()]
    if isinstance(dsize, (tuple, list)) and len(dsize) == 2:
        size = [n if is_dim(number(n)) else call.symbol() for n in reversed(dsize)]
    elif dsize is not None or not isinstance(x.shape, Shape):
        pass
    elif isinstance(fx, int) and isinstance(fy, int) and fx > 0 and fy > 0 and len(x.shape) > 1:
        size = [x.shape[0] * fy, x.shape[1] * fx]
    return _of(x, size)


@function("cv2.cvtColor")
def cvt_color(call: Call, src: Value, code: Value, *args: Value, **_: Value) -> Value:
    """The same pixels in other colours."""
    x = operand(src, "numpy", call)
    name = code.target.rpartition(".")[2] if isinstance(code, Known) else ""
    to = name.removeprefix("COLOR_").partition("2")[2]
    if not isinstance(x.shape, Shape) or len(x.shape) not in (2, 3) or not to or "Bayer" in name or "YUV" in name:
        return Tensor(Unranked("a picture in other colours"), x.dtype, "numpy")
    if to == "GRAY":
        return _picture(x.shape[:2], x.dtype)
    channels = {"RGBA": 4, "BGRA": 4}.get(to) or (
        3 if to in ("RGB", "BGR", "HSV", "HLS", "LAB", "Lab", "YCrCb", "LUV", "XYZ", "HSV_FULL") else None
    )
    return _picture((*x.shape[:2], channels), x.dtype) if channels else Unknown("a picture in other colours")


@function("cv2.GaussianBlur")
@function("cv2.blur")
@function("cv2.medianBlur")
@function("cv2.bilateralFilter")
@function("cv2.dilate")
@function("cv2.erode")
@function("cv2.morphologyEx")
@function("cv2.flip")
@function("cv2.equalizeHist")
def filtered(call: Call, src: Value, *args: Value, **_: Value) -> Value:
    """The same size."""
    x = operand(src, "numpy", call)
    return _of(x, x.shape[:2] if isinstance(x.shape, Shape) and len(x.shape) > 1 else ())


@function("cv2.Canny")
def edges(call: Call, image: Value, *args: Value, **_: Value) -> Value:
    """Edges have no colour."""
    x = operand(image, "numpy", call)
    known = isinstance(x.shape, Shape) and len(x.shape) in (2, 3)
    return _picture(x.shape[:2], "uint8") if known else Unknown("the edges of a picture")  # type: ignore[index]


@function("cv2.threshold")
def threshold(call: Call, src: Value, *args: Value, **_: Value) -> Value:
    """The threshold, and a picture of the same size."""
    return Unknown("a threshold"), filtered(call, src)


@function("cv2.warpAffine")
@function("cv2.warpPerspective")
def warp(call: Call, src: Value, M: Value, dsize: Value, *args: Value, **_: Value) -> Value:
    """A size of ``(width, height)``."""
    return resize(call, src, dsize if dsize is not None else Unknown("a size"))


@function("cv2.copyMakeBorder")
def copy_make_border(
    call: Call, src: Value, top: Value, bottom: Value, left: Value, right: Value, *args: Value, **_: Value
) -> Value:
    """A frame around a picture."""
    x = operand(src, "numpy", call)
    if not isinstance(x.shape, Shape) or len(x.shape) < 2 or not all(is_dim(n) for n in (top, bottom, left, right)):
        return Unknown("a picture with a frame")
    return _of(x, (x.shape[0] + top + bottom, x.shape[1] + left + right))


@function("cv2.split")
def split(call: Call, m: Value) -> Value:
    """An array for each channel."""
    x = operand(m, "numpy", call)
    if not isinstance(x.shape, Shape) or len(x.shape) not in (2, 3):
        return Unknown("the channels of a picture")
    count = x.shape[2] if len(x.shape) == 3 else 1
    if not isinstance(count, int) or count > 64:
        return Unknown("the channels of a picture")
    return tuple(_picture(x.shape[:2], x.dtype) for _ in range(count))


@function("cv2.getRotationMatrix2D")
def rotation(call: Call, *args: Value, **_: Value) -> Value:
    """A matrix of two rows."""
    return Tensor(Shape((2, 3)), "float64", "numpy")


def _picture(dims: Any, dtype: str | None) -> Tensor:
    return Tensor(Shape(dims), dtype, "numpy")


def _of(x: Tensor, size: Any) -> Value:
    """A picture of this size with the channels of ``x``; one channel has no axis."""
    if not isinstance(x.shape, Shape) or len(x.shape) not in (2, 3):
        return Tensor(Unranked("a picture that is not known"), x.dtype, "numpy")
    if len(x.shape) == 2 or surely_equal(x.shape[2], 1):
        return _picture(size, x.dtype)
    known = isinstance(x.shape[2], int)
    return (
        _picture((*size, x.shape[2]), x.dtype)
        if known
        else Tensor(Unranked("one channel has no axis"), x.dtype, "numpy")
    )
