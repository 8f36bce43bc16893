"""The graph of a model as an SVG file: layers as boxes, shapes on the edges, what fails in red.

The page lays its graph out with dagre, which needs a browser.  For Python there is no such library that is kept up and
free to bundle, so here is the plain method of Sugiyama, Tagawa and Toda (1981): ranks by the longest path, an order
within each rank that crosses few edges, then places that keep edges straight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import Any

CHAR, LINE, GAP, RANK = 7.3, 16, 24, 44
SWEEPS = 6

STYLE = """
svg { color-scheme: light dark; font: 12px ui-monospace, Menlo, Consolas, monospace; background: light-dark(#fff, #1e1e1e); }
text { fill: light-dark(#1f1f1f, #d4d4d4); text-anchor: middle; }
.faint { fill: light-dark(#616161, #9d9d9d); paint-order: stroke; stroke: light-dark(#fff, #1e1e1e); stroke-width: 4px; }
.box .faint { stroke: none; }
rect { fill: light-dark(#f3f3f3, #252526); stroke: light-dark(#c8c8c8, #4a4a4a); }
.input rect { fill: none; }
path { fill: none; stroke: light-dark(#616161, #9d9d9d); }
.tip { fill: light-dark(#616161, #9d9d9d); stroke: none; }
.failing rect, .failing path { stroke: light-dark(#c72e0f, #f48771); stroke-width: 2px; }
.failing .tip { fill: light-dark(#c72e0f, #f48771); stroke: none; }
.failing .faint, .reason { fill: light-dark(#c72e0f, #f48771); }
.reason { text-anchor: start; }
"""


@dataclass
class Box:
    """What stands at a place: a layer with its lines, or, without lines, a bend of an edge."""

    lines: tuple[str, ...] = ()
    kind: str = "layer"
    hint: str = ""
    rank: int = 0
    x: float = 0.0
    above: list[Box] = field(default_factory=list)
    below: list[Box] = field(default_factory=list)

    @property
    def width(self) -> float:
        return max(map(len, self.lines)) * CHAR + 16 if self.lines else 12

    @property
    def height(self) -> float:
        return len(self.lines) * LINE + 8


@dataclass
class Edge:
    """A tensor on its way from box to box, around those in between."""

    way: list[Box]
    shape: str
    failing: bool


def drawing(record: Mapping[str, Any]) -> str:
    """The SVG text for what ``record`` tells of a model."""
    ranks, edges = _graph(record["model"]["layers"])
    _order(ranks)
    _place(ranks, edges)
    heights = [max((box.height for box in rank), default=0) for rank in ranks]
    tops = [GAP + sum(heights[:n]) + n * RANK for n in range(len(ranks))]
    reasons = [f"line {one['line']}: {one['reason']}" for one in record["failures"]]
    width = (
        max([box.x + box.width / 2 for rank in ranks for box in rank] + [len(text) * CHAR for text in reasons]) + GAP
    )
    height = (tops[-1] + heights[-1] if ranks else 0) + GAP + LINE * len(reasons) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<title>{escape(str(record['name']))}: {escape(record['title'])}</title>",
        f"<style>{STYLE}</style>",
    ]
    for edge in edges:
        parts.append(_drawn(edge, tops, heights))
    for rank, top in zip(ranks, tops, strict=True):
        for box in rank:
            if box.lines:
                parts.append(_box(box, top))
    for number, text in enumerate(reasons):
        parts.append(f'<text class="reason" x="{GAP}" y="{height - 8 - LINE * number:.0f}">{escape(text)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _graph(layers: Sequence[Mapping[str, Any]]) -> tuple[list[list[Box]], list[Edge]]:
    """The boxes by rank, and the edges with a bend in every rank that they cross."""
    boxes = [
        Box(
            (layer["name"], f"{layer['class']} · {'?' if layer['params'] is None else format(layer['params'], ',')}"),
            "failing" if layer["failing"] else "layer",
            f"line {layer['made']['line']}" if layer["made"] else "",
        )
        for layer in layers
    ]
    links: dict[tuple[int | str, int, str], bool] = {}
    inputs: dict[str, Box] = {}
    for layer in layers:
        for link in layer["inputs"]:
            source: int | str = link["from"] if link["from"] is not None else link["name"]
            if isinstance(source, str):
                inputs.setdefault(source, Box((source,), "input"))
            key = (source, layer["id"], link["shape"])
            links[key] = links.get(key, False) or link["failing"]
    for number, box in enumerate(boxes):
        before = [inputs[s] if isinstance(s, str) else boxes[s] for s, target, _ in links if target == number and (isinstance(s, str) or s < number)]  # fmt: skip
        box.rank = max((one.rank + 1 for one in before), default=0)
    ranks: list[list[Box]] = [[] for _ in range(max((box.rank for box in boxes), default=0) + 1)]
    for box in (*inputs.values(), *boxes):
        ranks[box.rank].append(box)
    edges = []
    for (source, target, shape), failing in links.items():
        first = inputs[source] if isinstance(source, str) else boxes[source]
        way = [first]
        for rank in range(first.rank + 1, boxes[target].rank):
            bend = Box(rank=rank)
            ranks[rank].append(bend)
            way.append(bend)
        way.append(boxes[target])
        if boxes[target].rank > first.rank:
            for one, other in pairwise(way):
                one.below.append(other)
                other.above.append(one)
        edges.append(Edge(way, shape, failing))
    return ranks, edges


def _order(ranks: list[list[Box]]) -> None:
    """Each rank in the order of the means of its neighbours, downwards and upwards in turn."""
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for rank in ranks if down else reversed(ranks):
            places = {id(box): n for one in ranks for n, box in enumerate(one)}

            def wanted(box: Box, places: dict[int, int] = places, down: bool = down) -> float:
                near = [places[id(one)] for one in (box.above if down else box.below)]
                return sum(near) / len(near) if near else places[id(box)]

            rank.sort(key=wanted)


def _place(ranks: list[list[Box]], edges: Sequence[Edge]) -> None:
    """Every box near the mean of its neighbours, none nearer to the next than the gap (and the shapes) allow."""
    room = {id(box): 0.0 for rank in ranks for box in rank}
    for edge in edges:  # the shape stands beside the lowest part of its edge
        last = edge.way[-2]
        room[id(last)] = max(room[id(last)], len(edge.shape) * CHAR)

    def half(box: Box) -> float:
        return max(box.width, room[id(box)]) / 2

    for sweep in range(2 * SWEEPS):
        for rank in ranks if sweep % 2 == 0 else reversed(ranks):
            wanted = []
            for box in rank:
                near = box.above if sweep % 2 == 0 else box.below
                wanted.append(sum(one.x for one in near) / len(near) if near else box.x)
            left: list[float] = []
            for n, box in enumerate(rank):
                least = left[-1] + half(rank[n - 1]) + half(box) + GAP if n else wanted[0]
                left.append(max(wanted[n], least))
            shift = sum(w - x for w, x in zip(wanted, left, strict=True)) / len(rank) if rank else 0
            for box, x in zip(rank, left, strict=True):
                box.x = x + shift
    least = min((box.x - half(box) for rank in ranks for box in rank), default=0)
    for rank in ranks:
        for box in rank:
            box.x += GAP - least


def _drawn(edge: Edge, tops: Sequence[float], heights: Sequence[float]) -> str:
    points = [(edge.way[0].x, tops[edge.way[0].rank] + edge.way[0].height)]
    for bend in edge.way[1:-1]:
        points += [(bend.x, tops[bend.rank]), (bend.x, tops[bend.rank] + heights[bend.rank])]
    end = edge.way[-1]
    points.append((end.x, tops[end.rank] - 1))
    (x0, y0), (x1, y1) = points[-2:]
    near = 0.3  # the shape stands near to where the edge comes from: others may end at the same box
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return (
        f'<g class="{"failing" if edge.failing else "edge"}"><path d="M{path}"/>'
        f'<path class="tip" d="M{x1 - 4:.1f} {y1 - 7:.1f}L{x1 + 4:.1f} {y1 - 7:.1f}L{x1:.1f} {y1:.1f}z"/>'
        f'<text class="faint" x="{x0 + (x1 - x0) * near:.1f}" y="{y0 + (y1 - y0) * near + 4:.1f}">{escape(edge.shape)}</text></g>'
    )


def _box(box: Box, top: float) -> str:
    texts = "".join(
        f'<text x="{box.x:.1f}" y="{top + 17 + n * LINE:.1f}"{" class=" + chr(34) + "faint" + chr(34) if n else ""}>{escape(line)}</text>'
        for n, line in enumerate(box.lines)
    )
    hint = f"<title>{escape(box.hint)}</title>" if box.hint else ""
    return (
        f'<g class="box {box.kind}">{hint}<rect x="{box.x - box.width / 2:.1f}" y="{top:.1f}" rx="4" '
        f'width="{box.width:.1f}" height="{box.height:.1f}"/>{texts}</g>'
    )
