"""Projects: documents with one configuration, one environment and one engine, and which one a document belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygls.uris import to_fs_path

from . import settings
from .notebooks.ipynb import at_home
from .settings import Complaint, ConfigFile, Options

if TYPE_CHECKING:
    from shape_engine import Engine

MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", ".git")


@dataclass(eq=False)
class Project:
    """Documents with one configuration, one environment and one engine."""

    root: Path | None
    config: ConfigFile | None
    options: Options
    complaints: tuple[Complaint, ...] = ()  # about the editor's settings
    engine: Engine | None = None  # touched by the engine's worker only
    about: str = "not analysed yet"  # its environment, in a line
    outdated: set[str] = field(default_factory=set)  # files that changed on disk, as URIs

    @property
    def key(self) -> str:
        return str(self.root or "")


EngineMaker = Callable[
    ["Path | None", Options, Callable[[], None], Callable[[Path], str], "Callable[[str], str | None]"],
    "tuple[Engine, str]",
]
"""What ``engines.make_engine`` is: an engine for a project, and a line for the log about it."""


def locate(uri: str, folders: tuple[Path, ...]) -> tuple[Path | None, ConfigFile | None]:
    """The folder and the configuration file of the project that a document belongs to."""
    path = path_of(uri)
    start = path.parent if path is not None else folders[0] if folders else None
    if start is None:
        return None, None
    found = settings.nearest(start)
    config = settings.read(found) if found is not None else None
    inside = [folder for folder in folders if start.is_relative_to(folder)]
    if config is not None:
        inside.append(config.path.parent)  # one above the folder that is open speaks for no more than that folder
    if inside:
        return max(inside, key=lambda folder: len(folder.parts)), config
    for folder in (start, *start.parents):
        if any((folder / marker).exists() for marker in MARKERS):
            return folder, None
    return start, None


def path_of(uri: str) -> Path | None:
    """The path of a file's URI, and of a notebook's for its cells or for what JupyterLab makes of it; else None."""
    scheme, _, rest = uri.partition(":")
    if scheme == "vscode-notebook-cell":
        uri = f"file:{rest.partition('#')[0]}"
    elif scheme != "file":
        return None
    path = to_fs_path(uri)
    return at_home(Path(path)) if path else None


def close_names(engine: Engine | None) -> None:
    """Let the threads end that look up names for the engine."""
    names: Any = engine.names if engine is not None else None
    if names is not None:
        names.close()
