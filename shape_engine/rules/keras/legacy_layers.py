"""Dense and pooling layers of Keras 2, and the layers of which only the input spec is modelled.

Follows tf_keras/src/layers/core/dense.py and tf_keras/src/layers/pooling.
"""

from __future__ import annotations

from typing import Any

from ...dim import derived, is_dim, is_dynamic, surely_differ, surely_less
from ...evidence import collect, report
from ...formulas.window import VALID
from ...problems import BadSetting, GraphChannelMismatch, GraphWindowTooBig, PythonError, UnknownLength
from ...rule import phase
from ...shape import Shape
from ...value import Tensor, is_known
from .arguments import int_tuple
from .common import NO_RANK, as_dim, shape_of, undecided
from .conv import has_bias
from .core import activation, dense, dense_spec
from .legacy_settings import identifier, identifiers
from .legacy_shared import data_format_of, padding_of, refuse_rank, spatial_axes, tensor_shape, weight
from .machine import CONTEXT, Spec
from .normalization import batch_normalization
from .pooling import average_pool, global_average_pool_1d, global_pool, max_pool, pool_spec
from .regularization import spatial_dropout, spatial_dropout_1d, spatial_dropout_spec
from .reshaping import (
    cropping,
    cropping_1d,
    flatten,
    flatten_spec,
    permute,
    permute_spec,
    repeat_vector,
    repeat_vector_spec,
    spatial_spec,
    up_sampling_1d,
    up_sampling_1d_spec,
    up_sampling_2d,
    up_sampling_3d,
    zero_padding,
)


@phase(dense, "tf_keras.constructor")
def dense_constructor(
    *,
    units: Any,
    activation: Any = None,
    kernel_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
) -> dict[str, Any]:
    """``int(units)``, which must not be negative; objects must be known by name."""
    number = _integer(units)
    if surely_less(number, 0):
        report(BadSetting("units", units, "units"), blame=("units",))
    identifiers(
        activation=activation,
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        kernel_regularizer=kernel_regularizer,
        bias_regularizer=bias_regularizer,
        kernel_constraint=kernel_constraint,
        bias_constraint=bias_constraint,
    )
    return {"units": number}


phase(dense, "tf_keras.before")(lambda: None)
phase(dense, "tf_keras.spec")(dense_spec)


@phase(dense, "tf_keras.build")
def dense_build(
    shape: Any,
    *,
    units: Any,
    use_bias: Any,
    name: str,
    kernel_initializer: Any = "glorot_uniform",
    dtype: Any = "float32",
    version: Any = CONTEXT["version"],
) -> dict[str, Any]:
    """The dtype, the last axis, then a kernel (features, units) and a bias (units,)."""
    if isinstance(dtype, str) and not dtype.startswith(("float", "bfloat", "complex")):
        text = f"A Dense layer can only be built with a floating-point dtype. Received: dtype=<dtype: '{dtype}'>"
        report(PythonError("TypeError", text), blame=("dtype",))
    shape = tensor_shape(shape)
    if not isinstance(shape, Shape) or not shape:
        return {}
    if is_dynamic(shape[-1]):
        report(UnknownLength(shape, operation=("Dense", "-1")), blame=("inputs",))
    count = as_dim(units, "units", name)
    weights = {"kernel": weight((shape[-1], count), kernel_initializer, None, version)}
    return {**weights, "bias": (count,)} if has_bias(use_bias) else weights


@phase(dense, "tf_keras.call")
def dense_call(inputs: Any, *, units: Any, name: str, eager: bool, kernels: Any = ()) -> Any:
    """The last axis becomes ``units``; in a graph TensorFlow compares it with the kernel."""
    shape = shape_of(inputs)
    if shape is None or not shape:
        return NO_RANK
    kernel = dict(kernels).get("kernel", ())
    differ = not eager and kernel and not is_dynamic(shape[-1]) and surely_differ(shape[-1], kernel[0])
    if differ and len(shape) > 2:  # the axes are counted anew, and nobody compares them while one is open
        return Shape((*shape[:-1], as_dim(units, "units", name))) if any(map(is_dynamic, shape)) else NO_RANK
    if differ:
        operands = (tuple(shape), tuple(kernel))
        problem = GraphChannelMismatch(shape[-1], kernel[0], -1, shape, "", tuple(kernel), 1, "MatMul", operands)
        report(problem, blame=("inputs",))
    return Shape((*shape[:-1], as_dim(units, "units", name)))


@phase(activation, "tf_keras.constructor")
def activation_constructor(*, activation: Any) -> None:
    """The function must be known by name."""
    identifier("activation", activation)


@phase(max_pool, "tf_keras.constructor")
@phase(average_pool, "tf_keras.constructor")
def pool_constructor(
    *, pool_size: Any = 2, strides: Any = None, padding: Any = "valid", data_format: Any = None, spatial: int
) -> dict[str, Any]:
    """Tuples of positive ints (strides may be 0), then the padding and the data format."""
    size = int_tuple(pool_size, spatial, "pool_size")
    steps = size if strides is None else int_tuple(strides, spatial, "strides", allow_zero=True)
    return {
        "pool_size": size,
        "strides": steps,
        "padding": padding_of(padding),
        "data_format": data_format_of(data_format),
    }


@phase(max_pool, "tf_keras.call")
def max_pool_call(inputs: Any, *, pool_size: Any, strides: Any, padding: Any, data_format: Any, spatial: int, cls: str, eager: bool) -> Any:  # fmt: skip
    """Windows over the spatial axes."""
    return _pooled(max_pool, inputs, pool_size, strides, padding, data_format, spatial, True, cls, eager)


@phase(average_pool, "tf_keras.call")
def average_pool_call(inputs: Any, *, pool_size: Any, strides: Any, padding: Any, data_format: Any, spatial: int, cls: str, eager: bool) -> Any:  # fmt: skip
    """Windows over the spatial axes."""
    return _pooled(average_pool, inputs, pool_size, strides, padding, data_format, spatial, False, cls, eager)


@phase(global_pool, "tf_keras.constructor")
@phase(global_average_pool_1d, "tf_keras.constructor")
def global_constructor(*, data_format: Any = None) -> dict[str, Any]:
    """The data format must be known."""
    return {"data_format": data_format_of(data_format)}


ALIKE: dict[Any, Any] = {
    flatten: flatten_spec,
    permute: permute_spec,
    repeat_vector: repeat_vector_spec,
    up_sampling_1d: up_sampling_1d_spec,
    up_sampling_2d: spatial_spec,
    up_sampling_3d: spatial_spec,
    zero_padding: spatial_spec,
    cropping_1d: spatial_spec,
    cropping: spatial_spec,
    spatial_dropout_1d: spatial_dropout_spec,
    spatial_dropout: spatial_dropout_spec,
}
"""Layers that ask for the same input in Keras 2; what else they check is not modelled."""

for _layer, _spec in ALIKE.items():
    phase(_layer, "tf_keras.spec")(_spec)
for _pool in (max_pool, average_pool, global_pool, global_average_pool_1d):
    phase(_pool, "tf_keras.spec")(pool_spec)


@phase(batch_normalization, "tf_keras.spec")
def batch_spec(shape: Any, *, axis: Any) -> Spec | None:
    """Built: so many axes, and the length of the one that is normalised."""
    if not isinstance(shape, Shape):
        return None
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        return Spec(ndim=len(shape))
    axis %= len(shape)
    return Spec(ndim=len(shape), axes=((axis, shape[axis]),) if not is_dynamic(shape[axis]) else ())


def _pooled(rule: Any, inputs: Any, size: Any, strides: Any, padding: Any, data_format: Any, spatial: int, maximum: bool, cls: str, eager: bool) -> Any:  # fmt: skip
    """Eagerly as Keras 3 calls the same operations; in a graph shape inference subtracts."""
    shape = shape_of(inputs)
    if shape is not None and len(shape) < spatial + 2 and spatial > 1 and not eager and data_format != "channels_first":
        refuse_rank(shape, (), spatial, ("MaxPool" if maximum else "AvgPool") + ("3D" if spatial == 3 else ""))
    if shape is None or len(shape) != spatial + 2 or not isinstance(padding, str) or padding not in (VALID, "same"):
        return NO_RANK
    if not all(map(is_dim, (*size, *strides))) or any(step == 0 for step in strides) or undecided(data_format):
        return Shape(derived("pool", shape, axis) for axis in range(len(shape)))
    given = {"pool_size": size, "strides": strides, "padding": padding, "data_format": data_format}
    more = {"spatial": spatial, "maximum": maximum, "cls": cls, "eager": eager}
    if eager:
        return rule(inputs, **given, **more)
    if padding == VALID:
        for cells, window in zip(spatial_axes(shape, data_format, spatial), size, strict=True):
            if not is_dynamic(cells) and surely_less(cells, window):
                operation = ("MaxPool" if maximum else "AvgPool") + ("3D" if spatial == 3 else "")
                operands = _operands(shape, spatial, data_format)
                facts = (shape, size, strides, VALID, (), "", operation, operands, window, cells)
                report(GraphWindowTooBig(*facts), blame=("inputs", "pool_size"))
                break
    with collect():
        return rule(inputs, **given, **more)


def _operands(shape: Shape, spatial: int, data_format: Any) -> tuple[Any, ...]:
    """What the operation gets: one-dimensional pooling adds an axis, some move the channels."""
    if spatial == 2:
        return (tuple(shape),)
    if data_format == "channels_first":
        return ()
    return ((*shape[:2], 1, shape[2]),) if spatial == 1 else (tuple(shape),)


def _integer(units: Any) -> Any:
    """``int(units)`` where it is no int already, with Python's refusals."""
    if isinstance(units, (float, str)):
        try:
            return int(units)
        except (ValueError, OverflowError) as error:
            report(PythonError(type(error).__name__, str(error)), blame=("units",))
    elif units is None or (isinstance(units, (tuple, list, dict)) and is_known(units)):
        kind = type(units).__name__
        text = f"int() argument must be a string, a bytes-like object or a real number, not '{kind}'"
        report(PythonError("TypeError", text), blame=("units",))
    elif not isinstance(units, Tensor):
        return int(units) if isinstance(units, bool) else units
    return units
