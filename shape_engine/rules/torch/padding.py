"""Cells put around a tensor (aten ReflectionPad.cpp, ReplicationPadding.cpp, PadNd.cpp)."""

from __future__ import annotations

from collections.abc import Sequence

from ...dim import Dim, is_dim, surely_less
from ...formulas.window import padded
from ...problems import TorchWindowTooBig, TorchWrongRank
from ...shape import Shape, Unranked
from ...value import Tensor
from .checks import (
    refuse,
)


def pad_by_mode(x: Tensor, surround: Sequence[tuple[Dim, Dim]], mode: str, spatial: int) -> Tensor | None:
    """``F.pad`` with (before, after) for each spatial axis; None where it is not modelled or surely raises."""
    if (
        isinstance(x.shape, Unranked)
        or len(surround) != spatial
        or not all(is_dim(n) for pair in surround for n in pair)
    ):
        return None
    rank = len(x.shape)
    if rank not in (spatial + 1, spatial + 2):
        if spatial > rank:
            refuse(TorchWrongRank, "pad-rank", ("input",), count=2 * spatial, rank=rank)
        else:
            refuse(TorchWrongRank, "pad-rank-by-mode", ("input",), count=2 * spatial, rank=rank)
        return None
    if x.dtype is not None and (x.dtype == "bool" or x.dtype.startswith("complex")):
        return None
    if any(surely_less(side, 0) for pair in surround for side in pair):
        return None
    lead = rank - spatial
    lengths = x.shape[lead:]
    if any(surely_less(n, 1) for n in x.shape[lead - 1 :]):
        if mode in ("reflect", "replicate"):
            facts = {"least": spatial + 1, "most": spatial + 2, "shape": x.shape}
            refuse(TorchWindowTooBig, "pad-empty", ("input",), **facts)
        return None
    for number, (n, (left, right)) in reversed(list(enumerate(zip(lengths, surround, strict=True)))):
        if mode == "reflect" and (surely_less(n, left + 1) or surely_less(n, right + 1)):
            facts = {
                "left": left,
                "right": right,
                "argument": 2 * (spatial - number) + 2,
                "axis": lead + number,
                "shape": x.shape,
            }
            refuse(TorchWindowTooBig, "reflect-too-wide", ("padding", "input"), **facts)
            return None
        if mode == "circular" and (surely_less(n, left) or surely_less(n, right)):
            refuse(TorchWindowTooBig, "circular-too-wide", ("padding", "input"))
            return None
    dims = (padded(n, left + right) for n, (left, right) in zip(lengths, surround, strict=True))
    return Tensor(Shape((*x.shape[:lead], *dims)), x.dtype, x.kind)
