"""What functions of keras.ops share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....dim import is_dynamic, surely_differ
from ....evidence import report
from ....formulas.reduce import missing
from ....problems import RefusedInputs, RefusedSetting
from ....rule import Call
from ....shape import Shape, Unranked
from ....value import Tensor
from ..symbolic import is_symbolic_call, joint, tell

OPEN = Unranked("the shape is not known")


def out_of_bounds(call: Call, axes: list[Any], rank: int, *values: Tensor) -> bool:
    """``canonicalize_axis``: reports the first axis that is not there."""
    axis = missing(axes, rank)
    if axis is not None:
        tell(call, RefusedSetting("axis", axis, "axis-bounds", quoted=(rank,)), values, "axis")
    return axis is not None


def refuse(
    call: Call,
    of: str,
    why: str,
    values: Sequence[Tensor],
    *blame: str,
    quoted: tuple[Any, ...] = (),
    always: bool = False,
) -> None:
    """``compute_output_spec`` of ``keras.ops.<of>`` refuses its tensors; what an eager call raises is the backend's.

    ``always``: the function itself does it, whatever tensors it is given.
    """
    problem = RefusedInputs(why, tuple(x.shape for x in values), f"ops.{of}", quoted=quoted)
    if always and not is_symbolic_call(values) and call.backend() == "tensorflow" and call.version("keras") >= (3,):
        report(problem, blame=blame)
    else:
        tell(call, problem, values, *blame)


def apart(one: Any, other: Any) -> bool:
    """Whether Python calls two lengths unequal: None is as good as any other there."""
    return (
        surely_differ(one, other)
        or (is_dynamic(one) and type(other) is int)
        or (type(one) is int and is_dynamic(other))
    )


def unlike(one: Shape, other: Shape) -> bool:
    """Whether Python calls two shapes unequal."""
    return len(one) != len(other) or any(map(apart, one, other))


def joint_dtype(values: list[Tensor]) -> str | None:
    """The dtype that all of the values have room in."""
    if not values:
        return None
    found: str | None = values[0].dtype
    for x in values[1:]:
        found = joint(found, x.dtype)
    return found
