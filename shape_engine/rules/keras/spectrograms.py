"""STFTSpectrogram and MelSpectrogram: frequencies of windows that slide over a signal.

Follows keras/src/layers/preprocessing/{stft_spectrogram,mel_spectrogram}.py.
"""

from __future__ import annotations

import math
from typing import Any

from ...dim import Dim, derived, is_dim, is_dynamic, surely_less
from ...evidence import formula, report
from ...formulas.window import too_big, windows
from ...problems import WindowTooBig
from ...rule import layer, phase
from ...shape import AnyShape, Shape
from ...value import Tensor
from .arguments import data_format_of
from .categories import of_words
from .common import NO_RANK, as_dim, python_error, refuse, shape_of, undecided
from .machine import CONTEXT, MACHINE, Spec, python_shape
from .state import is_float

MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")


@layer("keras.layers.STFTSpectrogram", machine=MACHINE, neutral=("window", "periodic"), **CONTEXT)
def stft_spectrogram(
    inputs: Any,
    *,
    mode: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any,
    padding: Any,
    expand_dims: Any,
    data_format: Any,
    name: str,
    eager: bool,
    dtype: Any,
) -> AnyShape:
    """A convolution along the time, one channel for each frequency of each channel."""
    shape = shape_of(inputs)
    if isinstance(dtype, str) and not is_float(dtype):
        return NO_RANK  # waves cannot be made of ints
    if eager and of_words(inputs):
        return NO_RANK
    if shape is None or len(shape) != 3 or not isinstance(mode, str) or undecided(expand_dims):
        return NO_RANK
    if data_format not in ("channels_last", "channels_first"):
        return NO_RANK
    last = data_format == "channels_last"
    time, channels = (shape[1], shape[2]) if last else (shape[2], shape[1])
    each = _frequencies(fft_length, frame_length, name) * (2 if mode == "stft" else 1)
    if not eager and is_dynamic(channels):
        python_error("TypeError", "unsupported operand type(s) for *: 'int' and 'NoneType'", "inputs")
        return NO_RANK
    if eager and isinstance(inputs, Tensor) and inputs.dtype in ("int32", "int64", "uint8", "bool"):
        text = "Invalid input type. Expected `float16`, `float32` or `float64`. Received: input type="
        python_error("TypeError", f"{text}<dtype: '{inputs.dtype}'>", "inputs")
    if too_big((time,), frame_length, padding, 1):
        if not eager:
            kernel = (frame_length, channels, each * channels)
            problem = WindowTooBig(shape, python_shape(Shape(kernel)), (frame_step,), padding, (1,))
            report(problem, blame=("inputs", "frame_length"))
        return NO_RANK
    (frames,) = windows((time,), frame_length, frame_step, padding, 1)
    if expand_dims:
        return Shape((shape[0], frames, each, channels) if last else (shape[0], channels, frames, each))
    return Shape((shape[0], frames, each * channels) if last else (shape[0], each * channels, frames))


@phase(stft_spectrogram, "before")
def stft_spectrogram_before(
    *, mode: Any, frame_length: Any, frame_step: Any, fft_length: Any, scaling: Any, padding: Any
) -> None:
    """Lengths that fit into each other, then the options."""
    lengths = all(isinstance(n, (int, type(None))) for n in (frame_length, frame_step, fft_length))
    if lengths and frame_length is not None:
        if frame_step is not None and not 1 <= frame_step <= frame_length:
            refuse("frame_step", frame_step, "stft-step", "", frame_length)
            return
        if fft_length is not None and fft_length < frame_length:
            refuse("fft_length", fft_length, "stft-length", "", frame_length)
            return
    if _is_option(mode) and mode not in MODES:
        refuse("mode", mode, "stft-mode", "", ", ".join(MODES))
    elif _is_option(scaling) and scaling not in (None, "density", "spectrum"):
        refuse("scaling", scaling, "stft-scaling")
    elif _is_option(padding) and padding not in ("valid", "same"):
        refuse("padding", padding, "stft-padding")


@phase(stft_spectrogram, "constructor")
def stft_spectrogram_constructor(
    *,
    mode: Any = "log",
    frame_length: Any = 256,
    frame_step: Any = None,
    fft_length: Any = None,
    window: Any = "hann",
    periodic: Any = False,
    scaling: Any = "density",
    padding: Any = "valid",
    expand_dims: Any = False,
    data_format: Any = None,
) -> dict[str, Any]:
    """By default a step is half a frame, and as many numbers are transformed as the next power of two."""
    if not frame_step and isinstance(frame_length, int):
        frame_step = frame_length // 2
    if not fft_length and isinstance(frame_length, int) and frame_length > 0:
        fft_length = 2 ** math.ceil(math.log2(frame_length))
    return {"frame_step": frame_step, "fft_length": fft_length, "data_format": data_format_of(data_format)}


@phase(stft_spectrogram, "spec")
def stft_spectrogram_spec(shape: Any) -> Spec:
    """Three axes."""
    return Spec(ndim=3)


@phase(stft_spectrogram, "build")
def stft_spectrogram_build(
    shape: Any, *, mode: Any, frame_length: Any, fft_length: Any, name: str
) -> dict[str, tuple[Any, ...]]:
    """A real and an imaginary kernel, unless one is enough."""
    kernel = (as_dim(frame_length, "frame_length", name), 1, _frequencies(fft_length, frame_length, name))
    parts = {"real_kernel": "imag", "imag_kernel": "real"}
    return {part: kernel for part, other in parts.items() if mode != other}


@layer("keras.layers.MelSpectrogram", machine=MACHINE, anything=True, neutral=("window", "sampling_rate"), **CONTEXT)
def mel_spectrogram(
    inputs: Any,
    *,
    fft_length: Any,
    sequence_stride: Any,
    num_mel_bins: Any,
    name: str,
    dtype: Any,
    eager: bool,
) -> Any:
    """Frames along the last axis; a symbolic call counts them in another way, and sees two axes at most."""
    shape = shape_of(inputs)
    if shape is None or not shape:
        return NO_RANK
    bins = as_dim(num_mel_bins, "num_mel_bins", name)
    known = is_dim(sequence_stride) and is_dim(fft_length) and not surely_less(sequence_stride, 1)
    if not eager:
        time = shape[0] if len(shape) == 1 else shape[1]
        frames = told_frames(time, sequence_stride) if known else derived("frames", name, dynamic=is_dynamic(time))
        return Shape((*shape[: len(shape) > 1], bins, frames))
    if not known or surely_less(shape[-1], fft_length // 2 + 1) or is_dynamic(shape[-1]):
        return NO_RANK
    return Tensor(Shape((*shape[:-1], bins, counted_frames(shape[-1], fft_length, sequence_stride))), dtype, "")


@phase(mel_spectrogram, "constructor")
def mel_spectrogram_constructor(
    *,
    fft_length: Any = 2048,
    sequence_stride: Any = 512,
    sequence_length: Any = None,
    window: Any = "hann",
    sampling_rate: Any = 16000,
    num_mel_bins: Any = 128,
    min_freq: Any = 20.0,
    max_freq: Any = None,
    power_to_db: Any = True,
    top_db: Any = 80.0,
    mag_exp: Any = 2.0,
    min_power: Any = 1e-10,
    ref_power: Any = 1.0,
) -> None:
    """Nothing is checked after the base's constructor."""


@phase(mel_spectrogram, "before")
def mel_spectrogram_before(*, fft_length: Any, sequence_length: Any) -> None:
    """What is transformed must hold a sequence."""
    if isinstance(fft_length, int) and isinstance(sequence_length, int) and 0 < sequence_length > fft_length:
        refuse("sequence_length", sequence_length, "mel-length", "", fft_length)


@formula
def told_frames(time: Dim, stride: Dim) -> Dim:
    """What MelSpectrogram.compute_output_shape says."""
    return (time + stride + 1) // stride


@formula
def counted_frames(time: Dim, length: Dim, stride: Dim) -> Dim:
    """A signal with half a window added on both sides, and a window at every stride."""
    return (time + 2 * (length // 2) - length) // stride + 1


def _frequencies(fft_length: Any, frame_length: Any, name: str) -> Dim:
    return fft_length // 2 + 1 if is_dim(fft_length) else derived("frequencies", name)


def _is_option(value: Any) -> bool:
    return isinstance(value, (str, int, float, type(None)))
