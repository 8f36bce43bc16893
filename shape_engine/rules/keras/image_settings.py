"""What the constructors of image augmentation refuse (keras/src/layers/preprocessing/image_preprocessing)."""

from __future__ import annotations

from typing import Any

from ...evidence import collect
from ...value import Unknown
from . import images as images  # the classes
from .arguments import data_format_of
from .common import constructor, is_no_seed, python_error, refuse, undecided

FILL_MODES = ("reflect", "wrap", "constant", "nearest")
ELASTIC_FILL_MODES = frozenset({"constant", "nearest", "wrap", "mirror", "reflect"})
INTERPOLATIONS = ("nearest", "bilinear")
MINUS_ONE_TO_ONE = (-1, 1)
"""The bounds of a factor for which a layer has none of its own."""


@constructor("RandomFlip")
def random_flip(*, mode: Any = "horizontal_and_vertical", seed: Any = None, data_format: Any = None) -> dict[str, Any]:
    """The mode is not checked."""
    return {"data_format": data_format_of(data_format)}


@constructor("RandomRotation")
def random_rotation(
    *,
    factor: Any,
    fill_mode: Any = "reflect",
    interpolation: Any = "bilinear",
    seed: Any = None,
    fill_value: Any = 0.0,
    data_format: Any = None,
) -> dict[str, Any]:
    """A part of a full turn; how to fill, how to interpolate."""
    data_format = data_format_of(data_format)
    factor_of(factor or 0.0, MINUS_ONE_TO_ONE)
    modes(fill_mode, interpolation)
    return {"data_format": data_format}


@constructor("RandomZoom")
def random_zoom(
    *,
    height_factor: Any,
    width_factor: Any = None,
    fill_mode: Any = "reflect",
    interpolation: Any = "bilinear",
    seed: Any = None,
    fill_value: Any = 0.0,
    data_format: Any = None,
) -> dict[str, Any]:
    """More than -1, since nothing would be left."""
    named_factor(height_factor, "height_factor", "zoom-factor", -1.0, beyond=True)
    if width_factor is not None:
        named_factor(width_factor, "width_factor", "zoom-factor", -1.0, beyond=True)
    modes(fill_mode, interpolation)
    return {"data_format": data_format_of(data_format)}


@constructor("RandomTranslation")
def random_translation(
    *,
    height_factor: Any,
    width_factor: Any,
    fill_mode: Any = "reflect",
    interpolation: Any = "bilinear",
    seed: Any = None,
    fill_value: Any = 0.0,
    data_format: Any = None,
) -> dict[str, Any]:
    """Parts of the height and of the width."""
    data_format = data_format_of(data_format)
    named_factor(height_factor, "height_factor", "translation-factor", -1.0)
    named_factor(width_factor, "width_factor", "translation-factor", -1.0)
    modes(fill_mode, interpolation)
    return {"data_format": data_format}


@constructor("RandomShear")
def random_shear(
    *,
    x_factor: Any = 0.0,
    y_factor: Any = 0.0,
    interpolation: Any = "bilinear",
    fill_mode: Any = "reflect",
    fill_value: Any = 0.0,
    data_format: Any = None,
    seed: Any = None,
) -> dict[str, Any]:
    """How far the edges are moved against each other."""
    data_format = data_format_of(data_format)
    named_factor(x_factor, "x_factor", "shear-factor", 0.0)
    named_factor(y_factor, "y_factor", "shear-factor", 0.0)
    modes(fill_mode, interpolation)
    return {"data_format": data_format}


@constructor("RandomPerspective")
def random_perspective(
    *,
    factor: Any = 1.0,
    scale: Any = 1.0,
    interpolation: Any = "bilinear",
    fill_value: Any = 0.0,
    seed: Any = None,
    data_format: Any = None,
) -> dict[str, Any]:
    """How often, and how much."""
    data_format = data_format_of(data_format)
    factor_of(factor, (0, 1))
    if is_no_seed(seed):
        refuse("seed", seed, "seed")
    if isinstance(scale, (int, float)) and not 0.0 <= scale <= 1.0:
        refuse("scale", scale, "perspective-scale")
    elif scale is None or isinstance(scale, (str, tuple, list, dict)):
        text = f"'<' not supported between instances of '{type(scale).__name__}' and 'float'"
        python_error("TypeError", text, "scale")
    modes(None, interpolation)
    return {"data_format": data_format}


@constructor("RandomElasticTransform")
def random_elastic_transform(
    *,
    factor: Any = 1.0,
    scale: Any = 1.0,
    interpolation: Any = "bilinear",
    fill_mode: Any = "reflect",
    fill_value: Any = 0.0,
    value_range: Any = (0, 255),
    seed: Any = None,
    data_format: Any = None,
) -> dict[str, Any]:
    """How often, and how much; the fill modes are a set, which Python prints in any order."""
    data_format = data_format_of(data_format)
    factor_of(factor, (0, 1))
    factor_of(scale, (0, 1), "scale")
    modes(None, interpolation)
    if isinstance(fill_mode, (str, int, float, type(None))) and fill_mode not in ELASTIC_FILL_MODES:
        refuse("fill_mode", fill_mode, "fill-mode", "", Unknown("a set"))
    return {"data_format": data_format, "sound": fill_mode != "mirror"}


@constructor("RandomBrightness")
def random_brightness(
    *, factor: Any, value_range: Any = (0, 255), seed: Any = None, data_format: Any = None
) -> dict[str, Any]:
    """The factor that every layer may have, then the range."""
    data_format = data_format_of(data_format)
    factor_of(factor or 0.0, MINUS_ONE_TO_ONE)
    range_of(value_range)
    return {"data_format": data_format}


@constructor("RandomContrast")
def random_contrast(
    *, factor: Any, value_range: Any = (0, 255), seed: Any = None, data_format: Any = None
) -> dict[str, Any]:
    """The range is not checked."""
    data_format = data_format_of(data_format)
    factor_of(factor, (0, 1))
    return {"data_format": data_format}


@constructor("RandomHue")
def random_hue(
    *, factor: Any, value_range: Any = (0, 255), data_format: Any = None, seed: Any = None
) -> dict[str, Any]:
    """The range is not checked."""
    return random_contrast(factor=factor, data_format=data_format)


@constructor("RandomColorDegeneration", "RandomSaturation")
def random_degeneration(
    *, factor: Any, value_range: Any = (0, 255), data_format: Any = None, seed: Any = None
) -> dict[str, Any]:
    """Both classes leave the bounds as they are for all layers."""
    return _bounded(factor, MINUS_ONE_TO_ONE, value_range, data_format)


@constructor("RandomPosterization")
def random_posterization(
    *, factor: Any, value_range: Any = (0, 255), data_format: Any = None, seed: Any = None
) -> dict[str, Any]:
    """A number of bits."""
    settings = _bounded(factor, (1, 8), value_range, data_format)
    bits = factor if isinstance(factor, (tuple, list)) else (factor,)
    return {**settings, "sound": all(isinstance(n, int) for n in bits)}


@constructor("RandomSharpness")
def random_sharpness(
    *, factor: Any, value_range: Any = (0, 255), data_format: Any = None, seed: Any = None
) -> dict[str, Any]:
    """Between a blurred and a sharpened picture."""
    return _bounded(factor, (0, 1), value_range, data_format)


@constructor("RandomColorJitter")
def random_color_jitter(
    *,
    value_range: Any = (0, 255),
    brightness_factor: Any = None,
    contrast_factor: Any = None,
    saturation_factor: Any = None,
    hue_factor: Any = None,
    seed: Any = None,
    data_format: Any = None,
) -> dict[str, Any]:
    """Four layers are made of the factors; their constructors speak."""
    data_format = data_format_of(data_format)
    if brightness_factor is not None:
        factor_of(brightness_factor or 0.0, MINUS_ONE_TO_ONE, setting="brightness_factor")
        range_of(value_range)
    if contrast_factor is not None:
        factor_of(contrast_factor, (0, 1), setting="contrast_factor")
    if saturation_factor is not None:
        factor_of(saturation_factor, MINUS_ONE_TO_ONE, setting="saturation_factor")
        range_of(value_range)
    if hue_factor is not None:
        factor_of(hue_factor, (0, 1), setting="hue_factor")
    return {"data_format": data_format}


@constructor("RandomErasing")
def random_erasing(
    *,
    factor: Any = 1.0,
    scale: Any = (0.02, 0.33),
    fill_value: Any = None,
    value_range: Any = (0, 255),
    seed: Any = None,
    data_format: Any = None,
) -> dict[str, Any]:
    """How often, and how much of the picture."""
    data_format = data_format_of(data_format)
    factor_of(factor, (0, 1))
    factor_of(scale, (0, 1), "scale")
    return {"data_format": data_format, "fill_value": 0.0 if fill_value is None else fill_value}  # None: noise


@constructor("RandomGaussianBlur")
def random_gaussian_blur(
    *,
    factor: Any = 1.0,
    kernel_size: Any = 3,
    sigma: Any = 1.0,
    value_range: Any = (0, 255),
    data_format: Any = None,
    seed: Any = None,
) -> dict[str, Any]:
    """Odd windows."""
    data_format = data_format_of(data_format)
    factor_of(factor, (0, 1))
    odd(kernel_size)
    factor_of(sigma, (0, 1), "sigma")
    sizes = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size,)
    return {"data_format": data_format, "sound": all(isinstance(n, int) and n > 0 for n in sizes)}


@constructor("RandomGrayscale")
def random_grayscale(*, factor: Any = 0.5, data_format: Any = None, seed: Any = None) -> dict[str, Any]:
    """One number between 0 and 1."""
    if isinstance(factor, (str, tuple, list, dict, type(None))):
        text = f"'<' not supported between instances of '{type(factor).__name__}' and 'int'"
        python_error("TypeError", text, "factor")
    if isinstance(factor, (int, float)) and not 0 <= factor <= 1:
        refuse("factor", factor, "grayscale-factor")
    return {"data_format": data_format_of(data_format)}


@constructor("RandomInvert")
def random_invert(
    *, factor: Any = 1.0, value_range: Any = (0, 255), seed: Any = None, data_format: Any = None
) -> dict[str, Any]:
    """The range is not checked."""
    return random_contrast(factor=factor, data_format=data_format)


@constructor("Solarization")
def solarization(
    *,
    addition_factor: Any = 0.0,
    threshold_factor: Any = 0.0,
    value_range: Any = (0, 255),
    seed: Any = None,
    data_format: Any = None,
) -> dict[str, Any]:
    """Two factors between 0 and 1."""
    data_format = data_format_of(data_format)
    if is_no_seed(seed):
        refuse("seed", seed, "seed")
    named_factor(addition_factor, "addition_factor", "solarization-factor", 0)
    named_factor(threshold_factor, "threshold_factor", "solarization-factor", 0)
    range_of(value_range)
    return {"data_format": data_format}


@constructor("AutoContrast")
def auto_contrast(*, value_range: Any = (0, 255), data_format: Any = None) -> dict[str, Any]:
    """A range of two numbers."""
    data_format = data_format_of(data_format)
    range_of(value_range)
    return {"data_format": data_format}


@constructor("Equalization")
def equalization(*, value_range: Any = (0, 255), bins: Any = 256, data_format: Any = None) -> dict[str, Any]:
    """The range first, then the data format; a bad one is told with an attribute that the class lacks."""
    with collect() as record:
        range_of(value_range)
    if record.reports:
        text = "'Equalization' object has no attribute '_VALUE_RANGE_VALIDATION_ERROR'"
        python_error("AttributeError", text, "value_range")
    return {"data_format": data_format_of(data_format), "sound": isinstance(bins, int)}


@constructor("ContrastLimitedAdaptiveHistogramEqualization")
def clahe(
    *, value_range: Any = (0, 255), clip_limit: Any = 4.0, tile_grid_size: Any = (8, 8), data_format: Any = None
) -> dict[str, Any]:
    """Only the data format is checked."""
    return {"data_format": data_format_of(data_format)}


def factor_of(value: Any, bounds: tuple[int, int], name: str = "factor", setting: str = "") -> None:
    """``_set_factor`` and ``_set_factor_by_name``: a number within bounds, or two that reach into them."""
    low, high = bounds
    if undecided(value) or not isinstance(value, (bool, int, float, str, tuple, list, dict, type(None))):
        return
    if isinstance(value, (tuple, list)):
        if len(value) != 2:
            bad = True
        elif not all(isinstance(one, (int, float)) for one in value):
            return
        else:
            bad = value[0] > high or value[1] < low
    else:
        bad = not isinstance(value, (int, float)) or not low <= value <= high
    if bad:
        refuse(setting or name, value, "image-factor", "", name, low, high)


def named_factor(value: Any, name: str, why: str, low: float, *, beyond: bool = False) -> None:
    """One number up to 1, or two; ``beyond``: the lower bound itself is too little."""
    if undecided(value) or not isinstance(value, (bool, int, float, str, tuple, list, dict, type(None))):
        return
    if not isinstance(value, (int, float)) and (not isinstance(value, (tuple, list)) or len(value) != 2):
        refuse(name, value, why)
        return
    for one in value if isinstance(value, (tuple, list)) else (value,):
        if not isinstance(one, (int, float)):
            return
        if one > 1.0 or one < low or (beyond and one == low):
            refuse(name, one, f"{why}-number")
            return


def range_of(value: Any) -> None:
    """``_set_value_range``: a list or tuple of two."""
    known = isinstance(value, (bool, int, float, str, dict, type(None)))
    if known or (isinstance(value, (tuple, list)) and len(value) != 2):
        refuse("value_range", value, "value-range")


def modes(fill_mode: Any, interpolation: Any) -> None:
    """How to fill what comes from outside (None: not asked), and how to compute what lies between."""
    if isinstance(fill_mode, (str, int, float)) and fill_mode not in FILL_MODES:
        refuse("fill_mode", fill_mode, "fill-mode", "", FILL_MODES)
    if isinstance(interpolation, (str, int, float, type(None))) and interpolation not in INTERPOLATIONS:
        refuse("interpolation", interpolation, "interpolation", "", INTERPOLATIONS)


def odd(value: Any) -> None:
    """One odd number, or two."""
    if isinstance(value, (tuple, list)) and len(value) != 2:
        refuse("kernel_size", value, "kernel-size-count")
        return
    items = value if isinstance(value, (tuple, list)) else (value,)
    if isinstance(value, (str, dict, type(None))) or any(isinstance(n, (int, float)) and n % 2 == 0 for n in items):
        refuse("kernel_size", value, "kernel-size-odd")


def _bounded(factor: Any, bounds: tuple[int, int], value_range: Any, data_format: Any) -> dict[str, Any]:
    data_format = data_format_of(data_format)
    factor_of(factor, bounds)
    range_of(value_range)
    return {"data_format": data_format}
