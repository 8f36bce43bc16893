"""Files on disk: which ones to check, and what text they hold."""

from __future__ import annotations

import io
import os
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from shapelens.cli import Misuse

SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "venv", "env", "build", "dist"})


class Unreadable(Exception):
    """A file that cannot be read as text; the message says why."""


def find(paths: Iterable[str]) -> list[Path]:
    """The Python files under these paths, each once; a path that is no directory is taken as it is."""
    found: dict[Path, None] = {}
    for text in paths:
        path = Path(text)
        if path.is_dir():
            found |= dict.fromkeys(_walk(path))
        elif path.exists():
            found[path] = None
        else:
            raise Misuse(f"no such file or directory: {text}")
    return list(found)


def read(path: Path) -> str:
    """The text of a Python file, with ``\\n`` for every line end; its encoding is what Python would take."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from None
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise Unreadable(f"cannot be decoded: {error}") from None
    if "\0" in text:
        raise Unreadable("cannot be decoded: it holds null bytes")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def uri_of(path: Path) -> str:
    """The file as a URI, as editors write it."""
    return Path(os.path.abspath(path)).as_uri()


def shown(uri: str, origin: Path | None = None) -> str:
    """A document as a person would name it: relative where it is below the working directory."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return uri
    path = url2pathname(unquote(parts.path)) if os.name == "nt" else unquote(parts.path)
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if relative.startswith("..") else relative


def _walk(top: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(top):
        names[:] = sorted(name for name in names if not _skipped(Path(folder), name))
        for name in sorted(files):
            if name.endswith(".py") and not name.startswith("."):
                yield Path(folder, name)


def _skipped(folder: Path, name: str) -> bool:
    """Folders that hold nobody's own code: hidden ones, environments, installed packages."""
    return name.startswith(".") or name in SKIPPED or (folder / name / "pyvenv.cfg").exists()
