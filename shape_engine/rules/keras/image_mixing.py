"""MixUp, CutMix, AugMix, RandAugment, MaxNumBoundingBoxes and Pipeline: several pictures, or several layers.

Follows keras/src/layers/preprocessing/image_preprocessing/{mix_up,cut_mix,aug_mix,rand_augment,max_num_bounding_box}.py
and keras/src/layers/preprocessing/pipeline.py.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_dynamic, surely_differ, surely_equal
from ...evidence import report
from ...problems import RefusedInputs
from ...rule import layer
from ...shape import AnyShape, Shape
from ...value import Tensor, Unknown
from .arguments import data_format_of
from .common import NO_RANK, as_dim, constructor, shape_of
from .image_settings import factor_of, modes, range_of
from .images import DATA, axes_of, image, not_followed, own_dtype, pictures_of, refused_rank, unchanged, with_the_rest


@layer("keras.layers.AugMix", **image("factor", "data_format", why="", bare=DATA, num_ops=0))
@layer("keras.layers.RandAugment", **image("factor", "data_format", why="", bare=DATA))
def augmented_by_several(
    data: Any,
    training: Any = True,
    *,
    data_format: Any = None,
    bounding_box_format: Any = None,
    num_ops: Any = None,
    eager: bool,
    cls: str,
    dtype: Any,
    why: str,
    bare: str,
) -> Any:
    """Layers are drawn by lot; RandAugment computes them all, so that each may refuse."""
    if not eager:
        return unchanged(data, None, None)
    images = pictures_of(data)
    shape = shape_of(images)
    if shape is None:
        return not_followed(data)
    if refused_rank(shape, training, why, bare, None, True):
        return NO_RANK
    channels = axes_of(shape, data_format)[2]
    gray = channels is not None and not is_dynamic(channels) and (channels in (1, 3))
    if not gray and training is not False:
        sure = channels is not None and not is_dynamic(channels) and surely_differ(channels, 3)
        if training is not True or not sure or not surely_differ(channels, 1) or num_ops is None:
            return NO_RANK
        if not isinstance(num_ops, int) or num_ops < 1:
            return NO_RANK
        batch = shape if len(shape) == 4 else Shape((1, *shape))
        report(RefusedInputs("image-colours", (batch,)), blame=("data",))
    result = Tensor(shape, own_dtype(images, dtype), "")
    return with_the_rest(data, result, None, bounding_box_format, cls) if isinstance(data, dict) else result


@constructor("AugMix")
def aug_mix_constructor(
    *,
    value_range: Any = (0, 255),
    num_chains: Any = 3,
    chain_depth: Any = 3,
    factor: Any = 0.3,
    alpha: Any = 1.0,
    all_ops: Any = True,
    interpolation: Any = "bilinear",
    seed: Any = None,
    data_format: Any = None,
) -> dict[str, Any]:
    """The factor, then what the layers inside refuse."""
    return _several(factor, interpolation, value_range, data_format)


@constructor("RandAugment")
def rand_augment_constructor(
    *,
    value_range: Any = (0, 255),
    num_ops: Any = 2,
    factor: Any = 0.5,
    interpolation: Any = "bilinear",
    seed: Any = None,
    data_format: Any = None,
) -> dict[str, Any]:
    """The factor, then what the layers inside refuse."""
    return _several(factor, interpolation, value_range, data_format)


@layer("keras.layers.MixUp", **image("data_format"))
def mix_up(
    data: Any,
    training: Any = True,
    *,
    data_format: Any = None,
    bounding_box_format: Any = None,
    eager: bool,
    cls: str,
    dtype: Any,
) -> Any:
    """Pictures of a batch are laid over each other; boxes and their labels are those of both."""
    if not eager:
        return unchanged(data, None, None)
    images = pictures_of(data)
    shape = shape_of(images)
    if shape is None:
        return not_followed(data)
    if refused_rank(shape, training, DATA, DATA, None, False):
        return NO_RANK
    result = Tensor(shape, own_dtype(images, dtype), "")
    if not isinstance(data, dict):
        return result
    rest = with_the_rest(data, result, None, bounding_box_format, cls)
    if training is False or not isinstance(rest, dict):
        return rest
    if "segmentation_masks" in rest:
        rest["segmentation_masks"] = Unknown("masks that are mixed")
    if "labels" in rest:
        rest["labels"] = _mixed_labels(data["labels"], shape)
    if isinstance(rest.get("bounding_boxes"), dict) and training is True and len(shape) == 4:
        boxes, labels = (rest["bounding_boxes"][key].shape for key in ("boxes", "labels"))
        rest["bounding_boxes"] = {
            "boxes": Tensor(Shape((boxes[0], 2 * boxes[1], boxes[2])), None, ""),
            "labels": Tensor(Shape((2 * labels[0], labels[1])), None, ""),
        }
    elif "bounding_boxes" in rest:
        rest["bounding_boxes"] = Unknown("bounding boxes")
    return rest


@constructor("MixUp")
def mix_up_constructor(*, alpha: Any = 0.2, data_format: Any = None, seed: Any = None) -> dict[str, Any]:
    """Only the data format is checked."""
    return {"data_format": data_format_of(data_format)}


@layer("keras.layers.CutMix", **image("factor", "data_format"))
def cut_mix(
    data: Any,
    training: Any = True,
    *,
    data_format: Any = None,
    bounding_box_format: Any = None,
    eager: bool,
    cls: str,
    dtype: Any,
) -> Any:
    """A rectangle of one picture is put into another; a mask gets as many channels as the pictures."""
    if not eager:
        return unchanged(data, None, None)
    images = pictures_of(data)
    shape = shape_of(images)
    if shape is None:
        return not_followed(data)
    if refused_rank(shape, training, DATA, DATA, 3 if data_format == "channels_last" else None, True):
        return NO_RANK
    height, width, channels = axes_of(shape, data_format)
    if len(shape) == 4 and (height is None or is_dynamic(height) or is_dynamic(width)):
        return NO_RANK
    result = Tensor(shape, own_dtype(images, dtype), "")
    if not isinstance(data, dict):
        return result
    rest = with_the_rest(data, result, None, bounding_box_format, cls, boxes=False)
    if training is False or not isinstance(rest, dict):
        return rest
    if "labels" in rest:
        rest["labels"] = _mixed_labels(data["labels"], shape)
    mask = rest.get("segmentation_masks")
    if mask is not None:
        rest["segmentation_masks"] = _painted(mask, channels, data_format, len(shape) == 4)
    return rest


@constructor("CutMix")
def cut_mix_constructor(*, factor: Any = 1.0, seed: Any = None, data_format: Any = None) -> dict[str, Any]:
    """A factor between 0 and 1."""
    data_format = data_format_of(data_format)
    factor_of(factor, (0, 1))
    return {"data_format": data_format}


@layer("keras.layers.MaxNumBoundingBoxes", **image())
def max_num_bounding_boxes(
    data: Any,
    training: Any = True,
    *,
    max_number: Any,
    bounding_box_format: Any = None,
    name: str,
    eager: bool,
    cls: str,
    dtype: Any,
) -> Any:
    """Boxes are cut off, or others are added, until there are so many; pictures stay as they are."""
    images = pictures_of(data)
    shape = shape_of(images)
    if shape is None or (isinstance(data, dict) and not eager):
        return not_followed(data)
    if not eager:
        return shape
    if refused_rank(shape, True, DATA, DATA, None, False):
        return NO_RANK
    result = Tensor(shape, own_dtype(images, dtype), "")
    if not isinstance(data, dict):
        return result
    rest = with_the_rest(data, result, None, bounding_box_format, cls)
    if isinstance(rest, dict) and isinstance(rest.get("bounding_boxes"), dict):
        count = as_dim(max_number, "max_number", name)
        boxes, labels = (rest["bounding_boxes"][key].shape for key in ("boxes", "labels"))
        rest["bounding_boxes"] = {
            "boxes": Tensor(Shape((*boxes[:-2], count, boxes[-1])), None, ""),
            "labels": Tensor(Shape((*labels[:-1], count)), None, ""),
        }
    return rest


@constructor("MaxNumBoundingBoxes")
def max_num_bounding_boxes_constructor(
    *, max_number: Any, fill_value: Any = -1, data_format: Any = None
) -> dict[str, Any]:
    """Numbers are cut to ints."""
    number = int(max_number) if isinstance(max_number, (bool, float)) else max_number
    return {"data_format": data_format_of(data_format), "max_number": number}


def _several(factor: Any, interpolation: Any, value_range: Any, data_format: Any) -> dict[str, Any]:
    data_format = data_format_of(data_format)
    factor_of(factor, (0, 1))
    modes(None, interpolation)
    range_of(value_range)
    return {"data_format": data_format}


def _mixed_labels(labels: Any, images: Shape) -> Any:
    """A weight for each picture (batch, 1) times the labels."""
    shape = shape_of(labels)
    if shape is None or labels.dtype is None or "float" not in labels.dtype:
        return Unknown("labels")
    batch = len(images) == 4
    if len(shape) != (2 if batch else 1) or (batch and not surely_equal(shape[0], images[0])):
        return Unknown("labels")
    return Tensor(shape, None, "")


def _painted(mask: Any, channels: Any, data_format: Any, batch: bool) -> Any:
    """A mask after CutMix: where pictures are laid over each other, their number of channels is broadcast."""
    shape = shape_of(mask)
    if shape is None or not batch or data_format not in ("channels_last", "channels_first"):
        return mask if not batch else Unknown("masks")
    axis = 3 if data_format == "channels_last" else 1
    if surely_equal(shape[axis], channels):
        return mask
    result: AnyShape = Shape((*shape[:axis], channels, *shape[axis + 1 :]))
    return Tensor(result, None, "") if shape[axis] == 1 else Unknown("masks")
