"""Problems that Keras 2 leaves to TensorFlow's graph, which tells the operation and the shapes of its operands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .keras import ChannelMismatch, KernelRankMismatch, WindowTooBig


@dataclass(frozen=True)
class GraphWindowTooBig(WindowTooBig):
    """A kernel of ``span`` cells does not fit into ``size`` cells of an operand."""

    operation: str = ""
    operands: tuple[Any, ...] = ()
    span: Any = None
    size: Any = None


@dataclass(frozen=True)
class GraphChannelMismatch(ChannelMismatch):
    """The channels of the first operand do not fit the kernel's; no such kernel can be empty."""

    operation: str = ""
    operands: tuple[Any, ...] = ()


@dataclass(frozen=True)
class GraphRankMismatch(KernelRankMismatch):
    """The operand that the layer makes of its input has too many axes."""

    operation: str = ""
    operands: tuple[Any, ...] = ()
