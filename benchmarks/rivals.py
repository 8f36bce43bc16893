"""Other programs for the same files: type checkers and linters, as language servers and on the command line.

None of them knows a shape, all of them read the same Python: they tell what a person is used to wait for.  Those
that are not installed are named and left out.  All of them are found on PATH or in one folder:

    python -m venv rivals && rivals/bin/pip install ruff ty zuban pyrefly basedpyright jedi-language-server
    python benchmarks/keystroke.py --rivals rivals/bin
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Program:
    """How a program is started; ``check`` is followed by a folder."""

    name: str
    server: tuple[str, ...] = ()
    check: tuple[str, ...] = ()


OURS = Program(
    "shapelens",
    (sys.executable, "-m", "shapelens", "server"),
    (sys.executable, "-m", "shapelens", "check", "--output-format", "concise"),
)
FLOOR = Program("floor", (sys.executable, str(HERE / "floor_server.py")))
RIVALS = (
    Program("ruff", ("ruff", "server"), ("ruff", "check", "--no-cache")),
    Program("zuban", ("zuban", "server"), ("zuban", "check")),
    Program("ty", ("ty", "server"), ("ty", "check")),
    Program("pyrefly", ("pyrefly", "lsp"), ("pyrefly", "check")),
    Program("basedpyright", ("basedpyright-langserver", "--stdio"), ("basedpyright",)),
    Program("jedi", ("jedi-language-server",)),
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Where the rivals are, and which to take."""
    parser.add_argument("--rivals", type=Path, metavar="FOLDER", help="where the other programs are; else PATH")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="take these programs only")


def programs(options: argparse.Namespace, kind: str) -> list[Program]:
    """The programs to measure, ready to be started: the floor, ours, and the rivals that are there."""
    path = os.pathsep.join([*([str(options.rivals)] if options.rivals else []), os.environ.get("PATH", "")])
    found, missing = [FLOOR, OURS], []
    for rival in RIVALS:
        command = getattr(rival, kind)
        executable = shutil.which(command[0], path=path) if command else None
        if executable is not None:
            found.append(Program(rival.name, **{kind: (executable, *command[1:])}))
        elif command:
            missing.append(rival.name)
    if missing:
        print(f"not installed: {', '.join(missing)}")
    return [one for one in found if getattr(one, kind) and (not options.only or one.name in options.only)]


def environment() -> dict[str, str]:
    """Our sources can be imported, and everybody looks for packages in the environment of this Python.

    What is compiled once is kept, as it is for a program that is installed.
    """
    ours = [str(HERE.parent / "server"), str(HERE.parent), os.environ.get("PYTHONPATH", "")]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": os.pathsep.join(ours), "VIRTUAL_ENV": sys.prefix, "PATH": path}
