"""The texts of Keras 3 about layers that prepare data, by the ``why`` of the problem."""

from __future__ import annotations

from .keras_texts import INPUTS, SETTINGS

_NUMBER = "should be a number (or a list of two numbers) in the range "
_RESERVED = (
    "at unexpected location in `vocabulary`. Note that passed `vocabulary` does not need to include the OOV and mask "
    "tokens. Either remove all mask and OOV tokens, or include them only at the start of the vocabulary in precisely "
    "this order: {q0}. Received: "
)
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
SETTINGS |= {
    "unknown-string": (
        "ValueError",
        "Unknown value for `{name}` argument of {layer}. Allowed values are: {q0}. Received: {name}={value}",
    ),
    "category-mode": ("ValueError", "Unknown arg for output_mode: {value}"),
    "category-none": (
        "ValueError",
        "num_tokens must be set to use this layer. If the number of tokens is not known beforehand, use the "
        "IntegerLookup layer instead.",
    ),
    "category-count": ("ValueError", "`num_tokens` must be >= 1. Received: num_tokens={value}."),
    "discretization-sparse": (
        "ValueError",
        "`sparse=True` may only be used if `output_mode` is `'one_hot'`, `'multi_hot'`, or `'count'`. "
        "Received: sparse={value} and output_mode={q0}",
    ),
    "discretization-bins": (
        "ValueError",
        "`num_bins` must be greater than or equal to 0. Received: `num_bins={value}`",
    ),
    "discretization-both": (
        "ValueError",
        "Both `num_bins` and `bin_boundaries` should not be set. Received: `num_bins={value}` and `bin_boundaries={q0}`",
    ),
    "discretization-none": ("ValueError", "You need to set either `num_bins` or `bin_boundaries`."),
    "hashing-bins": (
        "ValueError",
        "The `num_bins` for `Hashing` cannot be `None` or non-positive values. Received: num_bins={value}.",
    ),
    "hashing-mode": (
        "ValueError",
        "Invalid value for argument `output_mode`. Expected one of {q0}. Received: output_mode={value}",
    ),
    "hashing-sparse": (
        "ValueError",
        '`sparse` may only be true if `output_mode` is `"one_hot"`, `"multi_hot"`, or `"count"`. '
        "Received: sparse={value} and output_mode={q0}",
    ),
    "hashing-dtype": (
        "ValueError",
        "When `output_mode=\"int\"`, `dtype` should be an integer type, 'int32' or 'in64'. Received: dtype={value}",
    ),
    "hashing-salt": (
        "ValueError",
        "The `salt` argument for `Hashing` can only be a tuple of size 2 integers, or a single integer. "
        "Received: salt={value}.",
    ),
    "lookup-tokens": ("ValueError", "If set, `max_tokens` must be greater than 1. Received: max_tokens={value}"),
    "integer-lookup-tokens": (
        "ValueError",
        "If `max_tokens` is set for `IntegerLookup`, it must be greater than 1. Received: max_tokens={value}",
    ),
    "lookup-pad": ("ValueError", "If pad_to_max_tokens is True, must set `max_tokens`. Received: max_tokens={value}"),
    "lookup-oov": (
        "ValueError",
        "`num_oov_indices` must be greater than or equal to 0. Received: num_oov_indices={value}",
    ),
    "integer-lookup-oov": (
        "ValueError",
        "The value of `num_oov_indices` argument for `IntegerLookup` must >= 0. Received: num_oov_indices={value}",
    ),
    "integer-lookup-dtype": (
        "ValueError",
        "Only `vocabulary_dtype='int64'` is supported at this time. Received: vocabulary_dtype={value}",
    ),
    "lookup-salt-method": (
        "ValueError",
        "`salt` can only be used when `oov_method='farmhash'`. Received: oov_method={q0}",
    ),
    "lookup-salt": (
        "ValueError",
        "The `salt` argument for `IndexLookup` can only be a tuple of 2 integers, or a single integer. "
        "Received: salt={value}.",
    ),
    "lookup-invert": (
        "ValueError",
        "`output_mode` must be `'int'` when `invert` is true. Received: output_mode={value}",
    ),
    "lookup-sparse": (
        "ValueError",
        "`sparse` may only be true if `output_mode` is `'one_hot'`, `'multi_hot'`, `'count'` or `'tf_idf'`. "
        "Received: sparse={value} and output_mode={q0}",
    ),
    "lookup-idf": (
        "ValueError",
        "`idf_weights` should only be set if `output_mode` is `'tf_idf'`. Received: idf_weights={value} and "
        "output_mode={q0}",
    ),
    "lookup-weights": (
        "ValueError",
        "When specifying the `vocabulary` argument, in TF-IDF output mode, the `idf_weights` argument must also be "
        "provided.",
    ),
    "lookup-empty": ("ValueError", "Cannot set an empty vocabulary. Received: vocabulary=[]"),
    "lookup-repeated": (
        "ValueError",
        "The passed vocabulary has at least one repeated term. Please uniquify your dataset. The repeated terms are: {q0}",
    ),
    "lookup-mask": ("ValueError", f"Found reserved mask token {_RESERVED}mask_token={{q1}} at vocabulary index {{q2}}"),
    "lookup-token": ("ValueError", f"Found reserved OOV token {_RESERVED}oov_token={{q1}} at vocabulary index {{q2}}"),
    "lookup-many": (
        "ValueError",
        "Attempted to set a vocabulary larger than the maximum vocab size. Received vocabulary size is {q0}; "
        "`max_tokens` is {q1}.",
    ),
    "attention-value": (
        "ValueError",
        "Received an invalid value for argument `{name}`, expected a positive integer or `None`. Received: {name}={value}",
    ),
    "attention-axes": (
        "ValueError",
        "`attention_axes` must be an int, list, or tuple.Received: attention_axes={value}",
    ),
    "attention-window": (
        "ValueError",
        "`sliding_window` must be `None` or a positive integer. Received: sliding_window={value}",
    ),
    "attention-flash": (
        "ValueError",
        "Dropout is not supported when flash attention is enabled. Please set dropout to 0.0 to use flash attention.",
    ),
    "attention-mode": (
        "ValueError",
        "Invalid value for argument score_mode. Expected one of {{'dot', 'concat'}}. Received: score_mode={value}",
    ),
    "attention-heads": ("ValueError", "`num_query_heads` must be divisible by `num_key_value_heads`."),
    "adaptive-count": ("ValueError", "For 1D input, `output_size` tuple must have length 1. Received: {value}"),
    "adaptive-size-1": (
        "TypeError",
        "`output_size` must be an integer or tuple of 1 integer. Received: {value} of type <class '{type}'>",
    ),
    "adaptive-size-2": (
        "TypeError",
        "`output_size` must be an integer or (height, width) tuple. Received: {value} of type <class '{type}'>",
    ),
    "adaptive-size-3": (
        "TypeError",
        "`output_size` must be an integer or (depth, height, width) tuple. Received: {value} of type <class '{type}'>",
    ),
    "adaptive-format": (
        "ValueError",
        "Invalid data_format: {value}. Expected 'channels_first' or 'channels_last'.",
    ),
    "stft-step": (
        "ValueError",
        "`frame_step` should be a positive integer not greater than `frame_length`. Received frame_step={value}, "
        "frame_length={q0}",
    ),
    "stft-length": (
        "ValueError",
        "`fft_length` should be not less than `frame_length`. Received fft_length={value}, frame_length={q0}",
    ),
    "stft-mode": ("ValueError", "Output mode is invalid, it must be one of {q0}. Received: mode={value}"),
    "stft-scaling": (
        "ValueError",
        "Scaling is invalid, it must be `None`, 'density' or 'spectrum'. Received scaling={value}",
    ),
    "stft-padding": ("ValueError", "Padding is invalid, it should be 'valid', 'same'. Received: padding={value}"),
    "mel-length": (
        "ValueError",
        "`fft_length` must be greater than or equal to   `sequence_length`. Received: `sequence_length`={value}, "
        "`fft_length`={q0}.",
    ),
    "normalization-both": (
        "ValueError",
        "When setting values directly, both `mean` and `variance` must be set. Received: mean={value} and variance={q0}",
    ),
    "normalization-shapes": (
        "ValueError",
        "When setting values directly, `mean` and `variance` must have the same shape. Received: mean shape {q0} and "
        "variance shape {q1}",
    ),
    "normalization-rank": (
        "ValueError",
        "The rank of `mean` must be less than or equal to the number of axes ({q0}). Received: mean shape {q1} for axis "
        "{q2}",
    ),
    "text-ngrams": (
        "ValueError",
        "`ngrams` must be None, an integer, or a tuple of integers. Received: ngrams={value}",
    ),
    "text-length": (
        "ValueError",
        "`output_sequence_length` must be either None or an integer when `output_mode` is 'int'. "
        "Received: output_sequence_length={value}",
    ),
    "text-no-length": (
        "ValueError",
        "`output_sequence_length` must not be set if `output_mode` is not 'int'. "
        "Received output_sequence_length={value}.",
    ),
    "text-ragged": (
        "ValueError",
        "`ragged` must not be true if `output_mode` is `'int'`. Received: ragged={value} and output_mode={q0}",
    ),
}
SETTINGS["seed"] = "ValueError", "Argument `seed` must be an integer. Received: seed={value}"
SETTINGS["einsum-shared"] = (
    "ValueError",
    "Input shape and output shape do not match at shared dimension '{q0}'. Input shape is {q1}, and output shape is {value}.",
)
SETTINGS["einsum-bias"] = (
    "ValueError",
    "Bias dimension '{value}' was requested, but is not part of the output spec '{q0}'",
)

for _why, _text in _FACTORS.items():
    SETTINGS[_why] = "ValueError", f"{_text}Received: {{name}}={{value}}"
    SETTINGS[f"{_why}-number"] = "ValueError", f"{_text}Received: input_number={{value}}"

INPUT_TYPES = {"lookup-unset": "RuntimeError"}
"""The exceptions of RefusedInputs that are no ValueError."""

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
    "attention-keys": (
        "All dimensions of `value` and `key`, except the last one, must be equal. Received: value_shape={q0} and "
        "key_shape={q1}"
    ),
    "attention-features": (
        "The last dimension of `query_shape` and `value_shape` must be equal, but are {q0}, {q1}. "
        "Received: query_shape={q2}, value_shape={q3}"
    ),
    "attention-no-list": (
        "{q0} layer must be called on a list of inputs, namely [query, value] or [query, value, key]. "
        "Received: inputs={q1}."
    ),
    "attention-count": (
        "{q0} layer accepts inputs list of length 2 or 3, namely [query, value] or [query, value, key]. "
        "Received length: {q1}."
    ),
    "attention-mask": "{q0} layer mask must be a list, namely [query_mask, value_mask]. Received: mask={q1}.",
    "adaptive-rank": "{q0} supports 1D, 2D, or 3D inputs only.",
    "normalization-axis": (
        "All `axis` values must be in the range [-ndim, ndim). Received inputs with ndim={q0}, while axis={q1}"
    ),
    "normalization-open": (
        "All `axis` values to be kept must have a known shape. Received axis={q0}, inputs.shape={first}, with unknown "
        "axis at index {q1}"
    ),
    "normalization-adapt": (
        "The layer was built with input_shape={first}, but adapt() is being called with data with an incompatible shape, "
        "data.shape={second}"
    ),
    "count-weights": (
        "`count_weights` is not used when `output_mode` is not `'count'`. Received `count_weights={q0}`."
    ),
    "not-adapted": (
        "You need to either pass the `bin_boundaries` argument at construction time or call `adapt(dataset)` before you "
        "can start using the `Discretization` layer."
    ),
    "discretization-adapt": (
        "Cannot adapt a Discretization layer that has been initialized with `bin_boundaries`, use `num_bins` instead."
    ),
    "crossing-no-list": "`HashedCrossing` should be called on a list or tuple of inputs. Received: inputs={q0}",
    "crossing-few": "`HashedCrossing` should be called on at least two inputs. Received: inputs={q0}",
    "crossing-rank": (
        "All `HashedCrossing` inputs should have shape `()`, `(batch_size)` or `(batch_size, 1)`. Received: inputs={q0}"
    ),
    "crossing-unequal": "All `HashedCrossing` inputs should have equal shape. Received: inputs={q0}",
    "crossing-dtype": "All `HashedCrossing` inputs should have an integer or string dtype. Received: inputs={q0}",
    "crossing-two": "Expected as input a list/tuple of 2 tensors. Received input_shape={q0}",
    "crossing-shapes": "Expected the two input tensors to have identical shapes. Received input_shape={q0}",
    "lookup-unset": (
        "When using `output_mode={q0}` and `pad_to_max_tokens=False`, you must set the layer's vocabulary before calling "
        "it. Either pass a `vocabulary` argument to the layer, or call `adapt` with some sample data."
    ),
    "lookup-adapt": (
        "Cannot adapt layer '{q0}' after setting a static vocabulary via `vocabulary` argument or `set_vocabulary()` "
        "method."
    ),
    "text-shape": (
        "When using `TextVectorization` to tokenize strings, the input rank must be 1 or the last shape dimension must "
        "be 1. Received: inputs.shape={first} with rank={q0}"
    ),
}
