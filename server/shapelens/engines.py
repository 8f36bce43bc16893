"""An engine for a project: with the names of its folder, for the environment that is found or set."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .settings import Options

if TYPE_CHECKING:
    from shape_engine import Engine


def make_engine(
    root: Path | None,
    options: Options,
    found: Callable[[], None],
    uri_of: Callable[[Path], str],
    text_of: Callable[[str], str | None],
) -> tuple[Engine, str]:
    """The engine, and a line for the log about the environment that it speaks for.

    ``found`` is called, in any thread, when a module that was looked up has been found; ``uri_of`` and
    ``text_of`` know the documents that are open.
    """
    from shape_engine import Engine

    from .environment import find
    from .names import JediNames

    environment = find(
        root,
        options.interpreter,
        versions=options.versions,
        backend=options.backend,
        legacy_keras=options.legacy_keras,
    )
    names = JediNames(root, environment, found=lambda uris: found(), uri_of=uri_of, text_of=text_of)
    return Engine(names, environment.settings), environment.summary


def collect_rarely() -> None:
    """For a process that has imported the engine and will do little else than analyse.

    An analysis makes many thousand small objects and no cycle (tests/test_engine.py).  With Python's thresholds that is
    a collection for every few of them, each through whatever was imported and is kept: a quarter of the time of a first
    analysis, a tenth of an edit's, and pauses of 5 ms.  The cycles of others (jedi's trees) take memory until the last
    generation is collected: here after two million objects more than were freed.
    """
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
