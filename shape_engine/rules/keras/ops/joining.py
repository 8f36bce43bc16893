"""Arrays joined, taken apart, repeated and padded (keras/src/ops/numpy.py)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ....dim import is_dim, is_dynamic, surely_no_multiple
from ....formulas.join import concatenated, extended, from_front, joined, mismatch, piece, stacked, tiled
from ....formulas.reshape import flat, squeezed
from ....problems import JoinMismatch
from ....rule import Call, function
from ....shape import Shape
from ....value import Tensor, Unknown, Value
from ..symbolic import is_symbolic_call, result, tell, tensor
from .checks import OPEN, joint_dtype, out_of_bounds


@function("keras.ops.concatenate")
def concatenate(call: Call, xs: Any, axis: Value = 0) -> Value:
    """Arrays joined along an axis."""
    values = [tensor(call, x) for x in xs] if isinstance(xs, (list, tuple)) else []
    shapes = [x.shape for x in values if isinstance(x.shape, Shape)]
    dtype = joint_dtype(values)
    if not shapes or len(shapes) != len(values) or not isinstance(axis, int):
        return result(call, "Concatenate", OPEN, dtype, *values)
    if out_of_bounds(call, [axis], len(shapes[0]), *values):
        return result(call, "Concatenate", OPEN, dtype, *values)
    place = axis % len(shapes[0])
    found = mismatch(shapes, place)
    if found is not None:
        problem = JoinMismatch("concatenate", shapes=tuple(shapes), axis=place, position=found[0], at=found[1])
        tell(call, problem, values, "xs", "axis")
    if any(len(shape) != len(shapes[0]) for shape in shapes):
        return result(call, "Concatenate", OPEN, dtype, *values)
    if is_symbolic_call(values):
        total = joined([shape[place] for shape in shapes])
        shape = Shape(total if n == place else dim for n, dim in enumerate(shapes[0]))
    else:
        shape = concatenated(shapes, place)
    return result(call, "Concatenate", shape, dtype, *values)


@function("keras.ops.stack")
def stack(call: Call, x: Any, axis: Value = 0) -> Value:
    """Arrays of one shape laid side by side on a new axis."""
    values = [tensor(call, item) for item in x] if isinstance(x, (list, tuple)) else []
    shapes = [item.shape for item in values if isinstance(item.shape, Shape)]
    dtype = joint_dtype(values)
    if not shapes or len(shapes) != len(values) or not isinstance(axis, int):
        return result(call, "Stack", OPEN, dtype, *values)
    if out_of_bounds(call, [axis], len(shapes[0]) + 1, *values):
        return result(call, "Stack", OPEN, dtype, *values)
    found = mismatch(shapes, None)
    if found is not None:
        tell(call, JoinMismatch("stack", shapes=tuple(shapes), position=found[0], at=found[1]), values, "x")
    if any(len(shape) != len(shapes[0]) for shape in shapes):
        return result(call, "Stack", OPEN, dtype, *values)
    chosen = [shapes[0]] * len(shapes) if is_symbolic_call(values) else shapes
    return result(call, "Stack", stacked(chosen, axis % (len(shapes[0]) + 1)), dtype, *values)


@function("keras.ops.split")
def split(call: Call, x: Any, indices_or_sections: Value, axis: Value = 0) -> Value:
    """Equal parts, or parts between indices."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape) or from_front(axis, len(x.shape)) is None:
        return Unknown("the parts of an array")
    place = axis % len(x.shape)
    size = x.shape[place]

    def part(length: Any) -> Tensor:
        shape = Shape(length if n == place else dim for n, dim in enumerate(x.shape))
        return result(call, "Split", shape, x.dtype, x)

    if (
        isinstance(indices_or_sections, int)
        and not isinstance(indices_or_sections, bool)
        and 0 < indices_or_sections <= 1000
    ):
        count = indices_or_sections
        length = size if is_dynamic(size) else call.symbol() if surely_no_multiple(size, count) else piece(size, count)
        length = call.symbol(dynamic=True) if is_dynamic(size) else length
        return [part(length) for _ in range(count)]
    if isinstance(indices_or_sections, (list, tuple)) and all(
        isinstance(i, int) and i >= 0 for i in indices_or_sections
    ):
        if not isinstance(size, int):
            return [part(call.symbol(dynamic=is_dynamic(size))) for _ in range(len(indices_or_sections) + 1)]
        cuts = [0, *(min(i, size) for i in indices_or_sections), size]
        return [part(max(end - start, 0)) for start, end in pairwise(cuts)]
    return Unknown("the parts of an array")


@function("keras.ops.unstack")
def unstack(call: Call, x: Any, num: Value = None, axis: Value = 0) -> Value:
    """The arrays along an axis."""
    x = tensor(call, x)
    place = from_front(axis, len(x.shape)) if isinstance(x.shape, Shape) else None
    if place is None or not isinstance(x.shape, Shape):
        return Unknown("the parts of an array")
    count = num if isinstance(num, int) else x.shape[place]
    if not isinstance(count, int) or count > 1000:
        return Unknown("the parts of an array")
    return [result(call, "Unstack", squeezed(x.shape, (place,)), x.dtype, x) for _ in range(count)]


@function("keras.ops.repeat")
def repeat(call: Call, x: Any, repeats: Value, axis: Value = None) -> Value:
    """Every entry several times."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape) or not is_dim(repeats):
        return result(call, "Repeat", OPEN, x.dtype, x)
    if axis is None:
        return result(call, "Repeat", Shape((tiled(flat(x.shape), repeats),)), x.dtype, x)
    place = from_front(axis, len(x.shape))
    if place is None:
        return result(call, "Repeat", OPEN, x.dtype, x)
    shape = Shape(tiled(dim, repeats) if n == place else dim for n, dim in enumerate(x.shape))
    return result(call, "Repeat", shape, x.dtype, x)


@function("keras.ops.tile")
def tile(call: Call, x: Any, repeats: Value) -> Value:
    """The whole array several times along every axis."""
    x = tensor(call, x)
    times = [repeats] if is_dim(repeats) else list(repeats) if isinstance(repeats, (list, tuple)) else None
    if not isinstance(x.shape, Shape) or times is None or not all(map(is_dim, times)):
        return result(call, "Tile", OPEN, x.dtype, x)
    rank = max(len(x.shape), len(times))
    sizes = [1] * (rank - len(x.shape)) + list(x.shape)
    times = [1] * (rank - len(times)) + times
    return result(call, "Tile", Shape(tiled(size, n) for size, n in zip(sizes, times, strict=True)), x.dtype, x)


@function("keras.ops.pad")
def pad(call: Call, x: Any, pad_width: Value, mode: Value = "constant", constant_values: Value = None) -> Value:
    """Cells added on both sides of every axis."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape):
        return result(call, "Pad", OPEN, x.dtype, x)
    widths = _pairs(pad_width, len(x.shape))
    if widths is None:
        return result(call, "Pad", Shape(call.symbol() for _ in x.shape), x.dtype, x)
    shape = Shape(extended(dim, *pair) for dim, pair in zip(x.shape, widths, strict=True))
    return result(call, "Pad", shape, x.dtype, x)


@function("keras.ops.take")
def take(call: Call, x: Any, indices: Any, axis: Value = None) -> Value:
    """Entries by their indices along an axis."""
    x, picked = tensor(call, x), tensor(call, indices)
    if not isinstance(x.shape, Shape) or not isinstance(picked.shape, Shape):
        return result(call, "Take", OPEN, x.dtype, x, picked)
    if axis is None:
        return result(call, "Take", picked.shape, x.dtype, x, picked)
    place = from_front(axis, len(x.shape))
    shape = OPEN if place is None else Shape((*x.shape[:place], *picked.shape, *x.shape[place + 1 :]))
    return result(call, "Take", shape, x.dtype, x, picked)


def _pairs(widths: Any, rank: int) -> list[tuple[Any, Any]] | None:
    if is_dim(widths):
        return [(widths, widths)] * rank
    if not isinstance(widths, (list, tuple)) or not widths:
        return None
    if all(map(is_dim, widths)) and len(widths) == 2:
        return [(widths[0], widths[1])] * rank
    pairs = [tuple(pair) * 2 if isinstance(pair, (list, tuple)) and len(pair) == 1 else pair for pair in widths]
    if all(isinstance(pair, (list, tuple)) and len(pair) == 2 and all(map(is_dim, pair)) for pair in pairs):
        return (
            [(a, b) for a, b in pairs]
            if len(pairs) == rank
            else ([(pairs[0][0], pairs[0][1])] * rank if len(pairs) == 1 else None)
        )
    return None
