"""Max, average and global pooling in one to three dimensions."""

from __future__ import annotations

from typing import Any

from ...axes import Axes
from ...dim import Dim, derived, is_dim, is_dynamic, surely_less
from ...evidence import report
from ...formulas.window import windows
from ...problems import PoolTooBig, RefusedSetting, UndefinedResult
from ...rule import alias, layer, phase
from ...shape import Shape
from ...value import Tensor
from .arguments import data_format_of, int_tuple
from .common import NO_RANK, python_error, shape_of, undecided
from .machine import CONTEXT, MACHINE, Spec


@layer("keras.layers.MaxPooling1D", machine=MACHINE, spatial=1, maximum=True, takes="numbers", **CONTEXT)
@layer("keras.layers.MaxPooling2D", machine=MACHINE, spatial=2, maximum=True, takes="numbers", **CONTEXT)
@layer("keras.layers.MaxPooling3D", machine=MACHINE, spatial=3, maximum=True, takes="floats", **CONTEXT)
def max_pool(inputs: Any, *, pool_size: Any, strides: Any, padding: Any, data_format: Any, spatial: int, maximum: bool, cls: str, eager: bool, traced: bool = False) -> Any:  # fmt: skip
    """Windows over the spatial axes; follows base_pooling.py and compute_pooling_output_shape of Keras."""
    return _pooled(inputs, pool_size, strides, padding, data_format, spatial, maximum, cls, eager, traced)


@layer("keras.layers.AveragePooling1D", machine=MACHINE, spatial=1, maximum=False, takes="floats", **CONTEXT)
@layer("keras.layers.AveragePooling2D", machine=MACHINE, spatial=2, maximum=False, takes="floats", **CONTEXT)
@layer("keras.layers.AveragePooling3D", machine=MACHINE, spatial=3, maximum=False, takes="floats", **CONTEXT)
def average_pool(inputs: Any, *, pool_size: Any, strides: Any, padding: Any, data_format: Any, spatial: int, maximum: bool, cls: str, eager: bool, traced: bool = False) -> Any:  # fmt: skip
    """As ``max_pool``, but ``pool_size`` has no default."""
    return _pooled(inputs, pool_size, strides, padding, data_format, spatial, maximum, cls, eager, traced)


@phase(max_pool, "constructor")
def max_pool_constructor(
    *, pool_size: Any = 2, strides: Any = None, padding: Any = "valid", data_format: Any = None, spatial: int
) -> dict[str, Any]:
    """Tuples of positive ints (strides may be 0), then the data format; the padding is not checked here."""
    return _settings(pool_size, strides, data_format, spatial)


@phase(average_pool, "constructor")
def average_pool_constructor(
    *, pool_size: Any, strides: Any = None, padding: Any = "valid", data_format: Any = None, spatial: int
) -> dict[str, Any]:
    """As above; ``pool_size`` must be given."""
    return _settings(pool_size, strides, data_format, spatial)


@layer("keras.layers.GlobalMaxPooling1D", machine=MACHINE, spatial=1, takes="numbers", **CONTEXT)
@layer("keras.layers.GlobalMaxPooling2D", machine=MACHINE, spatial=2, takes="numbers", **CONTEXT)
@layer("keras.layers.GlobalMaxPooling3D", machine=MACHINE, spatial=3, takes="numbers", **CONTEXT)
@layer("keras.layers.GlobalAveragePooling2D", machine=MACHINE, spatial=2, takes="numbers", **CONTEXT)
@layer("keras.layers.GlobalAveragePooling3D", machine=MACHINE, spatial=3, takes="numbers", **CONTEXT)
def global_pool(inputs: Any, *, data_format: Any, keepdims: Any, spatial: int, eager: bool) -> Any:
    """The spatial axes are gone, or of length 1; follows keras/src/layers/pooling/base_global_pooling.py."""
    if eager and 0 in (shape_of(inputs) or ()):
        return NO_RANK  # nothing has no maximum
    return _global(inputs, data_format, keepdims)


@layer("keras.layers.GlobalAveragePooling1D", machine=MACHINE, spatial=1, takes="numbers", **CONTEXT)
def global_average_pool_1d(inputs: Any, mask: Any = None, *, data_format: Any, keepdims: Any, spatial: int) -> Any:
    """As ``global_pool``; its call takes a mask, too."""
    return _global(inputs, data_format, keepdims)


@phase(global_pool, "constructor")
@phase(global_average_pool_1d, "constructor")
def global_constructor(*, data_format: Any = None, keepdims: Any = False) -> dict[str, Any]:
    """The data format must be known."""
    return {"data_format": data_format_of(data_format)}


SHORT = {
    "keras.layers.MaxPool1D": "keras.layers.MaxPooling1D",
    "keras.layers.MaxPool2D": "keras.layers.MaxPooling2D",
    "keras.layers.MaxPool3D": "keras.layers.MaxPooling3D",
    "keras.layers.AvgPool1D": "keras.layers.AveragePooling1D",
    "keras.layers.AvgPool2D": "keras.layers.AveragePooling2D",
    "keras.layers.AvgPool3D": "keras.layers.AveragePooling3D",
    "keras.layers.GlobalMaxPool1D": "keras.layers.GlobalMaxPooling1D",
    "keras.layers.GlobalMaxPool2D": "keras.layers.GlobalMaxPooling2D",
    "keras.layers.GlobalMaxPool3D": "keras.layers.GlobalMaxPooling3D",
    "keras.layers.GlobalAvgPool1D": "keras.layers.GlobalAveragePooling1D",
    "keras.layers.GlobalAvgPool2D": "keras.layers.GlobalAveragePooling2D",
    "keras.layers.GlobalAvgPool3D": "keras.layers.GlobalAveragePooling3D",
}
for _short, _target in SHORT.items():
    alias(_target, _short)


@phase(max_pool, "spec")
@phase(average_pool, "spec")
@phase(global_pool, "spec")
@phase(global_average_pool_1d, "spec")
def pool_spec(shape: Any, *, spatial: int) -> Spec:
    """Exactly the rank of a batch of images of this dimension."""
    return Spec(ndim=spatial + 2)


def _settings(pool_size: Any, strides: Any, data_format: Any, spatial: int) -> dict[str, Any]:
    size = int_tuple(pool_size, spatial, "pool_size")
    steps = size if strides is None else int_tuple(strides, spatial, "strides", allow_zero=True)
    return {"pool_size": size, "strides": steps, "data_format": data_format_of(data_format)}


def no_kernel(inputs: Any, spatial: int) -> bool:
    """Whether TensorFlow may have no such operation for a processor: it pools cubes of float32 only."""
    return spatial == 3 and getattr(inputs, "dtype", None) not in (None, "float32", "bfloat16")


def _pooled(inputs: Any, size: Any, strides: Any, padding: Any, data_format: Any, spatial: int, maximum: bool, cls: str, eager: bool, traced: bool) -> Any:  # fmt: skip
    shape = shape_of(inputs)
    if shape is None or len(shape) != spatial + 2 or not isinstance(size, tuple) or not isinstance(strides, tuple):
        return NO_RANK
    if undecided(data_format):
        return Shape(derived("pool", shape, axis) for axis in range(len(shape)))
    if eager and no_kernel(inputs, spatial):
        return NO_RANK
    axes = _axes(shape, data_format)
    if not undecided(padding) and not isinstance(padding, str) and eager:
        return NO_RANK  # Python fails, or TensorFlow, depending on the number of axes
    if not undecided(padding) and not _padding_known(padding, eager):
        why = "pool-padding-eager" if eager else "pool-padding"
        report(RefusedSetting("padding", padding, why, layer=cls), blame=("padding",))
        padding = None
    if any(step == 0 for step in strides):
        if eager:
            report(UndefinedResult(shape, size, strides, padding, layer=cls), blame=("strides",))
        elif not _divided_by_zero(shape, axes.spatial, size, strides, padding):
            return NO_RANK
    padding = padding.lower() if isinstance(padding, str) else padding
    fits = windows(axes.spatial, _lengths(size), strides, padding, 1)
    if padding == "valid":
        too_small = _too_small_eagerly if eager else _too_small
        for cells, window, step in zip(axes.spatial, size, strides, strict=True):
            if too_small(cells, window, step, maximum):
                facts = (shape, size, strides, padding, (), cls)
                problem = (
                    UndefinedResult(*facts)
                    if eager
                    else PoolTooBig(*facts, data_format != "channels_first", graph=traced)
                )
                report(problem, blame=("inputs", "pool_size"))
                fits = tuple(derived("pool", shape, n) if surely_less(dim, 1) else dim for n, dim in enumerate(fits))
                break
        fits = tuple(0 if surely_less(dim, 1) else dim for dim in fits)
    result = axes.but(spatial=fits)
    return Tensor(result, inputs.dtype, "") if eager else result


def _divided_by_zero(shape: Shape, spatial: Any, size: Any, strides: Any, padding: Any) -> bool:
    """Python refuses to divide by zero, which it does where a length is open; NumPy gives what is no int.

    Whether it is known which.
    """
    if any(map(is_dynamic, shape)):
        python_error("ZeroDivisionError", "division by zero", "strides")
    elif padding not in ("valid", "same") or not all(isinstance(n, int) for n in (*spatial, *size, *strides)):
        return False
    else:
        spans = [cells - (window if padding == "valid" else 1) for cells, window in zip(spatial, size, strict=True)]
        if padding == "valid" and any(span < 0 for span in spans):
            return True  # refused for its size
        span = next(span for span, step in zip(spans, strides, strict=True) if step == 0)
        if span == 0:
            python_error("ValueError", "cannot convert float NaN to integer", "strides")
        else:
            python_error("OverflowError", "cannot convert float infinity to integer", "strides")
    return True


def _axes(shape: Shape, data_format: Any) -> Axes:
    return Axes.of(shape, channels_last=data_format != "channels_first")


def _padding_known(padding: Any, eager: bool) -> bool:
    """Symbolically in lower case only; TensorFlow itself does not care."""
    return isinstance(padding, str) and (padding.lower() if eager else padding) in ("valid", "same")


def _lengths(size: tuple[Any, ...]) -> tuple[Any, ...]:
    """Lengths to compute with; of a float TensorFlow and Keras make different things: unknown."""
    return tuple(item if is_dim(item) else None for item in size)


def _too_small(cells: Dim, window: Any, step: Any, maximum: bool) -> bool:
    """Whether no window fits, as Keras computes it; an open length is not looked at."""
    return is_dim(window) and not is_dynamic(cells) and surely_less(cells, window)


def _too_small_eagerly(cells: Dim, window: Any, step: Any, maximum: bool) -> bool:
    """Whether TensorFlow refuses, or crashes.

    The average over no window at all is an empty tensor, if the size computed with rounding towards zero
    is not negative; a maximum never is.
    """
    if maximum or not _too_small(cells, window, step, maximum):
        return _too_small(cells, window, step, maximum)
    return isinstance(step, int) and surely_less(cells - window + 2 * step, 1)


def _global(inputs: Any, data_format: Any, keepdims: Any) -> Any:
    shape = shape_of(inputs)
    if shape is None or len(shape) < 3 or undecided(data_format) or undecided(keepdims):
        return NO_RANK
    axes = _axes(shape, data_format)
    if keepdims:
        return axes.but(spatial=(1,) * (len(shape) - 2))
    return Shape((axes.batch, axes.channels))
