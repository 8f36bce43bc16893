"""What Python refuses to do with a value that a framework has filled: its dicts, its lists and its numbers.

Only of those (``.complete`` in the store, ``Float``) it is said: a container of the program's may hold more than is known.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..evidence import Report
from ..problems import PythonError
from ..value import Dict, Float, List, Value

if TYPE_CHECKING:
    from .core import Interpreter


def refuse_item(it: Interpreter, owner: Value, key: Value, node: ast.AST) -> None:
    """``owner[key]``: a name that no dict has, a position behind the end of a list, any part of a number."""
    from .collections_ import dict_items

    owner = it.resolve(owner)
    if _is_number(it, owner):
        _refuse(it, node, "TypeError", "'float' object is not subscriptable")
    elif isinstance(owner, Dict) and _is_complete(it, owner):
        pairs = dict_items(it, owner)
        if pairs is not None and isinstance(key, str) and all(isinstance(k, str) and k != key for k, _ in pairs):
            _refuse(it, node, "KeyError", repr(key))
    elif isinstance(owner, List) and type(key) is int and _is_complete(it, owner):
        items = it.get(owner.id, ".items")
        if isinstance(items, tuple) and not -len(items) <= key < len(items):
            _refuse(it, node, "IndexError", "list index out of range")


def refuse_unpacking(it: Interpreter, targets: Sequence[ast.expr], value: Value, node: ast.AST) -> None:
    """``a, b = value`` of a number, or of a list of another length."""
    value = it.resolve(value)
    if _is_number(it, value):
        _refuse(it, node, "TypeError", "cannot unpack non-iterable float object")
    elif isinstance(value, List) and _is_complete(it, value):
        items = it.get(value.id, ".items")
        starred = any(isinstance(target, ast.Starred) for target in targets)
        wanted = len(targets) - starred
        if not isinstance(items, tuple):
            return
        if len(items) < wanted:
            least = "at least " if starred else ""
            text = f"not enough values to unpack (expected {least}{wanted}, got {len(items)})"
            _refuse(it, node, "ValueError", text)
        elif len(items) > wanted and not starred:
            _refuse(it, node, "ValueError", f"too many values to unpack (expected {wanted})")


def refuse_length(it: Interpreter, value: Value, node: ast.AST) -> None:
    """``len(value)`` of a number."""
    if _is_number(it, value):
        _refuse(it, node, "TypeError", "object of type 'float' has no len()")


def _is_number(it: Interpreter, value: Value) -> bool:
    """Whether it surely is a float; in a branch that may not run, its condition may have asked just that."""
    return isinstance(value, Float) and not it.forked


def _is_complete(it: Interpreter, container: List | Dict) -> bool:
    return it.get(container.id, ".complete") is True


def _refuse(it: Interpreter, node: ast.AST, kind: str, text: str) -> None:
    from .calls import context

    context(it, node).find(Report(PythonError(kind, text)), "keras")


__all__ = ["refuse_item", "refuse_length", "refuse_unpacking"]
