"""The hover card of a value, and the derivation that leads to it from the inputs."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..dim import is_dim, is_dynamic, symbols
from ..rule import REGISTRY, LayerRule
from ..shape import Shape, Unranked
from ..snapshot import NEWEST, Finding, Observation, Place, Snapshot
from ..value import Made, Site, Span, Tensor, Unknown, tensors_in
from . import problems, shapes, steps
from .replay import replayed

WIDTH = 96
MOST_LINES = 12

Finder = Callable[[Site], "Place | None"]


@dataclass(frozen=True)
class Card:
    """What a hover shows: plain lines with aligned columns, for the text of ``span``.

    ``reason`` holds the lines about a problem, so that a client that draws the problem itself can leave
    them out; ``text`` has everything.
    """

    span: Span
    lines: tuple[str, ...]
    reason: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        parts = [*self.reason, *([""] if self.reason and self.lines else []), *self.lines]
        return "\n".join(parts)


def card(snapshot: Snapshot, line: int, column: int) -> Card | None:
    """The card for the value or the problem at a position (1-based line, 0-based column); None if nothing is known."""
    seen = snapshot.at(line, column)
    findings = findings_at(snapshot, line, column, seen)
    reason = [text for finding in findings[:1] for text in _reason(finding, snapshot.uri)]
    about = list(_about(snapshot, seen, MOST_LINES - len(reason) - bool(reason))) if seen is not None else []
    if not reason and not about:
        return None
    span = seen.span if seen is not None and about else findings[0].span
    return Card(span, tuple(about), tuple(reason))


def findings_at(snapshot: Snapshot, line: int, column: int, seen: Observation | None = None) -> list[Finding]:
    """The findings whose squiggle is under the position, else those inside the expression there."""
    under = [f for f in snapshot.findings if _holds(f.span, line, column)]
    if under or seen is None or seen.target:
        return under
    return [f for f in snapshot.findings if f.span in seen.span]


def derivation(snapshot: Snapshot, line: int, column: int | None = None) -> str | None:
    """How the value at a position came to be, from the inputs on; and what raises there.  None if nothing is known.

    Without a column: what the line assigns, else its widest expression.
    """
    if column is None:
        seen = _main(snapshot, line)
        findings = [f for f in snapshot.findings if f.span.line <= line <= f.span.end_line]
    else:
        seen = snapshot.at(line, column)
        findings = findings_at(snapshot, line, column, seen)
    chain = _chain([*([seen.value] if seen is not None else []), *(_inputs_of(f) for f in findings if seen is None)])
    told = [tensor.made for tensor in chain]
    parts = ["\n".join(_problem(finding, snapshot.uri, finding.made not in told)) for finding in findings]
    places = _Places(snapshot)
    for number, tensor in enumerate(chain, 1):
        parts.append("\n".join(_stage(number, tensor, places)))
    if seen is not None:
        tail = list(_about(snapshot, seen, MOST_LINES)) if not chain else list(_assumptions(seen))
        if not chain or tail:
            parts.append("\n".join(tail))
        parts.append(_spoken_for(snapshot, chain))
    text = "\n\n".join(part for part in parts if part)
    return text or None


def layer_settings(made: Made) -> str:
    """The settings that differ from the constructor's defaults: ``filters=32, kernel_size=(3, 3)``."""
    rule = REGISTRY.find(made.by)
    parameters = rule.settings if isinstance(rule, LayerRule) else {}
    shown = []
    for name, value in made.given:
        parameter = parameters.get(name)
        if name.startswith((".", "_")) or (name, value) == ("data_format", "channels_last"):
            continue
        if parameters and parameter is None and (name, value) not in (("activation", value), ("use_bias", False)):
            continue
        if name == "dtype" or (name == "activation" and value in (None, "linear")):
            continue
        if parameter is not None and parameter.default is not parameter.empty and _same(parameter.default, value):
            continue
        shown.append(f"{name}={shapes.setting(_evened(value))}")
    return ", ".join(shown)


def _about(snapshot: Snapshot, seen: Observation, most: int) -> Iterator[str]:
    """The lines of a card about a value, the least important left out where there are too many."""
    value = seen.value
    name = shapes.shortened(" ".join(seen.text.split()), 48)
    if not isinstance(value, Tensor):
        text = _other(value)
        if text:
            yield f"{name}: {text}"
            yield from _assumptions(seen)
        return
    head = f"{name}: {shapes.shape(value)}"
    head += "  " + ", ".join(filter(None, (value.dtype, shapes.kind(value))))
    if isinstance(value.shape, Unranked) and value.shape.reason:
        head += f"\n{value.shape.reason}"
    layer = list(_layer_lines(value.made)) if value.made is not None else []
    tail = [*layer, *_assumptions(seen), *filter(None, [_spoken_for(snapshot, [value])])]
    rows = list(axis_rows(value))
    room = most - 1 - len(tail)
    if len(rows) > room:
        rows = [row for row in rows if "=" in row][: max(room, 0)]
    yield head
    yield from rows
    yield from tail


def axis_rows(tensor: Tensor) -> Iterator[str]:
    """One line for each axis with its name and its arithmetic; none where neither is known."""
    if not isinstance(tensor.shape, Shape):
        return
    names = shapes.axis_names(tensor)
    taken = replayed(tensor.made) if tensor.made is not None else []
    spatial = [axis for axis, name in enumerate(names) if name not in ("batch", "channels")]
    axes = spatial or list(range(len(tensor.shape)))
    grouped = dict(zip(axes, steps.per_axis(taken, tuple(tensor.shape[axis] for axis in axes)), strict=True))
    labels = names or tuple(f"axis {axis}" for axis in range(len(tensor.shape)))
    width = max(map(len, labels), default=0)
    formulas: set[Any] = set()
    for axis, (label, dim) in enumerate(zip(labels, tensor.shape, strict=True)):
        group = grouped.get(axis, ())
        if not group or not (names or steps.telling(group[-1:])):
            origin = _setting_of(tensor, axis, dim, label)
            if names or origin:
                yield f"  {label:<{width}}  {origin}{shapes.dim(dim)}"
            continue
        *before, last = group
        known = last.of in formulas
        formulas.add(last.of)
        text = steps.numbers(last) if known else steps.equation(last)
        aside = [f"{steps.formula_name(step)} = {steps.numbers(step)}" for step in steps.preparing(before, last)]
        yield f"  {label:<{width}}  {text}" + (f"   with {', '.join(aside)}" if aside else "")
    for step in steps.telling(taken):
        if isinstance(step.result, Shape) and sum(isinstance(given, tuple) for given in step.given.values()) > 1:
            yield f"  {steps.whole(step)}"


def _layer_lines(made: Made) -> Iterator[str]:
    """The layer's settings, and its weights."""
    facts = made.facts or {}
    cls = facts.get("class")
    if not cls:
        return
    title = f"{cls} '{facts['name']}'" if facts.get("name") else str(cls)
    settings = layer_settings(made)
    yield from textwrap.wrap(f"{title}: {settings}" if settings else title, WIDTH, subsequent_indent="  ")[:2]
    weights = ", ".join(f"{name} {shapes.shape(shape)}" for name, shape in facts.get("weights") or ())
    count = facts.get("params")
    if weights and (isinstance(count, int) or is_dim(count)):
        yield shapes.shortened(f"{weights}: {parameters(count)}", WIDTH)
    elif weights:
        yield shapes.shortened(weights, WIDTH)


def parameters(count: Any) -> str:
    """``1 parameter``, ``21,632 parameters``."""
    if isinstance(count, int):
        return f"{count:,} parameter{'' if count == 1 else 's'}"
    return f"{shapes.dim(count)} parameters"


def _setting_of(tensor: Tensor, axis: int, dim: Any, label: str) -> str:
    """``filters = `` where the length of the axis is a setting of the layer's."""
    made = tensor.made
    if made is None or label == "batch" or not (made.facts or {}).get("class"):
        return ""
    if label != "channels" and axis != (tensor.rank or 0) - 1:
        return ""
    for name in ("filters", "units", "out_channels", "out_features", "output_dim"):
        if dict(made.given).get(name) == dim:
            return f"{name} = "
    return ""


def _reason(finding: Finding, uri: str) -> Iterator[str]:
    """What is wrong, and the places where its numbers came from."""
    yield from textwrap.wrap(problems.what(finding), WIDTH)[:2]
    yield shapes.shortened(problems.exception(finding).split("\n")[0], WIDTH)
    for related in finding.related[:3]:
        where = "" if related.place.uri == uri else f"{_file(related.place.uri)} "
        yield f"  {where}line {related.place.span.line}: {problems.related_text(related, finding)}"


def _problem(finding: Finding, uri: str, with_steps: bool) -> Iterator[str]:
    yield f"line {finding.span.line}: {problems.what(finding)} [{finding.code}]"
    yield textwrap.indent(problems.exception(finding), "  ")
    for related in finding.related:
        where = "" if related.place.uri == uri else f"{_file(related.place.uri)} "
        yield f"  {where}line {related.place.span.line}: {problems.related_text(related, finding)}"
    if finding.made is not None and with_steps:
        for step in steps.telling(replayed(finding.made)):
            yield f"  {steps.formula_name(step)} = {steps.equation(step)}"
    yield f"  {problems.version(finding.framework, finding.version)}"


def _stage(number: int, tensor: Tensor, places: _Places) -> Iterator[str]:
    """One step of a derivation: what was called, where, on what, and what came out."""
    made = tensor.made
    where = places.line(made.site if made is not None else None)
    what = shapes.maker(made) or (f"the argument {tensor.name}" if tensor.name else "a tensor that comes from outside")
    name = (made.facts or {}).get("name") if made is not None else None
    title = f"{number}. {what}" + (f" '{name}'" if name and name != what else "")
    source = places.text(made.site if made is not None else None)
    yield "   ".join(filter(None, (title, where, source)))
    inputs = ", ".join(map(shapes.shape, made.inputs)) if made is not None else ""
    yield f"   {inputs + ' → ' if inputs else ''}{shapes.shape(tensor)}  {tensor.dtype or ''}".rstrip()
    yield from (f"   {row}" for row in axis_rows(tensor))
    if made is not None:
        for step in _nested(replayed(made)):
            yield f"     {step}"
        yield from (f"   {line}" for line in _layer_lines(made))


def _nested(taken: Iterable[Any], depth: int = 0) -> Iterator[str]:
    """The steps inside of steps, which a card has no room for."""
    for step in taken:
        for inner in step.inside:
            yield f"{'  ' * depth}{steps.formula_name(inner)} = {steps.equation(inner)}"
            yield from _nested([inner], depth + 1)


def _chain(values: Iterable[Any]) -> list[Tensor]:
    """The tensors that lead to these values, every one after its inputs, without recursion (models are deep)."""
    done: dict[Any, None] = {}
    order: list[Tensor] = []
    todo: list[tuple[Tensor, bool]] = [(tensor, False) for value in values for tensor in tensors_in(value)][::-1]
    while todo:
        tensor, ready = todo.pop()
        key = _identity(tensor)
        if key in done:
            continue
        if ready or tensor.made is None:
            done[key] = None
            order.append(tensor)
            continue
        todo.append((tensor, True))
        todo.extend((x, False) for x in reversed(tensor.made.inputs) if _identity(x) not in done)
    return order


def _identity(tensor: Tensor) -> Any:
    return (tensor.made, tensor.shape) if tensor.made is not None else (id(tensor), None)


def _inputs_of(finding: Finding) -> Any:
    return finding.made.inputs if finding.made is not None else ()


def _other(value: Any) -> str | None:
    """What to say about a value that is no tensor: lengths, tuples with tensors, and what is not known."""
    if isinstance(value, Unknown):
        return f"not known: {value.reason}" if value.reason else None
    if is_dim(value):
        return shapes.dim(value) + (" (the framework leaves it open)" if is_dynamic(value) else "")
    if isinstance(value, (tuple, list)) and next(tensors_in(value), None) is not None:
        return shapes.shortened(", ".join(shapes.setting(item) for item in value), 2 * WIDTH)
    return None


def _assumptions(seen: Observation) -> Iterator[str]:
    """What was taken for granted."""
    if seen.assumed:
        names = sorted({s.name for t in tensors_in(seen.value) if isinstance(t.shape, Shape)
                        for d in t.shape for s in symbols(d) if s.name})  # fmt: skip
        lengths = f"; {', '.join(names)} can be any length" if names else ""
        yield f"assumed: nothing here calls this code, so its arguments are open{lengths}"
    if seen.contexts > 1:
        yield f"what {seen.contexts} executions have in common"


def _spoken_for(snapshot: Snapshot, tensors: Iterable[Tensor]) -> str:
    """``Keras 3.15.1``: the versions whose behaviour this is."""
    names: dict[str, None] = {}
    for tensor in tensors:
        if tensor.made is not None:
            names[framework_of(tensor.made)] = None
    found = []
    for name in names:
        number = snapshot.frameworks.get(name) or NEWEST.get(name)
        if number:
            found.append(problems.version(name, number))
    return ", ".join(found)


def framework_of(made: Made) -> str:
    """The framework that speaks, by its package name: "keras", "tf_keras", "tensorflow", "torch", "numpy"."""
    flavour = (made.facts or {}).get("flavour")
    if flavour:
        return str(flavour)
    first = made.by.partition(".")[0]
    if first == "operator":
        kinds = {x.kind for x in made.inputs}
        first = next((kind for kind in ("keras", "torch", "tf", "numpy") if kind in kinds), "")
    return {"tf": "tensorflow"}.get(first, first)


class _Places:
    """Where a Site is in the document, by the expressions that were seen there."""

    def __init__(self, snapshot: Snapshot):
        self.found: dict[Site, Observation] = {}
        for seen in snapshot.observations:
            made = seen.value.made if isinstance(seen.value, Tensor) else None
            if not seen.target and made is not None and made.site is not None:
                old = self.found.get(made.site)
                if old is None or old.span in seen.span:
                    self.found[made.site] = seen

    def line(self, site: Site | None) -> str:
        seen = self.found.get(site) if site is not None else None
        return f"line {seen.span.line}" if seen is not None else ""

    def text(self, site: Site | None) -> str:
        seen = self.found.get(site) if site is not None else None
        return shapes.shortened(" ".join(seen.text.split()), 64) if seen is not None else ""


def _main(snapshot: Snapshot, line: int) -> Observation | None:
    """What a line is about: the name it assigns, else its widest expression."""
    here = snapshot.between(line, line)
    tensors = [seen for seen in here if next(tensors_in(seen.value), None) is not None] or list(here)
    targets = [seen for seen in tensors if seen.target]
    if targets:
        return targets[0]
    return max(tensors, key=lambda seen: (seen.span.end_line, seen.span.end_column, -seen.span.column), default=None)


def _holds(span: Span, line: int, column: int) -> bool:
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def _file(uri: str) -> str:
    return uri.rpartition("/")[2]


def _same(default: Any, value: Any) -> bool:
    if isinstance(value, (tuple, list)) and not isinstance(default, (tuple, list)):
        return all(item == default for item in value)
    return type(default) is type(value) and default == value


def _evened(value: Any) -> Any:
    """``(3, 3)`` as people write it: 3."""
    if isinstance(value, tuple) and value and all(isinstance(v, int) and v == value[0] for v in value):
        return value[0]
    return value
