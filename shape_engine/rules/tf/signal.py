"""tf.signal: frames, windows and Fourier transforms (tensorflow/python/ops/signal)."""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, maximum
from ...dtypes import dtype_name
from ...formulas.signal import cells, frames, frequencies
from ...rule import Call
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown, Value
from ..arrays import as_dim, number, operand
from .graph import define

COMPLEX = {"float32": "complex64", "float64": "complex128"}
REAL = {"complex64": "float32", "complex128": "float64"}


@define("tf.signal.frame")
def frame(
    call: Call,
    signal: Value,
    frame_length: Value,
    frame_step: Value,
    pad_end: Value = False,
    pad_value: Value = 0,
    axis: Value = -1,
    name: Value = None,
) -> Tensor:
    """Frames along an axis, which becomes two: how many there are, and their length."""
    x, length, step = operand(signal, "tf", call), as_dim(call, frame_length), as_dim(call, frame_step)
    axis = number(axis)
    known = isinstance(x.shape, Shape) and isinstance(axis, int) and -len(x.shape) <= axis < len(x.shape)
    if not known or not isinstance(pad_end, bool) or step == 0:
        return Tensor(Unranked("the frames are not known"), x.dtype, "tf")
    assert isinstance(x.shape, Shape)
    place = axis % len(x.shape)
    size = x.shape[place]
    count = (size + step - 1) // step if pad_end else maximum(frames(size, length, step), 0)
    return Tensor(Shape((*x.shape[:place], count, length, *x.shape[place + 1 :])), x.dtype, "tf")


@define("tf.signal.stft")
def stft(
    call: Call,
    signals: Value,
    frame_length: Value,
    frame_step: Value,
    fft_length: Value = None,
    window_fn: Value = None,
    pad_end: Value = False,
    name: Value = None,
) -> Tensor:
    """The frequencies of overlapping frames; the transform is as long as the next power of 2, if no length is given."""
    x = operand(signals, "tf", call)
    cut = frame(call, signals, frame_length, frame_step, pad_end)
    dtype = COMPLEX.get(x.dtype or "")
    if not isinstance(cut.shape, Shape):
        return Tensor(cut.shape, dtype, "tf")
    length = cut.shape[-1] if fft_length is None else as_dim(call, fft_length)
    if fft_length is None:
        length = 1 << (length - 1).bit_length() if isinstance(length, int) and length > 0 else call.symbol()
    return Tensor(Shape((*cut.shape[:-1], frequencies(length))), dtype, "tf")


@define("tf.signal.inverse_stft")
def inverse_stft(
    call: Call,
    stfts: Value,
    frame_length: Value,
    frame_step: Value,
    fft_length: Value = None,
    window_fn: Value = None,
    name: Value = None,
) -> Tensor:
    """Frames laid over each other again."""
    x, length, step = operand(stfts, "tf", call), as_dim(call, frame_length), as_dim(call, frame_step)
    dtype = REAL.get(x.dtype or "")
    if not isinstance(x.shape, Shape) or len(x.shape) < 2:
        return Tensor(Unranked("no frames"), dtype, "tf")
    return Tensor(Shape((*x.shape[:-2], length + (x.shape[-2] - 1) * step)), dtype, "tf")


@define("tf.signal.overlap_and_add")
def overlap_and_add(call: Call, signal: Value, frame_step: Value, name: Value = None) -> Tensor:
    """The same without a transform."""
    x, step = operand(signal, "tf", call), as_dim(call, frame_step)
    if not isinstance(x.shape, Shape) or len(x.shape) < 2:
        return Tensor(Unranked("no frames"), x.dtype, "tf")
    return Tensor(Shape((*x.shape[:-2], x.shape[-1] + (x.shape[-2] - 1) * step)), x.dtype, "tf")


@define("tf.signal.rfft", "tf.signal.rfft2d", "tf.signal.rfft3d", back=False)
@define("tf.signal.irfft", "tf.signal.irfft2d", "tf.signal.irfft3d", back=True)
def rfft(call: Call, input_tensor: Value, fft_length: Value = None, name: Value = None, *, back: bool) -> Tensor:
    """Half the frequencies of real numbers along the last axis, or the numbers again."""
    x = operand(input_tensor, "tf", call)
    dtype = REAL.get(x.dtype or "") if back else COMPLEX.get(x.dtype or "")
    if not isinstance(x.shape, Shape) or not x.shape:
        return Tensor(Unranked("no signal"), dtype, "tf")
    if fft_length is None:
        last = cells(x.shape[-1]) if back else frequencies(x.shape[-1])
        return Tensor(Shape((*x.shape[:-1], last)), dtype, "tf")
    lengths = [as_dim(call, n) for n in fft_length] if isinstance(fft_length, (list, tuple)) else None
    if not lengths or len(lengths) > len(x.shape):
        return Tensor(Shape(call.symbol() for _ in x.shape), dtype, "tf")
    last = lengths[-1] if back else frequencies(lengths[-1])
    return Tensor(Shape((*x.shape[: -len(lengths)], *lengths[:-1], last)), dtype, "tf")


@define("tf.signal.fft", "tf.signal.fft2d", "tf.signal.fft3d", "tf.signal.ifft", "tf.signal.ifft2d", "tf.signal.ifft3d")
@define("tf.signal.fftshift", "tf.signal.ifftshift")
def fft(call: Call, x: Value = None, axes: Value = None, name: Value = None, **others: Value) -> Tensor:
    """Complex numbers as they came."""
    tensor = operand(others.get("input", x), "tf", call)
    return Tensor(tensor.shape, tensor.dtype, "tf")


@define("tf.signal.dct", "tf.signal.idct")
def dct(
    call: Call, input: Value, type: Value = 2, n: Value = None, axis: Value = -1, norm: Value = None, name: Value = None
) -> Tensor:
    """Real frequencies; ``n`` of them if given."""
    x = operand(input, "tf", call)
    if n is None or not isinstance(x.shape, Shape):
        return Tensor(x.shape, x.dtype, "tf")
    return Tensor(Shape((*x.shape[:-1], as_dim(call, n))), x.dtype, "tf")


@define("tf.signal.mfccs_from_log_mel_spectrograms")
def mfccs(call: Call, log_mel_spectrograms: Value, name: Value = None) -> Tensor:
    """The shape stays."""
    x = operand(log_mel_spectrograms, "tf", call)
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.signal.hann_window", "tf.signal.hamming_window", "tf.signal.kaiser_window", "tf.signal.vorbis_window")
@define("tf.signal.kaiser_bessel_derived_window")
def window(call: Call, window_length: Value, *args: Value, dtype: Value = "float32", **_: Value) -> Tensor:
    """So many numbers."""
    names = [name for name in map(dtype_name, args) if name is not None]
    return Tensor(Shape((as_dim(call, window_length),)), names[0] if names else dtype_name(dtype), "tf")


@define("tf.signal.linear_to_mel_weight_matrix")
def mel_matrix(
    call: Call,
    num_mel_bins: Value = 20,
    num_spectrogram_bins: Value = 129,
    sample_rate: Value = 8000,
    lower_edge_hertz: Value = 125.0,
    upper_edge_hertz: Value = 3800.0,
    dtype: Value = "float32",
    name: Value = None,
) -> Tensor:
    """A matrix that turns frequencies into mel bins."""
    return Tensor(Shape((as_dim(call, num_spectrogram_bins), as_dim(call, num_mel_bins))), dtype_name(dtype), "tf")


@define(
    "tf.signal.mdct",
    "tf.signal.inverse_mdct",
    "tf.signal.inverse_stft_window_fn",
    "tf.signal.fftnd",
    "tf.signal.ifftnd",
    "tf.signal.rfftnd",
    "tf.signal.irfftnd",
    "tf.fftnd",
    "tf.ifftnd",
    "tf.rfftnd",
    "tf.irfftnd",
)
def unmodelled(call: Call, *args: Value, **_: Value) -> Value:
    """What is not followed."""
    return Unknown("a transform that is not followed")


@define("tf.audio.decode_wav")
def decode_wav(
    call: Call, contents: Value, desired_channels: Value = -1, desired_samples: Value = -1, name: Value = None
) -> Value:
    """Samples and channels, as many as the file holds or as are asked for; and the rate."""
    sizes: list[Any] = [number(value) for value in (desired_samples, desired_channels)]
    dims = Shape(size if is_dim(size) and size != -1 else call.symbol() for size in sizes)
    return (Tensor(dims, "float32", "tf"), Tensor(Shape(()), "int32", "tf"))


@define("tf.audio.encode_wav")
def encode_wav(call: Call, audio: Value, sample_rate: Value, name: Value = None) -> Tensor:
    """One text."""
    return Tensor(Shape(()), "string", "tf")
