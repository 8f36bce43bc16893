"""``torch.nn.Linear``, ``Bilinear``, ``Identity`` (torch/nn/modules/linear.py)."""

from __future__ import annotations

from typing import Any

from ...dim import Dim, surely_differ
from ...evidence import report
from ...formulas.contract import projected
from ...problems import ChannelMismatch, TorchRefusal, TorchWrongDtype, TorchWrongRank
from ...rule import Call, function, phase
from ...shape import AnyShape, Shape, Unranked
from ...value import Tensor, Value
from .checks import CPP_NAMES, SCALAR_NAMES, dim_of, is_unknown, ranked, refuse, tensor_of, type_name, unranked
from .conv_settings import check_weight
from .machine import module
from .trailing import Trailing, last_dim


@module("torch.nn.Linear")
def linear(
    input: Tensor, *, in_features: Dim, out_features: Dim, bias: Any = True, device: Any = None, dtype: Any = None
) -> AnyShape:
    """(*, in_features) to (*, out_features); RuntimeError where the last axis has another length."""
    has_bias = None if is_unknown(bias) else bool(bias)
    return linear_map(input, Shape((dim_of(out_features), dim_of(in_features))), dtype, has_bias)


@phase(linear, "constructor")
def construct(
    *, in_features: Dim, out_features: Dim, bias: Any = True, device: Any = None, dtype: Any = None
) -> dict[str, Any]:
    """What ``torch.empty((out_features, in_features))`` refuses."""
    if out_features is None:
        refuse(TorchRefusal, "empty-first", ("out_features",), type="NoneType")
    else:
        check_weight((out_features, in_features), dtype, ("out_features", "in_features"))
    return {}


@phase(linear, "build")
def weights(*, in_features: Dim, out_features: Dim, bias: Any = True) -> dict[str, Shape]:
    """``weight`` (out_features, in_features) and ``bias`` (out_features,)."""
    weight = Shape((dim_of(out_features), dim_of(in_features)))
    return {"weight": weight} | ({"bias": Shape(weight[:1])} if bias and not is_unknown(bias) else {})


@phase(linear, "assume")
def assume(*, in_features: Dim) -> AnyShape:
    """Any number of axes, the last of which is known."""
    return Trailing("any axes may stand in front", (dim_of(in_features),))


@phase(linear, "refuse")
def refuse_type(input: Value) -> None:
    """Something that is no tensor."""
    refuse_no_tensor("linear", "input", input)


def refuse_no_tensor(function: str, parameter: str, value: Value) -> None:
    """``linear(): argument 'input' (position 1) must be Tensor, not tuple``."""
    kind = type_name(value)
    if kind is not None and kind != "Tensor":
        refuse(TorchRefusal, "not-a-tensor", (parameter,), function=function, parameter=parameter, type=kind)


def linear_map(x: Tensor, weight: Shape, dtype: str | None, has_bias: bool | None) -> AnyShape:
    """``x @ weight.T``; the checks of aten's ``linear`` in their order."""
    units, features = weight
    last = last_dim(x.shape)
    if last is None and isinstance(x.shape, Shape):
        refuse(TorchWrongRank, "linear-rank", ("input",), rank=0)
        return Unranked("the input of Linear has no axis")
    differs = last is not None and surely_differ(last, features)
    if x.dtype is not None and dtype is not None and x.dtype != dtype:
        known = x.dtype in SCALAR_NAMES and dtype in SCALAR_NAMES
        if not known or has_bias is None:
            refuse(TorchWrongDtype, "linear-dtype-or-shape", ("input",))
        elif has_bias:  # the bias makes it another kernel, which looks at the dtypes first
            names = {"input": SCALAR_NAMES[x.dtype], "weight": SCALAR_NAMES[dtype]}
            refuse(TorchWrongDtype, "linear-dtype", ("input",), **names)
        elif differs:
            _report_mismatch(x, features, units)
        else:
            names = {"input": CPP_NAMES[x.dtype], "weight": CPP_NAMES[dtype]}
            refuse(TorchWrongDtype, "linear-dtype-without-bias", ("input",), **names)
    elif differs:
        _report_mismatch(x, features, units)
    if isinstance(x.shape, Unranked):
        return Trailing("any axes may stand in front", (units,))
    return projected(x.shape, units)


def _report_mismatch(x: Tensor, features: Dim, units: Dim) -> None:
    actual = last_dim(x.shape) if isinstance(x.shape, Unranked) else x.shape[-1]
    problem = ChannelMismatch(actual, features, -1, x.shape, "linear", (features, units))
    report(problem, blame=("input", "in_features"))


@module("torch.nn.Identity", keeps=True, ignores_arguments=True)
def identity(input: Tensor) -> Tensor:
    """Its input; whatever it is constructed with is ignored."""
    return input


@function("torch.nn.functional.linear")
def linear_function(call: Call, input: Value, weight: Value, bias: Value = None) -> Value:
    """``x @ weight.T + bias``, with a weight of the caller's."""
    x, rows = tensor_of(input), ranked(weight)
    if x is None or rows is None or not isinstance(rows.shape, Shape) or len(rows.shape) != 2:
        return unranked(input)
    return Tensor(
        linear_map(x, rows.shape, rows.dtype, bias is not None), x.dtype if x.dtype == rows.dtype else None, "torch"
    )


@module("torch.nn.Bilinear", neutral=("bias", "device", "dtype"))
def bilinear(input1: Tensor, input2: Any, *, in1_features: Dim, in2_features: Dim, out_features: Dim) -> AnyShape:
    """(*, in1), (*, in2) to (*, out)."""
    other = tensor_of(input2)
    if other is None or isinstance(input1.shape, Unranked) or isinstance(other.shape, Unranked):
        return Unranked("an input is not known")
    if input1.shape[:-1] != other.shape[:-1] or not input1.shape:
        return Unranked("the leading axes may differ")
    return projected(input1.shape, dim_of(out_features))
