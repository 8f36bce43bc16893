"""Modules that keep the shape of their input: activations, dropout (torch/nn/modules/activation.py, dropout.py)."""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, surely_differ, surely_no_multiple
from ...problems import TorchRefusal, TorchShapeMismatch
from ...rule import Call, function, phase
from ...shape import AnyShape, Shape, Unranked
from ...value import Assumed, Tensor, Unknown, Value
from .checks import axis_of, fresh, is_int, ranked, refuse, unranked
from .elementwise import float_result
from .machine import module


@module("torch.nn.ReLU", neutral=("inplace",), keeps=True)
@module("torch.nn.ReLU6", neutral=("inplace",), keeps=True, owner="Hardtanh")
@module("torch.nn.LeakyReLU", neutral=("negative_slope", "inplace"), keeps=True)
@module("torch.nn.RReLU", neutral=("lower", "upper", "inplace"), keeps=True)
@module("torch.nn.ELU", neutral=("alpha", "inplace"), keeps=True)
@module("torch.nn.CELU", neutral=("alpha", "inplace"), keeps=True)
@module("torch.nn.SELU", neutral=("inplace",), keeps=True)
@module("torch.nn.GELU", neutral=("approximate",), keeps=True)
@module("torch.nn.SiLU", neutral=("inplace",), keeps=True)
@module("torch.nn.Mish", neutral=("inplace",), keeps=True)
@module("torch.nn.Hardswish", neutral=("inplace",), keeps=True)
@module("torch.nn.Hardsigmoid", neutral=("inplace",), keeps=True)
@module("torch.nn.Hardtanh", neutral=("min_val", "max_val", "inplace", "min_value", "max_value"), keeps=True)
@module("torch.nn.Hardshrink", neutral=("lambd",), keeps=True)
@module("torch.nn.Softshrink", neutral=("lambd",), keeps=True)
@module("torch.nn.Tanhshrink", keeps=True)
@module("torch.nn.Softplus", neutral=("beta", "threshold"), keeps=True)
@module("torch.nn.Softsign", keeps=True)
@module("torch.nn.LogSigmoid", keeps=True)
def activation(input: Tensor) -> Tensor:
    """The same shape and dtype."""
    return input


@module("torch.nn.Sigmoid", keeps=True)
@module("torch.nn.Tanh", keeps=True)
def fractional(input: Tensor) -> Tensor:
    """The same shape; whole numbers become float32."""
    return Tensor(input.shape, float_result(input.dtype), "torch")


@module("torch.nn.Dropout", neutral=("inplace",), keeps=True, init="_DropoutNd")
@module("torch.nn.Dropout1d", neutral=("inplace",), keeps=True, init="_DropoutNd")
@module("torch.nn.Dropout2d", neutral=("inplace",), keeps=True, init="_DropoutNd")
@module("torch.nn.Dropout3d", neutral=("inplace",), keeps=True, init="_DropoutNd")
@module("torch.nn.AlphaDropout", neutral=("inplace",), keeps=True, init="_DropoutNd")
@module("torch.nn.FeatureAlphaDropout", neutral=("inplace",), keeps=True, init="_DropoutNd")
def dropout(input: Tensor, *, p: Any = 0.5) -> Tensor:
    """The same shape; ValueError for a probability outside 0 ... 1, when it is constructed."""
    return input


@phase(dropout, "constructor")
def check_probability(*, p: Any = 0.5) -> dict[str, Any]:
    """ValueError for a probability outside 0 ... 1."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        refuse(TorchRefusal, "dropout", ("p",), p=p)
    return {}


@module("torch.nn.Softmax", keeps=True)
@module("torch.nn.LogSoftmax", keeps=True)
@module("torch.nn.Softmin", keeps=True)
def softmax(input: Tensor, *, dim: Any = None) -> Tensor:
    """The same shape; IndexError where there is no such axis."""
    if input.rank is not None and is_int(dim):
        axis_of(dim, input.rank, ("dim", "input"))
    return input


@module("torch.nn.PReLU", neutral=("init", "device", "dtype"), keeps=True)
def prelu(input: Tensor, *, num_parameters: Any = 1) -> Tensor:
    """The same shape; RuntimeError unless there is one parameter, or one for each channel."""
    channels = input.shape[1] if isinstance(input.shape, Shape) and len(input.shape) > 1 else None
    if is_int(num_parameters) and num_parameters > 1 and surely_differ(channels, num_parameters):
        facts = {"count": num_parameters, "channels": channels}
        refuse(TorchShapeMismatch, "prelu", ("num_parameters", "input"), **facts)
    return input


@phase(prelu, "build")
def prelu_weights(*, num_parameters: Any = 1) -> dict[str, Shape]:
    """One slope, or one for each channel."""
    return {"weight": Shape((num_parameters,))} if is_dim(num_parameters) else {}


@module("torch.nn.GLU")
def glu(input: Tensor, *, dim: Any = -1) -> AnyShape:
    """One half of an axis gates the other; RuntimeError where its length is odd."""
    return _halved(input, dim)


@function("torch.nn.functional.glu")
def glu_function(call: Call, input: Value, dim: Value = -1) -> Value:
    """See :func:`glu`."""
    x = ranked(input)
    return unranked(input) if x is None else Tensor(_halved(x, dim), x.dtype, "torch")


def _halved(x: Tensor, dim: Any) -> AnyShape:
    if not isinstance(x.shape, Shape) or not x.shape:
        return Unranked("the rank of the input is not known")
    axis = axis_of(dim, len(x.shape), ("dim", "input"))
    if axis is None:
        return Unranked("the axis is not known")
    length = x.shape[axis]
    if surely_no_multiple(length, 2):
        refuse(TorchShapeMismatch, "glu", ("input", "dim"), axis=axis, size=length)
        return Shape((*x.shape[:axis], fresh("glu", x.shape), *x.shape[axis + 1 :]))
    return Shape((*x.shape[:axis], length // 2, *x.shape[axis + 1 :]))


def kept(call: Call, input: Value, *args: Value, **kwargs: Value) -> Value:
    """A function that keeps shape and dtype."""
    if isinstance(input, Assumed):
        return input
    return Tensor(input.shape, input.dtype, "torch") if isinstance(input, Tensor) else Unknown("no tensor")


def kept_fractional(call: Call, input: Value, *args: Value, **kwargs: Value) -> Value:
    """A function that keeps the shape and gives fractions."""
    if isinstance(input, Assumed):
        return input
    return (
        Tensor(input.shape, float_result(input.dtype), "torch") if isinstance(input, Tensor) else Unknown("no tensor")
    )


@function("torch.nn.functional.dropout")
@function("torch.dropout")
@function("torch.nn.functional.dropout1d")
@function("torch.nn.functional.dropout2d")
@function("torch.nn.functional.dropout3d")
@function("torch.nn.functional.alpha_dropout")
def dropout_function(call: Call, input: Value, p: Value = 0.5, *args: Value, **kwargs: Value) -> Value:
    """The same shape; ValueError for a probability outside 0 ... 1."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        refuse(TorchRefusal, "dropout", ("p",), p=p)
    return kept(call, input)


def _register() -> None:
    for name in (
        "relu", "relu_", "relu6", "leaky_relu", "leaky_relu_", "rrelu", "elu", "celu", "selu", "gelu", "silu", "mish",
        "hardswish", "hardsigmoid", "hardtanh", "hardshrink", "softshrink", "tanhshrink", "softplus", "softsign",
        "logsigmoid", "normalize", "threshold",
    ):  # fmt: skip
        function(f"torch.nn.functional.{name}")(kept)
    for name in ("sigmoid", "tanh"):
        function(f"torch.nn.functional.{name}")(kept_fractional)


_register()
