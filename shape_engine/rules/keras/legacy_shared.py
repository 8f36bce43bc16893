"""What the convolutions of Keras 2 share: settings, channels, weights, and what graphs refuse.

Follows tf_keras/src/utils/conv_utils.py and the class ``Conv`` in base_conv.py of
tf_keras/src/layers/convolutional.
"""

from __future__ import annotations

from typing import Any

from ...dim import bounds, is_dim, is_dynamic, surely_less, surely_no_multiple
from ...evidence import report
from ...formulas.window import SAME, VALID
from ...problems import (
    BadSetting,
    BadWeightShape,
    GraphRankMismatch,
    GraphWindowTooBig,
    GroupsDoNotDivide,
    PythonError,
    StridesWithDilation,
    UnknownLength,
    WrongDtype,
)
from ...shape import Shape, Unranked, product
from ...value import Assumed, Tensor, Unknown, is_known
from .arguments import int_tuple, positive, surely_above_one

ONE_PER_AXIS = "Dimension value must be integer or None or have an __index__ method, got value "


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
        positive(filters, "filters", wraps=False)
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
