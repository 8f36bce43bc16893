"""A model as its framework would print it, as data, as a page, and as a drawing."""

from __future__ import annotations

from .data import record, title
from .table import table

__all__ = ["record", "table", "title"]
