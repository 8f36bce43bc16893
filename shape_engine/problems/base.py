"""What every problem is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True)
class Problem:
    """Facts about one mistake.  Subclasses add fields and set ``code``."""

    code: ClassVar[str] = ""
    counts_axes: ClassVar[bool] = False
    """Whether it hangs on the exact number of axes: an assumed rank, which is one that suffices, proves nothing then."""
    compares_dtypes: ClassVar[bool] = False
    """Whether it hangs on dtypes: behind an undecided condition in code that nobody calls, a default's proves nothing."""

    @property
    def facts(self) -> dict[str, Any]:
        """The fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def refused(self) -> tuple[Any, ...]:
        """The values of the program's that do not fit, where it is a value."""
        return ()


def all_problems() -> list[type[Problem]]:
    """Every kind of problem that has a code, subclasses included."""
    found: list[type[Problem]] = []
    queue: list[type[Problem]] = [Problem]
    while queue:
        kind = queue.pop(0)
        queue.extend(kind.__subclasses__())
        if kind.code:
            found.append(kind)
    return found
