"""Layers that drop or disturb numbers while they train (keras/src/layers/regularization)."""

from __future__ import annotations

from typing import Any

from ...dim import is_symbolic
from ...rule import layer, phase
from ...value import Tensor
from .arguments import data_format_of
from .common import NO_RANK, between_0_and_1, is_integer, kept, no_floats, python_error, refuse, shape_of, undecided
from .machine import CONTEXT, MACHINE, Spec
from .state import NAME_AND_DTYPE


@layer("keras.layers.Dropout", machine=MACHINE, **CONTEXT)
def dropout(inputs: Any, training: Any = False, *, rate: Any, noise_shape: Any = None, eager: bool) -> Any:
    """The shape stays; follows keras/src/layers/regularization/dropout.py."""
    if eager and training is not False and noise_shape is not None:
        return NO_RANK  # whether that fits, the kernel says
    return _dropped(inputs, training, rate, eager)


@phase(dropout, "constructor")
def dropout_constructor(*, rate: Any, noise_shape: Any = None, seed: Any = None) -> None:
    """A rate between 0 and 1, a noise shape of positive ints and None."""
    between_0_and_1(rate, "rate", "dropout-rate", "Dropout")
    if noise_shape is None or undecided(noise_shape):
        return
    if isinstance(noise_shape, str):
        refuse("noise_shape", noise_shape, "noise-shape-text", "Dropout")
    elif isinstance(noise_shape, (int, float)) or is_symbolic(noise_shape):
        refuse("noise_shape", noise_shape, "noise-shape-iterable", "Dropout")
    elif isinstance(noise_shape, (list, tuple)):
        for position, dim in enumerate(noise_shape):
            if dim is None or undecided(dim):
                continue
            if not is_integer(dim):
                refuse("noise_shape", dim, "noise-shape-item", "Dropout", position)
            elif isinstance(dim, int) and dim <= 0:
                refuse("noise_shape", dim, "noise-shape-sign", "Dropout", position)


@layer("keras.layers.AlphaDropout", machine=MACHINE, **CONTEXT)
def alpha_dropout(inputs: Any, training: Any = False, *, rate: Any, eager: bool) -> Any:
    """The shape stays; follows keras/src/layers/regularization/alpha_dropout.py."""
    return _dropped(inputs, training, rate, eager, scales=False)


@phase(alpha_dropout, "constructor")
def alpha_dropout_constructor(*, rate: Any, noise_shape: Any = None, seed: Any = None) -> None:
    """A rate between 0 and 1."""
    between_0_and_1(rate, "rate", "dropout-rate", "AlphaDropout")


@layer("keras.layers.GaussianDropout", machine=MACHINE, **CONTEXT)
def gaussian_dropout(inputs: Any, training: Any = False, *, rate: Any, eager: bool) -> Any:
    """The shape stays; follows keras/src/layers/regularization/gaussian_dropout.py."""
    return _dropped(inputs, training, rate, eager, scales=False)


@phase(gaussian_dropout, "constructor")
def gaussian_dropout_constructor(*, rate: Any, seed: Any = None) -> None:
    """A rate between 0 and 1."""
    between_0_and_1(rate, "rate", "dropout-rate", "GaussianDropout")


@layer("keras.layers.GaussianNoise", machine=MACHINE, takes="floats", **CONTEXT)
def gaussian_noise(inputs: Any, training: Any = False, *, eager: bool) -> Any:
    """The shape stays; follows keras/src/layers/regularization/gaussian_noise.py."""
    return kept(inputs, shape_of(inputs), eager)


@phase(gaussian_noise, "constructor")
def gaussian_noise_constructor(*, stddev: Any, seed: Any = None) -> None:
    """A deviation between 0 and 1."""
    between_0_and_1(stddev, "stddev", "dropout-rate", "GaussianNoise")


@layer("keras.layers.SpatialDropout1D", machine=MACHINE, rank=3, base=NAME_AND_DTYPE, **CONTEXT)
def spatial_dropout_1d(inputs: Any, training: Any = False, *, rate: Any, eager: bool) -> Any:
    """The shape stays; follows keras/src/layers/regularization/spatial_dropout.py."""
    return _dropped(inputs, training, rate, eager)


@phase(spatial_dropout_1d, "constructor")
def spatial_dropout_1d_constructor(*, rate: Any, seed: Any = None) -> None:
    """A rate between 0 and 1."""
    between_0_and_1(rate, "rate", "dropout-rate", "SpatialDropout1D")


@layer("keras.layers.SpatialDropout2D", machine=MACHINE, rank=4, base=NAME_AND_DTYPE, **CONTEXT)
@layer("keras.layers.SpatialDropout3D", machine=MACHINE, rank=5, base=NAME_AND_DTYPE, **CONTEXT)
def spatial_dropout(inputs: Any, training: Any = False, *, rate: Any, eager: bool) -> Any:
    """The shape stays; follows keras/src/layers/regularization/spatial_dropout.py."""
    return _dropped(inputs, training, rate, eager)


@phase(spatial_dropout, "constructor")
def spatial_dropout_constructor(*, rate: Any, data_format: Any = None, seed: Any = None) -> dict[str, Any]:
    """A rate between 0 and 1, then the data format."""
    between_0_and_1(rate, "rate", "dropout-rate", "SpatialDropout2D")
    return {"data_format": data_format_of(data_format)}


@phase(spatial_dropout_1d, "spec")
@phase(spatial_dropout, "spec")
def spatial_dropout_spec(shape: Any, *, rank: int) -> Spec:
    """Exactly this rank."""
    return Spec(ndim=rank)


def _dropped(inputs: Any, training: Any, rate: Any, eager: bool, *, scales: bool = True) -> Any:
    """What is left where some numbers are dropped; those that stay are scaled, which takes floats (``scales``)."""
    drops = (
        eager and training is not False and training is not None and not (isinstance(rate, (int, float)) and rate <= 0)
    )
    if drops and isinstance(inputs, Tensor) and no_floats(inputs):
        if not scales or training is not True or undecided(rate):
            return NO_RANK  # another operation refuses such numbers
        text = "`x.dtype` must be a floating point tensor as `x` will be scaled. Received: x_dtype="
        python_error("ValueError", f"{text}<dtype: '{inputs.dtype}'>", "inputs")
    return kept(inputs, shape_of(inputs), eager)
