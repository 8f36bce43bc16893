"""Complex numbers, windows and spectra (torch/functional.py, aten SpectralOps.cpp)."""

from __future__ import annotations

from ...dim import Dim, is_dim
from ...formulas.window import window
from ...rule import Call, function
from ...shape import Shape
from ...value import Tensor, Unknown, Value
from .checks import axis_of, default_dtype, dims_of, is_int, like, ranked, unranked
from .elementwise import broadcast_shape

PARTS = {"complex64": "float32", "complex128": "float64"}
WHOLES = {part: whole for whole, part in PARTS.items()}


@function("torch.view_as_complex")
def view_as_complex(call: Call, input: Value) -> Value:
    """The last axis holds the two parts."""
    x = ranked(input)
    if x is None or not len(dims_of(x)):
        return unranked(None)
    return Tensor(Shape(dims_of(x)[:-1]), WHOLES.get(str(x.dtype)), "torch")


@function("torch.view_as_real")
def view_as_real(call: Call, input: Value) -> Value:
    """One more axis for the two parts."""
    x = ranked(input)
    return unranked(None) if x is None else Tensor(Shape((*dims_of(x), 2)), PARTS.get(str(x.dtype)), "torch")


@function("torch.polar")
@function("torch.complex")
def complex_of(call: Call, first: Value, second: Value, *, out: Value = None) -> Value:
    """Complex numbers out of two real ones."""
    dtype = WHOLES.get(str(first.dtype)) if isinstance(first, Tensor) else None
    return Tensor(broadcast_shape(first, second), dtype, "torch")


@function("torch.real")
@function("torch.imag")
@function("torch.angle")
@function("torch.Tensor.angle")
def part(call: Call, input: Value) -> Value:
    """Real numbers of the same shape."""
    return Tensor(input.shape, None, "torch") if isinstance(input, Tensor) else unranked(input)


@function("torch.hann_window")
@function("torch.hamming_window")
@function("torch.blackman_window")
def window_of(call: Call, window_length: Value, *args: Value, **kwargs: Value) -> Value:
    """A vector."""
    dtype = default_dtype(call) if kwargs.get("dtype") is None else None
    return Tensor(Shape((window_length,)), dtype, "torch") if is_dim(window_length) else unranked(None)


@function("torch.stft")
def stft(
    call: Call, input: Value, n_fft: Value, hop_length: Value = None, win_length: Value = None, window: Value = None,
    center: Value = True, pad_mode: Value = "reflect", normalized: Value = False, onesided: Value = None,
    return_complex: Value = None, align_to_window: Value = None,
) -> Value:  # fmt: skip
    """(*, L) to (*, frequencies, frames)."""
    x = ranked(input)
    if x is None or not is_int(n_fft) or not isinstance(center, bool) or return_complex is not True:
        return Unknown("a spectrum")
    hop = n_fft // 4 if hop_length is None else hop_length
    if not is_int(hop) or hop <= 0 or len(dims_of(x)) not in (1, 2) or onesided not in (None, True):
        return Unknown("a spectrum")
    if x.dtype not in WHOLES and onesided is None:
        return Unknown("a spectrum")  # of complex numbers it has two sides
    length = dims_of(x)[-1] + (n_fft // 2 * 2 if center else 0)
    return Tensor(
        Shape((*dims_of(x)[:-1], n_fft // 2 + 1, frames(length, n_fft, hop))), WHOLES.get(str(x.dtype)), "torch"
    )


@function("torch.fft.fft")
@function("torch.fft.ifft")
@function("torch.fft.fft2")
@function("torch.fft.ifft2")
@function("torch.fft.fftn")
@function("torch.fft.ifftn")
@function("torch.fft.fftshift")
@function("torch.fft.ifftshift")
def transformed(call: Call, input: Value, *args: Value, **kwargs: Value) -> Value:
    """The same shape, where no other size is asked for."""
    asked = any(value is not None for value in args) or any(kwargs.get(name) is not None for name in ("n", "s", "dim"))
    return Unknown("a transform of another size") if asked or not ranked(input) else Tensor(input.shape, None, "torch")


@function("torch.fft.rfft")
def half(call: Call, input: Value, n: Value = None, dim: Value = -1, norm: Value = None, *, out: Value = None) -> Value:
    """The last axis keeps the frequencies that are not negative."""
    x = ranked(input)
    if x is None or n is not None or dim != -1 or not len(dims_of(x)):
        return Unknown("a transform of another size")
    return Tensor(Shape((*dims_of(x)[:-1], dims_of(x)[-1] // 2 + 1)), None, "torch")


@function("torch.Tensor.unfold")
def unfold(call: Call, x: Value, dimension: Value, size: Value, step: Value) -> Value:
    """All slices of a size along an axis; the slices lie along a new last axis."""
    tensor = ranked(x)
    if tensor is None or not is_dim(size) or not is_int(step) or step <= 0 or not len(dims_of(tensor)):
        return unranked(x)
    axis = axis_of(dimension, len(dims_of(tensor)), ("dimension",))
    if axis is None:
        return unranked(x)
    dims = list(dims_of(tensor))
    dims[axis] = frames(dims[axis], size, step)
    return like(tensor, (*dims, size))


def frames(size: Dim, length: Dim, step: int) -> Dim:
    """How many frames of a length there are, some steps apart."""
    return window(size, length, step)
