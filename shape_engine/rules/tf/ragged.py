"""Tensors that are not full: ragged rows (tensorflow/python/ops/ragged), and of sparse ones the entries that are kept.

They are objects, no tensors: of what is computed with them nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dim import Symbol, is_dim
from ...dtypes import dtype_name, tf_default
from ...problems import PythonError
from ...rule import Call, ClassRule, class_rule
from ...shape import AnyShape, Shape
from ...value import BoundMethod, Float, Instance, Known, Tensor, Unknown, Value, shape_from
from ..arrays import operand
from .graph import define, report

NESTED = "all scalar values must have the same nesting depth"
OF_RANK = (
    "The rank of a RaggedTensor must be greater than 1, i.e., a list of scalars won't have ragged dimensions. Received "
    "argument `tensor` with rank {}."
)
METHODS = frozenset({"to_tensor", "row_lengths", "nrows", "bounding_shape"})


class Kept(ClassRule):
    """An object with a shape and a dtype, in the field ".spec"; the class tells of which kind."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """Shape and dtype; nothing else is told."""
        spec = call.get(obj, ".spec")
        return call.attribute(spec, name) if name in ("shape", "dtype") and isinstance(spec, Tensor) else Unknown(name)

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        """A part of it."""
        return Unknown("a part of a tensor that is not full")


@class_rule("tf.RaggedTensor")
class RaggedTensor(Kept):
    """Rows of different lengths; ".rows" holds them where they were written out."""

    def construct(self, call: Call, known: Known, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """Nobody may do that."""
        return Unknown("a ragged tensor that is made from its parts")

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """What all have, the values in a row, and methods."""
        spec, rows = call.get(obj, ".spec"), call.get(obj, ".rows")
        if name in METHODS:
            return BoundMethod(Known(f"{self.target}.{name}"), obj)
        known = isinstance(rows, tuple) and isinstance(spec, Tensor) and isinstance(spec.shape, Shape)
        if name == "flat_values" and known:
            inner = [dim for dim in spec.shape[1:] if not _is_open(dim)]
            return Tensor(Shape((len(_flat(rows, len(spec.shape) - len(inner))), *inner)), spec.dtype, "tf")
        return super().get(call, obj, name)


@class_rule("tf.RaggedTensorSpec")
class RaggedTensorSpec(Kept):
    """A shape, a dtype, and how many axes are ragged."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """All but the first axis are ragged, unless it is told."""
        given = dict(zip(("shape", "dtype", "ragged_rank"), args, strict=False)) | dict(kwargs)
        shape = shape_from(call.thaw(given.get("shape", Unknown("no shape"))), ("spec", call.site))
        call.set(obj, ".spec", Tensor(shape, dtype_name(given.get("dtype", "float32")), "tf"))
        deep = given.get("ragged_rank")
        rank = len(shape) - 1 if isinstance(shape, Shape) and shape else Unknown("how many axes are ragged")
        call.set(obj, "ragged_rank", rank if deep is None else deep)


@class_rule("tf.SparseTensor")
class SparseTensor(Kept):
    """Some entries of a tensor."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """Where they are, what they are, and the shape."""
        given = dict(zip(("indices", "values", "dense_shape"), args, strict=False)) | dict(kwargs)
        shape = shape_from(call.thaw(given.get("dense_shape", Unknown("no shape"))), ("sparse", call.site))
        values = operand(given.get("values"), "tf", call)
        call.set(obj, ".spec", Tensor(shape, values.dtype, "tf"))


@define("tf.ragged.constant")
def constant(
    call: Call,
    pylist: Value,
    dtype: Value = None,
    ragged_rank: Value = None,
    inner_shape: Value = None,
    name: Value = None,
    row_splits_dtype: Value = None,
) -> Value:
    """Nested lists: all axes but the first are ragged, or as many as are told; without nesting a tensor."""
    rows = _written(call.thaw(call.resolve(pylist)))
    depths = set(_depths(rows)) if rows is not None else set()
    if rows is None or inner_shape is not None or not (ragged_rank is None or isinstance(ragged_rank, int)):
        return Unknown("a ragged tensor")
    if len({depth for depth, empty in depths if not empty}) > 1:
        report(PythonError("ValueError", NESTED), blame=("pylist",))
        return Unknown("a ragged tensor")
    depth = max(deep for deep, _ in depths)
    ragged = max(1, depth - 1) if ragged_rank is None else ragged_rank
    own = dtype_name(dtype) if dtype is not None else _dtype(rows)
    if depth < 2:
        return Tensor(Shape((len(rows),) if isinstance(rows, tuple) else ()), own, "tf")
    if not 0 < ragged < depth:
        return Unknown("a ragged tensor")
    inner = _uniform(_flat(rows, ragged + 1), depth - ragged - 1)
    if inner is None:
        return Unknown("a ragged tensor")
    return ragged_tensor(call, Shape((len(rows), *_open(ragged), *inner)), own, rows)


@define("tf.RaggedTensor.from_tensor")
def from_tensor(
    call: Call, tensor: Value, lengths: Value = None, padding: Value = None, ragged_rank: Value = 1, **_: Value
) -> Value:
    """The rows of a tensor, cut to lengths; uncut they keep their length."""
    x = operand(tensor, "tf", call)
    if not isinstance(x.shape, Shape) or ragged_rank != 1:
        return Unknown("a ragged tensor")
    if len(x.shape) < 2:
        report(PythonError("ValueError", OF_RANK.format(len(x.shape))), blame=("tensor",))
        return Unknown("a ragged tensor")
    cut = lengths is not None or padding is not None
    return ragged_tensor(call, Shape((x.shape[0], *_open(1), *x.shape[2:])) if cut else x.shape, x.dtype)


@define("tf.RaggedTensor.from_row_lengths", more=0, named="row_lengths")
@define("tf.RaggedTensor.from_row_splits", more=1, named="row_splits")
def from_rows(call: Call, values: Value, rows: Value = None, *, more: int, named: str, **others: Value) -> Value:
    """Values in a row, cut where lengths or ends tell."""
    x, cuts = operand(values, "tf", call), operand(others.get(named, rows), "tf", call)
    if not isinstance(x.shape, Shape) or not isinstance(cuts.shape, Shape) or len(cuts.shape) != 1 or not x.shape:
        return Unknown("a ragged tensor")
    given = cuts.constant
    whole = None if not isinstance(given, tuple) or not given else given[-1] if more else sum(given)
    if whole is None or whole != x.shape[0]:
        return Unknown("a ragged tensor whose rows may not fit")
    return ragged_tensor(call, Shape((cuts.shape[0] - more, *_open(1), *x.shape[1:])), x.dtype)


@define("tf.ragged.stack")
def stack(call: Call, values: Value, axis: Value = 0, name: Value = None) -> Value:
    """Tensors of one rank, one behind the other."""
    items = [operand(item, "tf", call) for item in values] if isinstance(values, (list, tuple)) else []
    ranks = {x.rank for x in items}
    rank = ranks.pop() if len(ranks) == 1 and len(items) > 1 and axis == 0 else None
    if not rank:
        return Unknown("a ragged tensor")
    return ragged_tensor(call, Shape((len(items), *_open(rank))), items[0].dtype)


@define("tf.ragged.boolean_mask")
def boolean_mask(call: Call, data: Value, mask: Value, name: Value = None) -> Value:
    """What a mask keeps of each row."""
    x, which = operand(data, "tf", call), operand(mask, "tf", call)
    if not isinstance(x.shape, Shape) or not isinstance(which.shape, Shape):
        return Unknown("a ragged tensor")
    if len(which.shape) == 1 and x.shape:
        return Tensor(Shape((call.symbol(), *x.shape[1:])), x.dtype, "tf")
    if len(which.shape) != 2 or len(x.shape) < 2:
        return Unknown("a ragged tensor")
    return ragged_tensor(call, Shape((x.shape[0], *_open(1), *x.shape[2:])), x.dtype)


@define("tf.strings.split", "tf.strings.unicode_split", "tf.strings.bytes_split")
def split(call: Call, input: Value, *args: Value, **_: Value) -> Value:
    """The words or letters of each text; of one text a tensor."""
    x = operand(input, "tf", call)
    if not isinstance(x.shape, Shape):
        return Unknown("the parts of texts")
    if not x.shape:
        return Tensor(Shape((call.symbol(),)), "string", "tf")
    return ragged_tensor(call, Shape((*x.shape, *_open(1))), "string")


@define("tf.sparse.from_dense")
def from_dense(call: Call, tensor: Value, name: Value = None) -> Value:
    """The entries that are not zero."""
    x = operand(tensor, "tf", call)
    return _made(call, "tf.SparseTensor", x.shape, x.dtype)


@define("tf.sparse.to_dense")
def to_dense(call: Call, sp_input: Value, *args: Value, **_: Value) -> Value:
    """All entries."""
    spec = call.get(sp_input, ".spec") if isinstance(sp_input, Instance) else None
    return spec if isinstance(spec, Tensor) else Unknown("a sparse tensor")


@define("tf.RaggedTensor.to_tensor")
def to_tensor(call: Call, self: Value, default_value: Value = None, name: Value = None, shape: Value = None) -> Value:
    """All rows as long as the longest."""
    spec, rows = call.get(self, ".spec"), call.get(self, ".rows")
    if not isinstance(spec, Tensor) or not isinstance(spec.shape, Shape) or shape is not None:
        return Unknown("a ragged tensor made full")
    known = _longest(rows, len(spec.shape)) if isinstance(rows, tuple) else [None] * len(spec.shape)
    dims = [
        dim if is_dim(dim) and not _is_open(dim) else longest if longest is not None else call.symbol()
        for dim, longest in zip(spec.shape, known, strict=True)
    ]
    return Tensor(Shape(dims), spec.dtype, "tf")


@define("tf.RaggedTensor.row_lengths")
def row_lengths(call: Call, self: Value, axis: Value = 1, name: Value = None) -> Value:
    """A number for each row."""
    spec = call.get(self, ".spec")
    known = isinstance(spec, Tensor) and isinstance(spec.shape, Shape) and axis == 1
    return Tensor(Shape((spec.shape[0],)), "int64", "tf") if known else Unknown("the lengths of rows")


@define("tf.RaggedTensor.nrows")
def nrows(call: Call, self: Value, out_type: Value = None, name: Value = None) -> Value:
    """How many rows, as a tensor."""
    return Tensor(Shape(()), "int64" if out_type is None else dtype_name(out_type), "tf")


@define("tf.RaggedTensor.bounding_shape")
def bounding_shape(call: Call, self: Value, *args: Value, **_: Value) -> Value:
    """The shape that all rows fit into."""
    spec = call.get(self, ".spec")
    known = isinstance(spec, Tensor) and isinstance(spec.shape, Shape) and not args and not _
    return Tensor(Shape((len(spec.shape),)), "int64", "tf") if known else Unknown("a bounding shape")


def ragged_tensor(call: Call, shape: Shape, dtype: str | None, rows: Any = None) -> Instance:
    """A ragged tensor of such a shape; ragged axes are open."""
    made = _made(call, "tf.RaggedTensor", shape, dtype)
    call.set(made, ".rows", rows if isinstance(rows, tuple) else Unknown("the rows"))
    call.set(made, "ragged_rank", sum(map(_is_open, shape)) or 1)
    return made


def _made(call: Call, target: str, shape: AnyShape, dtype: str | None) -> Instance:
    made = call.new(Known(target))
    call.set(made, ".spec", Tensor(shape, dtype, "tf"))
    return made


def _open(count: int) -> list[Any]:
    return [Symbol(None, ("ragged", n), dynamic=True) for n in range(count)]


def _is_open(dim: Any) -> bool:
    return isinstance(dim, Symbol) and dim.dynamic


def _written(value: Any) -> Any:
    """Nested lists of numbers or texts as tuples; None for anything else."""
    if isinstance(value, (list, tuple)):
        items = tuple(map(_written, value))
        return None if None in items else items
    return value if isinstance(value, (bool, int, float, str, Float)) else None


def _depths(rows: Any, depth: int = 0) -> list[tuple[int, bool]]:
    """How deep numbers, and empty lists, lie."""
    if not isinstance(rows, tuple):
        return [(depth, False)]
    return [found for row in rows for found in _depths(row, depth + 1)] or [(depth + 1, True)]


def _flat(rows: Any, levels: int) -> list[Any]:
    """What lies so many lists deep."""
    return [rows] if levels == 0 else [item for row in rows for item in _flat(row, levels - 1)]


def _uniform(items: list[Any], levels: int) -> list[int] | None:
    """The lengths that all items share at each level; None where they differ."""
    lengths: list[int] = []
    for _ in range(levels):
        found = {len(item) for item in items}
        if len(found) != 1:
            return None
        lengths.append(found.pop())
        items = [part for item in items for part in item]
    return lengths


def _longest(rows: tuple[Any, ...], rank: int) -> list[int]:
    return [max((len(item) for item in _flat(rows, level)), default=0) for level in range(rank)]


def _dtype(rows: Any) -> str | None:
    """The dtype of the numbers, or texts; of none at all that of floats."""
    every = [item for depth in {deep for deep, empty in _depths(rows) if not empty} for item in _flat(rows, depth)]
    kinds = {"float" if isinstance(item, Float) else type(item).__name__ for item in every} or {"float"}
    if kinds & {"str", "bool"}:
        return {"str": "string", "bool": "bool"}[kinds.pop()] if len(kinds) == 1 else None
    return tf_default("float" if "float" in kinds else "int")
