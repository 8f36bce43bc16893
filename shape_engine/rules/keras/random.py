"""keras.random: arrays of random numbers (keras/src/random/random.py)."""

from __future__ import annotations

from typing import Any

from ...dtypes import dtype_name
from ...rule import Call, function
from ...value import Value
from .ops.creation import created
from .state import GLOBAL


@function("keras.random.normal")
@function("keras.random.uniform")
@function("keras.random.truncated_normal")
def numbers(
    call: Call, shape: Value, mean: Any = None, stddev: Any = None, dtype: Value = None, seed: Any = None, **more: Any
) -> Value:
    """An array of this shape; the numbers' bounds go by other names in ``uniform``."""
    floatx = call.get(GLOBAL, ".floatx") or "float32"
    kind = floatx if dtype is None else dtype_name(dtype)
    return created(call, shape, kind if isinstance(kind, str) else None)
