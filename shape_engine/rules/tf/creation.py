"""TensorFlow's functions that make tensors (tensorflow/python/ops/array_ops.py, math_ops.py, random_ops.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dim import is_dim, surely_differ
from ...dtypes import dtype_name, is_integer, tf_default
from ...formulas.creation import Nested, filled, flat, nest, steps
from ...problems import BadArgument, BadSize, DtypeMismatch, JoinMismatch, RaggedArray, TooFewAxes
from ...rule import Call
from ...shape import Shape, Unranked, product
from ...value import Tensor, Unknown, Value
from ..arrays import as_dim, as_dims, check_lengths, is_number, nested, number, operand
from .graph import define, report


@define("tf.zeros", fill=0)
@define("tf.ones", fill=1)
def zeros(
    call: Call, shape: Value, dtype: Value = "float32", name: Value = None, layout: Value = None, *, fill: Any
) -> Tensor:
    """A tensor of one number.  InvalidArgumentError for a negative length."""
    dims = check_lengths(as_dims(call, shape), "Fill")
    return Tensor(dims, chosen(dtype, "float32"), "tf", constant=filled(dims, fill))


@define("tf.fill")
def fill(call: Call, dims: Value, value: Value, name: Value = None, layout: Value = None) -> Tensor:
    """A tensor of the number given."""
    shape = check_lengths(as_dims(call, dims), "Fill", "dims")
    x = operand(value, "tf", call)
    return Tensor(shape, x.dtype, "tf", constant=filled(shape, x.constant))


@define("tf.zeros_like", fill=0)
@define("tf.ones_like", fill=1)
def zeros_like(
    call: Call, input: Value, dtype: Value = None, name: Value = None, layout: Value = None, *, fill: Any
) -> Tensor:
    """A tensor like another one."""
    x = operand(input, "tf", call)
    return Tensor(x.shape, chosen(dtype, x.dtype), "tf", constant=filled(x.shape, fill))


@define("tf.convert_to_tensor")
def convert_to_tensor(
    call: Call, value: Value, dtype: Value = None, dtype_hint: Value = None, name: Value = None
) -> Tensor:
    """Numbers, arrays or a list of tensors as one tensor.  ValueError for a ragged sequence."""
    return converted(call, value, dtype, "value", packs=True)


@define("tf.constant")
def constant(call: Call, value: Value, dtype: Value = None, shape: Value = None, name: Value = "Const") -> Tensor:
    """The same of values that are known; a number fills ``shape``, a list takes it."""
    x = converted(call, value, dtype, "value")
    if shape is None:
        return x
    dims = as_dims(call, shape)
    if not isinstance(dims, Shape) or not isinstance(x.shape, Shape):
        return Tensor(dims, x.dtype, "tf")
    if x.shape == Shape(()) or product(x.shape) == 1:
        return Tensor(
            dims, x.dtype, "tf", constant=filled(dims, flat(x.constant)[0] if x.constant is not None else None)
        )
    if surely_differ(product(x.shape), product(dims)):
        report(BadSize(op="constant", shape=x.shape, target=dims), blame=("shape", "value"))
    return Tensor(dims, x.dtype, "tf", constant=None if x.constant is None else nest(flat(x.constant), dims))


def converted(call: Call, value: Value, dtype: Value, blame: str, *, packs: bool = False) -> Tensor:
    """Any value as a tensor, with TensorFlow's checks of nested sequences."""
    value = call.resolve(value)
    if isinstance(value, (tuple, list)):
        found = Nested(value)
        if found.ragged is not None and not found.dtypes:
            report(RaggedArray(op="constant", shape=found.ragged), blame=(blame,))
        elif found.ragged is not None:
            shapes = tuple(x.shape for x in value if isinstance(x, Tensor) and isinstance(x.shape, Shape))
            wrong = next((n for n, shape in enumerate(shapes) if shape != shapes[0]), None)
            if packs and len(shapes) == len(value) and wrong is not None and len(found.dtypes) == 1:
                report(JoinMismatch(op="Pack", shapes=shapes, position=wrong, at=0), blame=(blame,))
        x = nested(found, value, "tf")
        if packs and len(found.dtypes) > 1 and "?" not in found.dtypes and not found.kinds:
            _check_dtypes(value, blame)
    else:
        x = operand(value, "tf", call)
    return Tensor(x.shape, chosen(dtype, x.dtype), "tf", constant=x.constant)


def _check_dtypes(value: Sequence[Value], blame: str) -> None:
    """Tensors of different dtypes are not packed into one."""
    tensors = [x for x in value if isinstance(x, Tensor) and x.kind == "tf" and x.dtype is not None]
    wrong = next((n for n, x in enumerate(tensors) if x.dtype != tensors[0].dtype), None)
    if len(tensors) == len(value) and wrong is not None:
        dtypes = (str(tensors[0].dtype), str(tensors[wrong].dtype))
        report(DtypeMismatch(op="Pack", dtypes=dtypes, position=wrong), blame=(blame,))


@define("tf.Variable")
def variable(
    call: Call, initial_value: Value = None, trainable: Value = None, *args: Value, dtype: Value = None, **_: Value
) -> Tensor:
    """A variable behaves as a tensor; its shape is that of its first value."""
    x = converted(call, initial_value, dtype, "initial_value")
    name = _.get("name")
    return Tensor(x.shape, x.dtype, "tf", name=name if isinstance(name, str) else "Variable" if name is None else None)


@define("tf.range")
def range_(
    call: Call, start: Value, limit: Value = None, delta: Value = 1, dtype: Value = None, name: Value = "range"
) -> Tensor:
    """Numbers from ``start`` (0) to ``limit``, ``delta`` apart; the dtype follows the numbers."""
    start, limit, delta = (number(call.resolve(part)) for part in (start, limit, delta))
    if limit is None:
        start, limit = 0, start
    parts = (start, limit, delta)
    if not all(map(is_number, parts)) or delta == 0:
        return Tensor(Shape((call.symbol(),)), None if dtype is None else dtype_name(dtype), "tf")
    length = steps(start, limit, delta)
    whole = all(map(is_dim, parts))
    numbers = (
        tuple(start + delta * n for n in range(length)) if isinstance(length, int) and length <= 256 and whole else None
    )
    return Tensor(Shape((length,)), chosen(dtype, tf_default("int" if whole else "float")), "tf", constant=numbers)


@define("tf.linspace")
def linspace(call: Call, start: Value, stop: Value, num: Value, name: Value = None, axis: Value = 0) -> Tensor:
    """``num`` numbers; whole ends give float64."""
    low, high = operand(start, "tf", call), operand(stop, "tf", call)
    if not isinstance(low.shape, Shape) or low.shape != high.shape or axis != 0:
        return Tensor(Unranked("numbers between tensors"), None, "tf")
    dtype = "float64" if low.dtype in ("int32", "int64") else low.dtype
    return Tensor(Shape((as_dim(call, num), *low.shape)), dtype, "tf")


@define("tf.eye")
def eye(
    call: Call,
    num_rows: Value,
    num_columns: Value = None,
    batch_shape: Value = None,
    dtype: Value = "float32",
    name: Value = None,
) -> Tensor:
    """Matrices with ones on the diagonal."""
    batch = Shape(()) if batch_shape is None else as_dims(call, batch_shape)
    rows = as_dim(call, num_rows)
    columns = rows if num_columns is None else as_dim(call, num_columns)
    if not isinstance(batch, Shape):
        return Tensor(batch, chosen(dtype, "float32"), "tf")
    dims = check_lengths(Shape((*batch, rows, columns)), "Fill", "num_rows")
    return Tensor(dims, chosen(dtype, "float32"), "tf")


@define("tf.one_hot")
def one_hot(
    call: Call,
    indices: Value,
    depth: Value,
    on_value: Value = None,
    off_value: Value = None,
    axis: Value = None,
    dtype: Value = None,
    name: Value = None,
) -> Tensor:
    """A new axis (the last, or ``axis``) of length ``depth``."""
    x, axis = operand(indices, "tf", call), number(axis)
    given = operand(on_value, "tf", call).dtype if on_value is not None else "float32"
    name_ = chosen(dtype, given)
    if not isinstance(x.shape, Shape):
        return Tensor(x.shape, name_, "tf")
    rank = len(x.shape)
    axis = -1 if axis is None else axis
    if not isinstance(axis, int) or not -1 <= axis <= rank:
        return Tensor(Shape(call.symbol() for _ in range(rank + 1)), name_, "tf")
    place = rank if axis == -1 else axis
    return Tensor(Shape((*x.shape[:place], as_dim(call, depth), *x.shape[place:])), name_, "tf")


@define("tf.random.normal", kernel="RandomStandardNormal")
@define("tf.random.truncated_normal", kernel="TruncatedNormal")
def normal(
    call: Call,
    shape: Value,
    mean: Value = 0.0,
    stddev: Value = 1.0,
    dtype: Value = "float32",
    seed: Value = None,
    name: Value = None,
    *,
    kernel: str,
) -> Tensor:
    """Normal numbers.  InvalidArgumentError where the shape is a number, or holds a negative one."""
    if isinstance(number(shape), int):
        report(TooFewAxes(op=kernel, shape=(), needed=1), blame=("shape",))
        return Tensor(Unranked("the shape is a number"), chosen(dtype, "float32"), "tf")
    return Tensor(check_lengths(as_dims(call, shape), kernel), chosen(dtype, "float32"), "tf")


@define("tf.random.uniform")
def uniform(
    call: Call,
    shape: Value,
    minval: Value = 0,
    maxval: Value = None,
    dtype: Value = "float32",
    seed: Value = None,
    name: Value = None,
) -> Tensor:
    """Uniform numbers."""
    if is_integer(chosen(dtype, "float32")) and maxval is None:
        report(BadArgument(op="uniform", what=str(chosen(dtype, "float32"))), blame=("dtype", "maxval"))
    kernel = "RandomUniform" if chosen(dtype, "float32") in ("float16", "float32", "float64") else "RandomUniformInt"
    if isinstance(number(shape), int):
        report(TooFewAxes(op=kernel, shape=(), needed=1), blame=("shape",))
        return Tensor(Unranked("the shape is a number"), chosen(dtype, "float32"), "tf")
    return Tensor(check_lengths(as_dims(call, shape), kernel), chosen(dtype, "float32"), "tf")


@define("tf.random.stateless_normal", "tf.random.stateless_uniform", "tf.random.stateless_truncated_normal")
def stateless(call: Call, shape: Value, seed: Value, *args: Value, dtype: Value = "float32", **_: Value) -> Tensor:
    """The same with a seed of its own."""
    return Tensor(as_dims(call, shape), chosen(dtype, "float32"), "tf")


@define("tf.random.stateless_categorical")
def stateless_categorical(
    call: Call, logits: Value, num_samples: Value, seed: Value, dtype: Value = "int64", name: Value = None
) -> Tensor:
    """The same with a seed of its own."""
    return categorical(call, logits, num_samples, dtype)


@define("tf.random.experimental.stateless_shuffle", "tf.random.stateless_gamma", "tf.random.stateless_poisson")
@define("tf.random.stateless_binomial", "tf.random.stateless_parameterized_truncated_normal", "tf.random.split")
@define("tf.random.fold_in", "tf.random.create_rng_state")
def unmodelled(call: Call, *args: Value, **_: Value) -> Value:
    """What is not followed."""
    return Unknown("random numbers that are not followed")


@define("tf.random.gamma", "tf.random.poisson")
def gamma(
    call: Call, shape: Value, alpha: Value, beta: Value = None, dtype: Value = "float32", seed: Value = None, **_: Value
) -> Tensor:
    """``shape`` numbers for each of the parameters."""
    dims, parameters = as_dims(call, shape), operand(alpha, "tf", call)
    if not isinstance(dims, Shape) or not isinstance(parameters.shape, Shape) or beta is not None:
        return Tensor(Unranked("the parameters are not known"), chosen(dtype, "float32"), "tf")
    return Tensor(Shape((*dims, *parameters.shape)), chosen(dtype, "float32"), "tf")


@define("tf.random.categorical")
def categorical(
    call: Call, logits: Value, num_samples: Value, dtype: Value = None, seed: Value = None, name: Value = None
) -> Tensor:
    """So many draws for each row."""
    x = operand(logits, "tf", call)
    rows = x.shape[0] if isinstance(x.shape, Shape) and x.shape else call.symbol()
    if isinstance(x.shape, Shape) and len(x.shape) != 2:
        report(TooFewAxes(op="Multinomial", shape=x.shape, needed=2), blame=("logits",))
    return Tensor(Shape((rows, as_dim(call, num_samples))), chosen(dtype, "int64"), "tf")


@define("tf.random.shuffle")
def shuffle(call: Call, value: Value, seed: Value = None, name: Value = None) -> Tensor:
    """The entries along the first axis in another order."""
    x = operand(value, "tf", call)
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.random.set_seed")
def set_seed(call: Call, seed: Value) -> Value:
    """Gives nothing."""
    return None


@define("tf.meshgrid")
def meshgrid(call: Call, *args: Value, indexing: Value = "xy", **_: Value) -> Value:
    """Coordinates along every axis as tensors over the whole grid."""
    tensors = [operand(x, "tf", call) for x in args]
    if indexing not in ("xy", "ij") or not all(isinstance(x.shape, Shape) for x in tensors):
        return Unknown("the grid is not known")
    dims = [product(x.shape) for x in tensors if isinstance(x.shape, Shape)]
    if indexing == "xy" and len(dims) > 1:
        dims[:2] = dims[1], dims[0]
    return [Tensor(Shape(dims), x.dtype, "tf") for x in tensors]


@define("tf.cast")
def cast(call: Call, x: Value, dtype: Value, name: Value = None) -> Tensor:
    """The same numbers as another dtype."""
    tensor = operand(x, "tf", call)
    wanted = dtype_name(dtype)
    return Tensor(tensor.shape, wanted, "tf", constant=_as_dtype(tensor.constant, wanted))


def _as_dtype(value: Any, dtype: str | None) -> Any:
    if isinstance(value, tuple):
        items = tuple(_as_dtype(item, dtype) for item in value)
        return None if None in items else items
    if dtype is None or value is None:
        return None
    if dtype.startswith(("int", "uint")):
        return (
            value
            if is_dim(value) and not isinstance(value, bool)
            else int(value)
            if isinstance(value, (bool, float)) and abs(value) < 2**31
            else None
        )
    if dtype.startswith("float"):
        return float(value) if isinstance(value, (bool, int, float)) and abs(value) < 2**53 else None
    return None


def chosen(dtype: Value, default: str | None) -> str | None:
    """The dtype that was asked for, or the default; None where it cannot be told."""
    return default if dtype is None else dtype_name(dtype)
