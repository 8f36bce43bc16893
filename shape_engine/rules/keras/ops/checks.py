"""What functions of keras.ops share."""

from __future__ import annotations

from typing import Any

from ....formulas.reduce import missing
from ....problems import RefusedSetting
from ....rule import Call
from ....shape import Unranked
from ....value import Tensor
from ..symbolic import joint, tell

OPEN = Unranked("the shape is not known")


def out_of_bounds(call: Call, axes: list[Any], rank: int, *values: Tensor) -> bool:
    """``canonicalize_axis``: reports the first axis that is not there."""
    axis = missing(axes, rank)
    if axis is not None:
        tell(call, RefusedSetting("axis", axis, "axis-bounds", quoted=(rank,)), values, "axis")
    return axis is not None


def joint_dtype(values: list[Tensor]) -> str | None:
    """The dtype that all of the values have room in."""
    if not values:
        return None
    found: str | None = values[0].dtype
    for x in values[1:]:
        found = joint(found, x.dtype)
    return found
