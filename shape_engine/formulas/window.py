"""Sliding windows: the one place that knows how often a kernel fits."""

from __future__ import annotations

from typing import Any

from ..dim import Dim, derived, is_dim, maximum, surely_less
from ..evidence import formula

SAME, VALID = "same", "valid"


def windows(sizes: tuple[Dim, ...], kernel: Any, stride: Any, padding: Any, dilation: Any) -> tuple[Dim, ...]:
    """How often a kernel fits along every spatial axis.

    A setting is one value for all axes, or one per axis; ``padding`` is "valid", "same" (also
    "causal"), or the number of cells added in all (both sides together).

    >>> windows((224, 224), kernel=3, stride=2, padding=VALID, dilation=1)
    (111, 111)
    >>> windows((64, 64), kernel=3, stride=(2, 1), padding=2, dilation=1)
    (32, 64)
    """
    rank = len(sizes)
    settings = (per_axis(value, rank) for value in (kernel, stride, padding, dilation))
    return tuple(_window(*one) for one in zip(sizes, *settings, strict=True))


def too_big(sizes: tuple[Dim, ...], kernel: Any, padding: Any, dilation: Any) -> bool:
    """Whether the kernel surely spans more than the (padded) input along some axis."""
    if padding == SAME or padding == "causal":
        return False
    rank = len(sizes)
    for size, k, p, d in zip(sizes, *(per_axis(value, rank) for value in (kernel, padding, dilation)), strict=True):
        known = all(map(is_dim, (k, d))) and (p == VALID or is_dim(p))
        if known and surely_less(padded(size, 0 if p == VALID else p), reach(k, d)):
            return True
    return False


def _window(size: Dim, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Dim:
    if not is_dim(stride) or stride == 0:
        return derived("window", size, "stride")
    if padding in (SAME, "causal"):
        return window_same(size, stride)
    if not (is_dim(kernel) and is_dim(dilation) and (padding == VALID or is_dim(padding))):
        return derived("window", size, "kernel")
    whole = size if padding in (VALID, 0) else padded(size, padding)
    return window(whole, reach(kernel, dilation), stride)


@formula
def window(size: Dim, reach: Dim, stride: Dim) -> Dim:
    """How many times a kernel fits, moving ``stride`` cells at a time."""
    return (size - reach) // stride + 1


@formula
def window_same(size: Dim, stride: Dim) -> Dim:
    """One output per ``stride`` cells, the last one padded."""
    return (size + stride - 1) // stride


@formula
def reach(kernel: Dim, dilation: Dim) -> Dim:
    """How many cells a dilated kernel spans."""
    return dilation * (kernel - 1) + 1


@formula
def padded(size: Dim, padding: Dim) -> Dim:
    """The size with the cells that padding adds on both sides together."""
    return size + padding


@formula
def spread(size: Dim, stride: Dim, reach: Dim, output_padding: Dim, padding: Dim) -> Dim:
    """The size that a transposed convolution gives: the window formula solved for its input."""
    return (size - 1) * stride + reach + output_padding - padding


@formula
def spread_valid(size: Dim, stride: Dim, reach: Dim) -> Dim:
    """A 'valid' transposed convolution: never less than ``stride`` cells for each input cell."""
    return size * stride + maximum(reach - stride, 0)


@formula
def spread_same(size: Dim, stride: Dim) -> Dim:
    """A 'same' transposed convolution: ``stride`` cells for each input cell."""
    return size * stride


def per_axis(value: Any, rank: int) -> tuple[Any, ...]:
    """The setting of each axis: a sequence as it is, one value repeated."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * rank
