"""Transposed convolutions (torch/nn/modules/conv.py, aten ConvolutionTranspose)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dim import Dim, is_dim, surely_differ, surely_less
from ...evidence import report
from ...formulas.window import reach, spread
from ...problems import ChannelMismatch, NotPositive, TorchRefusal, TorchShapeMismatch, TorchWindowTooBig, WrongRank
from ...rule import Call, function, phase
from ...shape import AnyShape, Shape, Unranked
from ...value import Tensor, Value
from .checks import dim_of, dims_of, is_int, is_unknown, ntuple, ranked, refuse, unranked
from .conv_settings import check_groups, check_weight, per_group
from .convolution import SPATIAL_SYMBOLS, per_axis, unknown_output
from .machine import module


@module("torch.nn.ConvTranspose1d", spatial=1)
@module("torch.nn.ConvTranspose2d", spatial=2)
@module("torch.nn.ConvTranspose3d", spatial=3)
def conv_transpose(
    input: Tensor, output_size: Any = None, *, in_channels: Dim, out_channels: Dim, kernel_size: Any, stride: Any = 1,
    padding: Any = 0, output_padding: Any = 0, groups: Any = 1, bias: Any = True, dilation: Any = 1,
    padding_mode: Any = "zeros", device: Any = None, dtype: Any = None, spatial: int,
) -> Tensor:  # fmt: skip
    """(N, C, *spatial) or (C, *spatial), to the same rank; ``output_size`` chooses among the sizes that fit."""
    weight = _weight(in_channels, out_channels, kernel_size, groups)
    own = None if is_unknown(bias) else dtype
    found = None if is_unknown(groups) else input.dtype if input.dtype == dtype else None
    if output_size is not None:
        shape = _sized(input, output_size, kernel_size, stride, padding, dilation, spatial, dim_of(out_channels))
        return Tensor(shape, found, "torch")
    shape = transposed(
        f"conv_transpose{spatial}d",
        spatial,
        input,
        weight,
        dim_of(out_channels),
        stride,
        padding,
        output_padding,
        dilation,
        own,
    )
    return Tensor(shape, found, "torch")


@phase(conv_transpose, "constructor")
def construct(
    *, in_channels: Dim, out_channels: Dim, kernel_size: Any, stride: Any = 1, padding: Any = 0,
    output_padding: Any = 0, groups: Any = 1, bias: Any = True, dilation: Any = 1, padding_mode: Any = "zeros",
    device: Any = None, dtype: Any = None, spatial: int,
) -> dict[str, Any]:  # fmt: skip
    """The checks of ``_ConvTransposeNd.__init__`` in its order; settings become tuples."""
    if not is_unknown(padding_mode) and padding_mode != "zeros":
        refuse(TorchRefusal, "padding-mode-transposed", ("padding_mode",), layer=f"ConvTranspose{spatial}d")
    check_groups(in_channels, out_channels, groups)
    settings = {
        "kernel_size": kernel_size,
        "stride": stride,
        "padding": padding,
        "output_padding": output_padding,
        "dilation": dilation,
    }
    changed = {name: ntuple(value, spatial) for name, value in settings.items()}
    if isinstance(groups, (int, float)) and groups > 0:
        size = (in_channels, per_group(out_channels, groups), *changed["kernel_size"])
        check_weight(size, dtype, ("in_channels", "out_channels"))
    return changed


@phase(conv_transpose, "build")
def weights(
    *, in_channels: Dim, out_channels: Dim, kernel_size: Any, groups: Any = 1, bias: Any = True
) -> dict[str, Shape]:
    """``weight`` (in_channels, out_channels // groups, *kernel_size) and ``bias`` (out_channels,)."""
    weight = {"weight": Shape(_weight(in_channels, out_channels, kernel_size, groups))}
    return weight | ({"bias": Shape((dim_of(out_channels),))} if bias and not is_unknown(bias) else {})


@phase(conv_transpose, "assume")
def assume(*, in_channels: Dim, spatial: int) -> tuple[Any, ...]:
    """A batch."""
    return ("N", dim_of(in_channels), *SPATIAL_SYMBOLS[spatial])


def transposed(
    name: str, spatial: int, x: Tensor, weight: Sequence[Dim], channels: Dim, stride: Any, padding: Any,
    output_padding: Any, dilation: Any, dtype: str | None,
) -> AnyShape:  # fmt: skip
    """The checks in the order of ``check_shape_forward``, and the output's shape."""
    settings = (stride, padding, output_padding, dilation)
    if any(
        not is_dim(v) and not is_unknown(v)
        for value in settings
        for v in (value if isinstance(value, tuple) else (value,))
    ):
        return Unranked("a setting that is no int")
    if isinstance(x.shape, Unranked):
        return Unranked(x.shape.reason)
    if len(x.shape) not in (spatial + 1, spatial + 2):
        report(WrongRank(x.shape, name, spatial + 1, spatial + 2), blame=("input",))
        return Unranked(f"the input of {name} has the wrong rank")
    if len(weight) - 2 != spatial or (x.dtype is not None and "complex" in x.dtype):
        return unknown_output(x, spatial, channels)
    batched = len(x.shape) == spatial + 2
    shape = x.shape if batched else Shape((1, *x.shape))
    strides = per_axis("stride", stride, spatial, False)
    pads = per_axis("padding", padding, spatial, False)
    dilations = per_axis("dilation", dilation, spatial, False)
    extra = per_axis("output_padding", output_padding, spatial, False)
    if strides is None or pads is None or dilations is None or extra is None:
        return unknown_output(x, spatial, channels)
    for setting, values in ("padding", pads), ("output_padding", extra):
        if any(surely_less(v, 0) for v in values):
            refuse(TorchRefusal, "negative-setting", (setting,), name=setting)
            return unknown_output(x, spatial, channels)
    if any(surely_less(v, 1) for v in strides):
        report(NotPositive("stride", strides), blame=("stride",))
        return unknown_output(x, spatial, channels)
    if any(surely_less(v, 1) for v in (*dilations, *weight[2:])):
        return unknown_output(x, spatial, channels)
    if surely_differ(shape[1], weight[0]):
        report(ChannelMismatch(shape[1], weight[0], 1, shape, name, tuple(weight)), blame=("input", "in_channels"))
    if x.dtype is not None and dtype is not None and x.dtype != dtype:
        return unknown_output(x, spatial, channels)
    if any(surely_less(n, 1) for n in (weight[0], channels)):
        return unknown_output(x, spatial, channels)
    certain = (
        all(surely_less(0, n) for n in shape[2:])
        and surely_less(0, shape[0])
        and surely_less(0, weight[0])
        and surely_less(0, channels)
    )
    for o, s, d in zip(extra, strides, dilations, strict=True):
        if not surely_less(o, s) and not surely_less(o, d) and all(map(is_int, (o, s, d))):
            if certain and spatial == 2:
                facts = {
                    f"{n}{axis}": values[axis]
                    for n, values in (("o", extra), ("s", strides), ("d", dilations))
                    for axis in (0, 1)
                }
                refuse(TorchRefusal, "output-padding", ("output_padding", "stride"), **facts)
            elif certain:
                refuse(TorchRefusal, "output-padding-of", ("output_padding", "stride"))
            return unknown_output(x, spatial, channels)
    lengths = shape[2:]
    if not all(is_dim(v) for values in (strides, pads, dilations, extra) for v in values):
        return unknown_output(x, spatial, channels)
    spans = [reach(k, d) for k, d in zip(weight[2:], dilations, strict=True)]
    sizes = [spread(n, s, r, o, 2 * p) for n, s, r, o, p in zip(lengths, strides, spans, extra, pads, strict=True)]
    if any(surely_less(n, 1) for n in lengths):
        if surely_less(0, shape[0]) and spatial == 2 and all(map(surely_less, extra, strides)):
            refuse(TorchWindowTooBig, "empty-space", ("input",), shape=shape)
        return unknown_output(x, spatial, channels)
    if any(surely_less(n, 1) for n in sizes):
        if certain and any(
            surely_less(n, 0) for n in sizes
        ):  # (length 0 raises or not, depending on the kernel that runs)
            refuse(TorchWindowTooBig, "transposed-too-small", ("padding", "input"))
        return unknown_output(x, spatial, channels)
    return Shape((shape[0], channels, *sizes) if batched else (channels, *sizes))


@function("torch.nn.functional.conv_transpose1d", spatial=1)
@function("torch.nn.functional.conv_transpose2d", spatial=2)
@function("torch.nn.functional.conv_transpose3d", spatial=3)
def conv_transpose_function(
    call: Call, input: Value, weight: Value, bias: Value = None, stride: Value = 1, padding: Value = 0,
    output_padding: Value = 0, groups: Value = 1, dilation: Value = 1, *, spatial: int,
) -> Value:  # fmt: skip
    """See :func:`transposed`."""
    x, kernel = ranked(input), ranked(weight)
    if x is None or kernel is None or kernel.rank != spatial + 2 or not is_dim(groups) or isinstance(bias, Tensor):
        return unranked(input)
    strides, pads, extra, dilations = (
        tuple(v) if isinstance(v, (list, tuple)) else v for v in (stride, padding, output_padding, dilation)
    )
    dims = tuple(dims_of(kernel))
    shape = transposed(
        f"conv_transpose{spatial}d", spatial, x, dims, dims[1] * groups, strides, pads, extra, dilations, kernel.dtype
    )
    return Tensor(shape, x.dtype if x.dtype == kernel.dtype else None, "torch")


def _weight(in_channels: Value, out_channels: Value, kernel_size: Value, groups: Value) -> tuple[Any, ...]:
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,)
    items = (in_channels, per_group(out_channels, groups), *kernel)
    return tuple(dim_of(item, ("weight", position)) for position, item in enumerate(items))


def _sized(
    x: Tensor, wanted: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, spatial: int, channels: Dim
) -> AnyShape:
    """``_output_padding``: ValueError for a size that no output padding gives."""
    if isinstance(x.shape, Unranked) or len(x.shape) not in (spatial + 1, spatial + 2):
        return Unranked("the rank of the input is not known")
    lengths = x.shape[-spatial:]
    sizes = list(wanted) if isinstance(wanted, (tuple, list)) else []
    if len(sizes) == len(x.shape):
        sizes = sizes[-spatial:]
    numbers = [
        sizes,
        lengths,
        *(v if isinstance(v, tuple) else (v,) * spatial for v in (kernel, stride, padding, dilation)),
    ]
    if any(len(v) != spatial or not all(map(is_int, v)) for v in numbers):
        return unknown_output(x, spatial, channels)
    least = [spread(n, s, reach(k, d), 0, 2 * p) for _, n, k, s, p, d in zip(*numbers, strict=True)]
    most = [low + s - 1 for low, s in zip(least, numbers[3], strict=True)]
    if any(not low <= n <= high for n, low, high in zip(sizes, least, most, strict=True)):
        facts = {"wanted": tuple(sizes), "least": tuple(least), "most": tuple(most), "input": Shape(x.shape[2:])}
        refuse(TorchShapeMismatch, "output-size", ("output_size", "input"), **facts)
        return unknown_output(x, spatial, channels)
    return Shape((*x.shape[: -spatial - 1], channels, *sizes))
