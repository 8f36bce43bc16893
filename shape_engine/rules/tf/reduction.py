"""TensorFlow's reductions, scans and sorting (math_ops.py, sort_ops.py, core/kernels/reduction_ops)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...dim import is_dim, surely_equal, surely_less
from ...dtypes import dtype_name
from ...formulas.creation import flat
from ...formulas.reduce import counted, missing, reduced, twice
from ...problems import BadArgument, DtypeMismatch, EmptyReduction, NoSuchAxis, RepeatedAxis
from ...rule import Call
from ...shape import Shape, Unranked
from ...value import Row, Tensor, Unknown, Value
from ..arrays import as_dim, number, operand, plain
from .graph import define, report

REDUCTIONS: tuple[tuple[tuple[str, ...], str, Callable[[list[Any]], Any] | None], ...] = (
    # targets, the kernel that complains, the same on a list of numbers
    (("tf.reduce_sum", "tf.math.reduce_sum"), "Sum", sum),
    (("tf.reduce_mean", "tf.math.reduce_mean"), "Mean", None),
    (("tf.reduce_max", "tf.math.reduce_max"), "Max", None),
    (("tf.reduce_min", "tf.math.reduce_min"), "Min", None),
    (("tf.reduce_prod", "tf.math.reduce_prod"), "Prod", math.prod),
    (("tf.reduce_any", "tf.math.reduce_any"), "Any", None),
    (("tf.reduce_all", "tf.math.reduce_all"), "All", None),
    (("tf.reduce_logsumexp", "tf.math.reduce_logsumexp"), "Max", None),
    (("tf.math.reduce_std",), "Mean", None),
    (("tf.math.reduce_variance",), "Mean", None),
    (("tf.math.reduce_euclidean_norm",), "EuclideanNorm", None),
)  # fmt: skip


def reduction(
    call: Call,
    input_tensor: Value,
    axis: Value = None,
    keepdims: Value = False,
    name: Value = None,
    *,
    kernel: str,
    numbers: Any,
    blame: str = "axis",
) -> Value:
    """Some axes (None: all) made one number each.  InvalidArgumentError for an axis that is not there."""
    x = operand(input_tensor, "tf", call)
    axes = plain(call.resolve(axis))
    dtype = "bool" if kernel in ("Any", "All") else x.dtype
    if (
        dtype == "bool"
        and isinstance(input_tensor, Tensor)
        and input_tensor.kind == "tf"
        and x.dtype not in (None, "bool")
    ):
        report(DtypeMismatch(op=kernel, dtypes=("bool", str(x.dtype)), position=0), blame=("input_tensor",))
    if not isinstance(x.shape, Shape):
        return Tensor(Shape(()) if axes is None and keepdims is False else x.shape, dtype, "tf")
    several = axes if isinstance(axes, (tuple, list)) else (axes,)
    if (axes is not None and not all(isinstance(number(one), int) for one in several)) or not isinstance(
        keepdims, bool
    ):
        return Tensor(Unranked("the axes are not known"), dtype, "tf")
    axes = None if axes is None else tuple(map(number, several))
    if axes is not None:
        _check(axes, len(x.shape), kernel, blame)
    places = None if axes is None else counted(axes, len(x.shape))
    if axes is not None and places is None:
        return Tensor(
            Shape(call.symbol() for _ in range(max(0, len(x.shape) - (0 if keepdims else len(axes))))), dtype, "tf"
        )
    shape = reduced(x.shape, places, keepdims)
    if not shape and numbers is not None and x.constant is not None and x.dtype in ("int32", "int64"):
        items = flat(x.constant)
        if all(map(is_dim, items)):
            return numbers(items)
    return Tensor(shape, dtype, "tf")


for _targets, _kernel, _numbers in REDUCTIONS:
    define(*_targets, kernel=_kernel, numbers=_numbers)(reduction)


@define("tf.math.count_nonzero")
def count_nonzero(
    call: Call, input: Value, axis: Value = None, keepdims: Value = None, dtype: Value = "int64", name: Value = None
) -> Value:
    """How many numbers are not 0."""
    result = reduction(call, input, axis, bool(keepdims), kernel="Sum", numbers=None)
    return Tensor(result.shape, dtype_name(dtype), "tf") if isinstance(result, Tensor) else result


@define("tf.argmax", "tf.math.argmax", kernel="ArgMax")
@define("tf.argmin", "tf.math.argmin", kernel="ArgMin")
def argmax(
    call: Call, input: Value, axis: Value = None, output_type: Value = "int64", name: Value = None, *, kernel: str
) -> Tensor:
    """Where the largest number is along an axis, the first one by default."""
    x, axis = operand(input, "tf", call), number(axis)
    axis = 0 if axis is None else axis
    dtype = dtype_name(output_type)
    if not isinstance(x.shape, Shape) or not isinstance(axis, int):
        return Tensor(Unranked("the axis is not known"), dtype, "tf")
    rank = len(x.shape)
    if not -rank <= axis < rank:
        report(NoSuchAxis(op=kernel, axis=axis, rank=rank), blame=("axis", "input"))
        return Tensor(Shape(call.symbol() for _ in range(max(0, rank - 1))), dtype, "tf")
    if surely_equal(x.shape[axis], 0):
        report(EmptyReduction(op=kernel, shape=x.shape, axis=axis), blame=("input",))
    return Tensor(reduced(x.shape, (axis,)), dtype, "tf")


@define("tf.cumsum", "tf.math.cumsum", kernel="Cumsum")
@define("tf.math.cumprod", kernel="Cumprod")
def scan(
    call: Call,
    x: Value,
    axis: Value = 0,
    exclusive: Value = False,
    reverse: Value = False,
    name: Value = None,
    *,
    kernel: str,
) -> Tensor:
    """Running sums along an axis."""
    tensor, axis = operand(x, "tf", call), number(axis)
    if isinstance(tensor.shape, Shape) and missing(axis, len(tensor.shape)) is not None:
        report(NoSuchAxis(op=kernel, axis=axis, rank=len(tensor.shape)), blame=("axis",))
    return Tensor(tensor.shape, tensor.dtype, "tf")


@define("tf.sort", dtype="same")
@define("tf.argsort", dtype="int32")
def sort(
    call: Call, values: Value, axis: Value = -1, direction: Value = "ASCENDING", *args: Value, dtype: str, **_: Value
) -> Tensor:
    """Sorted along an axis."""
    x = operand(values, "tf", call)
    return Tensor(x.shape, x.dtype if dtype == "same" else dtype, "tf")


@define("tf.math.top_k", "tf.nn.top_k")
def top_k(
    call: Call, input: Value, k: Value = 1, sorted: Value = True, index_type: Value = "int32", name: Value = None
) -> Value:
    """The largest ``k`` numbers along the last axis, and where they are."""
    x = operand(input, "tf", call)
    if not isinstance(x.shape, Shape) or not x.shape:
        return Unknown("the rank is not known")
    count = as_dim(call, k)
    if surely_less(x.shape[-1], count):
        report(BadArgument(op="TopKV2", what="columns", value=(x.shape[-1], count)), blame=("k", "input"))
    shape = Shape((*x.shape[:-1], count))
    found = (Tensor(shape, x.dtype, "tf"), Tensor(shape, dtype_name(index_type), "tf"))
    return Row(found, None, ("values", "indices"))


@define("tf.unique")
def unique(call: Call, x: Value, out_idx: Value = "int32", name: Value = None) -> Value:
    """The distinct numbers of a row, and where each number of the row went."""
    tensor = operand(x, "tf", call)
    found = (Tensor(Shape((call.symbol(),)), tensor.dtype, "tf"), Tensor(tensor.shape, dtype_name(out_idx), "tf"))
    return Row(found, None, ("y", "idx"))


@define("tf.nn.moments")
def moments(
    call: Call, x: Value, axes: Value, shift: Value = None, keepdims: Value = False, name: Value = None
) -> Value:
    """Mean and variance."""
    mean = reduction(call, x, axes, keepdims, kernel="Mean", numbers=None, blame="axes")
    return (mean, mean)


@define("tf.norm", "tf.linalg.norm")
def norm(
    call: Call, tensor: Value, ord: Value = "euclidean", axis: Value = None, keepdims: Value = None, name: Value = None
) -> Value:
    """Norms along one or two axes, or of all numbers."""
    return reduction(call, tensor, axis, bool(keepdims), kernel="Sum", numbers=None)


@define("tf.nn.l2_normalize", "tf.math.l2_normalize", "tf.linalg.l2_normalize")
def l2_normalize(
    call: Call, x: Value, axis: Value = None, epsilon: Value = 1e-12, name: Value = None, dim: Value = None
) -> Tensor:
    """Divided by the norm along an axis."""
    reduction(call, x, axis if dim is None else dim, True, kernel="Sum", numbers=None)
    tensor = operand(x, "tf", call)
    return Tensor(tensor.shape, tensor.dtype, "tf")


def _check(axes: tuple[int, ...], rank: int, kernel: str, blame: str) -> None:
    gone = missing(axes, rank)
    if gone is not None:
        report(NoSuchAxis(op=kernel, axis=gone, rank=rank), blame=(blame,))
    elif twice(axes, rank) is not None:
        report(RepeatedAxis(op=kernel, axis=twice(axes, rank)), blame=(blame,))
