"""TensorFlow's functions that join tensors, cut them apart, and pick entries (array_ops.py, concat_op.cc, split_op.cc)."""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, surely_differ, surely_no_multiple
from ...formulas.creation import flat, in_a_row
from ...formulas.indexing import outside
from ...formulas.join import concatenated, from_front, mismatch, piece, stacked
from ...problems import (
    DtypeMismatch,
    IndexOutOfRange,
    JoinMismatch,
    NoSuchAxis,
    NothingToJoin,
    UnevenSplit,
    WrongLength,
)
from ...rule import Call
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown, Value
from ..arrays import as_dims, number, operand, plain
from .graph import define, report


@define("tf.concat")
def concat(call: Call, values: Value, axis: Value, name: Value = "concat") -> Tensor:
    """Tensors joined along an axis.  InvalidArgumentError where they do not fit; one tensor is not checked."""
    tensors = parts(call, values)
    axis = number(axis)
    if tensors is None:
        return Tensor(Unranked("the tensors are not known"), None, "tf")
    if len(tensors) == 1:
        return tensors[0]
    dtype = joined_dtype(values, tensors, "ConcatV2", "values")
    shapes = [x.shape for x in tensors if isinstance(x.shape, Shape)]
    if len(shapes) < len(tensors) or not shapes or not isinstance(axis, int):
        if shapes and isinstance(axis, int):
            return Tensor(Shape(call.symbol() for _ in shapes[0]), dtype, "tf")
        return Tensor(Unranked("a shape is not known"), dtype, "tf")
    rank = len(shapes[0])
    place = from_front(axis, rank)
    if rank == 0 and axis == 0:
        report(NothingToJoin(op="ConcatV2", scalars=True), blame=("values",))
        return Tensor(Unranked("scalars are joined"), dtype, "tf")
    if place is None:
        report(NoSuchAxis(op="ConcatV2", axis=axis, rank=rank, role=str(len(tensors))), blame=("axis", "values"))
        return Tensor(Shape(call.symbol() for _ in range(rank)), dtype, "tf")
    wrong = mismatch(shapes, place)
    if wrong is not None:
        position, at = wrong
        if not shapes[position]:
            report(NothingToJoin(op="ConcatV2", scalars=True), blame=("values",))
        report(
            JoinMismatch(op="ConcatV2", shapes=tuple(shapes), axis=place, position=position, at=at), blame=("values",)
        )
        if any(len(shape) != rank for shape in shapes):
            return Tensor(Shape(call.symbol() for _ in range(rank)), dtype, "tf")
    shape = concatenated(shapes, place)
    constants = [x.constant for x in tensors]
    constant = in_a_row(constants, shape) if rank == 1 else None
    return Tensor(shape, dtype, "tf", constant=constant)


@define("tf.stack")
def stack(call: Call, values: Value, axis: Value = 0, name: Value = "stack") -> Tensor:
    """Tensors of one shape side by side on a new axis."""
    tensors, axis = parts(call, values), number(axis)
    if not tensors:
        return Tensor(Unranked("the tensors are not known"), None, "tf")
    shapes = [x.shape for x in tensors if isinstance(x.shape, Shape)]
    if not shapes or not isinstance(axis, int):
        return Tensor(Unranked("the shapes are not known"), None, "tf")
    rank = len(shapes[0]) + 1
    place = from_front(axis, rank)
    if place is None:
        report(NoSuchAxis(op="stack", axis=axis, rank=rank), blame=("axis",))
        return Tensor(Shape(call.symbol() for _ in range(rank)), None, "tf")
    dtype = joined_dtype(values, tensors, "Pack", "values")
    wrong = mismatch(shapes, None)
    if wrong is not None:
        report(JoinMismatch(op="Pack", shapes=tuple(shapes), position=wrong[0], at=wrong[1]), blame=("values",))
        if any(len(shape) != len(shapes[0]) for shape in shapes):
            return Tensor(Shape(call.symbol() for _ in range(rank)), dtype, "tf")
    shape = stacked(shapes, place)
    constants = tuple(x.constant for x in tensors)
    constant = constants if place == 0 and None not in constants else None
    return Tensor(Shape((*shape[:place], len(tensors), *shape[place + 1 :])), dtype, "tf", constant=constant)


@define("tf.unstack")
def unstack(call: Call, value: Value, num: Value = None, axis: Value = 0, name: Value = "unstack") -> Value:
    """The entries along an axis, as a list."""
    x, axis, num = operand(value, "tf", call), number(axis), number(num)
    if not isinstance(x.shape, Shape):
        return Unknown("the rank is not known")
    rank = len(x.shape)
    place = from_front(axis, rank)
    if place is None:
        if isinstance(axis, int) and num is None:
            report(NoSuchAxis(op="unstack", axis=axis, rank=rank), blame=("axis", "value"))
        return Unknown("the axis is not known")
    count = x.shape[place]
    if isinstance(num, int):
        if surely_differ(count, num):
            report(
                WrongLength(op="Unpack", name="num", actual=num, expected=place, shape=x.shape), blame=("num", "value")
            )
        count = num
    if not isinstance(count, int) or count > 256:
        return Unknown("the number of parts is not known")
    return [Tensor(Shape((*x.shape[:place], *x.shape[place + 1 :])), x.dtype, "tf") for _ in range(count)]


@define("tf.split")
def split(
    call: Call, value: Value, num_or_size_splits: Value, axis: Value = 0, num: Value = None, name: Value = "split"
) -> Value:
    """An axis cut into equal parts, or into parts of given lengths, one of which may be -1."""
    x, axis, cuts = operand(value, "tf", call), number(axis), plain(call.resolve(num_or_size_splits))
    if not isinstance(x.shape, Shape) or not isinstance(axis, int):
        return Unknown("the parts are not known")
    rank = len(x.shape)
    place = from_front(axis, rank)
    count = cuts if isinstance(cuts, int) else len(cuts) if isinstance(cuts, (tuple, list)) else None
    if count is None or not 0 < count <= 256:
        return Unknown("the number of parts is not known")
    if place is None:
        op = "Split" if isinstance(cuts, int) else "SplitV"
        report(NoSuchAxis(op=op, axis=axis, rank=rank, role=str(count)), blame=("axis", "value"))
        return Unknown("there is no such axis")
    length = x.shape[place]
    if isinstance(cuts, int):
        if surely_no_multiple(length, cuts):
            problem = UnevenSplit(op="Split", shape=x.shape, axis=place, sections=cuts)
            report(problem, blame=("num_or_size_splits", "value"))
        lengths: list[Any] = [piece(length, cuts)] * cuts
    else:
        lengths = _lengths(call, x.shape, place, list(cuts))
    return [Tensor(Shape((*x.shape[:place], part, *x.shape[place + 1 :])), x.dtype, "tf") for part in lengths]


def _lengths(call: Call, shape: Shape, place: int, cuts: list[Any]) -> list[Any]:
    """Given lengths of parts: their sum is the axis, or one is -1 and takes the rest."""
    cuts = [number(part) for part in cuts]
    if not all(map(is_dim, cuts)):
        return [part if is_dim(part) and part != -1 else call.symbol() for part in cuts]
    gaps = sum(part == -1 for part in cuts if isinstance(part, int))
    given = sum(part for part in cuts if part != -1)
    length = shape[place]
    too_much = isinstance(given, int) and isinstance(length, int) and given > length
    if (gaps == 0 and surely_differ(given, length)) or (gaps == 1 and too_much):
        problem = UnevenSplit(op="SplitV", shape=shape, axis=place, sections=tuple(cuts))
        report(problem, blame=("num_or_size_splits", "value"))
        return [call.symbol() if part == -1 else part for part in cuts]
    return [(length - given if gaps == 1 else call.symbol()) if part == -1 else part for part in cuts]


@define("tf.gather")
def gather(
    call: Call,
    params: Value,
    indices: Value,
    validate_indices: Value = None,
    axis: Value = None,
    batch_dims: Value = 0,
    name: Value = None,
) -> Tensor:
    """Entries along an axis picked by number; the first ``batch_dims`` axes are shared."""
    x, picked, axis, batch = operand(params, "tf", call), operand(indices, "tf", call), number(axis), number(batch_dims)
    if not isinstance(x.shape, Shape) or not isinstance(picked.shape, Shape) or not isinstance(batch, int):
        return Tensor(Unranked("a rank is not known"), x.dtype, "tf")
    axis = batch if axis is None else axis
    if not isinstance(axis, int):
        return Tensor(Unranked("the axis is not known"), x.dtype, "tf")
    rank = len(x.shape)
    place = from_front(axis, rank)
    if place is None:
        report(NoSuchAxis(op="GatherV2", axis=axis, rank=rank), blame=("axis", "params"))
        return Tensor(Unranked("there is no such axis"), x.dtype, "tf")
    if picked.constant is not None and batch == 0:
        for number_, index in enumerate(flat(picked.constant)):
            if isinstance(index, int) and (index < 0 or outside(index, x.shape[place])):
                key = str(_position(number_, picked.shape))
                problem = IndexOutOfRange(
                    op="GatherV2", index=index, axis=place, length=x.shape[place], shape=x.shape, key=key
                )
                report(problem, blame=("indices", "params"))
                break
    batch = batch % (len(picked.shape) + 1) if batch < 0 else batch
    shape = Shape((*x.shape[:place], *picked.shape[batch:], *x.shape[place + 1 :]))
    constant = None
    if (
        x.constant is not None
        and len(x.shape) == 1
        and isinstance(picked.constant, int)
        and -1 < picked.constant < len(x.constant)
    ):
        constant = x.constant[picked.constant]
        return constant if is_dim(constant) else Tensor(shape, x.dtype, "tf", constant=constant)
    return Tensor(shape, x.dtype, "tf")


@define("tf.gather_nd")
def gather_nd(
    call: Call, params: Value, indices: Value, batch_dims: Value = 0, name: Value = None, **_: Value
) -> Tensor:
    """Entries picked by vectors of indices, which are the last axis of ``indices``."""
    x, picked, batch = operand(params, "tf", call), operand(indices, "tf", call), number(batch_dims)
    if not isinstance(x.shape, Shape) or not isinstance(picked.shape, Shape) or not isinstance(batch, int):
        return Tensor(Unranked("a rank is not known"), x.dtype, "tf")
    depth = picked.shape[-1] if picked.shape else None
    if not isinstance(depth, int):
        return Tensor(Unranked("the length of an index is not known"), x.dtype, "tf")
    if batch == 0 and depth > len(x.shape):
        report(
            WrongLength(op="GatherNd", name="indices", actual=depth, expected=len(x.shape)), blame=("indices", "params")
        )
        return Tensor(Unranked("the indices are too long"), x.dtype, "tf")
    return Tensor(Shape((*picked.shape[:-1], *x.shape[batch + depth :])), x.dtype, "tf")


@define("tf.nn.embedding_lookup")
def embedding_lookup(call: Call, params: Value, ids: Value, max_norm: Value = None, name: Value = None) -> Tensor:
    """The rows of a table."""
    return gather(call, params, ids, axis=0)


@define("tf.tensor_scatter_nd_update", "tf.tensor_scatter_nd_add", "tf.tensor_scatter_nd_sub")
def scatter(call: Call, tensor: Value, indices: Value, updates: Value, name: Value = None, **_: Value) -> Tensor:
    """The tensor with some entries changed."""
    x = operand(tensor, "tf", call)
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.scatter_nd")
def scatter_nd(call: Call, indices: Value, updates: Value, shape: Value, name: Value = None, **_: Value) -> Tensor:
    """A tensor of zeros with some entries set."""
    return Tensor(as_dims(call, shape), operand(updates, "tf", call).dtype, "tf")


def parts(call: Call, values: Value) -> list[Tensor] | None:
    """The tensors that are joined; a single tensor stands for itself."""
    values = call.resolve(values)
    if isinstance(values, Tensor):
        return (
            None
            if values.kind == "tf" and values.constant is None and not isinstance(values.shape, Shape)
            else [values]
        )
    return [operand(x, "tf", call) for x in values] if isinstance(values, (tuple, list)) else None


def joined_dtype(values: Value, tensors: list[Tensor], op: str, blame: str) -> str | None:
    """The dtype of the first tensor; one of another dtype is reported, numbers and lists adapt."""
    given = values if isinstance(values, (tuple, list)) else [values]
    own = [
        (n, x)
        for n, x in enumerate(tensors)
        if isinstance(given[n] if n < len(given) else None, Tensor) and x.kind == "tf"
    ]
    if not own:
        names = {x.dtype for x in tensors}
        return names.pop() if len(names) == 1 else None
    first = own[0][1].dtype
    for position, tensor in own:
        if first and tensor.dtype and tensor.dtype != first:
            problem = DtypeMismatch(op=op, dtypes=(first, tensor.dtype), position=position)
            report(problem, blame=(blame,))
            return None
    return first


def _position(place: int, shape: Shape) -> tuple[int, ...]:
    """Where the element stands in an array, by axes."""
    position: list[int] = []
    for dim in reversed(shape):
        if isinstance(dim, int) and dim:
            position.insert(0, place % dim)
            place //= dim
    return tuple(position)
