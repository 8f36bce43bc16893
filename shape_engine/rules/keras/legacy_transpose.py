"""Transposed convolutions of Keras 2.

Follows conv1d_transpose.py, conv2d_transpose.py and conv3d_transpose.py in tf_keras/src/layers/convolutional.
The three-dimensional one does not look at its dilation.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, is_dynamic, surely_differ, surely_less
from ...evidence import collect, report
from ...formulas.window import SAME
from ...problems import GraphChannelMismatch, KernelRankMismatch, OutputPaddingTooBig, PythonError, WrongDtype
from ...rule import phase
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown
from ...wording.keras import said
from .arguments import int_tuple
from .conv import channel_count, has_bias
from .conv_transpose import conv_transpose
from .conv_transpose import conv_transpose_output_shape as newer_output_shape
from .eager import nobody_knows
from .legacy_conv import conv_before
from .legacy_shared import (
    channel_axes,
    channel_axis,
    channels_of,
    conv_settings,
    defined_channels,
    refuse_in_graph,
    refuse_padding,
    spatial_axes,
    tensor_shape,
    weight,
)
from .machine import CONTEXT, Spec

phase(conv_transpose, "tf_keras.before")(conv_before)


@phase(conv_transpose, "tf_keras.constructor")
def transpose_constructor(
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any = 1,
    padding: Any = "valid",
    output_padding: Any = None,
    data_format: Any = None,
    dilation_rate: Any = 1,
    groups: Any = 1,
    spatial: int,
) -> dict[str, Any]:
    """Conv.__init__, then the output padding.  For one axis the layer counts as a Conv1D: causal padding passes."""
    changed = conv_settings(
        filters, kernel_size, strides, padding, data_format, dilation_rate, groups, spatial, spatial == 1
    )
    if output_padding is not None:
        changed["output_padding"] = int_tuple(output_padding, spatial, "output_padding", allow_zero=True)
        for axis, (extra, stride) in enumerate(zip(changed["output_padding"], changed["strides"], strict=True)):
            if is_dim(extra) and is_dim(stride) and surely_less(stride, extra + 1):
                problem = OutputPaddingTooBig(axis, changed["output_padding"], changed["strides"])
                report(problem, blame=("output_padding", "strides"))
                break
    return changed


@phase(conv_transpose, "tf_keras.spec")
def transpose_spec(shape: Any, *, data_format: Any, spatial: int) -> Spec:
    """At least spatial + 2 axes; once built, exactly so many, and the channels that it was built for."""
    axes = channel_axes(shape, data_format, spatial)
    return Spec(ndim=spatial + 2, axes=axes) if shape is not None else Spec(min_ndim=spatial + 2)


@phase(conv_transpose, "tf_keras.build")
def transpose_build(
    shape: Any,
    *,
    filters: Any,
    kernel_size: Any,
    data_format: Any,
    use_bias: Any,
    spatial: int,
    kernel_initializer: Any = "glorot_uniform",
    dtype: Any = "float32",
    cls: str = "",
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """The rank, the channels, the weights."""
    shape = tensor_shape(shape)
    if shape is None:
        text = "Cannot take the length of shape with unknown rank."
        report(PythonError("ValueError", text), blame=("input_shape",))
    elif isinstance(shape, Shape) and len(shape) != spatial + 2:
        report(KernelRankMismatch(shape, least=spatial + 2, most=spatial + 2), blame=("inputs",))
    channels = Unknown("channels") if shape is None else defined_channels(shape, data_format, spatial, cls)
    weights = {"kernel": weight((*kernel_size, filters, channels), kernel_initializer, dtype, version)}
    if has_bias(use_bias):
        weights["bias"] = (channel_count(filters),)
    return weights


@phase(conv_transpose, "tf_keras.compute_output_shape")
def transpose_output_shape(
    shape: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    output_padding: Any,
    data_format: Any,
    dilation_rate: Any,
    spatial: int,
) -> Any:
    """``compute_output_shape``: the sizes by deconv_output_length."""
    if not isinstance(shape, Shape) or len(shape) != spatial + 2:
        return Unranked("the shape of the input is not known")
    with collect():
        return newer_output_shape(
            shape,
            filters=filters,
            kernel_size=tuple(int(k) if isinstance(k, bool) else k for k in kernel_size),
            strides=strides,
            padding=padding,
            output_padding=output_padding,
            data_format=data_format,
            dilation_rate=dilation_rate if spatial < 3 else (1,) * spatial,
            spatial=spatial,
        )


@phase(conv_transpose, "tf_keras.call")
def transpose_call(
    inputs: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    output_padding: Any,
    data_format: Any,
    dilation_rate: Any,
    spatial: int,
    eager: bool = False,
    dtype: Any = "float32",
    kernels: Any = (),
) -> Any:
    """Every cell of the input is spread over a kernel's width of the output."""
    shape = inputs.shape if isinstance(inputs, Tensor) else Unranked("the input is no tensor")
    proper = transpose_output_shape(
        shape,
        filters=filters,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        output_padding=output_padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        spatial=spatial,
    )
    if not isinstance(shape, Shape) or not isinstance(proper, Shape):
        return proper
    if isinstance(padding, (list, tuple)):
        refuse_padding(padding)
        return nobody_knows(len(shape))
    if any(isinstance(stride, float) for stride in strides):
        _refuse_strides(shape, kernel_size, strides, padding, dilation_rate, data_format, spatial, eager)
        return nobody_knows(len(shape))
    if spatial == 2 and surely_differ(*dilation_rate):
        text = "Expected the 2 dimensions of the `dilation_rate` argument to be equal to each other."
        text = f"{text} Received: dilation_rate={said(dilation_rate)}"
        report(PythonError("ValueError", text), blame=("dilation_rate",))
        return nobody_knows(len(shape))
    operation = "Conv3DBackpropInputV2" if spatial == 3 else "Conv2DBackpropInput"
    if eager:
        if isinstance(inputs.dtype, str) and isinstance(dtype, str) and inputs.dtype != dtype:
            report(WrongDtype(inputs.dtype, dtype, operation), blame=("inputs",))
            return proper
    elif refuse_in_graph(inputs.dtype, dtype, operation):
        return proper
    else:
        kernel = dict(kernels).get("kernel", ())
        channels = channels_of(shape, data_format, spatial)
        if kernel and surely_differ(channels, kernel[-1]) and not is_dynamic(channels):
            axis, operands = channel_axis(data_format, spatial), _operands(shape, kernel, spatial, data_format)
            problem = GraphChannelMismatch(channels, kernel[-1], axis, shape, "", kernel, 1, operation, operands)
            report(problem, blame=("inputs",))
    if eager and _does_not_fit(shape, kernel_size, padding, output_padding, data_format, spatial):
        return nobody_knows(len(shape))
    return proper


def _operands(shape: Shape, kernel: tuple[Any, ...], spatial: int, data_format: Any) -> tuple[Any, ...]:
    if spatial == 1:
        return () if data_format == "channels_first" else ((4,), (1, *kernel), (shape[0], 1, *shape[1:]))
    return (spatial + 2,), tuple(kernel), tuple(shape)


def _does_not_fit(
    shape: Shape, kernel_size: Any, padding: Any, output_padding: Any, data_format: Any, spatial: int
) -> bool:
    """Whether TensorFlow may refuse the length asked for: with even kernels it is less than the input needs."""
    if output_padding is None or padding != SAME:
        return padding not in ("valid", SAME)
    sizes = spatial_axes(shape, data_format, spatial)
    return any(
        not (isinstance(k, int) and isinstance(extra, int)) or (k % 2 == 0 and extra == 0 and n != 1)
        for n, k, extra in zip(sizes, kernel_size, output_padding, strict=False)
    )


def _refuse_strides(
    shape: Shape, kernel: Any, strides: Any, padding: Any, dilation: Any, data_format: Any, spatial: int, eager: bool
) -> None:
    """Floats times the length that the graph, or a tensor, holds; for two axes the lengths are Python's."""
    stride = next(stride for stride in strides if isinstance(stride, float))
    sizes = spatial_axes(shape, data_format, spatial)
    if spatial != 2 and eager:
        text = f"Cannot convert {stride} to EagerTensor of dtype int32"
    elif spatial != 2:
        text = (
            f"Expected int32 passed to parameter 'y' of op 'Mul', got {stride} of type 'float' instead. "
            f"Error: Expected int32, but got {stride} of type 'float'."
        )
    elif (
        eager and all(isinstance(n, int) for n in (sizes[0], kernel[0], dilation[0])) and isinstance(strides[0], float)
    ):
        reach = (kernel[0] - 1) * dilation[0] + 1
        length = sizes[0] * strides[0] + (max(reach - strides[0], 0) if padding == "valid" else 0)
        text = f"Cannot convert {length} to EagerTensor of dtype int32"
    elif not eager and all(isinstance(s, float) for s in strides) and data_format != "channels_first":
        types = "int32, float32, float32, int32"
        text = f"Tensors in list passed to 'values' of 'Pack' Op have types [{types}] that don't all match."
    else:
        return
    report(PythonError("TypeError", text), blame=("strides",))
