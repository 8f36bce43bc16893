"""keras.ops: functions that work on symbolic and eager tensors alike.

Symbolic calls follow the ``compute_output_spec`` of keras/src/ops/numpy.py, nn.py and core.py, with their
exceptions; what an eager call raises is the backend's and is not predicted here.
"""

from ....rule import REGISTRY, alias
from . import control as control
from . import convolution as convolution
from . import creation as creation
from . import diagonals as diagonals
from . import elementwise as elementwise
from . import image as image
from . import joining as joining
from . import matrices as matrices
from . import networks as networks
from . import picking as picking
from . import products as products
from . import reduction as reduction
from . import shaping as shaping
from . import signals as signals

for _target in [target for target in REGISTRY.rules if target.startswith("keras.ops.") and target.count(".") == 2]:
    _last = _target.rpartition(".")[2]
    alias(_target, *(f"keras.ops.{module}.{_last}" for module in ("numpy", "nn", "linalg", "core", "math")))
