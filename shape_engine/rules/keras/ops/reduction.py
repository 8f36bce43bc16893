"""Some axes summed up, or the like (keras/src/ops/numpy.py)."""

from __future__ import annotations

from typing import Any

from ....dim import surely_differ
from ....formulas.reduce import counted, reduced
from ....rule import Call, function
from ....shape import AnyShape, Shape
from ....value import Tensor, Value
from ..symbolic import common, floating, result, results, tensor
from .checks import OPEN, out_of_bounds, refuse

EAGER = {
    "Sum": "Sum", "Mean": "Mean", "Max": "Max", "Min": "Min", "Amax": "Max", "Amin": "Min", "Prod": "Prod", "Any": "Any",
    "All": "All",
}  # fmt: skip
"""The operation of TensorFlow's that complains about an axis."""


@function("keras.ops.sum", cls="Sum")
@function("keras.ops.mean", cls="Mean")
@function("keras.ops.max", cls="Max")
@function("keras.ops.min", cls="Min")
@function("keras.ops.amax", cls="Amax")
@function("keras.ops.amin", cls="Amin")
@function("keras.ops.prod", cls="Prod")
@function("keras.ops.std", cls="Std")
@function("keras.ops.var", cls="Var")
@function("keras.ops.any", cls="Any")
@function("keras.ops.all", cls="All")
@function("keras.ops.median", cls="Median")
@function("keras.ops.count_nonzero", cls="CountNonzero")
@function("keras.ops.logsumexp", cls="Logsumexp")
@function("keras.ops.ptp", cls="Ptp")
@function("keras.ops.nansum", cls="Nansum")
@function("keras.ops.nanmean", cls="Nanmean")
@function("keras.ops.nanmax", cls="Nanmax")
@function("keras.ops.nanmin", cls="Nanmin")
@function("keras.ops.nanprod", cls="Nanprod")
@function("keras.ops.nanstd", cls="Nanstd")
@function("keras.ops.nanvar", cls="Nanvar")
@function("keras.ops.nanmedian", cls="Nanmedian")
def reduce(
    call: Call, x: Any, axis: Value = None, keepdims: Value = False, *args: Value, cls: str, **kwargs: Value
) -> Value:
    """Some axes summed up, or the like."""
    x = tensor(call, x)
    dtype = "float32" if cls == "Logsumexp" and x.symbolic else _reduced_dtype(cls, x.dtype)
    return result(call, cls, _reduced(call, x, axis, keepdims, EAGER.get(cls, "")), dtype, x)


@function("keras.ops.argmax", cls="Argmax")
@function("keras.ops.argmin", cls="Argmin")
@function("keras.ops.nanargmax", cls="Nanargmax")
@function("keras.ops.nanargmin", cls="Nanargmin")
def argument_of(call: Call, x: Any, axis: Value = None, keepdims: Value = False, *, cls: str) -> Value:
    """Where the largest or smallest entry stands."""
    x = tensor(call, x)
    return result(call, cls, _reduced(call, x, axis, keepdims, "ArgMax" if cls == "Argmax" else ""), "int32", x)


@function("keras.ops.norm")
def norm(call: Call, x: Any, ord: Value = None, axis: Value = None, keepdims: Value = False) -> Value:
    """The length of vectors or matrices; eagerly of nothing larger."""
    x = tensor(call, x)
    if axis is None and not x.symbolic and isinstance(x.shape, Shape) and len(x.shape) > 2:
        refuse(call, "norm", "norm-axes", [x], "x", quoted=(tuple(range(len(x.shape))),), always=True)
    if isinstance(ord, str) and (type(axis) is int or (isinstance(x.shape, Shape) and len(x.shape) == 1)):
        if ord in ("fro", "nuc"):
            refuse(call, "norm", "norm-ord", [x], "ord", quoted=(ord,), always=True)
        else:
            call.doubt()
    return result(call, "Norm", _reduced(call, x, axis, keepdims), floating(x.dtype), x)


@function("keras.ops.moments")
def moments(call: Call, x: Any, axes: Value, keepdims: Value = False, synchronized: Value = False) -> Value:
    """Mean and variance."""
    x = tensor(call, x)
    shape = _reduced(call, x, axes, keepdims)
    return results(call, "Moments", [(shape, x.dtype)] * 2, x)


@function("keras.ops.average")
def average(call: Call, x: Any, axis: Value = None, weights: Any = None) -> Value:
    """A mean with weights: one for each entry, or for each place on the axis."""
    x = tensor(call, x)
    given = [] if weights is None else [tensor(call, weights)]
    shape = _reduced(call, x, axis, False)
    if given and isinstance(x.shape, Shape) and isinstance(given[0].shape, Shape):
        own = given[0].shape
        fits = not _other(own, x.shape)
        if axis is None and not fits:
            refuse(call, "average", "average-weights", [x, *given], "weights", "x")
        elif type(axis) is int and not fits and _other(own, Shape((x.shape[axis],))):
            quoted = (axis, x.shape[axis])
            refuse(call, "average", "average-axis", [x, *given], "weights", "x", quoted=quoted)
    return result(call, "Average", shape, floating(x.dtype), x, *given)


@function("keras.ops.quantile", cls="Quantile")
@function("keras.ops.percentile", cls="Percentile")
@function("keras.ops.nanquantile", cls="Nanquantile")
@function("keras.ops.nanpercentile", cls="Nanpercentile")
def quantile(
    call: Call, x: Any, q: Any, axis: Value = None, method: Value = "linear", keepdims: Value = False, *, cls: str
) -> Value:
    """The numbers below which parts ``q`` of the entries lie: a new first axis if there are several."""
    x = tensor(call, x)
    shape, several = _reduced(call, x, axis, keepdims), tensor(call, q).shape
    if isinstance(q, (list, tuple)) and len(q) == 1 and x.symbolic and cls == "Quantile":
        several = Shape(())  # Keras forgets the axis
    known = isinstance(shape, Shape) and isinstance(several, Shape) and len(several) < 2
    dims: AnyShape = Shape((*several, *shape)) if known else OPEN  # type: ignore[misc]
    return result(call, cls, dims, floating(x.dtype), x, q)


@function("keras.ops.trapezoid")
def trapezoid(call: Call, y: Any, x: Any = None, dx: Value = 1.0, axis: Value = -1) -> Value:
    """The area under a curve along an axis."""
    values = tensor(call, y)
    return result(call, "Trapezoid", _reduced(call, values, axis, False), floating(values.dtype), values)


@function("keras.ops.trace")
def trace(call: Call, x: Any, offset: Value = 0, axis1: Value = 0, axis2: Value = 1) -> Value:
    """The sum of the diagonal of two axes."""
    x = tensor(call, x)
    shape = _reduced(call, x, [axis1, axis2], False)
    if isinstance(x.shape, Shape) and isinstance(shape, Shape) and len(shape) != len(x.shape) - 2:
        refuse(call, "trace", "trace-axes", [x], "axis2", "axis1", quoted=(axis1, axis2))
    return result(call, "Trace", shape, _reduced_dtype("Sum", x.dtype), x)


@function("keras.ops.allclose")
def allclose(call: Call, x1: Any, x2: Any, rtol: Value = 1e-5, atol: Value = 1e-8, equal_nan: Value = False) -> Value:
    """Whether all numbers are almost the same."""
    a, b = tensor(call, x1), tensor(call, x2)
    common(call, a, b)
    return result(call, "Allclose", Shape(()), "bool", a, b)


def _other(one: Shape, other: Shape) -> bool:
    """Whether two shapes differ, open lengths apart (``shape_equal`` with ``allow_none``)."""
    return len(one) != len(other) or any(map(surely_differ, one, other))


def _reduced(call: Call, x: Tensor, axis: Any, keepdims: Any, eager: str = "") -> AnyShape:
    if not isinstance(x.shape, Shape) or not isinstance(keepdims, (bool, int)):
        return OPEN
    if axis is None:
        return reduced(x.shape, None, bool(keepdims))
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    if out_of_bounds(call, axes, len(x.shape), x, eager=eager):
        return OPEN
    places = counted(axes, len(x.shape))
    return OPEN if places is None else reduced(x.shape, places, bool(keepdims))


def _reduced_dtype(cls: str, dtype: str | None) -> str | None:
    if cls in ("Any", "All"):
        return "bool"
    if cls == "CountNonzero":
        return "int32"
    cls = cls.removeprefix("Nan").capitalize()
    if cls in ("Mean", "Std", "Var", "Median", "Logsumexp"):
        return floating(dtype)
    if cls in ("Sum", "Prod"):
        small = {"bool": "int32", "int8": "int32", "int16": "int32", "uint8": "uint32", "uint16": "uint32"}
        return small.get(dtype or "", dtype)
    return dtype
