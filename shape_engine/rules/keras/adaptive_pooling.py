"""Adaptive pooling: the output's size is given (keras/src/layers/pooling/base_adaptive_pooling.py)."""

from __future__ import annotations

from typing import Any

from ...axes import Axes
from ...dim import is_dim, is_dynamic, surely_equal, surely_less
from ...evidence import report
from ...problems import RefusedInputs
from ...rule import layer, phase
from ...shape import Shape
from .common import NO_RANK, is_integer, kept, python_error, refuse, shape_of, undecided
from .machine import CONTEXT, MACHINE
from .pooling import no_kernel


@layer("keras.layers.AdaptiveAveragePooling1D", machine=MACHINE, takes="floats", spatial=1, operation="adaptive_average_pool", **CONTEXT)  # fmt: skip
@layer("keras.layers.AdaptiveAveragePooling2D", machine=MACHINE, takes="floats", spatial=2, operation="adaptive_average_pool", **CONTEXT)  # fmt: skip
@layer("keras.layers.AdaptiveAveragePooling3D", machine=MACHINE, takes="floats", spatial=3, operation="adaptive_average_pool", **CONTEXT)  # fmt: skip
@layer("keras.layers.AdaptiveMaxPooling1D", machine=MACHINE, takes="floats", spatial=1, operation="adaptive_max_pool", **CONTEXT)  # fmt: skip
@layer("keras.layers.AdaptiveMaxPooling2D", machine=MACHINE, takes="floats", spatial=2, operation="adaptive_max_pool", **CONTEXT)  # fmt: skip
@layer("keras.layers.AdaptiveMaxPooling3D", machine=MACHINE, takes="floats", spatial=3, operation="adaptive_max_pool", **CONTEXT)  # fmt: skip
def adaptive_pooling(
    inputs: Any, *, output_size: Any, data_format: Any, spatial: int, operation: str, eager: bool
) -> Any:
    """Batch and channels stay.  A symbolic call takes any rank; one with numbers must have three to five axes."""
    shape = shape_of(inputs)
    known = isinstance(output_size, tuple) and all(map(is_dim, output_size))
    if shape is None or not known or data_format not in ("channels_last", "channels_first"):
        return NO_RANK
    last = data_format == "channels_last"
    if not eager:
        if len(shape) < (1 if last else 2):
            python_error("IndexError", "tuple index out of range", "inputs")
            return NO_RANK
        return Shape((shape[0], *output_size, shape[-1]) if last else (shape[0], shape[1], *output_size))
    if no_kernel(inputs, spatial):
        return NO_RANK
    if not 3 <= len(shape) <= 5:
        report(RefusedInputs("adaptive-rank", (shape,), quoted=(operation,)), blame=("inputs",))
        return NO_RANK
    if len(shape) != spatial + 2 or any(is_dynamic(dim) or surely_less(dim, 1) for dim in shape):
        return NO_RANK
    if any(surely_equal(size, 0) for size in output_size):
        python_error("ZeroDivisionError", "division by zero", "output_size")
        return NO_RANK
    if any(isinstance(size, bool) or surely_less(size, 0) for size in output_size):
        return NO_RANK
    axes = Axes.of(shape, channels_last=last)
    if operation == "adaptive_max_pool" and any(map(_outgrown, axes.spatial, output_size)):
        return NO_RANK  # a window that is longer than the axis ends the process
    return kept(inputs, axes.but(spatial=output_size))


def _outgrown(length: Any, size: Any) -> bool:
    """Whether the longer of the two windows, one more than ``ceil(length / size)``, surely does not fit."""
    return isinstance(length, int) and isinstance(size, int) and -(-length // size) >= length


@phase(adaptive_pooling, "before")
def adaptive_pooling_before(*, output_size: Any, spatial: int) -> None:
    """One int, or one for each axis."""
    if undecided(output_size) or is_integer(output_size):
        return
    if not isinstance(output_size, (tuple, list)):
        refuse("output_size", output_size, f"adaptive-size-{spatial}")
    elif len(output_size) != spatial:
        refuse("output_size", output_size, "adaptive-count" if spatial == 1 else f"adaptive-size-{spatial}")


@phase(adaptive_pooling, "constructor")
def adaptive_pooling_constructor(*, output_size: Any, data_format: Any = None, spatial: int) -> dict[str, Any]:
    """A tuple, and a data format."""
    if (
        isinstance(data_format, (str, int, float))
        and data_format
        and data_format not in ("channels_first", "channels_last")
    ):
        data_format = refuse("data_format", data_format, "adaptive-format")
    if isinstance(data_format, (str, int, float)) and not data_format:
        data_format = None  # Keras takes its own
    if undecided(output_size):
        return {"data_format": data_format}
    items = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * spatial
    return {"data_format": data_format, "output_size": items}
