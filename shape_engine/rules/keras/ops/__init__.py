"""keras.ops: functions that work on symbolic and eager tensors alike.

Symbolic calls follow the ``compute_output_spec`` of keras/src/ops/numpy.py, nn.py and core.py, with their
exceptions; what an eager call raises is the backend's and is not predicted here.
"""

from ....rule import REGISTRY, alias
from . import creation as creation
from . import elementwise as elementwise
from . import joining as joining
from . import reduction as reduction
from . import shaping as shaping

for _target in [target for target in REGISTRY.rules if target.startswith("keras.ops.")]:
    _last = _target.rpartition(".")[2]
    alias(_target, *(f"keras.ops.{module}.{_last}" for module in ("numpy", "nn", "core", "math")))
