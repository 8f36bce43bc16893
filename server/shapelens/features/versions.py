"""Which versions of which frameworks a document is judged by, for a status bar: a request of ours, and word of changes.

The answer: ``label`` ("Keras 3.15.1", of the frameworks that the document imports), ``versions`` by name, ``assumed``
(the names of those that are not installed), ``backend``, ``legacyKeras``, and ``environment``: a line about it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..guard import answers
from ..settings import FRAMEWORKS

if TYPE_CHECKING:
    from ..projects import Project
    from ..server import Server
    from ..session import Session

REQUEST = "shapelens/versions"
CHANGED = "shapelens/versionsChanged"
TITLES = {"keras": "Keras", "tf_keras": "Keras", "tensorflow": "TensorFlow", "torch": "PyTorch", "numpy": "NumPy"}
IMPORT = re.compile(rf"^[ \t]*(?:import|from)[ \t]+({'|'.join(FRAMEWORKS)})\b", re.MULTILINE)


def register(server: Server, session: Session) -> None:
    """Answer the request, and tell clients that show versions when to ask again."""

    @server.feature(REQUEST)
    @answers(lambda: None)
    async def versions(params: Any) -> dict[str, Any] | None:
        uri = params.textDocument.uri
        document = await session.settled(uri)
        project = session.project(uri)
        if document is None or document.analysed is None or project is None or project.engine is None:
            return None
        return _told(project, document.analysed.source)

    if session.client.shows_versions:
        session.on_engine.append(lambda project: server.protocol.notify(CHANGED, {}))


def _told(project: Project, source: str) -> dict[str, Any]:
    assert project.engine is not None
    settings = project.engine.settings
    imported = set(IMPORT.findall(source))
    keras = "tf_keras" if "tf_keras" in imported or (settings.legacy_keras and "keras" not in imported) else "keras"
    if "tensorflow" in imported:
        imported.add(keras)
    shown = [name for name in (keras, "torch") if name in imported] or [name for name in ("numpy",) if name in imported]
    versions = {name: ".".join(map(str, settings.version(name))) for name in FRAMEWORKS}
    return {
        "label": ", ".join(f"{TITLES[name]} {versions[name]}" for name in shown),
        "versions": versions,
        "assumed": [name for name in FRAMEWORKS if name not in settings.versions],
        "backend": settings.backend,
        "legacyKeras": settings.legacy_keras,
        "environment": project.about,
    }
