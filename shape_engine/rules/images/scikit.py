"""``skimage``: heights and widths are in the order of the axes (skimage/transform, skimage/color)."""

from __future__ import annotations

from ...dim import is_dim
from ...rule import Call, function
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown, Value
from ..arrays import operand


@function("skimage.transform.resize")
def resize(call: Call, image: Value, output_shape: Value, *args: Value, **_: Value) -> Value:
    """Another size; axes that it does not name stay."""
    x = operand(image, "numpy", call)
    if not isinstance(output_shape, (tuple, list)) or not all(is_dim(n) for n in output_shape):
        return Tensor(Unranked("the size is not known"), None, "numpy")
    if isinstance(x.shape, Shape) and len(output_shape) == len(x.shape) - 1:
        return Tensor(Shape((*output_shape, x.shape[-1])), None, "numpy")
    if isinstance(x.shape, Shape) and len(output_shape) >= len(x.shape):
        return Tensor(Shape(output_shape), None, "numpy")
    return Tensor(Unranked("a picture that is not known"), None, "numpy")


@function("skimage.color.rgb2gray")
def rgb2gray(call: Call, rgb: Value, **_: Value) -> Value:
    """Without the axis of colours."""
    x = operand(rgb, "numpy", call)
    if _ or not isinstance(x.shape, Shape) or len(x.shape) < 3:
        return Unknown("a grey picture")
    return Tensor(Shape(x.shape[:-1]), None, "numpy")


@function("skimage.color.gray2rgb")
def gray2rgb(call: Call, image: Value, **_: Value) -> Value:
    """With an axis of colours."""
    x = operand(image, "numpy", call)
    return (
        Tensor(Shape((*x.shape, 3)), x.dtype, "numpy") if isinstance(x.shape, Shape) and not _ else Unknown("a picture")
    )
