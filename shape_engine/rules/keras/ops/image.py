"""keras.ops.image: images resized, cut out, framed and deformed (keras/src/ops/image.py)."""

from __future__ import annotations

from typing import Any

from ....dim import is_dim, is_dynamic, surely_less
from ....evidence import collect
from ....formulas.join import cropped, extended
from ....formulas.window import per_axis
from ....rule import Call, function
from ....shape import AnyShape, Shape, product
from ....value import Tensor, Value, shape_from
from ..conv import conv_output_shape
from ..symbolic import is_symbolic_call, result, tensor
from .checks import OPEN, apart, refuse
from .convolution import channels_last


@function("keras.ops.image.resize")
def resize(
    call: Call, images: Any, size: Value, interpolation: Value = "bilinear", antialias: Value = False,
    crop_to_aspect_ratio: Value = False, pad_to_aspect_ratio: Value = False, fill_mode: Value = "constant",
    fill_value: Value = 0.0, data_format: Value = None,
) -> Value:  # fmt: skip
    """Images of another height and width."""
    x, last = tensor(call, images), channels_last(call, data_format)
    dtype = x.dtype if x.symbolic or interpolation == "nearest" else None
    if isinstance(size, (list, tuple)) and len(size) != 2:
        refuse(call, "image.resize", "resize-size", [x], "size", quoted=(size,), always=True)
        return result(call, "Resize", OPEN, dtype, x)
    if not isinstance(x.shape, Shape) or last is None or not isinstance(size, (list, tuple)):
        return result(call, "Resize", OPEN, dtype, x)
    if any(type(n) is int and n <= 0 for n in size):
        refuse(call, "image.resize", "resize-positive", [x], "size", quoted=(size,), always=True)
        return result(call, "Resize", OPEN, dtype, x)
    if not _images(call, x, "image.resize"):
        return result(call, "Resize", OPEN, dtype, x)
    height, width = (n if is_dim(n) else call.symbol() for n in size)
    return result(call, "Resize", _sized(x.shape, height, width, last), dtype, x)


@function("keras.ops.image.rgb_to_grayscale")
def rgb_to_grayscale(call: Call, images: Any, data_format: Value = None) -> Value:
    """One channel of three."""
    x, last = tensor(call, images), channels_last(call, data_format)
    if (
        not isinstance(x.shape, Shape)
        or last is None
        or not _images(call, x, "image.rgb_to_grayscale", "image-rank-list")
    ):
        return result(call, "RGBToGrayscale", OPEN, x.dtype, x)
    place = len(x.shape) - (1 if last else 3)
    if type(x.shape[place]) is int and x.shape[place] not in (1, 3):
        refuse(call, "image.rgb_to_grayscale", "grayscale-channels", [x], "images")
    return result(call, "RGBToGrayscale", Shape((*x.shape[:place], 1, *x.shape[place + 1 :])), x.dtype, x)


@function("keras.ops.image.rgb_to_hsv", cls="RGBToHSV")
@function("keras.ops.image.hsv_to_rgb", cls="HSVToRGB")
def hsv(call: Call, images: Any, data_format: Value = None, *, cls: str) -> Value:
    """Three other channels."""
    x, last = tensor(call, images), channels_last(call, data_format)
    of = "image.rgb_to_hsv" if cls == "RGBToHSV" else "image.hsv_to_rgb"
    if not isinstance(x.shape, Shape) or last is None or not _images(call, x, of, "image-rank-list"):
        return result(call, cls, OPEN, x.dtype, x)
    channels = x.shape[len(x.shape) - (1 if last else 3)]
    if x.dtype is not None and "float" not in x.dtype:
        refuse(call, of, "image-float", [x], "images", quoted=(x.dtype,))
    elif type(channels) is int and channels != 3:
        refuse(call, of, "hsv-channels", [x], "images", quoted=(channels,))
    return result(call, cls, x.shape, x.dtype, x)


@function("keras.ops.image.affine_transform")
def affine_transform(
    call: Call, images: Any, transform: Any, interpolation: Value = "bilinear", fill_mode: Value = "constant",
    fill_value: Value = 0, data_format: Value = None,
) -> Value:  # fmt: skip
    """Images moved, turned and stretched: the shape stays."""
    x, how = tensor(call, images), tensor(call, transform)
    if _images(call, x, "image.affine_transform") and isinstance(how.shape, Shape) and len(how.shape) not in (1, 2):
        refuse(call, "image.affine_transform", "transform-rank", [x, how], "transform")
    return result(call, "AffineTransform", x.shape, x.dtype, x, how)


@function("keras.ops.image.perspective_transform")
def perspective_transform(
    call: Call, images: Any, start_points: Any, end_points: Any, interpolation: Value = "bilinear",
    fill_value: Value = 0, data_format: Value = None,
) -> Value:  # fmt: skip
    """Four corners moved: the shape stays."""
    x, start, end = (tensor(call, value) for value in (images, start_points, end_points))
    if _images(call, x, "image.perspective_transform"):
        for name, points in (("start_points", start), ("end_points", end)):
            shape = points.shape
            if isinstance(shape, Shape) and (len(shape) not in (2, 3) or apart(shape[-2], 4) or apart(shape[-1], 2)):
                quoted = (name, tuple(shape))
                refuse(call, "image.perspective_transform", "points", [x, points], name, quoted=quoted)
                break
        else:
            if isinstance(start.shape, Shape) and isinstance(end.shape, Shape) and len(start.shape) != len(end.shape):
                refuse(call, "image.perspective_transform", "points-differ", [start, end], "end_points")
    return result(call, "PerspectiveTransform", x.shape, x.dtype, x, start, end)


@function("keras.ops.image.gaussian_blur", cls="GaussianBlur")
@function("keras.ops.image.elastic_transform", cls="ElasticTransform")
def deformed(call: Call, images: Any, *args: Value, cls: str, **_: Value) -> Value:
    """Images blurred or bent: the shape stays."""
    x = tensor(call, images)
    _images(call, x, "image.gaussian_blur" if cls == "GaussianBlur" else "image.elastic_transform")
    return result(call, cls, x.shape, x.dtype, x)


@function("keras.ops.image.scale_and_translate")
def scale_and_translate(
    call: Call, images: Any, output_shape: Value, scale: Any, translation: Any, spatial_dims: Value, method: Value,
    antialias: Value = True,
) -> Value:  # fmt: skip
    """Images of a shape that is given."""
    x, by, to = (tensor(call, value) for value in (images, scale, translation))
    return result(call, "ScaleAndTranslate", shape_from(output_shape, call.site), x.dtype, x, by, to)


@function("keras.ops.image.map_coordinates")
def map_coordinates(
    call: Call, inputs: Any, coordinates: Any, order: Value, fill_mode: Value = "constant", fill_value: Value = 0
) -> Value:
    """The numbers at some places, of which ``coordinates`` has one row for each axis."""
    x, places = tensor(call, inputs), tensor(call, coordinates)
    if not isinstance(x.shape, Shape) or not isinstance(places.shape, Shape) or not places.shape:
        return result(call, "MapCoordinates", OPEN, x.dtype, x, places)
    if apart(places.shape[0], len(x.shape)):
        refuse(call, "image.map_coordinates", "coordinates-axes", [x, places], "coordinates", quoted=(places.shape[0],))
    elif len(places.shape) < 2:
        shape = (tuple(places.shape),)
        refuse(call, "image.map_coordinates", "coordinates-rank", [x, places], "coordinates", quoted=shape)
    return result(call, "MapCoordinates", Shape(places.shape[1:]), x.dtype, x, places)


@function("keras.ops.image.sobel_edges")
def sobel_edges(call: Call, images: Any, data_format: Value = None) -> Value:
    """Edges in both directions, on a new last axis."""
    x = tensor(call, images)
    if isinstance(x.shape, Shape) and len(x.shape) != 4:
        refuse(call, "image.sobel_edges", "image-rank-four", [x], "images")
        return result(call, "SobelEdges", OPEN, x.dtype, x)
    return result(call, "SobelEdges", Shape((*x.shape, 2)) if isinstance(x.shape, Shape) else OPEN, x.dtype, x)


@function("keras.ops.image.ssim")
def ssim(call: Call, image1: Any, image2: Any, *args: Value, **_: Value) -> Value:
    """How alike images are: one number for each."""
    a, b = tensor(call, image1), tensor(call, image2)
    for name, x in (("image1", a), ("image2", b)):
        if isinstance(x.shape, Shape) and len(x.shape) not in (3, 4):
            refuse(call, "image.ssim", "ssim-rank", [x], name, quoted=(name,))
            return result(call, "SSIM", OPEN, a.dtype, a, b)
    shape: AnyShape = OPEN
    if isinstance(a.shape, Shape) and isinstance(b.shape, Shape):
        if not is_symbolic_call((a, b)) and (len(a.shape) != len(b.shape) or any(map(apart, a.shape, b.shape))):
            call.doubt()
        else:
            shape = Shape(a.shape[:1] if len(a.shape) == 4 else ())
    return result(call, "SSIM", shape, a.dtype, a, b)


@function("keras.ops.image.extract_patches")
def extract_patches(
    call: Call,
    images: Any,
    size: Value,
    strides: Value = None,
    dilation_rate: Value = 1,
    padding: Value = "valid",
    data_format: Value = None,
) -> Value:
    """The pixels of every patch as channels."""
    count = 3 if isinstance(size, (list, tuple)) and len(size) == 3 else 2
    return _patches(call, tensor(call, images), size, strides, (dilation_rate, padding, data_format), count)


@function("keras.ops.image.extract_patches_3d")
def extract_patches_3d(
    call: Call,
    volumes: Any,
    size: Value,
    strides: Value = None,
    dilation_rate: Value = 1,
    padding: Value = "valid",
    data_format: Value = None,
) -> Value:
    """The same of volumes."""
    return _patches(call, tensor(call, volumes), size, strides, (dilation_rate, padding, data_format), 3)


def _patches(call: Call, x: Tensor, size: Any, strides: Any, settings: tuple[Any, ...], count: int) -> Value:
    dilation_rate, padding, data_format = settings
    last = channels_last(call, data_format)
    kernel = per_axis(size, count)
    steps = kernel if strides is None else per_axis(strides, count)
    gaps = per_axis(dilation_rate, count)
    numbers = all(len(s) == count and all(is_dim(n) and n != 0 for n in s) for s in (kernel, steps, gaps))
    known = isinstance(x.shape, Shape) and len(x.shape) in (count + 1, count + 2) and numbers
    if not known or last is None or padding not in ("valid", "same"):
        return result(call, "ExtractPatches", OPEN, x.dtype, x)
    shape: Any = x.shape if len(x.shape) == count + 2 else Shape((1, *x.shape))  # type: ignore[arg-type, misc]
    channels = shape[-1 if last else 1]
    if x.symbolic and is_dynamic(channels):
        call.doubt()
        return result(call, "ExtractPatches", OPEN, x.dtype, x)
    with collect() as record:
        found = conv_output_shape(
            shape, filters=product(kernel) * channels, kernel_size=kernel, strides=steps, padding=padding,
            data_format="channels_last" if last else "channels_first", dilation_rate=gaps, spatial=count,
        )  # fmt: skip
    if record.reports:
        call.doubt()
        return result(call, "ExtractPatches", OPEN, x.dtype, x)
    dims = found if len(x.shape) == count + 2 else Shape(found[1:])  # type: ignore[arg-type]
    return result(call, "ExtractPatches", dims, x.dtype, x)


@function("keras.ops.image.crop_images")
def crop_images(
    call: Call, images: Any, top_cropping: Value = None, left_cropping: Value = None, bottom_cropping: Value = None,
    right_cropping: Value = None, target_height: Value = None, target_width: Value = None, data_format: Value = None,
) -> Value:  # fmt: skip
    """A piece of the images: of each direction two of both margins and the size are given."""
    sides = [(top_cropping, bottom_cropping, target_height), (left_cropping, right_cropping, target_width)]
    return _framed(call, tensor(call, images), sides, data_format, "CropImages")


@function("keras.ops.image.pad_images")
def pad_images(
    call: Call, images: Any, top_padding: Value = None, left_padding: Value = None, bottom_padding: Value = None,
    right_padding: Value = None, target_height: Value = None, target_width: Value = None, data_format: Value = None,
) -> Value:  # fmt: skip
    """Images in a frame: of each direction two of both margins and the size are given."""
    sides = [(top_padding, bottom_padding, target_height), (left_padding, right_padding, target_width)]
    return _framed(call, tensor(call, images), sides, data_format, "PadImages")


NAMES = {
    "CropImages": (("top_cropping", "bottom_cropping", "target_height"), ("left_cropping", "right_cropping", "target_width")),
    "PadImages": (("top_padding", "bottom_padding", "target_height"), ("left_padding", "right_padding", "target_width")),
}  # fmt: skip


def _framed(call: Call, x: Tensor, sides: list[tuple[Any, ...]], data_format: Value, cls: str) -> Value:
    last, of = channels_last(call, data_format), "image.crop_images" if cls == "CropImages" else "image.pad_images"
    if not isinstance(x.shape, Shape) or last is None or not _images(call, x, of, "image-rank-list"):
        return result(call, cls, OPEN, x.dtype, x)
    for names, given in zip(NAMES[cls], sides, strict=True):
        if sum(value is None for value in given) != 1:
            quoted = tuple(item for pair in zip(names, given, strict=True) for item in pair)
            refuse(call, of, "two-of-three", [x], names[0], quoted=quoted, always=True)
            return result(call, cls, OPEN, x.dtype, x)
        if any(value is not None and not is_dim(value) for value in given):
            return result(call, cls, OPEN, x.dtype, x)
    first = len(x.shape) - (3 if last else 2)
    dims = []
    for names, (before, after, target), own in zip(NAMES[cls], sides, x.shape[first : first + 2], strict=True):
        if target is None:
            if cls == "CropImages" and is_dynamic(own):
                call.doubt()
                return result(call, cls, OPEN, x.dtype, x)
            dims.append(cropped(own, before, after) if cls == "CropImages" else extended(own, before, after))
        else:
            dims.append(target)
            left = own - target if cls == "CropImages" else target - own
            side = names[1] if after is None else names[0]
            left = left - (before if after is None else after)
            if not is_dynamic(own) and surely_less(left, 0):
                refuse(call, of, "margin-negative", [x], names[2], "images", quoted=(side, left))
                return result(call, cls, OPEN, x.dtype, x)
        if any(type(value) is int and value < 0 for value in (before, after, target, dims[-1])):
            call.doubt()
    return result(call, cls, Shape((*x.shape[:first], *dims, *x.shape[first + 2 :])), x.dtype, x)


def _images(call: Call, x: Tensor, of: str, why: str = "picture-rank") -> bool:
    """Whether this is an image or a batch of images, as far as known."""
    if isinstance(x.shape, Shape) and len(x.shape) not in (3, 4):
        refuse(call, of, why, [x], "images", always=of == "image.resize")
        return False
    return True


def _sized(shape: Shape, height: Any, width: Any, last: bool) -> Shape:
    return Shape((*shape[:-3], height, width, shape[-1]) if last else (*shape[:-2], height, width))
