"""What functions of keras.ops share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....dim import is_dynamic, surely_differ
from ....evidence import report
from ....formulas.reduce import missing
from ....problems import NoSuchAxis, Problem, RefusedInputs, RefusedSetting
from ....rule import Call
from ....shape import Shape, Unranked
from ....value import Tensor
from ..symbolic import is_symbolic_call, joint, tell

OPEN = Unranked("the shape is not known")


def out_of_bounds(
    call: Call, axes: list[Any], rank: int, *values: Tensor, eager: str = "", role: str = "", always: bool = False
) -> bool:
    """``canonicalize_axis``: reports the first axis that is not there.

    Eagerly the operation ``eager`` of TensorFlow finds that out; ``always``: Keras does.
    """
    axis = missing(axes, rank)
    if axis is None:
        return False
    problem = RefusedSetting("axis", axis, "axis-bounds", quoted=(rank,))
    if always and _by_keras(call, values):
        report(problem, blame=("axis",))
    else:
        kernel = NoSuchAxis(op=eager, axis=axis, rank=rank, role=role) if eager else None
        tell(call, problem, values, "axis", eager=kernel)
    return True


def _by_keras(call: Call, values: Sequence[Tensor]) -> bool:
    """Whether eager tensors of TensorFlow's are given to Keras 3."""
    return not is_symbolic_call(values) and call.backend() == "tensorflow" and call.version("keras") >= (3,)


def refuse(
    call: Call,
    of: str,
    why: str,
    values: Sequence[Tensor],
    *blame: str,
    quoted: tuple[Any, ...] = (),
    always: bool = False,
    eager: Any = None,
) -> None:
    """``compute_output_spec`` of ``keras.ops.<of>`` refuses its tensors; what an eager call raises is the backend's.

    ``always``: the function itself does it, whatever tensors it is given.
    """
    problem = RefusedInputs(why, tuple(x.shape for x in values), f"ops.{of}", quoted=quoted)
    if always and _by_keras(call, values):
        report(problem, blame=blame)
    else:
        tell(call, problem, values, *blame, eager=eager)


def report_always(call: Call, problem: Problem, x: Tensor, *blame: str) -> None:
    """Report what the function itself says of any tensor."""
    if _by_keras(call, [x]):
        report(problem, blame=blame)
    else:
        tell(call, problem, [x], *blame)


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
