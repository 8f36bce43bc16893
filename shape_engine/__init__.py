"""Reads Python text and knows shapes.  No editor, no framework, nothing of the user's is imported or run."""

from . import render
from .engine import Engine, Stopped
from .incremental.text import CUT
from .snapshot import Finding, Fix, Names, Observation, Settings, Snapshot

__all__ = ["CUT", "Engine", "Finding", "Fix", "Names", "Observation", "Settings", "Snapshot", "Stopped", "render"]
