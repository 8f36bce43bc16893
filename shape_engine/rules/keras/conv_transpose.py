"""Conv1DTranspose, Conv2DTranspose and Conv3DTranspose of Keras.

Follows keras/src/layers/convolutional/base_conv_transpose.py and compute_conv_transpose_output_shape in
keras/src/backend/common/backend_utils.py.
"""

from __future__ import annotations

from inspect import Signature, signature
from typing import Any

from ...axes import Axes
from ...dim import Symbol, is_dim, is_dynamic, surely_less
from ...evidence import report
from ...formulas.window import SAME, VALID, reach, spread, spread_same, spread_valid
from ...problems import (
    BadWeightShape,
    OutputPaddingTooBig,
    PythonError,
    UndefinedResult,
    WrongDtype,
)
from ...rule import REGISTRY, LayerRule, alias, layer, phase
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown
from .arguments import data_format_of, identifiers, int_tuple, padding_of, positive
from .conv import axis_of, channel_axes, channel_count, channels_of, has_bias, strides_or_dilation, weight
from .eager import Kernel, nobody_knows, refuse_dtype, refuse_initializer
from .machine import CONTEXT, MACHINE, Spec, python_shape


@layer("keras.layers.Conv1DTranspose", machine=MACHINE, spatial=1, counts=("filters",), **CONTEXT)
@layer("keras.layers.Conv2DTranspose", machine=MACHINE, spatial=2, counts=("filters",), **CONTEXT)
@layer("keras.layers.Conv3DTranspose", machine=MACHINE, spatial=3, counts=("filters",), **CONTEXT)
def conv_transpose(
    inputs: Tensor,
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
    path: str = "",
    backend: str = "tensorflow",
) -> Shape:
    """Every cell of the input is spread over a kernel's width of the output; every filter gives one channel."""
    shape = inputs.shape if isinstance(inputs, Tensor) else Unranked("the input is no tensor")
    if eager and isinstance(shape, Shape) and len(shape) == spatial + 2 and not isinstance(padding, (list, tuple)):
        kernel = (*kernel_size, int(filters) if isinstance(filters, bool) else filters, axis_of(shape, data_format))
        operation = "Conv2DBackpropInput" if spatial == 1 else "convert"
        if refuse_dtype(inputs.dtype, Kernel(operation, dtype, kernel, path, backend)) and backend == "jax":
            return nobody_knows(len(shape))
        odd = inputs.dtype != "float32" and (any(gap != 1 for gap in dilation_rate) or data_format == "channels_first")
        if backend == "tensorflow" and (odd or (padding == "same" and output_padding is not None)):
            return nobody_knows(len(shape))  # some kernels of the CPU can do it, some cannot
    result = conv_transpose_output_shape(
        shape,
        filters=filters,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        output_padding=output_padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        spatial=spatial,
        eager=eager,
        backend=backend,
    )
    negative = next((dim for dim in result if isinstance(dim, int) and dim < 0), None)
    if negative is not None and eager:
        report(UndefinedResult(shape, tuple(kernel_size), strides), blame=("inputs",))
    elif negative is not None:
        report(BadWeightShape(python_shape(result), negative), blame=("inputs",))
    return nobody_knows(len(result)) if negative is not None else result


@phase(conv_transpose, "constructor")
def conv_transpose_constructor(
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any = 1,
    padding: Any = "valid",
    output_padding: Any = None,
    data_format: Any = None,
    dilation_rate: Any = 1,
    activation: Any = None,
    use_bias: Any = True,
    kernel_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    spatial: int,
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """BaseConvTranspose.__init__."""
    changed = {
        "kernel_size": int_tuple(kernel_size, spatial, "kernel_size"),
        "strides": int_tuple(strides, spatial, "strides"),
        "dilation_rate": int_tuple(dilation_rate, spatial, "dilation_rate"),
        "padding": padding_of(padding),
        "output_padding": None,
    }
    if output_padding is not None:
        changed["output_padding"] = int_tuple(output_padding, spatial, "output_padding", allow_zero=version >= (3, 11))
    changed["data_format"] = data_format_of(data_format)
    identifiers(
        activation=activation,
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        kernel_regularizer=kernel_regularizer,
        bias_regularizer=bias_regularizer,
        kernel_constraint=kernel_constraint,
        bias_constraint=bias_constraint,
    )
    if filters is not None:
        positive(filters, "filters")
    if version >= (3, 14) and changed["output_padding"] is not None:
        _check_output_padding(changed["output_padding"], changed["strides"])
    strides_or_dilation(changed["strides"], changed["dilation_rate"])
    return changed


def conv3d_transpose_constructor(**settings: Any) -> dict[str, Any]:
    """The same for Conv3DTranspose, which takes data_format before output_padding."""
    return conv_transpose_constructor(**settings)


def _with_data_format_first(signature: Signature) -> Signature:
    parameters = list(signature.parameters.values())
    names = [parameter.name for parameter in parameters]
    parameters.insert(names.index("output_padding"), parameters.pop(names.index("data_format")))
    return signature.replace(parameters=parameters)


conv3d_transpose_constructor.__dict__["__signature__"] = _with_data_format_first(signature(conv_transpose_constructor))


@phase(conv_transpose, "spec")
def conv_transpose_spec(shape: Any, *, data_format: Any, spatial: int) -> Spec:
    """At least spatial + 2 axes; once built, the channels that it was built for."""
    return Spec(min_ndim=spatial + 2, axes=channel_axes(shape, data_format))


@phase(conv_transpose, "build")
def conv_transpose_build(
    shape: Any,
    *,
    filters: Any,
    kernel_size: Any,
    data_format: Any,
    use_bias: Any,
    kernel_initializer: Any = "glorot_uniform",
    dtype: Any = "float32",
    path: str = "",
    backend: str = "tensorflow",
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """BaseConvTranspose.build: the rank is not looked at."""
    channels = channels_of(shape, data_format)
    refuse_initializer(kernel_initializer, dtype, (*kernel_size, filters, channels), backend)
    weights = {"kernel": weight((*kernel_size, filters, channels), "kernel", path, version)}
    if has_bias(use_bias):
        weights["bias"] = weight((filters,), "bias", path, version)
    return weights


@phase(conv_transpose, "compute_output_shape")
def conv_transpose_output_shape(
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
    eager: bool = False,
    backend: str = "tensorflow",
) -> Shape:
    """compute_conv_transpose_output_shape: fails by itself where the rank is wrong."""
    last = data_format != "channels_first"
    if not isinstance(shape, Shape) or len(shape) < 2:
        return _nobody_knows(filters, spatial, last)
    axes = Axes.of(shape, channels_last=last)
    if isinstance(padding, (list, tuple)) and not all(map(is_dynamic, axes.spatial)):
        kind = "TrackedList" if isinstance(padding, list) else "tuple"
        report(PythonError("AttributeError", f"'{kind}' object has no attribute 'lower'"), blame=("padding",))
    if len(shape) > spatial + 2:
        if eager and backend == "tensorflow" and len(shape) > 5:
            text = f"Input rank not supported: {len(shape)}. Expected values are [3, 4, 5]"
            report(PythonError("ValueError", text), blame=("inputs",))
        else:
            kind = "list" if eager and backend == "jax" and len(shape) > spatial + 3 else "tuple"
            report(PythonError("IndexError", f"{kind} index out of range"), blame=("inputs",))
        return _nobody_knows(filters, spatial, last)
    paddings = output_padding if isinstance(output_padding, tuple) else (output_padding,) * spatial
    steps = tuple(int(s) if isinstance(s, float) and s.is_integer() else s for s in strides)
    settings = zip(axes.spatial, kernel_size, steps, dilation_rate, paddings, strict=False)
    sizes = tuple(_spread(*one, padding=padding) for one in settings)
    result = axes.but(spatial=sizes, channels=channel_count(filters))
    real = _float_sizes(axes, kernel_size, strides, dilation_rate, padding)
    bad = next((size for size in real if isinstance(size, float)), None)
    if bad is not None:
        _refuse_floats(real, bad, axes, filters, eager and backend)
    return result


def _spread(size: Any, kernel: Any, stride: Any, dilation: Any, output_padding: Any, *, padding: Any) -> Any:
    if not all(map(is_dim, (kernel, stride, dilation))) or padding not in (VALID, SAME):
        return Symbol(None, ("spread", size, "setting"), dynamic=is_dynamic(size))
    span = reach(kernel, dilation)
    if padding == VALID:
        if output_padding is None:
            return spread_valid(size, stride, span)
        return (
            spread(size, stride, span, output_padding, 0) if is_dim(output_padding) else Symbol(None, ("spread", size))
        )
    if output_padding is None:
        return spread_same(size, stride)
    return (
        spread(size, stride, span % 2, output_padding, 0) if is_dim(output_padding) else Symbol(None, ("spread", size))
    )


def _float_sizes(axes: Axes, kernel: Any, strides: Any, dilation: Any, padding: Any) -> list[Any]:
    """The spatial sizes as Python computes them from settings some of which are floats."""
    sizes: list[Any] = []
    for size, k, s, d in zip(axes.spatial, kernel, strides, dilation, strict=False):
        if is_dynamic(size):
            sizes.append(None)
        elif not all(isinstance(number, (int, float)) for number in (size, k, s, d)):
            sizes.append(Unknown("a size"))
        else:
            span = (k - 1) * d + 1
            sizes.append((size - 1) * s + span + max(span, s) - span if padding == VALID else size * s)
    return sizes


def _refuse_floats(sizes: list[Any], bad: float, axes: Axes, filters: Any, eager: Any) -> None:
    """``eager`` is the backend if the call is."""
    if not eager:
        batch = None if is_dynamic(axes.batch) else axes.batch
        shape = (batch, *sizes, filters) if axes.channels_last else (batch, filters, *sizes)
        report(BadWeightShape(shape, bad), blame=("strides",))
    elif len(sizes) < 3 and axes.channels_last and eager == "tensorflow":
        text = f"Cannot convert {[*sizes, filters] if len(sizes) == 1 else [axes.batch, *sizes, filters]} to EagerTensor of dtype int32"
        report(PythonError("TypeError", text), blame=("strides",))
    elif eager == "tensorflow":
        report(WrongDtype("float", "int32", "Conv3DBackpropInputV2"), blame=("strides",))


def _check_output_padding(output_padding: Any, strides: Any) -> None:
    for axis, (padding, stride) in enumerate(zip(output_padding, strides, strict=True)):
        if is_dim(padding) and is_dim(stride) and not surely_less(padding, stride) and surely_less(stride, padding + 1):
            report(OutputPaddingTooBig(axis, output_padding, strides), blame=("output_padding", "strides"))
            return


def _nobody_knows(filters: Any, spatial: int, last: bool) -> Shape:
    dims = [Symbol(None, ("conv", axis)) for axis in range(spatial + 1)]
    dims.insert(spatial + 1 if last else 1, channel_count(filters))
    return Shape(dims)


_rule = REGISTRY.find("keras.layers.Conv3DTranspose")
assert isinstance(_rule, LayerRule)
_rule.phases["constructor"] = conv3d_transpose_constructor

for _number in "123":
    alias(f"keras.layers.Conv{_number}DTranspose", f"keras.layers.Convolution{_number}DTranspose")
