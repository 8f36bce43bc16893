"""The models of a document: variables that hold one, functions that give one, and what is to be said of each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .description import Link, Row, Summary
from .snapshot import Finding, Observation, Place, Snapshot
from .value import Instance, Known, Site, Span, Tensor, ancestry

if TYPE_CHECKING:
    from .document import Document
    from .incremental.text import Parsed

BASES = frozenset({"keras.Model", "keras.Sequential"})


@dataclass(frozen=True)
class Found:
    """A model: the variable that holds it, or the function ("builder") that gives it, and where that stands."""

    name: str
    kind: str
    span: Span
    obj: Instance


@dataclass(frozen=True)
class Failure:
    """A call that raises while a model is built: the layer's row, which of its inputs, and the finding."""

    row: int
    links: tuple[int, ...]
    finding: Finding


@dataclass(frozen=True)
class Model:
    """A model with all that is known of it; the sites of its summary are places in documents."""

    found: Found
    uri: str
    summary: Summary
    failures: tuple[Failure, ...] = ()


def models(document: Document, snapshot: Snapshot) -> list[Found]:
    """The models of a document, in the order of their places, found once; nothing is computed for them yet."""
    known: list[Found] | None = snapshot.__dict__.get("_models")
    if known is None:
        known = snapshot.__dict__["_models"] = _found(document, snapshot)
    return list(known)


def _found(document: Document, snapshot: Snapshot) -> list[Found]:
    units = {step.payload.line - 1: step.payload for step in document.timeline.steps}
    found: list[Found] = []
    for part in snapshot.parts:
        functions = _functions(units[part.above].parsed) if part.above in units else []
        found += [replace(one, span=one.span.moved(part.above)) for one in _in_unit(part.relative, functions)]
    return sorted(found, key=lambda one: one.span)


def _in_unit(observations: tuple[Observation, ...], functions: list[tuple[str, Span, list[Span]]]) -> Iterator[Found]:
    """The models of one unit, with lines that count from its first: variables outside functions, then the functions."""
    given: dict[Span, Instance] = {}
    for seen in observations:
        obj = _model_of(seen)
        if obj is None:
            continue
        if not seen.target:
            given[seen.span] = obj
        elif not any(seen.span in span for _, span, _ in functions):
            yield Found(" ".join(seen.text.split()), "variable", seen.span, obj)
    for name, span, returned in functions:
        first = next((one for one in sorted(returned) if one in given), None)
        if first is not None:
            yield Found(name, "builder", span, given[first])


def model(document: Document, snapshot: Snapshot, found: Found) -> Model | None:
    """All that is known of a model; None if it is none after all."""
    described = snapshot.describe(found.obj)
    if not isinstance(described, Summary):
        return None
    summary = _placed(document, described)
    if summary.rows and not any(row.links for row in summary.rows):
        summary = _flowing(document, summary, snapshot)
    return Model(found, document.uri, summary, tuple(_failures(summary, snapshot)))


def _model_of(seen: Observation) -> Instance | None:
    """The model that a value is, or holds; of several executions the last."""
    for value in (seen.value, *reversed(seen.variants)):
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Instance) and _is_model(one.cls):
                return one
    return None


def _is_model(cls: Any) -> bool:
    return any(isinstance(one, Known) and one.target in BASES for one in ancestry(cls))


def _functions(parsed: Parsed) -> list[tuple[str, Span, list[Span]]]:
    """Every function of a unit, found once: its name with those of the classes around it, its span, and what it returns."""
    known: list[tuple[str, Span, list[Span]]] | None = parsed.__dict__.get("_functions")
    if known is None:
        known = parsed.__dict__["_functions"] = list(_walked(parsed))
    return known


def _walked(parsed: Parsed) -> Iterator[tuple[str, Span, list[Span]]]:
    waiting: list[tuple[str, Any]] = [("", node) for node in reversed(parsed.body)]
    while waiting:
        above, node = waiting.pop()
        name = above + getattr(node, "name", "")
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield name, parsed.span(node), [parsed.span(value) for value in _returned(node)]
        if hasattr(node, "body") and isinstance(node.body, list):
            inside = f"{name}." if hasattr(node, "name") else above
            rest = [*node.body, *getattr(node, "orelse", ())]
            waiting.extend((inside, child) for child in reversed(rest) if isinstance(child, ast.stmt))


def _returned(function: Any) -> Iterator[ast.expr]:
    waiting = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            yield from node.value.elts if isinstance(node.value, ast.Tuple) else (node.value,)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            waiting.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr))


def _placed(document: Document, summary: Summary) -> Summary:
    """The summary with places instead of sites."""

    def place(site: Any) -> Any:
        return document.assembly.place(site) if isinstance(site, Site) else None

    def link(one: Link) -> Link:
        return replace(one, site=place(one.site))

    def row(one: Row) -> Row:
        inner = None if one.model is None else _placed(document, one.model)
        return replace(
            one,
            site=place(one.site),
            calls=tuple(filter(None, map(place, one.calls))),
            links=tuple(map(link, one.links)),
            model=inner,
        )

    return replace(summary, rows=tuple(map(row, summary.rows)), site=place(summary.site))


def _flowing(document: Document, summary: Summary, snapshot: Snapshot) -> Summary:
    """A model whose class defines ``call``: what flows from layer to layer, as far as its code was seen."""
    places: dict[Any, int] = {row.obj: number for number, row in enumerate(summary.rows) if row.obj is not None}
    calls: dict[int, dict[Any, tuple[Tensor, tuple[Tensor, ...]]]] = {}
    for seen in snapshot.observations:
        tensor = seen.value
        if isinstance(tensor, Tensor) and not seen.target and (layer := _layer_of(tensor)) in places:
            assert tensor.made is not None
            calls.setdefault(places[layer], {}).setdefault(tensor.made, (tensor, tensor.made.inputs))
    rows = list(summary.rows)
    for number, found in calls.items():
        row, links = rows[number], []
        for made, (_, inputs) in found.items():
            site = document.assembly.place(made.site) if made.site is not None else None
            for x in inputs:
                origins: list[tuple[int | None, Tensor]] = [*_origins(x, places)]
                for origin, shown in origins or [(None, x)]:
                    name = "input" if origin is None else summary.rows[origin].name
                    links.append(Link(origin, name, None, None, shown.shape, site))
        shape = row.shape if row.shape is not None else next(iter(found.values()))[0].shape
        sites = tuple(dict.fromkeys(link.site for link in links if link.site is not None))
        rows[number] = replace(row, links=tuple(dict.fromkeys(links)), shape=shape, calls=sites or row.calls)
    return replace(summary, rows=tuple(rows))


def _origins(x: Tensor, places: dict[Any, int]) -> Iterator[tuple[int, Tensor]]:
    """The layers of the model that a tensor goes back to, through whatever is done in between."""
    waiting = [x]
    seen: set[Any] = set()
    while waiting and len(seen) < 200:
        one = waiting.pop()
        if one.made is None or one.made in seen:
            continue
        seen.add(one.made)
        number = places.get(_layer_of(one))
        if number is not None:
            yield number, one
        else:
            waiting.extend(reversed(one.made.inputs))


def _layer_of(x: Tensor) -> Instance | None:
    found = (x.made.facts or {}).get("layer") if x.made is not None else None
    return found if isinstance(found, Instance) else None


def _failures(summary: Summary, snapshot: Snapshot) -> Iterator[Failure]:
    for finding in snapshot.findings:
        culprit = (finding.made.facts or {}).get("layer") if finding.made is not None else None
        for number, row in enumerate(summary.rows):
            here = tuple(n for n, link in enumerate(row.links) if _is_call(link.site, finding, snapshot.uri))
            if row.obj is not None and row.obj == culprit:
                yield Failure(number, here or tuple(range(len(row.links))), finding)
                break
            if culprit is None and here:
                yield Failure(number, here, finding)
                break


def _is_call(place: Any, finding: Finding, uri: str) -> bool:
    """Whether a finding stands at this call."""
    if not isinstance(place, Place):
        return False
    where = {(uri, finding.call)} | {
        (r.place.uri, r.place.span) for r in finding.related if r.role in ("raises", "call")
    }
    return (place.uri, place.span) in where
