"""Distances and likeness of vectors (torch/nn/functional.py, aten Distance.cpp)."""

from __future__ import annotations

from ...formulas.broadcast import broadcast
from ...rule import Call, function
from ...shape import Shape
from ...value import Tensor, Value
from .checks import axis_of, dims_of, is_int, like, ranked, unranked
from .machine import module


@function("torch.nn.functional.pairwise_distance")
@function("torch.pairwise_distance")
def pairwise_distance(
    call: Call, x1: Value, x2: Value, p: Value = 2.0, eps: Value = 1e-6, keepdim: Value = False
) -> Value:
    """The last axis goes, or stays as 1."""
    return _without(x1, x2, -1, keepdim)


@function("torch.nn.functional.cosine_similarity")
@function("torch.cosine_similarity")
def cosine_similarity(call: Call, x1: Value, x2: Value, dim: Value = 1, eps: Value = 1e-8) -> Value:
    """One axis goes."""
    return _without(x1, x2, dim, False)


@module("torch.nn.CosineSimilarity", neutral=("eps",))
def cosine_module(x1: Tensor, x2: Tensor, *, dim: int = 1) -> Tensor:
    """One axis goes."""
    return _without(x1, x2, dim, False)


@module("torch.nn.PairwiseDistance", neutral=("p", "eps"))
def distance_module(x1: Tensor, x2: Tensor, *, keepdim: bool = False) -> Tensor:
    """The last axis goes, or stays as 1."""
    return _without(x1, x2, -1, keepdim)


@function("torch.cdist")
def cdist(call: Call, x1: Value, x2: Value, *args: Value, **kwargs: Value) -> Value:
    """(*, P, M) and (*, R, M) to (*, P, R)."""
    a, b = ranked(x1), ranked(x2)
    if a is None or b is None or len(dims_of(a)) < 2 or len(dims_of(b)) < 2:
        return unranked(x1)
    front = broadcast(dims_of(a)[:-2], dims_of(b)[:-2])
    return unranked(x1) if front is None else like(a, (*front, dims_of(a)[-2], dims_of(b)[-2]))


def _without(x1: Value, x2: Value, dim: Value, keepdim: Value) -> Tensor:
    a, b = ranked(x1), ranked(x2)
    fitted = None if a is None or b is None else broadcast(dims_of(a), dims_of(b))
    if a is None or fitted is None or not is_int(dim) or not isinstance(keepdim, bool) or not len(fitted):
        return unranked(x1)
    axis = axis_of(dim, len(fitted))
    if axis is None:
        return unranked(x1)
    return like(a, Shape((*fitted[:axis], *((1,) if keepdim else ()), *fitted[axis + 1 :])))
