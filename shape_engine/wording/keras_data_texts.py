"""The texts of Keras 3 about layers that prepare data, by the ``why`` of the problem."""

from __future__ import annotations

from .keras_texts import INPUTS, SETTINGS

_NUMBER = "should be a number (or a list of two numbers) in the range "
_FACTORS = {
    "zoom-factor": f"The `height_factor` and `width_factor` arguments {_NUMBER}(-1.0, 1.0]. ",
    "translation-factor": f"The `factor` argument {_NUMBER}[-1.0, 1.0]. ",
    "shear-factor": f"The `factor` argument {_NUMBER}[0, 1.0]. ",
    "solarization-factor": f"The `addition_factor` and `threshold_factor` arguments {_NUMBER}[0, 1]. ",
}

SETTINGS |= {
    "image-factor": ("ValueError", f"The `{{q0}}` argument {_NUMBER}[{{q1}}, {{q2}}]. Received: factor={{value}}"),
    "value-range": (
        "ValueError",
        "The `value_range` argument should be a list of two numbers. Received: value_range={value}",
    ),
    "fill-mode": ("NotImplementedError", "Unknown `fill_mode` {value}. Expected of one {q0}."),
    "interpolation": ("NotImplementedError", "Unknown `interpolation` {value}. Expected of one {q0}."),
    "perspective-scale": (
        "ValueError",
        "The `scale` argument should be a number in the range [0,1]. Received: scale={value}",
    ),
    "grayscale-factor": ("ValueError", "`factor` should be between 0 and 1. Received: factor={value}"),
    "kernel-size-odd": ("ValueError", "kernel_size must be an odd number. Received: kernel_size={value}"),
    "kernel-size-count": (
        "ValueError",
        "The `kernel_size` argument should be a number (or a list of two numbers) Received: kernel_size={value}",
    ),
}
for _why, _text in _FACTORS.items():
    SETTINGS[_why] = "ValueError", f"{_text}Received: {{name}}={{value}}"
    SETTINGS[f"{_why}-number"] = "ValueError", f"{_text}Received: input_number={{value}}"

INPUTS |= {
    "images-rank": (
        "Expected image tensor to have rank 3 (single image) or 4 (batch of images). Received: data.shape={first}"
    ),
    "image-rank": "Expected the input image to be rank 3 or 4. Received inputs.shape={first}",
    "image-rank-colon": "Expected the input image to be rank 3 or 4. Received: inputs.shape={first}",
    "image-colours": (
        "Invalid channel size: expected 3 (RGB) or 1 (Grayscale). Received input with shape: images.shape={first}"
    ),
    "degeneration-rank": (
        "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of images). Received: input_shape={first}"
    ),
    "degeneration-channels": "Input images must have 3 channels, but received images with {q0} channels.",
    "boxes-format": (
        "You passed an input with a 'bounding_boxes' key, but you didn't specify a bounding box format. Pass a "
        "`bounding_box_format` argument to your {q0} layer, e.g. `bounding_box_format='xyxy'`."
    ),
    "center-crop-rank": (
        "`input_shape` must be a non-nested tuple or list of rank-1 with size 3 (unbatched) or 4 (batched). "
    ),
    "resize-interpolation": (
        "Invalid value for argument `interpolation`. Expected of one {q0}. Received: interpolation={q1}"
    ),
    "resize-fill": ("Invalid value for argument `fill_mode`. Only `'constant'` is supported. Received: fill_mode={q0}"),
    "resize-both": "Only one of `pad_to_aspect_ratio` & `crop_to_aspect_ratio` can be `True`.",
}
