"""Products of vectors, matrices and more (keras/src/ops/numpy.py, math.py)."""

from __future__ import annotations

from typing import Any

from ....dim import is_dim, surely_differ
from ....formulas.broadcast import broadcast
from ....formulas.contract import inner_clash
from ....formulas.contract import tensordot as contracted
from ....formulas.join import from_front, tiled
from ....formulas.reduce import counted
from ....formulas.reshape import flat
from ....problems import BroadcastMismatch, InnerMismatch
from ....rule import Call, function
from ....shape import AnyShape, Shape, product
from ....value import Tensor, Value
from ..symbolic import common, common_dtype, floating, is_symbolic_call, result, tell, tensor
from .checks import OPEN, apart, refuse


@function("keras.ops.dot")
def dot(call: Call, x1: Any, x2: Any) -> Value:
    """NumPy's product: the last axis of one with the last but one of the other."""
    a, b = tensor(call, x1), tensor(call, x2)
    return result(call, "Dot", _dotted(call, a, b), common_dtype(x1, x2, a, b), a, b)


def _dotted(call: Call, a: Tensor, b: Tensor) -> AnyShape:
    one, other = a.shape, b.shape
    if not isinstance(one, Shape) or not isinstance(other, Shape):
        return OPEN
    if not one or not other:
        return common(call, a, b)
    if len(one) == len(other) == 1:
        if not is_symbolic_call((a, b)) and inner_clash(one, other):
            call.doubt()
        return Shape(())
    if len(other) == 1:
        if apart(one[-1], other[0]):
            refuse(call, "dot", "dot-vector", [a, b], "x2", "x1")
        return Shape(one[:-1])
    if surely_differ(one[-1], other[-2]):
        refuse(call, "dot", "dot-matrix", [a, b], "x2", "x1", eager=_as_matrices(a, b, 1))
    return Shape((*one[:-1], *other[:-2], other[-1]))


@function("keras.ops.vdot")
def vdot(call: Call, x1: Any, x2: Any) -> Value:
    """The product of all entries: one number."""
    a, b = tensor(call, x1), tensor(call, x2)
    known = isinstance(a.shape, Shape) and isinstance(b.shape, Shape)
    if not is_symbolic_call((a, b)) and known and surely_differ(flat(a.shape), flat(b.shape)):  # type: ignore[arg-type]
        call.doubt()
    return result(call, "Vdot", Shape(()), common_dtype(x1, x2, a, b), a, b)


@function("keras.ops.inner")
def inner(call: Call, x1: Any, x2: Any) -> Value:
    """The last axes of both summed over."""
    a, b = tensor(call, x1), tensor(call, x2)
    shape: AnyShape = OPEN
    if isinstance(a.shape, Shape) and isinstance(b.shape, Shape):
        shape = b.shape if not a.shape else a.shape
        if a.shape and b.shape:
            if surely_differ(a.shape[-1], b.shape[-1]):
                refuse(call, "inner", "inner-lengths", [a, b], "x2", "x1")
            shape = Shape((*a.shape[:-1], *b.shape[:-1]))
    return result(call, "Inner", shape, common_dtype(x1, x2, a, b), a, b)


@function("keras.ops.outer")
def outer(call: Call, x1: Any, x2: Any) -> Value:
    """Every entry of one times every entry of the other."""
    a, b = tensor(call, x1), tensor(call, x2)
    known = isinstance(a.shape, Shape) and isinstance(b.shape, Shape)
    shape: AnyShape = Shape((flat(a.shape), flat(b.shape))) if known else OPEN  # type: ignore[arg-type]
    return result(call, "Outer", shape, common_dtype(x1, x2, a, b), a, b)


@function("keras.ops.kron")
def kron(call: Call, x1: Any, x2: Any) -> Value:
    """Every entry of one replaced by a multiple of the other; symbolically axes without a partner are lost."""
    a, b = tensor(call, x1), tensor(call, x2)
    shape: AnyShape = OPEN
    known = isinstance(a.shape, Shape) and isinstance(b.shape, Shape)
    if known and (len(a.shape) == len(b.shape) or is_symbolic_call((a, b))):  # type: ignore[arg-type]
        shape = Shape(map(tiled, a.shape[: len(b.shape)], b.shape))  # type: ignore[index, arg-type]
    return result(call, "Kron", shape, common_dtype(x1, x2, a, b), a, b)


@function("keras.ops.cross")
def cross(
    call: Call, x1: Any, x2: Any, axisa: Value = -1, axisb: Value = -1, axisc: Value = -1, axis: Value = None
) -> Value:
    """The vector product of vectors of two or three numbers; of two pairs it is one number."""
    a, b = tensor(call, x1), tensor(call, x2)
    axes = (axisa, axisb, axisc) if axis is None else (axis,) * 3
    return result(call, "Cross", _crossed(call, a, b, axes), common_dtype(x1, x2, a, b), a, b)


def _crossed(call: Call, a: Tensor, b: Tensor, axes: tuple[Any, ...]) -> AnyShape:
    if not isinstance(a.shape, Shape) or not isinstance(b.shape, Shape):
        return OPEN
    one, other = from_front(axes[0], len(a.shape)), from_front(axes[1], len(b.shape))
    if one is None or other is None:
        call.doubt()
        return OPEN
    rest, more = (Shape((*s[:n], *s[n + 1 :])) for s, n in ((a.shape, one), (b.shape, other)))
    found = broadcast(rest, more)
    if found is None:
        tell(call, BroadcastMismatch("symbolic", shapes=(rest, more)), [a, b], "x2", "x1")
        return OPEN
    sizes = (a.shape[one], b.shape[other])
    for why, size in zip(("cross-first", "cross-second"), sizes, strict=True):
        if type(size) is int and size not in (2, 3):
            refuse(call, "cross", why, [a, b], "x1" if why == "cross-first" else "x2", quoted=(size,))
            return OPEN
    if 3 not in sizes:
        return found if sizes == (2, 2) else OPEN
    place = from_front(axes[2], len(found) + 1)
    if place is None:
        call.doubt()
    return OPEN if place is None else Shape((*found[:place], 3, *found[place:]))


@function("keras.ops.tensordot")
def tensordot(call: Call, x1: Any, x2: Any, axes: Value = 2) -> Value:
    """Sums over pairs of axes; symbolically a number of axes is not checked against their lengths."""
    a, b = tensor(call, x1), tensor(call, x2)
    return result(call, "Tensordot", _contracted(call, a, b, axes), common_dtype(x1, x2, a, b), a, b)


def _contracted(call: Call, a: Tensor, b: Tensor, axes: Any) -> AnyShape:
    if not isinstance(a.shape, Shape) or not isinstance(b.shape, Shape):
        return OPEN
    rank_a, rank_b = len(a.shape), len(b.shape)
    if type(axes) is int:
        if axes <= 0:
            return Shape((*a.shape, *b.shape))
        if axes > min(rank_a, rank_b):
            call.doubt()
            return OPEN
        pairs: Any = range(rank_a - axes, rank_a), range(axes)
    elif isinstance(axes, (list, tuple)) and len(axes) == 2:
        pairs = [[part] if is_dim(part) else part for part in axes]
        if is_symbolic_call((a, b)) and any(map(is_dim, axes)):
            call.doubt()  # Keras goes through both
            return OPEN
        pairs = [counted(part, rank) for part, rank in zip(pairs, (rank_a, rank_b), strict=True)]
    else:
        return OPEN
    if pairs[0] is None or pairs[1] is None or len(pairs[0]) != len(pairs[1]):
        call.doubt()
        return OPEN
    shape = contracted(a.shape, b.shape, tuple(pairs[0]), tuple(pairs[1]))
    if shape is not None:
        return shape
    if type(axes) is int and is_symbolic_call((a, b)):
        return Shape((*a.shape[:-axes], *b.shape[axes:]))
    lengths = tuple([s[n] for n in part] for s, part in zip((a.shape, b.shape), pairs, strict=True))
    eager = _as_matrices(a, b, axes) if type(axes) is int else None
    refuse(call, "tensordot", "tensordot-lengths", [a, b], "axes", "x2", "x1", quoted=lengths, eager=eager)
    return OPEN


def _as_matrices(a: Tensor, b: Tensor, axes: int) -> InnerMismatch | None:
    """The matrices that TensorFlow multiplies when the last axes of one meet the first ones of the other."""
    if (
        not isinstance(a.shape, Shape)
        or not isinstance(b.shape, Shape)
        or a.dtype != b.dtype
        or len(b.shape) != axes + 1
    ):
        return None
    left, right = a.shape[:-axes], b.shape[:axes]
    return InnerMismatch(
        f"MatMul {a.dtype}", (product(left), product(a.shape[-axes:])), (product(right), product(b.shape[axes:]))
    )


@function("keras.ops.cdist")
def cdist(call: Call, x: Any, y: Any) -> Value:
    """The distances of every row of one to every row of the other."""
    a, b = tensor(call, x), tensor(call, y)
    shape: AnyShape = OPEN
    if isinstance(a.shape, Shape) and isinstance(b.shape, Shape):
        if len(a.shape) < 2 or len(b.shape) < 2:
            refuse(call, "cdist", "cdist-rank", [a, b], "x", "y")
        elif surely_differ(a.shape[-1], b.shape[-1]):
            refuse(call, "cdist", "cdist-lengths", [a, b], "y", "x")
        elif (leading := broadcast(a.shape[:-2], b.shape[:-2])) is None:
            refuse(call, "cdist", "cdist-batch", [a, b], "y", "x")
        else:
            shape = Shape((*leading, a.shape[-2], b.shape[-2]))
    return result(call, "CDist", shape, floating(common_dtype(x, y, a, b)), a, b)


@function("keras.ops.correlate")
def correlate(call: Call, x1: Any, x2: Any, mode: Value = "valid") -> Value:
    """How alike two rows are, at each shift."""
    a, b = tensor(call, x1), tensor(call, x2)
    shape: AnyShape = OPEN
    if isinstance(a.shape, Shape) and isinstance(b.shape, Shape):
        if len(a.shape) != 1 or len(b.shape) != 1:
            wrong = a if len(a.shape) != 1 else b
            name = "x1" if wrong is a else "x2"
            refuse(call, "correlate", "correlate-rank", [a, b], name, quoted=(name, wrong.shape))
        else:
            lengths = a.shape[0], b.shape[0]
            if all(type(n) is int for n in lengths):
                longer, shorter = max(lengths), min(lengths)
                known = {"valid": longer - shorter + 1, "same": longer, "full": longer + shorter - 1}
                if mode in known:
                    shape = Shape((known[mode],))
    return result(call, "Correlate", shape, None, a, b)
