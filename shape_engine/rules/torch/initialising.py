"""``torch.nn.init``: filling tensors in place (torch/nn/init.py)."""

from __future__ import annotations

from ...rule import Call, function
from ...value import Assumed, Tensor, Unknown, Value

NAMES = (
    "uniform_", "normal_", "trunc_normal_", "constant_", "ones_", "zeros_", "eye_", "dirac_", "xavier_uniform_",
    "xavier_normal_", "kaiming_uniform_", "kaiming_normal_", "orthogonal_", "sparse_",
)  # fmt: skip


def fill(call: Call, tensor: Value, *args: Value, **kwargs: Value) -> Value:
    """The tensor itself."""
    return tensor if isinstance(tensor, (Tensor, Assumed)) else Unknown("something that is filled")


for _name in NAMES:
    function(f"torch.nn.init.{_name}")(fill)
