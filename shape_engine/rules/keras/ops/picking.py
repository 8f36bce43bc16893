"""Entries looked up, written, ordered and counted (keras/src/ops/core.py, numpy.py and math.py)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ....dim import is_dim, is_dynamic, surely_differ, surely_less
from ....formulas.broadcast import broadcast
from ....formulas.join import from_front
from ....formulas.reshape import flat
from ....problems import BadArgument, BroadcastMismatch
from ....rule import Call, function
from ....shape import AnyShape, Shape
from ....value import Tensor, Unknown, Value
from ..symbolic import is_symbolic_call, result, results, tell, tensor
from .checks import OPEN, out_of_bounds, refuse


@function("keras.ops.take_along_axis")
def take_along_axis(call: Call, x: Any, indices: Any, axis: Value = None) -> Value:
    """An entry for each index along an axis; the other axes are broadcast."""
    x, picked = tensor(call, x), tensor(call, indices)
    shape: AnyShape = OPEN
    if isinstance(x.shape, Shape) and isinstance(picked.shape, Shape) and axis is None:
        if len(picked.shape) == 1:
            shape = picked.shape
        elif is_symbolic_call((x, picked)):
            flattened = replace(x, shape=Shape((flat(x.shape),)))
            refuse(
                call,
                "take_along_axis",
                "take-along-ranks",
                [flattened, picked],
                "indices",
                quoted=_lists(flattened, picked),
            )
        else:
            refuse(call, "take_along_axis", "take-along-flat", [picked], "indices", always=True)
    elif isinstance(x.shape, Shape) and isinstance(picked.shape, Shape) and type(axis) is int:
        shape = _taken(call, x, picked, axis)
    return result(call, "TakeAlongAxis", shape, x.dtype, x, picked)


def _taken(call: Call, x: Any, picked: Any, axis: int) -> AnyShape:
    own, other = x.shape, picked.shape
    if len(own) != len(other):
        refuse(
            call,
            "take_along_axis",
            "take-along-ranks",
            [x, picked],
            "indices",
            "x",
            quoted=_lists(x, picked),
            always=True,
        )
        return OPEN
    if out_of_bounds(call, [axis], len(own), x, picked):
        return OPEN
    place = axis % len(own)
    one, two = (Shape((*shape[:place], 1, *shape[place + 1 :])) for shape in (own, other))
    found = broadcast(one, two)
    if found is None:
        if is_symbolic_call((x, picked)):
            one = Shape((*one[:place], other[place], *one[place + 1 :]))
        tell(call, BroadcastMismatch("symbolic", shapes=(one, other)), [x, picked], "indices", "x")
        return OPEN
    return Shape((*found[:place], other[place], *found[place + 1 :]))


@function("keras.ops.scatter")
def scatter(call: Call, indices: Any, values: Any, shape: Value) -> Value:
    """Zeros of a shape, with the values at their places."""
    places, x = tensor(call, indices), tensor(call, values)
    return result(call, "Scatter", _given(call, shape), x.dtype, places, x)


@function("keras.ops.scatter_update")
def scatter_update(call: Call, inputs: Any, indices: Any, updates: Any, reduction: Value = None) -> Value:
    """The same array with other entries at some places."""
    x, places, entries = tensor(call, inputs), tensor(call, indices), tensor(call, updates)
    return result(call, "ScatterUpdate", x.shape, x.dtype, x, places, entries)


@function("keras.ops.slice")
def slice_(call: Call, inputs: Any, start_indices: Any, shape: Value) -> Value:
    """A piece of a given shape; a length of -1 takes what is left."""
    x, sizes = tensor(call, inputs), list(shape) if isinstance(shape, (list, tuple)) else None
    values = [x, *([start_indices] if isinstance(start_indices, Tensor) else [])]
    if not isinstance(x.shape, Shape) or sizes is None:
        return result(call, "Slice", OPEN, x.dtype, *values)
    if len(sizes) != len(x.shape):
        refuse(call, "slice", "slice-shape", [x], "shape", "inputs", quoted=(shape,))
        return result(call, "Slice", OPEN, x.dtype, *values)
    starts = list(start_indices) if isinstance(start_indices, (list, tuple)) else [None] * len(sizes)
    if len(starts) != len(x.shape):
        refuse(call, "slice", "slice-starts", [x], "start_indices", "inputs", quoted=(start_indices,))
        return result(call, "Slice", OPEN, x.dtype, *values)
    symbolic = is_symbolic_call(values)
    dims = []
    for own, start, size in zip(x.shape, starts, sizes, strict=True):
        if type(size) is not int or size != -1:
            dims.append(size if is_dim(size) else call.symbol())
            if not symbolic and is_dim(size) and is_dim(start) and surely_less(own, start + size):
                call.doubt()
        elif is_dynamic(own):
            dims.append(call.symbol(dynamic=True))
        else:
            dims.append(own - start if is_dim(start) else call.symbol(dynamic=symbolic))
    return result(call, "Slice", Shape(dims), x.dtype, *values)


@function("keras.ops.slice_update")
def slice_update(call: Call, inputs: Any, start_indices: Any, updates: Any) -> Value:
    """The same array with a piece put in."""
    x, entries = tensor(call, inputs), tensor(call, updates)
    values = [x, *([start_indices] if isinstance(start_indices, Tensor) else []), entries]
    return result(call, "SliceUpdate", x.shape, x.dtype, *values)


@function("keras.ops.top_k")
def top_k(call: Call, x: Any, k: Value, sorted: Value = True) -> Value:
    """The largest ``k`` along the last axis, and where they stand."""
    x = tensor(call, x)
    shape: AnyShape = OPEN
    if isinstance(x.shape, Shape) and x.shape:
        shape = Shape((*x.shape[:-1], k if is_dim(k) else call.symbol()))
        if not x.symbolic and is_dim(k) and surely_less(x.shape[-1], k):
            columns = BadArgument(op="TopKV2", what="columns", value=(x.shape[-1], k))
            tell(call, columns, [x], "k", "x", eager=columns)
            shape = OPEN
    return results(call, "TopK", [(shape, x.dtype), (shape, "int32")], x)


@function("keras.ops.in_top_k")
def in_top_k(call: Call, targets: Any, predictions: Any, k: Value) -> Value:
    """Whether each target is among the ``k`` largest predictions."""
    x, y = tensor(call, targets), tensor(call, predictions)
    return result(call, "InTopK", x.shape, "bool", x, y)


@function("keras.ops.argsort", cls="Argsort")
@function("keras.ops.sort", cls="Sort")
def sort(call: Call, x: Any, axis: Value = -1, *, cls: str) -> Value:
    """Sorted along an axis; all entries in a row for an axis of None."""
    x = tensor(call, x)
    shape: AnyShape = x.shape
    if isinstance(shape, Shape) and axis is None:
        shape = Shape((flat(shape),))
    elif isinstance(shape, Shape) and out_of_bounds(call, [axis], len(shape), x):
        shape = OPEN
    return result(call, cls, shape, "int32" if cls == "Argsort" else x.dtype, x)


@function("keras.ops.argpartition")
def argpartition(call: Call, x: Any, kth: Value, axis: Value = -1) -> Value:
    """The indices that would part an axis at an entry."""
    x = tensor(call, x)
    shape = Shape((flat(x.shape),)) if axis is None and isinstance(x.shape, Shape) else x.shape
    if not x.symbolic and isinstance(shape, Shape) and len(shape) > 1:
        call.doubt()  # Keras mixes up the axes of most arrays
        shape = OPEN
    return result(call, "Argpartition", shape, "int32", x)


@function("keras.ops.searchsorted")
def searchsorted(call: Call, sorted_sequence: Any, values: Any, side: Value = "left") -> Value:
    """Where each value would stand in a sorted row."""
    row, x = tensor(call, sorted_sequence), tensor(call, values)
    if isinstance(row.shape, Shape) and len(row.shape) != 1:
        refuse(call, "searchsorted", "searchsorted-rank", [row, x], "sorted_sequence")
        return result(call, "SearchSorted", OPEN, None, row, x)
    if not is_symbolic_call((row, x)) and isinstance(x.shape, Shape) and len(x.shape) != 1:
        call.doubt()
        return result(call, "SearchSorted", OPEN, None, row, x)
    return result(call, "SearchSorted", x.shape, None, row, x)


@function("keras.ops.digitize")
def digitize(call: Call, x: Any, bins: Any) -> Value:
    """The bin of each entry."""
    x, edges = tensor(call, x), tensor(call, bins)
    if isinstance(edges.shape, Shape) and len(edges.shape) > 1:
        call.doubt()
    return result(call, "Digitize", x.shape, "int32", x, edges)


@function("keras.ops.isin")
def isin(call: Call, x1: Any, x2: Any, assume_unique: Value = False, invert: Value = False) -> Value:
    """Whether each entry is one of some others."""
    x, others = tensor(call, x1), tensor(call, x2)
    return result(call, "IsIn", x.shape, "bool", x, others)


@function("keras.ops.bincount")
def bincount(call: Call, x: Any, weights: Any = None, minlength: Value = 0, sparse: Value = False) -> Value:
    """How often each number occurs in a row: as many counts as the largest number tells."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape) or not x.shape:
        return result(call, "Bincount", OPEN, None, x)
    dims = Shape((*x.shape[:-1], call.symbol(dynamic=x.symbolic)))
    return result(call, "Bincount", dims, "int32" if weights is None else None, x)


@function("keras.ops.histogram")
def histogram(call: Call, x: Any, bins: Value = 10, range: Value = None) -> Value:
    """The counts of each bin, and the edges, of which there is one more."""
    x = tensor(call, x)
    if type(bins) is not int:
        return Unknown("a histogram")
    if bins < 0:
        call.doubt()
    if not x.symbolic and isinstance(x.shape, Shape) and len(x.shape) != 1:
        refuse(call, "histogram", "histogram-rank", [x], "x", always=True)
    return results(call, "Histogram", [(Shape((bins,)), None), (Shape((bins + 1,)), None)], x)


@function("keras.ops.unique")
def unique(
    call: Call, x: Any, sorted: Value = True, return_index: Value = False, return_inverse: Value = False,
    return_counts: Value = False, axis: Value = None, size: Value = None, fill_value: Value = None,
) -> Value:  # fmt: skip
    """The distinct entries, or slices of an axis; as many as there are, unless ``size`` tells."""
    x = tensor(call, x)
    wanted = (return_index, return_inverse, return_counts)
    if not isinstance(x.shape, Shape) or not all(isinstance(flag, bool) for flag in wanted):
        return Unknown("the distinct entries of something")
    place = None if axis is None else from_front(axis, len(x.shape))
    if axis is not None and place is None:
        call.doubt()
        return Unknown("there is no such axis")
    count = size if is_dim(size) else call.symbol(dynamic=x.symbolic)
    row = Shape((count,))
    dims = row if place is None else Shape((*x.shape[:place], count, *x.shape[place + 1 :]))
    inverse = x.shape if place is None else Shape((x.shape[place],))
    extra = [shape for flag, shape in zip(wanted, (row, inverse, row), strict=True) if flag]
    found = results(call, "Unique", [(dims, x.dtype), *((shape, None) for shape in extra)], x)
    return found[0] if len(found) == 1 else found


@function("keras.ops.unravel_index")
def unravel_index(call: Call, indices: Any, shape: Value) -> Value:
    """An array of indices for each axis of the shape."""
    x = tensor(call, indices)
    if not isinstance(shape, (list, tuple)) or not shape:
        return Unknown("indices of a shape that is not known")
    found = results(call, "UnravelIndex", [(x.shape, x.dtype)] * len(shape), x)
    return list(found) if x.symbolic else found


@function("keras.ops.select")
def select(call: Call, condlist: Value, choicelist: Value, default: Value = 0) -> Value:
    """For each entry the choice whose condition comes first; symbolically the first choice tells the shape."""
    if not isinstance(choicelist, (list, tuple)) or not choicelist or not isinstance(condlist, (list, tuple)):
        return Unknown("one of some choices")
    choices, tests = ([tensor(call, x) for x in values] for values in (choicelist, condlist))
    shape: AnyShape = choices[0].shape
    if not is_symbolic_call((*choices, *tests)):
        for x in (*choices, *tests, tensor(call, default)):
            found = broadcast(shape, x.shape) if isinstance(shape, Shape) and isinstance(x.shape, Shape) else None
            shape = OPEN if found is None else found
    return result(call, "Select", shape, None, *choices, *tests)


@function("keras.ops.segment_sum", cls="SegmentSum")
@function("keras.ops.segment_max", cls="SegmentMax")
@function("keras.ops.segment_min", cls="SegmentMin")
@function("keras.ops.segment_prod", cls="SegmentProd")
def segments(
    call: Call, data: Any, segment_ids: Any, num_segments: Value = None, sorted: Value = False, *, cls: str
) -> Value:
    """A sum, or the like, for each group of rows."""
    x, ids = tensor(call, data), tensor(call, segment_ids)
    if isinstance(ids.shape, Shape) and len(ids.shape) > 1:
        rank = (len(ids.shape),)
        refuse(call, "segment_sum", "segment-rank", [ids, x], "segment_ids", quoted=rank, always=True)
        return result(call, cls, OPEN, x.dtype, x, ids)
    known = isinstance(ids.shape, Shape) and ids.shape and isinstance(x.shape, Shape) and x.shape
    if known and surely_differ(ids.shape[0], x.shape[0]):  # type: ignore[index]
        refuse(call, "segment_sum", "segment-rows", [ids, x], "segment_ids", "data", always=True)
    if not isinstance(x.shape, Shape) or not x.shape or ids.shape == Shape(()):
        return result(call, cls, OPEN, x.dtype, x, ids)
    count = num_segments if is_dim(num_segments) else call.symbol(dynamic=is_symbolic_call((x, ids)))
    return result(call, cls, Shape((count, *x.shape[1:])), x.dtype, x, ids)


def _lists(*values: Tensor) -> tuple[Any, ...]:
    """Shapes as lists, with None for what is left open."""
    return tuple([None if is_dynamic(dim) else dim for dim in x.shape] for x in values if isinstance(x.shape, Shape))


def _given(call: Call, shape: Value) -> AnyShape:
    if is_dim(shape):
        return Shape((shape,))
    if not isinstance(shape, (list, tuple)):
        return OPEN
    return Shape(dim if is_dim(dim) else call.symbol(dynamic=dim is None) for dim in shape)
