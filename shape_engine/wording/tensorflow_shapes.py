"""What TensorFlow raises for arrays that are given another shape, joined or taken apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..problems import (
    BadSize,
    JoinMismatch,
    NegativeLength,
    NothingToJoin,
    RaggedArray,
    ReshapeMismatch,
    SqueezeMismatch,
    UnevenSplit,
    WrongLength,
    WrongPermutation,
)
from . import Raised, Version, words
from .tensorflow import eager, graph, python, shaped


@words(ReshapeMismatch, "tensorflow")
def reshape(problem: ReshapeMismatch, version: Version) -> Raised:
    """The number of values against what the new shape holds, or is a multiple of."""
    if problem.gaps > 1:
        places = [place for place, dim in enumerate(problem.target) if dim == -1]
        return eager(problem, "Reshape", f"Only one input size may be -1, not both {places[0]} and {places[1]}")
    size, wanted = _product(problem.shape), _product(dim for dim in problem.target if dim != -1)
    if problem.gaps:
        found = graph(problem, f"Dimension size must be evenly divisible by {wanted} but is {size}")
        text = (
            f"Input to reshape is a tensor with {size} values, but the requested shape requires a multiple of {wanted}"
        )
    else:
        target = shaped(problem.target)
        found = graph(problem, f"Cannot reshape a tensor with {size} elements to shape {target} ({wanted} elements)")
        text = f"Input to reshape is a tensor with {size} values, but the requested shape has {wanted}"
    return found or eager(problem, "Reshape", text)


@words(SqueezeMismatch, "tensorflow")
def squeeze(problem: SqueezeMismatch, version: Version) -> Raised:
    """The axis and its length; the graph says the same as ValueError."""
    text = f"Can not squeeze dim[{problem.axis}], expected a dimension of 1, got {problem.shape[problem.axis]}"
    return graph(problem, text) or eager(problem, "Squeeze", text)


@words(WrongPermutation, "tensorflow")
def permutation(problem: WrongPermutation, version: Version) -> Raised:
    """Too few or too many axes, one out of range, or one missing."""
    order, rank = problem.order, len(problem.shape)
    places = [axis + rank if axis < 0 else axis for axis in order]
    if len(order) != rank:
        text = f"transpose expects a vector of size {rank}. But input(1) is a vector of size {len(order)}"
        return graph(problem, f"Dimension must be {rank} but is {len(order)}") or eager(problem, "Transpose", text)
    outside = next((axis for axis, place in zip(order, places, strict=True) if not 0 <= place < rank), None)
    if outside is not None:
        text = f"{outside} is out of range [0 .. {rank})"
        return graph(problem, f"perm dim {outside} is out of range of input rank {rank}") or eager(
            problem, "Transpose", text
        )
    lost = next(axis for axis in range(rank) if axis not in places)
    return eager(problem, "Transpose", f"{lost} is missing from {{{','.join(map(str, order))}}}.")


@words(JoinMismatch, "tensorflow")
def join(problem: JoinMismatch, version: Version) -> Raised:
    """The first tensor against the one that does not fit."""
    shapes = [shape for shape in problem.shapes if isinstance(shape, tuple)]
    first, other = shapes[0], shapes[problem.position]
    count = len(problem.shapes)
    if problem.op == "Pack":
        text = (
            f"Shapes of all inputs must match: values[0].shape = {shaped(first)} != "
            f"values[{problem.position}].shape = {shaped(other)}"
        )
        return eager(problem, "Pack", text, kernel=f"Pack_N_{count}", name="stack")
    if problem.at is None:
        what = "Ranks of all input tensors should match"
    else:
        what = f"Dimension {problem.at} in both shapes must be equal"
    text = f"ConcatOp : {what}: shape[0] = {shaped(first)} vs. shape[{problem.position}] = {shaped(other)}"
    return eager(problem, "ConcatV2", text, kernel=f"ConcatV2_N_{count}", name="concat")


@words(NothingToJoin, "tensorflow")
def nothing_to_join(problem: NothingToJoin, version: Version) -> Raised:
    """Scalars have no axis to be joined along."""
    return eager(problem, "ConcatV2", "ConcatOp : Can't concatenate scalars (use tf.stack instead)", name="concat")


@words(UnevenSplit, "tensorflow")
def uneven_split(problem: UnevenSplit, version: Version) -> Raised:
    """Equal parts are impossible, or given parts do not add up."""
    length = problem.shape[problem.axis]
    if problem.op == "Split":
        text = (
            f"Number of ways to split should evenly divide the split dimension, but got split_dim {problem.axis} "
            f"(size = {length}) and num_split {problem.sections}"
        )
        kernel = f"Split_num_split_{problem.sections}"
        return graph(
            problem, f"Dimension size must be evenly divisible by {problem.sections} but is {length}"
        ) or eager(problem, "Split", text, kernel=kernel, name="split")
    given = _sum(part for part in problem.sections if part != -1)
    text = (
        "Determined shape must either match input shape along split_dim exactly if fully specified, or be less than "
        f"the size of the input along split_dim if not fully specified.  Got: {given}"
    )
    return eager(problem, "SplitV", text, kernel=f"SplitV_num_split_{len(problem.sections)}", name="split")


@words(WrongLength, "tensorflow")
def wrong_length(problem: WrongLength, version: Version) -> Raised:
    """Arguments with one entry for each axis."""
    op, actual, expected = problem.op, problem.actual, problem.expected
    if op == "Repeat":
        return python(problem, "ValueError", f"Dimensions {expected} and {actual} are not compatible")
    if op == "Unpack":
        text = f"Input shape axis {expected} must equal {actual}, got shape {shaped(problem.shape)}"
        return eager(problem, op, text, kernel=f"Unpack_num_{actual}", name="unstack")
    if op == "Tile":
        text = f"Expected multiples argument to be a vector of length {expected} but got length {actual}"
        return graph(problem, f"Shape must be rank {expected} but is rank {actual}") or eager(problem, op, text)
    if op == "GatherNd" and expected == 0:
        return eager(problem, op, "params must be at least a vector")
    if op == "GatherNd":
        text = f"index innermost dimension length must be <= params rank; saw: {actual} vs. {expected}"
        return eager(problem, op, text)
    text = f"The first dimension of paddings must be the rank of inputs[{actual},2] {shaped(problem.shape)}"
    return graph(problem, f"Shape must be rank {actual} but is rank {expected}") or eager(problem, op, text)


@words(NegativeLength, "tensorflow")
def negative_length(problem: NegativeLength, version: Version) -> Raised:
    """A shape with a negative length."""
    return eager(problem, problem.op, f"Dimension {problem.value} must be >= 0")


@words(RaggedArray, "tensorflow")
def ragged_array(problem: RaggedArray, version: Version) -> Raised:
    """A nested sequence that is no tensor."""
    return python(problem, "ValueError", "Can't convert non-rectangular Python sequence to Tensor.")


@words(BadSize, "tensorflow")
def bad_size(problem: BadSize, version: Version) -> Raised:
    """``tf.constant`` with a shape; its message prints the values."""
    return Raised("TypeError", None, exact=False)


def _product(dims: Iterable[Any]) -> Any:
    result: Any = 1
    for dim in dims:
        result = result * dim
    return result


def _sum(parts: Iterable[Any]) -> Any:
    result: Any = 0
    for part in parts:
        result = result + part
    return result
