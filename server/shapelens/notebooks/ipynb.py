"""Notebooks on disk: the cells of code of an ``.ipynb`` file, of nbformat 4 and of what came before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .cells import Cell

ENDING = ".ipynb"
VIRTUAL = ".virtual_documents"
"""Where JupyterLab's language servers keep the text of notebooks, under the notebooks' names: no JSON."""


def at_home(path: Path) -> Path:
    """Where a notebook stands of which JupyterLab has put the text elsewhere; any other path as it is.

    >>> at_home(Path("lab/.virtual_documents/week 1/book.ipynb")).as_posix()
    'lab/week 1/book.ipynb'
    """
    parts = path.parts
    return Path(*(part for part in parts if part != VIRTUAL)) if VIRTUAL in parts else path


class NoNotebook(ValueError):
    """The text is none of a notebook; the message says why."""


def cells(text: str, uri: str) -> list[Cell]:
    """The cells of Python, in order, each with the URI ``<uri>#cell3``: they are counted as people do, text included.

    Of a notebook in another language there are none.
    """
    if not text.strip():
        raise NoNotebook("is no notebook: it is empty")
    try:
        book = json.loads(text)
    except RecursionError:
        raise NoNotebook("is no notebook: it is nested too deeply") from None
    except ValueError as error:
        raise NoNotebook(f"is no notebook: it is not valid JSON: {error}") from None
    if not isinstance(book, dict):
        raise NoNotebook("is no notebook: it has no cells")
    if _language(_dict(book.get("metadata"))) not in ("", "python", "ipython"):
        return []
    return [
        Cell(f"{uri}#cell{number}", number, source)
        for number, cell in enumerate(_cells(book), 1)
        if (source := _source(cell)) is not None
    ]


def _cells(book: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The cells of all kinds; before nbformat 4 they were on worksheets."""
    lists = [book.get("cells"), *(_dict(sheet).get("cells") for sheet in _list(book.get("worksheets")))]
    if not any(isinstance(one, list) for one in lists):
        number = book.get("nbformat")
        about = f"nbformat {number} is not known, and " if isinstance(number, int) and number not in (2, 3, 4) else ""
        raise NoNotebook(f"is no notebook: {about}it has no cells")
    for one in lists:
        yield from map(_dict, _list(one))


def _source(cell: Mapping[str, Any]) -> str | None:
    """The text of a cell of Python; None for others.  Before nbformat 4 it was called ``input``."""
    if cell.get("cell_type") != "code":
        return None
    own = _dict(_dict(cell.get("metadata")).get("vscode")).get("languageId") or cell.get("language") or "python"
    if own != "python":
        return None
    source = cell.get("source", cell.get("input", ""))
    return source if isinstance(source, str) else "".join(line for line in _list(source) if isinstance(line, str))


def _language(metadata: Mapping[str, Any]) -> str:
    told = _dict(metadata.get("language_info")).get("name") or _dict(metadata.get("kernelspec")).get("language")
    return str(told or "").lower()


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
