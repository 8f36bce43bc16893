"""Problems of data on its way to a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .base import Problem


@dataclass(frozen=True)
class BadDataset(Problem):
    """A dataset that cannot be made of what is given; ``what`` names the case for the wording."""

    code: ClassVar[str] = "bad-dataset"
    what: str
    lengths: tuple[Any, ...] = ()
