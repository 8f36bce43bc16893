"""The catalogue of what can be wrong: each Problem carries facts, never a sentence.

``code`` is kebab-case and reads after "allow".  What a framework raises for a problem, and with which
text, is in ``wording``; our own line about it is in ``render``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from .shape import AnyShape


@dataclass(frozen=True)
class Problem:
    """Facts about one mistake.  Subclasses add fields and set ``code``."""

    code: ClassVar[str] = ""

    @property
    def facts(self) -> dict[str, Any]:
        """The fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class WrongRank(Problem):
    """The input has the wrong number of axes.  ``least`` / ``most`` bound what is accepted."""

    code: ClassVar[str] = "wrong-rank"
    shape: AnyShape
    layer: str = ""
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class MissingBatchAxis(WrongRank):
    """The input lacks one axis, and would fit with a batch axis in front."""

    code: ClassVar[str] = "missing-batch-axis"


@dataclass(frozen=True)
class ChannelMismatch(Problem):
    """A layer whose weights are made for ``expected`` channels is given ``actual``."""

    code: ClassVar[str] = "channel-mismatch"
    actual: Any
    expected: Any
    axis: int
    shape: AnyShape
    layer: str = ""
    weight: tuple[Any, ...] = ()
    groups: Any = 1


@dataclass(frozen=True)
class WindowTooBig(Problem):
    """A kernel spans more cells than the (padded) input has."""

    code: ClassVar[str] = "window-too-big"
    shape: AnyShape
    kernel: tuple[Any, ...]
    strides: tuple[Any, ...] = ()
    padding: Any = "valid"
    dilation: tuple[Any, ...] = ()
    layer: str = ""


@dataclass(frozen=True)
class UndefinedResult(WindowTooBig):
    """A built layer is called eagerly on too small an input: what comes back is not defined."""

    code: ClassVar[str] = "undefined-result"


@dataclass(frozen=True)
class GroupsDoNotDivide(Problem):
    """``groups`` does not divide the number of input channels (``of`` = "channels") or filters."""

    code: ClassVar[str] = "groups-do-not-divide"
    of: str
    count: Any
    groups: Any
    shape: AnyShape | None = None


@dataclass(frozen=True)
class NotPositive(Problem):
    """A setting that must be positive is not."""

    code: ClassVar[str] = "not-positive"
    name: str
    value: Any


@dataclass(frozen=True)
class CannotBroadcast(Problem):
    """Two shapes do not fit element by element; ``axis`` counts in the longer one, ``of`` names the operation."""

    code: ClassVar[str] = "cannot-broadcast"
    left: AnyShape
    right: AnyShape
    axis: int | None = None
    of: str = ""


@dataclass(frozen=True)
class CannotJoin(Problem):
    """Arrays that are concatenated (or stacked: ``axis`` is None) do not fit each other."""

    code: ClassVar[str] = "cannot-join"
    shapes: tuple[Any, ...]
    axis: Any
    position: int | None = None
    at: int | None = None
    of: str = ""


@dataclass(frozen=True)
class CannotContract(Problem):
    """The axes that a product sums over have different lengths."""

    code: ClassVar[str] = "cannot-contract"
    left: AnyShape
    right: AnyShape
    axes: tuple[Any, Any] = (-1, -2)
    of: str = ""


@dataclass(frozen=True)
class CannotReshape(Problem):
    """The elements do not fit into the target shape."""

    code: ClassVar[str] = "cannot-reshape"
    shape: AnyShape
    target: tuple[Any, ...]
    of: str = ""


@dataclass(frozen=True)
class AxisOutOfRange(Problem):
    """There is no such axis."""

    code: ClassVar[str] = "axis-out-of-range"
    axis: Any
    shape: AnyShape
    of: str = ""


@dataclass(frozen=True)
class UnknownLength(Problem):
    """A length that must be known to make weights is left open (None)."""

    code: ClassVar[str] = "unknown-length"
    shape: tuple[Any, ...]
    weight: str = ""
    layer: str = ""
    axis: Any = None


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
