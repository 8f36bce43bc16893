"""keras.KerasTensor: a symbolic tensor made by hand; follows keras/src/backend/common/keras_tensor.py."""

from __future__ import annotations

from typing import Any

from ...rule import Call, alias, function
from ...value import Tensor, shape_from
from .state import auto_name


@function("keras.KerasTensor")
def keras_tensor(
    call: Call,
    shape: Any,
    dtype: Any = "float32",
    sparse: Any = False,
    ragged: Any = False,
    record_history: Any = True,
    name: Any = None,
    ragged_rank: Any = None,
    row_splits_dtype: Any = None,
) -> Tensor:
    """A tensor of that shape, None for a length left open."""
    name = name if isinstance(name, str) else auto_name(call, "KerasTensor")
    return Tensor(shape_from(shape, (call.site, name)), dtype if isinstance(dtype, str) else None, "keras", name=name)


alias("keras.KerasTensor", "keras.backend.KerasTensor")
