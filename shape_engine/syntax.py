"""Trees of ``ast``: made without a sound, and gone through faster than ``ast.walk`` does, for questions that need no order."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from threading import Lock

FAILURES = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What ``ast.parse`` raises for text that it cannot read (null bytes, towers of operators included)."""


def parse_module(text: str) -> list[ast.stmt]:
    """``ast.parse``, without warnings about the user's escapes and numbers on our standard error; raises FAILURES."""
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text).body


def descendants(roots: Iterable[ast.AST]) -> list[ast.AST]:
    """These nodes and all below them, in no particular order; operators and contexts, which say nothing, may be missing."""
    found = list(roots)
    for node in found:  # grows while it is read
        found += children(node)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, in the order of its fields."""
    below: list[ast.AST] = []
    fields = _FIELDS.get(type(node))
    for name in _fields_of(type(node)) if fields is None else fields:
        value = getattr(node, name, None)
        if type(value) is list:
            below += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            below.append(value)
    return below


def _fields_of(cls: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a class that can hold nodes which say something."""
    silent = ("value", *_SILENT) if cls is ast.Constant else _SILENT
    return _FIELDS.setdefault(cls, tuple(name for name in cls._fields if name not in silent))


_WARNINGS = Lock()
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
# Fields of texts and numbers, of contexts and of operators.
_SILENT = frozenset(
    (
        "arg",
        "attr",
        "conversion",
        "ctx",
        "id",
        "is_async",
        "kind",
        "level",
        "module",
        "op",
        "ops",
        "simple",
        "tag",
        "type_comment",
    ),
)
