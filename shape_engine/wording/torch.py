"""The words of PyTorch 2 on the CPU: exception types and texts.

The shared problems are worded by functions, for each layer that raises them; every other check is a
line in ``torch_checks.py``, a template that the facts of the problem fill in.
"""

from __future__ import annotations

from string import Formatter
from typing import Any

from ..dim import is_symbolic
from ..problems import ChannelMismatch, GroupsDoNotDivide, NotPositive, Problem, WindowTooBig, WrongRank
from ..problems_torch import TorchRefusal
from ..shape import Unranked
from . import Raised, Version, words
from .torch_checks import CHECKS


@words(TorchRefusal, "torch")
def refusal(problem: TorchRefusal, version: Version) -> Raised:
    """A check of the table; a check without a text is one whose words depend on the kernel that runs."""
    facts = dict(problem.given)
    if problem.check == "python":
        return Raised(facts["type"], facts["text"])
    kind, template = CHECKS[problem.check]
    return _raised(kind, template, problem, **facts)


@words(WrongRank, "torch")
def wrong_rank(problem: WrongRank, version: Version) -> Raised:
    """``Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [8, 8]``."""
    template = "Expected {least}D (unbatched) or {most}D (batched) input to {layer}, but got input of size: {shape}"
    return _raised("RuntimeError", template, problem, **problem.facts)


@words(ChannelMismatch, "torch")
def channel_mismatch(problem: ChannelMismatch, version: Version) -> Raised:
    """A convolution, transposed or not, or a matrix product."""
    if problem.layer == "linear":
        rows: Any = 1
        for dim in () if isinstance(problem.shape, Unranked) else problem.shape[:-1]:
            rows = rows * dim
        if isinstance(problem.shape, Unranked):
            rows = problem.shape
        template = "mat1 and mat2 shapes cannot be multiplied ({rows}x{actual} and {weight:x})"
        return _raised("RuntimeError", template, problem, rows=rows, **problem.facts)
    start = "Given transposed=1" if "transpose" in problem.layer else "Given groups={groups}"
    template = (
        start + ", weight of size {weight}, expected input{shape} to have {expected} channels, "
        "but got {actual} channels instead"
    )
    return _raised("RuntimeError", template, problem, **problem.facts)


@words(WindowTooBig, "torch")
def window_too_big(problem: WindowTooBig, version: Version) -> Raised:
    """``shape`` holds the padded lengths, ``kernel`` the cells that the dilated kernel spans."""
    template = (
        "Calculated padded input size per channel: ({shape: x }). Kernel size: ({kernel: x }). "
        "Kernel size can't be greater than actual input size"
    )
    return _raised("RuntimeError", template, problem, **problem.facts)


@words(GroupsDoNotDivide, "torch")
def groups_do_not_divide(problem: GroupsDoNotDivide, version: Version) -> Raised:
    """A constructor's check; ``of`` is in_channels or out_channels."""
    return _raised("ValueError", "{of} must be divisible by groups", problem, of=problem.of)


@words(NotPositive, "torch")
def not_positive(problem: NotPositive, version: Version) -> Raised:
    """Groups are checked when a layer is constructed, strides when it is called."""
    if problem.name == "groups":
        return Raised("ValueError", "groups must be a positive integer")
    return Raised("RuntimeError", f"non-positive {problem.name} is not supported")


class _Words(Formatter):
    """Format a sequence as PyTorch does: ``[1, 3]``; ``:size`` torch.Size([1, 3]), ``:py`` (1, 3), ``:x`` 1x3."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, (tuple, list)) and format_spec != "str":
            parts = [str(item) for item in value]
            if format_spec == "py":
                return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
            if format_spec == "size":
                return f"torch.Size([{', '.join(parts)}])"
            if format_spec:
                return format_spec.join(parts)
            return f"[{', '.join(parts)}]"
        return str(value)


def _raised(kind: str, template: str | None, problem: Problem, **facts: Any) -> Raised:
    if template is None:
        return Raised(kind, None, exact=False)
    # (with the facts that the text quotes only: a symbolic length that it does not mention does no harm)
    quoted = [field for _, field, _, _ in Formatter().parse(template) if field]
    exact = all(_certain(facts[field]) for field in quoted)
    return Raised(kind, _Words().vformat(template, (), facts), exact)


def _certain(value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return all(map(_certain, value))
    return not is_symbolic(value) and not isinstance(value, Unranked)
