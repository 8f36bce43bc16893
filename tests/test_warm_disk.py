"""Warm = cold where documents come and go: opened, closed, analyses that newer text stops, files written and deleted.

Set SHAPELENS_SEED to repeat a run, and SHAPELENS_EDITS to change how much is done.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from shadow import fields
from typist import Typist

from shape_engine import Engine, Stopped
from shapelens.names import JediNames

PROJECT = Path(__file__).parent / "projects" / "vision"
SEED = int(os.environ.get("SHAPELENS_SEED", "0"))
ACTIONS = 3 * int(os.environ.get("SHAPELENS_EDITS", "110"))
EVERY = 4  # actions, then the engines are compared


@pytest.mark.slow
@pytest.mark.parametrize("run", range(3))
def test_documents_that_come_and_go(run, tmp_path, record_property):
    root = tmp_path / "project"
    shutil.copytree(PROJECT, root)
    desk = Desk(root, random.Random(f"{SEED} {run}"))
    done = []
    for number in range(ACTIONS):
        done.append(desk.act())
        if number % EVERY == 0:
            desk.finish()
            for uri, (warm, cold) in desk.compared().items():
                assert warm == cold, (SEED, uri, done[-20:])
    assert {what for what, _ in done} == {"edit", "stop", "open", "close", "write", "delete"}
    record_property("compared", ACTIONS // EVERY)


class Desk:
    """A project on the disk, some of its files open, and an engine that has seen it all."""

    def __init__(self, root: Path, rng: random.Random):
        self.root, self.rng = root, rng
        self.typists = {path.as_uri(): Typist(path.read_text("utf-8"), rng) for path in sorted(root.rglob("*.py"))}
        self.names, self.engine = self._fresh()
        self.open: dict[str, int] = {}  # document, version; in the order of opening
        self.stopped: set[str] = set()

    def act(self) -> tuple[str, str]:
        """Do something; what, and to which document."""
        chance = self.rng.random()
        if chance < 0.6 and self.open:
            return self._edit(self.rng.choice(list(self.open)))
        if chance < 0.75 and self.open:
            uri = self.rng.choice(list(self.open))
            del self.open[uri]
            self.stopped.discard(uri)
            self.engine.close(uri)
            return "close", uri
        closed = [uri for uri in self.typists if uri not in self.open]
        if chance < 0.87 and closed:
            uri = self.rng.choice(closed)
            self.open[uri] = 1
            self.engine.update(uri, 1, self.typists[uri].text)
            return "open", uri
        return self._touch_disk(self.rng.choice(list(self.typists)))

    def finish(self) -> None:
        """Analyse what was stopped."""
        for uri in sorted(self.stopped):
            self.engine.update(uri, self.open[uri], self.typists[uri].text)
        self.stopped.clear()

    def compared(self) -> dict[str, tuple[object, object]]:
        """What the engine says of each open document, and what a fresh one says."""
        _, cold = self._fresh()
        for uri, version in self.open.items():
            cold.update(uri, version, self.typists[uri].text)
        found = {uri: (self.engine.snapshot(uri), cold.snapshot(uri)) for uri in self.open}
        return {uri: (fields(warm), fields(fresh)) for uri, (warm, fresh) in found.items() if warm and fresh}

    def _edit(self, uri: str) -> tuple[str, str]:
        typist, left = self.typists[uri], self.rng.choice((10**9, self.rng.randrange(1, 12)))
        typist.edit()
        typist.text = typist.text.encode("utf-8", "replace").decode()
        self.open[uri] += 1

        def should_stop() -> bool:
            nonlocal left
            left -= 1
            return left <= 0

        try:
            self.engine.update(uri, self.open[uri], typist.text, should_stop)
        except Stopped:
            self.stopped.add(uri)
            return "stop", uri
        self.stopped.discard(uri)
        return "edit", uri

    def _touch_disk(self, uri: str) -> tuple[str, str]:
        path, what = Path(uri.removeprefix("file://")), "write"
        if path.exists() and self.rng.random() < 0.4:
            path.unlink()
            what = "delete"
        else:
            path.write_text(self.typists[uri].text, encoding="utf-8")
        self.names.invalidate([uri])
        self.engine.invalidate([uri])
        return what, uri

    def _fresh(self) -> tuple[JediNames, Engine]:
        names = JediNames(self.root, blocking=True)
        return names, Engine(names)
