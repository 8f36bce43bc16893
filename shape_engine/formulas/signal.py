"""Signals: frames that slide over a row of cells, and the frequencies of a row of real numbers."""

from __future__ import annotations

from ..dim import Dim
from ..evidence import formula


@formula
def frames(size: Dim, length: Dim, stride: Dim) -> Dim:
    """How many frames of ``length`` cells there are, ``stride`` cells apart."""
    return 1 + (size - length) // stride


@formula
def frequencies(length: Dim) -> Dim:
    """How many frequencies a real signal of so many cells has."""
    return length // 2 + 1


@formula
def cells(frequencies: Dim) -> Dim:
    """How many cells a real signal of so many frequencies has, if it is even."""
    return 2 * (frequencies - 1)
