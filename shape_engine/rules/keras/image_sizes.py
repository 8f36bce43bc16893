"""Resizing, CenterCrop and RandomCrop: pictures of another height and width.

Follows keras/src/layers/preprocessing/image_preprocessing/{resizing,center_crop,random_crop}.py.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, is_dynamic, surely_equal, surely_less
from ...evidence import report
from ...problems import RefusedInputs
from ...rule import layer
from ...shape import AnyShape, Shape
from ...value import Tensor, Unknown
from .arguments import data_format_of
from .common import NO_RANK, as_dim, constructor, no_floats, python_error, shape_of, truthy
from .images import DATA, axes_of, image, not_followed, own_dtype, pictures_of, refused_rank, resized, with_the_rest

INTERPOLATIONS = ("bilinear", "nearest", "lanczos3", "lanczos5", "bicubic", "area")
FORMATS = ("channels_last", "channels_first")


@layer("keras.layers.Resizing", **image("data_format"))
def resizing(
    data: Any,
    training: Any = True,
    *,
    height: Any,
    width: Any,
    interpolation: Any = "bilinear",
    crop_to_aspect_ratio: Any = False,
    pad_to_aspect_ratio: Any = False,
    fill_mode: Any = "constant",
    data_format: Any = None,
    bounding_box_format: Any = None,
    name: str,
    cls: str,
    dtype: Any,
    eager: bool,
) -> Any:
    """A symbolic call writes the size over whatever axes are there; one with numbers checks first."""
    images = pictures_of(data)
    shape = shape_of(images)
    if shape is None or data_format not in FORMATS or (isinstance(data, dict) and not eager):
        return not_followed(data)
    if not eager:
        return _overwritten(shape, height, width, data_format, name)
    if refused_rank(shape, True, DATA, DATA, 3 if data_format == "channels_last" else None, True):
        return NO_RANK
    if any(surely_less(size, 1) for size in (height, width)) or no_empty(shape):
        return NO_RANK
    if isinstance(interpolation, (list, tuple, dict)) or (no_floats(images) and truthy(pad_to_aspect_ratio)):
        return NO_RANK  # a filling of another dtype is refused where there is something to fill
    _check_resize(interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio, fill_mode)
    return _sized(data, images, shape, height, width, data_format, bounding_box_format, name, cls, dtype)


@constructor("Resizing")
def resizing_constructor(
    *,
    height: Any,
    width: Any,
    interpolation: Any = "bilinear",
    crop_to_aspect_ratio: Any = False,
    pad_to_aspect_ratio: Any = False,
    fill_mode: Any = "constant",
    fill_value: Any = 0.0,
    antialias: Any = False,
    data_format: Any = None,
) -> dict[str, Any]:
    """Only the data format is checked."""
    return {"data_format": data_format_of(data_format)}


@layer("keras.layers.CenterCrop", **image("data_format"))
def center_crop(
    data: Any,
    training: Any = True,
    *,
    height: Any,
    width: Any,
    data_format: Any = None,
    bounding_box_format: Any = None,
    name: str,
    cls: str,
    dtype: Any,
    eager: bool,
) -> Any:
    """What is smaller is enlarged; pictures whose size is open stay open, if numbers are cut out."""
    images = pictures_of(data)
    shape = shape_of(images)
    if shape is None or data_format not in FORMATS or (isinstance(data, dict) and not eager):
        return not_followed(data)
    if not eager:
        if len(shape) not in (3, 4):
            report(RefusedInputs("center-crop-rank", (shape,)), blame=("data",))
            return NO_RANK
        return resized(shape, height, width, data_format, name)
    if refused_rank(shape, True, DATA, DATA, 0, False):
        return NO_RANK
    if any(surely_less(size, 1) for size in (height, width)) or no_empty(shape):
        return NO_RANK
    before = axes_of(shape, data_format)[:2]
    if any(map(is_dynamic, before)):
        if isinstance(data, dict):
            return Unknown("pictures of open sizes in a dict")
        return Tensor(resized(shape, *before, data_format, name), own_dtype(images, dtype), "")
    return _sized(data, images, shape, height, width, data_format, bounding_box_format, name, cls, dtype)


@constructor("CenterCrop")
def center_crop_constructor(*, height: Any, width: Any, data_format: Any = None) -> dict[str, Any]:
    """Only the data format is checked."""
    return {"data_format": data_format_of(data_format)}


@layer("keras.layers.RandomCrop", casts=False, keeps_arrays=True, **image("data_format"))
def random_crop(
    data: Any,
    training: Any = True,
    *,
    height: Any,
    width: Any,
    data_format: Any = None,
    name: str,
    dtype: Any,
    eager: bool,
    nested: bool = False,
) -> Any:
    """Only where it trains; a layer or model around it may tell it so.  A dict is changed in place: not followed."""
    shape = shape_of(data)
    if shape is None or data_format not in FORMATS:
        return not_followed(data)
    if not eager:
        if len(shape) < (3 if data_format == "channels_last" else 2):
            python_error("IndexError", "list assignment index out of range", "data")
            return NO_RANK
        return resized(shape, height, width, data_format, name)
    if not (is_dim(height) and is_dim(width)):
        return NO_RANK
    if refused_rank(shape, True, DATA, DATA, 3 if data_format == "channels_last" else None, True):
        return NO_RANK
    before = axes_of(shape, data_format)[:2]
    if any(map(is_dynamic, before)) or any(surely_less(size, 1) for size in (height, width)) or no_empty(shape):
        return NO_RANK
    own = own_dtype(data, dtype)
    if training is False:
        return Tensor(shape, own, "")
    if (training is True and not nested) or all(map(surely_equal, before, (height, width))):
        return Tensor(resized(shape, height, width, data_format, name), own, "")
    return Tensor(resized(shape, None, None, data_format, name), own, "")


@constructor("RandomCrop")
def random_crop_constructor(*, height: Any, width: Any, seed: Any = None, data_format: Any = None) -> dict[str, Any]:
    """Only the data format is checked."""
    return {"data_format": data_format_of(data_format)}


def no_empty(shape: Shape) -> bool:
    """Whether some axis is surely empty: what becomes of no pictures, or of pictures without pixels, is not followed."""
    return any(surely_less(dim, 1) for dim in shape)


def _overwritten(shape: Shape, height: Any, width: Any, data_format: str, name: str) -> AnyShape:
    """Resizing.compute_output_shape, which does not count from the end."""
    first = (1 if len(shape) == 4 else 0) + (data_format == "channels_first")
    if first + 1 >= len(shape):
        python_error("IndexError", "list assignment index out of range", "data")
        return NO_RANK
    return Shape((*shape[:first], as_dim(height, "height", name), as_dim(width, "width", name), *shape[first + 2 :]))


def _check_resize(interpolation: Any, crop: Any, pad: Any, fill_mode: Any) -> None:
    """``resize`` in keras/src/backend/tensorflow/image.py."""
    if isinstance(interpolation, (str, int, float, type(None))) and interpolation not in INTERPOLATIONS:
        report(
            RefusedInputs("resize-interpolation", (), quoted=(INTERPOLATIONS, interpolation)), blame=("interpolation",)
        )
    elif isinstance(fill_mode, (str, int, float, list, tuple, type(None))) and fill_mode != "constant":
        report(RefusedInputs("resize-fill", (), quoted=(fill_mode,)), blame=("fill_mode",))
    elif truthy(crop) and truthy(pad):
        report(RefusedInputs("resize-both", ()), blame=("pad_to_aspect_ratio", "crop_to_aspect_ratio"))


def _sized(
    data: Any,
    images: Any,
    shape: Shape,
    height: Any,
    width: Any,
    data_format: str,
    bounding_box_format: Any,
    name: str,
    cls: str,
    dtype: Any,
) -> Any:
    def sized(one: Shape) -> AnyShape:
        return resized(one, height, width, data_format, name)

    result = Tensor(sized(shape), own_dtype(images, dtype), "")
    return with_the_rest(data, result, sized, bounding_box_format, cls) if isinstance(data, dict) else result
