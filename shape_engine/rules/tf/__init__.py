"""TensorFlow's functions, tensors and operators (Keras is a framework of its own)."""

from ...wording import tensorflow as wording
from ...wording import tensorflow_arguments as arguments
from ...wording import tensorflow_data as data_wording
from ...wording import tensorflow_shapes as shapes
from . import compat as compat
from . import counting as counting
from . import creation as creation
from . import data as data
from . import data_stages as data_stages
from . import elementwise as elementwise
from . import examples as examples
from . import flow as flow
from . import generators as generators
from . import gone as gone
from . import image as image
from . import joining as joining
from . import linalg as linalg
from . import lookup as lookup
from . import loops as loops
from . import matrices as matrices
from . import nn as nn
from . import old_layers as old_layers
from . import ragged as ragged
from . import reduction as reduction
from . import scopes as scopes
from . import sessions as sessions
from . import shaping as shaping
from . import signal as signal
from . import tape as tape
from . import tensor as tensor
from . import texts as texts

compat.same_names()

__all__ = ["arguments", "data_wording", "shapes", "wording"]
