"""The rules for Keras: importing this package registers them all."""

from ...wording import keras_layers as keras_layers
from ...wording import keras_settings as keras_settings
from ...wording import keras_tensorflow as keras_tensorflow
from . import activations as activations
from . import applications as applications
from . import config as config
from . import conv as conv
from . import conv_transpose as conv_transpose
from . import core as core
from . import depthwise as depthwise
from . import input_layer as input_layer
from . import keras_tensor as keras_tensor
from . import legacy as legacy
from . import merging as merging
from . import methods as methods
from . import models as models
from . import normalization as normalization
from . import ops as ops
from . import ops_numbers as ops_numbers
from . import pooling as pooling
from . import reshaping as reshaping
from . import separable as separable
from . import symbolic as symbolic
from . import training as training
from . import user_layers as user_layers
