"""What TensorFlow raises below a loss or a metric of Keras 3, eagerly, where a step is traced, and where it runs."""

from __future__ import annotations

from typing import Any

from ..dim import is_dynamic
from ..formulas.broadcast import clash
from ..problems import OperandMismatch
from . import Raised, Version, words
from .keras import exactly, said
from .tensorflow import DEVICE

NODES = {"Sub": "sub", "Mul": "mul", "RealDiv": "truediv"}
"""What the node of an operation is called."""


@words(OperandMismatch, "keras")
def operand_mismatch(problem: OperandMismatch, version: Version) -> Raised:
    """Shape inference while tracing (the leftmost axis), a kernel eagerly; the text of a running graph quotes frames."""
    op, (left, right) = problem.op, problem.shapes[:2]
    node = f"{problem.of}/{NODES.get(op, op)}" if problem.of else NODES.get(op, op)
    if problem.stage == "run":
        return Raised("InvalidArgumentError", "Graph execution error:\n\nDetected at node ?", exact=False)
    if problem.stage == "eager":
        text = f"{{{{function_node __wrapped__{op}{DEVICE}Incompatible shapes: {_shaped(left)} vs. {_shaped(right)} [Op:{op}] name: "
        return Raised("InvalidArgumentError", text, exactly(left, right))
    one, other = _pair(left, right)
    text = (
        f"Dimensions must be equal, but are {said(one)} and {said(other)} for '{{{{node {node}}}}} = {op}[T=DT_FLOAT](...)' "
        f"with input shapes: {_shaped(left)}, {_shaped(right)}."
    )
    return Raised("ValueError", text, exactly(left, right))


def _shaped(shape: Any) -> str:
    return f"[{','.join('?' if is_dynamic(dim) else said(dim) for dim in shape)}]"


def _pair(left: Any, right: Any) -> tuple[Any, Any]:
    """The two lengths on the leftmost axis that do not fit."""
    fixed = [tuple(1 if is_dynamic(dim) else dim for dim in shape) for shape in (left, right)]
    axis = clash(*fixed)
    rank = max(map(len, fixed))
    padded = [(1,) * (rank - len(shape)) + shape for shape in fixed]
    return (padded[0][axis], padded[1][axis]) if axis is not None else ("?", "?")
