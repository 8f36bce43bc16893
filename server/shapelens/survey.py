"""The problems of a whole folder, whether its files are open or not: what ``shapelens check`` finds there.

It runs in a process of its own, with low priority and a cache: neither its work nor its memory is the editor's concern.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .settings import Options

log = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent.parent
PROGRAM = "import sys; from shapelens.cli import main; sys.exit(main())"
Records = Mapping[Path, "list[dict[str, Any]]"]


async def survey(folder: Path, options: Options) -> Records:
    """The records of ``shapelens check --output-format json`` by file; nothing if it fails, which is logged."""
    command = [sys.executable, "-c", PROGRAM, *_arguments(folder, options)]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=HERE,  # not the user's folder, whose modules Python would find first
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(HERE), *sys.path]))},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        **({"preexec_fn": _nice} if hasattr(os, "nice") else {}),  # type: ignore[arg-type]
    )
    try:
        output, errors = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    try:
        records = json.loads(output)
    except ValueError:
        log.warning("the survey of %s failed: %s", folder, errors.decode("utf-8", "replace").strip())
        return {}
    found: dict[Path, list[dict[str, Any]]] = {}
    for record in records:
        found.setdefault(Path(os.path.abspath(HERE / record["file"])), []).append(record)
    return found


def _arguments(folder: Path, options: Options) -> list[str]:
    stated = [(f"--{name.replace('_', '-')}", version) for name, version in options.versions.items()]
    excluded = [("--exclude", pattern) for pattern in options.exclude]
    included = [("--include", pattern) for pattern in options.include]
    python = [("--python", options.interpreter)] if options.interpreter else []
    flags = [word for pair in (*python, *stated, *excluded, *included) for word in pair]
    return ["check", "--output-format", "json", "--exit-zero", "--jobs", "1", *flags, str(folder)]


def _nice() -> None:
    os.nice(10)
