"""Where the length of one axis comes from: ``28 Input, line 3 → 26 Conv2D, line 5 → 13 MaxPooling2D, line 6``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from ..dim import Symbol, is_dim, symbols
from ..evidence import observe
from ..shape import Shape
from ..snapshot import Place, Snapshot
from ..value import Made, Site, Tensor
from . import shapes
from .replay import result_of

LONGEST = 64
"""How many tensors a history goes through; models are deep, cards are not."""


class Stage(NamedTuple):
    """A call that gave the axis a length."""

    length: Any
    made: Made


def history(tensor: Tensor, axis: int) -> list[Stage]:
    """The calls that gave an axis its lengths, the earliest first; those that passed a length on are left out."""
    stages: list[Stage] = []
    here: tuple[Tensor, int] | None = (tensor, axis)
    for _ in range(LONGEST):
        if here is None or here[0].made is None:
            break
        made, length = here[0].made, _length(*here)
        here = source(*here)
        if here is None or _length(*here) != length:
            stages.append(Stage(length, made))
    return stages[::-1]


def origin(snapshot: Snapshot, tensor: Tensor, axis: int) -> Place | None:
    """The place of the call that gave an axis the length that it has."""
    stages = history(tensor, axis)
    return _place(snapshot, stages[-1].made) if stages else None


def source(tensor: Tensor, axis: int) -> tuple[Tensor, int] | None:
    """The axis of an input that an axis follows; None where its length comes from several, from a setting or nowhere.

    The rule is asked: it runs again on lengths that are symbols, and shows what becomes of them.
    """
    made = tensor.made
    if made is None or not made.inputs or not all(x.ranked for x in made.inputs):
        return None
    marks: dict[tuple[int, Any], Symbol] = {}
    inputs = []
    for x in made.inputs:
        dims = []
        for position in range(x.rank or 0):
            length = _length(x, position)
            if length == 1 and len(made.inputs) > 1:
                dims.append(length)  # it may be one that broadcasts
            else:
                dims.append(marks.setdefault((position, length), Symbol(f"axis{len(marks)}", (position, "history"))))
        inputs.append(replace(x, shape=Shape(dims), constant=None))
    with observe():
        result = result_of(made, tuple(inputs))
    shape = result.shape if isinstance(result, Tensor) else result
    if not isinstance(shape, Shape) or not isinstance(tensor.shape, Shape) or len(shape) != len(tensor.shape):
        return None
    found = set(symbols(shape[axis])) if is_dim(shape[axis]) else set()
    if len(found) != 1:
        return None
    for (position, length), symbol in marks.items():
        if symbol in found:
            fitting = [x for x in made.inputs if position < (x.rank or 0) and _length(x, position) == length]
            return fitting[0], position
    return None


def line(snapshot: Snapshot, tensor: Tensor, axis: int) -> str:
    """The history of an axis in a line; "" where there is none to tell."""
    stages = history(tensor, axis)
    known = [stage for stage in stages if _place(snapshot, stage.made) is not None]
    return " → ".join(_stages(snapshot, stages)) if known and len(stages) > 1 else ""


def lines(snapshot: Snapshot, tensor: Tensor, most: int, axis: int | None = None) -> Iterator[str]:
    """The histories that are worth a line: of the axis asked for, else the longest ones."""
    if not isinstance(tensor.shape, Shape) or tensor.made is None:
        return
    names = shapes.axis_names(tensor) or tuple(f"axis {n}" for n in range(len(tensor.shape)))
    axes = range(len(tensor.shape)) if axis is None else [axis]
    found = [(n, text) for n in axes if (text := line(snapshot, tensor, n))]
    told: set[str] = set()
    for n, text in sorted(found, key=lambda pair: -pair[1].count("→"))[: max(most, 0)]:
        if text not in told:
            told.add(text)
            yield f"{names[n]}: {text}"


def _place(snapshot: Snapshot, made: Made) -> Place | None:
    """The call; of a layer that a model calls around it, as in a list of layers, the layer."""
    site, layer = made.site, (made.facts or {}).get("site")
    if site is not None and isinstance(layer, Site) and layer.unit == site.unit and layer.span in site.span:
        site = layer if layer.span[:2] != site.span[:2] else site
    return snapshot.place(site) if site is not None else None


def _length(tensor: Tensor, axis: int) -> Any:
    return tensor.shape[axis] if isinstance(tensor.shape, Shape) else None


def _stages(snapshot: Snapshot, stages: list[Stage]) -> Iterator[str]:
    if len(stages) > 5:
        yield from _stages(snapshot, stages[:2])
        yield f"… {len(stages) - 4} more"
        stages = stages[-2:]
    for first, (length, made) in enumerate(stages):
        place = _place(snapshot, made)
        where = f", {shapes.where(place, snapshot.uri)}" if place is not None else ""
        maker = shapes.maker(made).removeprefix("keras.") or "made"
        yield f"{shapes.dim(length)} {'from ' if not first else ''}{maker}{where}"
