"""What a graph changes: where a length is open, TensorFlow is tracing, and only shape inference complains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from ... import evidence
from ...dim import is_dynamic
from ...problems import (
    ArrayProblem,
    BadArgument,
    BadIndex,
    DtypeMismatch,
    EmptyReduction,
    IndexOutOfRange,
    InnerMismatch,
    NoSuchAxis,
    Problem,
    RepeatedAxis,
    UnevenSplit,
    WrongLength,
    WrongPermutation,
)
from ...rule import Call
from ...shape import Shape
from ...value import Instance, Known, tensors_in
from ..arrays import definer

F = TypeVar("F", bound=Callable[..., Any])

GLOBAL = Instance(("tf", 0), Known("tf"))
"""The place in the store for TensorFlow's global state: ".graph" tells that eager execution is disabled."""

_tracing: ContextVar[bool] = ContextVar("tracing", default=False)
_define = definer("tensorflow", "tf")


def define(*targets: str, **fixed: Any) -> Callable[[F], F]:
    """Register a function of TensorFlow; see ``arrays.definer``."""

    def register(rule: F) -> F:
        @wraps(rule)
        def run(call: Call, *args: Any, **kwargs: Any) -> Any:
            token = _tracing.set(_is_open([*args, *kwargs.values()]) or in_graph(call))
            try:
                return rule(call, *args, **kwargs)
            finally:
                _tracing.reset(token)

        _define(*targets, **fixed)(run)
        return rule

    return register


def in_graph(call: Call) -> bool:
    """Whether a graph is built all the time, as TensorFlow 1 did (or may be: branches may differ)."""
    return call.get(GLOBAL, ".graph", False) is not False


def report(problem: Problem, *, blame: Sequence[str] = ()) -> None:
    """Report a problem, marked if a graph is traced; what a graph finds out when it runs is not reported."""
    if not _tracing.get():
        evidence.report(problem, blame=blame)
    elif isinstance(problem, ArrayProblem) and _is_inferred(problem):
        evidence.report(replace(problem, graph=True), blame=blame)


def _is_open(values: Sequence[Any]) -> bool:
    return any(isinstance(x.shape, Shape) and any(map(is_dynamic, x.shape)) for x in tensors_in(list(values)))


def _is_inferred(problem: ArrayProblem) -> bool:
    """Whether tracing finds the mistake (shape functions in core/framework and core/ops, checks in Python)."""
    match problem:
        case RepeatedAxis() | EmptyReduction() | BadIndex():
            return False
        case NoSuchAxis(op=op, axis=axis):
            return op not in ("Cumsum", "Cumprod", "Roll", "ReverseV2") and not (op.startswith("Arg") and axis < 0)
        case IndexOutOfRange(op=op) | WrongLength(op=op):
            return op not in ("GatherV2", "GatherNd")
        case WrongPermutation(shape=shape, order=order):
            return len(order) != len(shape) or not all(-len(shape) <= axis < len(shape) for axis in order)
        case UnevenSplit(op=op):
            return op == "Split"
        case InnerMismatch(left=left, right=right):
            return not any(map(is_dynamic, (*left[-2:], *right[-2:]))) or len(left) > 2 or _both_known(left, right)
        case DtypeMismatch():
            return True
        case BadArgument(op=op):
            return op in ("BiasAdd", "boolean_mask", "resize", "Conv2D", "dropout", "clip", "convert") or op.endswith(
                "cross entropy"
            )
    return True


def _both_known(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    """Whether the lengths that are summed over are numbers, not products with an open length."""
    return isinstance(left[-1], int) and isinstance(right[-2] if len(right) > 1 else right[0], int)
