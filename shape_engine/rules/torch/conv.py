"""Convolutions: ``torch.nn.ConvNd`` and ``torch.nn.functional.convNd`` (torch/nn/modules/conv.py, aten Convolution.cpp)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dim import Dim, is_dim, is_symbolic, surely_differ, surely_less, surely_no_multiple
from ...evidence import report
from ...formulas.window import padded, reach, too_big, windows
from ...problems import ChannelMismatch, GroupsDoNotDivide, NotPositive, WindowTooBig, WrongRank
from ...problems_torch import TorchRefusal, TorchShapeMismatch, TorchWindowTooBig, TorchWrongDtype, TorchWrongRank
from ...rule import Call, function, phase
from ...shape import AnyShape, Shape, Unranked
from ...value import Tensor, Value
from .checks import (
    CPP_NAMES,
    FLOATING,
    SCALAR_NAMES,
    dim_of,
    dtype_of,
    fresh,
    is_int,
    is_unknown,
    ntuple,
    refuse,
    type_name,
)
from .machine import module
from .manipulation import ranked, unranked

SPATIAL_SYMBOLS = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


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
        elif padding == "same" and any(_surely_not_one(s) for s in changed["stride"]):
            refuse(TorchRefusal, "same-with-stride", ("padding", "stride"))
    if not is_unknown(padding_mode) and padding_mode not in ("zeros", "reflect", "replicate", "circular"):
        refuse(TorchRefusal, "padding-mode", ("padding_mode",), value=str(padding_mode))
    if padding == "same":
        for d, k in zip(changed["dilation"], changed["kernel_size"], strict=False):
            if _same_padding_fails(d, k):
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


def convolution(
    name: str, spatial: int, x: Tensor, weight: Sequence[Dim], bias: Sequence[Dim] | None, stride: Any, padding: Any,
    dilation: Any, groups: Any, dtype: str | None, bias_type: str | None,
) -> AnyShape:  # fmt: skip
    """The checks of aten's ``convNd`` and ``check_shape_forward`` in their order, and the output's shape.

    ``dtype`` is that of weight and bias, ``bias_type`` how their type prints (None: types are not checked here).
    """
    if bias_type is not None and check_types(name, x, bias_type, stride, padding, dilation):
        return unknown_output(x, spatial, weight[0])
    by_name = isinstance(padding, str)
    dtypes_differ = x.dtype is not None and dtype is not None and x.dtype != dtype
    if bias is not None and dtypes_differ and not by_name:
        names = {"input": CPP_NAMES.get(str(x.dtype), x.dtype), "bias": CPP_NAMES.get(str(dtype), dtype)}
        refuse(TorchWrongDtype, "conv-bias-dtype", ("input",), **names)
    if isinstance(x.shape, Unranked):
        return Unranked(x.shape.reason)
    if len(x.shape) not in (spatial + 1, spatial + 2):
        refuse_rank = WrongRank(x.shape, name, spatial + 1, spatial + 2)
        report(refuse_rank, blame=("input",))
        return Unranked(f"the input of {name} has the wrong rank")
    batched = len(x.shape) == spatial + 2
    shape = x.shape if batched else Shape((1, *x.shape))
    if dtypes_differ and "complex" in f"{x.dtype} {dtype}":
        if (x.dtype, dtype) == ("complex64", "float32"):
            refuse(TorchWrongDtype, "conv-complex", ("input",))
        return unknown_output(x, spatial, weight[0])
    if len(weight) - 2 != spatial:
        _check_odd_kernel(name, shape, weight, stride, padding, dilation, groups)
        return unknown_output(x, spatial, weight[0])
    strides = per_axis("stride", stride, spatial, padding == "same")
    pads = (0,) * spatial if by_name else per_axis("padding", padding, spatial, False)
    dilations = per_axis("dilation", dilation, spatial, padding == "same")
    if padding == "same":
        if any(surely_less(v, 1) for v in (*weight[2:], *(dilations or ()))):
            return unknown_output(x, spatial, weight[0])
        if strides is not None and any(map(_surely_not_one, strides)):
            refuse(TorchRefusal, "same-with-stride-call", ("padding", "stride"))
        shape, pads = _pad_same(shape, weight[2:], dilations)
    if strides is None or dilations is None or pads is None:
        return unknown_output(x, spatial, weight[0])
    for setting, values in ("padding", pads), ("stride", strides):
        if any(surely_less(value, 0 if setting == "padding" else 1) for value in values):
            if setting == "padding":
                refuse(TorchRefusal, "negative-setting", ("padding",), name="padding")
            else:
                report(NotPositive("stride", strides), blame=("stride",))
            return unknown_output(x, spatial, weight[0])
    if any(surely_less(value, 0) for value in dilations):
        refuse(TorchRefusal, "negative-dilation", ("dilation",))
        return unknown_output(x, spatial, weight[0])
    check_channels(name, shape, weight, bias, groups)
    total = tuple(2 * p if is_dim(p) else p for p in pads)
    lengths = shape[2:]
    if too_big(lengths, weight[2:], total, dilations):
        whole = tuple(padded(n, p) for n, p in zip(lengths, total, strict=True) if is_dim(p))
        spans = tuple(reach(k, d) for k, d in zip(weight[2:], dilations, strict=True) if is_dim(d))
        if len(whole) == len(spans) == spatial:
            report(WindowTooBig(Shape(whole), spans, strides, pads, dilations, name), blame=("kernel_size", "input"))
        return unknown_output(x, spatial, weight[0])
    if not surely_less(0, weight[1]) and isinstance(weight[1], int):
        return Unranked("what a convolution of no channels gives is not modelled")
    if any(surely_less(n, 1) for n in lengths):
        printed = Shape((*shape[:2], 1, *shape[2:])) if spatial == 1 else shape
        if surely_less(0, shape[0]):
            refuse(TorchWindowTooBig, "empty-space", ("input",), shape=printed)
        return unknown_output(x, spatial, weight[0])
    if any(surely_less(value, 1) for value in (*dilations, *weight[2:])):
        if surely_less(0, shape[0]):
            if dtypes_differ:
                refuse(TorchRefusal, "kernel-zero", ("kernel_size", "dilation"))
            check_kernel(shape, weight, strides, dilations, groups)
        return unknown_output(x, spatial, weight[0])
    if dtypes_differ:
        if all(surely_less(0, n) for n in shape):
            check_dtypes(x.dtype, dtype, dilations)
        return unknown_output(x, spatial, weight[0])
    fits = windows(lengths, tuple(weight[2:]), strides, total, dilations)
    return Shape((shape[0], weight[0], *fits) if batched else (weight[0], *fits))


def check_kernel(shape: Shape, weight: Sequence[Dim], strides: Any, dilations: Any, groups: Any) -> None:
    """A dilation or a kernel of 0: what is said depends on the kernel that runs (``use_mkldnn`` in Convolution.cpp)."""
    spatial = len(shape) - 2
    flat = spatial == 1  # a row is computed as an image of height 1
    sizes = (*shape[:2], 1, *shape[2:]) if flat else tuple(shape)
    kernel = (1, *weight[2:]) if flat else tuple(weight[2:])
    steps = (1, *dilations) if flat else tuple(dilations)
    numbers = (*sizes, *kernel, *steps, *strides, groups)
    dilated = any(d != 1 for d in steps)
    plain = not dilated and all(v == 1 for v in strides) and kernel[-2:] == (1, 1)
    if not all(map(is_int, numbers)) or (plain and sizes[0] < 16):  # (then it depends on the number of threads)
        refuse(TorchRefusal, "kernel-zero", ("kernel_size", "dilation"))
        return
    many = sizes[0] > 1 or sizes[0] * sizes[1] * sizes[2] * sizes[3] > 20480
    onednn = groups > 1 or (kernel[-1] > 3 and kernel[-2] > 3) or many
    if any(d < 1 for d in steps):
        if any(k < 1 for k in kernel):
            refuse(TorchRefusal, "kernel-zero", ("kernel_size", "dilation"))
        else:
            check = "dilation-zero-onednn" if onednn else "dilation-zero"
            refuse(TorchRefusal, check, ("dilation",), value=steps)
    elif onednn:
        refuse(TorchRefusal, "kernel-zero-onednn", ("kernel_size",))
    elif dilated:
        refuse(TorchRefusal, "kernel-zero-dilated", ("kernel_size",), value=kernel)
    elif len(kernel) == 2:
        refuse(TorchRefusal, "kernel-zero-2d", ("kernel_size",), height=kernel[0], width=kernel[1])
    else:
        refuse(TorchRefusal, "kernel-zero-3d", ("kernel_size",), value=kernel)


def check_dtypes(own: str | None, wanted: str | None, dilations: Any) -> None:
    """Numbers of another dtype than the weights; half precision is left to what the processor can do."""
    half = own in ("float16", "bfloat16") or wanted != "float32"
    if half or own not in SCALAR_NAMES:
        if own in FLOATING:
            refuse(TorchWrongDtype, "conv-dtype", ("input",))
        return
    names = {"expected": SCALAR_NAMES[own], "found": "Float"}
    if own in ("float64", "int64") or (own != "bool" and all(d == 1 for d in dilations)):
        refuse(TorchWrongDtype, "scalar-type", ("input",), **names)
    elif own != "bool" and all(map(is_int, dilations)):
        refuse(TorchWrongDtype, "not-implemented", ("input",), function="slow_conv_dilated<>", type=SCALAR_NAMES[own])


def check_channels(name: str, shape: Shape, weight: Sequence[Dim], bias: Sequence[Dim] | None, groups: Any) -> None:
    """The middle of ``check_shape_forward``: out channels, in channels, bias."""
    if surely_less(weight[0], groups):
        refuse(TorchShapeMismatch, "weight-below-groups", ("out_channels",), groups=groups, weight=tuple(weight))
    if surely_no_multiple(weight[0], groups):
        refuse(TorchShapeMismatch, "weight-not-divisible", ("weight",), groups=groups, weight=tuple(weight))
    expected = weight[1] * groups if is_dim(groups) else None
    if surely_differ(shape[1], expected):
        report(
            ChannelMismatch(shape[1], expected, 1, shape, name, tuple(weight), groups), blame=("input", "in_channels")
        )
    if bias is not None and (len(bias) != 1 or surely_differ(bias[0], weight[0])):
        refuse(TorchShapeMismatch, "conv-bias", ("bias",), weight=tuple(weight), count=weight[0], bias=tuple(bias))


def check_groups(in_channels: Value, out_channels: Value, groups: Value) -> None:
    """The first checks of the constructor, with what Python itself says to values that are no ints."""
    if is_unknown(groups):
        return
    if not _python_accepts(lambda: groups <= 0, groups):
        return
    if surely_less(groups, 1):
        report(NotPositive("groups", groups), blame=("groups",))
        return
    for name, channels in ("in_channels", in_channels), ("out_channels", out_channels):
        if isinstance(channels, str) and "%" in channels:
            continue
        if is_symbolic(channels) or is_symbolic(groups):
            uneven = surely_no_multiple(channels, groups)
        elif is_unknown(channels) or not _python_accepts(lambda c=channels: c % groups, channels):  # type: ignore[misc]
            continue
        else:
            uneven = channels % groups != 0
        if uneven:
            report(GroupsDoNotDivide(name, channels, groups), blame=(name, "groups"))


def check_weight(size: Sequence[Value], dtype: Value, blame: Sequence[str]) -> None:
    """What ``Parameter(torch.empty(size, dtype=dtype))`` refuses."""
    blame = (*blame, *("kernel_size",) * (len(size) - 2))
    for position, (dim, name) in enumerate(zip(size, blame, strict=False)):
        if is_unknown(dim) or isinstance(dim, bool):
            return
        if not is_dim(dim):
            kind = type_name(dim)
            if kind is not None and (position or is_int(size[0]) or len(size) > 1):
                check = "empty-item" if position else "empty-first"
                refuse(TorchRefusal, check, (name,), position=position + 1, type=kind)
            return
    for dim, name in zip(size, blame, strict=False):
        if surely_less(dim, 0):
            refuse(TorchRefusal, "negative-size", (name,), dim=dim, size=tuple(size))
            return
    kind = dtype_of(dtype, "float32")
    if kind is not None and kind not in FLOATING and not kind.startswith("complex"):
        refuse(TorchWrongDtype, "no-gradient", ("dtype",))


def check_types(name: str, x: Value, bias: str, stride: Any, padding: Any, dilation: Any) -> bool:
    """Whether the arguments of ``torch.convNd`` are of types that it surely does not take, which is reported.

    Of a tuple only the first item is looked at; a later one of another type fails when the tuple is unpacked.
    """
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    kind, shown = type_name(x), _marked(x)
    items = [item for value in settings.values() if isinstance(value, tuple) for item in value]
    if kind is None or shown is None or any(is_unknown(v) or isinstance(v, bool) for v in (*settings.values(), *items)):
        return False
    wrong = [n for n, value in settings.items() if isinstance(value, tuple) and value and not is_dim(value[0])]
    if kind == "Tensor" and not wrong:
        for argument, value in reversed(settings.items()):  # C++ leaves the order to the compiler
            for position, item in enumerate(value if isinstance(value, tuple) else ()):
                if not is_dim(item):
                    facts = {"function": name, "argument": argument, "position": position + 1, "type": type_name(item)}
                    refuse(TorchRefusal, "unpack-item", (argument,), **facts)
                    return True
        return False
    if any(map(is_symbolic, items)):
        return False
    got = [kind, "Parameter", bias, *(type(value).__name__ for value in settings.values()), "int"]
    marked = [shown, "!Parameter!", f"!{bias}!", *(str(_marked(value)) for value in settings.values()), "!int!"]
    blame = ("input",) if kind != "Tensor" else wrong
    refuse(TorchRefusal, "conv-types", blame, function=name, got=", ".join(got), marked=", ".join(marked))
    return True


def pad_by_mode(x: Tensor, surround: Sequence[tuple[Dim, Dim]], mode: str, spatial: int) -> Tensor | None:
    """``F.pad`` with (before, after) for each spatial axis; None where it is not modelled or surely raises."""
    if (
        isinstance(x.shape, Unranked)
        or len(surround) != spatial
        or not all(is_dim(n) for pair in surround for n in pair)
    ):
        return None
    rank = len(x.shape)
    if rank not in (spatial + 1, spatial + 2):
        if spatial > rank:
            refuse(TorchWrongRank, "pad-rank", ("input",), count=2 * spatial, rank=rank)
        else:
            refuse(TorchWrongRank, "pad-rank-by-mode", ("input",), count=2 * spatial, rank=rank)
        return None
    if x.dtype is not None and (x.dtype == "bool" or x.dtype.startswith("complex")):
        return None
    if any(surely_less(side, 0) for pair in surround for side in pair):
        return None
    lead = rank - spatial
    lengths = x.shape[lead:]
    if any(surely_less(n, 1) for n in x.shape[lead - 1 :]):
        if mode in ("reflect", "replicate"):
            facts = {"least": spatial + 1, "most": spatial + 2, "shape": x.shape}
            refuse(TorchWindowTooBig, "pad-empty", ("input",), **facts)
        return None
    for number, (n, (left, right)) in reversed(list(enumerate(zip(lengths, surround, strict=True)))):
        if mode == "reflect" and (surely_less(n, left + 1) or surely_less(n, right + 1)):
            facts = {
                "left": left,
                "right": right,
                "argument": 2 * (spatial - number) + 2,
                "axis": lead + number,
                "shape": x.shape,
            }
            refuse(TorchWindowTooBig, "reflect-too-wide", ("padding", "input"), **facts)
            return None
        if mode == "circular" and (surely_less(n, left) or surely_less(n, right)):
            refuse(TorchWindowTooBig, "circular-too-wide", ("padding", "input"))
            return None
    dims = (padded(n, left + right) for n, (left, right) in zip(lengths, surround, strict=True))
    return Tensor(Shape((*x.shape[:lead], *dims)), x.dtype, x.kind)


def _weight(in_channels: Value, out_channels: Value, kernel_size: Value, groups: Value) -> tuple[Any, ...]:
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,)
    items = (out_channels, per_group(in_channels, groups), *kernel)
    return tuple(dim_of(item, ("weight", position)) for position, item in enumerate(items))


def per_group(channels: Value, groups: Value) -> Value:
    if is_unknown(groups) or is_symbolic(groups):
        return fresh("per group", channels, repr(groups))
    if (
        not isinstance(groups, (int, float))
        or groups == 0
        or isinstance(channels, (str, tuple, list))
        or channels is None
    ):
        return fresh("per group", repr(channels), repr(groups))
    return channels // groups


def _surely_not_one(value: Value) -> bool:
    if is_unknown(value):
        return False
    return surely_differ(value, 1) if is_dim(value) else value != 1


def _same_padding_fails(dilation: Value, kernel: Value) -> bool:
    """``total_padding = d * (k - 1)`` and the slices of it, on values that are no ints."""
    if not all(value is None or isinstance(value, (int, float)) for value in (dilation, kernel)):
        return False
    return not _python_accepts(lambda: dilation * (kernel - 1) // 2, kernel)


def _python_accepts(compute: Any, value: Value) -> bool:
    """Run an operation of Python on plain values; its TypeError is the one that the constructor raises."""
    if not isinstance(value, (int, float, str, tuple, list, dict, type(None))) and not is_symbolic(value):
        return False
    try:
        compute()
    except TypeError as error:
        refuse(TorchRefusal, "python", (), type="TypeError", text=str(error))
        return False
    return True


def _got(bias: Value) -> str | None:
    """How the bias prints among the types of a call."""
    if is_unknown(bias):
        return None
    return "Parameter" if bias else "NoneType"


def _marked(value: Value) -> str | None:
    if isinstance(value, tuple):
        return f"!tuple of ({', '.join(type(item).__name__ for item in value)}{',' if len(value) == 1 else ''})!"
    if isinstance(value, list):
        kinds = [type_name(item) for item in value]
        return None if None in kinds else f"!list of [{', '.join(map(str, kinds))}]!"
    kind = type_name(value)
    return kind if kind in ("Tensor", None) else f"!{kind}!"


def per_axis(name: str, value: Any, spatial: int, by_name: bool) -> tuple[Any, ...] | None:
    """aten's ``expand_param_if_needed``."""
    values = value if isinstance(value, tuple) else (value,)
    if len(values) == 1:
        return values * spatial
    if len(values) != spatial:
        if by_name:
            refuse(TorchRefusal, "cannot-broadcast", (name,), name=name, count=spatial)
        else:
            refuse(TorchRefusal, "setting-length", (name,), name=name, count=spatial, value=values)
        return None
    return values


def _check_odd_kernel(
    name: str, shape: Shape, weight: Sequence[Dim], stride: Any, padding: Any, dilation: Any, groups: Any
) -> None:
    """A kernel_size of the wrong length: settings are counted against it, then the ranks differ."""
    cells = len(weight) - 2
    by_name = isinstance(padding, str)
    if cells < 1:
        refuse(TorchWrongRank, "weight-too-short", ("kernel_size",))
        return
    if padding == "same":
        return
    pads = (0,) if by_name else padding
    for setting, value in ("stride", stride), ("padding", pads), ("dilation", dilation):
        values = per_axis(setting, value, cells, False)
        if values is None:
            return
        least = {"stride": 1, "padding": 0, "dilation": 0}[setting]
        if any(not is_dim(v) or not surely_less(least - 1, v) for v in values):
            return
    facts = {"weight_rank": len(weight), "weight": tuple(weight), "rank": len(shape), "shape": shape}
    refuse(TorchWrongRank, "weight-rank", ("kernel_size", "input"), **facts)


def _pad_same(shape: Shape, kernel: Sequence[Dim], dilations: Any) -> tuple[Shape, tuple[Any, ...] | None]:
    """``_convolution_same``: an odd total is padded onto the input first, the even rest is left to the kernel."""
    if dilations is None:
        return shape, None
    lengths, pads = [], []
    for n, k, d in zip(shape[2:], kernel, dilations, strict=True):
        total = d * (k - 1) if is_dim(d) else fresh("same", n, k)
        lengths.append(n + total % 2)
        pads.append(total // 2)
    return Shape((*shape[:2], *lengths)), tuple(pads)


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


def unknown_output(x: Tensor, spatial: int, channels: Dim) -> AnyShape:
    """The output where only its channels are known."""
    if isinstance(x.shape, Unranked) or len(x.shape) not in (spatial + 1, spatial + 2):
        return Unranked("the input's rank is not known")
    lengths = [fresh("conv", x.shape, axis) for axis in range(spatial)]
    return Shape((*x.shape[: len(x.shape) - spatial - 1], channels, *lengths))


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
    dims, vector = tuple(kernel.shape), ranked(bias)  # type: ignore[arg-type]
    if bias is not None and vector is None:
        return Tensor(unknown_output(x, spatial, fresh("conv", dims)), None, "torch")
    if isinstance(padding, str) and padding not in ("same", "valid"):
        refuse(TorchRefusal, "padding-string-call", ("padding",), value=padding)
        return unranked(input)
    if len(dims) != spatial + 2 or (vector is not None and vector.dtype != kernel.dtype):
        return unranked(input)
    if surely_less(groups, 1):
        if len(x.shape) in (spatial + 1, spatial + 2) and x.dtype == kernel.dtype:  # type: ignore[arg-type]
            refuse(TorchRefusal, "groups-not-positive", ("groups",))
        return unranked(input)
    count = None if vector is None else tuple(vector.shape)  # type: ignore[arg-type]
    name = f"conv{spatial}d"
    settings = [v if isinstance(v, (tuple, str)) else (v,) * spatial for v in settings]
    shape = convolution(name, spatial, x, dims, count, *settings, groups, kernel.dtype, None)
    return Tensor(shape, x.dtype if x.dtype == kernel.dtype else None, "torch")
