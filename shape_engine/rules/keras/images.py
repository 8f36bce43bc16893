"""Image augmentation: what these layers are called with, and what becomes of its shape.

Follows keras/src/layers/preprocessing/image_preprocessing/base_image_preprocessing_layer.py.  Their constructors
are in image_settings.py, the layers that give pictures another size in image_sizes.py.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_dynamic, surely_differ
from ...evidence import report
from ...problems import RefusedInputs
from ...rule import layer
from ...shape import AnyShape, Shape
from ...value import Tensor, Unknown
from .common import NO_RANK, as_dim, python_error, shape_of
from .machine import CONTEXT, MACHINE

DATA, INPUTS, RECEIVED = "images-rank", "image-rank", "image-rank-colon"

HIDDEN = ("factor", "bounding_box_format", "data_format")
"""What the base class of these layers takes by name."""

FACTS: dict[str, Any] = {
    "why": DATA, "bare": DATA, "reach": 0, "sized": False, "colors": "", "boxes": True, "dicts": True, "checked": False,
    "floats": False, "last": False, "sound": True,
}  # fmt: skip


def image(*own: str, **facts: Any) -> dict[str, Any]:
    """What the machine is to know of such a layer; ``own`` are names of HIDDEN that its constructor lists itself.

    ``why`` and ``bare`` tell in which words a wrong rank is refused, when training and when not; with fewer than
    ``reach`` axes (channels last) Python fails before that.  ``sized``: height and width must not be open.
    ``colors``: "gray" for 1 or 3 channels, "rgb" for 3.  ``boxes``, ``dicts``: whether these are taken.
    """
    keywords = tuple(name for name in HIDDEN if name not in own)
    return {
        **CONTEXT,
        **FACTS,
        "machine": MACHINE,
        "anything": True,
        "takes": "pictures",
        "keywords": keywords,
        **facts,
    }


@layer("keras.layers.RandomFlip", casts=False, keeps_arrays=True, **image("data_format"))
@layer("keras.layers.RandomRotation", **image("factor", "data_format", reach=2))
@layer("keras.layers.RandomZoom", **image("data_format"))
@layer("keras.layers.RandomTranslation", **image("data_format", reach=3))
@layer("keras.layers.RandomShear", **image("data_format"))
@layer("keras.layers.RandomPerspective", **image("factor", "data_format", reach=3, sized=True))
@layer("keras.layers.RandomElasticTransform", **image("factor", "data_format", sized=True, boxes=False))
@layer("keras.layers.RandomBrightness", **image("factor", why=INPUTS, bare=INPUTS))
@layer("keras.layers.RandomContrast", **image("factor", why=INPUTS, bare=INPUTS, floats=True))
@layer("keras.layers.RandomColorDegeneration", **image("factor", "data_format", why=RECEIVED, bare=RECEIVED, colors="gray", checked=True))  # fmt: skip
@layer("keras.layers.RandomColorJitter", **image("data_format", colors="rgb", last=True))
@layer("keras.layers.RandomErasing", **image("factor", "data_format", why=INPUTS, sized=True))
@layer("keras.layers.RandomGaussianBlur", **image("factor", "data_format", why=INPUTS))
@layer("keras.layers.RandomGrayscale", **image("factor", "data_format", colors="gray", dicts=False))
@layer("keras.layers.RandomHue", **image("factor", "data_format", why=INPUTS, bare=INPUTS, colors="rgb"))
@layer("keras.layers.RandomInvert", **image("factor", "data_format", why=INPUTS))
@layer("keras.layers.RandomPosterization", **image("factor", "data_format", why=RECEIVED, bare=RECEIVED))
@layer("keras.layers.RandomSaturation", **image("factor", "data_format", why=RECEIVED, bare=RECEIVED, colors="rgb", floats=True))  # fmt: skip
@layer("keras.layers.RandomSharpness", **image("factor", "data_format", why=RECEIVED, bare=RECEIVED))
@layer("keras.layers.Solarization", **image())
@layer("keras.layers.AutoContrast", **image())
@layer("keras.layers.Equalization", **image("data_format"))
def augmented(
    data: Any,
    training: Any = True,
    *,
    data_format: Any = None,
    bounding_box_format: Any = None,
    eager: bool,
    cls: str,
    dtype: Any,
    why: str = DATA,
    bare: str = DATA,
    reach: int = 0,
    sized: bool = False,
    colors: str = "",
    boxes: bool = True,
    checked: bool = False,
    dicts: bool = True,
    floats: bool = False,
    last: bool = False,
    sound: bool = True,
) -> Any:
    """Pictures keep their shape, alone, in batches, or in a dict with labels, boxes and masks.

    A symbolic call of Keras looks at nothing; a call with numbers looks at the rank, and some layers at colours.
    """
    if not eager:
        return unchanged(data, check_colours if checked else None, data_format)
    images = pictures_of(data)
    shape = shape_of(images)
    if shape is None or (isinstance(data, dict) and not dicts):
        return not_followed(data)
    if refused_rank(shape, training, why, bare, reach if data_format != "channels_first" else None, bool(reach)):
        return NO_RANK
    height, width, channels = axes_of(shape, data_format)
    if not sound:
        return NO_RANK  # settings that nobody checks before they are used
    lacking = sized and (height is None or is_dynamic(height) or is_dynamic(width))
    if lacking or (floats and not _is_float(images)):
        return NO_RANK
    if colors and training is not False:
        if channels is None or is_dynamic(channels):
            return NO_RANK
        if surely_differ(channels, 3) and (colors == "rgb" or surely_differ(channels, 1)):
            if colors == "rgb" or training is not True:
                return NO_RANK
            batch = shape if len(shape) == 4 else Shape((1, *shape))
            report(RefusedInputs("image-colours", (batch,)), blame=("data",))
    if last and data_format != "channels_last":
        return NO_RANK
    if not isinstance(data, dict):
        return Tensor(shape, own_dtype(images, dtype), "")
    return with_the_rest(data, Tensor(shape, own_dtype(images, dtype), ""), None, bounding_box_format, cls, boxes)


@layer("keras.layers.ContrastLimitedAdaptiveHistogramEqualization", **image("data_format"))
def equalized_in_tiles(
    data: Any, training: Any = True, *, tile_grid_size: Any, data_format: Any = None, eager: bool, dtype: Any
) -> Any:
    """With numbers, a picture needs a cell for each tile, so that mirroring its edge is enough."""
    shape = shape_of(data)
    if not eager or shape is None:
        return unchanged(data, None, None)
    if refused_rank(shape, training, DATA, DATA, 0, False) or not _tiled(
        axes_of(shape, data_format)[:2], tile_grid_size
    ):
        return NO_RANK
    return Tensor(shape, own_dtype(data, dtype), "")


def pictures_of(data: Any) -> Any:
    """The pictures themselves, which may come in a dict with what belongs to them."""
    return data.get("images") if isinstance(data, dict) else data


def not_followed(data: Any) -> Any:
    """The result for pictures of which too little is known."""
    return Unknown("pictures in a dict") if isinstance(data, dict) else NO_RANK


def unchanged(data: Any, check: Any, data_format: Any) -> Any:
    """A symbolic call: the shapes that are there, whatever they are."""
    if isinstance(data, dict):
        return (
            Unknown("pictures in a dict") if check else {key: unchanged(item, None, None) for key, item in data.items()}
        )
    shape = shape_of(data)
    if shape is None:
        return NO_RANK
    if check is not None:
        check(shape, data_format)
    return shape


def check_colours(shape: Shape, data_format: Any) -> None:
    """RandomColorDegeneration.compute_output_shape: three or four axes, three channels."""
    if len(shape) not in (3, 4):
        report(RefusedInputs("degeneration-rank", (shape,)), blame=("data",))
        return
    channels = axes_of(shape, data_format)[2]
    if channels is not None and not is_dynamic(channels) and surely_differ(channels, 3):
        report(RefusedInputs("degeneration-channels", (shape,), quoted=(channels,)), blame=("data",))


def refused_rank(shape: Shape, training: Any, why: str, bare: str, reach: int | None, deep: bool) -> bool:
    """Whether a call with numbers refuses the rank; reports it, in the words of the layer, where they are known."""
    if len(shape) in (3, 4):
        return False
    if not shape or not why:
        return True
    if training is False:
        report(RefusedInputs(bare, (shape,)), blame=("data",))
    elif training is True and (len(shape) > 4 or not deep):
        report(RefusedInputs(why, (shape,)), blame=("data",))
    elif training is True and reach is not None:
        if len(shape) < reach:
            python_error("IndexError", "tuple index out of range", "data")
        else:
            report(RefusedInputs(why, (shape,)), blame=("data",))
    return True


def axes_of(shape: Shape, data_format: Any) -> tuple[Any, Any, Any]:
    """Height, width and channels of one picture or of a batch; None where it is not known which axis is which."""
    if data_format not in ("channels_last", "channels_first", None):
        return None, None, None
    one = shape[-3:]
    return (one[1], one[2], one[0]) if data_format == "channels_first" else (one[0], one[1], one[2])


def with_the_rest(
    data: dict[Any, Any], images: Tensor, masks: Any, bounding_box_format: Any, cls: str, boxes: bool = True
) -> Any:
    """The dict with new pictures: labels and masks keep their shapes, or masks get that of ``masks(shape)``."""
    result = {**data, "images": images}
    given = data.get("bounding_boxes")
    if given is not None:
        if bounding_box_format is None or bounding_box_format == "":
            report(RefusedInputs("boxes-format", (), quoted=(cls,)), blame=("data",))
            return Unknown("refused")
        if not boxes or not _is_boxes(given, 3 if len(images.shape) == 4 else 2):  # type: ignore[arg-type]
            return Unknown("bounding boxes")
        result["bounding_boxes"] = {key: _same(item) for key, item in given.items()}
    mask = data.get("segmentation_masks")
    if mask is not None:
        shape = shape_of(mask)
        known = shape is not None and len(shape) == len(images.shape)  # type: ignore[arg-type]
        result["segmentation_masks"] = Tensor(masks(shape) if masks else shape, None, "") if known else Unknown("masks")  # type: ignore[arg-type]
    if "labels" in data:
        result["labels"] = _same(data["labels"])
    return result


def resized(shape: Shape, height: Any, width: Any, data_format: Any, name: str) -> AnyShape:
    """The shape with another height and width, counted from the end."""
    if data_format not in ("channels_last", "channels_first", None):
        return NO_RANK
    new = as_dim(height, "height", name), as_dim(width, "width", name)
    return Shape((*shape[:-2], *new) if data_format == "channels_first" else (*shape[:-3], *new, shape[-1]))


def _same(x: Any) -> Any:
    return Tensor(x.shape, None, "") if isinstance(x, Tensor) else Unknown("no tensor")


def _is_boxes(given: Any, rank: int) -> bool:
    """Whether these are boxes and labels in the form that nothing is said against."""
    if not isinstance(given, dict) or set(given) != {"boxes", "labels"}:
        return False
    boxes, labels = shape_of(given["boxes"]), shape_of(given["labels"])
    return boxes is not None and labels is not None and len(boxes) == rank == len(labels) + 1 and boxes[-1] == 4


def _tiled(sizes: tuple[Any, Any], grid: Any) -> bool:
    """Whether a picture has a cell for each tile, so that mirroring its edge is enough."""
    if not isinstance(grid, (tuple, list)) or len(grid) != 2 or not all(isinstance(n, int) and n > 0 for n in grid):
        return False
    return all(isinstance(size, int) and size >= tiles for size, tiles in zip(sizes, grid, strict=True))


def _is_float(x: Any) -> bool:
    return isinstance(x, Tensor) and x.dtype is not None and "float" in x.dtype


def own_dtype(x: Any, dtype: Any) -> Any:
    """The dtype of pictures that were in the layer's own one; others are cast by some layers and paths only."""
    return dtype if isinstance(x, Tensor) and x.dtype == dtype else None
