"""The stages of a ``tf.data`` pipeline: what each makes of a dataset's elements (tensorflow/python/data/ops)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...dim import is_dim, is_dynamic, minimum
from ...evidence import report
from ...problems import BadDataset
from ...rule import Call, function
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown, Value, Wrapped
from ..arrays import number
from ..datasets import (
    INFINITE,
    NOT_KNOWN,
    UNCOUNTED,
    Elements,
    Keyed,
    Length,
    batched,
    concrete,
    elements_of,
    is_dataset,
    leaves,
    new_dataset,
    over,
    rows,
    same_length,
    stacked,
    structured,
    thawed,
)
from .data import INT64


@function("tf.data.Dataset.batch", framework="tensorflow")
def batch(call: Call, self: Value, batch_size: Value, drop_remainder: Value = False, *args: Value, **_: Value) -> Value:
    """Elements put together; the last batch may be smaller, so that its length is open (batch_op.py)."""
    size = number(batch_size)
    if isinstance(size, int) and size < 1:
        report(BadDataset("batch-size"), blame=("batch_size",))
        return new_dataset(call, NOT_KNOWN)
    return new_dataset(call, batched(call, elements_of(call, self), size, drop_remainder))


@function("tf.data.Dataset.padded_batch", framework="tensorflow")
def padded_batch(
    call: Call,
    self: Value,
    batch_size: Value,
    padded_shapes: Value = None,
    padding_values: Value = None,
    drop_remainder: Value = False,
    name: Value = None,
) -> Value:
    """Elements filled up to the longest of a batch, or to a given shape (padded_batch_op.py)."""
    elements = elements_of(call, self)
    padded = replace(elements, structure=_padded(call, elements.structure, padded_shapes), lengths=elements.regular)
    return new_dataset(call, batched(call, padded, number(batch_size), drop_remainder))


@function("tf.data.Dataset.unbatch", framework="tensorflow")
def unbatch(call: Call, self: Value, name: Value = None) -> Value:
    """The rows of the elements (unbatch_op.py)."""
    elements = elements_of(call, self)
    if any(isinstance(leaf, Tensor) and leaf.shape == Shape(()) for leaf in leaves(elements.structure)):
        report(BadDataset("unbatch-scalar"), blame=("self",))
        return new_dataset(call, NOT_KNOWN)
    first = next(
        (x.shape[0] for x in leaves(elements.structure) if isinstance(x, Tensor) and isinstance(x.shape, Shape)), None
    )
    count = None
    if is_dynamic(first) or elements.count == UNCOUNTED:
        count = UNCOUNTED
    elif elements.count == INFINITE or (elements.counted and isinstance(first, int)):
        count = elements.count * first if elements.counted else INFINITE
    return new_dataset(call, replace(elements.uncounted, structure=rows(elements.structure), count=count))


@function("tf.data.Dataset.rebatch", framework="tensorflow")
def rebatch(call: Call, self: Value, batch_size: Value, drop_remainder: Value = False, name: Value = None) -> Value:
    """The rows in other batches (rebatch_op.py)."""
    elements = elements_of(call, self)
    size = batch_size if is_dim(batch_size) and drop_remainder is True else call.symbol(dynamic=drop_remainder is False)
    return new_dataset(call, replace(elements.uncounted, structure=stacked(rows(elements.structure), size)))


@function("tf.data.Dataset.map", framework="tensorflow", raw=True)
def map_(call: Call, self: Value, map_func: Value, *args: Value, **_: Value) -> Value:
    """What a function makes of each element; a tuple becomes several arguments (map_op.py, structured_function.py)."""
    elements = elements_of(call, self)
    result = _called(call, map_func, elements.structure)
    return new_dataset(call, replace(elements, structure=_returned(call, result)))


@function("tf.data.Dataset.filter", framework="tensorflow", raw=True)
@function("tf.data.Dataset.take_while", framework="tensorflow", raw=True)
def filter_(call: Call, self: Value, predicate: Value, name: Value = None) -> Value:
    """Some of the elements (filter_op.py)."""
    _called(call, predicate, elements_of(call, self).structure)
    return new_dataset(call, elements_of(call, self).uncountable)


@function("tf.data.Dataset.unique", framework="tensorflow")
@function("tf.data.Dataset.ignore_errors", framework="tensorflow")
def some(call: Call, self: Value, *args: Value, **_: Value) -> Value:
    """Some of the elements."""
    return new_dataset(call, elements_of(call, self).uncounted)


@function("tf.data.Dataset.shuffle", framework="tensorflow")
def shuffle(call: Call, self: Value, *args: Value, **_: Value) -> Value:
    """The elements in another order (shuffle_op.py)."""
    elements = elements_of(call, self)
    return new_dataset(call, replace(elements, lengths=elements.regular))


@function("tf.data.Dataset.prefetch", framework="tensorflow")
@function("tf.data.Dataset.cache", framework="tensorflow")
@function("tf.data.Dataset.with_options", framework="tensorflow")
@function("tf.data.Dataset.snapshot", framework="tensorflow")
def unchanged(call: Call, self: Value, *args: Value, **_: Value) -> Value:
    """The same elements."""
    return new_dataset(call, elements_of(call, self))


@function("tf.data.experimental.assert_cardinality", framework="tensorflow")
def assert_cardinality(call: Call, expected_cardinality: Value) -> Value:
    """What ``apply`` takes to be told a number of elements."""
    return Unknown("a number of elements that is asserted")


@function("tf.data.Dataset.repeat", framework="tensorflow")
def repeat(call: Call, self: Value, count: Value = None, name: Value = None) -> Value:
    """The elements again and again (repeat_op.py)."""
    elements, times = elements_of(call, self), number(count)
    if times == 1:
        return new_dataset(call, elements)
    after: Any = None
    if times is None or times == -1:
        after = elements.count if elements.count == 0 else INFINITE if isinstance(elements.count, int) else None
    elif times == 0:
        after = 0
    elif is_dim(times) and not (isinstance(times, int) and times < 0):
        after = elements.count * times if elements.counted else elements.count
    return new_dataset(call, replace(elements, count=after, lengths=elements.regular))


@function("tf.data.Dataset.take", framework="tensorflow")
def take(call: Call, self: Value, count: Value, name: Value = None) -> Value:
    """The first elements (take_op.py)."""
    elements, wanted = elements_of(call, self), number(count)
    if wanted == -1:
        return new_dataset(call, elements)
    before = elements.count
    if before == UNCOUNTED:
        return new_dataset(call, elements.uncountable)
    if not isinstance(wanted, int) or wanted < 0 or before is None:
        return new_dataset(call, elements.uncounted)
    if before == INFINITE:
        return new_dataset(call, replace(elements, count=wanted))
    after = minimum(before, wanted)
    whole = isinstance(before, int) and before > wanted
    lengths = tuple(Length(x.symbol, x.usual, x.usual) for x in elements.lengths) if whole else elements.lengths
    return new_dataset(
        call, Elements(elements.structure, after, lengths if isinstance(before, int) else elements.regular)
    )


@function("tf.data.Dataset.skip", framework="tensorflow")
def skip(call: Call, self: Value, count: Value, name: Value = None) -> Value:
    """All but the first elements (skip_op.py)."""
    elements, left_out = elements_of(call, self), number(count)
    if left_out == -1:
        return new_dataset(call, replace(elements, count=0))
    if elements.count in (INFINITE, UNCOUNTED):
        return new_dataset(call, elements)
    if not isinstance(left_out, int) or left_out < 0 or not isinstance(elements.count, int):
        return new_dataset(call, elements.uncounted)
    return new_dataset(call, replace(elements, count=max(0, elements.count - left_out)))


@function("tf.data.Dataset.shard", framework="tensorflow")
def shard(call: Call, self: Value, num_shards: Value, index: Value, name: Value = None) -> Value:
    """Every so many-th element (shard_op.py)."""
    elements = elements_of(call, self).uncounted
    count = elements_of(call, self).count
    if count == UNCOUNTED:
        elements = elements.uncountable
    elif isinstance(count, int) and isinstance(num_shards, int) and isinstance(index, int) and 0 <= index < num_shards:
        elements = replace(elements, count=count if count == INFINITE else -(-(count - index) // num_shards))
    return new_dataset(call, elements)


@function("tf.data.Dataset.concatenate", framework="tensorflow")
def concatenate(call: Call, self: Value, dataset: Value, name: Value = None) -> Value:
    """The elements of one dataset, then those of the other: what they have in common (concatenate_op.py)."""
    one, other = elements_of(call, self), elements_of(call, dataset)
    count: Any = None
    if INFINITE in (one.count, other.count):
        count = INFINITE
    elif UNCOUNTED in (one.count, other.count):
        count = UNCOUNTED
    elif one.counted and other.counted:
        count = one.count + other.count
    return new_dataset(call, Elements(_common(call, one.structure, other.structure), count))


@function("tf.data.Dataset.sample_from_datasets", framework="tensorflow")
@function("tf.data.Dataset.choose_from_datasets", framework="tensorflow")
def mixed(call: Call, datasets: Value, *args: Value, **_: Value) -> Value:
    """Elements of several datasets."""
    if not isinstance(datasets, (list, tuple)) or not datasets:
        return new_dataset(call, NOT_KNOWN)
    structure, *others = (elements_of(call, dataset).structure for dataset in datasets)
    for other in others:
        structure = _common(call, structure, other)
    return new_dataset(call, Elements(structure))


@function("tf.data.Dataset.enumerate", framework="tensorflow")
def enumerate_(call: Call, self: Value, start: Value = 0, name: Value = None) -> Value:
    """Each element with its number."""
    elements = elements_of(call, self)
    return new_dataset(call, replace(elements, structure=(INT64, elements.structure)))


@function("tf.data.Dataset.window", framework="tensorflow")
def window(
    call: Call,
    self: Value,
    size: Value,
    shift: Value = None,
    stride: Value = 1,
    drop_remainder: Value = False,
    name: Value = None,
) -> Value:
    """Datasets of some elements each, one for every part of an element (window_op.py)."""
    elements, inside = elements_of(call, self), number(size)
    step, every = (inside if shift is None else number(shift)), number(stride)
    full = drop_remainder is True and is_dim(inside)
    structure = over(
        elements.structure, lambda leaf: new_dataset(call, Elements(leaf, inside if full else None, elements.regular))
    )
    count: Any = None if elements.counted else elements.count
    if (
        elements.counted
        and all(isinstance(n, int) for n in (elements.count, inside, step, every))
        and count is None
        and step > 0
    ):
        reach = elements.count - (inside - 1) * every - 1
        if drop_remainder is True:
            count = max(0, reach // step + 1)
        elif drop_remainder is False:
            count = -(-elements.count // step)
    return new_dataset(call, Elements(structure, count))


@function("tf.data.Dataset.flat_map", framework="tensorflow", raw=True)
@function("tf.data.Dataset.interleave", framework="tensorflow", raw=True)
def flat_map(call: Call, self: Value, map_func: Value, *args: Value, **_: Value) -> Value:
    """The elements of the datasets that a function makes of each element (flat_map_op.py, interleave_op.py)."""
    result = _called(call, map_func, elements_of(call, self).structure)
    return new_dataset(call, elements_of(call, result).uncountable)


@function("tf.data.Dataset.apply", framework="tensorflow", raw=True)
def apply(call: Call, self: Value, transformation_func: Value) -> Value:
    """A function of the dataset."""
    result = call.invoke(transformation_func, [self])
    return result if is_dataset(result) else new_dataset(call, NOT_KNOWN)


@function("tf.data.Dataset.ragged_batch", framework="tensorflow")
@function("tf.data.Dataset.sparse_batch", framework="tensorflow")
@function("tf.data.Dataset.scan", framework="tensorflow")
@function("tf.data.Dataset.group_by_window", framework="tensorflow")
@function("tf.data.Dataset.bucket_by_sequence_length", framework="tensorflow")
@function("tf.data.Dataset.rejection_resample", framework="tensorflow")
@function("tf.data.Dataset.load", framework="tensorflow")
def not_followed(call: Call, *args: Value, **_: Value) -> Value:
    """Datasets whose elements are not followed."""
    return new_dataset(call, NOT_KNOWN)


@function("tf.data.Dataset.save", framework="tensorflow")
def nothing(call: Call, *args: Value, **_: Value) -> None:
    """Gives nothing."""


@function("tf.data.Dataset.options", framework="tensorflow")
@function("tf.data.Dataset.reduce", framework="tensorflow")
@function("tf.data.Dataset.fingerprint", framework="tensorflow")
def something(call: Call, *args: Value, **_: Value) -> Value:
    """No dataset."""
    return Unknown("what a dataset comes to")


@function("tf.data.Dataset.get_single_element", framework="tensorflow")
def get_single_element(call: Call, self: Value, name: Value = None) -> Value:
    """The only element."""
    elements = elements_of(call, self)
    return concrete(call, elements, 0 if elements.count == 1 else None)


def _called(call: Call, function: Value, structure: Any) -> Value:
    """What a function gives for an element: it is traced, and what it raises is told in words of AutoGraph's."""
    if isinstance(structure, Unknown):
        return Unknown("a function of an element that is not known")
    element = thawed(structure)
    args = element if type(element) is tuple else (element,)
    with call.caught():
        return call.invoke(Wrapped("traced", function), [call.freeze(arg) for arg in args])


def _returned(call: Call, result: Value) -> Any:
    """The structure of what a function gives: a list counts as a tuple."""
    result = call.thaw(result)
    return structured(call, tuple(result) if isinstance(result, list) else result)


def _common(call: Call, one: Any, other: Any) -> Any:
    """What two structures have in common: most_general_compatible_type."""
    if isinstance(one, Keyed) and isinstance(other, Keyed) and dict(one).keys() == dict(other).keys():
        items = dict(other)
        return Keyed((key, _common(call, item, items[key])) for key, item in one)
    if type(one) is tuple and type(other) is tuple and len(one) == len(other):
        return tuple(_common(call, a, b) for a, b in zip(one, other, strict=True))
    if not isinstance(one, Tensor) or not isinstance(other, Tensor):
        return Unknown("elements of two datasets")
    a, b = one.shape, other.shape
    if not isinstance(a, Shape) or not isinstance(b, Shape) or len(a) != len(b):
        return Tensor(Unranked("the shape of two datasets"), one.dtype, "tf")
    dims = (x if same_length(x, y) else call.symbol(dynamic=_left_open(x, y)) for x, y in zip(a, b, strict=True))
    return Tensor(Shape(dims), one.dtype if one.dtype == other.dtype else None, "tf")


def _left_open(x: Any, y: Any) -> bool:
    """Whether TensorFlow itself leaves a length open that is one of two."""
    return is_dynamic(x) or is_dynamic(y) or (isinstance(x, int) and isinstance(y, int))


def _padded(call: Call, structure: Any, shapes: Any) -> Any:
    """The structure with the lengths that it is filled up to; where none is given, a known length stays."""
    if isinstance(structure, Keyed):
        inside = shapes if isinstance(shapes, dict) else {}
        unknown = None if shapes is None else Unknown("a shape to fill up to")
        return Keyed((key, _padded(call, item, inside.get(key, unknown))) for key, item in structure)
    if type(structure) is tuple:
        known = isinstance(shapes, (tuple, list)) and len(shapes) == len(structure)
        many = shapes if known else [None if shapes is None else Unknown("a shape to fill up to")] * len(structure)
        return tuple(_padded(call, item, shape) for item, shape in zip(structure, many, strict=True))
    if not isinstance(structure, Tensor):
        return structure
    if shapes is None:
        if not isinstance(structure.shape, Shape):
            return structure
        return Tensor(
            Shape(call.symbol(dynamic=True) if is_dynamic(n) else n for n in structure.shape), structure.dtype, "tf"
        )
    if is_dim(shapes):
        shapes = (shapes,)
    if not isinstance(shapes, (tuple, list)):
        return Tensor(Unranked("it is filled up to a shape that is not known"), structure.dtype, "tf")
    dims = (call.symbol(dynamic=True) if n is None or n == -1 else n if is_dim(n) else call.symbol() for n in shapes)
    return Tensor(Shape(dims), structure.dtype, "tf")
