"""One engine for one run of a command, with the environment that the options and the project state."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from shape_engine.snapshot import Finding, Fix, Snapshot
from shapelens import settings
from shapelens.cli import FRAMEWORKS, Misuse
from shapelens.commands.files import Unreadable, read, shown, uri_of

if TYPE_CHECKING:
    from shape_engine import Engine

RENEWED_AFTER = 400
"""So many files stay open, since files of one project import each other; then a new engine frees their memory."""

MARKERS = ("pyproject.toml", "shapelens.toml", "setup.py", "setup.cfg", ".git")
SHOWN: Mapping[str, str] = {"warn": "warning"}
"""Levels as the output names them, where it names them otherwise."""


class Session:
    """An engine, and what the project says about severities."""

    def __init__(self, options: argparse.Namespace, paths: Sequence[Path]):
        self.root = root_of(paths)
        self.options = options_for(self.root, options)
        self.verbose: bool = options.verbose
        self.checked = 0
        self.engine: Engine = make_engine(self.root, self.options)

    def snapshot(self, uri: str, text: str) -> Snapshot:
        """The analysis of a text, with everything it imports looked up.

        A bug of ours costs the statement that shows it; the person is told, and the rest stands.
        """
        if self.checked == RENEWED_AFTER:
            self.engine, self.checked = make_engine(self.root, self.options), 0
        self.checked += 1
        snapshot = self.engine.update(uri, 1, text)
        for error in snapshot.errors:
            words = error.strip() if self.verbose else f"{error.strip().splitlines()[-1]} (--verbose shows more)"
            print(f"shapelens: {shown(uri)}: a bug of shapelens, please report it: {words}", file=sys.stderr)
        return snapshot

    def fixes(self, uri: str, finding: Finding) -> list[Fix]:
        """The repairs that the engine has tried."""
        return list(self.engine.fixes(uri, finding))


def one_file(options: argparse.Namespace, name: str) -> tuple[Session, str, Snapshot]:
    """Read and analyse a single file: the session, the text and the snapshot."""
    path = Path(name)
    if not path.exists():
        raise Misuse(f"no such file: {name}")
    if path.is_dir():
        raise Misuse(f"{name} is a directory; name a file")
    try:
        text = read(path)
    except Unreadable as error:
        raise Misuse(f"{name}: {error}") from None
    session = Session(options, [path])
    return session, text, session.snapshot(uri_of(path), text)


def root_of(paths: Sequence[Path]) -> Path:
    """The project that the paths belong to: the nearest folder above them all that is marked as one.

    Where none is: the working directory if they are below it, else the folder that has them all.
    """
    folders = [path if path.is_dir() else path.parent for path in map(_absolute, paths)]
    try:
        common = Path(os.path.commonpath(folders)) if folders else Path.cwd()
    except ValueError:  # several drives
        return folders[0]
    for folder in (common, *common.parents):
        if any((folder / marker).exists() for marker in MARKERS):
            return folder
    return Path.cwd() if Path.cwd() in (common, *common.parents) else common


def options_for(root: Path, given: argparse.Namespace) -> settings.Options:
    """What the project's configuration says, and what the command line says over it."""
    options = settings.Options()
    if (path := settings.nearest(root)) is not None and (config := settings.read(path)) is not None:
        options, complaints = settings.merge(options, config.values)
        if complaints := (*config.complaints[:1], *complaints):
            raise Misuse(f"{path}: {complaints[0].text}")
    if given.python:
        if not os.path.exists(given.python):
            raise Misuse(f"no such interpreter or environment: {given.python}")
        options = replace(options, interpreter=given.python)
    stated = {name: ".".join(map(str, number)) for name in FRAMEWORKS if (number := getattr(given, name))}
    return replace(options, versions={**options.versions, **stated})


def make_engine(root: Path, options: settings.Options) -> Engine:
    """The engine for a folder, which waits for the names that it has to look up."""
    from shape_engine import Engine
    from shapelens import environment
    from shapelens.engines import collect_rarely
    from shapelens.names import JediNames

    collect_rarely()
    found = environment.find(
        root,
        options.interpreter,
        versions=options.versions,
        backend=options.backend,
        legacy_keras=options.legacy_keras,
    )
    return Engine(JediNames(root, found, blocking=True), found.settings)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))
