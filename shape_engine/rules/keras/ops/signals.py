"""Fourier transforms and sequences cut into frames (keras/src/ops/math.py)."""

from __future__ import annotations

from typing import Any

from ....dim import is_dim, is_dynamic
from ....formulas.signal import cells, frames, frequencies
from ....rule import Call, function
from ....shape import AnyShape, Shape
from ....value import Tensor, Unknown, Value
from ..symbolic import result, results, tensor
from .checks import OPEN, refuse, unlike


@function("keras.ops.extract_sequences")
def extract_sequences(call: Call, x: Any, sequence_length: Value, sequence_stride: Value) -> Value:
    """Frames of the last axis, ``sequence_stride`` apart."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape) or not is_dim(sequence_length) or not is_dim(sequence_stride):
        return result(call, "ExtractSequences", OPEN, x.dtype, x)
    if not x.shape:
        refuse(call, "extract_sequences", "rank-one", [x], "x")
        return result(call, "ExtractSequences", OPEN, x.dtype, x)
    count = frames(x.shape[-1], sequence_length, sequence_stride)
    return result(call, "ExtractSequences", Shape((*x.shape[:-1], count, sequence_length)), x.dtype, x)


@function("keras.ops.rfft")
def rfft(call: Call, x: Any, fft_length: Value = None) -> Value:
    """Real and imaginary parts of half the frequencies."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape):
        return Unknown("frequencies")
    if not x.shape:
        refuse(call, "rfft", "rank-one", [x], "x")
        return Unknown("frequencies of a number")
    length = x.shape[-1] if fft_length is None else fft_length if is_dim(fft_length) else call.symbol()
    shape = Shape((*x.shape[:-1], frequencies(length)))
    return results(call, "RFFT", [(shape, x.dtype)] * 2, x)


@function("keras.ops.irfft")
def irfft(call: Call, x: Any, fft_length: Value = None) -> Value:
    """A signal from half its frequencies."""
    pair = _pair(call, x, "irfft", 1)
    if pair is None:
        return Unknown("a signal")
    shape = pair[0].shape
    assert isinstance(shape, Shape)
    length: Any = fft_length if is_dim(fft_length) else call.symbol()
    if fft_length is None:
        length = cells(shape[-1])
    return result(call, "IRFFT", Shape((*shape[:-1], length)), pair[0].dtype, *pair)


@function("keras.ops.fft", cls="FFT", axes=1)
@function("keras.ops.fft2", cls="FFT2", axes=2)
@function("keras.ops.ifft2", cls="IFFT2", axes=2)
def fft(call: Call, x: Any, *, cls: str, axes: int) -> Value:
    """Real and imaginary parts as they came; symbolically the lengths must be known."""
    pair = _pair(call, x, cls.lower(), axes)
    if pair is None:
        return Unknown("frequencies")
    shape = pair[0].shape
    assert isinstance(shape, Shape)
    if any(map(is_dynamic, shape[-axes:])):
        why, quoted = ("last-open", ()) if axes == 1 else ("axes-open", ((-2, -1),))
        refuse(call, cls.lower(), why, [pair[0]], "x", quoted=quoted)
    return results(call, cls, [(part.shape, part.dtype) for part in pair], *pair)


@function("keras.ops.stft")
def stft(
    call: Call, x: Any, sequence_length: Value, sequence_stride: Value, fft_length: Value, window: Value = "hann",
    center: Value = True,
) -> Value:  # fmt: skip
    """The frequencies of overlapping frames: ``fft_length`` cells each."""
    x = tensor(call, x)
    settings = (sequence_length, sequence_stride, fft_length)
    if not isinstance(x.shape, Shape) or not x.shape or not all(map(is_dim, settings)) or not isinstance(center, bool):
        return Unknown("frequencies")
    if isinstance(sequence_stride, int) and sequence_stride <= 0:
        call.doubt()
        return Unknown("frequencies")
    around = fft_length // 2 * 2 if center else 0
    count = frames(x.shape[-1] + around, fft_length, sequence_stride)
    shape = Shape((*x.shape[:-1], count, frequencies(fft_length)))
    return results(call, "STFT", [(shape, x.dtype)] * 2, x)


@function("keras.ops.istft")
def istft(
    call: Call, x: Any, sequence_length: Value, sequence_stride: Value, fft_length: Value, length: Value = None,
    window: Value = "hann", center: Value = True,
) -> Value:  # fmt: skip
    """A signal from the frequencies of its frames."""
    pair = _pair(call, x, "istft", 2)
    settings = (sequence_length, sequence_stride, fft_length)
    if pair is None or not all(map(is_dim, settings)) or not isinstance(center, bool):
        return Unknown("a signal")
    shape = pair[0].shape
    assert isinstance(shape, Shape)
    size: Any = length if is_dim(length) else call.symbol()
    if length is None:
        size = (shape[-2] - 1) * sequence_stride + fft_length - (fft_length // 2 * 2 if center else 0)
    return result(call, "ISTFT", Shape((*shape[:-2], size)), pair[0].dtype, *pair)


@function("keras.ops.view_as_complex")
def view_as_complex(call: Call, x: Any) -> Value:
    """Pairs of numbers as complex numbers."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape) or not x.shape:
        return result(call, "ViewAsComplex", OPEN, "complex64", x)
    return result(call, "ViewAsComplex", Shape(x.shape[:-1]), "complex64", x)


@function("keras.ops.view_as_real")
def view_as_real(call: Call, x: Any) -> Value:
    """Complex numbers as pairs."""
    x = tensor(call, x)
    shape: AnyShape = Shape((*x.shape, 2)) if isinstance(x.shape, Shape) else OPEN
    return result(call, "ViewAsReal", shape, "float32" if x.symbolic else None, x)


def _pair(call: Call, x: Any, of: str, axes: int) -> tuple[Tensor, Tensor] | None:
    """Real and imaginary parts, which have one shape; None where there is nothing to go on with."""
    if not isinstance(x, (list, tuple)) or len(x) != 2:
        if isinstance(x, (list, tuple, Tensor)):
            call.doubt()
        return None
    real, imaginary = (tensor(call, part) for part in x)
    if not isinstance(real.shape, Shape) or not isinstance(imaginary.shape, Shape):
        return None
    if unlike(real.shape, imaginary.shape):
        refuse(call, of, "complex-parts", [real, imaginary], "x")
        return None
    if len(real.shape) < axes:
        refuse(call, of, "rank-one" if axes == 1 else "rank-two", [real], "x")
        return None
    return real, imaginary
