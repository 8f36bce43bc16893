"""What the backend itself makes of a convolution with numbers, where Keras does not look.

TensorFlow on a processor gives back a tensor of the input's shape, never written to, for a convolution
that has no elements.  See WrongDtype and UndefinedResult.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...axes import Axes
from ...dim import Symbol, is_dim, surely_less
from ...evidence import report
from ...problems import PythonError, UndefinedResult, WrongDtype
from ...shape import Shape, product
from ...value import Tensor


@dataclass(frozen=True)
class Kernel:
    """The first weight of a convolution that computes with numbers: its shape, dtype and path.

    ``operation`` is TensorFlow's, or "convert" where the variable refuses the input's dtype before it.
    ``compiled`` tells that Keras hands the work to XLA, which knows empty tensors; ``mixes`` that another
    convolution follows.
    """

    operation: str
    dtype: Any
    shape: tuple[Any, ...]
    path: str = ""
    backend: str = "tensorflow"
    compiled: bool = False
    mixes: bool = False


def undefined(
    inputs: Any, proper: Shape, small: bool, channels_last: bool, kernel: Kernel, settings: tuple[Any, ...]
) -> bool:
    """Whether what comes back is not known; reports that for too small an input, or a WrongDtype.

    For an empty input some kernels know how to do it, others give the input's shape back: only where that
    cannot be the proper shape, and does not fit the bias either, is it reported.

    ``proper`` is the shape that it should have, ``small`` tells that the kernel surely does not fit,
    ``settings`` are strides, padding and dilation.
    """
    if not isinstance(inputs, Tensor) or not isinstance(inputs.shape, Shape) or len(inputs.shape) != len(proper):
        return False
    if kernel.backend == "jax" and (inputs.dtype == "string" or Axes.of(inputs.shape, channels_last).channels == 0):
        return True  # arrays that JAX does not even make, or refuses in words of its own
    if Axes.of(inputs.shape, channels_last).channels == 0:
        return True  # whether that is refused, and in which words, depends on the kernel that the dtype selects
    if refuse_dtype(inputs.dtype, kernel) or kernel.backend != "tensorflow":
        return False
    if not channels_last and kernel.dtype != "float32" and not kernel.compiled:
        return True  # the kernels that know channels in front are made for some dtypes only
    shape, (_, _, dilation) = inputs.shape, settings
    without = any(isinstance(dim, int) and dim == 0 for dim in shape)
    if without and (kernel.dtype != "float32" or any(step != 1 for step in dilation)):
        return True  # every kernel has its own way with holes in nothing, and there is one for each other dtype
    if kernel.compiled and 0 in Axes.of(shape, channels_last).spatial:
        return True  # compiled code is traced first, and the trace refuses an axis without cells
    empty = without and not kernel.compiled
    if not all(map(is_dim, kernel.shape[:-2])):
        return small or empty  # of a kernel that is not known nobody knows what it makes of nothing
    seen = _padded(inputs.shape, kernel, channels_last) if settings[1] == "causal" else inputs.shape
    lucky = empty and not kernel.mixes and _by_luck(seen, proper, channels_last)
    if small or (empty and not lucky and all(step == 1 for step in dilation)):
        report(UndefinedResult(shape, kernel.shape, *settings), blame=("inputs", "kernel_size"))
    return small or (empty and seen != proper)


def refuses_to_dilate(inputs: Any, dilation_rate: Any, backend: str) -> bool:
    """Whether TensorFlow may say, at length, that what dilates takes no texts and no truth values."""
    dilates = not isinstance(dilation_rate, tuple) or any(rate != 1 for rate in dilation_rate)
    return dilates and backend == "tensorflow" and getattr(inputs, "dtype", None) in ("bool", "string")


def nobody_knows(rank: int) -> Shape:
    """The shape of what is not defined."""
    return Shape(Symbol(None, ("undefined", axis)) for axis in range(rank))


def refuse_dtype(given: Any, kernel: Kernel) -> bool:
    """Report a WrongDtype if the input's dtype is not the kernel's."""
    if not isinstance(given, str) or not isinstance(kernel.dtype, str) or given == kernel.dtype:
        return False
    if kernel.backend == "jax" and given == "string":
        return True  # such an array is not even made
    operation = "xla" if kernel.compiled else kernel.operation
    if kernel.backend == "jax":
        operation = "lax.conv_general_dilated"
    elif kernel.backend != "tensorflow":
        return False
    report(WrongDtype(given, kernel.dtype, operation, kernel.shape, kernel.path), blame=("inputs",))
    return True


def refuse_initializer(initializer: Any, dtype: Any, kernel: tuple[Any, ...], backend: str) -> None:
    """Report that random numbers between zero and less than one cannot be drawn as integers (VarianceScaling)."""
    if initializer != "glorot_uniform" or not isinstance(dtype, str) or not dtype.startswith(("int", "uint", "bool")):
        return
    if backend == "tensorflow" and dtype not in ("int32", "int64", "uint32", "uint64"):
        report(
            PythonError("ValueError", f"Argument `dtype` got invalid value <dtype: '{dtype}'>. {DRAWN}"),
            blame=("dtype",),
        )
        return
    if backend == "jax":
        report(WrongDtype(dtype, "float32", "uniform"), blame=("dtype",))
        return
    known = backend == "tensorflow" and all(map(is_dim, kernel))
    if known and surely_less(6, product(kernel[:-2]) * (kernel[-2] + kernel[-1])):
        report(WrongDtype(dtype, "float32", "initializer"), blame=("dtype",))


def _padded(shape: Shape, kernel: Kernel, channels_last: bool) -> Shape:
    """What TensorFlow sees of a causal input: Keras puts zeros before it (keras/src/layers/convolutional/conv1d.py)."""
    axes = Axes.of(shape, channels_last)
    return axes.but(spatial=tuple(n + size - 1 for n, size in zip(axes.spatial, kernel.shape, strict=False)))


def _by_luck(shape: Shape, proper: Shape, channels_last: bool) -> bool:
    """Whether the input's shape may be the proper one after the bias: of no elements all are well-defined."""
    before, after = Axes.of(shape, channels_last), Axes.of(proper, channels_last)
    if (before.batch, before.spatial) != (after.batch, after.spatial):
        return False
    return before.channels == after.channels or 1 in (before.channels, after.channels)


DRAWN = (
    "Accepted dtypes are (tf.float16, tf.bfloat16, tf.float32, tf.float64, tf.int32, tf.int64, tf.uint32, tf.uint64)."
)
OPERATIONS = {5: "Conv3D"}
"""TensorFlow's operation by the rank of its input, where it is not Conv2D."""
