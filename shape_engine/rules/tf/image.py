"""tf.image: images resized, cut out, framed, turned and read (tensorflow/python/ops/image_ops_impl.py)."""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, surely_differ, surely_equal, surely_less
from ...dtypes import dtype_name
from ...formulas.broadcast import broadcast
from ...formulas.window import windows
from ...problems import BadArgument
from ...rule import Call
from ...shape import AnyShape, Shape, Unranked
from ...value import Row, Tensor, Unknown, Value
from ..arrays import as_dim, as_dims, number, operand, plain
from .graph import define, report


@define("tf.image.resize")
def resize(
    call: Call,
    images: Value,
    size: Value,
    method: Value = "bilinear",
    preserve_aspect_ratio: Value = False,
    antialias: Value = False,
    name: Value = None,
) -> Tensor:
    """Images of another height and width; numbers become float32, but for the nearest neighbour."""
    x, wanted = operand(images, "tf", call), plain(call.resolve(size))
    dtype = x.dtype if method in ("nearest", "nearest_neighbor") else "float32" if isinstance(method, str) else None
    if isinstance(x.shape, Shape) and len(x.shape) not in (3, 4):
        report(BadArgument(op="resize", what="rank", shape=x.shape), blame=("images",))
        return Tensor(Unranked("no images"), dtype, "tf")
    dims = as_dims(call, wanted)
    if isinstance(dims, Shape) and len(dims) != 2:
        report(BadArgument(op="resize", what="size"), blame=("size",))
    if not isinstance(x.shape, Shape) or not isinstance(dims, Shape) or len(dims) != 2:
        return Tensor(x.shape if isinstance(x.shape, Unranked) else Shape(call.symbol() for _ in x.shape), dtype, "tf")
    if preserve_aspect_ratio is not False:
        dims = Shape((call.symbol(), call.symbol()))
    same = x.shape[-3:-1] == tuple(dims) and preserve_aspect_ratio is False
    return Tensor(_sized(x.shape, *dims), None if same and x.dtype != dtype else dtype, "tf")


@define("tf.image.resize_with_pad")
def resize_with_pad(
    call: Call,
    image: Value,
    target_height: Value,
    target_width: Value,
    method: Value = "bilinear",
    antialias: Value = False,
) -> Tensor:
    """Images of a given size that keep their proportions, in a frame."""
    dtype = "float32" if method not in ("nearest", "nearest_neighbor") else operand(image, "tf", call).dtype
    return _framed(call, image, target_height, target_width, dtype)


@define("tf.image.resize_with_crop_or_pad")
def resize_with_crop_or_pad(call: Call, image: Value, target_height: Value, target_width: Value) -> Tensor:
    """Images of a given size, cut off or framed around the middle."""
    return _framed(call, image, target_height, target_width, operand(image, "tf", call).dtype)


def _framed(call: Call, image: Value, height: Value, width: Value, dtype: str | None) -> Tensor:
    x = operand(image, "tf", call)
    if not _images(x):
        return Tensor(Unranked("no images"), dtype, "tf")
    for name, given in (("target_width", number(width)), ("target_height", number(height))):
        if isinstance(given, int) and given <= 0:
            report(BadArgument(op="image", what="not positive", value=f"{name} must be > 0."), blame=(name,))
            return Tensor(Unranked("no image"), dtype, "tf")
    return Tensor(_sized(x.shape, as_dim(call, height), as_dim(call, width)), dtype, "tf")


@define("tf.image.crop_to_bounding_box", pads=False)
@define("tf.image.pad_to_bounding_box", pads=True)
def bounding_box(
    call: Call,
    image: Value,
    offset_height: Value,
    offset_width: Value,
    target_height: Value,
    target_width: Value,
    *,
    pads: bool,
) -> Tensor:
    """Images of a given size, cut out or framed.  ValueError where the size does not fit."""
    x = operand(image, "tf", call)
    if not _images(x):
        return Tensor(Unranked("no images"), x.dtype, "tf")
    above, left, height, width = (
        as_dim(call, part) for part in (offset_height, offset_width, target_height, target_width)
    )
    if isinstance(x.shape, Shape):
        own_height, own_width = x.shape[-3], x.shape[-2]
        for what, axis, offset, target, own in (
            ("width", "width", left, width, own_width),
            ("height", "height", above, height, own_height),
        ):
            if pads and surely_less(target - offset, own):
                report(
                    BadArgument(op="image", what="not positive", value=f"{what} must be <= target - offset"),
                    blame=(f"target_{axis}",),
                )
                break
            if not pads and surely_less(own, target + offset):
                report(
                    BadArgument(op="image", what="not positive", value=f"{what} must be >= target + offset."),
                    blame=(f"target_{axis}",),
                )
                break
    return Tensor(_sized(x.shape, height, width), x.dtype, "tf")


@define("tf.image.central_crop")
def central_crop(call: Call, image: Value, central_fraction: Value) -> Tensor:
    """The middle of images: a part of their height and width."""
    x, part = operand(image, "tf", call), number(central_fraction)
    if isinstance(part, (int, float)) and not 0 < part <= 1:
        text = "central_fraction must be within (0, 1]"
        report(BadArgument(op="image", what="not positive", value=text), blame=("central_fraction",))
        return Tensor(Unranked("no part"), x.dtype, "tf")
    if part in (1, 1.0) and isinstance(part, (int, float)):
        return Tensor(x.shape, x.dtype, "tf")
    if not isinstance(x.shape, Shape) or len(x.shape) not in (3, 4):
        return Tensor(Unranked("no images"), x.dtype, "tf")
    sizes = [_middle(call, size, part) for size in x.shape[-3:-1]]
    return Tensor(_sized(x.shape, *sizes), x.dtype, "tf")


def _middle(call: Call, size: Any, part: Any) -> Any:
    if not isinstance(size, int) or not isinstance(part, float):
        return call.symbol()
    return size - int((size - size * part) / 2) * 2


@define("tf.image.crop_and_resize")
def crop_and_resize(
    call: Call,
    image: Value,
    boxes: Value,
    box_indices: Value,
    crop_size: Value,
    method: Value = "bilinear",
    extrapolation_value: Value = 0.0,
    name: Value = None,
) -> Tensor:
    """A piece of an image for each box, all of one size; always float32."""
    x, frames, size = operand(image, "tf", call), operand(boxes, "tf", call), as_dims(call, crop_size)
    known = (
        isinstance(x.shape, Shape) and len(x.shape) == 4 and isinstance(frames.shape, Shape) and len(frames.shape) == 2
    )
    if not known or not isinstance(size, Shape) or len(size) != 2:
        return Tensor(Unranked("no images and boxes"), "float32", "tf")
    return Tensor(Shape((frames.shape[0], *size, x.shape[-1])), "float32", "tf")  # type: ignore[index]


@define("tf.image.extract_patches")
def extract_patches(
    call: Call, images: Value, sizes: Value, strides: Value, rates: Value, padding: Value, name: Value = None
) -> Tensor:
    """The pixels of every patch as channels."""
    x = operand(images, "tf", call)
    settings = [plain(call.resolve(value)) for value in (sizes, strides, rates)]
    fours = all(isinstance(s, (list, tuple)) and len(s) == 4 and all(map(is_dim, s)) for s in settings)
    if not isinstance(x.shape, Shape) or len(x.shape) != 4 or not fours or padding not in ("VALID", "SAME"):
        return Tensor(Unranked("the patches are not known"), x.dtype, "tf")
    kernel, steps, gaps = (tuple(s[1:3]) for s in settings)
    dims = windows(tuple(x.shape[1:3]), kernel, steps, padding.lower(), gaps)
    if any(surely_less(dim, 1) for dim in dims):
        return Tensor(Unranked("no patch fits"), x.dtype, "tf")
    return Tensor(Shape((x.shape[0], *dims, kernel[0] * kernel[1] * x.shape[3])), x.dtype, "tf")


@define("tf.image.rot90")
def rot90(call: Call, image: Value, k: Value = 1, name: Value = None) -> Tensor:
    """Images turned by right angles."""
    x, times = operand(image, "tf", call), number(k)
    if not _images(x) or not isinstance(x.shape, Shape):
        return Tensor(Unranked("no images"), x.dtype, "tf")
    height, width = x.shape[-3:-1]
    if not isinstance(times, int):
        known = surely_equal(height, width)
        return Tensor(x.shape if known else _sized(x.shape, call.symbol(), call.symbol()), x.dtype, "tf")
    return Tensor(_sized(x.shape, width, height) if times % 2 else x.shape, x.dtype, "tf")


@define("tf.image.transpose")
def transpose(call: Call, image: Value, name: Value = None) -> Tensor:
    """Height and width exchanged."""
    return rot90(call, image)


@define("tf.image.sobel_edges")
def sobel_edges(call: Call, image: Value) -> Tensor:
    """Edges in both directions, on a new last axis."""
    x = operand(image, "tf", call)
    known = isinstance(x.shape, Shape) and len(x.shape) == 4
    return Tensor(Shape((*x.shape, 2)) if known else Unranked("no images"), x.dtype, "tf")  # type: ignore[misc]


@define("tf.image.image_gradients")
def image_gradients(call: Call, image: Value) -> Value:
    """Differences of neighbours downwards and to the right."""
    x = operand(image, "tf", call)
    if not isinstance(x.shape, Shape) or len(x.shape) != 4:
        return Unknown("no images")
    return (Tensor(x.shape, x.dtype, "tf"), Tensor(x.shape, x.dtype, "tf"))


@define("tf.image.psnr", "tf.image.ssim")
def likeness(call: Call, a: Value = None, b: Value = None, *args: Value, **others: Value) -> Tensor:
    """How alike images are: one number for each."""
    x, y = operand(others.get("img1", a), "tf", call), operand(others.get("img2", b), "tf", call)
    known = isinstance(x.shape, Shape) and isinstance(y.shape, Shape) and min(len(x.shape), len(y.shape)) > 2
    if not known or surely_differ(x.shape[-1], y.shape[-1]) or others.get("return_index_map"):  # type: ignore[index]
        return Tensor(Unranked("no images"), "float32", "tf")
    shape = broadcast(x.shape[:-3], y.shape[:-3])  # type: ignore[index]
    return Tensor(Unranked("no two batches") if shape is None else shape, "float32", "tf")


@define("tf.image.total_variation")
def total_variation(call: Call, images: Value, name: Value = None) -> Tensor:
    """How much neighbours differ: one number for each image."""
    x = operand(images, "tf", call)
    if not isinstance(x.shape, Shape) or len(x.shape) not in (3, 4):
        return Tensor(Unranked("no images"), x.dtype, "tf")
    return Tensor(Shape(x.shape[:-3]), x.dtype, "tf")


@define("tf.image.grayscale_to_rgb", channels=3)
@define("tf.image.rgb_to_grayscale", channels=1)
def channels(call: Call, images: Value, name: Value = None, *, channels: int) -> Tensor:
    """Another number of channels.  ValueError where what should be grey has colours."""
    x = operand(images, "tf", call)
    if channels == 3 and isinstance(x.shape, Shape) and len(x.shape) > 1 and surely_differ(x.shape[-1], 1):
        report(BadArgument(op="image", what="not grey"), blame=("images",))
        return Tensor(Shape((*x.shape[:-1], 3)), x.dtype, "tf")
    if not isinstance(x.shape, Shape) or not x.shape or surely_differ(x.shape[-1], 4 - channels):
        return Tensor(Unranked("no images"), x.dtype, "tf")
    return Tensor(Shape((*x.shape[:-1], channels)), x.dtype, "tf")


@define("tf.image.rgb_to_hsv", kernel="RGBToHSV")
@define("tf.image.hsv_to_rgb", kernel="HSVToRGB")
def colours(call: Call, images: Value, name: Value = None, *, kernel: str) -> Tensor:
    """Three numbers for three.  FailedPreconditionError for another number of channels."""
    x = operand(images, "tf", call)
    if isinstance(x.shape, Shape) and x.shape and surely_differ(x.shape[-1], 3):
        report(BadArgument(op=kernel, what="channels", value=x.shape[-1]), blame=("images",))
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.image.convert_image_dtype")
def convert_image_dtype(call: Call, image: Value, dtype: Value, *args: Value, **_: Value) -> Tensor:
    """The same image as another dtype."""
    return Tensor(operand(image, "tf", call).shape, dtype_name(dtype), "tf")


@define("tf.image.decode_jpeg", "tf.io.decode_jpeg", "tf.image.decode_png", "tf.io.decode_png")
@define("tf.image.decode_bmp", "tf.io.decode_bmp", "tf.image.decode_webp", "tf.io.decode_webp")
@define("tf.image.decode_and_crop_jpeg", "tf.io.decode_and_crop_jpeg")
def decode(call: Call, contents: Value, *args: Value, channels: Value = 0, **_: Value) -> Tensor:
    """An image whose size the file tells."""
    depth = number(args[0] if args else channels)
    last = depth if isinstance(depth, int) and depth > 0 else call.symbol()
    return Tensor(Shape((call.symbol(), call.symbol(), last)), None if _.get("dtype") is not None else "uint8", "tf")


@define("tf.image.decode_gif", "tf.io.decode_gif")
def decode_gif(call: Call, contents: Value, name: Value = None) -> Tensor:
    """Several images."""
    return Tensor(Shape((call.symbol(), call.symbol(), call.symbol(), 3)), "uint8", "tf")


@define("tf.image.decode_image", "tf.io.decode_image")
def decode_image(
    call: Call, contents: Value, channels: Value = None, dtype: Value = "uint8", name: Value = None,
    expand_animations: Value = True,
) -> Tensor:  # fmt: skip
    """One image, or several if the file holds an animation."""
    if expand_animations is not False:
        return Tensor(Unranked("an image or an animation"), dtype_name(dtype), "tf")
    return Tensor(decode(call, contents, channels).shape, dtype_name(dtype), "tf")


@define(
    "tf.image.encode_jpeg",
    "tf.io.encode_jpeg",
    "tf.image.encode_png",
    "tf.io.encode_png",
)
def encode(call: Call, image: Value, *args: Value, **_: Value) -> Tensor:
    """An image as text: one, or one for each."""
    x = operand(image, "tf", call)
    known = isinstance(x.shape, Shape) and len(x.shape) > 2
    return Tensor(Shape(x.shape[:-3]) if known else Unranked("no images"), "string", "tf")  # type: ignore[index]


@define("tf.image.extract_jpeg_shape", "tf.io.extract_jpeg_shape")
def extract_jpeg_shape(call: Call, contents: Value, output_type: Value = "int32", name: Value = None) -> Tensor:
    """Height, width and channels of an image that is still text."""
    return Tensor(Shape((3,)), dtype_name(output_type), "tf")


@define("tf.image.random_crop", "tf.image.stateless_random_crop")
def random_crop(call: Call, value: Value, size: Value, *args: Value, **_: Value) -> Tensor:
    """A piece of a given shape.  InvalidArgumentError where the image is smaller."""
    x, wanted = operand(value, "tf", call), as_dims(call, size)
    if isinstance(x.shape, Shape) and isinstance(wanted, Shape):
        if len(x.shape) != len(wanted) or any(map(surely_less, x.shape, wanted)):
            call.doubt()
            return Tensor(Unranked("a piece that does not fit"), x.dtype, "tf")
        wanted = Shape(own if surely_equal(part, -1) else part for own, part in zip(x.shape, wanted, strict=True))
    return Tensor(wanted, x.dtype, "tf")


@define("tf.image.draw_bounding_boxes")
def draw_bounding_boxes(call: Call, images: Value, boxes: Value, colors: Value = None, name: Value = None) -> Tensor:
    """Images with frames drawn in."""
    x = operand(images, "tf", call)
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.image.non_max_suppression")
def non_max_suppression(
    call: Call, boxes: Value, scores: Value, max_output_size: Value, *args: Value, **_: Value
) -> Tensor:
    """The indices of the boxes that are left: how many, the numbers tell."""
    return Tensor(Shape((call.symbol(),)), "int32", "tf")


@define("tf.image.combined_non_max_suppression")
def combined_non_max_suppression(
    call: Call, boxes: Value, scores: Value, max_output_size_per_class: Value, max_total_size: Value, *args: Value,
    pad_per_class: Value = False, **_: Value,
) -> Value:  # fmt: skip
    """Boxes, scores and classes of the detections of each image, and how many are valid."""
    x, total = operand(boxes, "tf", call), as_dim(call, max_total_size)
    if not isinstance(x.shape, Shape) or len(x.shape) != 4 or pad_per_class is not False or len(args) > 2:
        return Unknown("detections")
    batch = x.shape[0]
    shapes = ((batch, total, 4), (batch, total), (batch, total), (batch,))
    dtypes = ("float32", "float32", "float32", "int32")
    names = ("nmsed_boxes", "nmsed_scores", "nmsed_classes", "valid_detections")
    return Row((Tensor(Shape(dims), dtype, "tf") for dims, dtype in zip(shapes, dtypes, strict=True)), None, names)


@define(
    "tf.image.non_max_suppression_padded",
    "tf.image.non_max_suppression_with_scores",
    "tf.image.non_max_suppression_overlaps",
    "tf.image.generate_bounding_box_proposals",
    "tf.image.sample_distorted_bounding_box",
    "tf.image.stateless_sample_distorted_bounding_box",
    "tf.image.extract_glimpse",
    "tf.image.ssim_multiscale",
)
def unmodelled(call: Call, *args: Value, **_: Value) -> Value:
    """What is not followed."""
    return Unknown("boxes or pieces of images that are not followed")


def _images(x: Tensor) -> bool:
    """Whether this is an image or a batch of images, as far as known."""
    if isinstance(x.shape, Shape) and len(x.shape) not in (3, 4):
        report(BadArgument(op="image", what="rank", shape=x.shape), blame=("image",))
        return False
    return isinstance(x.shape, Shape)


def _sized(shape: AnyShape, height: Any, width: Any) -> AnyShape:
    return Shape((*shape[:-3], height, width, shape[-1])) if isinstance(shape, Shape) else shape
