"""A new user: a home with nothing in it but what a README of ours says, and a project with the example."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lsp.editor import ENVIRONMENT, ROOT

from editors import served

EDITORS = Path(
    os.environ.get("SHAPELENS_EDITORS")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shapelens-editors"
)
VERSIONS = '[tool.shapelens]\nversions = { keras = "3.15.1", tensorflow = "2.21.0" }\n'
EXCEPTION = (
    "ValueError: Input 0 with name 'None' of layer 'conv2d_2' is incompatible with the layer: "
    "expected min_ndim=4, found ndim=3. Full shape received: (28, 28, 3)"
)
FIXED = "y3 = rank(tf.expand_dims(x3, axis=0))"
PRIVATE = ("VIRTUAL_ENV", "CONDA_PREFIX", "KERAS_BACKEND", "TF_USE_LEGACY_KERAS", "SHAPELENS_FILE")


def program(folder: str, name: str) -> str:
    """A program that ``tests/editors/install.sh`` has fetched; in CI it must be there."""
    path = EDITORS / folder / "bin" / name
    if not path.exists():
        message = f"{folder}: not there (tests/editors/install.sh {folder} fetches it)"
        served.absent(message)
    return str(path)


def blocks(readme: Path, language: str) -> list[str]:
    """The pieces of code in a page, in order, without the indentation of a list."""
    found = re.finditer(rf"^( *)```{language}\n(.*?)^ *```$", readme.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{match[1]}", "", match[2], flags=re.MULTILINE) for match in found]


@dataclass(frozen=True)
class User:
    """Where somebody lives and works, and with which environment."""

    home: Path
    project: Path
    environ: Mapping[str, str]

    @property
    def file(self) -> Path:
        return self.project / "conv2d.py"

    @classmethod
    def new(cls, folder: Path) -> User:
        """Somebody who can start ``shapelens`` and has opened the example in a project."""
        home, project, programs = (folder / name for name in ("home", "project", "bin"))
        for each in home, project, programs:
            each.mkdir()
        (project / "pyproject.toml").write_text(VERSIONS)
        shutil.copy(ROOT / "examples" / "conv2d.py", project / "conv2d.py")
        server = programs / "shapelens"
        server.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m shapelens "$@"\n')
        server.chmod(0o755)
        environ = {name: value for name, value in ENVIRONMENT.items() if name not in PRIVATE}
        environ["PATH"] = f"{programs}{os.pathsep}{environ['PATH']}"
        environ["HOME"] = str(home)
        for kind, place in ("CONFIG", ".config"), ("DATA", ".data"), ("STATE", ".state"), ("CACHE", ".cache"):
            environ[f"XDG_{kind}_HOME"] = str(home / place)
        return cls(home, project, environ)

    def write(self, path: str, text: str) -> None:
        """A file in the home."""
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(self, *command: str) -> str:
        """What a program that ends by itself prints."""
        done = subprocess.run(
            command, cwd=self.project, env=self.environ, capture_output=True, text=True, timeout=300, errors="replace"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
