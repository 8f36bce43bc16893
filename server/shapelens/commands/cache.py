"""What ``check`` found before, kept in a file for each project, and believed as long as all it hangs on is the same.

The name of the file stands for what concerns all results: this program's own sources, Python's version, the settings
and the environment.  A result holds for a set of *facts*, one for its own text and one for each file that it imports,
directly or not: what the file held, and what folders had for the modules that it imports.  Nothing is believed because
of a date.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from shapelens import __version__
from shapelens.commands.reports import Report
from shapelens.digests import digest
from shapelens.jedi_search import Look, look

if TYPE_CHECKING:
    from shapelens.environment import Environment
    from shapelens.settings import Options

FORMAT = 1
DAYS = 30
"""After so long without use the results of a project are thrown away."""


class Fact(NamedTuple):
    """Of one file: its path, the digest of what it held, and what folders said of the modules that it imports."""

    path: str
    digest: str
    looks: frozenset[Look]


@dataclass
class Entry:
    """A result, what it hangs on, and whether repairs were tried for it."""

    report: Report
    facts: tuple[Fact, ...]
    fixes: bool


@dataclass
class Disk:
    """The file system as it is during one run: each file is read once, each folder listed once."""

    digests: dict[str, str] = field(default_factory=dict)
    _folders: dict[str, frozenset[str]] = field(default_factory=dict)
    _looks: dict[tuple[str, str], str] = field(default_factory=dict)
    _held: dict[int, bool] = field(default_factory=dict)

    def hold(self, facts: Iterable[Fact]) -> bool:
        """Whether these facts are so still."""
        held = self._held
        for fact in facts:
            number = id(fact)
            if number not in held:
                held[number] = self.digest(fact.path) == fact.digest and all(map(self._says, fact.looks))
            if not held[number]:
                return False
        return True

    def digest(self, path: str) -> str:
        """The digest of a file as it is now."""
        found = self.digests.get(path)
        if found is None:
            found = self.digests[path] = digest(path)
        return found

    def _says(self, said: Look) -> bool:
        folder, name, answer = said
        names = self._folders.get(folder)
        if names is None:
            try:
                names = frozenset(entry.partition(".")[0] for entry in os.listdir(folder or "."))
            except OSError:
                names = frozenset()
            self._folders[folder] = names
        if name and name not in names:
            return answer == ""
        if (folder, name) not in self._looks:
            self._looks[folder, name] = look(folder, name)
        return self._looks[folder, name] == answer


class Cache:
    """The results for one project; ``file`` None keeps them in memory only."""

    def __init__(self, file: Path | None):
        self.file = file
        self.entries = _load(file) if file is not None else {}
        self._new = False

    def get(self, path: str, disk: Disk, fixes: bool) -> Report | None:
        """The report on a file, if it is what checking it would give."""
        entry = self.entries.get(path)
        if entry is None or (fixes and not entry.fixes) or not disk.hold(entry.facts):
            return None
        return entry.report

    def put(self, report: Report, facts: tuple[Fact, ...], fixes: bool) -> None:
        """Keep a result; one that was not reached, for want of a file or by a bug of ours, is not kept."""
        if report.failure:
            self.entries.pop(report.path, None)
        else:
            self.entries[report.path] = Entry(report, facts, fixes)
            self._new = True

    def save(self) -> None:
        """Write what is new, beside what others have written meanwhile.  A cache that cannot be written is none."""
        if self.file is None or not self._new:
            return
        entries = _load(self.file) | self.entries
        there = {path: entry for path, entry in entries.items() if os.path.exists(path)}
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            _write(self.file, _packed(there))
            for old in self.file.parent.iterdir():
                if old.stat().st_mtime < time.time() - DAYS * 86400:
                    old.unlink()
        except OSError:
            return
        self._new = False


def place(folder: str | None, root: Path, options: Options, environment: Environment) -> Path:
    """The file that holds the results for a project in an environment."""
    home = folder or os.environ.get("SHAPELENS_CACHE_DIR")
    if not home:
        from platformdirs import user_cache_dir

        home = user_cache_dir("shapelens")
    # What the environment says of itself is all that is looked at; what it was found by is not.
    about = replace(environment, origin="")
    key = [FORMAT, __version__, own_sources(), sys.version, str(root), repr(options), repr(about)]
    key.append(os.environ.get("PYTHONPATH", ""))
    return Path(home, "check", hashlib.blake2b(repr(key).encode(), digest_size=16).hexdigest() + ".json")


@cache
def own_sources() -> str:
    """What stands for this program: a change of the engine makes all that it said doubtful."""
    from importlib.util import find_spec

    found = hashlib.blake2b(digest_size=16)
    server = Path(__file__).resolve().parent.parent
    spec = find_spec("shape_engine")
    engine = Path(spec.origin).resolve().parent if spec is not None and spec.origin else server
    for folder in (engine, server):
        for path in sorted(map(str, folder.rglob("*.py"))):
            found.update(digest(path).encode())
    return found.hexdigest()


def _packed(entries: dict[str, Entry]) -> dict[str, Any]:
    """Entries as JSON; what they share is written once."""
    folders: dict[str, int] = {}
    looks: dict[Look, int] = {}
    facts: dict[Fact, int] = {}
    by_identity: dict[int, int] = {}
    files = {}
    for path, entry in entries.items():
        numbers = []
        for fact in entry.facts:
            number = by_identity.get(id(fact))
            if number is None:
                number = by_identity[id(fact)] = facts.setdefault(fact, len(facts))
            numbers.append(number)
        report = entry.report
        files[path] = [numbers, entry.fixes, report.records, report.errors]
    for fact in facts:
        for said in fact.looks:
            folders.setdefault(said[0], len(folders))
            looks.setdefault(said, len(looks))
    return {
        "folders": list(folders),
        "looks": [[folders[folder], name, answer] for folder, name, answer in looks],
        "facts": [[fact.path, fact.digest, sorted(looks[said] for said in fact.looks)] for fact in facts],
        "files": files,
    }


def _unpacked(data: dict[str, Any]) -> dict[str, Entry]:
    folders = data["folders"]
    looks = [(folders[folder], name, answer) for folder, name, answer in data["looks"]]
    facts = [Fact(path, held, frozenset(looks[n] for n in numbers)) for path, held, numbers in data["facts"]]
    return {
        path: Entry(Report(path, tuple(records), tuple(errors)), tuple(facts[n] for n in numbers), fixes)
        for path, (numbers, fixes, records, errors) in data["files"].items()
    }


def _load(file: Path) -> dict[str, Entry]:
    """What a file holds; nothing, if it is not whole."""
    try:
        check, _, body = file.read_bytes().partition(b"\n")
        if hashlib.blake2b(body, digest_size=16).hexdigest().encode() != check:
            return {}
        os.utime(file)
        return _unpacked(json.loads(body))
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _write(file: Path, data: dict[str, Any]) -> None:
    """Put a whole file in the place of the old one at once: nobody ever reads half of it."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    check = hashlib.blake2b(body, digest_size=16).hexdigest().encode()
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(check + b"\n" + body)
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise
