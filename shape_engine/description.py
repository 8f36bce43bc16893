"""What an object of a framework is, at the end of a document: for cards on layers and models, and for summaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .value import Instance, Made


@dataclass(frozen=True)
class Link:
    """A tensor that a layer takes: the row of the layer that gave it (None: no layer of this model), its shape.

    ``node`` tells which call of that layer gave it, ``output`` which of the tensors of that call; None: not known.
    ``site`` is the call that takes it, and ``said`` whether Keras lists the connection.
    """

    source: int | None
    name: str
    node: int | None
    output: int | None
    shape: Any
    site: Any = None


@dataclass(frozen=True)
class Row:
    """One layer of a model: its name, its class, its output's shape (None: not known), its number of weights.

    ``site`` is where it is made, ``calls`` where it is called; ``model`` is what it holds, if it is a model itself.
    ``held`` is the number of weights that exist: of a layer that is not ``built``, fewer than it will have.  ``shown``
    is the output as ``model.summary()`` prints it, "?" where it does not know one.
    """

    name: str
    cls: str
    shape: Any
    params: Any
    built: bool | None = True
    held: Any = None
    trainable: bool | None = None
    shown: Any = None
    links: tuple[Link, ...] = ()
    site: Any = None
    calls: tuple[Any, ...] = ()
    obj: Instance | None = None
    model: Summary | None = None


@dataclass(frozen=True)
class Counts:
    """How many numbers the weights hold that exist, and how many bytes they take; None where that is not known."""

    trainable: Any
    non_trainable: Any
    trainable_bytes: Any
    non_trainable_bytes: Any


@dataclass(frozen=True)
class Summary:
    """A model in numbers, as Keras' ``model.summary()`` prints them; None where a number is not known.

    ``linear``: one layer after the other, so that no connections need to be told.  ``doubt`` is what the framework lists
    that is not told here.  ``is_model`` is False for a layer of the user's that holds layers: Keras does not list those.
    ``version`` is that of the Keras of this flavour.
    """

    cls: str
    name: str
    flavour: str
    input: Any
    output: Any
    rows: tuple[Row, ...]
    total: Any
    trainable: Any
    non_trainable: Any
    linear: bool = True
    held: Counts | None = None
    site: Any = None
    doubt: str = ""
    is_model: bool = True
    version: tuple[int, ...] = ()


Description = Made | Summary
"""A layer is described by how a call of it would be made: its settings, weights and counts."""
