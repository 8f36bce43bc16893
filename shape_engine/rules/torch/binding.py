"""How CPython binds arguments to a function's parameters, and what it says when they do not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import Parameter
from typing import Any

from ...problems import TorchBadCall
from ...value import OpenKeywords, Unknown, Value
from .checks import refuse


def bind(
    function: str, parameters: Sequence[Parameter], args: Sequence[Value], kwargs: Mapping[str, Value]
) -> dict[str, Value] | None:
    """The arguments by name, defaults filled in; None where they do not bind, which is reported.

    All parameters are positional-or-keyword, ``self`` is not among them; ``function`` is the name that
    the TypeError quotes.  Where there may be more keywords, what is not given is not known.
    """
    names = [parameter.name for parameter in parameters]
    bound: dict[str, Value] = dict(zip(names, args, strict=False))
    for name, value in kwargs.items():
        if name not in names:
            refuse(TorchBadCall, "unexpected-keyword", (name,), function=function, name=name)
            return None
        if name in bound:
            refuse(TorchBadCall, "multiple-values", (name,), function=function, name=name)
            return None
        bound[name] = value
    required = [parameter.name for parameter in parameters if parameter.default is Parameter.empty]
    if len(args) > len(names):
        takes = _takes(len(required) + 1, len(names) + 1)
        given = f"{len(args) + 1} {'was' if not args else 'were'}"
        refuse(TorchBadCall, "too-many", (), function=function, takes=takes, given=given)
        return None
    if isinstance(kwargs, OpenKeywords):
        return {name: bound.get(name, Unknown(f"{name} may be passed")) for name in names}
    missing = [repr(name) for name in required if name not in bound]
    if missing:
        facts: dict[str, Any] = {
            "count": len(missing),
            "s": "s" if len(missing) > 1 else "",
            "names": _enumerated(missing),
        }
        refuse(TorchBadCall, "missing", (), function=function, **facts)
        return None
    return {p.name: bound.get(p.name, p.default) for p in parameters}


def _takes(least: int, most: int) -> str:
    if least == most:
        return f"{most} positional argument{'s' if most > 1 else ''}"
    return f"from {least} to {most} positional arguments"


def _enumerated(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"
