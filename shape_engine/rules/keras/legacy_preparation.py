"""What Keras 2 makes of data that are prepared: the same in graphs and outside of them.

Follows tf_keras/src/layers/preprocessing/{image_preprocessing,preprocessing_utils,index_lookup,text_vectorization}.py.
"""

from __future__ import annotations

from typing import Any

from ...dim import Dim, is_dynamic, surely_differ, surely_equal, surely_less
from ...rule import REGISTRY, phase
from ...shape import AnyShape, Shape
from ...value import Tensor, Unknown
from .categories import bins_of, category_encoding, discretization, hashed_crossing, hashing, listed
from .common import NO_RANK, as_dim, shape_of, shapes_in
from .image_sizes import center_crop, random_crop, resizing
from .images import augmented, resized
from .lookups import depth_of, lookup
from .preprocessing import normalization, rescaling
from .text_vectorization import text_vectorization

_NEWER = """
AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D AdaptiveAveragePooling1D AdaptiveAveragePooling2D
AdaptiveAveragePooling3D Equalization AutoContrast Solarization RandomSharpness RandomSaturation RandomPosterization
RandomInvert RandomHue RandomGrayscale RandomGaussianBlur RandomErasing RandomColorJitter RandomColorDegeneration
RandomElasticTransform RandomPerspective RandomShear ContrastLimitedAdaptiveHistogramEqualization RandAugment AugMix
MixUp CutMix MaxNumBoundingBoxes Pipeline ReversibleEmbedding STFTSpectrogram MelSpectrogram GroupQueryAttention
GroupedQueryAttention
"""
REGISTRY.absent["tf_keras"] |= {f"keras.layers.{name}" for name in _NEWER.split()}


@phase(augmented, "tf_keras.call")
def augmented_by_keras_2(inputs: Any, training: Any = True, *, data_format: Any = None, name: str) -> Any:
    """Pictures keep their shape."""
    return _pictures(inputs, None, data_format, name)


@phase(resizing, "tf_keras.call")
@phase(center_crop, "tf_keras.call")
@phase(random_crop, "tf_keras.call")
def sized_by_keras_2(
    inputs: Any, training: Any = True, *, height: Any, width: Any, data_format: Any = None, name: str
) -> Any:
    """Pictures of this size, whether the layer trains or not."""
    return _pictures(inputs, (height, width), data_format, name)


@phase(category_encoding, "tf_keras.call")
def categories_of_keras_2(
    inputs: Any, count_weights: Any = None, *, num_tokens: Any, output_mode: Any, name: str
) -> Any:
    """A vector of 0 and 1, or of counts."""
    return _encoded(shape_of(listed(inputs)), output_mode, as_dim(num_tokens, "num_tokens", name))


@phase(discretization, "tf_keras.call")
def bins_of_keras_2(inputs: Any, *, bin_boundaries: Any, num_bins: Any, output_mode: Any, name: str) -> Any:
    """The number of a bin, or a vector."""
    return _encoded(shape_of(listed(inputs)), output_mode, bins_of(bin_boundaries, num_bins, name))


@phase(hashing, "tf_keras.call")
def hashes_of_keras_2(inputs: Any, *, num_bins: Any, output_mode: Any, name: str) -> Any:
    """The number of a bin, or a vector."""
    return _encoded(shape_of(listed(inputs)), output_mode, as_dim(num_bins, "num_bins", name))


@phase(hashed_crossing, "tf_keras.call")
def crossing_of_keras_2(inputs: Any, *, num_bins: Any, output_mode: Any, name: str) -> Any:
    """Features of one entry each."""
    shapes = shapes_in(inputs)
    fits = shapes and len(shapes) > 1 and all(len(s) == len(shapes[0]) <= 2 for s in shapes)
    if not shapes or not fits or (len(shapes[0]) == 2 and not surely_equal(shapes[0][1], 1)):
        return NO_RANK
    return _encoded(shapes[0], output_mode, as_dim(num_bins, "num_bins", name))


@phase(lookup, "tf_keras.call")
def places_of_keras_2(
    inputs: Any,
    *,
    max_tokens: Any,
    num_oov_indices: Any,
    mask_token: Any,
    oov_token: Any,
    vocabulary: Any,
    output_mode: Any,
    pad_to_max_tokens: Any,
    name: str,
    adapted: Any = None,
) -> Any:
    """Places, or vectors as long as the vocabulary."""
    depth = depth_of(max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, output_mode, pad_to_max_tokens, adapted, name)  # fmt: skip
    mode = "count" if output_mode == "tf_idf" else output_mode
    return _encoded(shape_of(listed(inputs)), mode, depth)


@phase(text_vectorization, "tf_keras.call")
def texts_of_keras_2(
    inputs: Any,
    *,
    max_tokens: Any,
    split: Any,
    ngrams: Any,
    output_mode: Any,
    output_sequence_length: Any,
    pad_to_max_tokens: Any,
    vocabulary: Any,
    ragged: Any,
    name: str,
    adapted: Any = None,
) -> Any:
    """What Keras 3 makes of numbers."""
    shape = shape_of(listed(inputs))
    if shape is None or not 1 <= len(shape) <= 2 or split != "whitespace":
        return NO_RANK
    found = text_vectorization(
        inputs,
        max_tokens=max_tokens,
        split=split,
        ngrams=ngrams,
        output_mode=output_mode,
        output_sequence_length=output_sequence_length,
        pad_to_max_tokens=pad_to_max_tokens,
        vocabulary=vocabulary,
        ragged=ragged,
        name=name,
        eager=True,
        adapted=adapted,
    )
    return Tensor(found.shape, None, "") if isinstance(found, Tensor) else found


@phase(rescaling, "tf_keras.call")
def rescaled_by_keras_2(inputs: Any, *, scale: Any, offset: Any) -> Any:
    """What Keras 3 makes of numbers."""
    return rescaling(inputs, scale=scale, offset=offset, eager=True, layout="channels_last")


@phase(normalization, "tf_keras.call")
def normalized_by_keras_2(inputs: Any, *, axis: Any, built_on: Any = None) -> Any:
    """What Keras 3 makes of numbers."""
    return normalization(inputs, axis=axis, eager=True, built_on=built_on)


def _pictures(inputs: Any, size: tuple[Any, Any] | None, data_format: Any, name: str) -> Any:
    shape = shape_of(inputs)
    if shape is None or len(shape) not in (3, 4) or data_format not in (None, "channels_last"):
        return Unknown("pictures in a dict") if isinstance(inputs, dict) else NO_RANK
    if size is None:
        return Tensor(shape, None, "")
    if any(surely_less(dim, 1) for dim in (*size, *shape)):
        return NO_RANK
    return Tensor(resized(shape, *size, "channels_last", name), None, "")


def _encoded(shape: Shape | None, mode: Any, depth: Dim | None) -> Any:
    """``encode_categorical_inputs``: two axes at most."""
    if shape is None or not isinstance(mode, str):
        return NO_RANK
    if mode == "int":
        return Tensor(shape, None, "")
    if not shape or depth is None:
        return NO_RANK
    if mode == "one_hot" and not surely_equal(shape[-1], 1):
        if not is_dynamic(shape[-1]) and not surely_differ(shape[-1], 1):
            return NO_RANK
        shape = Shape((*shape, 1))
    result: AnyShape = Shape((depth,)) if len(shape) == 1 else Shape((shape[0], depth)) if len(shape) == 2 else NO_RANK
    return Tensor(result, None, "")
