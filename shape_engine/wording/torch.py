"""The words of PyTorch 2 on the CPU: exception types and texts.

The shared problems are worded by functions, for each layer that raises them; every other check is a
line in ``torch_checks.py``, a template that the facts of the problem fill in.
"""

from __future__ import annotations

from string import Formatter
from typing import Any

from ..dim import is_symbolic, surely_differ, surely_equal
from ..problems import (
    BroadcastMismatch,
    ChannelMismatch,
    GroupsDoNotDivide,
    IndexOutOfRange,
    InnerMismatch,
    JoinMismatch,
    MaskMismatch,
    NoSuchAxis,
    NotPositive,
    Problem,
    ReshapeMismatch,
    TooManyIndices,
    TorchRefusal,
    WindowTooBig,
    WrongRank,
)  # fmt: skip
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


@words(BroadcastMismatch, "torch")
def broadcast_mismatch(problem: BroadcastMismatch, version: Version) -> Raised:
    """Axes are compared from the last one to the first: the text names the last that does not fit."""
    if problem.target is not None or len(problem.shapes) != 2:
        return Raised("RuntimeError" if problem.op != "index" else "IndexError", None, exact=False)
    a, b = (tuple(shape) if not isinstance(shape, Unranked) else () for shape in problem.shapes)
    rank = max(len(a), len(b))
    if problem.op == "index":
        return Raised("IndexError", None, exact=False)
    certain = True
    for back in range(1, min(len(a), len(b)) + 1):
        one, other = a[-back], b[-back]
        if surely_differ(one, other) and surely_differ(one, 1) and surely_differ(other, 1):
            template = (
                "The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension {axis}"
            )
            found = _raised("RuntimeError", template, problem, a=one, b=other, axis=rank - back)
            return Raised(found.type, found.text, found.exact and certain)
        certain = certain and (surely_equal(one, other) or one == 1 or other == 1)
    return Raised("RuntimeError", None, exact=False)


@words(NoSuchAxis, "torch")
def no_such_axis(problem: NoSuchAxis, version: Version) -> Raised:
    """A tensor without axes is treated as if it had one."""
    extent = problem.rank or 1
    least, most = -extent, extent - 1
    text = f"Dimension out of range (expected to be in range of [{least}, {most}], but got {problem.axis})"
    return Raised("IndexError", text)


@words(InnerMismatch, "torch")
def inner_mismatch(problem: InnerMismatch, version: Version) -> Raised:
    """The operand's ranks decide which product runs; ``op`` is "bmm" for batches of matrices."""
    left, right = problem.left, problem.right
    if problem.op == "bmm":
        template = "Expected size for first two dimensions of batch2 tensor to be: {wanted} but got: {got}."
        return _raised("RuntimeError", template, problem, wanted=(left[0], left[-1]), got=tuple(right[:2]))
    if problem.op == "dot" or (len(left) == len(right) == 1):
        template = (
            "inconsistent tensor size, expected tensor {left} and src {right} to have the same number of elements, "
            "but got {a} and {b} elements respectively"
        )
        return _raised("RuntimeError", template, problem, left=left, right=right, a=left[0], b=right[0])
    if problem.op == "mv" or (len(left) == 2 and len(right) == 1):
        template = "size mismatch, got input ({rows}), mat ({left:x}), vec ({size})"
        return _raised("RuntimeError", template, problem, rows=left[0], left=left, size=right[0])
    if len(right) == 2 or problem.op == "mm":
        rows: Any = 1
        for dim in left[:-1]:
            rows = rows * dim
        template = "mat1 and mat2 shapes cannot be multiplied ({left:x} and {right:x})"
        return _raised("RuntimeError", template, problem, left=(rows, left[-1]), right=right)
    return Raised("RuntimeError", None, exact=False)


@words(JoinMismatch, "torch")
def join_mismatch(problem: JoinMismatch, version: Version) -> Raised:
    """``torch.cat`` and ``torch.stack``."""
    first, other = problem.shapes[0], problem.shapes[problem.position]
    if problem.op == "stack":
        template = (
            "stack expects each tensor to be equal size, but got {first} at entry 0 and {other} at entry {position}"
        )
        return _raised("RuntimeError", template, problem, first=first, other=other, position=problem.position)
    if isinstance(first, Unranked) or isinstance(other, Unranked):
        return Raised("RuntimeError", None, exact=False)
    if problem.at is None:
        return Raised("RuntimeError", f"Tensors must have same number of dimensions: got {len(first)} and {len(other)}")
    template = (
        "Sizes of tensors must match except in dimension {axis}. Expected size {first} but got size {other} "
        "for tensor number {position} in the list."
    )
    facts = {"axis": problem.axis, "position": problem.position, "first": first[problem.at], "other": other[problem.at]}
    return _raised("RuntimeError", template, problem, **facts)


@words(ReshapeMismatch, "torch")
def reshape_mismatch(problem: ReshapeMismatch, version: Version) -> Raised:
    """``shape '[5, -1]' is invalid for input of size 12``."""
    size: Any = 1
    for dim in problem.shape:
        size = size * dim
    template = "shape '{target}' is invalid for input of size {size}"
    return _raised("RuntimeError", template, problem, target=problem.target, size=size)


@words(IndexOutOfRange, "torch")
def index_out_of_range(problem: IndexOutOfRange, version: Version) -> Raised:
    """An index of the subscript; ``axis`` counts the axes that are left when it is its turn."""
    template = "index {index} is out of bounds for dimension {axis} with size {length}"
    return _raised("IndexError", template, problem, **problem.facts)


@words(TooManyIndices, "torch")
def too_many_indices(problem: TooManyIndices, version: Version) -> Raised:
    """More indices than axes."""
    return Raised("IndexError", f"too many indices for tensor of dimension {len(problem.shape)}")


@words(MaskMismatch, "torch")
def mask_mismatch(problem: MaskMismatch, version: Version) -> Raised:
    """A boolean index of another shape."""
    template = "The shape of the mask {mask} at index {offset} does not match the shape of the indexed tensor {shape} at index {axis}"
    return _raised("IndexError", template, problem, **problem.facts)


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
