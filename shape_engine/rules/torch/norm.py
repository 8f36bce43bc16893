"""Normalisation (torch/nn/modules/batchnorm.py, instancenorm.py, normalization.py)."""

from __future__ import annotations

from typing import Any

from ...dim import Dim, is_dim, surely_differ, surely_equal, surely_no_multiple
from ...problems import TorchRefusal, TorchShapeMismatch, TorchWrongRank
from ...rule import phase
from ...shape import AnyShape, Shape, Unranked, product
from ...value import Tensor
from .checks import dim_of, is_unknown, refuse
from .convolution import SPATIAL_SYMBOLS
from .machine import module
from .trailing import Trailing, last_dim


@module("torch.nn.BatchNorm1d", init="_BatchNorm", owner="_BatchNorm", ranks=(2, 3), words="2D or 3D")
@module("torch.nn.BatchNorm2d", init="_BatchNorm", owner="_BatchNorm", ranks=(4,), words="4D")
@module("torch.nn.BatchNorm3d", init="_BatchNorm", owner="_BatchNorm", ranks=(5,), words="5D")
def batch_norm(
    input: Tensor, *, num_features: Dim, eps: Any = 1e-5, momentum: Any = 0.1, affine: Any = True,
    track_running_stats: Any = True, device: Any = None, dtype: Any = None, bias: Any = True, ranks: tuple[int, ...],
    words: str, training: Any = True,
) -> AnyShape:  # fmt: skip
    """(N, C, *) to the same; RuntimeError for other channels, ValueError for one value per channel in training."""
    shape = input.shape
    if isinstance(shape, Unranked):
        return shape
    if len(shape) not in ranks:
        refuse(TorchWrongRank, "norm-rank", ("input",), words=words, rank=len(shape))
        return shape
    if 0 in (shape[1], num_features):
        return Unranked("normalising no channels is not modelled")
    own_statistics = training is True or track_running_stats is False
    if own_statistics and surely_equal(product((shape[0], *shape[2:])), 1):
        refuse(TorchShapeMismatch, "batch-norm-one", ("input",), shape=shape)
    if surely_differ(shape[1], num_features) and 0 not in shape:
        what = "running_mean" if track_running_stats is True else "weight" if affine is True else ""
        if what and (track_running_stats is True or track_running_stats is False):
            refuse(
                TorchShapeMismatch,
                "batch-norm",
                ("input", "num_features"),
                what=what,
                actual=shape[1],
                own=num_features,
            )
    return shape


@phase(batch_norm, "build")
def batch_norm_weights(*, num_features: Dim, affine: Any = True, bias: Any = True) -> dict[str, Shape]:
    """A factor and an offset for each channel."""
    return _scales(num_features, affine, bias)


@phase(batch_norm, "assume")
def assume_batch(*, num_features: Dim, ranks: tuple[int, ...]) -> Any:
    """A batch with these channels; of a one-dimensional one not even the rank is known."""
    return None if len(ranks) > 1 else ("N", dim_of(num_features), *SPATIAL_SYMBOLS[ranks[0] - 2])


@module("torch.nn.InstanceNorm1d", init="_InstanceNorm", owner="_InstanceNorm", spatial=1)
@module("torch.nn.InstanceNorm2d", init="_InstanceNorm", owner="_InstanceNorm", spatial=2)
@module("torch.nn.InstanceNorm3d", init="_InstanceNorm", owner="_InstanceNorm", spatial=3)
def instance_norm(
    input: Tensor, *, num_features: Dim, eps: Any = 1e-5, momentum: Any = 0.1, affine: Any = False,
    track_running_stats: Any = False, device: Any = None, dtype: Any = None, bias: Any = True, spatial: int,
    training: Any = True,
) -> AnyShape:  # fmt: skip
    """(N, C, *) or (C, *) to the same; other channels only matter with ``affine``."""
    shape = input.shape
    if isinstance(shape, Unranked):
        return shape
    if len(shape) not in (spatial + 1, spatial + 2):
        refuse(TorchWrongRank, "norm-rank", ("input",), words=f"{spatial + 1}D or {spatial + 2}D", rank=len(shape))
        return shape
    axis = len(shape) - spatial - 1
    if 0 in shape:
        return Unranked("normalising nothing is not modelled")
    if surely_differ(shape[axis], num_features):
        if affine is True:
            facts = {"axis": axis, "own": num_features, "actual": shape[axis]}
            refuse(TorchShapeMismatch, "instance-norm", ("input", "num_features"), **facts)
        return shape
    if training is True and track_running_stats is False and surely_equal(product(shape[-spatial:]), 1):
        whole = shape if axis else Shape((1, *shape))
        refuse(TorchShapeMismatch, "instance-norm-one", ("input",), shape=whole)
    return shape


@phase(instance_norm, "build")
def instance_norm_weights(*, num_features: Dim, affine: Any = False, bias: Any = True) -> dict[str, Shape]:
    """A factor and an offset for each channel, with ``affine``."""
    return _scales(num_features, affine, bias)


@phase(instance_norm, "assume")
def assume_instances(*, num_features: Dim, affine: Any = False, spatial: int) -> Any:
    """A batch with these channels."""
    return ("N", dim_of(num_features), *SPATIAL_SYMBOLS[spatial]) if affine is True else None


@module("torch.nn.LayerNorm")
def layer_norm(
    input: Tensor, *, normalized_shape: Any, eps: Any = 1e-5, elementwise_affine: Any = True, bias: Any = True,
    device: Any = None, dtype: Any = None,
) -> AnyShape:  # fmt: skip
    """(*, *normalized_shape) to the same."""
    return check_normalized(input, normalized_shape, "layer-norm")


@module("torch.nn.RMSNorm")
def rms_norm(
    x: Tensor, *, normalized_shape: Any, eps: Any = None, elementwise_affine: Any = True, device: Any = None,
    dtype: Any = None,
) -> AnyShape:  # fmt: skip
    """(*, *normalized_shape) to the same."""
    return check_normalized(x, normalized_shape, "rms-norm")


def check_normalized(x: Tensor, normalized: Any, check: str) -> AnyShape:
    """RuntimeError unless the last axes are the normalised ones."""
    wanted = _wanted(normalized)
    if wanted is None:
        return x.shape
    if isinstance(x.shape, Unranked):
        last = last_dim(x.shape)
        if len(wanted) == 1 and last is not None and surely_differ(last, wanted[0]):
            refuse(
                TorchShapeMismatch,
                check,
                ("input", "normalized_shape"),
                wanted=wanted,
                shape=x.shape,
                star=", ".join(map(str, wanted)),
            )
        return x.shape
    if len(x.shape) < len(wanted) or any(map(surely_differ, x.shape[-len(wanted) :], wanted)):
        facts = {"wanted": wanted, "shape": x.shape, "star": ", ".join(map(str, wanted))}
        refuse(TorchShapeMismatch, check, ("input", "normalized_shape"), **facts)
    return x.shape


@phase(layer_norm, "build")
def layer_norm_weights(*, normalized_shape: Any, elementwise_affine: Any = True, bias: Any = True) -> dict[str, Shape]:
    """A factor and an offset for each normalised element."""
    wanted = _wanted(normalized_shape)
    names = ("weight", "bias") if bias is True else ("weight",)
    return dict.fromkeys(names, Shape(wanted)) if wanted is not None and elementwise_affine is True else {}


@phase(rms_norm, "build")
def rms_norm_weights(*, normalized_shape: Any, elementwise_affine: Any = True) -> dict[str, Shape]:
    """A factor for each normalised element."""
    wanted = _wanted(normalized_shape)
    return {"weight": Shape(wanted)} if wanted is not None and elementwise_affine is True else {}


@phase(layer_norm, "assume")
@phase(rms_norm, "assume")
def assume_normalized(*, normalized_shape: Any) -> Any:
    """Any axes in front."""
    wanted = _wanted(normalized_shape)
    return None if not wanted else Trailing("any axes may stand in front", wanted)


def _wanted(normalized: Any) -> tuple[Dim, ...] | None:
    dims = normalized if isinstance(normalized, (tuple, list)) else (normalized,)
    return tuple(dims) if dims and all(is_dim(n) for n in dims) else None


@module("torch.nn.GroupNorm")
def group_norm(
    input: Tensor, *, num_groups: Any, num_channels: Dim, eps: Any = 1e-5, affine: Any = True, device: Any = None,
    dtype: Any = None, bias: Any = True,
) -> AnyShape:  # fmt: skip
    """(N, C, *) to the same; RuntimeError for other channels."""
    shape = input.shape
    if isinstance(shape, Unranked) or len(shape) < 2:
        return shape
    if surely_no_multiple(shape[1], num_groups):
        refuse(TorchShapeMismatch, "group-norm-groups", ("input", "num_groups"), shape=shape, groups=num_groups)
    elif affine is True and surely_differ(shape[1], num_channels):
        refuse(TorchShapeMismatch, "group-norm", ("input", "num_channels"), own=(num_channels,), shape=shape)
    return shape


@phase(group_norm, "constructor")
def check_group_norm(*, num_groups: Any, num_channels: Dim) -> dict[str, Any]:
    """ValueError where the groups do not divide the channels."""
    if surely_no_multiple(num_channels, num_groups) and not is_unknown(num_groups):
        refuse(
            TorchRefusal,
            "group-norm-constructor",
            ("num_channels", "num_groups"),
            channels=num_channels,
            groups=num_groups,
        )
    return {}


@phase(group_norm, "build")
def group_norm_weights(*, num_channels: Dim, affine: Any = True, bias: Any = True) -> dict[str, Shape]:
    """A factor and an offset for each channel."""
    return _scales(num_channels, affine, bias)


def _scales(channels: Dim, affine: Any, bias: Any) -> dict[str, Shape]:
    names = ("weight", "bias") if bias is True else ("weight",)
    return dict.fromkeys(names, Shape((dim_of(channels),))) if affine is True else {}


@module("torch.nn.LocalResponseNorm", neutral=("alpha", "beta", "k"), keeps=True)
def local_response_norm(input: Tensor, *, size: Any) -> AnyShape:
    """The same shape."""
    return input.shape
