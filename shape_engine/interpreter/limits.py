"""How big a value may become: what grows beyond is not followed, whatever made it grow.

Values are bounded where they are made, so that what walks through one (compares it, prints it, hands it to a rule)
need not fear its size.  What a value takes up is counted as work, so that many large ones end a unit, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..dim import derived
from ..shape import Shape, Unranked, product
from ..value import Class, Function, Partial, Row, Tensor, Unknown, Value

if TYPE_CHECKING:
    from .core import Interpreter

MAX_BITS = 4096  # of an int
MAX_TEXT = 50_000  # characters
MAX_ITEMS = 10_000  # of a sequence, all that are nested in it counted
MAX_LENGTH = 512  # bits of the length of an axis
MAX_NUMBERS = 4096  # of an array that carries its numbers
MAX_RANK = 64  # axes: NumPy's own bound
MAX_NESTING = 100  # of tuples in tuples, arguments of partials in partials, classes over classes
TEXT_PER_STEP = 256
ITEMS_PER_STEP = 32

HUGE, LONG_TEXT, LONG, NESTED = (
    Unknown(f"a {what}") for what in ("huge number", "long text", "long sequence", "value nested too deeply")
)
_NUMBER = re.compile(r"\d+")
_ARGUMENT = re.compile(r"%[^a-zA-Z%]*\*|\{[^}]*\{")  # a width that is an argument
_NESTING = frozenset({tuple, Row, Partial, Function, Class})
_GROWING = _NESTING | {int, str, bytes, Tensor}
MANY_AXES = Unranked("so many axes are not followed")


def bounded(it: Interpreter, value: Value) -> Value:
    """The value, or Unknown if it is too big; for what operators, displays and calls give."""
    kind = type(value)
    if kind not in _GROWING:
        return value
    if kind is Tensor:
        return _bounded_tensor(value)
    if kind is int:
        return value if value.bit_length() <= MAX_BITS else HUGE
    if kind is str or kind is bytes:
        size = len(value)
        if size > TEXT_PER_STEP:
            if size > MAX_TEXT:
                return LONG_TEXT
            it.step(size // TEXT_PER_STEP)
        return value
    parts = _parts(value)
    if len(parts) > ITEMS_PER_STEP:
        it.step(len(parts) // ITEMS_PER_STEP)
    size, whole = _measure(parts)
    return LONG if size > MAX_ITEMS else value if whole else NESTED


def _bounded_tensor(tensor: Tensor) -> Tensor:
    shape = tensor.shape
    if not isinstance(shape, Shape):
        return tensor
    if len(shape) > MAX_RANK:
        return replace(tensor, shape=MANY_AXES, constant=None)
    if any(type(dim) is int and dim >> MAX_LENGTH for dim in shape):
        dims = [derived("huge", dim) if type(dim) is int and dim >> MAX_LENGTH else dim for dim in shape]
        return replace(tensor, shape=Shape(dims), constant=None)
    if tensor.constant is not None and product(shape) > MAX_NUMBERS:  # type: ignore[operator]
        return replace(tensor, constant=None)
    return tensor


def bounded_items(it: Interpreter, items: Any) -> Any:
    """What a list, dict or set may hold: the items, or Unknown if they are too many."""
    if type(items) is tuple and len(items) > ITEMS_PER_STEP:
        if len(items) > MAX_ITEMS:
            return LONG
        it.step(len(items) // ITEMS_PER_STEP)
    return items


def fit(items: Sequence[Value], times: int) -> bool:
    """Whether a sequence may be repeated so many times: whether the result will be small enough."""
    return times <= 0 or (len(items) * times <= MAX_ITEMS and _measure(items)[0] * times <= MAX_ITEMS)


def format_fits(template: str | bytes, arguments: Iterable[Value]) -> bool:
    """Whether a text that is made from a template (by ``%``, ``format`` or in an f-string) will be small enough."""
    template = str(template)
    fields = template.count("%") + template.count("{")
    widths = _NUMBER.findall(template)
    if _ARGUMENT.search(template) or max(map(len, widths), default=0) > 5:
        return False
    widest = max(map(int, widths), default=0) + max(map(_width, arguments), default=0)
    return len(template) + fields * widest <= MAX_TEXT


def _width(value: Value) -> int:
    """About how many characters a constant takes."""
    if isinstance(value, tuple):
        return sum(map(_width, value)) + 2 * len(value) + 2
    return len(value) if isinstance(value, (str, bytes)) else value.bit_length() // 3 + 2 if type(value) is int else 32


def _measure(parts: Sequence[Value]) -> tuple[int, bool]:
    """How many items there are, all that are nested in them counted, until they are too many; whether all were seen."""
    if _NESTING.isdisjoint(map(type, parts)):
        return len(parts), True
    size, level = 0, [parts]
    for _ in range(MAX_NESTING):
        size += sum(map(len, level))
        level = [_parts(part) for parts in level for part in parts if type(part) in _NESTING]
        if not level or size > MAX_ITEMS:
            return size, not level
    return size, False


def _parts(value: Value) -> Sequence[Value]:
    """The values that an immutable value holds itself."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, Partial):
        return (value.function, *value.args, *(given for _, given in value.kwargs))
    if isinstance(value, Function):
        return [default for _, default in value.defaults]
    return value.bases
