"""Findings in words: what is wrong, in numbers, where the numbers came from, and what running would print."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from ..problems import Problem, UndefinedResult
from ..shape import Shape
from ..snapshot import Finding, Related
from ..value import Tensor
from . import shapes

W = TypeVar("W", bound=Callable[..., str])

_SAYINGS: dict[type[Problem], Callable[[Any, Finding], str]] = {}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def says(*problems: type[Problem]) -> Callable[[W], W]:
    """Register the sentence for a kind of problem and the kinds derived from it: ``(problem, finding) -> str``."""

    def register(function: W) -> W:
        for problem in problems:
            assert problem not in _SAYINGS, f"two sentences for {problem.__name__}"
            _SAYINGS[problem] = function
        return function

    return register


ASSUMED = "nothing here calls this code: what it is called with is assumed"


def headline(finding: Finding, uri: str | None = None) -> str:
    """One line: what is wrong, in numbers, and where the numbers came from.

    With ``uri``, the document of the finding, places in other documents are told by file and line.
    """
    reason = what(finding)
    sources = _sources(finding, uri)
    return f"{reason} ({'; '.join(sources)})" if sources else reason


def what(finding: Finding) -> str:
    """What is wrong, in numbers, without where they came from."""
    problem = finding.problem
    for kind in type(problem).__mro__:
        if kind in _SAYINGS:
            return _one_line(_SAYINGS[kind](problem, finding))
    return _one_line(_generic(problem))


def has_sentence(kind: type[Problem]) -> bool:
    """Whether a problem of this kind is told in a sentence of its own, not by a list of its facts."""
    return any(base in _SAYINGS for base in kind.__mro__)


def message(finding: Finding, uri: str | None = None) -> str:
    """The headline, a blank line, and the exception as the framework prints it."""
    return together(headline(finding, uri), exception(finding))


def together(headline: str, said: str) -> str:
    """A headline and what is said of the exception, if anything is, without terminal codes."""
    return f"{headline}\n\n{_ANSI.sub('', said)}" if said else headline


def exception(finding: Finding) -> str:
    """``ValueError: <text>``, terminal codes included; or why no such line can be promised; and what was assumed."""
    text = _exception(finding)
    return f"{text}\n\n({ASSUMED})" if finding.assumed else text


def _exception(finding: Finding) -> str:
    raised = finding.raised
    if raised.type is None:
        if raised.exact or isinstance(finding.problem, UndefinedResult):
            return (
                "What comes back here is undefined: the framework may raise, or return numbers that mean nothing. "
                "Neither an exception nor a shape can be promised."
            )
        return f"{version(finding.framework, finding.version)} raises an exception here; its text is not known."
    if raised.text is None:
        return f"{raised.type} (its text cannot be told before the program runs)"
    text = f"{raised.type}: {raised.text}" if raised.text else raised.type
    if raised.exact:
        return text
    if "?" in (raised.text or ""):
        return f"{text}\n\n(? stands for lengths that nobody knows before the program runs)"
    return f"{text}\n\n(parts of this text are known only when the program runs)"


def related_text(related: Related, finding: Finding | None = None) -> str:
    """What stands at a related place: ``kernel_size = 33``, ``input: (None, 32, 32, 3) from keras.Input``."""
    if related.role in _ROLES:
        return _ROLES[related.role]
    name, value = _role(related.role), related.value
    if value is None and finding is not None and finding.made is not None:
        value = dict(finding.made.given).get(related.role)
    if isinstance(value, Tensor):
        made_by = shapes.named_maker(value.made)
        return f"{name}: {shapes.shape(value)}" + (f" from {made_by}" if made_by else "")
    if related.role == "layer":
        return f"{name} {value!r} is made here" if value else f"{name} is made here"
    if isinstance(value, Shape):
        return f"{name}: {shapes.shape(value)}"
    if value is None:
        return f"{name} comes from here"
    return f"{name} = {shapes.setting(value)}"


def version(framework: str, number: tuple[int, ...]) -> str:
    """``Keras 3.15.1``"""
    name = shapes.FRAMEWORKS.get(framework, framework)
    return f"{name} {'.'.join(map(str, number))}" if number else name


def _generic(problem: Problem) -> str:
    """The code as words, then the facts."""
    facts = ", ".join(
        f"{name.replace('_', ' ')} {shapes.setting(value)}"
        for name, value in problem.facts.items()
        if value is not None and value != "" and value != ()
    )
    name = problem.code.replace("-", " ")
    return f"{name}: {facts}" if facts else name


def _sources(finding: Finding, uri: str | None) -> list[str]:
    """``kernel_size, line 7``, ``input from keras.Input, line 5``: what does not stand on the line itself.

    Names with one place are told together; three places are enough for one line.
    """
    places: dict[tuple[str, str], list[str]] = {}
    for related in finding.related:
        elsewhere = uri is not None and related.place.uri != uri
        line = related.place.span.line
        if related.role == "call" or (not elsewhere and line == finding.span.line):
            continue
        where = shapes.where(related.place, uri)
        made_by = shapes.named_maker(related.value.made) if isinstance(related.value, Tensor) else ""
        names = places.setdefault((where, made_by), [])
        name = "raised" if related.role == "raises" else _role(related.role)
        if name not in names:
            names.append(name)
    return [
        f"{' and '.join(names[:2])}{f' from {made_by}' if made_by else ''}, {where}"
        for (where, made_by), names in list(places.items())[:3]
    ]


_ROLES = {"call": "called from here", "raises": "raised here"}


def _role(role: str) -> str:
    """A parameter as a reader knows it: rules call what a layer is called with "x"."""
    return "input" if role in ("x", "inputs") else role


def _one_line(text: str) -> str:
    return " ".join(text.split())
