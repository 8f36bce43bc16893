"""What an expression asks about a tensor's shape: ``x.shape``, ``x.shape[1]``, ``x.size(-1)``, and the names given to it.

Lengths are plain numbers in a program, and nobody observes numbers; the syntax and the tensor tell them again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from ..shape import Shape
from ..snapshot import Part, Snapshot
from ..syntax import children
from ..value import Span, Tensor
from . import history, lines, shapes


class Asked(NamedTuple):
    """The text that asks, where it stands, the tensor that it asks about, and which axes (None: how many there are)."""

    span: Span
    name: str
    tensor: Tensor
    axes: tuple[int, ...] | None
    single: bool = False

    @property
    def answer(self) -> str:
        """``(None, 28, 28, 3)``, ``28``"""
        shape = self.tensor.shape
        assert isinstance(shape, Shape)
        if self.axes is None:
            return str(len(shape))
        found = tuple(shape[axis] for axis in self.axes)
        return shapes.dim(found[0]) if self.single else shapes.shape(found)


def asked(snapshot: Snapshot, line: int, column: int) -> Asked | None:
    """What is asked at a position; None where a value of its own stands there."""
    for part in snapshot.touching(line, line):
        path = list(_path(part, line - part.above, column))
        for at in range(len(path) - 1, -1, -1):
            node = path[at]
            span = part.tree.span(node) if hasattr(node, "lineno") else None  # a list of parameters has no place
            if any(seen.span == span and not seen.target for seen in part.relative):
                return None
            found = _asks(part, node)
            if found is None and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found = _named(part, node, path[:at])
            if found is not None:
                return found._replace(span=found.span.moved(part.above))
            called = at > 0 and getattr(path[at - 1], "func", None) is node
            if not called and not isinstance(node, (ast.Constant, ast.UnaryOp, ast.Slice, ast.USub)):
                break
    return None


def answer_lines(snapshot: Snapshot, question: Asked, most: int) -> Iterator[str]:
    """The lines of a card: the answer, where its lengths come from, and for whom that speaks."""
    yield f"{question.name}: {question.answer}"
    spoken = lines.spoken_for(snapshot, [question.tensor])
    room = most - 1 - bool(spoken)
    for axis in (question.axes or ())[: room if question.single else 0]:
        yield from history.lines(snapshot, question.tensor, 1, axis)
    if not question.single and question.axes:
        yield from history.lines(snapshot, question.tensor, min(room, 3))
    if spoken:
        yield spoken


def _asks(part: Part, node: ast.AST) -> Asked | None:
    span = part.tree.span(node) if hasattr(node, "lineno") else None
    if span is None:
        return None
    if isinstance(node, ast.Attribute) and node.attr in ("shape", "ndim"):
        tensor = _tensor(part, node.value)
        if tensor is not None:
            return Asked(span, ast.unparse(node), tensor, _all(tensor) if node.attr == "shape" else None)
    if isinstance(node, ast.Subscript):
        whole = _asks(part, node.value)
        if whole is not None and whole.axes is not None and not whole.single:
            return _part_of(whole, node.slice, span, ast.unparse(node))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "size":
        tensor = _tensor(part, node.func.value)
        if tensor is not None and tensor.kind == "torch" and not node.keywords:
            whole = Asked(span, ast.unparse(node), tensor, _all(tensor))
            return whole if not node.args else _part_of(whole, node.args[0], span, whole.name)
    return None


def _part_of(whole: Asked, index: ast.expr, span: Span, name: str) -> Asked | None:
    """The axes that an index of numbers picks."""
    try:
        if isinstance(index, ast.Slice):
            bounds = [None if one is None else ast.literal_eval(one) for one in (index.lower, index.upper, index.step)]
            return whole._replace(span=span, name=name, axes=(whole.axes or ())[slice(*bounds)])
        number = ast.literal_eval(index)
        return whole._replace(span=span, name=name, axes=((whole.axes or ())[number],), single=True)
    except (ValueError, TypeError, IndexError):
        return None


def _named(part: Part, node: ast.Name, path: list[ast.AST]) -> Asked | None:
    """What a name is given: ``n = x.shape[1]``, or one of several: ``b, h, w, c = x.shape``."""
    statement = next((one for one in reversed(path) if isinstance(one, ast.Assign)), None)
    if statement is None or len(statement.targets) != 1:
        return None
    target, found = statement.targets[0], _asks(part, statement.value)
    if found is None:
        return None
    if target is node:
        return found._replace(span=part.tree.span(node), name=node.id)
    if found.axes is None or found.single or not isinstance(target, (ast.Tuple, ast.List)):
        return None
    if node not in target.elts or len(found.axes) != len(target.elts):
        return None
    axis = found.axes[target.elts.index(node)]
    return found._replace(span=part.tree.span(node), name=node.id, axes=(axis,), single=True)


def _tensor(part: Part, node: ast.expr) -> Tensor | None:
    """The tensor with a known rank that was seen at an expression."""
    span = part.tree.span(node)
    seen = next((seen for seen in part.relative if seen.span == span and not seen.target), None)
    return seen.tensor if seen is not None and seen.tensor is not None and seen.tensor.ranked else None


def _all(tensor: Tensor) -> tuple[int, ...]:
    return tuple(range(tensor.rank or 0))


def _path(part: Part, line: int, column: int) -> Iterator[ast.AST]:
    """The nodes that hold a position, the outermost first."""
    level: list[ast.AST] = list(part.tree.body)
    while level:
        for node in level:
            if not hasattr(node, "lineno"):
                inside = children(node)
                if any(_holds(part, child, line, column) for child in inside if hasattr(child, "lineno")):
                    break
            elif _holds(part, node, line, column):
                break
        else:
            return
        yield node
        level = children(node)


def _holds(part: Part, node: ast.AST, line: int, column: int) -> bool:
    first, last = node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]
    return first <= line <= last and part.tree.span(node)[:2] <= (line, column) < part.tree.span(node)[2:]
