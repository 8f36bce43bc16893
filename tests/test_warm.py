"""Warm = cold at scale: an engine that has seen a session of edits says what a fresh one says of the last text.

Sessions are seeded: set SHAPELENS_SEED to repeat a run, and SHAPELENS_EDITS to change how long a session is.
SHAPELENS_CORPORA names a folder of packages, of which some files are edited too.
"""

from __future__ import annotations

import importlib.util
import os
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import test_across_files as across
from files import Files
from judges import Fixture
from shadow import URI, fields
from typist import Typist

from shape_engine import Engine, Settings

TESTS = Path(__file__).parent
SEED = int(os.environ.get("SHAPELENS_SEED", "0"))
EDITS = int(os.environ.get("SHAPELENS_EDITS", "84"))
OWN = sorted([*TESTS.glob("fixtures/*/*.py"), *TESTS.glob("python/*.py"), *TESTS.parent.glob("examples/*.py")])
PROJECTS = sorted(path for path in TESTS.glob("projects/*") if path.is_dir())
SAMPLE = 12
"""How many files of a package are edited."""
STEPS = 60_000
"""A session with a file of a corpus ends when the fresh analyses have taken so many steps of the interpreter."""


def corpora() -> list[Path]:
    """The files of keras.applications, some programs of ours, and some files of every package in the folder."""
    spec = importlib.util.find_spec("keras")
    found = [
        file
        for place in (spec.submodule_search_locations or () if spec else ())
        for file in sorted(Path(place).glob("src/applications/*.py"))
    ]
    programs = sorted(TESTS.glob("programs/*/*.py"))
    found += random.Random(f"{SEED} programs").sample(programs, min(len(programs), SAMPLE))
    folder = os.environ.get("SHAPELENS_CORPORA")
    for package in sorted(path for path in Path(folder).iterdir() if (path / "__init__.py").exists()) if folder else ():
        files = sorted(file for file in package.rglob("*.py") if 400 < file.stat().st_size < 40_000)
        found += random.Random(f"{SEED} {package.name}").sample(files, min(len(files), SAMPLE))
    return found


CORPORA = corpora()
each = pytest.mark.parametrize


def test_a_run_compares_ten_thousand_edits():
    assert EDITS * (len(OWN) + len(PROJECTS)) >= 10_000


@pytest.mark.slow
@each("path", OWN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file(path, record_property):
    fixture = path.parts[-3] == "fixtures"
    session = Session(
        None, Fixture(path).sizes[0] if fixture else {}, {URI: text_of(path)}, str(path.relative_to(TESTS.parent))
    )
    for _ in range(EDITS):
        session.edit()
        session.compare()
    record_property("compared", session.compared)


@pytest.mark.slow
@each("path", PROJECTS, ids=lambda path: path.name)
def test_a_project(path, record_property):
    """All modules open, edited in turns: what one says of another follows."""
    texts = {file.relative_to(path).with_suffix("").as_posix(): text_of(file) for file in sorted(path.rglob("*.py"))}
    files = Files(texts)
    session = Session(files, {}, {files.uri(name): text for name, text in texts.items()}, path.name)
    for _ in range(EDITS):
        session.edit()
        session.compare()
    record_property("compared", session.compared)


@pytest.mark.slow
@each("texts", across.projects())
def test_a_small_project(texts, record_property):
    files = Files({name.removesuffix(".py"): text for name, text in texts.items()})
    session = Session(files, {}, {files.uri(name): text for name, text in files.texts.items()}, repr(sorted(texts)))
    for _ in range(EDITS // 4):
        session.edit()
        session.compare()
    record_property("compared", session.compared)


@pytest.mark.slow
@each("path", CORPORA, ids=lambda path: "/".join(path.parts[-3:]))
def test_a_file_of_a_corpus(path, record_property):
    session = Session(None, {}, {URI: text_of(path)}, "/".join(path.parts[-3:]))
    while session.compared < EDITS // 2 and session.steps < STEPS:
        for _ in range(session.rng.choice((1, 1, 2, 4))):
            session.edit()
        session.compare()
    record_property("compared", session.compared)


class Session:
    """Documents that are edited in a warm engine, and compared with what a cold one says of them."""

    def __init__(self, files: Files | None, assume: Mapping[str, Any], texts: Mapping[str, str], name: str):
        self.files, self.settings = files, Settings(assume=assume)
        self.rng = random.Random(f"{SEED} {name}")
        clipboard = [text_of(path) for path in self.rng.sample(OWN, 3)]
        self.typists = {uri: Typist(text, self.rng, clipboard) for uri, text in texts.items()}
        self.warm = Engine(files, self.settings)
        for uri, text in texts.items():
            self.warm.update(uri, 0, text)
        self.edits = self.compared = self.steps = 0
        self.done = ""

    def edit(self) -> None:
        uri = self.rng.choice(sorted(self.typists))
        typist = self.typists[uri]
        self.done = f"SHAPELENS_SEED={SEED}, edit {self.edits} of {uri}: {typist.edit()}"
        self.edits += 1
        self.warm.update(uri, 0, typist.text)

    def compare(self) -> None:
        texts = {uri: typist.text for uri, typist in self.typists.items()}
        files = self.files and Files({self.files.path(uri): text for uri, text in texts.items()})
        cold = Engine(files, self.settings)
        for uri, text in texts.items():
            cold.update(uri, 0, text)
        for uri in texts:
            one, other = self.warm.snapshot(uri), cold.snapshot(uri)
            assert one is not None
            assert other is not None
            assert not one.errors, (self.done, one.errors[0])
            assert fields(one) == fields(other), f"{self.done}: {uri} differs"
        self.compared += 1
        self.steps += sum(steps_of(cold))


def steps_of(engine: Engine) -> Iterator[int]:
    """How many steps of the interpreter each unit took."""
    for document in engine.documents.values():
        for step in (*document.timeline.steps, *document.probes.values()):
            yield step.result.steps


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8")
