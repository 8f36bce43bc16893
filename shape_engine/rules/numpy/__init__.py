"""NumPy's functions, arrays and operators."""

from ...wording import numpy as wording
from . import creation as creation
from . import decomposition as decomposition
from . import elementwise as elementwise
from . import gone as gone
from . import joining as joining
from . import linalg as linalg
from . import ndarray as ndarray
from . import random as random
from . import reduction as reduction
from . import shaping as shaping
from . import signals as signals

__all__ = ["wording"]
