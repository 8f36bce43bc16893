"""TensorFlow's functions, tensors and operators (Keras is a framework of its own)."""

from ...wording import tensorflow as wording
from ...wording import tensorflow_arguments as arguments
from ...wording import tensorflow_data as data_wording
from ...wording import tensorflow_shapes as shapes
from . import creation as creation
from . import data as data
from . import data_stages as data_stages
from . import elementwise as elementwise
from . import flow as flow
from . import joining as joining
from . import linalg as linalg
from . import nn as nn
from . import reduction as reduction
from . import shaping as shaping
from . import tensor as tensor

__all__ = ["arguments", "data_wording", "shapes", "wording"]
