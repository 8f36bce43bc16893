"""The patterns of ``match``: whether a value fits, and what the pattern's names become."""

from __future__ import annotations

import ast
from typing import Any

from ..rule import MISSING
from ..syntax import descendants
from ..value import Dict, Instance, Known, List, Set, Unknown, Value
from . import scopes
from .collections_ import dict_items, get_item, iterate
from .core import Interpreter
from .expressions import evaluate, new_container
from .join import same
from .operators import equal
from .records import field_names


def matches(it: Interpreter, pattern: Any, subject: Value) -> bool | None:
    """Whether the pattern fits, None on doubt; its names are bound either way."""
    match pattern:
        case ast.MatchValue():
            return equal(it, subject, evaluate(it, pattern.value))
        case ast.MatchSingleton():
            from .operators import identical

            return identical(subject, pattern.value)
        case ast.MatchAs():
            fits = True if pattern.pattern is None else matches(it, pattern.pattern, subject)
            if pattern.name:
                scopes.assign(it, pattern.name, subject)
            return fits
        case ast.MatchOr():
            answers = [matches(it, option, subject) for option in pattern.patterns]
            return True if True in answers else None if None in answers else False
        case ast.MatchSequence():
            return _sequence(it, pattern, subject)
        case ast.MatchMapping():
            return _mapping(it, pattern, subject)
        case ast.MatchClass():
            return _class(it, pattern, subject)
    return None


SELF_MATCHING = frozenset(f"builtins.{name}" for name in ("bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple"))  # fmt: skip


def _class(it: Interpreter, pattern: Any, subject: Value) -> bool | None:
    """``Point(x=0)``, ``int(n)``."""
    from .builtins import isinstance_
    from .calls import context
    from .objects import find_attribute

    kind = evaluate(it, pattern.cls)
    fits = isinstance_(context(it, None), subject, kind)
    answers: list[bool | None] = [fits if isinstance(fits, bool) else None]
    names = None
    if pattern.patterns and isinstance(kind, Known) and kind.target in SELF_MATCHING:
        answers.append(matches(it, pattern.patterns[0], subject))
    elif pattern.patterns:
        names = iterate(it, find_attribute(it, kind, "__match_args__", None)) or field_names(it, kind)
    inner = [] if isinstance(kind, Known) and kind.target in SELF_MATCHING else list(pattern.patterns)
    wanted = list(zip(names or [None] * len(inner), inner, strict=False))
    wanted += list(zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True))
    for name, part in wanted:
        value = find_attribute(it, subject, name, None) if isinstance(name, str) and fits is True else MISSING
        known = value is not MISSING and not isinstance(value, Unknown)
        answers.append(matches(it, part, value if known else Unknown("a part of a matched object")))
        if not known:
            answers.append(None)
    return False if False in answers else None if None in answers else True


def _sequence(it: Interpreter, pattern: Any, subject: Value) -> bool | None:
    from ..value import Stream

    subject = it.resolve(subject)
    if subject is None or isinstance(subject, (str, bytes, int, float, complex, Dict, Set, Stream)):
        return False
    if isinstance(subject, Instance):
        _bind_unknown(it, pattern)
        return None
    items = iterate(it, subject)
    star = next((n for n, inner in enumerate(pattern.patterns) if isinstance(inner, ast.MatchStar)), None)
    if items is None:
        for inner in pattern.patterns:
            if not isinstance(inner, ast.MatchStar):
                matches(it, inner, Unknown("an item of something that is not known"))
            elif inner.name:
                scopes.assign(it, inner.name, Unknown("items of something that is not known"))
        return None
    least = len(pattern.patterns) - (star is not None)
    if len(items) < least or (star is None and len(items) != least):
        return False
    if star is None:
        answers = [matches(it, inner, item) for inner, item in zip(pattern.patterns, items, strict=True)]
    else:
        after = len(pattern.patterns) - star - 1
        answers = [matches(it, inner, item) for inner, item in zip(pattern.patterns[:star], items, strict=False)]
        if pattern.patterns[star].name:
            scopes.assign(
                it, pattern.patterns[star].name, new_container(it, List, tuple(items[star : len(items) - after]))
            )
        answers += [
            matches(it, inner, item)
            for inner, item in zip(pattern.patterns[star + 1 :], items[len(items) - after :], strict=True)
        ]
    return False if False in answers else None if None in answers else True


def _mapping(it: Interpreter, pattern: Any, subject: Value) -> bool | None:
    subject = it.resolve(subject)
    if subject is None or isinstance(subject, (str, bytes, int, float, complex, tuple, List, Set)):
        return False
    pairs = dict_items(it, subject)
    answers: list[bool | None] = []
    for key_node, inner in zip(pattern.keys, pattern.patterns, strict=True):
        found = MISSING if pairs is None else get_item(it, pairs, evaluate(it, key_node), Unknown("absent"))
        if pairs is not None and found == Unknown("absent"):
            answers.append(False)
        answers.append(matches(it, inner, Unknown("an item") if pairs is None else found))
    if pattern.rest:
        left: Any = Unknown("the rest of a mapping")
        if pairs is not None:
            keys = [evaluate(it, key) for key in pattern.keys]
            left = tuple(pair for pair in pairs if not any(same(pair[0], key) for key in keys))
        scopes.assign(it, pattern.rest, new_container(it, Dict, left))
    if pairs is None:
        return None
    return False if False in answers else None if None in answers else True


def _bind_unknown(it: Interpreter, pattern: Any) -> None:
    for node in descendants([pattern]):
        name = getattr(node, "name", None)
        if isinstance(node, (ast.MatchAs, ast.MatchStar)) and name:
            scopes.assign(it, name, Unknown("a part of something that is not known"))
