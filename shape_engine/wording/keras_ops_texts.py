"""The texts of Keras 3 about the tensors that a function of keras.ops refuses, by the ``why`` of RefusedInputs."""

from __future__ import annotations

_RANK = "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of images). Received"
_PARTS = "Input `x` should be a tuple of two tensors - real and imaginary. "
_SOLVE = "Incompatible shapes between `a` and `b`. Expected `a.shape[{0}] == b.shape[{0}]`. Received: "

OPS: dict[str, str] = {
    "average-weights": (
        "`weights` must have the same shape as `x` when `axis=None`, but received `weights.shape={second}` and "
        "`x.shape={first}`."
    ),
    "average-axis": (
        "`weights` must have the same size as `x` at `axis={q0}` but received `weights.shape={second}` while x.shape at "
        "`{q0}` is `{q1}`."
    ),
    "norm-axes": "Invalid axis values. Received: axis={q0}",
    "norm-ord": "Invalid `ord` argument for vector norm. Received: ord={q0}",
    "trace-axes": "`axis1` and `axis2` must be different. Received: axis1={q0}, axis2={q1}",
    "take-along-ranks": "`x` and `indices` must have the same number of dimensions, but receive shape {q0} and {q1}.",
    "take-along-flat": "`indices` must be 1D if axis=None. Received: indices.shape={first}",
    "histogram-rank": "Input tensor must be 1-dimensional. Received: input.shape={first}",
    "slice-shape": (
        "The number of dimensions in `inputs` must match the number of dimensions in `shape`. Received "
        "inputs.shape={first} and shape={q0}"
    ),
    "slice-starts": (
        "The number of dimensions in `start_indices` must match the number of dimensions in `inputs`. Received "
        "start_indices={q0} and inputs.shape={first}"
    ),
    "searchsorted-rank": (
        "searchsorted only supports 1-D sorted sequences. Usekeras.ops.vectorized_map to extend to N-D sequences."
    ),
    "segment-rank": (
        "Argument `segment_ids` should be an 1-D vector, got shape: {q0}. Consider either flatten input with "
        "segment_ids.reshape((-1)) and data.reshape((-1, ) + data.shape[len(segment_ids.shape):]) or vectorize with vmap."
    ),
    "segment-rows": (
        "Argument `segment_ids` and `data` should have same leading dimension. Got {first} v.s. {second}."
    ),
    "dot-vector": (
        "Shape must match on the last axis of `x1` and `x2` when `x1` is N-d array while `x2` is 1-D, but receive shape "
        "`x1.shape={first}` and x2.shape=`{second}`."
    ),
    "dot-matrix": (
        "Shape must match on the last axis of `x1` and second last axis of `x2` when `x1` is N-d array while `x2` is M-D, "
        "but received `x1.shape={first}` and x2.shape=`{second}`."
    ),
    "inner-lengths": (
        "`inner` requires the last dimension of `x1` and `x2` to match. Received: x1.shape={first}, x2.shape={second}."
    ),
    "cross-first": "`x1`'s dim on `axis={{axisa}}` must be either 2 or 3, but received: {q0}",
    "cross-second": "`x2`'s dim on `axis={{axisb}}` must be either 2 or 3, but received: {q0}",
    "tensordot-lengths": "Shape mismatch on `x1[axes[0]]` and `x2[axes[1]]`, received {q0} and {q1}.",
    "cdist-rank": "Inputs to `cdist` must have rank >= 2. Received shapes: x.shape={first}, y.shape={second}",
    "cdist-lengths": (
        "The last dimension of inputs to `cdist` must match. Received shapes: x.shape={first}, y.shape={second}"
    ),
    "cdist-batch": (
        "Batch dimensions of inputs to `cdist` must be broadcastable. Received shapes: x.shape={first}, y.shape={second}"
    ),
    "correlate-rank": "`{q0}` must be a 1-dimensional tensor, but receivedshape {q1}",
    "no-matrix": "Expected input to have rank >= 2. Received input with shape {first}.",
    "not-square": "Expected a square matrix. Received non-square input with shape {first}",
    "solve-rows": _SOLVE.format(-2) + "a.shape={first}, b.shape={second}",
    "solve-columns": _SOLVE.format(-1) + "a.shape={first}, b.shape={second}",
    "lstsq-a": "Expected a to have rank 2. Received: a.shape={first}",
    "lstsq-b": "Expected b to have rank 1 or 2. Received: b.shape={second}",
    "lstsq-rows": ("Expected b.shape[0] to be equal to a.shape[0]. Received: a.shape={first}, b.shape={second}"),
    "rank-one": "Input should have rank >= 1. Received: input.shape = {first}",
    "rank-two": "Input should have rank >= 2. Received: input.shape = {first}",
    "last-open": "Input should have its last dimension fully-defined. Received: input.shape = {first}",
    "last-two-open": "Input should have its last 2 dimensions fully-defined. Received: input.shape = {first}",
    "axes-open": "Input should have its {q0} axes fully-defined. Received: input.shape = {first}",
    "complex-parts": (
        f"{_PARTS}Both the real and imaginary parts should have the same shape. Received: x[0].shape = {{first}}, "
        "x[1].shape = {second}"
    ),
    "kernel-channels": (
        "The number of input channels must match the kernel's input channels. Received: input channels={q0}, kernel input "
        "channels={q1}, data_format='{q2}'."
    ),
    "norm-vector": ("Arguments `{q0}` must be a vector of length `x.shape[axis]`. Expected: `{q1}`. Received: `{q2}."),
    "loss-scalars": (
        "Arguments `target` and `output` must be at least rank 1. Received: target.shape={first}, output.shape={second}"
    ),
    "ctc-rows": (
        "Arguments `{q0}` and `{q1}` must have the same first dimension. Received shapes: `{first}` and `{second}`."
    ),
    "glu-odd": "axis size must be divisible by 2. Received: x.shape={first} with axis={q0}",
    "psnr-ranks": "Inputs must have the same rank",
    "unfold-rank": "Input must be a 4D tensor. Received: input.shape={first}",
    "fold-rank": "Input must be a 3D tensor. Received: input.shape={first}",
    "fold-channels": ("The second dimension of the input ({q0}) must be divisible by kernel_size product ({q1})."),
    "depth-to-space-rank": "`depth_to_space` requires a 4D input tensor. Received: x.shape={first}",
    "space-to-depth-rank": "`space_to_depth` requires a 4D input tensor. Received: x.shape={first}",
    "depth-to-space-channels": "The number of channels ({q0}) must be divisible by block_size**2 ({q1}).",
    "space-to-depth-size": "{q0} ({q1}) must be divisible by block_size ({q2}).",
    "hot-axis": "axis must be -1 or between [0, {q0}), but received {q1}.",
    "resize-size": "Expected `size` to be a tuple of 2 integers. Received: size={q0}",
    "resize-positive": "`size` must have positive height and width. Received: size={q0}",
    "picture-rank": f"{_RANK} input with shape: images.shape={{first}}",
    "image-rank-list": f"{_RANK}: images.shape={{list}}",
    "image-rank-four": "Invalid images rank: expected rank 4 (batch of images). Received: images.shape={list}",
    "image-float": "Invalid images dtype: expected float dtype. Received: images.dtype={q0}",
    "grayscale-channels": (
        "Invalid channel size: expected 3 (RGB) or 1 (Grayscale). Received input with shape: images.shape={first}"
    ),
    "hsv-channels": "Input images must have 3 channels, but received images with {q0} channels.",
    "transform-rank": (
        "Invalid transform rank: expected rank 1 (single transform) or rank 2 (batch of transforms). Received input with "
        "shape: transform.shape={second}"
    ),
    "points": ("Invalid {q0} shape: expected (4,2) for a single image or (N,4,2) for a batch. Received shape: {q1}"),
    "points-differ": (
        "start_points and end_points must have the same shape. Received start_points.shape={first}, end_points.shape={second}"
    ),
    "coordinates-axes": (
        "First dim of `coordinates` must be the same as the rank of `inputs`. Received inputs with shape: {first} and "
        "coordinate leading dim of {q0}"
    ),
    "coordinates-rank": "Invalid coordinates rank: expected at least rank 2. Received input with shape: {q0}",
    "ssim-rank": (
        "Invalid {q0} rank: expected rank 3 (single image) or rank 4 (batch of images). Received input with shape: "
        "{q0}.shape={first}"
    ),
    "two-of-three": ("Must specify exactly two of {q0}, {q2}, {q4}. Received: {q0}={q1}, {q2}={q3}, {q4}={q5}"),
    "margin-negative": "{q0} must be >= 0. Received: {q0}={q1}",
    "diag-rank": "`x` must be 1-D or 2-D, but received shape {first}.",
    "rot90-rank": "Input array must have at least 2 dimensions. Received: array.shape={list}",
    "rot90-axes": "Invalid axes: {q0}. Axes must be a tuple of two different dimensions.",
    "squeeze-eager": "Cannot squeeze axis={q0}, because the dimension is not 1.",
    "attention-rank": (
        "`dot_product_attention` only supports 4D inputs. Received: query.shape={q0}, key.shape={q1}, value.shape={q2}."
    ),
    "append": (
        "`append` requires inputs to have the same shape except the `axis={q0}`, but received shape {first} and {second}."
    ),
    "split-uneven": (
        "`x` size on given `axis` must be divisible by `indices_or_sections` when `indices_or_sections` is an int. But "
        "received {q0} and {q1}."
    ),
    "repeat-length": (
        "Size of `repeats` and dimensions of `axis {q0} of x` should be compatible. Received: {q1} and {list}"
    ),
    "moveaxis-count": (
        "`source` and `destination` arguments must have the same number of elements, but received `source={q0}` and "
        "`destination={q1}`."
    ),
}
