"""What of a file people speak of: the file, or the cells of a notebook, each with its own lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shapelens.commands.files import Unreadable, read, uri_of
from shapelens.notebooks import ipynb
from shapelens.notebooks.cells import Joined, Told

if TYPE_CHECKING:
    from shape_engine.snapshot import Fix, Snapshot
    from shapelens.commands.session import Session


@dataclass(frozen=True)
class Piece:
    """A file or a cell: its text, and what the engine says about it."""

    text: str
    snapshot: Snapshot
    told: Told | None = None  # of a cell

    def fixes(self, session: Session, number: int) -> list[Fix]:
        """The tried repairs of a finding of the snapshot; of a cell, those that change no other cell."""
        told = self.told
        if told is None:
            return session.fixes(self.snapshot.uri, self.snapshot.findings[number])
        found = []
        for fix in session.fixes(told.whole.uri, told.findings[number]):
            edits = told.joined.edits(fix.edits)
            if set(edits) == {told.index}:
                found.append(replace(fix, edits=tuple(edits[told.index])))
        return found


def pieces(session: Session, path: Path) -> list[Piece]:
    """Read and analyse a file."""
    text, joined = source(path, session.digests)
    whole = session.snapshot(uri_of(path), text)
    if joined is None:
        return [Piece(text, whole)]
    return [Piece(told.cell.text, told.snapshot, told) for told in joined.tell(whole)]


def source(path: Path, digests: dict[str, str] | None = None) -> tuple[str, Joined | None]:
    """What the engine reads of a file: its text, or the cells of a notebook, joined."""
    text = read(path, digests)
    if path.suffix != ipynb.ENDING:
        return text, None
    try:
        joined = Joined(ipynb.cells(text, uri_of(path)))
    except ipynb.NoNotebook as error:
        raise Unreadable(str(error)) from None
    return joined.text, joined
