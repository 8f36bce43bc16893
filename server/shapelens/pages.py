"""The page of each kind of problem: what it means, a program that raises it, and the same program repaired.

The pages are ``docs/problems/<code>.md``; an installed package holds them as ``shapelens/problems/``.  They are
written by ``docs/write_problems.py``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
FOLDERS = (_HERE / "problems", _HERE.parent.parent / "docs" / "problems")


def page(code: str) -> Path | None:
    """The file that explains a code; None if there is none.

    >>> page("channel-mismatch").name, page("no-such-problem")
    ('channel-mismatch.md', None)
    """
    return _pages().get(code)


def href(code: str, documentation: str = "") -> str | None:
    """Where an editor can open the page: below the address that is set, else the file that came with the program.

    >>> href("channel-mismatch", "https://example.org/problems/")
    'https://example.org/problems/channel-mismatch'
    """
    if documentation:
        return f"{documentation.rstrip('/')}/{code}"
    found = page(code)
    return None if found is None else found.as_uri()


def codes() -> tuple[str, ...]:
    """The codes that have a page."""
    return tuple(sorted(_pages()))


@cache
def _pages() -> dict[str, Path]:
    for folder in FOLDERS:
        if found := {path.stem: path for path in folder.glob("[a-z]*.md")}:
            return found
    return {}
