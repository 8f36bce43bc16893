"""The stories in ``tests/edits/*.md``: which units an edit makes the engine parse, execute and probe, and which not.

A page starts with files (a fence with ``python`` and the file's name; ``* 300`` repeats a text, with n for ``{n}``).
Every section is an edit, as a diff against a file as it is by then, followed by the work: for each kind, and each file
if there are several, the units that are worked on, in order, by their first lines.  What is not listed does no work.
After every edit the engine says of all files what a fresh one says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from files import Files
from shadow import fields

from shape_engine import Engine
from shape_engine.snapshot import Work

PAGES = sorted((Path(__file__).parent / "edits").glob("*.md"))
FENCE = re.compile(
    r"^```(?P<kind>python|diff) (?P<file>[\w/]+)\.py(?: \* (?P<times>\d+))?\n(?P<text>.*?)^```$", re.M | re.S
)
WORK = re.compile(r"^\* (?P<kind>parsed|executed|probed)(?: in (?P<file>[\w/]+)\.py)?: (?P<units>.+(?:\n  .+)*)$", re.M)
UNIT = re.compile(r"`([^`]+)`(?: × (\d+))?")
KINDS = ("parsed", "executed", "probed")

Amount = dict[tuple[str, str], list[str]]
"""(file, kind of work) -> the first lines of the units."""


@dataclass
class Edit:
    """One section of a story."""

    title: str
    file: str
    old: str
    new: str
    work: Amount = field(default_factory=dict)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_story(page):
    start, edits = read(page.read_text(encoding="utf-8"))
    assert edits, "a story in which nothing happens"
    files = Files(start)
    engine = Engine(files)
    for name, text in start.items():
        engine.update(files.uri(name), 0, text)
    texts = dict(start)
    for edit in edits:
        before = {name: engine.snapshot(files.uri(name)).work for name in texts}
        assert texts[edit.file].count(edit.old) == 1, f"{edit.title}: the diff fits {edit.file} not exactly once"
        texts[edit.file] = texts[edit.file].replace(edit.old, edit.new)
        engine.update(files.uri(edit.file), 0, texts[edit.file])
        after = {name: engine.snapshot(files.uri(name)).work for name in texts}
        done = {name: work for name, work in after.items() if work is not before[name]}
        assert amount(done, texts) == edit.work, f"{page.name}: {edit.title}"
        cold = Engine(Files(texts))
        for name, text in texts.items():
            cold.update(files.uri(name), 0, text)
        for name in texts:
            warm = engine.snapshot(files.uri(name))
            assert not warm.errors, warm.errors[0]
            assert fields(warm) == fields(cold.snapshot(files.uri(name))), f"{page.name}: {edit.title}: {name}"


def amount(done: dict[str, Work], texts: dict[str, str]) -> Amount:
    """Work in the words of the stories."""
    found: Amount = {}
    for name, work in done.items():
        lines = texts[name].splitlines()
        for kind in KINDS:
            if units := [lines[line - 1].strip() for line in getattr(work, kind)]:
                found[name, kind] = units
    return found


def read(page: str) -> tuple[dict[str, str], list[Edit]]:
    """The files that a story starts with, and its edits."""
    head, *sections = re.split(r"^## ", page, flags=re.M)
    start: dict[str, str] = {}
    for fence in FENCE.finditer(head):
        times = fence["times"]
        text = "".join(fence["text"].replace("{n}", str(n)) for n in range(int(times))) if times else fence["text"]
        start[fence["file"]] = start.get(fence["file"], "") + text
    return start, [edit for section in sections for edit in edits_of(section)]


def edits_of(section: str) -> Iterator[Edit]:
    fences = list(FENCE.finditer(section))
    assert len(fences) == 1, section
    (fence,) = fences
    lines = fence["text"].splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] in " -")
    new = "".join(line[1:] for line in lines if line[0] in " +")
    edit = Edit(section.partition("\n")[0], fence["file"], old, new)
    for match in WORK.finditer(section, fence.end()):
        file = match["file"] or edit.file
        assert (file, match["kind"]) not in edit.work, edit.title
        units = [name for name, times in UNIT.findall(match["units"]) for _ in range(int(times or 1))]
        assert units, f"{edit.title}: {match[0]}"
        edit.work[file, match["kind"]] = units
    yield edit
