"""Lines about one value: its axes and their arithmetic, the layer that made it, what was assumed."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..description import Summary
from ..dim import is_dim, is_dynamic, symbols
from ..rule import REGISTRY, LayerRule
from ..shape import Shape
from ..snapshot import NEWEST, Observation, Snapshot
from ..value import Made, Span, Tensor, Unknown, tensors_in
from . import problems, shapes, steps
from .replay import replayed

WIDTH = 76
"""How wide the lines of a card are, at most."""


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


def layer_lines(made: Made, plain: Callable[[str], str] = str) -> Iterator[str]:
    """The layer's settings, and its weights; ``plain`` gives automatic names their numbers."""
    facts = made.facts or {}
    cls = facts.get("class")
    if not cls:
        return
    title = f"{cls} '{plain(str(facts['name']))}'" if facts.get("name") else str(cls)
    settings = layer_settings(made)
    yield from textwrap.wrap(f"{title}: {settings}" if settings else title, WIDTH, subsequent_indent="  ")[:2]
    weights = ", ".join(f"{name} {shapes.shape(shape)}" for name, shape in facts.get("weights") or ())
    count = facts.get("params")
    if weights and (isinstance(count, int) or is_dim(count)):
        total = f": {parameters(count)}"
        yield shapes.shortened(weights, WIDTH - len(total)) + total
    elif weights:
        yield shapes.shortened(weights, WIDTH)


def layer_settings(made: Made) -> str:
    """The settings that differ from the constructor's defaults: ``filters=32, kernel_size=(3, 3)``."""
    rule = REGISTRY.find(made.by)
    parameters = rule.settings if isinstance(rule, LayerRule) else {}
    shown = []
    for name, value in made.given:
        parameter = parameters.get(name)
        if name.startswith((".", "_")) or (name, value) == ("data_format", "channels_last"):
            continue
        if isinstance(rule, LayerRule) and name in rule.fixed:
            continue
        if parameters and parameter is None and (name, value) not in (("activation", value), ("use_bias", False)):
            continue
        if name == "dtype" or (name == "activation" and value in (None, "linear")):
            continue
        if parameter is not None and parameter.default is not parameter.empty and _same(parameter.default, value):
            continue
        shown.append(f"{name}={shapes.setting(_evened(value))}")
    return ", ".join(shown)


def summary_lines(name: str, model: Summary, snapshot: Snapshot, most: int) -> Iterator[str]:
    """A model in numbers: what goes in and comes out, its layers as far as there is room, its parameters."""
    ends = " → ".join(shapes.shape(end) if end is not None else "?" for end in (model.input, model.output))
    yield f"{name}: {model.cls} '{snapshot.plain(model.name)}'" + ("" if ends == "? → ?" else f"  {ends}")
    rows = [
        (snapshot.plain(row.name), "?" if row.shape is None else shapes.shape(row.shape), _count(row.params), row.cls)
        for row in model.rows
    ]
    room = most - 4
    shown = rows if len(rows) <= room else [*rows[: room - 2], None, rows[-1]]
    widths = [max((len(row[column]) for row in shown if row is not None), default=0) for column in range(3)]
    for row in shown:
        if row is None:
            yield f"  … {len(rows) - room + 1} more"
        else:
            layer, shape, count, cls = row
            line = f"  {layer:<{widths[0]}}  {shape:<{widths[1]}}  {count:>{widths[2]}}  {cls}"
            yield shapes.shortened(line, WIDTH)
    if model.total is not None:
        frozen = f", {_count(model.non_trainable)} of them not trained" if model.non_trainable not in (None, 0) else ""
        yield f"{parameters(model.total)}{frozen}"
    yield problems.version(model.flavour, snapshot.frameworks.get(model.flavour) or NEWEST[model.flavour])


def _count(number: Any) -> str:
    return "?" if number is None else f"{number:,}" if isinstance(number, int) else shapes.dim(number)


def parameters(count: Any) -> str:
    """``1 parameter``, ``21,632 parameters``."""
    if isinstance(count, int):
        return f"{count:,} parameter{'' if count == 1 else 's'}"
    return f"{shapes.dim(count)} parameters"


def assumptions(seen: Observation) -> Iterator[str]:
    """What was taken for granted."""
    if seen.assumed:
        names = sorted({s.name for t in tensors_in(seen.value) if isinstance(t.shape, Shape)
                        for d in t.shape for s in symbols(d) if s.name})  # fmt: skip
        lengths = f", so {', '.join(names)} can be any length" if names else ""
        yield f"assumed: nothing here calls this code{lengths}"
    told = list(dict.fromkeys(shapes.shape(x) for x in seen.variants if isinstance(x, Tensor)))
    if len(told) > 1:
        yield shapes.shortened(f"in turn {', '.join(told)}", 2 * WIDTH)
    elif seen.contexts > 1:
        yield f"in all of {seen.contexts} executions"


def spoken_for(snapshot: Snapshot, tensors: Iterable[Tensor]) -> str:
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


def other(value: Any) -> str | None:
    """What to say about a value that is no tensor: lengths, tuples with tensors, and what is not known."""
    if isinstance(value, Unknown):
        return f"not known: {value.reason}" if value.reason else None
    if is_dim(value):
        return shapes.dim(value) + (" (the framework leaves it open)" if is_dynamic(value) else "")
    if isinstance(value, (tuple, list)) and next(tensors_in(value), None) is not None:
        return shapes.shortened(", ".join(shapes.setting(item) for item in value), 2 * WIDTH)
    return None


def holds(span: Span, line: int, column: int) -> bool:
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


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


def _same(default: Any, value: Any) -> bool:
    if isinstance(value, (tuple, list)) and not isinstance(default, (tuple, list)):
        return all(item == default for item in value)
    return type(default) is type(value) and default == value


def _evened(value: Any) -> Any:
    """``(3, 3)`` as people write it: 3."""
    if isinstance(value, tuple) and value and all(isinstance(v, int) and v == value[0] for v in value):
        return value[0]
    return value
