"""``keras.applications``: the networks as models, layer by layer, so that an inner one can be taken by its name."""

from . import densenet as densenet
from . import efficientnet as efficientnet
from . import inception as inception
from . import mobilenet as mobilenet
from . import resnet as resnet
from . import vgg as vgg
from . import xception as xception
