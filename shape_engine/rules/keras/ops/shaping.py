"""The same entries under another shape (keras/src/ops/numpy.py)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ....dim import is_dim, is_dynamic, is_symbolic, surely_differ, surely_equal, surely_no_multiple
from ....formulas.broadcast import broadcast, broadcasts_to
from ....formulas.join import from_front
from ....formulas.reduce import counted
from ....formulas.reshape import expanded, flat, permuted, reshaped, squeezed
from ....problems import BroadcastMismatch, RefusedSetting, ReshapeMismatch, WrongPermutation
from ....rule import Call, function
from ....shape import AnyShape, Shape, product
from ....value import Tensor, Value
from ..symbolic import result, tell, tensor
from .checks import OPEN, out_of_bounds, refuse, report_always


@function("keras.ops.reshape")
def reshape(call: Call, x: Any, newshape: Value) -> Value:
    """The same elements under another shape; an open length leaves -1 open."""
    x = tensor(call, x)
    target = (newshape,) if is_dim(newshape) else newshape
    if isinstance(target, Shape) or not isinstance(target, (list, tuple)):
        return result(call, "Reshape", OPEN, x.dtype, x)
    target = tuple(target)
    gaps = sum(1 for dim in target if dim == -1)
    if any(isinstance(dim, int) and dim < -1 for dim in target) or gaps > 1:
        why = (
            "reshape-two-gaps"
            if gaps > 1 and all(not isinstance(d, int) or d >= -1 for d in target)
            else "reshape-negative"
        )
        report_always(call, RefusedSetting("newshape", target, why), x, "newshape")
        return result(call, "Reshape", OPEN, x.dtype, x)
    if not isinstance(x.shape, Shape):
        dims = Shape(dim if is_dim(dim) and dim != -1 else call.symbol() for dim in target)
        return result(call, "Reshape", dims, x.dtype, x)
    return result(call, "Reshape", _reshaped(call, x, target, gaps), x.dtype, x)


def _reshaped(call: Call, x: Tensor, target: tuple[Any, ...], gaps: int) -> AnyShape:
    shape = x.shape
    assert isinstance(shape, Shape)
    target = tuple(dim if is_dim(dim) else call.symbol(dynamic=dim is None) for dim in target)
    found = reshaped(shape, target)
    if any(map(is_dynamic, shape)) or any(map(is_dynamic, target)):
        if found is not None and gaps == 1:
            return Shape(
                dim if t != -1 or is_dynamic(dim) else call.symbol(dynamic=True)
                for dim, t in zip(found, target, strict=True)
            )
        return Shape(call.symbol(dynamic=True) if dim == -1 else dim for dim in target)
    rest = product(dim for dim in target if dim != -1)
    wrong = surely_differ(product(shape), rest) if gaps == 0 else rest == 0 or surely_no_multiple(product(shape), rest)
    if wrong:
        problem = ReshapeMismatch("reshape", shape=tuple(shape), target=target, gaps=gaps)
        tell(call, problem, [x], "newshape", "x", eager=replace(problem, op="Reshape"))
    return found if found is not None else Shape(call.symbol() if dim == -1 else dim for dim in target)


@function("keras.ops.transpose")
def transpose(call: Call, x: Any, axes: Value = None) -> Value:
    """The axes in another order, by default reversed."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape):
        return result(call, "Transpose", x.shape, x.dtype, x)
    rank = len(x.shape)
    order = tuple(reversed(range(rank))) if axes is None else axes
    if not isinstance(order, (list, tuple)) or not all(isinstance(axis, int) for axis in order):
        return result(call, "Transpose", Shape(call.symbol() for _ in x.shape), x.dtype, x)
    order = tuple(order)
    outside = any(not -rank <= axis < rank for axis in order)
    why = "transpose-length" if len(order) != rank else "transpose-range" if outside else None
    if why is None and len({axis % rank for axis in order}) != rank:
        why = "transpose-repeated"
    if why is not None:
        problem = RefusedSetting("axes", list(order), why, quoted=(rank, len(order)))
        if why == "transpose-repeated":
            report_always(call, problem, x, "axes")
        else:
            wrong = WrongPermutation(op="Transpose", shape=tuple(x.shape), order=order)
            tell(call, problem, [x], "axes", eager=wrong if why == "transpose-length" else None)
        return result(call, "Transpose", Shape(call.symbol() for _ in x.shape), x.dtype, x)
    return result(call, "Transpose", permuted(x.shape, order), x.dtype, x)


@function("keras.ops.expand_dims")
def expand_dims(call: Call, x: Any, axis: Value) -> Value:
    """An axis of length 1 put in."""
    x = tensor(call, x)
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    if not isinstance(x.shape, Shape) or not all(isinstance(a, int) for a in axes):
        return result(call, "ExpandDims", OPEN, x.dtype, x)
    rank = len(x.shape) + len(axes)
    if out_of_bounds(call, axes, rank, x, always=True):
        return result(call, "ExpandDims", OPEN, x.dtype, x)
    shape: Any = x.shape
    for place in sorted(a % rank for a in axes):
        shape = expanded(shape, place)
    return result(call, "ExpandDims", shape, x.dtype, x)


@function("keras.ops.squeeze")
def squeeze(call: Call, x: Any, axis: Value = None) -> Value:
    """Axes of length 1 taken out; symbolically an open length is refused."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape):
        return result(call, "Squeeze", OPEN, x.dtype, x)
    rank = len(x.shape)
    if axis is None:
        open_dims = [dim for dim in x.shape if is_symbolic(dim) and not is_dynamic(dim)]
        shape = OPEN if open_dims else Shape(dim for dim in x.shape if not surely_equal(dim, 1))
        return result(call, "Squeeze", shape, x.dtype, x)
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    places = [from_front(a, rank) for a in axes]
    if None in places:
        return result(call, "Squeeze", OPEN, x.dtype, x)
    for a, place in zip(axes, places, strict=True):
        dim = x.shape[place]  # type: ignore[index]
        if surely_differ(dim, 1) or is_dynamic(dim):
            if x.symbolic:
                tell(call, RefusedSetting("axis", a, "squeeze-axis"), [x], "axis", "x")
            else:
                refuse(call, "squeeze", "squeeze-eager", [x], "axis", "x", quoted=(axis,), always=True)
            break
    return result(call, "Squeeze", squeezed(x.shape, places), x.dtype, x)  # type: ignore[arg-type]


@function("keras.ops.broadcast_to")
def broadcast_to(call: Call, x: Any, shape: Value) -> Value:
    """Stretched to a shape."""
    x = tensor(call, x)
    if not isinstance(shape, (list, tuple)) or not all(is_dim(dim) or dim is None for dim in shape):
        return result(call, "BroadcastTo", OPEN, x.dtype, x)
    target = Shape(call.symbol(dynamic=True) if dim is None else dim for dim in shape)
    if isinstance(x.shape, Shape) and broadcast(x.shape, target) is None:
        eager = BroadcastMismatch("BroadcastTo", shapes=(x.shape,), target=target)
        tell(call, BroadcastMismatch("symbolic", shapes=(x.shape, target)), [x], "shape", "x", eager=eager)
    elif isinstance(x.shape, Shape) and not broadcasts_to(x.shape, target):
        return result(call, "BroadcastTo", target, x.dtype, x)
    return result(call, "BroadcastTo", target, x.dtype, x)


@function("keras.ops.swapaxes")
def swapaxes(call: Call, x: Any, axis1: Value, axis2: Value) -> Value:
    """Two axes in each other's place."""
    x = tensor(call, x)
    rank = len(x.shape) if isinstance(x.shape, Shape) else 0
    one, other = from_front(axis1, rank), from_front(axis2, rank)
    if one is None or other is None or not isinstance(x.shape, Shape):
        if isinstance(x.shape, Shape):
            out_of_bounds(call, [axis1, axis2], rank, x, always=True)
        return result(call, "Swapaxes", OPEN, x.dtype, x)
    order = list(range(rank))
    order[one], order[other] = other, one
    return result(call, "Swapaxes", permuted(x.shape, order), x.dtype, x)


@function("keras.ops.moveaxis")
def moveaxis(call: Call, x: Any, source: Value, destination: Value) -> Value:
    """Axes at other places."""
    x = tensor(call, x)
    rank = len(x.shape) if isinstance(x.shape, Shape) else 0
    given = [list(axes) if isinstance(axes, (list, tuple)) else [axes] for axes in (source, destination)]
    sources, targets = counted(source, rank), counted(destination, rank)
    if len(given[0]) != len(given[1]):
        refuse(call, "moveaxis", "moveaxis-count", [x], "destination", "source", quoted=(source, destination))
    elif isinstance(x.shape, Shape) and (sources is None or targets is None):
        out_of_bounds(call, given[0] + given[1], rank, x, always=True)
    if sources is None or targets is None or len(sources) != len(targets) or not isinstance(x.shape, Shape):
        return result(call, "Moveaxis", OPEN, x.dtype, x)
    order = [axis for axis in range(rank) if axis not in sources]
    for target, axis in sorted(zip(targets, sources, strict=True)):
        order.insert(target, axis)
    return result(call, "Moveaxis", permuted(x.shape, order), x.dtype, x)


@function("keras.ops.ravel")
def ravel(call: Call, x: Any) -> Value:
    """All elements in a row."""
    x = tensor(call, x)
    return result(call, "Ravel", Shape((flat(x.shape),)) if isinstance(x.shape, Shape) else OPEN, x.dtype, x)


@function("keras.KerasTensor.reshape")
def reshape_method(call: Call, x: Any, newshape: Value) -> Value:
    """``x.reshape(newshape)``."""
    return reshape(call, x, newshape)


@function("keras.KerasTensor.squeeze")
def squeeze_method(call: Call, x: Any, axis: Value = None) -> Value:
    """``x.squeeze(axis)``."""
    return squeeze(call, x, axis)
