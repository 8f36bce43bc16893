"""The frameworks' own exception types and texts, per framework and version.

A wording is a function from a Problem and the version of the framework to what that version raises.
``raised`` finds the one for a problem, and puts the framework's wrapping around it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ..dim import is_dynamic
from ..formulas.broadcast import clash
from ..problems import BroadcastMismatch, Problem
from ..shape import Shape

Version = tuple[int, ...]
W = TypeVar("W", bound=Callable[..., Any])


@dataclass(frozen=True)
class Raised:
    """The exception that running the line raises.

    ``type`` is None where the framework returns undefined data instead; ``text`` is None where the
    wording cannot be told; ``exact`` is False where parts of it depend on lengths nobody knows.
    """

    type: str | None
    text: str | None
    exact: bool = True


@dataclass(frozen=True)
class Frame:
    """A call of a layer or model that is under way: its class, its name, its stage and its arguments.

    ``stage`` is "constructor", "spec", "build", "call", or "infer": ``call`` is tried out for its shapes.
    ``framework`` is that of the layer, which may differ from that of the function that raises.  ``arguments`` are (name, printed value).
    """

    cls: str
    name: str
    stage: str
    arguments: tuple[tuple[str, str], ...] = ()
    symbolic: bool = False
    framework: str = "keras"


_WORDINGS: dict[tuple[type[Problem], str], Callable[..., Any]] = {}
_WRAPPERS: dict[str, Callable[..., Raised]] = {}


def words(problem: type[Problem], framework: str) -> Callable[[W], W]:
    """Register how ``framework`` words a problem: ``(problem, version) -> Raised``."""

    def register(function: W) -> W:
        key = (problem, framework)
        assert key not in _WORDINGS, f"two wordings for {key}"
        _WORDINGS[key] = function
        return function

    return register


def wraps(framework: str) -> Callable[[W], W]:
    """Register how calls of ``framework`` wrap an exception, whoever raised it: ``(raised, frames, version) -> Raised``."""

    def register(function: W) -> W:
        assert framework not in _WRAPPERS, f"two wrappers for {framework}"
        _WRAPPERS[framework] = function
        return function

    return register


def raised(problem: Problem, framework: str, version: Version, frames: tuple[Frame, ...] = ()) -> Raised:
    """What this version of the framework raises for the problem, inside these calls (outermost first)."""
    for kind in type(problem).__mro__:
        wording = _WORDINGS.get((kind, framework))
        if wording is not None:
            result = wording(problem, version)
            if not frames:
                return result
            wrapper = _WRAPPERS.get(frames[-1].framework)
            return wrapper(result, frames, version) if wrapper else Raised(result.type, None, exact=False)
    return Raised(None, None, exact=False)


def is_of_graph(problem: Problem) -> bool:
    """Whether tracing a graph finds this: it was found there, or two known lengths clash beside open ones."""
    if getattr(problem, "graph", False):
        return True
    if not isinstance(problem, BroadcastMismatch) or len(problem.shapes) != 2:
        return False
    shapes = [shape for shape in problem.shapes if isinstance(shape, Shape)]
    known = [Shape(1 if is_dynamic(dim) else dim for dim in shape) for shape in shapes]
    return len(known) == 2 and any(is_dynamic(dim) for dim in (*shapes[0], *shapes[1])) and clash(*known) is not None
