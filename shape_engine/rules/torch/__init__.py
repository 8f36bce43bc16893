"""PyTorch: modules, functions and tensors.  Importing the package registers its rules and its words."""

from ...wording import torch as _words
from . import (
    activation,
    axes,
    container,
    conv,
    conv_transpose,
    creation,
    elementwise,
    indexing,
    initialising,
    joining,
    linear,
    loss,
    norm,
    pooling,
    products,
    recurrent,
    reduction,
    repeating,
    reshaping,
    splitting,
    tensor,
    view,
    walking,
)

__all__ = [
    "_words", "activation", "axes", "container", "conv", "conv_transpose", "creation", "elementwise", "indexing", "initialising", "joining", "linear", "loss",
    "norm", "pooling", "products", "recurrent", "reduction", "repeating", "reshaping", "splitting", "tensor", "view", "walking",
]  # fmt: skip
