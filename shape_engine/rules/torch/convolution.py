"""What aten checks before it convolves, and the shape it gives (aten Convolution.cpp)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dim import Dim, is_dim, is_symbolic, surely_differ, surely_less, surely_no_multiple
from ...evidence import report
from ...formulas.window import padded, reach, too_big, windows
from ...problems import (
    ChannelMismatch,
    NotPositive,
    TorchRefusal,
    TorchShapeMismatch,
    TorchWindowTooBig,
    TorchWrongDtype,
    TorchWrongRank,
    WindowTooBig,
    WrongRank,
)
from ...shape import AnyShape, Shape, Unranked
from ...value import Tensor, Value
from .checks import (
    CPP_NAMES,
    FLOATING,
    SCALAR_NAMES,
    fresh,
    is_int,
    is_unknown,
    refuse,
    type_name,
)
from .conv_settings import surely_not_one

SPATIAL_SYMBOLS = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


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
        if strides is not None and any(map(surely_not_one, strides)):
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


def check_kernel(shape: Shape, weight: Sequence[Dim], strides: Any, dilations: Any, groups: Any) -> None:
    """A dilation or a kernel of 0: what is said depends on the kernel that runs (``use_mkldnn`` in Convolution.cpp)."""
    spatial = len(shape) - 2
    flat = spatial == 1  # a row is computed as an image of height 1
    sizes: tuple[Any, ...] = (*shape[:2], 1, *shape[2:]) if flat else tuple(shape)
    kernel: tuple[Any, ...] = (1, *weight[2:]) if flat else tuple(weight[2:])
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


def unknown_output(x: Tensor, spatial: int, channels: Dim) -> AnyShape:
    """The output where only its channels are known."""
    if isinstance(x.shape, Unranked) or len(x.shape) not in (spatial + 1, spatial + 2):
        return Unranked("the input's rank is not known")
    lengths = [fresh("conv", x.shape, axis) for axis in range(spatial)]
    return Shape((*x.shape[: len(x.shape) - spatial - 1], channels, *lengths))


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


def _marked(value: Value) -> str | None:
    if isinstance(value, tuple):
        return f"!tuple of ({', '.join(type(item).__name__ for item in value)}{',' if len(value) == 1 else ''})!"
    if isinstance(value, list):
        kinds = [type_name(item) for item in value]
        return None if None in kinds else f"!list of [{', '.join(map(str, kinds))}]!"
    kind = type_name(value)
    return kind if kind in ("Tensor", None) else f"!{kind}!"
