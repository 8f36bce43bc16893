"""Arrays joined, taken apart, repeated and padded (keras/src/ops/numpy.py)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from ....dim import is_dim, is_dynamic, surely_differ, surely_less, surely_no_multiple
from ....formulas.join import concatenated, extended, from_front, joined, mismatch, piece, stacked, tiled
from ....formulas.reshape import flat, squeezed
from ....problems import JoinMismatch, UnevenSplit
from ....rule import Call, function
from ....shape import Shape
from ....value import Unknown, Value
from ..symbolic import is_symbolic_call, result, results, tell, tensor
from .checks import OPEN, joint_dtype, out_of_bounds, refuse


@function("keras.ops.concatenate")
def concatenate(call: Call, xs: Any, axis: Value = 0) -> Value:
    """Arrays joined along an axis."""
    values = [tensor(call, x) for x in xs] if isinstance(xs, (list, tuple)) else []
    shapes = [x.shape for x in values if isinstance(x.shape, Shape)]
    dtype = joint_dtype(values)
    if not shapes or len(shapes) != len(values) or not isinstance(axis, int):
        return result(call, "Concatenate", OPEN, dtype, *values)
    if out_of_bounds(call, [axis], len(shapes[0]), *values, eager="ConcatV2", role=str(len(values))):
        return result(call, "Concatenate", OPEN, dtype, *values)
    place = axis % len(shapes[0])
    found = mismatch(shapes, place)
    if found is not None:
        problem = JoinMismatch("concatenate", shapes=tuple(shapes), axis=place, position=found[0], at=found[1])
        eager = replace(problem, op="ConcatV2") if shapes[found[0]] else None
        tell(call, problem, values, "xs", "axis", eager=eager)
    if any(len(shape) != len(shapes[0]) for shape in shapes):
        return result(call, "Concatenate", OPEN, dtype, *values)
    if is_symbolic_call(values):
        total = joined([shape[place] for shape in shapes])
        shape = Shape(total if n == place else dim for n, dim in enumerate(shapes[0]))
    else:
        shape = concatenated(shapes, place)
    return result(call, "Concatenate", shape, dtype, *values)


@function("keras.ops.append")
def append(call: Call, x1: Any, x2: Any, axis: Value = None) -> Value:
    """Two arrays joined; all entries in a row for an axis of None."""
    a, b = tensor(call, x1), tensor(call, x2)
    dtype = joint_dtype([a, b])
    if not isinstance(a.shape, Shape) or not isinstance(b.shape, Shape):
        return result(call, "Append", OPEN, dtype, a, b)
    if axis is None:
        total = joined([flat(a.shape), flat(b.shape)])
        return result(call, "Append", Shape((total,)), dtype, a, b)
    place = from_front(axis, len(a.shape))
    if place is None:
        call.doubt()
        return result(call, "Append", OPEN, dtype, a, b)
    if mismatch([a.shape, b.shape], place) is not None:
        refuse(call, "append", "append", [a, b], "x2", "x1", quoted=(axis,))
        return result(call, "Append", OPEN, dtype, a, b)
    if is_symbolic_call((a, b)) and (is_dynamic(a.shape[place]) or is_dynamic(b.shape[place])):
        call.doubt()  # None is added
        return result(call, "Append", OPEN, dtype, a, b)
    return result(call, "Append", concatenated([a.shape, b.shape], place), dtype, a, b)


@function("keras.ops.hstack", cls="Hstack", axis=1)
@function("keras.ops.vstack", cls="Vstack", axis=0)
@function("keras.ops.dstack", cls="Dstack", axis=2)
def joined_on(call: Call, xs: Any, *, cls: str, axis: int) -> Value:
    """Arrays joined along a given axis; those of too low a rank get one eagerly, and for ``dstack`` always."""
    values = [tensor(call, x) for x in xs] if isinstance(xs, (list, tuple)) else []
    shapes = [x.shape for x in values if isinstance(x.shape, Shape)]
    dtype = joint_dtype(values)
    if not shapes or len(shapes) != len(values):
        return result(call, cls, OPEN, dtype, *values)
    if cls == "Dstack":
        shapes = [_deep(shape) for shape in shapes]
    elif cls == "Hstack" and len(shapes[0]) == 1 and not is_symbolic_call(values):
        axis = 0
    if len(shapes[0]) <= axis:
        call.doubt()
        return result(call, cls, OPEN, dtype, *values)
    found = mismatch(shapes, axis)
    if found is not None:
        shown = tuple(map(list, shapes)) if cls == "Dstack" else tuple(shapes)
        problem = JoinMismatch("concatenate", shapes=shown, axis=axis, position=found[0], at=found[1])  # type: ignore[arg-type]
        tell(call, problem, values, "xs", eager=replace(problem, op="ConcatV2", shapes=tuple(shapes)))
        return result(call, cls, OPEN, dtype, *values)
    if not is_symbolic_call(values):
        return result(call, cls, concatenated(shapes, axis), dtype, *values)
    total = joined([shape[axis] for shape in shapes])
    return result(call, cls, Shape(total if n == axis else d for n, d in enumerate(shapes[0])), dtype, *values)


def _deep(shape: Shape) -> Shape:
    """``atleast_3d`` as ``dstack`` sees it."""
    return {0: Shape((1, 1, 1)), 1: Shape((1, *shape, 1)), 2: Shape((*shape, 1))}.get(len(shape), shape)


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
        problem = JoinMismatch("stack", shapes=tuple(shapes), position=found[0], at=found[1])
        tell(call, problem, values, "x", eager=replace(problem, op="Pack"))
    if any(len(shape) != len(shapes[0]) for shape in shapes):
        return result(call, "Stack", OPEN, dtype, *values)
    chosen = [shapes[0]] * len(shapes) if is_symbolic_call(values) else shapes
    return result(call, "Stack", stacked(chosen, axis % (len(shapes[0]) + 1)), dtype, *values)


@function("keras.ops.array_split")
def array_split(call: Call, x: Any, indices_or_sections: Value, axis: Value = 0) -> Value:
    """Parts that are as equal as can be: the first ones are one longer."""
    x, count = tensor(call, x), indices_or_sections
    place = from_front(axis, len(x.shape)) if isinstance(x.shape, Shape) else None
    if not isinstance(x.shape, Shape) or place is None or type(count) is not int or not 0 < count <= 1000:
        call.doubt()
        return Unknown("the parts of an array")
    size = x.shape[place]
    if is_dynamic(size) and x.symbolic:
        lengths: list[Any] = [call.symbol(dynamic=True) for _ in range(count)]
    else:
        lengths = [(size + count - 1 - n) // count for n in range(count)]
    shapes = [Shape((*x.shape[:place], length, *x.shape[place + 1 :])) for length in lengths]
    found = results(call, "ArraySplit", [(shape, x.dtype) for shape in shapes], x)
    return found if is_dynamic(size) and x.symbolic else list(found)


@function("keras.ops.hsplit", at=1)
@function("keras.ops.vsplit", at=0)
@function("keras.ops.dsplit", at=2)
def split_on(call: Call, x: Any, indices_or_sections: Value, *, at: int) -> Value:
    """Parts along a given axis; ``hsplit`` of a vector along its only one."""
    rank = len(tensor(call, x).shape) if isinstance(tensor(call, x).shape, Shape) else None  # type: ignore[arg-type]
    if rank is None or rank <= (0 if at == 1 and rank == 1 else at):
        call.doubt()
        return Unknown("the parts of an array")
    return split(call, x, indices_or_sections, axis=0 if rank == 1 else at)


@function("keras.ops.split")
def split(call: Call, x: Any, indices_or_sections: Value, axis: Value = 0) -> Value:
    """Equal parts, or parts between indices."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape) or type(axis) is not int:
        return Unknown("the parts of an array")
    kernel = "Split" if type(indices_or_sections) is int else ""
    if out_of_bounds(call, [axis], len(x.shape), x, eager=kernel, role=str(indices_or_sections)):
        return Unknown("there is no such axis")
    place = axis % len(x.shape)
    size = x.shape[place]
    if type(indices_or_sections) is int and indices_or_sections > 0 and surely_no_multiple(size, indices_or_sections):
        refuse(
            call,
            "split",
            "split-uneven",
            [x],
            "indices_or_sections",
            "x",
            quoted=(size, indices_or_sections),
            eager=UnevenSplit(op="Split", shape=tuple(x.shape), axis=place, sections=indices_or_sections),
        )

    def parts(lengths: list[Any]) -> Any:
        shapes = [Shape(length if n == place else dim for n, dim in enumerate(x.shape)) for length in lengths]
        return _listed(results(call, "Split", [(shape, x.dtype) for shape in shapes], x))

    if (
        isinstance(indices_or_sections, int)
        and not isinstance(indices_or_sections, bool)
        and 0 < indices_or_sections <= 1000
    ):
        count = indices_or_sections
        length = call.symbol() if surely_no_multiple(size, count) else piece(size, count)
        length = call.symbol(dynamic=True) if is_dynamic(size) else length
        return parts([length] * count)
    if isinstance(indices_or_sections, (list, tuple)) and all(
        isinstance(i, int) and i >= 0 for i in indices_or_sections
    ):
        cuts = [0, *indices_or_sections, size]
        if any(not is_dynamic(end) and surely_less(end, start) for start, end in pairwise(cuts)):
            call.doubt()
            return parts([call.symbol() for _ in cuts[1:]])
        if is_dynamic(size):
            cuts[-1] = call.symbol(dynamic=True)
        return parts([end if is_dynamic(end) else end - start for start, end in pairwise(cuts)])
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
    return _listed(results(call, "Unstack", [(squeezed(x.shape, (place,)), x.dtype)] * count, x))


def _listed(found: Any) -> Any:
    return list(found) if isinstance(found, tuple) else found


@function("keras.ops.repeat")
def repeat(call: Call, x: Any, repeats: Value, axis: Value = None) -> Value:
    """Every entry several times."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape):
        return result(call, "Repeat", OPEN, x.dtype, x)
    if isinstance(repeats, (list, tuple)) and len(repeats) == 1:
        repeats = repeats[0]
    place = 0 if axis is None else from_front(axis, len(x.shape))
    if place is None:
        call.doubt()
        return result(call, "Repeat", OPEN, x.dtype, x)
    shape = Shape((flat(x.shape),)) if axis is None else x.shape
    size = shape[place]
    length: Any = call.symbol()
    if is_dim(repeats):
        length = size if x.symbolic and is_dynamic(size) else tiled(size, repeats)
    elif isinstance(repeats, (list, tuple)) and all(map(is_dim, repeats)):
        length = size if x.symbolic and is_dynamic(size) else joined(list(repeats))
        if surely_differ(size, len(repeats)) and not is_dynamic(size):
            if axis is None:
                call.doubt()
            else:
                refuse(call, "repeat", "repeat-length", [x], "repeats", "x", quoted=(axis, len(repeats)))
            length = call.symbol()
    dims = Shape(length if n == place else dim for n, dim in enumerate(shape))
    return result(call, "Repeat", dims, x.dtype, x)


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
    widths = _pairs(pad_width)
    if widths is not None and len(widths) == 1 and (x.symbolic or len(x.shape) == 1):
        widths = widths * len(x.shape)
    elif widths is not None and len(widths) != len(x.shape):
        call.doubt()
        widths = None
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
    if place is None:
        out_of_bounds(call, [axis], len(x.shape), x, picked)
    shape = OPEN if place is None else Shape((*x.shape[:place], *picked.shape, *x.shape[place + 1 :]))
    return result(call, "Take", shape, x.dtype, x, picked)


def _pairs(widths: Any) -> list[tuple[Any, Any]] | None:
    """``Pad._process_pad_width``: one number, or two, stand for all axes."""
    if is_dim(widths):
        return [(widths, widths)]
    if not isinstance(widths, (list, tuple)) or not widths:
        return None
    if is_dim(widths[0]):
        widths = (widths,)
    if all(isinstance(pair, (list, tuple)) and len(pair) == 2 and all(map(is_dim, pair)) for pair in widths):
        return [(before, after) for before, after in widths]
    return None
