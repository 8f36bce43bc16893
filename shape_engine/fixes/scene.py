"""The code around a finding, as candidates for its repair look at it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ..incremental.text import lines_of
from ..problems import Problem, WrongRank
from ..shape import Shape
from ..snapshot import Edit, Finding, Fix
from ..syntax import descendants
from ..value import Instance, Known, Span, Tensor

if TYPE_CHECKING:
    from ..document import Document

F = TypeVar("F", bound=Callable[..., Any])
SIMPLE = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)
"""What binds more tightly than all that can be put behind it."""
CANDIDATES: dict[type[Problem], list[Callable[..., Iterator[Fix]]]] = {}


def repairs(problem: type[Problem]) -> Callable[[F], F]:
    """Register candidates for a kind of problem: ``(problem, scene) -> Fix, Fix, ...``."""

    def register(function: F) -> F:
        CANDIDATES.setdefault(problem, []).append(function)
        return function

    return register


@dataclass
class Scene:
    """The text around a finding: the call that raises, the constructor of the layer, their arguments."""

    document: Document
    finding: Finding

    def __post_init__(self) -> None:
        self.call = self._call_at(self.finding.call or self.finding.span)
        self.constructor = self._constructor()

    def text(self, node: ast.AST) -> str:
        """The source of a node."""
        return _cut(self.document.text, self.span(node))

    def operand(self, node: ast.AST) -> str:
        """The source of a node, in brackets where something that is put behind it would take a part of it only."""
        return self.text(node) if isinstance(node, SIMPLE) else f"({self.text(node)})"

    def span(self, node: ast.AST) -> Span:
        """Where a node of the document stands."""
        unit = node.__dict__.get("_shapelens_unit")
        assert unit is not None, "a node that was not found through the scene"
        return unit.parsed.span(node).moved(unit.line - 1)

    def argument(self, call: ast.Call | None, *names: str, position: int | None = None) -> ast.expr | None:
        """An argument of a call by one of its names, or by its position."""
        if call is None:
            return None
        for keyword in call.keywords:
            if keyword.arg in names:
                return self.own(keyword.value, call)
        if position is not None and len(call.args) > position and not isinstance(call.args[position], ast.Starred):
            return self.own(call.args[position], call)
        return None

    def setting(
        self, call: ast.Call | None, name: str, value: str, position: int | None = None
    ) -> tuple[Edit, ...] | None:
        """Edits that give an argument of a call this text: in its place, or as a new keyword argument."""
        if call is None:
            return None
        node = self.argument(call, name, position=position)
        if node is not None:
            return (Edit(self.span(node), value),)
        span = self.span(call)
        last = [*call.args, *(keyword.value for keyword in call.keywords)]
        if last:
            end = max((self.span(self.own(node, call)) for node in last), key=lambda s: (s.end_line, s.end_column))
            at = Span(end.end_line, end.end_column, end.end_line, end.end_column)
            if _cut(self.document.text, Span(at.line, at.column, span.end_line, span.end_column)).strip() != ")":
                return None  # a trailing comma or a comment: leave the layout of the call alone
            return (Edit(at, f", {name}={value}"),)
        at = Span(span.end_line, span.end_column - 1, span.end_line, span.end_column - 1)
        return (Edit(at, f"{name}={value}"),)

    def tensor(self, node: ast.AST) -> Tensor | None:
        """The tensor that an expression of the document is, if it always is one."""
        return next((seen.tensor for seen in self._seen(node)), None)

    def made_by(self, node: ast.AST) -> str:
        """The class of the framework's of which an expression of the document is an object; else nothing."""
        value = next((seen.value for seen in self._seen(node)), None)
        return value.cls.target if isinstance(value, Instance) and isinstance(value.cls, Known) else ""

    def _seen(self, node: ast.AST) -> Iterator[Any]:
        span = self.span(node)
        return (seen for seen in self.document.snapshot().observations if seen.span == span and not seen.target)

    def knows(self, name: str) -> bool:
        """Whether the document binds this name at its top level."""
        from ..interpreter.core import module_scope
        from ..rule import MISSING

        return self.document.timeline.last((module_scope(self.document.uri).id, name)) is not MISSING

    @property
    def input(self) -> ast.expr | None:
        """The first argument of the call that raises, if it is a call on a tensor."""
        if self.call is None or not self.call.args or isinstance(self.call.args[0], ast.Starred):
            return None
        return self.own(self.call.args[0], self.call)

    def maker(self) -> ast.Call | None:
        """The call that made the offending tensor, if it stands in this document."""
        for spot in self.finding.related:
            if isinstance(spot.value, Tensor) and spot.place.uri == self.document.uri:
                found = self._call_at(spot.place.span)
                if found is not None and self.span(found) == spot.place.span:
                    return found
        return None

    def calls_beside(self, call: ast.Call | None) -> Iterator[ast.Call]:
        """Every call in the top-level statement of a call."""
        if call is not None:
            yield from _nodes([call.__dict__["_shapelens_unit"]], ast.Call)

    def calls(self) -> Iterator[ast.Call]:
        """Every call of the document, in the order in which they begin; of those that begin together the outer first."""
        yield from self.nodes(ast.Call)

    def nodes(self, kind: Any) -> Iterator[Any]:
        """Every node of a kind, in the same order."""
        for step in self.document.timeline.steps:
            yield from sorted(_nodes([step.payload], kind), key=_place)

    def calls_before(self, *calls: ast.Call | None) -> Iterator[ast.Call]:
        """The calls that begin above one of these, or before it in its line."""
        spans = [self.span(call) for call in calls if call is not None]
        for call in self.calls():
            here = self.span(call)
            if any((here.line, here.column) < (span.end_line, span.end_column) and here != span for span in spans):
                yield call

    def parent(self, node: ast.AST) -> ast.AST | None:
        """What stands right around a node of the document."""
        unit = node.__dict__["_shapelens_unit"]
        for statement in unit.parsed.body:
            for around in ast.walk(statement):
                if any(child is node for child in ast.iter_child_nodes(around)):
                    around.__dict__["_shapelens_unit"] = unit
                    return around
        return None

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The statement that holds a node of the document; None inside one line of several."""
        around: ast.AST | None = node
        while around is not None and not isinstance(around, ast.stmt):
            around = self.parent(around)
        return around

    def assigned(self, name: str) -> ast.expr | None:
        """What the document's last simple assignment to a name gives it, above the call."""
        found = None
        for step in self.document.timeline.steps:
            unit = step.payload
            for node in unit.parsed.body:
                if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
                    node.value.__dict__["_shapelens_unit"] = unit
                    found = node.value
        return found

    def node_at(self, span: Span, kind: type[Any]) -> Any:
        """The node of a kind that stands just there."""
        return next((node for node in _nodes(self._units_at(span), kind) if self.span(node) == span), None)

    def _constructor(self) -> ast.Call | None:
        made = self.finding.made
        site = made.facts.get("site") if made is not None and made.facts else None
        if site is not None:
            place = self.document.assembly.place(site)
            if place is not None and place.uri == self.document.uri:
                return self._call_at(place.span)
        for spot in self.finding.related:
            if spot.role not in ("call", "x", "inputs", "input") and spot.place.uri == self.document.uri:
                found = self._call_at(spot.place.span)
                if found is not None:
                    return found
        if self.call is not None and isinstance(self.call.func, ast.Call):
            return self.own(self.call.func, self.call)
        return self.call

    def _call_at(self, span: Span) -> ast.Call | None:
        """The innermost call whose span holds this one."""
        best: ast.Call | None = None
        for node in _nodes(self._units_at(span), ast.Call):
            here = self.span(node)
            if span in here and (best is None or here in self.span(best)):
                best = node
        return best

    def _units_at(self, span: Span) -> Iterator[Any]:
        """The units that stand on the line where a span begins."""
        for step in self.document.timeline.steps:
            unit = step.payload
            if unit.line <= span.line <= unit.line + unit.text.count("\n"):
                yield unit

    def own(self, node: Any, parent: ast.AST) -> Any:
        node.__dict__["_shapelens_unit"] = parent.__dict__["_shapelens_unit"]
        return node


def kind_of(scene: Scene) -> str:
    """Whose tensor goes in: what the finding says of its inputs, else its framework."""
    for spot in scene.finding.related:
        if isinstance(spot.value, Tensor):
            return spot.value.kind
    made = scene.finding.made
    if made is not None and made.inputs:
        return made.inputs[0].kind
    if scene.finding.framework == "torch":
        return "torch"
    shape = getattr(scene.finding.problem, "shape", None)
    return "keras" if isinstance(shape, Shape) and any(getattr(dim, "dynamic", False) for dim in shape[:1]) else "tf"


def name_of(function: ast.AST | None) -> str:
    """The last part of a dotted name: what a call calls, or an argument names."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def ends(call: ast.Call, name: str) -> bool:
    """Whether what is called has this name, whatever stands before it."""
    return name_of(call.func) == name


def lacks_one(problem: WrongRank) -> bool:
    """Whether the shape has one axis fewer than it needs."""
    return problem.least is not None and isinstance(problem.shape, Shape) and problem.least - len(problem.shape) == 1


def with_one_more(scene: Scene, shape: ast.Tuple) -> Edit:
    """The edit that puts an axis of length 1 at the end of a literal shape."""
    source = scene.text(shape).rstrip(")").rstrip().rstrip(",")
    return Edit(scene.span(shape), f"{source}, 1)")


def before(span: Span) -> Span:
    """The place right before a span."""
    return Span(span.line, span.column, span.line, span.column)


def shortened(source: str) -> str:
    """A short source as it is, for titles."""
    return source if len(source) <= 20 and source.isprintable() else "…"


def _nodes(units: Iterable[Any], kind: Any) -> Iterator[Any]:
    """The nodes of a kind in some units; each remembers its own, for its place moves with it."""
    for unit in units:
        for node in descendants(unit.parsed.body):
            if isinstance(node, kind):
                node.__dict__["_shapelens_unit"] = unit
                yield node


def _place(node: Any) -> tuple[int, ...]:
    return node.lineno, node.col_offset, -node.end_lineno, -node.end_col_offset


def _cut(text: str, span: Span) -> str:
    lines = lines_of(text)[span.line - 1 : span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column]
    lines[0] = lines[0][span.column :]
    return "".join(lines)
