"""An engine for a project: its names and its environment, as the options say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .settings import Options

if TYPE_CHECKING:
    from shape_engine import Engine


def make_engine(root: Path | None, options: Options, found: Callable[[], None]) -> tuple[Engine, str]:
    """The engine, and a line for the log about the environment that it speaks for."""
    from shape_engine import Engine, Settings

    versions = {
        name: tuple(int(part) for part in text.split(".") if part.isdigit()) for name, text in options.versions.items()
    }
    settings = Settings(versions, options.backend or "tensorflow", bool(options.legacy_keras))
    return Engine(None, settings), "the newest versions are assumed"
