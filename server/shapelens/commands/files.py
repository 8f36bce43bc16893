"""Files on disk: which ones to check, and what text they hold."""

from __future__ import annotations

import io
import os
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from shapelens.cli import Misuse
from shapelens.notebooks.ipynb import ENDING, VIRTUAL

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "venv", "env", "build", "dist"})


class Unreadable(Exception):
    """A file that cannot be read as text; the message says why."""


@dataclass(frozen=True)
class Choice:
    """Which files below a folder are checked.

    ``include`` and ``exclude`` are patterns in the way of ``.gitignore``, relative to ``root``.  ``gitignore`` tells to
    leave out what Git leaves out; ``named`` to leave files out too that are named one by one.
    """

    root: Path
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    gitignore: bool = True
    named: bool = False
    _specs: dict[Path, GitIgnoreSpec | None] = field(default_factory=dict, compare=False)

    def find(self, paths: Iterable[str]) -> list[Path]:
        """The Python files and notebooks under these paths, each once; a path that is no directory is taken as it is.

        What JupyterLab keeps for its language servers is called like a notebook, and is none.
        """
        found: dict[str, Path] = {}
        for text in paths:
            path = Path(text)
            if path.is_dir():
                for file in self._walk(path):
                    found.setdefault(os.path.abspath(file), file)
            elif not path.exists():
                raise Misuse(f"no such file or directory: {text}")
            elif VIRTUAL in path.parts:
                continue
            elif not self.named or not self._left_out(Path(os.path.abspath(path)), False):
                found.setdefault(os.path.abspath(path), path)
        return list(found.values())

    def _walk(self, top: Path) -> Iterator[Path]:
        for folder, names, files in os.walk(top):
            place = Path(os.path.abspath(folder))
            ignores = self._ignores(place) if self.gitignore else []
            names[:] = sorted(
                name
                for name in names
                if not _skipped(place, name)
                and not self._matches(self.exclude, place / name, True)
                and not _ignored(ignores, place / name, True)
            )
            for name in sorted(files):
                if (
                    name.endswith((".py", ENDING))
                    and not name.startswith(".")
                    and not self._left_out(place / name, False, ignores)
                ):
                    yield Path(folder, name)

    def _left_out(self, path: Path, folder: bool, ignores: list[tuple[Path, GitIgnoreSpec]] | None = None) -> bool:
        """Whether a file is not to be checked, for its own name or a folder's that it is in."""
        return (
            (bool(self.include) and not self._matches(self.include, path, folder))
            or self._matches(self.exclude, path, folder)
            or _ignored(ignores or [], path, folder)
        )

    def _matches(self, patterns: Sequence[str], path: Path, folder: bool) -> bool:
        return matches(patterns, path, self.root, folder)

    def _ignores(self, folder: Path) -> list[tuple[Path, GitIgnoreSpec]]:
        """The ``.gitignore`` files that speak for a folder: its own and those above it in the repository."""
        found = []
        for place in (folder, *folder.parents):
            if place not in self._specs:
                self._specs[place] = _gitignore(place)
            spec = self._specs[place]
            if spec is not None:
                found.append((place, spec))
            if os.path.exists(place / ".git"):
                return found
        return [one for one in found if one[0] == self.root or self.root in one[0].parents]


def matches(patterns: Sequence[str], path: Path, root: Path, folder: bool = False) -> bool:
    """Whether one of the patterns, as ``.gitignore`` has them, names the file, or a folder that it is in."""
    if not patterns:
        return False
    spec = _spec(tuple(patterns))
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix().lstrip("/")
    return spec.match_file(name + "/" if folder else name)


def read(path: Path, digests: dict[str, str] | None = None) -> str:
    """The text of a Python file or a notebook's, with ``\\n`` for every line end; its encoding is what Python would take."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from None
    if digests is not None:
        from shapelens.digests import digest

        digests[os.path.abspath(path)] = digest(path, data)
    try:
        encoding = "utf-8-sig" if path.suffix == ENDING else tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise Unreadable(f"cannot be decoded: {error}") from None
    if "\0" in text:
        raise Unreadable("cannot be decoded: it holds null bytes")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def uri_of(path: Path) -> str:
    """The file as a URI, as editors write it."""
    return Path(os.path.abspath(path)).as_uri()


def path_of(uri: str) -> str:
    """The path of a file's URI; what is no file's stays as it is."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return uri
    path = unquote(parts.path)
    if os.name == "nt":
        from urllib.request import url2pathname  # slow to import

        return url2pathname(path)
    return path


def where(uri: str) -> dict[str, Any]:
    """A document as data: the path of its file, and the number of its cell if it is one of a notebook."""
    cell = urlsplit(uri).fragment.removeprefix("cell")
    return {"file": path_of(uri), **({"cell": int(cell)} if cell.isdecimal() else {})}


def shown(place: str) -> str:
    """A document, by its URI or its path, as a person would name it: relative where it is below the working directory."""
    path = path_of(place) if place.startswith("file:") else place
    if not os.path.isabs(path):
        return path
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if relative.startswith("..") else relative


def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    found = _SPECS.get(patterns)
    if found is None:
        from pathspec import GitIgnoreSpec  # slow to import, and seldom needed

        found = _SPECS[patterns] = GitIgnoreSpec.from_lines(patterns)
    return found


_SPECS: dict[tuple[str, ...], GitIgnoreSpec] = {}


def _gitignore(folder: Path) -> GitIgnoreSpec | None:
    try:
        lines = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return _spec(tuple(lines))


def _ignored(ignores: list[tuple[Path, GitIgnoreSpec]], path: Path, folder: bool) -> bool:
    """Whether Git ignores a file: the nearest ``.gitignore`` that says something about it decides."""
    for place, spec in ignores:
        name = path.relative_to(place).as_posix() + ("/" if folder else "")
        include = spec.check_file(name).include
        if include is not None:
            return include
    return False


def _skipped(folder: Path, name: str) -> bool:
    """Folders that hold nobody's own code: hidden ones, environments, installed packages."""
    return name.startswith(".") or name in SKIPPED or (folder / name / "pyvenv.cfg").exists()
