"""Why the engine believes what it believes, as data.  No sentence is built here; see render.py.

Formulas and rules are transparent unless somebody observes: for a hover card or a found problem the
same pure call is run again under :func:`observe`, which gives a tree of :class:`Step`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from .problems import Problem

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Step:
    """One use of a formula or a rule: what went in, what came out, the steps taken inside."""

    of: Callable[..., Any]
    given: Mapping[str, Any]
    result: Any
    inside: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Report:
    """A problem that a rule found, and the names of the parameters at fault, the first one first."""

    problem: Problem
    blame: tuple[str, ...] = ()


@dataclass
class Record:
    """What happened while a rule ran.  ``watching`` asks for steps as well as for problems."""

    watching: bool = False
    steps: list[Step] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)


_record: ContextVar[Record | None] = ContextVar("record", default=None)


def formula(function: F) -> F:
    """A pure function over dims.  Its calls become Steps while someone is observing."""
    bind = inspect.signature(function).bind

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        outer = _record.get()
        if outer is None or not outer.watching:
            return function(*args, **kwargs)
        inner = Record(watching=True, reports=outer.reports)
        token = _record.set(inner)
        try:
            result = function(*args, **kwargs)
        finally:
            _record.reset(token)
        outer.steps.append(Step(call, bind(*args, **kwargs).arguments, result, tuple(inner.steps)))
        return result

    return call  # type: ignore[return-value]


def report(problem: Problem, *, blame: Sequence[str] = ()) -> None:
    """Note a problem and go on.  ``blame`` names the parameters at fault, the first one first.

    The framework raises only the first exception of a call: callers keep the first report.
    """
    record = _record.get()
    if record is not None:
        record.reports.append(Report(problem, tuple(blame)))


class _Recording:
    """A record that is the current one inside a ``with``: a class, since a layer's call enters several of them."""

    __slots__ = ("_record", "_token")

    def __init__(self, record: Record):
        self._record = record

    def __enter__(self) -> Record:
        self._token = _record.set(self._record)
        return self._record

    def __exit__(self, *_: object) -> None:
        _record.reset(self._token)


def collect() -> _Recording:
    """Collect the problems that are reported inside.  Steps still go to whoever observes from outside."""
    outer = _record.get()
    if outer is None or not outer.watching:
        return _Recording(Record())
    return _Recording(Record(watching=True, steps=outer.steps))


def observe() -> _Recording:
    """Collect problems and steps: for the hover card and the explanation of a problem."""
    return _Recording(Record(watching=True))
