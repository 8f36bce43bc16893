"""PyTorch: modules, functions and tensors.  Importing the package registers its rules and its words."""

from ...wording import torch as _words
from . import (
    activation,
    arranging,
    axes,
    container,
    conv,
    conv_transpose,
    creation,
    data,
    einops,
    elementwise,
    functional_norm,
    indexing,
    initialising,
    joining,
    linear,
    loss,
    measuring,
    norm,
    pooling,
    products,
    recurrent,
    reduction,
    repeating,
    reshaping,
    spectrum,
    splitting,
    tensor,
    view,
    walking,
)

__all__ = [
    "_words", "activation", "arranging", "axes", "container", "conv", "conv_transpose", "creation", "data", "einops", "elementwise", "functional_norm", "indexing", "initialising", "joining", "linear", "loss",
    "measuring", "norm", "pooling", "products", "recurrent", "reduction", "repeating", "reshaping", "spectrum", "splitting", "tensor", "view", "walking",
]  # fmt: skip
