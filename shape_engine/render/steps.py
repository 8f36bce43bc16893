"""Steps in words: a formula's own source, then the same with the numbers in.

A formula is one ``return``, so its explanation is the code that ran and cannot drift from it.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from ..evidence import Step
from .shapes import dim


def equation(step: Step) -> str:
    """``(size - reach) // stride + 1 = (32 - 15) // 3 + 1 = 6``.

    Where the source is not at hand (or is no single expression) the arguments are listed instead.
    """
    result = value(step.result)
    source = expression(step.of)
    if source is None:
        given = ", ".join(f"{name}={value(x)}" for name, x in step.given.items())
        return f"{formula_name(step)}({given}) = {result}"
    parts = [source, filled(source, step.given)]
    if parts[-1] != result:
        parts.append(result)
    return " = ".join(dict.fromkeys(parts))


def numbers(step: Step) -> str:
    """Only the numbers: ``(32 - 15) // 3 + 1 = 6``."""
    source = expression(step.of)
    result = value(step.result)
    if source is None:
        return result
    return " = ".join(dict.fromkeys((filled(source, step.given), result)))


@lru_cache(maxsize=512)
def expression(function: Any) -> str | None:
    """What a formula returns, as its source says it; None where that is at hand in no form to print.

    Only arithmetic is printed: a formula that calls helpers is told by its arguments.
    """
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    except (OSError, TypeError, SyntaxError):
        return None
    definition = tree.body[0] if tree.body else None
    if not isinstance(definition, ast.FunctionDef):
        return None
    body = [s for s in definition.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        return None
    result = body[0].value
    parameters = {argument.arg for argument in ast.walk(definition.args) if isinstance(argument, ast.arg)}
    names = {node.id for node in ast.walk(result) if isinstance(node, ast.Name)} - parameters
    if not all(name in _ARITHMETIC or _is_formula(function, name) for name in names):
        return None
    text = ast.unparse(_Plain().visit(result))
    return text if "\n" not in text and len(text) <= 100 else None


def filled(source: str, given: Mapping[str, Any]) -> str:
    """The expression with the arguments' values in place of their names."""
    tree = _Fill(given).visit(ast.parse(source, mode="eval"))
    return ast.unparse(ast.fix_missing_locations(tree))


def value(x: Any) -> str:
    """A dim, or a tuple of them, as an equation shows it."""
    if isinstance(x, (tuple, list)):
        return f"({', '.join(map(value, x))}{',' if len(x) == 1 else ''})"
    return dim(x)


def telling(steps: Iterable[Step]) -> list[Step]:
    """The steps that tell something: not ``1 * (3 - 1) + 1 = 3``, which gives back what went in."""
    return [step for step in steps if not _gives_back(step)]


def preparing(steps: Iterable[Step], last: Step) -> list[Step]:
    """Those of the steps whose result went into the last one, each once."""
    found: list[Step] = []
    for step in telling(steps):
        if any(step.result is x or step.result == x for x in last.given.values()) and step not in found:
            found.append(step)
    return found


def per_axis(steps: Iterable[Step], dims: tuple[Any, ...]) -> list[tuple[Step, ...]]:
    """The steps that lead to each of these dims, the last one the dim itself; empty where none does.

    Rules work axis by axis with one formula for all of them, so the formula that comes last is the one
    that makes an axis, and the steps before it, since the axis before, prepare it.
    """
    steps = list(steps)
    if not steps or not dims:
        return [()] * len(dims)
    last = steps[-1].of
    groups: list[tuple[Step, ...]] = []
    group: list[Step] = []
    for step in steps:
        group.append(step)
        if step.of is last:
            groups.append(tuple(group))
            group = []
    if len(groups) == len(dims) and all(group[-1].result == d for group, d in zip(groups, dims, strict=True)):
        return groups
    return _by_result(steps, dims)


def _by_result(steps: list[Step], dims: tuple[Any, ...]) -> list[tuple[Step, ...]]:
    found: list[tuple[Step, ...]] = []
    start = 0
    for d in dims:
        hit = next((n for n in range(start, len(steps)) if steps[n].result == d), None)
        if hit is None or isinstance(steps[hit].result, bool):
            found.append(())
        else:
            found.append((steps[hit],))
            start = hit + 1
    return found


def _gives_back(step: Step) -> bool:
    return any(step.result is x or step.result == x for x in step.given.values())


def whole(step: Step) -> str:
    """A step on whole shapes: ``broadcast: (5, 2, 3), (2, 1) → (5, 2, 3)``."""
    return f"{formula_name(step)}: {', '.join(map(value, step.given.values()))} → {value(step.result)}"


def formula_name(step: Step) -> str:
    """What a formula is called, in words."""
    return getattr(inspect.unwrap(step.of), "__name__", "formula").strip("_").replace("_", " ")


def _is_formula(function: Any, name: str) -> bool:
    """Whether a name in a formula's text is another formula."""
    return hasattr(getattr(inspect.unwrap(function), "__globals__", {}).get(name), "__wrapped__")


_ARITHMETIC = {"sum", "max", "min", "abs", "len", "product", "maximum", "minimum"}


class _Plain(ast.NodeTransformer):
    """Our helpers' names as people know them."""

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name({"maximum": "max", "minimum": "min"}.get(node.id, node.id))


class _Fill(ast.NodeTransformer):
    """Replaces names by values; ``sum`` and ``product`` of known items are written out."""

    def __init__(self, given: Mapping[str, Any]):
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.given:
            return node
        text = value(self.given[node.id])
        try:
            return ast.parse(text, mode="eval").body
        except SyntaxError:
            return ast.Name(text)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        node.args = [self.visit(argument) for argument in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        sign = {"sum": ast.Add(), "product": ast.Mult()}.get(name)
        if sign is not None and len(node.args) == 1 and isinstance(node.args[0], (ast.Tuple, ast.List)):
            items = node.args[0].elts
            if 0 < len(items) <= 8:
                result = items[0]
                for item in items[1:]:
                    result = ast.BinOp(result, sign, item)
                return result
        return node
