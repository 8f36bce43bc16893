"""A text that is typed in: after every edit the engine that saw them all must equal a fresh one."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shape_engine import Engine, Settings
from shape_engine.snapshot import Snapshot

URI = "file:///typed.py"
SNIPPETS = ["(", ")", "\n", '"""', "x", "1", " ", ",", "[", "    ", "#", ":", ".", "\n\n", "="]


def typing_in(source: str, *, seed: int, slips: int = 25) -> Iterator[tuple[str, str]]:
    """Texts as they follow each other, each with a word on what was done.

    First the file grows statement by statement, the last one half typed in between; then single
    characters are changed at random places and changed back (most of the time the text is broken);
    last, statements are taken out, swapped and put in again.
    """
    rng = random.Random(seed)
    starts = [node.lineno for node in ast.parse(source).body]
    lines = source.splitlines(keepends=True)
    for number, start in enumerate(starts):
        end = starts[number + 1] - 1 if number + 1 < len(starts) else len(lines)
        statement = "".join(lines[start - 1 : end])
        yield f"half of statement {number}", "".join(lines[: start - 1]) + statement[: len(statement) // 2]
        yield f"statement {number}", "".join(lines[:end])
    for slip in range(slips):
        place, length = rng.randrange(len(source)), rng.choice([0, 0, 1, 2])
        snippet = rng.choice(SNIPPETS)
        yield f"slip {slip} at {place}", source[:place] + snippet + source[place + length :]
        yield f"slip {slip} taken back", source
    for number in rng.sample(range(len(starts)), min(len(starts), 8)):
        end = starts[number + 1] - 1 if number + 1 < len(starts) else len(lines)
        kept = lines[: starts[number] - 1] + lines[end:]
        yield f"without statement {number}", "".join(kept)
        yield f"statement {number} twice", "".join(lines[:end] + lines[starts[number] - 1 :])
    yield "lines above", "\n\nabove = 1\n" + source
    yield "as it was", source


def after_every_edit(
    texts: Iterable[tuple[str, str]], assume: Mapping[str, Any], *, most: int = 10**6, seed: int = 0
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """For every text what a warm and what a cold engine say, field by field; of long series for ``most`` of them.

    The warm engine sees all texts, so what goes wrong for good is seen at the next comparison; the last is compared.
    """
    settings = Settings(assume=assume)
    warm, series = Engine(settings=settings), list(texts)
    chosen = {len(series) - 1, *random.Random(seed).sample(range(len(series)), min(most, len(series)))}
    for version, (step, text) in enumerate(series):
        snapshot = warm.update(URI, version, text)
        if version in chosen:
            yield step, fields(snapshot), fields(Engine(settings=settings).update(URI, version, text))


def fields(snapshot: Snapshot) -> dict[str, Any]:
    """What a snapshot says; how much work it was is not part of it."""
    return {
        "findings": snapshot.findings,
        "observations": snapshot.observations,
        "broken": snapshot.broken,
        "pending": snapshot.pending,
        "frameworks": dict(snapshot.frameworks),
    }
