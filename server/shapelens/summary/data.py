"""A model as JSON: the layers with their places, what is connected to what, where building fails, what repeats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shape_engine import render
from shape_engine.description import Link, Row, Summary
from shape_engine.models import Failure, Model
from shape_engine.snapshot import Place

from .cells import output_shape, parameters, size
from .table import Home, as_it_is, table


def record(model: Model, columns: int = 100, home: Home = as_it_is) -> dict[str, Any]:
    """Everything that is known of a model.  Lines and columns count from 1."""
    found = model.found
    return {
        "name": found.name,
        "kind": found.kind,
        **(_place(Place(model.uri, found.span), home) or {}),
        "title": title(model.summary),
        "model": _model(model.summary, model.failures, home),
        "failures": [_failure(model, failure, home) for failure in model.failures],
        "table": table(model, columns, home=home),
    }


def title(summary: Summary) -> str:
    """``(None, 224, 224, 3) → (None, 1000) · 138,357,544 params``"""
    total = f"{parameters(summary.total)} params" if isinstance(summary.total, int) else "? params"
    return f"{output_shape(summary.input)} → {output_shape(summary.output)} · {total}"


def repeats(rows: Sequence[Row]) -> list[dict[str, int]]:
    """Stretches of layers that repeat: where the first starts, how many layers it has, and how often it is there.

    Layers are alike if they are of one class and take their inputs from as far above.
    """
    signs = [(row.cls, tuple(n - link.source for link in row.links if link.source is not None)) for n, row in enumerate(rows)]  # fmt: skip
    found, start = [], 0
    while start < len(signs):
        best: tuple[int, int] | None = None
        for length in range(2, min((len(signs) - start) // 2, 80) + 1):
            block, times = signs[start : start + length], 1
            while signs[start + times * length : start + (times + 1) * length] == block:
                times += 1
            if times > 1 and times * length >= 6 and (best is None or times * length > best[0] * best[1]):
                best = (length, times)
        if best is None:
            start += 1
        else:
            found.append({"first": start, "length": best[0], "count": best[1]})
            start += best[0] * best[1]
    return found


def _model(summary: Summary, failures: Sequence[Failure], home: Home) -> dict[str, Any]:
    held = summary.held
    return {
        "class": summary.cls,
        "name": summary.name,
        "framework": summary.flavour,
        "doubt": summary.doubt,
        "input": output_shape(summary.input),
        "output": output_shape(summary.output),
        "params": summary.total if isinstance(summary.total, int) else None,
        "trainable": summary.trainable if isinstance(summary.trainable, int) else None,
        "non_trainable": summary.non_trainable if isinstance(summary.non_trainable, int) else None,
        "size": None if held is None or held.trainable_bytes is None or held.non_trainable_bytes is None
        else size(held.trainable_bytes + held.non_trainable_bytes),
        "layers": [_layer(row, number, [f for f in failures if f.row == number], home) for number, row in enumerate(summary.rows)],
        "repeats": repeats(summary.rows),
    }  # fmt: skip


def _layer(row: Row, number: int, failures: Sequence[Failure], home: Home) -> dict[str, Any]:
    failing = {link for failure in failures for link in failure.links}
    return {
        "id": number,
        "name": row.name,
        "class": row.cls,
        "output": output_shape(row.shape),
        "params": row.params if isinstance(row.params, int) else None,
        "built": row.built,
        "trainable": row.trainable,
        "made": _place(row.site, home),
        "calls": [_place(place, home) for place in row.calls],
        "inputs": [_link(link, n in failing, home) for n, link in enumerate(row.links)],
        "failing": bool(failures),
        "model": None if row.model is None else _model(row.model, (), home),
    }


def _link(link: Link, failing: bool, home: Home) -> dict[str, Any]:
    return {
        "from": link.source,
        "name": link.name,
        "node": link.node,
        "tensor": link.output,
        "shape": output_shape(link.shape),
        "failing": failing,
        "call": _place(link.site, home),
    }


def _failure(model: Model, failure: Failure, home: Home) -> dict[str, Any]:
    finding = failure.finding
    return {
        "layer": failure.row,
        "inputs": list(failure.links),
        "code": finding.code,
        "reason": render.headline(finding, model.uri),
        "exception": render.exception(finding),
        **(_place(Place(model.uri, finding.span), home) or {}),
    }


def _place(place: Any, home: Home) -> dict[str, Any] | None:
    if not isinstance(place, Place):
        return None
    place = home(place)
    return {"uri": place.uri, "line": place.span.line, "column": place.span.column + 1}
