"""Convolutions: ``torch.nn.ConvNd`` and ``torch.nn.functional.convNd`` (torch/nn/modules/conv.py)."""

from __future__ import annotations

from typing import Any

from ...dim import Dim, is_dim, surely_less
from ...problems import TorchRefusal
from ...rule import Call, function, phase
from ...shape import Shape
from ...value import Tensor, Value
from .checks import (
    dim_of,
    dims_of,
    fresh,
    is_unknown,
    ntuple,
    ranked,
    refuse,
    unranked,
)
from .conv_settings import check_groups, check_weight, per_group, same_padding_fails, surely_not_one
from .convolution import SPATIAL_SYMBOLS, check_types, convolution, unknown_output
from .machine import module
from .padding import pad_by_mode


@module("torch.nn.Conv1d", spatial=1)
@module("torch.nn.Conv2d", spatial=2)
@module("torch.nn.Conv3d", spatial=3)
def conv(
    input: Tensor, *, in_channels: Dim, out_channels: Dim, kernel_size: Any, stride: Any = 1, padding: Any = 0,
    dilation: Any = 1, groups: Any = 1, bias: Any = True, padding_mode: Any = "zeros", device: Any = None,
    dtype: Any = None, spatial: int,
) -> Tensor:  # fmt: skip
    """(N, C, *spatial) or (C, *spatial), to the same rank; see :func:`convolution` for what raises."""
    weight = _weight(in_channels, out_channels, kernel_size, groups)
    own = None if is_unknown(bias) else dtype
    x, pads, got = input, padding, _got(bias)
    if padding_mode != "zeros":
        known = isinstance(padding_mode, str) and not is_unknown(padding) and len(weight) == spatial + 2
        surround = _surround(padding, kernel_size, dilation) if known else None
        widened = None if surround is None else pad_by_mode(input, surround, padding_mode, spatial)
        if widened is None:
            return Tensor(unknown_output(input, spatial, weight[0]), None, "torch")
        x, pads = widened, (0,) * spatial
    name, count = f"conv{spatial}d", weight[:1] if bias else None
    shape = convolution(name, spatial, x, weight, count, stride, pads, dilation, groups, own, got)
    return Tensor(shape, input.dtype if input.dtype == dtype else None, "torch")


@phase(conv, "constructor")
def construct(
    *, in_channels: Dim, out_channels: Dim, kernel_size: Any, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
    groups: Any = 1, bias: Any = True, padding_mode: Any = "zeros", device: Any = None, dtype: Any = None, spatial: int,
) -> dict[str, Any]:  # fmt: skip
    """The checks of ``_ConvNd.__init__`` in its order; settings become tuples, one item per axis."""
    changed = {
        "kernel_size": ntuple(kernel_size, spatial),
        "stride": ntuple(stride, spatial),
        "padding": padding if isinstance(padding, str) else ntuple(padding, spatial),
        "dilation": ntuple(dilation, spatial),
    }
    check_groups(in_channels, out_channels, groups)
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            refuse(TorchRefusal, "padding-string", ("padding",), value=repr(padding))
        elif padding == "same" and any(surely_not_one(s) for s in changed["stride"]):
            refuse(TorchRefusal, "same-with-stride", ("padding", "stride"))
    if not is_unknown(padding_mode) and padding_mode not in ("zeros", "reflect", "replicate", "circular"):
        refuse(TorchRefusal, "padding-mode", ("padding_mode",), value=str(padding_mode))
    if padding == "same":
        for d, k in zip(changed["dilation"], changed["kernel_size"], strict=False):
            if same_padding_fails(d, k):
                break
    if isinstance(groups, (int, float)) and groups > 0:
        check_weight(
            (out_channels, per_group(in_channels, groups), *changed["kernel_size"]),
            dtype,
            ("out_channels", "in_channels"),
        )
    return changed


@phase(conv, "build")
def weights(
    *, in_channels: Dim, out_channels: Dim, kernel_size: Any, groups: Any = 1, bias: Any = True
) -> dict[str, Shape]:
    """``weight`` (out_channels, in_channels // groups, *kernel_size) and ``bias`` (out_channels,)."""
    weight = _weight(in_channels, out_channels, kernel_size, groups)
    return {"weight": Shape(weight)} | ({"bias": Shape(weight[:1])} if bias and not is_unknown(bias) else {})


@phase(conv, "assume")
def assume(*, in_channels: Dim, spatial: int) -> tuple[Any, ...]:
    """A batch."""
    return ("N", dim_of(in_channels), *SPATIAL_SYMBOLS[spatial])


@phase(conv, "refuse")
def refuse_type(
    input: Value, *, stride: Any = 1, padding: Any = 0, dilation: Any = 1, bias: Any = True, padding_mode: Any = "zeros",
    spatial: int,
) -> None:  # fmt: skip
    """Something that is no tensor."""
    if padding_mode == "zeros" and _got(bias) is not None:
        check_types(f"conv{spatial}d", input, _got(bias) or "", stride, padding, dilation)


@function("torch.nn.functional.conv1d", spatial=1)
@function("torch.nn.functional.conv2d", spatial=2)
@function("torch.nn.functional.conv3d", spatial=3)
@function("torch.conv1d", spatial=1)
@function("torch.conv2d", spatial=2)
@function("torch.conv3d", spatial=3)
def conv_function(
    call: Call, input: Value, weight: Value, bias: Value = None, stride: Value = 1, padding: Value = 0,
    dilation: Value = 1, groups: Value = 1, *, spatial: int,
) -> Value:  # fmt: skip
    """``F.conv2d(input, weight, ...)``: the same checks as the module's, on a weight of the caller's."""
    x, kernel = ranked(input), ranked(weight)
    settings = [tuple(v) if isinstance(v, (list, tuple)) else v for v in (stride, padding, dilation)]
    whole = [v for value in settings for v in (value if isinstance(value, tuple) else (value,))]
    if x is None or kernel is None or not is_dim(groups) or not all(is_dim(v) or isinstance(v, str) for v in whole):
        return unranked(input)
    dims, vector = tuple(dims_of(kernel)), ranked(bias)
    if bias is not None and vector is None:
        return Tensor(unknown_output(x, spatial, fresh("conv", dims)), None, "torch")
    if isinstance(padding, str) and padding not in ("same", "valid"):
        refuse(TorchRefusal, "padding-string-call", ("padding",), value=padding)
        return unranked(input)
    if len(dims) != spatial + 2 or (vector is not None and vector.dtype != kernel.dtype):
        return unranked(input)
    if surely_less(groups, 1):
        if len(dims_of(x)) in (spatial + 1, spatial + 2) and x.dtype == kernel.dtype:
            refuse(TorchRefusal, "groups-not-positive", ("groups",))
        return unranked(input)
    count = None if vector is None else tuple(dims_of(vector))
    name = f"conv{spatial}d"
    strides, pads, dilations = (v if isinstance(v, (tuple, str)) else (v,) * spatial for v in settings)
    shape = convolution(name, spatial, x, dims, count, strides, pads, dilations, groups, kernel.dtype, None)
    return Tensor(shape, x.dtype if x.dtype == kernel.dtype else None, "torch")


def _weight(in_channels: Value, out_channels: Value, kernel_size: Value, groups: Value) -> tuple[Any, ...]:
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,)
    items = (out_channels, per_group(in_channels, groups), *kernel)
    return tuple(dim_of(item, ("weight", position)) for position, item in enumerate(items))


def _surround(padding: Any, kernel: Any, dilation: Any) -> list[tuple[Any, Any]] | None:
    """What ``_reversed_padding_repeated_twice`` holds, axis by axis."""
    if isinstance(padding, tuple):
        return [(p, p) for p in padding]
    if padding == "valid":
        return [(0, 0)] * len(kernel)
    if len(dilation) < len(kernel):
        return None
    found = []
    for d, k in zip(dilation, kernel, strict=False):
        if not is_dim(d) or not is_dim(k):
            return None
        total = d * (k - 1)
        found.append((total // 2, total - total // 2))
    return found


def _got(bias: Value) -> str | None:
    """How the bias prints among the types of a call."""
    if is_unknown(bias):
        return None
    return "Parameter" if bias else "NoneType"
