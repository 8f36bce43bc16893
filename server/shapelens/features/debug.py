"""What a bug report needs, on request: versions, projects, documents, and what was analysed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .. import __version__
from ..session import about_python

if TYPE_CHECKING:
    from ..server import Server
    from ..session import Session

COMMAND = "shapelens.debugInformation"


def register(server: Server, session: Session) -> None:
    """Answer the command with text."""

    @server.command(COMMAND)
    def debug_information(*_: object) -> str:
        return "\n".join(_lines(session))


def _lines(session: Session) -> Iterator[str]:
    yield f"Shapelens {__version__}, {about_python()}"
    yield f"client: {session.client}"
    for project in session.projects:
        yield f"project {project.root}: {project.config.path if project.config else 'no configuration file'}; {project.about}"
        yield f"  {project.options}" + ("; files have changed" * session.is_refreshing(project))
    for document in session.documents.values():
        state = "analysed" if document.fresh else "being analysed" if document.is_python else "not ours"
        yield f"document {document.uri}: version {document.version}, {document.text.count} lines, {state}"
        if document.analysed is not None:
            snapshot = document.analysed.snapshot
            yield f"  {len(snapshot.findings)} findings, {snapshot.work}" + ("; imports pending" * snapshot.pending)
