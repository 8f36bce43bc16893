"""Normalisation as functions, and other functions of torch.nn.functional that keep the shape of their input."""

from __future__ import annotations

from ...rule import Call, function
from ...value import Assumed, Tensor, Value
from .checks import unranked

NAMES = (
    "layer_norm", "rms_norm", "group_norm", "batch_norm", "instance_norm", "local_response_norm", "prelu",
    "channel_shuffle", "gumbel_softmax",
)  # fmt: skip


def same(call: Call, input: Value, *args: Value, **kwargs: Value) -> Value:
    """The shape of the input."""
    return Tensor(input.shape, input.dtype, "torch") if isinstance(input, Tensor) else unranked(input)


def in_place(call: Call, input: Value, *args: Value, **kwargs: Value) -> Value:
    """The tensor itself."""
    return input if isinstance(input, (Tensor, Assumed)) else unranked(input)


def _register() -> None:
    for name in NAMES:
        function(f"torch.nn.functional.{name}")(same)
    for name in (
        "index_copy_", "index_fill_", "index_put_", "masked_scatter", "scatter_reduce", "addcmul_",
        "fill_diagonal_", "exponential_", "random_", "trunc_", "floor_", "share_memory_", "triu_", "tril_", "addmm_",
    ):  # fmt: skip
        function(f"torch.Tensor.{name}")(in_place)


_register()
