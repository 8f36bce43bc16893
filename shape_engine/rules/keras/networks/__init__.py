"""``keras.applications``: the networks as models, layer by layer, so that an inner one can be taken by its name."""

from . import convnext as convnext
from . import densenet as densenet
from . import efficientnet as efficientnet
from . import efficientnet_v2 as efficientnet_v2
from . import inception as inception
from . import inception_resnet as inception_resnet
from . import mobilenet as mobilenet
from . import mobilenet_v3 as mobilenet_v3
from . import nasnet as nasnet
from . import resnet as resnet
from . import vgg as vgg
from . import xception as xception
