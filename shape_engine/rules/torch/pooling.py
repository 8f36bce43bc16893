"""Pooling (torch/nn/modules/pooling.py, aten Pool.h)."""

from __future__ import annotations

from typing import Any

from ...dim import Dim, is_dim, surely_equal, surely_less
from ...evidence import formula
from ...formulas.window import windows
from ...problems import TorchRefusal, TorchShapeMismatch, TorchWindowTooBig, TorchWrongRank
from ...rule import Call, function
from ...shape import AnyShape, Shape, Unranked
from ...value import Tensor, Unknown, Value
from .checks import FLOATING, INTEGRAL, fresh, is_unknown, ranked, refuse, unranked
from .machine import module


@module("torch.nn.MaxPool1d", init="_MaxPoolNd", spatial=1)
@module("torch.nn.MaxPool2d", init="_MaxPoolNd", spatial=2)
@module("torch.nn.MaxPool3d", init="_MaxPoolNd", spatial=3)
def max_pool(
    input: Tensor, *, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    return_indices: Any = False, ceil_mode: Any = False, spatial: int,
) -> Any:  # fmt: skip
    """(N, C, *) or (C, *) to the same rank; with ``return_indices`` a pair."""
    shape = pooled(f"max_pool{spatial}d", spatial, input, kernel_size, stride, padding, dilation, ceil_mode)
    if return_indices is False:
        return Tensor(shape, input.dtype, "torch")
    if return_indices is True:
        return Tensor(shape, input.dtype, "torch"), Tensor(shape, "int64", "torch")
    return Unknown("one result or two")


@module("torch.nn.AvgPool1d", neutral=("count_include_pad",), spatial=1)
@module("torch.nn.AvgPool2d", neutral=("count_include_pad", "divisor_override"), spatial=2)
@module("torch.nn.AvgPool3d", neutral=("count_include_pad", "divisor_override"), spatial=3)
def avg_pool(
    input: Tensor, *, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: Any = False, spatial: int
) -> AnyShape:
    """(N, C, *) or (C, *) to the same rank."""
    return pooled(f"avg_pool{spatial}d", spatial, input, kernel_size, stride, padding, 1, ceil_mode)


def pooled(
    name: str, spatial: int, x: Tensor, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: Any
) -> AnyShape:
    """What is left after pooling; the checks in the order of aten."""
    shape = x.shape
    stride = kernel if stride is None or stride in ((), []) else stride
    if isinstance(shape, Unranked) or any(is_unknown(v) for v in (kernel, stride, padding, dilation)):
        return _unknown(shape, spatial)
    whole_numbers = x.dtype in INTEGRAL and name in ("max_pool2d", "max_pool3d")
    if x.dtype is not None and x.dtype not in FLOATING and not whole_numbers:
        return _unknown(shape, spatial)
    if len(shape) not in (spatial + 1, spatial + 2):
        _refuse_rank(name, shape, padding == 0 and stride != 0)
        return Unranked("the input of a pooling has the wrong rank")
    settings = []
    for what, value in (("kernel_size", kernel), ("stride", stride), ("padding", padding), ("dilation", dilation)):
        values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
        if len(values) == 1:
            values *= spatial
        if len(values) != spatial:
            if spatial == 2 and what == "kernel_size":
                refuse(TorchRefusal, "pool-setting", (what,), name=name, what=what)
            return _unknown(shape, spatial)
        if not all(map(is_dim, values)):
            return _unknown(shape, spatial)
        settings.append(values)
    kernels, strides, pads, dilations = settings
    lengths = shape[-spatial:]
    if any(surely_equal(s, 0) for s in strides):
        if spatial == 2:
            refuse(TorchRefusal, "pool-stride", ("stride",))
        return _unknown(shape, spatial)
    if any(surely_less(v, 1) for v in (*kernels, *strides, *dilations)) or any(surely_less(p, 0) for p in pads):
        return _unknown(shape, spatial)
    for k, p, d in zip(kernels, pads, dilations, strict=True):
        if all(isinstance(v, int) for v in (k, p, d)) and p > (d * (k - 1) + 1) // 2:
            facts = {"pad": p, "kernel": k, "dilation": d}
            if spatial == 2:
                refuse(TorchRefusal, "pool-padding", ("padding", "kernel_size"), **facts)
            return _unknown(shape, spatial)
    if any(surely_less(n, 1) for n in shape[1 if len(shape) == spatial + 2 else 0 :]):
        if spatial == 2:
            refuse(TorchShapeMismatch, "pool-empty", ("input",), shape=shape)
        return _unknown(shape, spatial)
    if ceil is False:
        fits = windows(tuple(lengths), kernels, strides, tuple(2 * p for p in pads), dilations)
    elif ceil is True and all(isinstance(v, int) for v in (*lengths, *kernels, *strides, *pads, *dilations)):
        fits = tuple(map(window_ceil, lengths, kernels, strides, pads, dilations))
    else:
        return _unknown(shape, spatial)
    if any(surely_less(n, 1) for n in fits):
        planes = shape[-spatial - 1]
        before, after = (
            ((planes, *lengths), (planes, *fits)) if spatial > 1 else ((planes, 1, *lengths), (planes, 1, *fits))
        )
        check = {"max_pool1d": "pool-too-small-1d", "avg_pool3d": "pool-too-small-of"}.get(name, "pool-too-small")
        refuse(TorchWindowTooBig, check, ("kernel_size", "input"), before=before, after=after, size=fits[0])
        return _unknown(shape, spatial)
    return Shape((*shape[:-spatial], *fits))


@formula
def window_ceil(size: Dim, kernel: Dim, stride: Dim, padding: Dim, dilation: Dim) -> Dim:
    """Also a window that hangs over the end counts, if it starts inside the input or its left padding."""
    return _started(-((size + 2 * padding - dilation * (kernel - 1) - 1) // -stride) + 1, size, stride, padding)


def _started(count: Any, size: Any, stride: Any, padding: Any) -> Any:
    return count - 1 if (count - 1) * stride >= size + padding else count


@module("torch.nn.AdaptiveAvgPool1d", init="_AdaptiveAvgPoolNd", spatial=1)
@module("torch.nn.AdaptiveAvgPool2d", init="_AdaptiveAvgPoolNd", spatial=2)
@module("torch.nn.AdaptiveAvgPool3d", init="_AdaptiveAvgPoolNd", spatial=3)
def adaptive_avg_pool(input: Tensor, *, output_size: Any, spatial: int) -> AnyShape:
    """(*, *output_size): None keeps a length."""
    return adapted(input, output_size, spatial)


@module("torch.nn.AdaptiveMaxPool1d", init="_AdaptiveMaxPoolNd", spatial=1)
@module("torch.nn.AdaptiveMaxPool2d", init="_AdaptiveMaxPoolNd", spatial=2)
@module("torch.nn.AdaptiveMaxPool3d", init="_AdaptiveMaxPoolNd", spatial=3)
def adaptive_max_pool(input: Tensor, *, output_size: Any, return_indices: Any = False, spatial: int) -> Any:
    """(*, *output_size): None keeps a length."""
    shape = adapted(input, output_size, spatial)
    return shape if return_indices is False else Unknown("two results")


def adapted(x: Tensor, output_size: Any, spatial: int) -> AnyShape:
    """The input with other lengths; nothing is checked here."""
    if isinstance(x.shape, Unranked) or len(x.shape) < spatial:
        return Unranked("the rank of the input is not known")
    wanted = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * spatial
    if len(wanted) != spatial or len(x.shape) > spatial + 2:
        return Unranked("the size of the output is not known")
    lengths = x.shape[len(x.shape) - spatial :]
    if 0 in x.shape and spatial != 2:
        return Unranked("pooling nothing is not modelled")
    dims = [
        n if w is None else w if is_dim(w) else fresh("adaptive", n, repr(w))
        for n, w in zip(lengths, wanted, strict=True)
    ]
    return Shape((*x.shape[: len(x.shape) - spatial], *dims))


@function("torch.nn.functional.max_pool1d", spatial=1)
@function("torch.nn.functional.max_pool2d", spatial=2)
@function("torch.nn.functional.max_pool3d", spatial=3)
@function("torch.max_pool2d", spatial=2)
def max_pool_function(
    call: Call, input: Value, kernel_size: Value, stride: Value = None, padding: Value = 0, dilation: Value = 1,
    ceil_mode: Value = False, return_indices: Value = False, *, spatial: int,
) -> Value:  # fmt: skip
    """See :func:`max_pool`."""
    x = ranked(input)
    if x is None or return_indices is not False:
        return unranked(input) if return_indices is False else Unknown("two results")
    return Tensor(
        pooled(f"max_pool{spatial}d", spatial, x, kernel_size, stride, padding, dilation, ceil_mode), x.dtype, "torch"
    )


@function("torch.nn.functional.avg_pool1d", spatial=1)
@function("torch.nn.functional.avg_pool2d", spatial=2)
@function("torch.nn.functional.avg_pool3d", spatial=3)
def avg_pool_function(
    call: Call, input: Value, kernel_size: Value, stride: Value = None, padding: Value = 0, ceil_mode: Value = False,
    count_include_pad: Value = True, divisor_override: Value = None, *, spatial: int,
) -> Value:  # fmt: skip
    """See :func:`avg_pool`."""
    x = ranked(input)
    if x is None:
        return unranked(input)
    return Tensor(
        pooled(f"avg_pool{spatial}d", spatial, x, kernel_size, stride, padding, 1, ceil_mode), x.dtype, "torch"
    )


@function("torch.nn.functional.adaptive_avg_pool1d", spatial=1)
@function("torch.nn.functional.adaptive_avg_pool2d", spatial=2)
@function("torch.nn.functional.adaptive_avg_pool3d", spatial=3)
@function("torch.nn.functional.adaptive_max_pool1d", spatial=1)
@function("torch.nn.functional.adaptive_max_pool2d", spatial=2)
@function("torch.nn.functional.adaptive_max_pool3d", spatial=3)
def adaptive_function(
    call: Call, input: Value, output_size: Value, return_indices: Value = False, *, spatial: int
) -> Value:
    """See :func:`adaptive_avg_pool`."""
    x = ranked(input)
    if x is None or return_indices is not False:
        return unranked(input) if return_indices is False else Unknown("two results")
    return Tensor(adapted(x, output_size, spatial), x.dtype, "torch")


def _refuse_rank(name: str, shape: Shape, settings_fit: bool) -> None:
    if name == "max_pool2d":
        refuse(TorchWrongRank, "max-pool2d-rank", ("input",))
    elif name == "avg_pool2d" and len(shape) > 4 and settings_fit:
        refuse(TorchShapeMismatch, "pool-empty", ("input",), shape=shape)


def _unknown(shape: AnyShape, spatial: int) -> AnyShape:
    if isinstance(shape, Unranked) or len(shape) not in (spatial + 1, spatial + 2):
        return Unranked("the rank of the input is not known")
    return Shape((*shape[:-spatial], *(fresh("pool", shape, axis) for axis in range(spatial))))
