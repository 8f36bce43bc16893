"""TensorFlow's functions for networks (tensorflow/python/ops/nn_ops.py, nn_impl.py, image_ops_impl.py)."""

from __future__ import annotations

from typing import Any

from ...dim import surely_differ, surely_less, surely_no_multiple
from ...formulas.broadcast import broadcast
from ...formulas.join import known
from ...formulas.window import VALID, per_axis, windows
from ...problems import BadArgument, NoSuchAxis
from ...rule import Call
from ...shape import Shape, Unranked, product, surely_other
from ...value import Tensor, Unknown, Value
from ..arrays import as_dims, number, operand, plain, shape_of
from .graph import define, report


@define("tf.nn.softmax", "tf.nn.log_softmax", "tf.math.softmax", "tf.math.log_softmax")
def softmax(call: Call, logits: Value, axis: Value = None, name: Value = None) -> Tensor:
    """Numbers that sum up to 1 along an axis, the last one by default."""
    x, axis = operand(logits, "tf", call), number(axis)
    if isinstance(x.shape, Shape) and isinstance(axis, int) and not -len(x.shape) <= axis < len(x.shape):
        report(NoSuchAxis(op="Softmax", axis=axis, rank=len(x.shape)), blame=("axis",))
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.nn.dropout", "tf.nn.experimental.stateless_dropout")
def dropout(call: Call, x: Value, rate: Value, *args: Value, **_: Value) -> Tensor:
    """Some numbers set to 0.  ValueError for a rate that is no share."""
    rate = number(rate)
    if isinstance(rate, (int, float)) and not 0 <= rate < 1:
        report(BadArgument(op="dropout", what="rate", value=rate), blame=("rate",))
    tensor = operand(x, "tf", call)
    return Tensor(tensor.shape, tensor.dtype, "tf")


@define("tf.nn.batch_normalization", "tf.nn.local_response_normalization", "tf.nn.lrn")
def normalization(call: Call, x: Value, *args: Value, **_: Value) -> Tensor:
    """The same shape, other numbers."""
    tensor = operand(x, "tf", call)
    return Tensor(tensor.shape, tensor.dtype, "tf")


@define("tf.nn.conv2d", spatial=2)
@define("tf.nn.conv1d", spatial=1)
@define("tf.nn.conv3d", spatial=3)
def conv(
    call: Call, input: Value, filters: Value = None, strides: Value = 1, padding: Value = "VALID", data_format: Value = None, dilations: Value = None,
    name: Value = None, *, spatial: int, stride: Value = None,
) -> Tensor:  # fmt: skip
    """A convolution with a given kernel; channels may be a multiple of the kernel's (then in groups)."""
    x, kernel = operand(input, "tf", call), operand(filters, "tf", call)
    strides = stride if stride is not None else strides
    last = data_format is None or (isinstance(data_format, str) and data_format.endswith("C"))
    if isinstance(kernel.shape, Shape) and spatial == 2 and len(kernel.shape) != 4:
        report(BadArgument(op="Conv2D", what="filter", shape=kernel.shape), blame=("filters",))
        return Tensor(Unranked("the kernel has another rank"), x.dtype, "tf")
    known = isinstance(x.shape, Shape) and isinstance(kernel.shape, Shape)
    refused = (
        (x.dtype and kernel.dtype and x.dtype != kernel.dtype)
        or padding not in ("SAME", "VALID")
        or not isinstance(input, Tensor)
    )
    if isinstance(strides, (list, tuple)) and len(strides) == spatial + 2:
        refused = refused or strides[0] != 1 or strides[-1] != 1
    if refused or not known or not last or len(x.shape) != spatial + 2 or len(kernel.shape) != spatial + 2:  # type: ignore[arg-type]
        return Tensor(Unranked("the shapes are not known"), x.dtype, "tf")
    shape: Any = x.shape
    channels, depth = shape[-1], kernel.shape[-2]  # type: ignore[index]
    if spatial == 2 and isinstance(depth, int) and depth and surely_no_multiple(channels, depth):
        report(BadArgument(op="Conv2D", what="depth", shape=shape, value=(channels, depth)), blame=("filters", "input"))
    elif spatial == 2 and isinstance(depth, int) and depth and isinstance(channels, int):
        groups = channels // depth
        if groups and surely_no_multiple(kernel.shape[-1], groups):  # type: ignore[index]
            problem = BadArgument(op="Conv2D", what="groups", shape=shape, value=(kernel.shape[-1], groups))  # type: ignore[index]
            report(problem, blame=("filters", "input"))
    dims = _windows(call, "Conv2D", shape[1:-1], kernel.shape[:spatial], strides, padding, dilations)  # type: ignore[index]
    if any(
        isinstance(size, int) and not isinstance(dim, int) for size, dim in zip(shape[1:-1], dims, strict=True)
    ):  # no place for the kernel: what comes back is not defined
        return Tensor(Unranked("the result is not defined"), x.dtype, "tf")
    return Tensor(Shape((shape[0], *dims, kernel.shape[-1])), x.dtype, "tf")  # type: ignore[index]


@define("tf.nn.depthwise_conv2d")
def depthwise(
    call: Call,
    input: Value,
    filter: Value,
    strides: Value,
    padding: Value,
    data_format: Value = None,
    dilations: Value = None,
    name: Value = None,
) -> Tensor:
    """Every channel with kernels of its own."""
    x, kernel = operand(input, "tf", call), operand(filter, "tf", call)
    known = isinstance(x.shape, Shape) and isinstance(kernel.shape, Shape) and data_format in (None, "NHWC")
    if not known or len(x.shape) != 4 or len(kernel.shape) != 4:  # type: ignore[arg-type]
        return Tensor(Unranked("the shapes are not known"), x.dtype, "tf")
    shape: Any = x.shape
    depths: Any = shape[-1], kernel.shape[2]  # type: ignore[index]
    if x.dtype == "float32" and all(isinstance(depth, int) and depth > 0 for depth in depths) and depths[0] % depths[1]:
        report(BadArgument(op="DepthwiseConv2dNative", value=depths), blame=("filter", "input"))
    dims = _windows(call, "", shape[1:-1], kernel.shape[:2], strides, padding, dilations)  # type: ignore[index]
    return Tensor(Shape((shape[0], *dims, shape[-1] * kernel.shape[-1])), x.dtype, "tf")  # type: ignore[index]


@define("tf.nn.conv2d_transpose", "tf.nn.conv1d_transpose", "tf.nn.conv3d_transpose")
def conv_transpose(call: Call, input: Value, filters: Value, output_shape: Value, *args: Value, **_: Value) -> Tensor:
    """The shape is given."""
    return Tensor(as_dims(call, output_shape), operand(input, "tf", call).dtype, "tf")


@define("tf.nn.max_pool2d", kernel="MaxPool", spatial=2)
@define("tf.nn.avg_pool2d", kernel="AvgPool", spatial=2)
@define("tf.nn.max_pool1d", kernel="MaxPool1d", spatial=1)
@define("tf.nn.avg_pool1d", kernel="AvgPool1d", spatial=1)
@define("tf.nn.max_pool3d", kernel="MaxPool3d", spatial=3)
@define("tf.nn.avg_pool3d", kernel="AvgPool3d", spatial=3)
@define("tf.nn.max_pool", "tf.nn.avg_pool", kernel="Pool", spatial=0)
def pool(
    call: Call,
    input: Value,
    ksize: Value,
    strides: Value,
    padding: Value,
    data_format: Value = None,
    name: Value = None,
    *,
    kernel: str,
    spatial: int,
) -> Tensor:
    """The largest number, or the mean, of every window."""
    x = operand(input, "tf", call)
    rank = len(x.shape) if isinstance(x.shape, Shape) else None
    if rank is not None and rank not in (4, 5) and kernel in ("MaxPool", "AvgPool"):
        report(
            BadArgument(op=kernel, what="rank", shape=x.shape if isinstance(x.shape, Shape) else ()), blame=("input",)
        )
        return Tensor(Unranked("the input has another rank"), x.dtype, "tf")
    last = data_format is None or (isinstance(data_format, str) and data_format.endswith("C"))
    if rank is None or rank < 3 or not last or (spatial and rank != spatial + 2):
        return Tensor(Unranked("the shape is not known"), x.dtype, "tf")
    shape: Any = x.shape
    dims = _windows(call, kernel, shape[1:-1], _spatial(ksize, rank - 2), strides, padding, None)
    return Tensor(Shape((shape[0], *dims, shape[-1])), x.dtype, "tf")


def _windows(
    call: Call, op: str, sizes: Any, kernel: Any, strides: Value, padding: Value, dilations: Value
) -> tuple[Any, ...]:
    """How often the kernel fits; a length that would be negative is reported, one of 0 is not defined."""
    rank = len(sizes)
    padding = padding.lower() if isinstance(padding, str) else None
    steps, gaps = _spatial(strides, rank), _spatial(1 if dilations is None else dilations, rank)
    dims = list(windows(tuple(sizes), tuple(kernel), steps, padding, gaps))
    for axis, dim in enumerate(dims):
        if padding != VALID or not surely_less(dim, 1):
            continue
        numbers = (sizes[axis], kernel[axis], steps[axis], gaps[axis])
        if rank == 2 and op in ("Conv2D", "MaxPool", "AvgPool") and all(isinstance(n, int) for n in numbers):
            size, length, stride, gap = numbers
            reached = gap * (length - 1) + 1
            found = int((size - reached + stride) / stride)
            if found < 0:
                blame = "filters" if op == "Conv2D" else "ksize"
                problem = BadArgument(op=op, what="negative size", value=(found, size, reached, stride))
                report(problem, blame=(blame, "input"))
        dims[axis] = call.symbol()
    return tuple(dims)


def _spatial(value: Value, rank: int) -> tuple[Any, ...]:
    """A setting for every spatial axis, from one number, one for each, or one for each axis of the tensor."""
    value = plain(value)
    if isinstance(value, (tuple, list)):
        if len(value) == rank + 2:
            return tuple(value[1:-1])
        if len(value) == rank:
            return tuple(value)
        if len(value) != 1:
            return (None,) * rank
        value = value[0]
    return per_axis(value, rank)


@define("tf.nn.softmax_cross_entropy_with_logits")
def cross_entropy(call: Call, labels: Value, logits: Value, axis: Value = -1, name: Value = None) -> Tensor:
    """One number for each row; labels and logits broadcast."""
    y, x = operand(labels, "tf", call), operand(logits, "tf", call)
    if not isinstance(y.shape, Shape) or not isinstance(x.shape, Shape):
        return Tensor(Unranked("a rank is not known"), x.dtype, "tf")
    whole = broadcast(y.shape, x.shape)
    if whole is None:
        if len(x.shape) == len(y.shape) == 2 or (len(x.shape) == len(y.shape) > 2 and x.shape[:-1] == y.shape[:-1]):
            labels_, logits_ = ((product(z[:-1]), z[-1]) for z in (y.shape, x.shape))
            problem = BadArgument(op="SoftmaxCrossEntropyWithLogits", shape=labels_, value=logits_)
            report(problem, blame=("labels", "logits"))
        return Tensor(Shape(x.shape[:-1]), x.dtype, "tf")
    return Tensor(Shape(whole[:-1]), x.dtype, "tf")


@define("tf.nn.sparse_softmax_cross_entropy_with_logits")
def sparse_cross_entropy(call: Call, labels: Value, logits: Value, name: Value = None) -> Tensor:
    """One number for each label; the labels have the shape of the logits without the last axis."""
    y, x = operand(labels, "tf", call), operand(logits, "tf", call)
    if isinstance(y.shape, Shape) and isinstance(x.shape, Shape):
        if len(y.shape) != len(x.shape) - 1:
            problem = BadArgument(op="sparse cross entropy", what="rank", shape=y.shape, value=x.shape)
            report(problem, blame=("labels", "logits"))
        elif any(map(surely_differ, y.shape, x.shape)):
            problem = BadArgument(op="sparse cross entropy", what="shape", shape=y.shape, value=x.shape)
            report(problem, blame=("labels", "logits"))
        else:
            return Tensor(Shape(map(known, zip(y.shape, x.shape, strict=False))), x.dtype, "tf")
    return Tensor(y.shape, x.dtype, "tf")


@define("tf.nn.sigmoid_cross_entropy_with_logits", "tf.nn.weighted_cross_entropy_with_logits")
def sigmoid_cross_entropy(call: Call, labels: Value = None, logits: Value = None, *args: Value, **_: Value) -> Tensor:
    """One number for each label; both have the same shape."""
    y, x = operand(labels, "tf", call), operand(logits, "tf", call)
    if surely_other(y.shape, x.shape):
        report(
            BadArgument(op="sigmoid cross entropy", shape=shape_of(y), value=shape_of(x)), blame=("labels", "logits")
        )
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.nn.depth_to_space", back=True)
@define("tf.nn.space_to_depth", back=False)
def depth_to_space(
    call: Call, input: Value, block_size: Value, data_format: Value = "NHWC", name: Value = None, *, back: bool
) -> Tensor:
    """Channels spread over height and width, or the other way round."""
    x, block = operand(input, "tf", call), number(block_size)
    if (
        not isinstance(x.shape, Shape)
        or len(x.shape) != 4
        or not isinstance(block, int)
        or block < 2
        or data_format != "NHWC"
    ):
        return Tensor(Unranked("the shape is not known"), x.dtype, "tf")
    batch, height, width, depth = x.shape
    if back:
        if surely_no_multiple(depth, block * block):
            return Tensor(Unranked("the channels do not divide"), x.dtype, "tf")
        return Tensor(Shape((batch, height * block, width * block, depth // (block * block))), x.dtype, "tf")
    return Tensor(Shape((batch, height // block, width // block, depth * block * block)), x.dtype, "tf")


@define("tf.nn.crelu")
def crelu(call: Call, features: Value, axis: Value = -1, name: Value = None) -> Tensor:
    """Twice as many channels."""
    x = operand(features, "tf", call)
    if not isinstance(x.shape, Shape) or axis != -1 or not x.shape:
        return Tensor(Unranked("the shape is not known"), x.dtype, "tf")
    return Tensor(Shape((*x.shape[:-1], 2 * x.shape[-1])), x.dtype, "tf")


@define("tf.nn.separable_conv2d")
def separable(
    call: Call,
    input: Value,
    depthwise_filter: Value,
    pointwise_filter: Value,
    strides: Value,
    padding: Value,
    data_format: Value = None,
    dilations: Value = None,
    name: Value = None,
) -> Tensor:
    """Every channel by itself, then all channels mixed."""
    deep = depthwise(call, input, depthwise_filter, strides, padding, data_format, dilations)
    point = operand(pointwise_filter, "tf", call)
    known = isinstance(deep.shape, Shape) and isinstance(point.shape, Shape) and len(point.shape) == 4
    if not known or surely_differ(deep.shape[-1], point.shape[-2]):  # type: ignore[index]
        return Tensor(Unranked("the shapes are not known"), deep.dtype, "tf")
    return Tensor(Shape((*deep.shape[:-1], point.shape[-1])), deep.dtype, "tf")  # type: ignore[index]


@define("tf.nn.atrous_conv2d")
def atrous(call: Call, value: Value, filters: Value, rate: Value, padding: Value, name: Value = None) -> Tensor:
    """A convolution with holes."""
    return conv(call, value, filters, 1, padding, None, rate, spatial=2)


@define("tf.nn.convolution")
def convolution(
    call: Call,
    input: Value,
    filters: Value,
    strides: Value = None,
    padding: Value = "VALID",
    data_format: Value = None,
    dilations: Value = None,
    name: Value = None,
) -> Tensor:
    """A convolution of any rank."""
    x = operand(input, "tf", call)
    spatial = len(x.shape) - 2 if isinstance(x.shape, Shape) else 0
    if spatial not in (1, 2, 3):
        return Tensor(Unranked("the shape is not known"), x.dtype, "tf")
    steps = 1 if strides is None else strides
    return conv(call, input, filters, steps, padding, data_format, dilations, spatial=spatial)


@define("tf.nn.ctc_loss")
def ctc_loss(
    call: Call, labels: Value, logits: Value, label_length: Value, logit_length: Value, *args: Value, **_: Value
) -> Tensor:
    """A loss for each row."""
    x = operand(label_length, "tf", call)
    known = isinstance(x.shape, Shape) and len(x.shape) == 1
    return Tensor(x.shape if known else Unranked("a loss"), "float32", "tf")


@define("tf.nn.log_poisson_loss")
def log_poisson_loss(
    call: Call, targets: Value, log_input: Value, compute_full_loss: Value = False, name: Value = None
) -> Tensor:
    """A loss for each entry; both have one shape."""
    x = operand(log_input, "tf", call)
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.nn.scale_regularization_loss", "tf.nn.compute_average_loss")
def number_of_loss(call: Call, *args: Value, **_: Value) -> Tensor:
    """One number."""
    return Tensor(Shape(()), None, "tf")


@define("tf.nn.max_pool_with_argmax", "tf.nn.ctc_greedy_decoder", "tf.nn.ctc_beam_search_decoder", "tf.nn.nce_loss")
@define("tf.nn.sampled_softmax_loss", "tf.nn.fractional_max_pool", "tf.nn.fractional_avg_pool", "tf.nn.pool")
@define("tf.nn.dilation2d", "tf.nn.erosion2d", "tf.nn.sufficient_statistics", "tf.nn.conv_transpose")
@define("tf.nn.embedding_lookup_sparse", "tf.nn.safe_embedding_lookup_sparse", "tf.nn.atrous_conv2d_transpose")
@define("tf.nn.with_space_to_batch", "tf.nn.isotonic_regression", "tf.nn.collapse_repeated", "tf.nn.ctc_unique_labels")
def unmodelled(call: Call, *args: Value, **_: Value) -> Value:
    """What is not followed."""
    return Unknown("a function for networks that is not followed")
