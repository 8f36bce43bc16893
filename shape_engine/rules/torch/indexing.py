"""Subscripts of tensors: ``x[key]`` (torch/csrc/autograd/python_variable_indexing.cpp, aten IndexingUtils)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...dim import is_dim, is_symbolic
from ...evidence import report
from ...formulas.indexing import Fancy, entries, indexed, outside, sliced
from ...problems import IndexOutOfRange, MaskMismatch, TooManyIndices, TorchRefusal
from ...rule import Call, function
from ...shape import Shape
from ...value import Slice, Tensor, Value
from .checks import (
    INTEGRAL,
    fresh,
    is_int,
    like,
    ranked,
    refuse,
    unranked,
)


@function("torch.Tensor.__getitem__")
def getitem(call: Call, x: Value, key: Value) -> Value:
    """``x[key]``: ints, slices, None, Ellipsis; one or several arrays of indices; a mask.

    Numbers are taken out one by one, before arrays of indices, which therefore land elsewhere than in NumPy.
    """
    tensor = ranked(x)
    if tensor is None or tensor.rank is None or not isinstance(tensor.shape, Shape):
        return unranked(x)
    given = [_entry(entry) for entry in entries(key)]
    if any(entry is MISSED for entry in given):
        return unranked(tensor, "an index is not known")
    count = sum(map(_consumed, given))
    if count > tensor.rank:
        if tensor.rank == 0 and (not all(map(is_dim, given)) or (len(given) == 1 and given != [0])):
            return unranked(tensor)
        if given == [0]:
            refuse(TorchRefusal, "index-scalar", ("key",))
        else:
            report(TooManyIndices(count=count, shape=tuple(tensor.shape)), blame=("key", "x"))
        return unranked(tensor)
    if any(isinstance(entry, Slice) and is_int(entry.step) and entry.step <= 0 for entry in given):
        refuse(TorchRefusal, "slice-step", ("key",))
        return unranked(tensor)
    dims, rest, axis = list(tensor.shape), [], 0
    for position, entry in enumerate(given):
        if is_dim(entry):
            if outside(entry, dims[axis]):
                problem = IndexOutOfRange(index=entry, axis=position, length=dims[axis], shape=tuple(tensor.shape))
                report(problem, blame=("key", "x"))
            del dims[axis]
            continue
        rest.append(entry)
        axis += tensor.rank - count if entry is ... else _consumed(entry)
    found = indexed(Shape(dims), tuple(rest))
    if isinstance(found.problem, MaskMismatch):
        report(_as_masked(found.problem, dims, rest, tensor.rank - count), blame=("key", "x"))
    elif found.problem is not None:
        report(found.problem, blame=("key", "x"))
    if found.shape is None:
        return unranked(tensor, "the subscript is not followed")
    return replace(like(tensor, found.shape), constant=_picked(tensor.constant, given))


def _picked(numbers: Any, entries: list[Any]) -> Any:
    """The known numbers at one place along the first axis, or of one slice of it."""
    if not isinstance(numbers, tuple) or len(entries) != 1:
        return None
    (entry,) = entries
    if is_int(entry):
        return numbers[entry] if -len(numbers) <= entry < len(numbers) else None
    whole = isinstance(entry, Slice) and all(n is None or is_int(n) for n in (entry.start, entry.stop, entry.step))
    return numbers[entry.start : entry.stop : entry.step] if whole else None


def _as_masked(problem: MaskMismatch, dims: list[Any], key: list[Any], open_axes: int) -> MaskMismatch:
    """The mismatch as PyTorch meets it: slices and new axes are dealt with before the mask is looked at."""
    shape: list[Any] = []
    axis, place = 0, problem.axis
    for entry in key:
        taken = open_axes if entry is ... else _consumed(entry)
        if axis <= problem.axis < axis + taken:
            place = len(shape) + problem.axis - axis
        if entry is None:
            shape.append(1)
        elif isinstance(entry, Slice):
            shape.append(sliced(dims[axis], entry.start, entry.stop, entry.step))
        else:
            shape.extend(dims[axis : axis + taken])
        axis += taken
    return replace(problem, shape=(*shape, *dims[axis:]), axis=place)


def _consumed(entry: Any) -> int:
    """How many axes an entry of a key takes up."""
    if isinstance(entry, Fancy) and entry.mask:
        return len(entry.shape)
    return 0 if entry is None or entry is ... else 1


MISSED: Any = object()


def _entry(entry: Value) -> Any:
    if entry is None or entry is ... or isinstance(entry, Slice):
        return entry
    if isinstance(entry, bool):
        return MISSED
    if is_dim(entry) or is_symbolic(entry):
        return entry
    if isinstance(entry, (list, tuple)):
        if entry and all(is_int(item) for item in entry):
            return Fancy(Shape((len(entry),)), elements=tuple(entry))
        return MISSED
    if isinstance(entry, Tensor) and isinstance(entry.shape, Shape) and entry.dtype is not None:
        if entry.shape == () and entry.dtype in INTEGRAL:
            return fresh("index", entry.made)
        if entry.dtype in ("bool", "uint8"):
            return Fancy(entry.shape, mask=True) if entry.shape else MISSED
        return Fancy(entry.shape) if entry.dtype in INTEGRAL else MISSED
    return MISSED
