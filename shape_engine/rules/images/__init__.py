"""Pictures on their way to an array: PIL, OpenCV and scikit-image."""

from . import opencv as opencv
from . import pil as pil
from . import scikit as scikit
