"""Candidate repairs, each tried on the engine before it is offered.

A candidate is a guess from the facts of a problem; nothing else about it is trusted.  It is offered only
if, with its edits applied, the finding is gone and no finding is there that was not there before.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from .dim import surely_less
from .formulas.window import per_axis, reach
from .incremental.text import lines_of
from .problems import ChannelMismatch, GroupsDoNotDivide, MissingBatchAxis, Problem, WindowTooBig, WrongRank
from .shape import Shape
from .snapshot import Edit, Finding, Fix, Snapshot
from .value import Made, Span, Tensor

if TYPE_CHECKING:
    from .document import Document
    from .engine import Engine

F = TypeVar("F", bound=Callable[..., Any])
MAX_TRIALS = 8
_CANDIDATES: dict[type[Problem], list[Callable[..., Iterator[Fix]]]] = {}


def fixes(engine: Engine, uri: str, finding: Finding) -> list[Fix]:
    """The repairs of a finding that work, best first."""
    document = engine.documents[uri]
    place = Scene(document, finding)
    before = document.snapshot()
    good: list[Fix] = []
    tried = 0
    for kind in type(finding.problem).__mro__:
        for candidates in _CANDIDATES.get(kind, ()):
            for fix in candidates(finding.problem, place):
                if tried >= MAX_TRIALS:
                    break
                tried += 1
                if all(fix.edits != other.edits for other in good) and works(document, before, finding, fix):
                    good.append(fix)
    return [Fix(fix.title, fix.edits, preferred=position == 0) for position, fix in enumerate(good)]


def works(document: Document, before: Snapshot, finding: Finding, fix: Fix) -> bool:
    """Whether the finding is gone with the fix applied, and none is new."""
    after = document.trial(apply(document.text, fix.edits))
    if after.broken != before.broken and len(after.broken) > len(before.broken):
        return False
    old = Counter(_identity(f) for f in before.findings)
    new = Counter(_identity(f) for f in after.findings)
    old[_identity(finding)] -= 1
    return not new - old


def apply(text: str, edits: tuple[Edit, ...]) -> str:
    """The text with the edits made."""
    lines = lines_of(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def offset(line: int, column: int) -> int:
        return starts[min(line - 1, len(starts) - 1)] + column

    for edit in sorted(edits, key=lambda e: (e.span.line, e.span.column), reverse=True):
        begin = offset(edit.span.line, edit.span.column)
        end = offset(edit.span.end_line, edit.span.end_column)
        text = text[:begin] + edit.text + text[end:]
    return text


def repairs(problem: type[Problem]) -> Callable[[F], F]:
    """Register candidates for a kind of problem: ``(problem, scene) -> Fix, Fix, ...``."""

    def register(function: F) -> F:
        _CANDIDATES.setdefault(problem, []).append(function)
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

    def knows(self, name: str) -> bool:
        """Whether the document binds this name at its top level."""
        from .interpreter.core import module_scope
        from .rule import MISSING

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
            unit = call.__dict__["_shapelens_unit"]
            for statement in unit.parsed.body:
                for node in ast.walk(statement):
                    if isinstance(node, ast.Call):
                        yield self.own(node, call)

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
        for step in self.document.timeline.steps:
            unit = step.payload
            last = unit.line + unit.text.count("\n")
            if not unit.line <= span.line <= last:
                continue
            for statement in unit.parsed.body:
                for node in ast.walk(statement):
                    if isinstance(node, ast.Call):
                        node.__dict__["_shapelens_unit"] = unit
                        here = unit.parsed.span(node).moved(unit.line - 1)
                        if span in here and (best is None or here in self.span(best)):
                            best = node
        return best

    def own(self, node: Any, parent: ast.AST) -> Any:
        node.__dict__["_shapelens_unit"] = parent.__dict__["_shapelens_unit"]
        return node


@repairs(MissingBatchAxis)
def add_batch_axis(problem: MissingBatchAxis, scene: Scene) -> Iterator[Fix]:
    """One sample without its batch axis."""
    node = scene.input
    if node is None:
        return
    source, span = scene.text(node), scene.span(node)
    simple = isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    indexed = f"{source}[None, ...]" if simple else f"({source})[None, ...]"
    kind = _kind(scene)
    if kind == "keras":
        return
    if kind == "torch":
        yield Fix(
            "Add the batch axis: .unsqueeze(0)",
            (Edit(span, f"{source}.unsqueeze(0)" if simple else f"({source}).unsqueeze(0)"),),
        )
    if kind != "torch" and scene.knows("tf"):
        yield Fix(
            f"Add the batch axis: tf.expand_dims({_short(source)}, axis=0)",
            (Edit(span, f"tf.expand_dims({source}, axis=0)"),),
        )
    yield Fix(f"Add the batch axis: {_short(source)}[None, ...]", (Edit(span, indexed),))


@repairs(WrongRank)
def add_channel_axis(problem: WrongRank, scene: Scene) -> Iterator[Fix]:
    """An ``Input((28, 28))`` where images need channels."""
    if isinstance(problem, MissingBatchAxis):
        return
    maker = scene.maker() or (scene.input if isinstance(scene.input, ast.Call) else None)
    shape = scene.argument(maker, "shape", position=0) if isinstance(maker, ast.Call) else None
    lacks_one = (
        problem.least is not None and isinstance(problem.shape, Shape) and problem.least - len(problem.shape) == 1
    )
    if isinstance(shape, ast.Tuple) and lacks_one:
        source = scene.text(shape).rstrip(")").rstrip().rstrip(",")
        yield Fix("Give the input a channel axis of length 1", (Edit(scene.span(shape), f"{source}, 1)"),))


@repairs(WindowTooBig)
def pad_or_shrink(problem: WindowTooBig, scene: Scene) -> Iterator[Fix]:
    """A kernel that spans more than the input."""
    if problem.padding not in ("same", "causal"):
        edits = scene.setting(scene.constructor, "padding", '"same"')
        if edits:
            yield Fix('Pad the input: padding="same"', edits)
    yield from _channels_in_front(problem, scene)
    fitting = _fitting_kernel(problem, scene.finding.made, scene.finding.framework)
    if fitting is not None:
        for name in ("kernel_size", "pool_size"):
            node = scene.argument(scene.constructor, name) or (
                scene.argument(scene.constructor, position=_position(scene, name))
                if _position(scene, name) is not None
                else None
            )
            if node is not None:
                text = str(fitting[0]) if len(set(fitting)) == 1 else str(tuple(fitting))
                yield Fix(f"A kernel that fits: {name}={text}", (Edit(scene.span(node), text),))
                return


@repairs(ChannelMismatch)
def right_channels(problem: ChannelMismatch, scene: Scene) -> Iterator[Fix]:
    """A layer made for another number of channels."""
    constructor = scene.constructor
    if _kind(scene) == "torch" and isinstance(problem.actual, int):
        for name in ("in_channels", "in_features"):
            node = scene.argument(constructor, name)
            if node is None and constructor is not None and constructor.args:
                node = scene.argument(constructor, position=0)
            if node is not None:
                yield Fix(
                    f"Make the layer for {problem.actual} channels", (Edit(scene.span(node), str(problem.actual)),)
                )
                break
        return
    yield from other_data_format(problem, scene)
    yield from _other_length(
        scene, scene.argument(scene.maker(), "shape", position=0), problem.actual, problem.expected
    )
    for call in scene.calls_beside(constructor):  # the Input, or the input_shape=, that fixed the channels
        shape = scene.argument(
            call, "input_shape", "shape", "batch_shape", position=0 if _ends(call, "Input") else None
        )
        yield from _other_length(scene, shape, problem.expected, problem.actual)


def _other_length(scene: Scene, shape: ast.expr | None, old: Any, new: Any) -> Iterator[Fix]:
    """The last length of a literal shape changed, if it is the old one."""
    if isinstance(shape, (ast.Tuple, ast.List)) and shape.elts and isinstance(new, int):
        last = scene.own(shape.elts[-1], shape)
        if isinstance(last, ast.Constant) and last.value == old:
            yield Fix(f"Make the input {new} channel{'s' * (new != 1)} deep", (Edit(scene.span(last), str(new)),))


def _ends(call: ast.Call, name: str) -> bool:
    function = call.func
    return (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) == name


def other_data_format(problem: ChannelMismatch, scene: Scene) -> Iterator[Fix]:
    """The channels are where the other data format has them."""
    shape = problem.shape
    if isinstance(shape, Shape) and len(shape) > 2 and problem.expected in (shape[1], shape[-1]):
        wanted = "channels_first" if problem.axis in (-1, len(shape) - 1) else "channels_last"
        edits = scene.setting(scene.constructor, "data_format", f'"{wanted}"')
        if edits:
            yield Fix(f'The channels are on the other side: data_format="{wanted}"', edits)


@repairs(GroupsDoNotDivide)
def dividing_groups(problem: GroupsDoNotDivide, scene: Scene) -> Iterator[Fix]:
    """``groups`` and the number of channels or filters do not go together."""
    count, groups = problem.count, problem.groups
    if not isinstance(count, int) or not isinstance(groups, int) or count <= 0 or groups <= 0:
        return
    if problem.of in ("filters", "out_channels"):
        more = -(-count // groups) * groups
        name, position = ("filters", 0) if problem.of == "filters" else ("out_channels", 1)
        edits = scene.setting(scene.constructor, name, str(more), position=position)
        if edits:
            yield Fix(f"{name} that can be divided: {name}={more}", edits)
    for divisor in (d for d in range(min(count, groups), 0, -1) if count % d == 0):
        edits = scene.setting(scene.constructor, "groups", str(divisor))
        if edits:
            yield Fix(f"Groups that divide: groups={divisor}", edits)


def _channels_in_front(problem: WindowTooBig, scene: Scene) -> Iterator[Fix]:
    """The first length behind the batch is so small that it looks like channels."""
    shape, made = problem.shape, scene.finding.made
    told = dict(made.given).get("data_format") if made is not None else None
    if told == "channels_last" and isinstance(shape, Shape) and len(shape) > 2 and shape[1] in (1, 2, 3, 4):
        edits = scene.setting(scene.constructor, "data_format", '"channels_first"')
        if edits:
            yield Fix('The channels come first: data_format="channels_first"', edits)


def _fitting_kernel(problem: WindowTooBig, made: Made | None, framework: str) -> list[int] | None:
    """The largest kernel that fits on every axis, not larger than the one there is."""
    shape = problem.shape
    if not isinstance(shape, Shape):
        return None
    rank = len(problem.strides) or max(len(shape) - 2, 1)
    kernel, dilation = per_axis(problem.kernel, rank)[:rank], per_axis(problem.dilation or 1, rank)
    best: list[int] | None = None
    first = framework == "torch" or (made is not None and dict(made.given).get("data_format") == "channels_first")
    for spatial in [shape] if len(shape) == rank else [shape[2:]] if first else [shape[1:-1]]:
        if len(spatial) != rank:
            continue
        fits: list[int] = []
        for size, k, d in zip(spatial, kernel, dilation, strict=False):
            if not (isinstance(k, int) and isinstance(d, int)):
                return None
            fits.append(min(k, (size - 1) // d + 1) if isinstance(size, int) and surely_less(size, reach(k, d)) else k)
        if all(k > 0 for k in fits) and fits != list(kernel):
            best = fits
            break
    return best


def _position(scene: Scene, name: str) -> int | None:
    """The position of a constructor's parameter, by the layer's rule."""
    from .rule import REGISTRY, LayerRule

    made = scene.finding.made
    rule = REGISTRY.find(made.by) if made is not None else None
    if isinstance(rule, LayerRule):
        names = list(rule.settings)
        return names.index(name) if name in names else None
    usual = {"keras": {"kernel_size": 1, "pool_size": 0}, "torch": {"kernel_size": 2}}
    return usual.get(scene.finding.framework, {}).get(name)


def _kind(scene: Scene) -> str:
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


def _identity(finding: Finding) -> tuple[Any, ...]:
    return finding.code, finding.raised.type, finding.raised.text, repr(finding.problem)


def _short(source: str) -> str:
    return source if len(source) <= 20 and source.isprintable() else "…"


def _cut(text: str, span: Span) -> str:
    lines = lines_of(text)[span.line - 1 : span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column]
    lines[0] = lines[0][span.column :]
    return "".join(lines)
