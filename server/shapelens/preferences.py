"""What the editor says about settings, and what holds for a folder when its configuration file is read, too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import settings
from .settings import Complaint, ConfigFile, Options


class Preferences:
    """The editor's settings: of the initialize request, pushed, or asked for.

    What an editor tells when it is asked counts more than what it sent by itself, and all of it more than a file.
    """

    def __init__(self) -> None:
        self._initial: Mapping[str, Any] = {}
        self._pushed: Mapping[str, Any] = {}
        self._told: Mapping[str, Mapping[str, Any]] = {}

    def set(self, initial: Any, pushed: Any, told: Mapping[str, Any] | None) -> None:
        """Take over what is not None; ``told`` is by folder, "" for all."""
        if initial is not None:
            self._initial = settings.from_editor(initial)
        if pushed is not None:
            self._pushed = settings.from_editor(pushed)
        if told is not None:
            self._told = {scope: settings.from_editor(value) for scope, value in told.items()}

    def options(
        self, root: Path | None, config: ConfigFile | None, folders: Mapping[str, Path]
    ) -> tuple[Options, tuple[Complaint, ...]]:
        """What holds for a project in one of the folders of the workspace, and what of the editor's cannot be used."""
        options, _ = settings.merge(Options(), config.values if config else {})
        scopes = [uri for uri, folder in folders.items() if root is not None and root.is_relative_to(folder)]
        scope = max(scopes, key=len, default="")
        told = self._told.get(scope) or self._told.get("") or {}
        complaints: list[Complaint] = []
        unasked = () if told else (self._initial, self._pushed)
        for layer in (*unasked, told):  # what an editor tells when asked is all of its settings
            options, wrong = settings.merge(options, layer)
            complaints += wrong
        return options, tuple(complaints)
