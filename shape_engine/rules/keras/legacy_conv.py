"""Convolutions of Keras 2: Conv1D to Conv3D, and what the layers derived from ``Conv`` share with them.

Follows tf_keras/src/layers/convolutional/base_conv.py and tf_keras/src/utils/conv_utils.py.  Axes in
front of the expected ones count as batch.  In a graph the shapes are TensorFlow's to check.
"""

from __future__ import annotations

from typing import Any

from ...dim import bounds, is_dim, is_dynamic, surely_differ, surely_less, surely_no_multiple
from ...evidence import report
from ...formulas.window import SAME, VALID, windows
from ...problems import (
    BadSetting,
    BadWeightShape,
    GraphChannelMismatch,
    GraphRankMismatch,
    GraphWindowTooBig,
    GroupsDoNotDivide,
    PythonError,
    StridesWithDilation,
    UndefinedResult,
    UnknownLength,
    WindowTooBig,
    WrongDtype,
)
from ...rule import phase
from ...shape import Shape, Unranked, product
from ...value import Assumed, Tensor, Unknown, is_known
from .arguments import int_tuple, positive, surely_above_one
from .conv import channel_count, conv, has_bias
from .eager import Kernel, nobody_knows, undefined
from .legacy_settings import identifiers
from .machine import CONTEXT, Spec

TAKEN = {
    "Conv2D": ("float16", "bfloat16", "float32", "float64", "int32"),
    "Conv3D": ("float16", "bfloat16", "float32", "float64"),
    "DepthwiseConv2dNative": ("float16", "bfloat16", "float32", "float64"),
}
"""The dtypes that an operation of TensorFlow takes."""

ONE_PER_AXIS = "Dimension value must be integer or None or have an __index__ method, got value "


@phase(conv, "tf_keras.before")
def conv_before(
    *,
    activation: Any = None,
    kernel_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
) -> None:
    """The arguments of ``super().__init__`` are looked up before it is called."""
    identifiers(
        activation=activation,
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        kernel_regularizer=kernel_regularizer,
        bias_regularizer=bias_regularizer,
        activity_regularizer=activity_regularizer,
        kernel_constraint=kernel_constraint,
        bias_constraint=bias_constraint,
    )


@phase(conv, "tf_keras.constructor")
def conv_constructor(
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: Any = None,
    dilation_rate: Any = 1,
    groups: Any = 1,
    spatial: int,
) -> dict[str, Any]:
    """Conv.__init__."""
    return conv_settings(
        filters, kernel_size, strides, padding, data_format, dilation_rate, groups, spatial, spatial == 1
    )


@phase(conv, "tf_keras.spec")
def conv_spec(shape: Any, *, data_format: Any, spatial: int) -> Spec:
    """At least spatial + 2 axes; once built, the channels that it was built for."""
    return Spec(min_ndim=spatial + 2, axes=channel_axes(shape, data_format, spatial))


@phase(conv, "tf_keras.build")
def conv_build(
    shape: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    groups: Any,
    use_bias: Any,
    spatial: int,
    kernel_initializer: Any = "glorot_uniform",
    dtype: Any = "float32",
    name: str = "",
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """Conv.build: channels, groups, the size of the output, the weights."""
    shape = tensor_shape(shape)
    channels = defined_channels(shape, data_format, spatial)
    if isinstance(groups, int) and surely_no_multiple(channels, groups):
        report(GroupsDoNotDivide("channels", channels, groups, shape), blame=("groups", "inputs"))
    lengths = output_lengths(shape, kernel_size, strides, padding, data_format, dilation_rate, spatial, name)
    negative = any(isinstance(length, int) and length < 0 for length in lengths)
    if negative and isinstance(shape, Shape):
        kernel = (*kernel_size, channels, filters)
        problem = WindowTooBig(shape, kernel, strides, padding, dilation_rate, name)
        report(problem, blame=("inputs", "kernel_size", "dilation_rate"))
    odd = next((length for length in lengths if isinstance(length, float)), None)
    if odd is not None:
        report(BadWeightShape(tuple(lengths), odd), blame=("kernel_size", "strides"))
    per_group = channels // groups if is_dim(channels) and is_dim(groups) and groups != 0 else Unknown("channels")
    if isinstance(groups, float) and isinstance(channels, int) and groups:
        per_group = channels // groups
    weights = {"kernel": weight((*kernel_size, per_group, filters), kernel_initializer, dtype, version)}
    if has_bias(use_bias):
        weights["bias"] = (channel_count(filters),)
    return weights


@phase(conv, "tf_keras.compute_output_shape")
def conv_output_shape(
    shape: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    spatial: int,
) -> Any:
    """Conv.compute_output_shape."""
    if not isinstance(shape, Shape) or len(shape) < spatial + 2:
        return Unranked("the shape of the input is not known")
    sizes = spatial_axes(shape, data_format, spatial)
    known = padding if isinstance(padding, str) else Unknown("padding")
    fits = windows(sizes, whole(kernel_size), whole(strides), known, whole(dilation_rate))
    lead = shape[: len(shape) - spatial - 1]
    count = channel_count(filters)
    return Shape((*lead, *fits, count) if data_format != "channels_first" else (*lead, count, *fits))


@phase(conv, "tf_keras.call")
def conv_call(
    inputs: Any,
    *,
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    groups: Any,
    spatial: int,
    use_bias: Any = True,
    eager: bool = False,
    dtype: Any = "float32",
    kernels: Any = (),
) -> Any:
    """A kernel slides over the last axes but the channels; every filter gives one channel."""
    shape = inputs.shape if isinstance(inputs, Tensor) else Unranked("the input is no tensor")
    proper = conv_output_shape(
        shape,
        filters=filters,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        spatial=spatial,
    )
    operation = "Conv3D" if spatial == 3 else "Conv2D"
    if isinstance(shape, Shape) and len(shape) < spatial + 2 and not eager:
        refuse_rank(shape, dict(kernels).get("kernel", ()), spatial, operation)
    if not isinstance(shape, Shape) or not isinstance(proper, Shape):
        return proper
    grouped = not (is_dim(groups) and not surely_differ(groups, 1))
    if not isinstance(padding, str):
        return nobody_knows(len(shape))
    small = padding == VALID and not_fitting(shape, kernel_size, dilation_rate, data_format, spatial) is not None
    if eager:
        kernel = Kernel(operation, dtype, (*kernel_size, None, filters), compiled=grouped)
        last = data_format != "channels_first"
        if len(shape) > spatial + 2 and (small or 0 in shape):
            report(UndefinedResult(shape, kernel.shape, strides), blame=("inputs", "kernel_size"))
            return nobody_knows(len(shape))
        if undefined(inputs, proper, small, last, kernel, (strides, padding, dilation_rate)):
            return nobody_knows(len(shape))
        return proper
    if refuse_in_graph(inputs.dtype, dtype, operation):
        return proper
    kernel_shape = dict(kernels).get("kernel", ())
    channels = channels_of(shape, data_format, spatial)
    operands = graph_operands(shape, kernel_shape, spatial, data_format, grouped)
    if (kernel_shape and surely_no_multiple(channels, kernel_shape[-2])) or (
        kernel_shape
        and all(isinstance(n, int) and n > 0 for n in (channels, kernel_shape[-2], kernel_shape[-1]))
        and (not grouped and kernel_shape[-1] % (channels // kernel_shape[-2]))
    ):
        axis = channel_axis(data_format, spatial)
        problem = GraphChannelMismatch(
            channels, kernel_shape[-2], axis, shape, "", kernel_shape, 1, operation, operands
        )
        report(problem, blame=("inputs",))
    elif kernel_shape and kernel_shape[-2] == 0:
        axis = channel_axis(data_format, spatial)
        report(GraphChannelMismatch(0, 0, axis, shape, "", kernel_shape, 1, operation, operands), blame=("inputs",))
    elif small:
        refuse_size(shape, kernel_size, strides, dilation_rate, data_format, spatial, operation, operands)
        return nobody_knows(len(shape))
    return proper


def conv_settings(
    filters: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    groups: Any,
    spatial: int,
    causal: bool,
) -> dict[str, Any]:
    """Conv.__init__ after its base's: the settings as they are stored."""
    if isinstance(filters, float):
        filters = int(filters)
    if filters is not None:
        positive(filters, "filters")
    groups = groups if groups or not is_known(groups) else 1
    changed = {
        "filters": filters,
        "groups": groups,
        "kernel_size": int_tuple(kernel_size, spatial, "kernel_size"),
        "strides": int_tuple(strides, spatial, "strides", allow_zero=True),
        "padding": padding_of(padding),
        "data_format": data_format_of(data_format),
        "dilation_rate": int_tuple(dilation_rate, spatial, "dilation_rate"),
    }
    if isinstance(filters, int) and isinstance(groups, (str, tuple, list)):
        text = f"unsupported operand type(s) for %: 'int' and '{type(groups).__name__}'"
        report(PythonError("TypeError", text), blame=("groups",))
    elif filters is not None and surely_no_multiple(filters, groups):
        report(GroupsDoNotDivide("filters", filters, groups), blame=("groups", "filters"))
    if any(isinstance(stride, (int, float)) and stride == 0 for stride in changed["strides"]):
        report(BadSetting("strides", changed["strides"], "zero"), blame=("strides",))
        changed["strides"] = tuple(Unknown("strides") if stride == 0 else stride for stride in changed["strides"])
    if changed["padding"] == "causal" and not causal:
        report(BadSetting("padding", "causal", "causal"), blame=("padding",))
        changed["padding"] = Unknown("padding")
    if surely_above_one(changed["strides"]) and surely_above_one(changed["dilation_rate"]):
        problem = StridesWithDilation(changed["strides"], changed["dilation_rate"])
        report(problem, blame=("strides", "dilation_rate"))
    return changed


def padding_of(value: Any) -> Any:
    """normalize_padding: "causal" passes here."""
    if isinstance(value, (list, tuple)) or not is_known(value):
        return value
    if not isinstance(value, str):
        if value is None or isinstance(value, (int, float, dict, set)):
            report(BadSetting("padding", value, "not-a-string"), blame=("padding",))
        return Unknown("padding")
    if value.lower() not in (VALID, SAME, "causal"):
        report(BadSetting("padding", value.lower(), "not-an-option"), blame=("padding",))
        return Unknown("padding")
    return value.lower()


def data_format_of(value: Any) -> Any:
    """normalize_data_format: only texts have ``lower``."""
    if value is None:
        return "channels_last"
    if not is_known(value) or isinstance(value, (Tensor, Assumed)):
        return Unknown("data_format")
    if not isinstance(value, str):
        if isinstance(value, (int, float, tuple, list, dict)):
            report(BadSetting("data_format", value, "not-a-string"), blame=("data_format",))
        return Unknown("data_format")
    if value.lower() not in ("channels_first", "channels_last"):
        report(BadSetting("data_format", value, "not-an-option"), blame=("data_format",))
        return Unknown("data_format")
    return value.lower()


def tensor_shape(shape: Any) -> Any:
    """``tf.TensorShape(shape)``; reports what cannot be one."""
    if isinstance(shape, list) and shape and isinstance(shape[0], Shape):
        kind = "<class 'tensorflow.python.framework.tensor_shape.TensorShape'>"
        text = f"{ONE_PER_AXIS}'{shape_repr(shape[0])}' with type '{kind}'"
        report(PythonError("TypeError", text), blame=("inputs",))
        return Unranked("a list of shapes")
    if isinstance(shape, dict) and shape:
        key = next(iter(shape))
        inner = ", ".join(f"{name!r}: {shape_repr(item)}" for name, item in shape.items())
        text = (
            f"Failed to convert '{{{inner}}}' to a shape: '{key!r}'could not be converted to a dimension. A shape should "
            "either be single dimension (e.g. 10), or an iterable of dimensions (e.g. [1, 10, None])."
        )
        report(PythonError("TypeError", text), blame=("inputs",))
        return Unranked("a dict of shapes")
    if is_dim(shape):
        return Shape((shape,))
    return shape


def shape_repr(shape: Any) -> str:
    """``repr`` of a TensorShape: "TensorShape([None, 8, 3])"."""
    if not isinstance(shape, Shape):
        return "?"
    return f"TensorShape([{', '.join(_dim_text(dim) for dim in shape)}])"


def channel_axis(data_format: Any, spatial: int) -> int:
    """Conv._get_channel_axis, counted from the end."""
    return -1 - spatial if data_format == "channels_first" else -1


def channels_of(shape: Any, data_format: Any, spatial: int) -> Any:
    """The channels of a shape; Unknown where it has none."""
    axis = channel_axis(data_format, spatial)
    if not isinstance(shape, Shape) or not isinstance(data_format, str) or len(shape) < -axis:
        return Unknown("channels")
    return shape[axis]


def channel_axes(shape: Any, data_format: Any, spatial: int) -> tuple[tuple[int, Any], ...]:
    """The axis of a built layer's spec: its channels."""
    channels = channels_of(shape, data_format, spatial)
    return () if isinstance(channels, Unknown) else ((channel_axis(data_format, spatial), channels),)


def defined_channels(shape: Any, data_format: Any, spatial: int, of: str = "") -> Any:
    """The channels that a layer is built for; reports UnknownLength, or Python's refusals of other things."""
    axis = channel_axis(data_format, spatial)
    if shape is None:
        report(PythonError("TypeError", "'NoneType' object is not subscriptable"), blame=("input_shape",))
    elif isinstance(shape, Shape) and len(shape) < -axis:
        report(PythonError("IndexError", "list index out of range"), blame=("input_shape", "inputs"))
    channels = channels_of(shape, data_format, spatial)
    if is_dynamic(channels):
        report(UnknownLength(shape, operation=(of, str(axis))), blame=("inputs",))
        return Unknown("channels")
    return channels


def output_lengths(
    shape: Any,
    kernel_size: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilation_rate: Any,
    spatial: int,
    name: str = "",
) -> list[Any]:
    """The lengths that conv_output_length gives, floats where settings are; reports a padding that it asserts not to be."""
    if not isinstance(shape, Shape) or len(shape) < spatial + 1:
        return []
    sizes = spatial_axes(shape, data_format, spatial)
    if isinstance(padding, (list, tuple)):
        if not all(map(is_dynamic, sizes)):
            refuse_padding(padding)
        return []
    lengths: list[Any] = []
    for size, k, s, d in zip(sizes, kernel_size, strides, dilation_rate, strict=False):
        if not all(isinstance(value, (int, float)) for value in (size, k, s, d)) or not isinstance(padding, str):
            lengths.append(None)
        else:
            length = size - (k + (k - 1) * (d - 1)) + 1 if padding == VALID else size
            lengths.append((length + s - 1) // s)
    return lengths


def refuse_padding(padding: Any) -> None:
    """``assert padding in {...}`` for a list or a tuple."""
    if isinstance(padding, list):
        report(PythonError("TypeError", "unhashable type: 'ListWrapper'"), blame=("padding",))
    else:
        report(PythonError("AssertionError", ""), blame=("padding",))


def weight(shape: tuple[Any, ...], initializer: Any, dtype: Any, version: Any) -> tuple[Any, ...]:
    """The shape of a weight; reports BadWeightShape, and what its initializer cannot compute."""
    odd = next((dim for dim in shape if isinstance(dim, (float, str, tuple))), None)
    if odd is not None:
        report(BadWeightShape(shape, odd), blame=("kernel_size", "filters", "groups"))
    elif initializer == "glorot_uniform" and isinstance(dtype, str) and dtype.startswith(("int", "uint", "bool")):
        report(WrongDtype(dtype, "float32", "initializer"), blame=("dtype",))
    elif initializer == "glorot_uniform" and None in shape:
        text = "unsupported operand type(s) for *: 'NoneType' and 'int'"
        report(PythonError("TypeError", text), blame=("filters", "depth_multiplier"))
    elif version >= (2, 16) and any(isinstance(dim, bool) for dim in shape):
        text = "Field tensorflow.TensorShapeProto.Dim.size: Expected an int, got a boolean."
        report(PythonError("TypeError", text), blame=("filters", "kernel_size"))
    return tuple(int(dim) if isinstance(dim, bool) else dim for dim in shape)


def spatial_axes(shape: Shape, data_format: Any, spatial: int) -> tuple[Any, ...]:
    """The lengths that a kernel slides over."""
    if data_format == "channels_first":
        return tuple(shape[len(shape) - spatial :])
    return tuple(shape[len(shape) - spatial - 1 : -1])


def whole(values: Any) -> tuple[Any, ...]:
    """Bools as the ints that Python takes them for; floats are not known."""
    return tuple(int(v) if isinstance(v, bool) else Unknown("a float") if isinstance(v, float) else v for v in values)


def not_fitting(shape: Shape, kernel_size: Any, dilation_rate: Any, data_format: Any, spatial: int) -> int | None:
    """The first spatial axis on which the kernel surely does not fit."""
    sizes = spatial_axes(shape, data_format, spatial)
    for axis, (size, k, d) in enumerate(zip(sizes, whole(kernel_size), whole(dilation_rate), strict=False)):
        unbounded = is_dynamic(size) and bounds(size)[1] is None
        if is_dim(k) and is_dim(d) and not unbounded and surely_less(size, d * (k - 1) + 1):
            return axis
    return None


def refuse_in_graph(given: Any, compute: Any, operation: str) -> bool:
    """Report a WrongDtype if an operation of a graph refuses the input's dtype beside the kernel's."""
    if not isinstance(given, str) or not isinstance(compute, str) or given == compute:
        return False
    report(WrongDtype(given, compute, f"graph {operation}"), blame=("inputs",))
    return True


def refuse_size(
    shape: Shape,
    kernel_size: Any,
    strides: Any,
    dilation_rate: Any,
    data_format: Any,
    spatial: int,
    operation: str,
    operands: tuple[Any, ...],
) -> None:
    """Report GraphWindowTooBig for the first axis that is too short; dilation is done by cutting the input up."""
    axis = not_fitting(shape, kernel_size, dilation_rate, data_format, spatial)
    if axis is None:
        return
    sizes = spatial_axes(shape, data_format, spatial)
    span, size, dilation = kernel_size[axis], sizes[axis], dilation_rate[axis]
    cut = surely_above_one(dilation_rate)
    if cut and operands:
        pieces = tuple(
            -(-size // d) if isinstance(size, int) else size for size, d in zip(sizes, dilation_rate, strict=True)
        )
        first = operands[0]
        start = len(first) - spatial - 1 if data_format != "channels_first" else len(first) - spatial
        batch = first[0] if is_dynamic(first[0]) else first[0] * product(dilation_rate)
        operands = ((batch, *first[1:start], *pieces, *first[start + spatial :]), operands[1])
    size = -(-size // dilation) if isinstance(size, int) else size
    problem = GraphWindowTooBig(
        shape, tuple(kernel_size), strides, VALID, dilation_rate, "", operation, operands, span, size
    )
    report(problem, blame=("inputs", "kernel_size", "dilation_rate"))


def graph_operands(
    shape: Shape, kernel: tuple[Any, ...], spatial: int, data_format: Any, elsewhere: bool = False
) -> tuple[Any, ...]:
    """The shapes of what the graph's operation gets; empty where they are not told."""
    if elsewhere or not kernel or len(shape) != spatial + 2:
        return ()
    if spatial == 1 and data_format == "channels_first":
        return (*shape[:2], 1, shape[2]), (1, *kernel)
    if spatial == 1:
        return (shape[0], 1, *shape[1:]), (1, *kernel)
    return tuple(shape), tuple(kernel)


def refuse_rank(shape: Shape, kernel: tuple[Any, ...], spatial: int, operation: str) -> None:
    """Report that a built layer gets too few axes in a graph; with one spatial axis other operations come first."""
    if spatial > 1 or not kernel:
        operands = (tuple(shape), *((tuple(kernel),) if kernel else ()))
        problem = GraphRankMismatch(shape, "", spatial + 2, None, tuple(kernel), operation, operands)
        report(problem, blame=("inputs",))


def _dim_text(dim: Any) -> str:
    return "None" if is_dynamic(dim) else str(dim) if isinstance(dim, int) else "?"
