"""Several tensors made one: cat, stack (aten TensorShape.cpp)."""

from __future__ import annotations

from collections.abc import Sequence

from ...evidence import report
from ...formulas.join import concatenated, mismatch, stacked
from ...problems import JoinMismatch, NoSuchAxis, TorchRefusal, TorchWrongRank
from ...rule import Call, function
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown, Value
from .checks import axis_of, is_int, refuse, type_name


@function("torch.cat")
@function("torch.concat")
@function("torch.concatenate")
def cat(call: Call, tensors: Value, dim: Value = 0, *, axis: Value = None, out: Value = None) -> Value:
    """One after the other along an axis; empty vectors are left out."""
    dim = dim if axis is None else axis
    if isinstance(tensors, Tensor):
        kind = type_name(tensors)
        if kind == "Tensor":
            refuse(TorchRefusal, "cat-tensor", ("tensors",))
        return Unknown("cat of a tensor")
    if not isinstance(tensors, (tuple, list)):
        return Unknown("the tensors are not known")
    if not tensors:
        refuse(TorchRefusal, "cat-nothing", ("tensors",))
        return Unknown("cat of nothing")
    dtype = _common_dtype(tensors)
    places = [n for n, x in enumerate(tensors) if not (isinstance(x, Tensor) and x.shape == (0,))]
    parts = [tensors[n] for n in places]
    shapes = [x.shape for x in parts if isinstance(x, Tensor) and isinstance(x.shape, Shape)]
    if len(shapes) < len(parts) or not parts or not is_int(dim):
        return Tensor(Unranked("a tensor is not known"), dtype, "torch")
    for number, part in enumerate(tensors):
        if isinstance(part, Tensor) and part.shape == ():
            refuse(TorchWrongRank, "cat-scalar", ("tensors",), position=number)
            return Tensor(Unranked("cat of a scalar"), dtype, "torch")
    rank = len(shapes[0])
    place = axis_of(dim, rank, ("dim", "tensors"))
    if place is None or rank == 0:
        return Tensor(Unranked("the axis is not known"), dtype, "torch")
    wrong = mismatch(shapes, place)
    if wrong is not None:
        position, at = wrong
        # texts count the list as it was given
        problem = JoinMismatch(
            op="cat", shapes=tuple(x.shape for x in tensors), axis=place, position=places[position], at=at
        )
        report(problem, blame=("tensors",))
        return Tensor(Unranked("tensors that do not fit together"), dtype, "torch")
    return Tensor(concatenated(shapes, place), dtype, "torch")


@function("torch.stack")
def stack(call: Call, tensors: Value, dim: Value = 0, *, out: Value = None) -> Value:
    """Side by side along a new axis."""
    if not isinstance(tensors, (tuple, list)) or not tensors or not is_int(dim):
        return Unknown("the tensors are not known")
    dtype = _common_dtype(tensors)
    shapes = [x.shape for x in tensors if isinstance(x, Tensor) and isinstance(x.shape, Shape)]
    if len(shapes) < len(tensors):
        return Tensor(Unranked("a tensor is not known"), dtype, "torch")
    rank = len(shapes[0]) + 1
    if not -rank <= dim < rank:
        report(NoSuchAxis(axis=dim, rank=rank), blame=("dim", "tensors"))
        return Tensor(Unranked("there is no such axis"), dtype, "torch")
    wrong = mismatch(shapes, None)
    if wrong is not None:
        report(JoinMismatch(op="stack", shapes=tuple(shapes), position=wrong[0], at=wrong[1]), blame=("tensors",))
        return Tensor(Unranked("tensors that do not fit together"), dtype, "torch")
    return Tensor(stacked(shapes, dim % rank), dtype, "torch")


def _common_dtype(tensors: Sequence[Value]) -> str | None:
    kinds = {x.dtype if isinstance(x, Tensor) else None for x in tensors}
    return kinds.pop() if len(kinds) == 1 else None
