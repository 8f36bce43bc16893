"""What to draw into the text: which values deserve a hint, where it goes, and in which few characters."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..dim import is_dynamic
from ..shape import Shape
from ..snapshot import Observation, Part, Snapshot
from ..syntax import children
from ..value import Instance, Span, Tensor
from . import shapes

KINDS = ("variables", "parameters", "calls", "layers", "returns")
CONTAINERS = ("Sequential",)
STATEMENT = 24  # lines of a statement that are searched for the shape's literal


@dataclass(frozen=True)
class Hint:
    """A shape, and the span behind which it belongs.

    ``name`` is what has the shape, as one would call it; ``parts`` are the lengths, one text for each axis.
    """

    kind: str
    span: Span
    name: str
    parts: tuple[str, ...]
    seen: Observation
    tensor: Tensor
    after_name: bool = False  # directly behind a name, where a colon reads well

    @property
    def label(self) -> str:
        """``(N, 26, 26, 32)``"""
        return f"({', '.join(self.parts)}{',' if len(self.parts) == 1 else ''})"


def hints(snapshot: Snapshot, first: int, last: int, line: Callable[[int], str], count: int) -> Iterator[Hint]:
    """The hints for values on these lines; ``line`` gives the text of one of the ``count`` lines of the document."""
    for part in snapshot.touching(first, last):
        above = part.above
        for hint in _Unit(snapshot, part).hints(first - above, last - above):
            begin, end = hint.span.line + above, min(hint.span.line + above + STATEMENT, count)
            source = "\n".join(map(line, range(begin, end + 1)))
            seen = replace(hint.seen, span=hint.seen.span.moved(above))
            spelled = shapes.says(shapes.statement(source, 1), hint.tensor.shape) if hint.tensor.rank else False
            if not spelled and snapshot.is_reached(seen):
                yield replace(hint, span=hint.span.moved(above), seen=seen)


def short(value: Any) -> str:
    """One length in as few characters as possible: ``N`` where the framework leaves it open."""
    return "N" if value is None or is_dynamic(value) else shapes.dim(value)


class _Unit:
    """One top-level statement: its syntax beside what was seen in it.  Lines count from its first."""

    def __init__(self, snapshot: Snapshot, part: Part):
        self.snapshot, self.tree = snapshot, part.tree
        self.targets = {seen.span: seen for seen in part.relative if seen.target}
        self.values = {seen.span: seen for seen in part.relative if not seen.target}
        self.told: set[Span] = set()  # expressions whose shape is told beside a name, or at a return

    def hints(self, first: int, last: int) -> Iterator[Hint]:
        if not self.tree.body:  # without syntax, names alone
            yield from (self._hint("variables", seen.span, seen, True) for seen in self.targets.values()
                        if first <= seen.span.line <= last and _drawable(seen.tensor))  # fmt: skip
            return
        todo: list[ast.AST] = list(reversed(self.tree.body))
        while todo:
            node = todo.pop()
            if getattr(node, "lineno", first) > last or getattr(node, "end_lineno", last) < first:
                continue
            todo += reversed(children(node))
            yield from (hint for hint in self._at(node) if first <= hint.span.end_line and hint.span.line <= last)

    def _at(self, node: ast.AST) -> Iterator[Hint]:
        """The hints that a node gives, those of the nodes inside aside."""
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            self._tell(node.value)
            if isinstance(node, ast.AnnAssign) and (seen := self._drawn(self.targets, node.target)) is not None:
                yield self._hint("variables", self.tree.span(node.annotation), seen)
                self.told.add(self.tree.span(node.target))
        elif isinstance(node, (ast.Return, ast.Yield)) and node.value is not None:
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for value in values:
                self._tell(value)
                if (seen := self._drawn(self.values, value)) is not None:
                    yield self._hint("returns", seen.span, seen)
        elif isinstance(node, ast.arg):
            if (seen := self._drawn(self.targets, node)) is not None:
                yield self._hint("parameters", seen.span, seen, node.annotation is None)
        elif isinstance(node, ast.Call):
            yield from self._call(node)
        elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            seen = self._drawn(self.targets, node)
            if seen is not None and seen.span not in self.told:
                yield self._hint("variables", seen.span, seen, True)

    def _call(self, node: ast.Call) -> Iterator[Hint]:
        span = self.tree.span(node)
        yield from self._layers(node)
        seen = self._drawn(self.values, node)
        tensor = seen.tensor if seen is not None else None
        if seen is None or tensor is None:
            return
        for inner in (*node.args, node.func.value if isinstance(node.func, ast.Attribute) else None):
            other = self._drawn(self.values, inner) if isinstance(inner, ast.Call) else None
            if other is not None and other.tensor is not None and other.tensor.shape == tensor.shape:
                self.told.add(other.span)  # the outer one says it
        unchanged = tensor.made is not None and any(x.shape == tensor.shape for x in tensor.made.inputs)
        spelled = tensor.made is not None and shapes.maker(tensor.made) == "keras.Input"
        if tensor.rank and not (unchanged or spelled or span in self.told):
            yield self._hint("calls", span, seen)

    def _layers(self, node: ast.Call) -> Iterator[Hint]:
        """Behind each layer that is written in a list of layers, or added to one, what it gives."""
        made = self.values.get(self.tree.span(node))
        layers: list[ast.expr] = []
        if (
            made is not None
            and isinstance(made.value, Instance)
            and _class(made.value) in CONTAINERS
            and not made.variants
        ):
            layers = [one for arg in (*node.args, *(k.value for k in node.keywords)) for one in _written(arg)]
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "add" and len(node.args) == 1:
            owner = self.values.get(self.tree.span(node.func.value))
            if owner is not None and isinstance(owner.value, Instance) and _class(owner.value) in CONTAINERS:
                layers = list(node.args)
        for layer in layers:
            self._tell(layer)
            seen = self.values.get(self.tree.span(layer))
            if seen is None or not isinstance(layer, ast.Call) or seen.variants or not isinstance(seen.value, Instance):
                continue
            tensor = self.snapshot.output_of(seen.value)
            if isinstance(tensor, Tensor) and _drawable(tensor):
                yield replace(self._hint("layers", seen.span, seen, tensor=tensor), name=_class(seen.value))

    def _tell(self, node: ast.expr | None) -> None:
        if node is not None and hasattr(node, "lineno"):
            self.told.add(self.tree.span(node))

    def _drawn(self, seen: dict[Span, Observation], node: ast.AST) -> Observation | None:
        found = seen.get(self.tree.span(node))
        return found if found is not None and _drawable(found.tensor) else None

    def _hint(
        self, kind: str, span: Span, seen: Observation, after_name: bool = False, tensor: Tensor | None = None
    ) -> Hint:
        tensor = tensor or seen.tensor
        assert tensor is not None
        assert isinstance(tensor.shape, Shape)
        name = " ".join(seen.text.split()) if seen.target else shapes.maker(tensor.made) or " ".join(seen.text.split())
        if kind == "returns":
            name = "returned"
        return Hint(kind, span, name, tuple(map(short, tensor.shape)), seen, tensor, after_name)


def _written(node: ast.expr) -> Iterator[ast.expr]:
    """The elements of a list, a tuple, a dict or an ``OrderedDict`` that are written there; else what is given itself."""
    if isinstance(node, ast.Starred):
        yield from _written(node.value)
    elif isinstance(node, ast.Dict):
        yield from node.values
    elif isinstance(node, ast.Call) and node.args and ast.unparse(node.func).endswith("OrderedDict"):
        yield from _written(node.args[0])
    elif isinstance(node, (ast.List, ast.Tuple)):
        for one in node.elts:
            yield from _written(one)
    else:
        yield node


def _drawable(tensor: Tensor | None) -> bool:
    return tensor is not None and isinstance(tensor.shape, Shape)


def _class(value: Instance) -> str:
    return (getattr(value.cls, "target", None) or getattr(value.cls, "name", "") or "").rpartition(".")[2]
