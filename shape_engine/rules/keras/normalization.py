"""Batch, layer, group, unit and RMS normalization: the shape stays, an axis gets weights."""

from __future__ import annotations

from typing import Any

from ...dim import is_dynamic, surely_differ, surely_equal, surely_less, surely_no_multiple
from ...evidence import report
from ...formulas.reduce import twice
from ...problems import BroadcastMismatch, RefusedInputs, RefusedSetting, RepeatedAxis, ReshapeMismatch, UnknownLength
from ...rule import layer, phase
from ...shape import Shape
from .arguments import identifiers
from .common import NO_RANK, is_integer, kept, python_error, refuse, shape_of, truthy, undecided
from .machine import CONTEXT, MACHINE, Spec


@layer("keras.layers.BatchNormalization", machine=MACHINE, takes="numbers", **CONTEXT)
def batch_normalization(inputs: Any, training: Any = None, mask: Any = None) -> Any:
    """The shape stays, in the layer's dtype; follows keras/src/layers/normalization/batch_normalization.py."""
    shape = shape_of(inputs)
    return NO_RANK if shape is None else shape


@phase(batch_normalization, "constructor")
def batch_normalization_constructor(
    *,
    axis: Any = -1,
    momentum: Any = 0.99,
    epsilon: Any = 1e-3,
    center: Any = True,
    scale: Any = True,
    beta_initializer: Any = "zeros",
    gamma_initializer: Any = "ones",
    moving_mean_initializer: Any = "zeros",
    moving_variance_initializer: Any = "ones",
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
    renorm: Any = False,
    renorm_clipping: Any = None,
    renorm_momentum: Any = 0.99,
    synchronized: Any = False,
) -> dict[str, Any]:
    """``int(axis)``, then the objects by name."""
    if isinstance(axis, (list, tuple, dict)) or axis is None:
        text = "int() argument must be a string, a bytes-like object or a real number, not "
        python_error("TypeError", f"{text}'{type(axis).__name__}'", "axis")
        axis = None
    identifiers(
        beta_initializer=beta_initializer,
        gamma_initializer=gamma_initializer,
        moving_mean_initializer=moving_mean_initializer,
        moving_variance_initializer=moving_variance_initializer,
        beta_regularizer=beta_regularizer,
        gamma_regularizer=gamma_regularizer,
        beta_constraint=beta_constraint,
        gamma_constraint=gamma_constraint,
    )
    return {"axis": int(axis) if isinstance(axis, (bool, float)) else axis}


@phase(batch_normalization, "build")
def batch_normalization_build(
    shape: Any, *, axis: Any, center: Any, scale: Any, renorm: Any, moving_variance_initializer: Any, path: str
) -> dict[str, tuple[Any, ...]]:
    """One entry per index of ``axis``: gamma, beta, the moving mean and variance."""
    dims = _dims_of(shape, axis)
    if dims is None:
        return {}
    if truthy(renorm) and moving_variance_initializer is None and not any(map(is_dynamic, dims)):
        python_error("TypeError", "'NoneType' object is not callable", "moving_variance_initializer")
    names = [("gamma", scale), ("beta", center), ("moving_mean", True), ("moving_variance", True)]
    names += [(extra, renorm) for extra in ("moving_stddev", "renorm_mean", "renorm_stddev")]
    return _weights(shape, dims, names, path)


@phase(batch_normalization, "spec")
def batch_normalization_spec(shape: Any, *, axis: Any) -> Spec | None:
    """A built layer fixes the rank and the length of its axis."""
    return _built_spec(shape, axis)


@layer("keras.layers.LayerNormalization", machine=MACHINE, neutral=("rms_scaling",), takes="numbers", casts=False, **CONTEXT)  # fmt: skip
def layer_normalization(inputs: Any, *, axis: Any, eager: bool, weights: Any = None) -> Any:
    """The shape stays; follows keras/src/layers/normalization/layer_normalization.py."""
    shape = shape_of(inputs)
    if shape is None or (eager and not _weights_fit(weights, shape, axis)):
        return _refused(weights, shape, axis)
    _check_axes(shape, axis, eager)
    return shape


@phase(layer_normalization, "constructor")
def layer_normalization_constructor(
    *,
    axis: Any = -1,
    epsilon: Any = 1e-3,
    center: Any = True,
    scale: Any = True,
    beta_initializer: Any = "zeros",
    gamma_initializer: Any = "ones",
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
) -> dict[str, Any]:
    """The axis is an int or a list of them."""
    axis = _axis_setting(axis, "layer-normalization-axis")
    identifiers(
        beta_initializer=beta_initializer,
        gamma_initializer=gamma_initializer,
        beta_regularizer=beta_regularizer,
        gamma_regularizer=gamma_regularizer,
        beta_constraint=beta_constraint,
        gamma_constraint=gamma_constraint,
    )
    return {"axis": axis}


@phase(layer_normalization, "build")
def layer_normalization_build(
    shape: Any, *, axis: Any, center: Any, scale: Any, path: str
) -> dict[str, tuple[Any, ...]]:
    """Gamma and beta over the normalized axes."""
    dims = _dims_of(shape, axis)
    return {} if dims is None else _weights(shape, dims, [("gamma", scale), ("beta", center)], path)


@layer("keras.layers.RMSNormalization", machine=MACHINE, takes="numbers", **CONTEXT)
def rms_normalization(x: Any, *, axis: Any, eager: bool, weights: Any = None) -> Any:
    """The shape stays; follows keras/src/layers/normalization/rms_normalization.py.

    With numbers the scale meets the last axes, whatever axes it was made for.
    """
    shape = shape_of(x)
    if shape is None or (eager and not _weights_fit(weights, shape, axis, last=True)):
        return _refused(weights, shape, axis, scaled=True)
    _check_axes(shape, axis, eager)
    return shape


@phase(rms_normalization, "constructor")
def rms_normalization_constructor(*, axis: Any = -1, epsilon: Any = 1e-6) -> None:
    """Nothing is checked."""


@phase(rms_normalization, "build")
def rms_normalization_build(shape: Any, *, axis: Any, path: str) -> dict[str, tuple[Any, ...]]:
    """A scale over the normalized axes."""
    dims = _dims_of(shape, axis)
    return {} if dims is None else _weights(shape, dims, [("scale", True)], path)


@layer("keras.layers.UnitNormalization", machine=MACHINE, takes="floats", **CONTEXT)
def unit_normalization(inputs: Any, *, axis: Any, eager: bool) -> Any:
    """The shape stays; symbolically the axis is checked (keras/src/layers/normalization/unit_normalization.py)."""
    shape = shape_of(inputs)
    if shape is not None:
        _check_axes(shape, axis, eager, "unit-normalization-axis")
    for one in axis if isinstance(axis, list) else [axis]:
        if shape is not None and eager and not (isinstance(one, int) and -len(shape) <= one < len(shape)):
            return NO_RANK  # refused in words of the reduction
    return kept(inputs, shape, eager)


@phase(unit_normalization, "constructor")
def unit_normalization_constructor(*, axis: Any = -1) -> dict[str, Any]:
    """The axis is an int or a list of them."""
    return {"axis": _axis_setting(axis, "unit-normalization-setting")}


@layer("keras.layers.GroupNormalization", machine=MACHINE, takes="numbers", casts=False, **CONTEXT)
def group_normalization(inputs: Any, *, axis: Any, eager: bool) -> Any:
    """The shape stays; follows keras/src/layers/normalization/group_normalization.py."""
    shape = shape_of(inputs)
    if eager and shape is not None and isinstance(axis, int):
        kept = -2 if axis == -1 else axis - 1  # of all axes but the first, which are as many as the input has
        if not -len(shape) <= kept < len(shape):
            python_error("IndexError", "pop index out of range", "inputs")
    return NO_RANK if shape is None else shape


@phase(group_normalization, "constructor")
def group_normalization_constructor(
    *,
    groups: Any = 32,
    axis: Any = -1,
    epsilon: Any = 1e-3,
    center: Any = True,
    scale: Any = True,
    beta_initializer: Any = "zeros",
    gamma_initializer: Any = "ones",
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
) -> None:
    """The objects must be known by name."""
    identifiers(
        beta_initializer=beta_initializer,
        gamma_initializer=gamma_initializer,
        beta_regularizer=beta_regularizer,
        gamma_regularizer=gamma_regularizer,
        beta_constraint=beta_constraint,
        gamma_constraint=gamma_constraint,
    )


@phase(group_normalization, "before")
def group_normalization_before(*, groups: Any) -> None:
    """Groups are a positive int, or -1 for one group per channel."""
    if not undecided(groups) and (not is_integer(groups) or (groups != -1 and surely_less(groups, 1))):
        refuse("groups", groups, "group-normalization-groups", "GroupNormalization")


@phase(group_normalization, "build")
def group_normalization_build(
    shape: Any, *, groups: Any, axis: Any, center: Any, scale: Any, path: str
) -> dict[str, tuple[Any, ...]]:
    """The channels must be known, at least as many as groups, and a multiple of them."""
    if isinstance(axis, (list, tuple)):
        kind = "TrackedList" if isinstance(axis, list) else "tuple"
        python_error("TypeError", f"tuple indices must be integers or slices, not {kind}", "axis")
        return {}
    dims = _dims_of(shape, axis)
    if dims is None:
        return {}
    (channels,) = dims if len(dims) == 1 else (None,)
    if is_dynamic(channels):
        report(RefusedInputs("group-normalization-open", (shape,), quoted=(axis,)), blame=("inputs", "axis"))
        return {}
    count = channels if groups == -1 else groups
    if surely_less(count, 1):
        if groups == -1:
            python_error("ZeroDivisionError", "integer modulo by zero", "inputs")
        return {}
    if surely_less(channels, count):
        report(
            RefusedSetting("groups", count, "group-normalization-many", quoted=(channels,)), blame=("groups", "inputs")
        )
    elif surely_no_multiple(channels, count):
        report(
            RefusedSetting("groups", count, "group-normalization-multiple", quoted=(channels,)),
            blame=("groups", "inputs"),
        )
    return _weights(shape, dims, [("gamma", scale), ("beta", center)], path)


@phase(group_normalization, "spec")
def group_normalization_spec(shape: Any, *, axis: Any) -> Spec | None:
    """A built layer fixes the rank and the channels."""
    return _built_spec(shape, axis)


def _check_axes(shape: Shape, axis: Any, eager: bool, why: str = "normalized-axis") -> None:
    """Symbolically, ``compute_output_shape`` looks for the axes; UnitNormalization says less of them.

    Numbers are summed up over them.
    """
    axes = axis if isinstance(axis, (list, tuple)) else [axis]
    if eager and (repeated := twice(axes, len(shape))) is not None:
        report(RepeatedAxis(op="Mean" if why == "normalized-axis" else "Sum", axis=repeated), blame=("axis",))
    beyond = [one for one in axes if isinstance(one, int) and not -len(shape) <= one < len(shape)]
    if beyond and not eager:
        quoted = (axis,) if why != "normalized-axis" else (beyond[0], sorted(axes))
        report(RefusedInputs(why, (shape,), quoted=quoted), blame=("axis", "inputs"))


def _weights_fit(weights: Any, shape: Shape, axis: Any, last: bool = False) -> bool:
    """Whether the weights are as long as the axes that they are for: numbers of another input may be refused."""
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    if not all(isinstance(a, int) and -len(shape) <= a < len(shape) for a in axes):
        return False
    places = sorted(a % len(shape) for a in axes)
    if last and places != list(range(len(shape) - len(places), len(shape))):
        return False
    wanted = [shape[place] for place in places]
    return all(len(dims) == len(wanted) and all(map(surely_equal, dims, wanted)) for _, dims in weights or ())


def _refused(weights: Any, shape: Shape | None, axis: Any, scaled: bool = False) -> Any:
    """What a layer makes of weights for another length: of one axis of several entries TensorFlow's refusal is known.

    RMSNormalization multiplies (``scaled``); LayerNormalization makes its weights as long as the input's axis.
    """
    axes = axis if isinstance(axis, list) else [axis]
    first: tuple[Any, ...] = next((dims for _, dims in weights or ()), ())
    if shape is None or len(axes) != 1 or len(first) != 1 or not isinstance(axes[0], int):
        return NO_RANK
    if not -len(shape) <= axes[0] < len(shape):
        return NO_RANK
    length, made = shape[axes[0]], first[0]
    last = axes[0] % len(shape) == len(shape) - 1
    if not surely_differ(length, made) or length in (0, 1) or made in (0, 1):
        return NO_RANK
    if scaled or axes[0] == len(shape) - 1 or len(shape) == 1:
        if not last:
            return NO_RANK
        other = Shape((made,)) if scaled else Shape((*shape[:-1], made))
        multiplied = "Mul" if any(weight == "gamma" for weight, _ in weights) else "Add"
        report(BroadcastMismatch("scale" if scaled else multiplied, shapes=(shape, other)), blame=("inputs",))
    else:
        target = tuple(length if place == axes[0] % len(shape) else 1 for place in range(len(shape)))
        report(ReshapeMismatch("weights", shape=(made,), target=target), blame=("inputs",))
    return shape


def _axis_setting(axis: Any, why: str) -> Any:
    if isinstance(axis, (list, tuple)):
        return list(axis)
    return axis if undecided(axis) or is_integer(axis) else refuse("axis", axis, why)


def _dims_of(shape: Any, axis: Any) -> list[Any] | None:
    """The lengths of the axes; reports what Python says of an axis that is not there."""
    if not isinstance(shape, Shape):
        return None
    axes = sorted(axis) if isinstance(axis, (list, tuple)) and all(isinstance(a, int) for a in axis) else [axis]
    if isinstance(axis, (str, float, dict, type(None))):
        kind = "TrackedDict" if isinstance(axis, dict) else type(axis).__name__
        text = f"tuple indices must be integers or slices, not {kind}"
        python_error("TypeError", text, "axis")
        return None
    if not all(isinstance(a, int) for a in axes):
        return None
    if any(not -len(shape) <= a < len(shape) for a in axes):
        python_error("IndexError", "tuple index out of range", "axis", "inputs")
        return None
    return [shape[a] for a in axes]


def _weights(shape: Shape, dims: list[Any], names: list[tuple[str, Any]], path: str) -> dict[str, tuple[Any, ...]]:
    found = {weight: tuple(dims) for weight, wanted in names if truthy(wanted)}
    if found and any(map(is_dynamic, dims)):
        report(UnknownLength(shape, tuple(dims), f"{path}/{next(iter(found))}"), blame=("inputs", "axis"))
    return found


def _built_spec(shape: Any, axis: Any) -> Spec | None:
    if not isinstance(shape, Shape) or not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        return None
    axes = () if is_dynamic(shape[axis]) else ((axis, shape[axis]),)
    return Spec(ndim=len(shape), axes=axes)
