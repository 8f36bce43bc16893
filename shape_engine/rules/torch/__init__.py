"""PyTorch: modules, functions and tensors.  Importing the package registers its rules and its words."""

from ...wording import torch as _words
from . import container, conv, creation, elementwise, linear, manipulation, tensor

__all__ = ["_words", "container", "conv", "creation", "elementwise", "linear", "manipulation", "tensor"]
