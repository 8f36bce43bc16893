"""What an object of a framework is, at the end of a document: for cards on layers and models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .value import Made


@dataclass(frozen=True)
class Row:
    """One layer of a model: its name, its class, its output's shape (None: not known), its number of weights."""

    name: str
    cls: str
    shape: Any
    params: Any


@dataclass(frozen=True)
class Summary:
    """A model in numbers, as Keras' ``model.summary()`` prints them; None where a number is not known."""

    cls: str
    name: str
    flavour: str
    input: Any
    output: Any
    rows: tuple[Row, ...]
    total: Any
    trainable: Any
    non_trainable: Any


Description = Made | Summary
"""A layer is described by how a call of it would be made: its settings, weights and counts."""
