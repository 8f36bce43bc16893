"""Problems that only PyTorch words: a check by name, and the facts that its text quotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .base import Problem


@dataclass(frozen=True)
class TorchRefusal(Problem):
    """PyTorch refuses a call.  ``check`` is the name of its check in ``wording/torch.py``."""

    code: ClassVar[str] = "bad-setting"
    check: str
    given: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class TorchShapeMismatch(TorchRefusal):
    """The shapes of two operands, or a shape and the size asked for, do not fit together."""

    code: ClassVar[str] = "shape-mismatch"


@dataclass(frozen=True)
class TorchWrongRank(TorchRefusal):
    """An operand has the wrong number of axes."""

    code: ClassVar[str] = "wrong-rank"


@dataclass(frozen=True)
class TorchNoSuchItem(TorchRefusal):
    """An index or an item that is not there."""

    code: ClassVar[str] = "index-out-of-range"


@dataclass(frozen=True)
class TorchWrongDtype(TorchRefusal):
    """The numbers are of a kind that the operation does not take."""

    code: ClassVar[str] = "wrong-dtype"


@dataclass(frozen=True)
class TorchBadCall(TorchRefusal):
    """The arguments do not bind to the parameters: unexpected, missing or too many."""

    code: ClassVar[str] = "wrong-arguments"


@dataclass(frozen=True)
class TorchWindowTooBig(TorchRefusal):
    """A window does not fit into the (padded) input, or nothing is left of the output."""

    code: ClassVar[str] = "window-too-big"
