"""``shapelens shapes``: a file with the shape of every tensor beside the line that makes it."""

from __future__ import annotations

import argparse
from collections import defaultdict
from typing import Any

from shape_engine import render
from shape_engine.shape import Shape
from shape_engine.snapshot import Observation, Snapshot
from shape_engine.value import Tensor
from shapelens.cli import CLEAN
from shapelens.commands.files import shown, where
from shapelens.commands.output import Writer, print_json
from shapelens.commands.session import one_file

WIDEST = 88
_KINDS = {"tf": "tensorflow"}


def run(options: argparse.Namespace) -> int:
    """Print the annotated source, or the records."""
    _, pieces = one_file(options, options.file)
    if options.output_format == "json":
        print_json([record for piece in pieces for record in records(piece.snapshot)])
        return CLEAN
    for piece in pieces:
        if piece.told is not None:
            Writer().line((f"# %% {piece.told.cell.name}", "blue"))
        _annotate(piece.text, piece.snapshot)
    return CLEAN


def records(snapshot: Snapshot) -> list[dict[str, Any]]:
    """One record for each expression or assigned name that holds a tensor."""
    found = []
    place = where(snapshot.uri)
    place["file"] = shown(place["file"])
    for seen in snapshot.observations:
        tensor = seen.tensor
        if tensor is None or not snapshot.is_reached(seen):
            continue
        span, shape = seen.span, tensor.shape
        found.append(
            {
                **place,
                "line": span.line,
                "column": span.column,
                "end_line": span.end_line,
                "end_column": span.end_column,
                "text": seen.text,
                "assigned": seen.target,
                "shape": [render.plain(dim) for dim in shape] if isinstance(shape, Shape) else None,
                "dtype": tensor.dtype,
                "framework": _KINDS.get(tensor.kind, tensor.kind),
            }
        )
    return found


def _annotate(text: str, snapshot: Snapshot) -> None:
    """The source; beside each line the shapes of the names that it assigns, and what is wrong there."""
    notes: defaultdict[int, list[str]] = defaultdict(list)
    problems: defaultdict[int, list[str]] = defaultdict(list)
    targets: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for seen in snapshot.observations:
        if seen.target and seen.tensor is not None and snapshot.is_reached(seen):
            targets[seen.span.line][seen.text] = _shape(seen)
    lines = text.split("\n")
    for number, shapes in targets.items():
        for name, shape in shapes.items():
            alone = len(shapes) == 1 and lines[number - 1].lstrip().startswith(name)
            notes[number].append(shape if alone else f"{name}: {shape}")
    for finding in snapshot.findings:
        problems[finding.span.line].append(f"{finding.code}: {render.headline(finding, snapshot.uri)}")
    for span, words in snapshot.broken:
        problems[span.line].append(words)
    if lines and not lines[-1]:
        lines.pop()
    lengths = [len(line) for number, line in enumerate(lines, 1) if (notes[number] or problems[number])]
    column = max((length for length in lengths if length <= WIDEST), default=0)
    writer = Writer()
    for number, line in enumerate(lines, 1):
        parts: list[str | tuple[str, str]] = [line]
        if notes[number] or problems[number]:
            parts.append(" " * max(0, column - len(line)))
        if notes[number]:
            parts.append((f"  # {', '.join(notes[number])}", "green"))
        parts += [(f"  # {problem}", "bold red") for problem in problems[number]]
        writer.line(*parts)


def _shape(seen: Observation) -> str:
    """The shape, and where several executions gave several, those too."""
    common = render.shape(seen.value)
    told = list(dict.fromkeys(render.shape(value) for value in seen.variants if isinstance(value, Tensor)))
    return f"{common} in turn {', '.join(told)}" if 1 < len(told) <= 4 else common
