"""keras.ops: functions that work on symbolic and eager tensors alike.

Symbolic calls follow the ``compute_output_spec`` of keras/src/ops/numpy.py, nn.py and core.py, with their
exceptions; what an eager call raises is the backend's and is not predicted here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ...dim import is_dim, is_dynamic, is_symbolic, surely_differ, surely_equal, surely_no_multiple
from ...dtypes import dtype_name
from ...formulas.broadcast import broadcast, broadcasts_to
from ...formulas.contract import einsum as einsum_shape
from ...formulas.join import concatenated, extended, from_front, joined, mismatch, piece, stacked, tiled
from ...formulas.reduce import counted, missing
from ...formulas.reshape import expanded, flat, permuted, reshaped, squeezed
from ...problems import BroadcastMismatch, JoinMismatch, RefusedSetting, ReshapeMismatch
from ...rule import Call, function
from ...shape import AnyShape, Shape, Unranked, product
from ...value import Tensor, Unknown, Value, framework_shape
from .state import BACKEND_KIND
from .symbolic import common, common_dtype, floating, is_symbolic_call, joint, result, tell, tensor

OPEN = Unranked("the shape is not known")


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
        tell(call, RefusedSetting("newshape", target, why), [x], "newshape")
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
        tell(call, ReshapeMismatch("reshape", shape=tuple(shape), target=target, gaps=gaps), [x], "newshape", "x")
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
        tell(call, RefusedSetting("axes", list(order), why, quoted=(rank, len(order))), [x], "axes")
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
    if out_of_bounds(call, axes, rank, x):
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
            tell(call, RefusedSetting("axis", a, "squeeze-axis"), [x], "axis", "x")
            break
    return result(call, "Squeeze", squeezed(x.shape, places), x.dtype, x)  # type: ignore[arg-type]


@function("keras.ops.concatenate")
def concatenate(call: Call, xs: Any, axis: Value = 0) -> Value:
    """Arrays joined along an axis."""
    values = [tensor(call, x) for x in xs] if isinstance(xs, (list, tuple)) else []
    shapes = [x.shape for x in values if isinstance(x.shape, Shape)]
    dtype = _joint_dtype(values)
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
    dtype = _joint_dtype(values)
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


@function("keras.ops.flip", cls="Flip")
@function("keras.ops.roll", cls="Roll")
@function("keras.ops.cumsum", cls="Cumsum")
@function("keras.ops.cumprod", cls="Cumprod")
@function("keras.ops.sort", cls="Sort")
@function("keras.ops.clip", cls="Clip")
@function("keras.ops.stop_gradient", cls="StopGradient")
@function("keras.ops.copy", cls="Copy")
@function("keras.ops.round", cls="Round")
@function("keras.ops.normalize", cls="Normalize")
@function("keras.ops.nan_to_num", cls="NanToNum")
@function("keras.ops.convert_to_tensor", cls="ConvertToTensor")
def same_shape(call: Call, x: Any, *args: Value, cls: str, **kwargs: Value) -> Value:
    """The shape stays whatever the other arguments are (but for an axis of None)."""
    x = tensor(call, x)
    dtype = dtype_name(kwargs["dtype"]) if kwargs.get("dtype") is not None else x.dtype
    if cls in ("Cumsum", "Cumprod") and not args and kwargs.get("axis") is None:
        shape: AnyShape = Shape((flat(x.shape),)) if isinstance(x.shape, Shape) else OPEN
        return result(call, cls, shape, dtype, x)
    if cls == "ConvertToTensor" and args and args[0] is not None:
        dtype = dtype_name(args[0])
    return result(call, cls, x.shape, dtype, x)


@function("keras.ops.cast")
def cast(call: Call, x: Any, dtype: Value) -> Value:
    """Another dtype."""
    x = tensor(call, x)
    return result(call, "Cast", x.shape, dtype_name(dtype), x)


@function("keras.ops.shape")
def shape_of_tensor(call: Call, x: Any) -> Value:
    """A tuple: None for what is left open in a symbolic tensor."""
    return framework_shape(tensor(call, x).shape)


@function("keras.ops.ndim")
def ndim(call: Call, x: Any) -> Value:
    """How many axes there are."""
    found = tensor(call, x).shape
    return len(found) if isinstance(found, Shape) else Unknown(found.reason)


@function("keras.ops.size")
def size(call: Call, x: Any) -> Value:
    """How many elements there are."""
    found = tensor(call, x).shape
    return product(found) if isinstance(found, Shape) and not any(map(is_dynamic, found)) else Unknown("the size")


@function("keras.ops.convert_to_numpy")
def convert_to_numpy(call: Call, x: Any) -> Value:
    """A NumPy array."""
    x = tensor(call, x)
    return Tensor(x.shape, x.dtype, "numpy")


@function("keras.ops.is_tensor")
def is_tensor(call: Call, x: Any) -> Value:
    """Whether this is a tensor of the backend, or a symbolic one."""
    return (
        isinstance(x, Tensor) and x.kind in ("keras", BACKEND_KIND.get(call.backend(), "tf"))
        if not isinstance(x, Unknown)
        else x
    )


@function("keras.ops.where")
def where(call: Call, condition: Any, x1: Any = None, x2: Any = None) -> Value:
    """One of two values for each entry."""
    if x1 is None or x2 is None:
        return Unknown("the places where something holds")
    parts = [tensor(call, value) for value in (condition, x1, x2)]
    return result(call, "Where", common(call, *parts), common_dtype(x1, x2, parts[1], parts[2]), *parts)


@function("keras.ops.broadcast_to")
def broadcast_to(call: Call, x: Any, shape: Value) -> Value:
    """Stretched to a shape."""
    x = tensor(call, x)
    if not isinstance(shape, (list, tuple)) or not all(is_dim(dim) or dim is None for dim in shape):
        return result(call, "BroadcastTo", OPEN, x.dtype, x)
    target = Shape(call.symbol(dynamic=True) if dim is None else dim for dim in shape)
    if isinstance(x.shape, Shape) and broadcast(x.shape, target) is None:
        tell(call, BroadcastMismatch("symbolic", shapes=(x.shape, target)), [x], "shape", "x")
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
        return result(call, "Swapaxes", OPEN, x.dtype, x)
    order = list(range(rank))
    order[one], order[other] = other, one
    return result(call, "Swapaxes", permuted(x.shape, order), x.dtype, x)


@function("keras.ops.moveaxis")
def moveaxis(call: Call, x: Any, source: Value, destination: Value) -> Value:
    """Axes at other places."""
    x = tensor(call, x)
    rank = len(x.shape) if isinstance(x.shape, Shape) else 0
    sources, targets = counted(source, rank), counted(destination, rank)
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


@function("keras.ops.einsum")
def einsum(call: Call, subscripts: Value, *operands: Any, **kwargs: Value) -> Value:
    """Sums of products by letters."""
    values = [tensor(call, x) for x in operands]
    shapes = [x.shape for x in values if isinstance(x.shape, Shape)]
    shape: AnyShape | None = None
    if isinstance(subscripts, str) and len(shapes) == len(values):
        shape = einsum_shape(subscripts, shapes)
    return result(call, "Einsum", OPEN if shape is None else shape, _joint_dtype(values), *values)


UNARY_FLOATING = (
    "keras.ops.sqrt",
    "keras.ops.rsqrt",
    "keras.ops.exp",
    "keras.ops.expm1",
    "keras.ops.exp2",
    "keras.ops.log",
    "keras.ops.log1p",
    "keras.ops.log2",
    "keras.ops.log10",
    "keras.ops.sin",
    "keras.ops.cos",
    "keras.ops.tan",
    "keras.ops.sinh",
    "keras.ops.cosh",
    "keras.ops.tanh",
    "keras.ops.arcsin",
    "keras.ops.arccos",
    "keras.ops.arctan",
    "keras.ops.arcsinh",
    "keras.ops.arccosh",
    "keras.ops.arctanh",
    "keras.ops.reciprocal",
    "keras.ops.erf",
    "keras.ops.erfinv",
    "keras.ops.sigmoid",
    "keras.ops.softmax",
    "keras.ops.log_softmax",
    "keras.ops.gelu",
    "keras.ops.silu",
    "keras.ops.swish",
    "keras.ops.elu",
    "keras.ops.selu",
    "keras.ops.celu",
    "keras.ops.softplus",
    "keras.ops.softsign",
    "keras.ops.log_sigmoid",
    "keras.ops.hard_sigmoid",
    "keras.ops.hard_silu",
    "keras.ops.hard_swish",
    "keras.ops.leaky_relu",
    "keras.ops.tanh_shrink",
    "keras.ops.soft_shrink",
    "keras.ops.hard_shrink",
    "keras.ops.hard_tanh",
    "keras.ops.squareplus",
    "keras.ops.sparsemax",
    "keras.ops.sparse_plus",
    "keras.ops.sparse_sigmoid",
    "keras.ops.threshold",
)
UNARY_SAME = (
    "keras.ops.relu",
    "keras.ops.relu6",
    "keras.ops.abs",
    "keras.ops.absolute",
    "keras.ops.negative",
    "keras.ops.square",
    "keras.ops.sign",
    "keras.ops.floor",
    "keras.ops.ceil",
    "keras.ops.trunc",
    "keras.ops.conj",
    "keras.ops.conjugate",
    "keras.ops.tril",
    "keras.ops.triu",
    "keras.ops.fliplr",
    "keras.ops.flipud",
)
UNARY_BOOL = (
    "keras.ops.isnan",
    "keras.ops.isinf",
    "keras.ops.isfinite",
    "keras.ops.logical_not",
    "keras.ops.isposinf",
    "keras.ops.isneginf",
)


def _unary(target: str, dtype: Any) -> None:
    cls = "".join(part.capitalize() for part in target.rpartition(".")[2].split("_"))

    def rule(call: Call, x: Any, *args: Value, **kwargs: Value) -> Value:
        x = tensor(call, x)
        return result(call, cls, x.shape, dtype(x.dtype), x)

    rule.__doc__ = f"``{target}``: each entry by itself."
    function(target)(rule)


for _name in UNARY_FLOATING:
    _unary(_name, floating)
for _name in UNARY_SAME:
    _unary(_name, lambda dtype: dtype)
for _name in UNARY_BOOL:
    _unary(_name, lambda dtype: "bool")


def _joint_dtype(values: list[Tensor]) -> str | None:
    if not values:
        return None
    found: str | None = values[0].dtype
    for x in values[1:]:
        found = joint(found, x.dtype)
    return found


def out_of_bounds(call: Call, axes: list[Any], rank: int, *values: Tensor) -> bool:
    """``canonicalize_axis``: reports the first axis that is not there."""
    axis = missing(axes, rank)
    if axis is not None:
        tell(call, RefusedSetting("axis", axis, "axis-bounds", quoted=(rank,)), values, "axis")
    return axis is not None


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


@function("keras.KerasTensor.reshape")
def reshape_method(call: Call, x: Any, newshape: Value) -> Value:
    """``x.reshape(newshape)``."""
    return reshape(call, x, newshape)


@function("keras.KerasTensor.squeeze")
def squeeze_method(call: Call, x: Any, axis: Value = None) -> Value:
    """``x.squeeze(axis)``."""
    return squeeze(call, x, axis)
