"""PyTorch: modules, functions and tensors.  Importing the package registers its rules and its words."""

from ...wording import torch as _words
from . import (
    activation,
    container,
    conv,
    conv_transpose,
    creation,
    elementwise,
    linear,
    loss,
    manipulation,
    norm,
    pooling,
    recurrent,
    reshaping,
    tensor,
)

__all__ = [
    "_words", "activation", "container", "conv", "conv_transpose", "creation", "elementwise", "linear", "loss", "manipulation", "norm", "pooling", "recurrent", "reshaping", "tensor",
]  # fmt: skip
