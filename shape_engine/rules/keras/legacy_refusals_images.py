"""What the constructors of Keras 2 refuse: layers that change pictures.

Follows tf_keras/src/layers/preprocessing/image_preprocessing.py and ``get_interpolation`` in
tf_keras/src/utils/image_utils.py.  All but Resizing check once the layer has its name.
"""

from __future__ import annotations

from typing import Any

from ...rule import phase
from . import images as images  # the classes
from .common import constructor, is_plain
from .image_sizes import resizing
from .legacy_refusals import refused

FILL_MODES = ("reflect", "wrap", "constant", "nearest")
INTERPOLATIONS = ("nearest", "bilinear")
RESIZES = ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic")
FLIPS = ("horizontal", "vertical", "horizontal_and_vertical")


@phase(resizing, "tf_keras.before")
def resizing_before(*, interpolation: Any) -> None:
    """One of eight methods, in any case."""
    if not isinstance(interpolation, str):
        if is_plain(interpolation):
            kind = type(interpolation).__name__
            refused("AttributeError", f"'{kind}' object has no attribute 'lower'", "interpolation")
    elif interpolation.lower() not in RESIZES:
        text = f"Value not recognized for `interpolation`: {interpolation.lower()}."
        refused("NotImplementedError", f"{text} Supported values are: dict_keys({list(RESIZES)})", "interpolation")


@constructor("RandomFlip", phase="tf_keras.after")
def random_flip_after(*, mode: Any, name: str) -> None:
    """One of three modes."""
    if is_plain(mode) and mode not in FLIPS:
        refused("ValueError", f"RandomFlip layer {name} received an unknown mode argument {mode}", "mode")


@constructor("RandomRotation", phase="tf_keras.after")
def random_rotation_after(*, factor: Any, fill_mode: Any, interpolation: Any) -> None:
    """A range that ascends."""
    span = _span(factor, "factor")
    if span is None:
        return
    if span[1] < span[0]:
        text = f"`factor` argument cannot have a negative value. Received: factor={factor}"
        refused("ValueError", text, "factor")
    else:
        _modes(fill_mode, interpolation)


@constructor("RandomZoom", phase="tf_keras.after")
def random_zoom_after(*, height_factor: Any, width_factor: Any, fill_mode: Any, interpolation: Any) -> None:
    """The height's range within -1 and 1, the width's above -1."""
    height = _span(height_factor, "height_factor")
    if height is None or _too_far(height, height_factor):
        return
    if width_factor is not None:
        width = _span(width_factor, "width_factor")
        if width is None:
            return
        if width[0] < -1.0 or width[1] < -1.0:
            text = f"`width_factor` argument must have values larger than -1. Received: width_factor={width_factor}"
            refused("ValueError", text, "width_factor")
            return
    _modes(fill_mode, interpolation)


@constructor("RandomTranslation", phase="tf_keras.after")
def random_translation_after(*, height_factor: Any, width_factor: Any, fill_mode: Any, interpolation: Any) -> None:
    """Two ranges that ascend, both within -1 and 1."""
    height = _span(height_factor, "height_factor")
    if height is None or _descends(height, height_factor, "height_factor") or _too_far(height, height_factor):
        return
    width = _span(width_factor, "width_factor")
    if width is None or _descends(width, width_factor, "width_factor"):
        return
    if max(map(abs, width)) > 1.0:
        text = f"`width_factor` must have values between [-1, 1], got {width_factor}"
        refused("ValueError", text, "width_factor")
    else:
        _modes(fill_mode, interpolation)


@constructor("RandomContrast", phase="tf_keras.after")
def random_contrast_after(*, factor: Any) -> None:
    """Nothing below 0; only the first of two may not be above 1."""
    if factor is None or isinstance(factor, str):
        kind = type(factor).__name__
        refused("TypeError", f"'<' not supported between instances of '{kind}' and 'float'", "factor")
        return
    span = _span(factor, "factor")
    if span is None:
        return
    low, high = span if isinstance(factor, (tuple, list)) else (factor, factor)
    if low < 0.0 or high < 0.0 or low > 1.0:
        text = "`factor` argument cannot have negative values or values greater than 1."
        refused("ValueError", f"{text}Received: factor={factor}", "factor")


@constructor("RandomBrightness", phase="tf_keras.after")
def random_brightness_after(*, factor: Any, value_range: Any) -> None:
    """One number or two within -1 and 1, then a range of two."""
    if not is_plain(factor):
        return
    pair = isinstance(factor, (tuple, list)) and len(factor) == 2
    numbers = factor if pair else (factor,) if isinstance(factor, (int, float)) else ()
    if not all(isinstance(one, (int, float)) for one in numbers):
        return  # Python compares it with 1.0
    bad = [one for one in numbers if not -1.0 <= one <= 1.0] if numbers else [factor]
    if bad:
        text = "The `factor` argument should be a number (or a list of two numbers) in the range [-1.0, 1.0]."
        refused("ValueError", f"{text} Got {bad[0]}", "factor")
    elif is_plain(value_range) and (not isinstance(value_range, (tuple, list)) or len(value_range) != 2):
        text = f"The `value_range` argument should be a list of two numbers. Got {value_range}"
        refused("ValueError", text, "value_range")


def _span(factor: Any, name: str) -> tuple[Any, Any] | None:
    """The first two of several numbers, or one number to both sides; None where it is refused or not known."""
    if not is_plain(factor):
        return None
    if isinstance(factor, (tuple, list)):
        if len(factor) < 2:
            refused("IndexError", f"{type(factor).__name__} index out of range", name)
            return None
        low, high = factor[:2]
        return (low, high) if isinstance(low, (int, float)) and isinstance(high, (int, float)) else None
    if isinstance(factor, (int, float)):
        return -factor, factor
    refused("TypeError", f"bad operand type for unary -: '{type(factor).__name__}'", name)
    return None


def _descends(span: tuple[Any, Any], value: Any, name: str) -> bool:
    """Whether the range of a translation has its ends the wrong way round."""
    if span[1] >= span[0]:
        return False
    refused("ValueError", f"`{name}` cannot have upper bound less than lower bound, got {value}", name)
    return True


def _too_far(span: tuple[Any, Any], value: Any) -> bool:
    """Whether more than the whole height is meant."""
    if max(map(abs, span)) <= 1.0:
        return False
    text = f"`height_factor` argument must have values between [-1, 1]. Received: height_factor={value}"
    refused("ValueError", text, "height_factor")
    return True


def _modes(fill_mode: Any, interpolation: Any) -> None:
    """``check_fill_mode_and_interpolation``: what a set is asked for must be hashable."""
    if not is_plain(fill_mode) or isinstance(fill_mode, list):
        return
    if fill_mode not in FILL_MODES:
        text = f"Unknown `fill_mode` {fill_mode}. Only `reflect`, `wrap`, `constant` and `nearest` are supported."
        refused("NotImplementedError", text, "fill_mode")
    elif is_plain(interpolation) and not isinstance(interpolation, list) and interpolation not in INTERPOLATIONS:
        text = f"Unknown `interpolation` {interpolation}. Only `nearest` and `bilinear` are supported."
        refused("NotImplementedError", text, "interpolation")
