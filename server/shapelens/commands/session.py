"""One engine for one run of a command, with the environment that the options and the project state."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from shapelens import settings
from shapelens.cli import FRAMEWORKS, Misuse
from shapelens.commands.files import Unreadable, path_of, shown, uri_of
from shapelens.commands.pieces import Piece, pieces
from shapelens.digests import digest

if TYPE_CHECKING:
    from shape_engine import Engine
    from shape_engine.snapshot import Finding, Fix, Snapshot
    from shapelens.commands.cache import Fact
    from shapelens.environment import Environment

RENEWED_AFTER = 400
"""So many files stay open, since files of one project import each other; then a new engine frees their memory."""

MARKERS = ("pyproject.toml", "shapelens.toml", "setup.py", "setup.cfg", ".git")


class Session:
    """An engine, and what the project says about severities."""

    def __init__(self, root: Path, options: settings.Options):
        self.root = root
        self.options = options
        self.checked = 0
        self.engine: Engine = make_engine(self.root, self.options)
        self.digests: dict[str, str] = {}  # of the texts that were checked, by their paths
        self._facts: dict[str, tuple[int, Fact, list[Fact]]] = {}

    def snapshot(self, uri: str, text: str) -> Snapshot:
        """The analysis of a text, with everything it imports looked up."""
        if self.checked == RENEWED_AFTER:
            self.engine, self.checked, self._facts = make_engine(self.root, self.options), 0, {}
        self.checked += 1
        return self.engine.update(uri, 1, text)

    def fixes(self, uri: str, finding: Finding) -> list[Fix]:
        """The repairs that the engine has tried."""
        return list(self.engine.fixes(uri, finding))

    def facts(self, path: Path) -> tuple[Fact, ...]:
        """All that the result for a file, which has just been checked, depends on in the file system."""
        uri = uri_of(path)
        found: dict[str, Fact] = {}
        for fact, missing in map(self._fact, (uri, *self.engine.imports(uri))):
            found[fact.path] = fact
            for other in missing:
                found.setdefault(other.path, other)
        return tuple(found.values())

    def _fact(self, uri: str) -> tuple[Fact, list[Fact]]:
        """The fact of one document, and those of files that it imports and that are none, since nobody can read them."""
        from shapelens.commands.cache import Fact
        from shapelens.names import JediNames

        names = self.engine.names
        if not isinstance(names, JediNames):
            return Fact(path_of(uri), self.digests.get(path_of(uri), ""), frozenset()), []
        known = self._facts.get(uri)
        asked = names.asked(uri)
        if known is None or known[0] != asked:
            place, (looks, files) = path_of(uri), names.evidence(uri)
            held = self.digests.get(place) or names.digests.get(place) or digest(place)
            missing = [Fact(file, "", frozenset()) for file in files if names.digests.get(file) == ""]
            known = self._facts[uri] = asked, Fact(place, held, looks), missing
        return known[1], known[2]


def one_file(options: argparse.Namespace, name: str) -> tuple[Session, list[Piece]]:
    """Read and analyse a single file: the session, and the pieces of the file."""
    path = Path(name)
    if not path.exists():
        raise Misuse(f"no such file: {name}")
    if path.is_dir():
        raise Misuse(f"{name} is a directory; name a file")
    root = root_of([path])
    session = Session(root, options_for(root, options))
    try:
        found = pieces(session, path)
    except Unreadable as error:
        raise Misuse(f"{name}: {error}") from None
    for piece in found[:1]:
        tell_errors(shown(uri_of(path)), piece.snapshot.errors, options.verbose)
    return session, found


def tell_errors(file: str, errors: Sequence[str], verbose: bool) -> None:
    """A bug of ours costs the statement that shows it; the person is told, and the rest stands."""
    for error in errors:
        words = error.strip() if verbose else f"{error.strip().splitlines()[-1]} (--verbose shows more)"
        print(f"shapelens: {file}: a bug of shapelens, please report it: {words}", file=sys.stderr)


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
        options = replace(options, interpreter=os.path.abspath(given.python))
    stated = {name: ".".join(map(str, number)) for name in FRAMEWORKS if (number := getattr(given, name))}
    return replace(options, versions={**options.versions, **stated})


def environment_of(root: Path, options: settings.Options) -> Environment:
    """The environment that a project speaks for."""
    from shapelens import environment

    return environment.find(
        root,
        options.interpreter,
        versions=options.versions,
        backend=options.backend,
        legacy_keras=options.legacy_keras,
    )


def make_engine(root: Path, options: settings.Options) -> Engine:
    """The engine for a folder, which waits for the names that it has to look up."""
    from shape_engine import Engine
    from shapelens.engines import collect_rarely
    from shapelens.names import JediNames

    collect_rarely()
    found = environment_of(root, options)
    return Engine(JediNames(root, found, blocking=True), found.settings)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))
