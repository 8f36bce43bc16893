"""The rules for Keras: importing this package registers them all."""

from ...wording import keras_layers as keras_layers
from . import conv as conv
from . import core as core
from . import merging as merging
from . import normalization as normalization
from . import pooling as pooling
from . import reshaping as reshaping
