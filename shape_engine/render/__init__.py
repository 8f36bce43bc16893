"""Steps, shapes and problems in words: the only package that builds sentences.

It knows no editor and no protocol; what it gives is plain text with aligned columns.
"""

from . import arrays, layers, torch  # noqa: F401  (they register their sentences)
from .cards import Card, card, reason
from .derivations import derivation
from .hints import Hint, hints
from .history import origin
from .problems import exception, headline, message, related_text, together, version, what
from .shapes import axis_names, dim, plain, shape

__all__ = [
    "Card", "Hint", "axis_names", "card", "derivation", "dim", "exception", "headline", "hints", "message", "origin", "plain", "reason",
    "related_text", "shape", "together", "version", "what",
]  # fmt: skip
