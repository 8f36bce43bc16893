"""Automatic names whose number hangs on everything above: "conv2d", "conv2d_1", ...

A unit that makes layers must not run again because another layer was put above it.  So the name holds a
mark (prefix, family, unit, how many of the kind the unit had made before), and the mark becomes a number
when a text is shown, or when names are compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

MARK = re.compile("\ue000([^\ue000\ue001|]*)\\|([^\ue000\ue001|]*)\\|([0-9a-f]*)\\|(-?\\d+)\ue001")
_STEM = re.compile("_[0-9]+$")
FROM_ONE = "#"
"""Ends a prefix whose first object has a number, too: 1."""
Base = Callable[[str, str], "int | None"]
"""(unit's tag, "family prefix") -> how many were made before that unit; None where that is not known."""


def mark(prefix: str, family: str, unit: str, number: int) -> str:
    """An automatic name whose final number is not known yet."""
    return f"\ue000{prefix}|{family}|{tag(unit)}|{number}\ue001"


def plain_name(prefix: str, number: int | None) -> str:
    """As Keras prints it: no number for the first, but where the prefix says so."""
    if prefix.endswith(FROM_ONE):
        prefix, number = prefix.removesuffix(FROM_ONE), None if number is None or number < 0 else number + 1
    return f"{prefix}_?" if number is None or number < 0 else prefix if number == 0 else f"{prefix}_{number}"


def fill_in(text: str, base: Base) -> str:
    """The text with numbers for its marks."""
    if "\ue000" not in text:
        return text

    def number(match: re.Match[str]) -> str:
        prefix, family, unit, local = match.groups()
        before = base(unit, f"{family} {prefix}")
        return plain_name(prefix, None if before is None or int(local) < 0 else before + int(local))

    return MARK.sub(number, text)


def fill_in_all(value: Any, base: Base) -> Any:
    """The same for the texts inside a tuple."""
    if isinstance(value, str):
        return fill_in(value, base)
    if type(value) is tuple:
        return tuple(fill_in_all(item, base) for item in value)
    return value


def may_be_equal(names: Sequence[str]) -> bool:
    """Whether some of these names may be equal once their marks are numbers.

    Two marks of one unit differ as their numbers do; those of different units may be equal, since names may have been
    restarted in between, and a name that was given may look like an automatic one.
    """
    if len(set(names)) < len(names):
        return True
    marks = [match.groups() for name in names if (match := MARK.fullmatch(name))]
    units: dict[tuple[str, str], str] = {}
    for prefix, family, unit, _ in marks:
        if units.setdefault((family, prefix), unit) != unit:
            return True
    prefixes = {prefix.removesuffix(FROM_ONE) for prefix, *_ in marks}
    given = [name for name in names if not MARK.fullmatch(name)]
    return any("\ue000" in name or not prefixes.isdisjoint((name, _STEM.sub("", name))) for name in given)


@lru_cache(maxsize=65536)
def tag(unit: str) -> str:
    """A short sign for a unit."""
    return blake2b(unit.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
