"""Asks jedi where a module is, and keeps it from running anything.

Only this file knows jedi's insides.  As it comes, jedi starts the interpreter of an environment that it
finds, replaces ``sys.path`` of the whole process while it looks for a module (another thread's import
would then load the user's files), and imports compiled modules.  Here it gets an environment that does
none of this: modules are found by looking at folders, nothing is imported, and the files of the modules
are not even read.  What jedi adds is how imports are meant, changes of ``sys.path`` in the text included.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

COMPILED = tuple(dict.fromkeys([*EXTENSION_SUFFIXES, ".so", ".pyd", ".pyc"]))


@dataclass(frozen=True)
class Found:
    """A module: its file, or for a package without ``__init__`` its folders."""

    file: Path | None
    folders: tuple[Path, ...] = ()  # where its submodules are: a package

    @property
    def place(self) -> Path:
        return self.file or self.folders[0]


Look = tuple[str, str, str]
"""A folder, the name of a module, and what ``look`` said."""

_WITNESS: ContextVar[set[Look] | None] = ContextVar("witness", default=None)


@contextmanager
def witnessed() -> Iterator[set[Look]]:
    """Collects what folders were asked meanwhile: an answer that was found holds as long as they say the same."""
    seen: set[Look] = set()
    token = _WITNESS.set(seen)
    try:
        yield seen
    finally:
        _WITNESS.reset(token)


def look(folder: str | Path, name: str) -> str:
    """What a folder has for a module's name: the end of the file that Python would take ("__init__.py", ".py", ...),
    "compiled", "folder" (a part of a package without a file), or "" for nothing."""
    found = _look(os.path.join(folder, name))
    seen = _WITNESS.get()
    if seen is not None:
        seen.add((str(folder), name, found))
    return found


def _look(package: str) -> str:
    is_folder = os.path.isdir(package)
    if is_folder:
        for init in ("__init__.py", "__init__.pyi"):
            if os.path.isfile(os.path.join(package, init)):
                return init
    for suffix in (".py", ".pyi"):
        if os.path.isfile(package + suffix):
            return suffix
    if any(os.path.isfile(package + suffix) for suffix in COMPILED):
        return "compiled"
    if not is_folder:
        return ""
    inits = (os.path.join(package, "__init__" + suffix) for suffix in COMPILED)
    return "compiled" if any(map(os.path.isfile, inits)) else "folder"


def find_in(name: str, folders: Sequence[str | Path]) -> Found | None:
    """The module of a simple name, as Python's own search finds it: the first folder with a package, a
    file or (told by Found.file None) only something compiled; else all folders of that name together."""
    parts: list[Path] = []
    for folder in map(Path, folders):
        package = folder / name
        match look(folder, name):
            case "":
                continue
            case "folder":
                parts.append(package)
            case "compiled":
                return None
            case ".py" | ".pyi" as suffix:
                return Found(folder / (name + suffix))
            case init:
                return Found(package / init, (package,))
    return Found(None, tuple(parts)) if parts else None


def find_dotted(module: str, folders: Sequence[str | Path]) -> Found | None:
    """The module of a dotted name below these folders."""
    found: Found | None = None
    for name in module.split("."):
        found = find_in(name, folders)
        if found is None:
            return None
        folders = found.folders
    return found


def ask_jedi(module: str, importer: Path, root: Path, folders: Sequence[Path], text: str = "") -> Found | None:
    """What ``import module`` means in a file whose text (if any of it matters) is given."""
    import jedi  # type: ignore[import-untyped]

    environment = _environment()()
    code = text + ("" if text.endswith("\n") or not text else "\n")
    line = code.count("\n") + 1
    code += f"import {module}\n"
    project = jedi.Project(root, sys_path=[str(folder) for folder in folders], smart_sys_path=False)
    script = jedi.Script(code, path=importer, project=project, environment=environment)
    names = script.goto(line, len(f"import {module}"), follow_imports=True)
    return environment.answers.get(module) if names else None


@cache
def _environment() -> Any:
    """The class of environments that run nothing (made late: importing jedi takes a third of a second)."""
    import jedi  # type: ignore[import-untyped]
    from jedi.api.environment import InterpreterEnvironment  # type: ignore[import-untyped]
    from jedi.inference.compiled import access  # type: ignore[import-untyped]
    from jedi.inference.compiled.subprocess import InferenceStateSameProcess  # type: ignore[import-untyped]
    from jedi.inference.compiled.subprocess.functions import ImplicitNSInfo  # type: ignore[import-untyped]
    from platformdirs import user_cache_dir

    jedi.settings.cache_directory = os.path.abspath(os.path.join(user_cache_dir("shapelens"), "jedi"))
    jedi.settings.auto_import_modules = []

    class Folders(InferenceStateSameProcess):  # type: ignore[misc]
        """What jedi asks of a Python process, answered by looking at folders."""

        def __init__(self, state: Any, answers: dict[str, Found]):
            super().__init__(state)
            self._answers = answers

        def get_module_info(
            self, *, string: str, full_name: str, path: Any = None, sys_path: Any = None, is_global_search: bool = True
        ) -> tuple[Any, bool | None]:
            """Every module is told as a package without a file, so that jedi reads none."""
            found = find_in(string, list(path if path is not None else sys_path or ()))
            if found is None:
                if full_name in sys.builtin_module_names and path is None:
                    return None, False
                return None, None
            self._answers[full_name] = found
            return ImplicitNSInfo(full_name, [str(folder) for folder in found.folders]), True

        def load_module(self, *, dotted_name: str, sys_path: Any) -> Any:
            """Only what is part of Python itself, and is in memory already."""
            loaded = sys.modules.get(dotted_name) if dotted_name in sys.builtin_module_names else None
            return None if loaded is None else access.create_access_path(self._inference_state_weakref(), loaded)

        def iter_module_names(self, *args: Any, **kwargs: Any) -> list[str]:
            return []

        def get_sys_path(self) -> list[str]:
            return []

    class Reading(InterpreterEnvironment):  # type: ignore[misc]
        """Python as far as its grammar; it has no paths, and nothing in it is run."""

        def __init__(self) -> None:
            super().__init__()
            self.answers: dict[str, Found] = {}

        def get_inference_state_subprocess(self, inference_state: Any) -> Any:
            return Folders(inference_state, self.answers)

        def get_sys_path(self) -> list[str]:
            return []

    return Reading
