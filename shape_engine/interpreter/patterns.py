"""The patterns of ``match``: whether a value fits, and what the pattern's names become."""

from __future__ import annotations

import ast
from typing import Any

from ..rule import MISSING
from ..value import Unknown, Value
from . import scopes
from .collections_ import dict_items, get_item, iterate
from .core import Interpreter
from .expressions import evaluate, new_container
from .operators import equal


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
            for inner in (*pattern.patterns, *pattern.kwd_patterns):
                matches(it, inner, Unknown("a part of a matched object"))
            return None
    return None


def _sequence(it: Interpreter, pattern: Any, subject: Value) -> bool | None:
    from ..value import List

    if isinstance(subject, str):
        return False
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
    pairs = dict_items(it, subject)
    answers: list[bool | None] = []
    for key_node, inner in zip(pattern.keys, pattern.patterns, strict=True):
        found = MISSING if pairs is None else get_item(it, pairs, evaluate(it, key_node), Unknown("absent"))
        if pairs is not None and found == Unknown("absent"):
            answers.append(False)
        answers.append(matches(it, inner, Unknown("an item") if pairs is None else found))
    if pattern.rest:
        scopes.assign(it, pattern.rest, Unknown("the rest of a mapping"))
    if pairs is None:
        return None
    return False if False in answers else None if None in answers else True
