"""Problems of training: what a model gives against what it should give."""

from __future__ import annotations

from dataclasses import dataclass

from .arrays import BroadcastMismatch


@dataclass(frozen=True)
class OperandMismatch(BroadcastMismatch):
    """Two tensors that the loss or metric called ``of`` puts together element by element.

    ``stage`` is "eager", "graph" where the step is traced, or "run" where only the traced step, as it runs, can know.
    """

    of: str = ""
    stage: str = "eager"
