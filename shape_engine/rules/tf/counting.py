"""TensorFlow's sums over groups, counts, masks and places (math_ops.py, array_ops.py, bincount_ops.py, data_flow_ops.py)."""

from __future__ import annotations

from typing import Any

from ...dim import surely_differ
from ...dtypes import dtype_name
from ...formulas.broadcast import broadcast
from ...formulas.creation import flat
from ...rule import Call
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown, Value
from ..arrays import as_dim, as_dims, number, operand
from .graph import define


@define("tf.math.segment_sum", "tf.math.segment_mean", "tf.math.segment_max", "tf.math.segment_min")
@define("tf.math.segment_prod")
def segments(call: Call, data: Value, segment_ids: Value, name: Value = None) -> Tensor:
    """A row for each group of rows: how many there are, the numbers tell."""
    x = operand(data, "tf", call)
    if not isinstance(x.shape, Shape) or not x.shape:
        return Tensor(Unranked("rows"), x.dtype, "tf")
    ids = operand(segment_ids, "tf", call)
    numbers = flat(ids.constant) if ids.constant is not None else []
    count: Any = max(numbers) + 1 if numbers and all(type(n) is int for n in numbers) else call.symbol()
    return Tensor(Shape((count, *x.shape[1:])), x.dtype, "tf")


@define("tf.math.unsorted_segment_sum", "tf.math.unsorted_segment_mean", "tf.math.unsorted_segment_max")
@define("tf.math.unsorted_segment_min", "tf.math.unsorted_segment_prod", "tf.math.unsorted_segment_sqrt_n")
def unsorted_segments(call: Call, data: Value, segment_ids: Value, num_segments: Value, name: Value = None) -> Tensor:
    """A row for each of ``num_segments`` groups; the ids have the first axes of the data."""
    x, ids = operand(data, "tf", call), operand(segment_ids, "tf", call)
    if not isinstance(x.shape, Shape) or not isinstance(ids.shape, Shape) or len(ids.shape) > len(x.shape):
        return Tensor(Unranked("rows"), x.dtype, "tf")
    if any(map(surely_differ, ids.shape, x.shape)):
        call.doubt()
        return Tensor(Unranked("rows"), x.dtype, "tf")
    return Tensor(Shape((as_dim(call, num_segments), *x.shape[len(ids.shape) :])), x.dtype, "tf")


@define("tf.math.bincount")
def bincount(call: Call, arr: Value, *args: Value, **_: Value) -> Value:
    """How often each number occurs: as many counts as the largest number tells."""
    if args or _.keys() & {"axis", "binary_output", "weights"}:
        return Unknown("counts")
    return Tensor(Shape((call.symbol(),)), None if "dtype" in _ else "int32", "tf")


@define("tf.histogram_fixed_width")
def histogram(
    call: Call, values: Value, value_range: Value, nbins: Value = 100, dtype: Value = "int32", name: Value = None
) -> Tensor:
    """So many counts."""
    return Tensor(Shape((as_dim(call, nbins),)), dtype_name(dtype), "tf")


@define("tf.histogram_fixed_width_bins")
def histogram_bins(
    call: Call, values: Value, value_range: Value, nbins: Value = 100, dtype: Value = "int32", name: Value = None
) -> Tensor:
    """The bin of each number."""
    return Tensor(operand(values, "tf", call).shape, dtype_name(dtype), "tf")


@define("tf.math.confusion_matrix")
def confusion_matrix(
    call: Call,
    labels: Value,
    predictions: Value,
    num_classes: Value = None,
    weights: Value = None,
    dtype: Value = "int32",
    name: Value = None,
) -> Tensor:
    """A row and a column for each class."""
    count = call.symbol() if num_classes is None else as_dim(call, num_classes)
    return Tensor(Shape((count, count)), dtype_name(dtype), "tf")


@define("tf.math.in_top_k", "tf.nn.in_top_k")
def in_top_k(call: Call, targets: Value, predictions: Value, k: Value, name: Value = None) -> Tensor:
    """Whether each target is among the ``k`` largest predictions."""
    return Tensor(operand(targets, "tf", call).shape, "bool", "tf")


@define("tf.sequence_mask")
def sequence_mask(
    call: Call, lengths: Value, maxlen: Value = None, dtype: Value = "bool", name: Value = None
) -> Tensor:
    """For each length a row that is true so far; the longest tells how long, if nothing is given."""
    x = operand(lengths, "tf", call)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, dtype_name(dtype), "tf")
    longest: Any = call.symbol() if maxlen is None else as_dim(call, maxlen)
    if maxlen is None and x.constant is not None:
        numbers = flat(x.constant)
        longest = max(numbers) if numbers and all(type(n) is int for n in numbers) else longest
    return Tensor(Shape((*x.shape, longest)), dtype_name(dtype), "tf")


@define("tf.searchsorted")
def searchsorted(
    call: Call,
    sorted_sequence: Value,
    values: Value,
    side: Value = "left",
    out_type: Value = "int32",
    name: Value = None,
) -> Tensor:
    """Where each value would stand; both have the same leading axes."""
    row, x = operand(sorted_sequence, "tf", call), operand(values, "tf", call)
    if isinstance(row.shape, Shape) and isinstance(x.shape, Shape):
        own, other = row.shape[:-1], x.shape[:-1]
        if len(own) != len(other) or any(map(surely_differ, own, other)):
            call.doubt()
            return Tensor(Unranked("rows that do not fit"), dtype_name(out_type), "tf")
    return Tensor(x.shape, dtype_name(out_type), "tf")


@define("tf.unique_with_counts")
def unique_with_counts(call: Call, x: Value, out_idx: Value = "int32", name: Value = None) -> Value:
    """The distinct numbers of a row, where each number went, and how often each is there."""
    tensor, count = operand(x, "tf", call), call.symbol()
    kind = dtype_name(out_idx)
    row = Shape((count,))
    return (Tensor(row, tensor.dtype, "tf"), Tensor(tensor.shape, kind, "tf"), Tensor(row, kind, "tf"))


@define("tf.dynamic_partition")
def dynamic_partition(call: Call, data: Value, partitions: Value, num_partitions: Value, name: Value = None) -> Value:
    """The rows of each part: how many there are, the numbers tell."""
    x, places, count = operand(data, "tf", call), operand(partitions, "tf", call), number(num_partitions)
    known = isinstance(x.shape, Shape) and isinstance(places.shape, Shape) and len(places.shape) <= len(x.shape)
    if not known or type(count) is not int or not 0 < count <= 256:
        return Unknown("the parts are not known")
    rest = x.shape[len(places.shape) :]  # type: ignore[index, arg-type]
    return [Tensor(Shape((call.symbol(), *rest)), x.dtype, "tf") for _ in range(count)]


@define("tf.dynamic_stitch", "tf.math.sobol_sample", "tf.parallel_stack")
def unmodelled(call: Call, *args: Value, **_: Value) -> Value:
    """What is not followed."""
    return Unknown("tensors put together by their numbers")


@define("tf.strided_slice")
def strided_slice(call: Call, input_: Value, begin: Value, *args: Value, **_: Value) -> Tensor:
    """A subscript by its parts."""
    return Tensor(Unranked("a strided slice"), operand(input_, "tf", call).dtype, "tf")


@define("tf.unravel_index")
def unravel_index(call: Call, indices: Value, dims: Value, name: Value = None) -> Tensor:
    """For each axis of ``dims`` a row of indices."""
    x, sizes = operand(indices, "tf", call), as_dims(call, dims)
    if not isinstance(x.shape, Shape) or not isinstance(sizes, Shape) or len(x.shape) > 1:
        return Tensor(Unranked("indices"), x.dtype, "tf")
    return Tensor(Shape((len(sizes), *x.shape)), x.dtype, "tf")


@define("tf.math.zero_fraction", "tf.nn.zero_fraction")
def zero_fraction(call: Call, value: Value, name: Value = None) -> Tensor:
    """One number."""
    return Tensor(Shape(()), "float32", "tf")


@define("tf.math.is_non_decreasing", "tf.math.is_strictly_increasing")
def is_increasing(call: Call, x: Value, name: Value = None) -> Tensor:
    """One truth value."""
    return Tensor(Shape(()), "bool", "tf")


@define("tf.nn.l2_loss")
def l2_loss(call: Call, t: Value, name: Value = None) -> Tensor:
    """One number."""
    return Tensor(Shape(()), operand(t, "tf", call).dtype, "tf")


@define("tf.clip_by_global_norm")
def clip_by_global_norm(
    call: Call, t_list: Value, clip_norm: Value, use_norm: Value = None, name: Value = None
) -> Value:
    """The tensors, all made smaller by the same factor, and the norm of all."""
    tensors = call.resolve(t_list)
    if not isinstance(tensors, (list, tuple)):
        return Unknown("tensors that are not known")
    clipped = [
        x if x is None else Tensor(operand(x, "tf", call).shape, operand(x, "tf", call).dtype, "tf") for x in tensors
    ]
    return (clipped, Tensor(Shape(()), None, "tf"))


@define("tf.broadcast_static_shape")
def broadcast_static_shape(call: Call, shape_x: Value, shape_y: Value) -> Value:
    """Two shapes stretched to each other."""
    shapes = [as_dims(call, shape) for shape in (shape_x, shape_y)]
    if not all(isinstance(shape, Shape) for shape in shapes):
        return Unknown("a shape")
    found = broadcast(*shapes)  # type: ignore[arg-type]
    return Unknown("shapes that do not fit") if found is None else tuple(found)


@define("tf.broadcast_dynamic_shape")
def broadcast_dynamic_shape(call: Call, shape_x: Value, shape_y: Value) -> Value:
    """The same as a tensor."""
    found = broadcast_static_shape(call, shape_x, shape_y)
    if not isinstance(found, tuple):
        return found
    return Tensor(Shape((len(found),)), "int32", "tf", constant=tuple(found))


@define("tf.reverse_sequence")
def reverse_sequence(call: Call, input: Value, seq_lengths: Value, *args: Value, **_: Value) -> Tensor:
    """Each row reversed up to a length."""
    x = operand(input, "tf", call)
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.nn.normalize_moments")
def normalize_moments(
    call: Call, counts: Value, mean_ss: Value, variance_ss: Value, shift: Value, name: Value = None
) -> Value:
    """Mean and variance."""
    mean, variance = operand(mean_ss, "tf", call), operand(variance_ss, "tf", call)
    return (Tensor(mean.shape, mean.dtype, "tf"), Tensor(variance.shape, variance.dtype, "tf"))


@define("tf.nn.weighted_moments")
def weighted_moments(call: Call, x: Value, axes: Value, frequency_weights: Value, *args: Value, **_: Value) -> Value:
    """Mean and variance, weighted."""
    return Unknown("moments with weights")


@define("tf.tensor_scatter_nd_max", "tf.tensor_scatter_nd_min")
def scatter(call: Call, tensor: Value, indices: Value, updates: Value, name: Value = None, **_: Value) -> Tensor:
    """The tensor with some entries changed."""
    x = operand(tensor, "tf", call)
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.space_to_batch", "tf.space_to_batch_nd", "tf.nn.space_to_batch", "tf.batch_to_space")
def blocks(call: Call, input: Value, *args: Value, **_: Value) -> Tensor:
    """Blocks moved into the batch, or out of it."""
    x = operand(input, "tf", call)
    shape = Shape(call.symbol() for _ in x.shape) if isinstance(x.shape, Shape) else x.shape
    return Tensor(shape, x.dtype, "tf")
