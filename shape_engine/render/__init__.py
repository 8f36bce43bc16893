"""Steps, shapes and problems in words: the only package that builds sentences.

It knows no editor and no protocol; what it gives is plain text with aligned columns.
"""

from . import arrays, layers, torch  # noqa: F401  (they register their sentences)
from .cards import Card, card
from .derivations import derivation
from .problems import exception, headline, message, related_text, version, what
from .shapes import axis_names, dim, hint, plain, shape

__all__ = [
    "Card", "axis_names", "card", "derivation", "dim", "exception", "headline", "hint", "message", "plain",
    "related_text", "shape", "version", "what",
]  # fmt: skip
