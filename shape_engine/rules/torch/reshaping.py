"""Modules and functions that move, add or drop cells: Flatten, pads, Upsample, PixelShuffle (torch/nn/modules)."""

from __future__ import annotations

import math
from typing import Any

from ...dim import is_dim, surely_less, surely_no_multiple
from ...formulas.creation import flat
from ...formulas.join import extended
from ...problems import TorchNoSuchItem, TorchRefusal, TorchShapeMismatch, TorchWindowTooBig, TorchWrongRank
from ...rule import Call, function, phase
from ...shape import AnyShape, Shape, Unranked
from ...value import Tensor, Value
from .checks import dim_of, dims_of, fresh, is_int, is_unknown, ranked, refuse, unranked
from .machine import module
from .padding import pad_by_mode
from .view import flat_axes, split_axis


@module("torch.nn.Flatten")
def flatten(input: Tensor, *, start_dim: Any = 1, end_dim: Any = -1) -> AnyShape:
    """The axes from ``start_dim`` to ``end_dim`` made one."""
    return input.shape if isinstance(input.shape, Unranked) else flat_axes(input, start_dim, end_dim).shape


@module("torch.nn.Unflatten")
def unflatten(input: Tensor, *, dim: Any, unflattened_size: Any) -> AnyShape:
    """One axis made several."""
    return input.shape if isinstance(input.shape, Unranked) else split_axis(input, dim, unflattened_size).shape


@module("torch.nn.ZeroPad1d", init="ZeroPad1d", owner="_ConstantPadNd", mode="constant", spatial=1)
@module("torch.nn.ZeroPad2d", init="ZeroPad2d", owner="_ConstantPadNd", mode="constant", spatial=2)
@module("torch.nn.ZeroPad3d", init="ZeroPad3d", owner="_ConstantPadNd", mode="constant", spatial=3)
@module("torch.nn.ReflectionPad1d", owner="_ReflectionPadNd", mode="reflect", spatial=1)
@module("torch.nn.ReflectionPad2d", owner="_ReflectionPadNd", mode="reflect", spatial=2)
@module("torch.nn.ReflectionPad3d", owner="_ReflectionPadNd", mode="reflect", spatial=3)
@module("torch.nn.ReplicationPad1d", owner="_ReplicationPadNd", mode="replicate", spatial=1)
@module("torch.nn.ReplicationPad2d", owner="_ReplicationPadNd", mode="replicate", spatial=2)
@module("torch.nn.ReplicationPad3d", owner="_ReplicationPadNd", mode="replicate", spatial=3)
@module("torch.nn.CircularPad1d", owner="_CircularPadNd", mode="circular", spatial=1)
@module("torch.nn.CircularPad2d", owner="_CircularPadNd", mode="circular", spatial=2)
@module("torch.nn.CircularPad3d", owner="_CircularPadNd", mode="circular", spatial=3)
def pad(input: Tensor, *, padding: Any, mode: str, spatial: int) -> AnyShape:
    """One number for all sides, or (left, right, top, bottom, ...)."""
    sides = tuple(padding) if isinstance(padding, (tuple, list)) else (padding,) * (2 * spatial)
    return padded_by(input, sides, mode)


@module("torch.nn.ConstantPad1d", owner="_ConstantPadNd", spatial=1)
@module("torch.nn.ConstantPad2d", owner="_ConstantPadNd", spatial=2)
@module("torch.nn.ConstantPad3d", owner="_ConstantPadNd", spatial=3)
def constant_pad(input: Tensor, *, padding: Any, value: Any, spatial: int) -> AnyShape:
    """As :func:`pad`, filled with ``value``."""
    return pad(input, padding=padding, mode="constant", spatial=spatial)


@function("torch.nn.functional.pad")
def pad_function(call: Call, input: Value, pad: Value, mode: Value = "constant", value: Value = None) -> Value:
    """``pad`` counts from the last axis: (left, right, top, bottom, ...)."""
    x = ranked(input)
    if x is None or not isinstance(pad, (tuple, list)) or not isinstance(mode, str):
        return unranked(input)
    return Tensor(padded_by(x, tuple(pad), mode), x.dtype, "torch")


def padded_by(x: Tensor, sides: tuple[Any, ...], mode: str) -> AnyShape:
    """The padded shape; RuntimeError for sides that do not come in pairs, or that leave nothing."""
    if isinstance(x.shape, Unranked):
        return x.shape
    rank = len(x.shape)
    if len(sides) % 2:
        refuse(TorchRefusal, "pad-pairs", ("pad", "padding"))
        return Unranked("sides that come in no pairs")
    if len(sides) > 2 * rank:
        refuse(TorchWrongRank, "pad-rank", ("pad", "padding", "input"), count=len(sides), rank=rank)
        return Unranked("more sides than the input has")
    pairs = [(sides[i], sides[i + 1]) for i in range(0, len(sides), 2)][::-1]
    lead = rank - len(pairs)
    if mode != "constant":
        widened = pad_by_mode(x, pairs, mode, len(pairs)) if rank in (len(pairs) + 1, len(pairs) + 2) else None
        if widened is not None:
            return widened.shape
        return Shape((*x.shape[:lead], *(fresh("pad", x.shape, axis) for axis in range(len(pairs)))))
    dims = []
    for n, (before, after) in zip(x.shape[lead:], pairs, strict=True):
        dims.append(
            extended(n, before, after) if is_dim(before) and is_dim(after) else fresh("pad", n, repr((before, after)))
        )
    if any(surely_less(n, 0) for n in dims):
        first = next(i for i, n in enumerate(dims) if surely_less(n, 0))
        if (all(is_int(s) and s <= 0 for s in sides) and sum(1 for s in sides if s) == 1) or len(set(sides)) == 1:
            refuse(TorchWindowTooBig, "pad-negative", ("pad", "padding", "input"))
        dims[first] = fresh("pad", x.shape, first)
        dims = [fresh("pad", x.shape, i) if surely_less(n, 0) else n for i, n in enumerate(dims)]
    for axis, (n, sides_here) in enumerate(zip(x.shape[lead:], pairs, strict=True)):
        if is_int(n) and all(map(is_int, sides_here)) and n + sum(side for side in sides_here if side < 0) < 0:
            dims[axis] = fresh("pad", x.shape, axis)  # (cropped by more than there is, before it is padded)
    return Shape((*x.shape[:lead], *dims))


@module("torch.nn.Upsample")
def upsample(
    input: Tensor, *, size: Any = None, scale_factor: Any = None, mode: Any = "nearest", align_corners: Any = None,
    recompute_scale_factor: Any = None,
) -> AnyShape:  # fmt: skip
    """(N, C, *spatial) with other lengths."""
    return resized(input, size, scale_factor, mode)


@module("torch.nn.UpsamplingNearest2d", owner="Upsample", mode="nearest")
@module("torch.nn.UpsamplingBilinear2d", owner="Upsample", mode="bilinear")
def upsample_2d(input: Tensor, *, size: Any = None, scale_factor: Any = None, mode: str) -> AnyShape:
    """(N, C, height, width) with other lengths."""
    return resized(input, size, scale_factor, mode)


@phase(upsample, "assume")
@phase(upsample_2d, "assume")
def assume_nothing() -> None:
    """Any input."""


@function("torch.nn.functional.interpolate")
@function("torch.nn.functional.upsample")
def interpolate(
    call: Call, input: Value, size: Value = None, scale_factor: Value = None, mode: Value = "nearest",
    align_corners: Value = None, recompute_scale_factor: Value = None, antialias: Value = False,
) -> Value:  # fmt: skip
    """(N, C, *spatial) with other lengths."""
    x = ranked(input)
    return unranked(input) if x is None else Tensor(resized(x, size, scale_factor, mode), x.dtype, "torch")


NEEDED_RANK = {"linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5}


def resized(x: Tensor, size: Any, scale: Any, mode: Any) -> AnyShape:
    """``size`` as it is, or the lengths times ``scale``, rounded down; the checks of ``interpolate`` in its order."""
    if isinstance(x.shape, Unranked):
        return x.shape
    spatial = len(x.shape) - 2
    if any(map(is_unknown, (size, scale))):
        return Shape((*x.shape[:2], *(fresh("resize", x.shape, axis) for axis in range(spatial))))
    if size is not None and scale is not None:
        refuse(TorchRefusal, "resize-both", ("size", "scale_factor"))
        return Unranked("both size and scale_factor")
    if size is None and scale is None:
        refuse(TorchRefusal, "resize-none", ("size", "scale_factor"))
        return Unranked("neither size nor scale_factor")
    given = size if size is not None else scale
    if isinstance(given, (tuple, list)) and len(given) != spatial:
        facts = {"lengths": tuple(x.shape[2:]), "wanted": tuple(given)}
        check = "resize-size" if size is not None else "resize-scale"
        refuse(TorchShapeMismatch, check, ("size" if size is not None else "scale_factor", "input"), **facts)
        return Unranked("a size for another number of axes")
    needed = NEEDED_RANK.get(mode) if isinstance(mode, str) else None
    rank = len(x.shape)
    if needed is not None and rank != needed and rank in (3, 4, 5):
        if mode != "bicubic":
            refuse(TorchWrongRank, "resize-rank", ("mode", "input"), rank=rank, mode=mode, needed=needed)
        return Unranked("a mode for another number of axes")
    if rank not in (3, 4, 5):
        return Unranked("no batch of images")
    each = tuple(given) if isinstance(given, (tuple, list)) else (given,) * spatial
    if size is not None:
        dims = [n if is_dim(n) else fresh("resize", repr(n), axis) for axis, n in enumerate(each)]
    else:
        dims = [_scaled(n, factor, axis) for axis, (n, factor) in enumerate(zip(x.shape[2:], each, strict=True))]
    if 0 in (*x.shape[1:], *dims):
        return Unranked("resizing nothing, or to nothing, is not modelled")
    return Shape((*x.shape[:2], *dims))


def _scaled(length: Any, factor: Any, axis: int) -> Any:
    if isinstance(factor, float) and factor.is_integer():
        factor = int(factor)
    if is_dim(factor):
        return length * factor
    if isinstance(factor, float) and is_int(length):
        return math.floor(float(length) * factor)
    if isinstance(factor, float) and factor > 0 and (1 / factor).is_integer():
        return length // int(1 / factor)
    return fresh("scale", length, repr(factor), axis)


@module("torch.nn.PixelShuffle")
def pixel_shuffle(input: Tensor, *, upscale_factor: Any) -> AnyShape:
    """(*, C * r * r, H, W) to (*, C, H * r, W * r)."""
    return shuffled(input, upscale_factor)


@module("torch.nn.PixelUnshuffle")
def pixel_unshuffle(input: Tensor, *, downscale_factor: Any) -> AnyShape:
    """(*, C, H * r, W * r) to (*, C * r * r, H, W)."""
    return unshuffled(input, downscale_factor)


@function("torch.nn.functional.pixel_shuffle")
def pixel_shuffle_function(call: Call, input: Value, upscale_factor: Value) -> Value:
    """See :func:`pixel_shuffle`."""
    x = ranked(input)
    return unranked(input) if x is None else Tensor(shuffled(x, upscale_factor), x.dtype, "torch")


@function("torch.nn.functional.pixel_unshuffle")
def pixel_unshuffle_function(call: Call, input: Value, downscale_factor: Value) -> Value:
    """See :func:`pixel_unshuffle`."""
    x = ranked(input)
    return unranked(input) if x is None else Tensor(unshuffled(x, downscale_factor), x.dtype, "torch")


def shuffled(x: Tensor, factor: Any) -> AnyShape:
    """RuntimeError where the square of the factor does not divide the channels."""
    if isinstance(x.shape, Unranked) or len(x.shape) < 3 or not is_int(factor) or factor < 1 or 0 in x.shape:
        return Unranked("the input is not known")
    *lead, channels, height, width = x.shape
    square = factor * factor
    if surely_no_multiple(channels, square):
        refuse(TorchShapeMismatch, "pixel-shuffle", ("input", "upscale_factor"), channels=channels, square=square)
        return Shape((*lead, fresh("shuffle", x.shape), height * factor, width * factor))
    return Shape((*lead, channels // square, height * factor, width * factor))


def unshuffled(x: Tensor, factor: Any) -> AnyShape:
    """RuntimeError where the factor does not divide height or width."""
    if isinstance(x.shape, Unranked) or len(x.shape) < 3 or not is_int(factor) or factor < 1 or 0 in x.shape:
        return Unranked("the input is not known")
    *lead, channels, height, width = x.shape
    for name, axis, n in ("height", -2, height), ("width", -1, width):
        if surely_no_multiple(n, factor):
            refuse(
                TorchShapeMismatch,
                "pixel-unshuffle",
                ("input", "downscale_factor"),
                name=name,
                axis=axis,
                size=n,
                factor=factor,
            )
            break
    return Shape((*lead, channels * factor * factor, height // factor, width // factor))


@module("torch.nn.ChannelShuffle", keeps=True)
def channel_shuffle(input: Tensor, *, groups: Any) -> AnyShape:
    """The same shape."""
    return input.shape


@module("torch.nn.Embedding")
def embedding(
    input: Tensor, *, num_embeddings: Any, embedding_dim: Any, padding_idx: Any = None, max_norm: Any = None,
    norm_type: Any = 2.0, scale_grad_by_freq: Any = False, sparse: Any = False, _weight: Any = None,
    _freeze: Any = False, device: Any = None, dtype: Any = None,
) -> Tensor:  # fmt: skip
    """(*) whole numbers to (*, embedding_dim)."""
    if input.dtype is not None and input.dtype not in ("int64", "int32"):
        names = {"float32": "Float", "float64": "Double"}
        check = "embedding-dtype" if input.dtype in names else "embedding-dtype-of"
        refuse(TorchRefusal, check, ("input",), type=names.get(input.dtype, ""))
    own = dtype if isinstance(dtype, str) else None
    numbers = flat(input.constant) if input.constant is not None else []
    if is_int(num_embeddings) and any(is_int(n) and not 0 <= n < num_embeddings for n in numbers):
        refuse(TorchNoSuchItem, "embedding-index", ("input", "num_embeddings"))
    if isinstance(input.shape, Unranked):
        from .trailing import Trailing

        return Tensor(Trailing("any axes may stand in front", (dim_of(embedding_dim),)), own, "torch")
    return Tensor(Shape((*input.shape, dim_of(embedding_dim))), own, "torch")


@phase(embedding, "constructor")
def check_embedding(*, num_embeddings: Any, embedding_dim: Any, padding_idx: Any = None) -> dict[str, Any]:
    """AssertionError for a padding index outside."""
    if is_int(padding_idx) and is_int(num_embeddings) and not -num_embeddings <= padding_idx < num_embeddings:
        refuse(TorchRefusal, "embedding-padding", ("padding_idx",))
    return {}


@phase(embedding, "build")
def embedding_weights(*, num_embeddings: Any, embedding_dim: Any) -> dict[str, Shape]:
    """One row for each thing."""
    return {"weight": Shape((dim_of(num_embeddings, "rows"), dim_of(embedding_dim, "columns")))}


@function("torch.nn.functional.one_hot")
def one_hot(call: Call, tensor: Value, num_classes: Value = -1) -> Value:
    """A new last axis of the number of classes."""
    x = ranked(tensor)
    if x is None:
        return unranked(None)
    count = num_classes if is_dim(num_classes) and num_classes != -1 else fresh("one_hot", x.shape, repr(num_classes))
    numbers = flat(x.constant) if x.constant is not None else []
    if is_int(num_classes) and num_classes > 0 and any(is_int(n) and n >= num_classes for n in numbers):
        refuse(TorchNoSuchItem, "one-hot", ("tensor", "num_classes"))
    return Tensor(Shape((*dims_of(x), count)), "int64", "torch")


@function("torch.nn.functional.embedding")
def embedding_function(call: Call, input: Value, weight: Value, *args: Value, **kwargs: Value) -> Value:
    """(*) whole numbers to (*, columns of the weight)."""
    x, rows = ranked(input), ranked(weight)
    if x is None or rows is None or rows.rank != 2:
        return unranked(None)
    return Tensor(Shape((*dims_of(x), dims_of(rows)[1])), rows.dtype, "torch")
