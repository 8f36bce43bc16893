"""One client's session: its documents, the projects that they belong to, and their results.

Everything here runs on the event loop, except for what is handed to the two workers: one owns the
engines (they are no thread's but its), the other words the answers from immutable results.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types

from . import settings
from .client import Client
from .documents import Analysed, Document, Reading
from .engines import collect_rarely
from .notebooks.sync import Notebook, is_joined
from .positions import Text
from .projects import EngineMaker, Project, close_names, locate, path_of
from .schedule import Schedule, Worker
from .settings import Complaint, ConfigFile, Options

if TYPE_CHECKING:
    from shape_engine import Engine, Fix, Snapshot
    from shape_engine.models import Found, Model

T = TypeVar("T")
log = logging.getLogger(__name__)

CONFIGURATION_WAIT = 1.0  # seconds that the first analysis waits for the editor's settings
LOOKUP_WAIT = 2.0  # seconds that a client waits for imports, if it cannot be told later
OF_THE_ENGINE = ("interpreter", "backend", "legacy_keras", "versions")
_REFRESH = "refresh:"


class Session:
    """What the server knows.  Features add themselves to ``listeners`` to hear of new results."""

    def __init__(self, make_engine: EngineMaker):
        self.client = Client()
        self.documents: dict[str, Document] = {}
        self.notebooks: dict[str, Notebook] = {}
        self.listeners: list[Callable[[Document, bool], None]] = []
        self.on_close: list[Callable[[Document], None]] = []
        self.on_disk: list[Callable[[], None]] = []  # files or settings have changed
        self.on_config: list[Callable[[ConfigFile | None, Path], None]] = []
        self.on_engine: list[Callable[[Project], None]] = []
        self.schedule = Schedule(self._job)
        self.answers = Worker("answers")
        self.folders: dict[str, Path] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._engine_thread = Worker("engine")
        self._make_engine = make_engine
        self._projects: dict[str, Project] = {}
        self._of: dict[str, Project] = {}  # by program, as the readings are
        self._readings: dict[str, tuple[Project, Reading]] = {}
        self._latest: dict[str, Reading] = {}  # of notebooks, whether there is a result yet or not
        self._editor: dict[str, Mapping[str, Any]] = {"initial": {}, "pushed": {}}
        self._told_by_scope: dict[str, Mapping[str, Any]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._uris: dict[Path, str] = {}
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
        self._logged: set[str] = set()
        self.say: Callable[[str], None] = log.info

    def begin(self, client: Client) -> None:
        """The client has introduced itself."""
        self.client = client
        self._loop = asyncio.get_running_loop()

    def add_folder(self, uri: str) -> None:
        """A folder of the workspace."""
        path = path_of(uri)
        if path is not None:
            self.folders[uri] = path

    # documents

    def open(self, item: types.TextDocumentItem) -> None:
        """The client opened a document, or tells its text anew."""
        document = Document(item.uri, item.language_id, item.version, Text(item.text))
        if (old := self.documents.get(item.uri)) is not None:
            document.edition = old.edition + 1
        self.documents[item.uri] = document
        if is_joined(item.uri):
            self.notebooks[item.uri] = Notebook.of_one(item.uri, self.documents)
        elif (path := path_of(item.uri)) is not None:
            self._uris[path] = item.uri
        self.recheck()
        if document.is_python:
            self.schedule.touch(item.uri, at_once=True)

    def change(self, params: types.DidChangeTextDocumentParams) -> None:
        """The client edited a document; a change of one that is not open cannot be applied."""
        document = self.documents.get(params.text_document.uri)
        if document is None:
            log.warning("a change of %s, which is not open", params.text_document.uri)
            return
        document.change(params.text_document.version, params.content_changes, self.client.encoding)
        if document.is_python:
            self.schedule.touch(document.program)

    def close(self, uri: str) -> None:
        """The client closed a document; it is as the disk has it from now on."""
        document = self.documents.pop(uri, None)
        self._uris = {path: other for path, other in self._uris.items() if other != uri}
        self.notebooks.pop(uri, None)
        self._dissolve(uri)
        self._closed(document)

    def open_notebook(self, params: types.DidOpenNotebookDocumentParams) -> None:
        """The client opened a notebook."""
        notebook = params.notebook_document
        self.notebooks[notebook.uri] = Notebook(
            notebook.uri, notebook.version, list(notebook.cells), open=self.documents
        )
        self._open_cells(notebook.uri, params.cell_text_documents)
        self.recheck()
        self.schedule.touch(notebook.uri, at_once=True)

    def change_notebook(self, params: types.DidChangeNotebookDocumentParams) -> None:
        """Cells came, went, moved, changed their kind, their language or their text."""
        uri, cells = params.notebook_document.uri, params.change.cells
        notebook = self.notebooks.get(uri)
        if notebook is None or cells is None:
            return
        notebook.change(params.notebook_document.version, cells)
        if cells.structure is not None:
            for gone in cells.structure.did_close or ():  # first: a cell whose language changes is closed and opened
                self._closed(self.documents.pop(gone.uri, None))
            self._open_cells(uri, cells.structure.did_open or ())
        for content in cells.text_content or ():
            document = self.documents.get(content.document.uri)
            if document is not None and document.notebook == uri:
                document.change(content.document.version, content.changes, self.client.encoding)
        self.schedule.touch(uri, at_once=cells.structure is not None)

    def close_notebook(self, uri: str) -> None:
        """The client closed a notebook."""
        self.notebooks.pop(uri, None)
        self._dissolve(uri)
        for document in [document for document in self.documents.values() if document.notebook == uri]:
            self._closed(self.documents.pop(document.uri))

    def _open_cells(self, notebook: str, items: Iterable[types.TextDocumentItem]) -> None:
        for item in items:
            document = Document(item.uri, item.language_id, item.version, Text(item.text), notebook=notebook)
            if (old := self.documents.get(item.uri)) is not None:
                document.edition = old.edition + 1
            self.documents[item.uri] = document

    def _closed(self, document: Document | None) -> None:
        for listener in self.on_close if document is not None else ():
            listener(document)  # type: ignore[arg-type]

    def _dissolve(self, uri: str) -> None:
        """A program is analysed no longer."""
        project = self._of.pop(uri, None)
        self._readings.pop(uri, None)
        self._latest.pop(uri, None)
        self.schedule.forget(uri)
        if project is None:
            return

        async def forget() -> None:
            def run() -> list[Any]:
                if project.engine is None:
                    return []
                project.engine.close(uri)
                return project.engine.refresh()

            self._deliver(project, await self._engine_thread.run(run))

        self.spawn(forget())

    async def settled(self, uri: str) -> Document | None:
        """The document, once its newest text has been analysed; None if it is not open or no Python."""
        document = self.documents.get(uri)
        if document is None or not document.is_python:
            return None
        await self.schedule.settled(document.program)
        document = self.documents.get(uri)
        return document if document is not None and document.analysed is not None else None

    async def complete(self, uri: str) -> Document | None:
        """Like ``settled``, but waits a while for imports that are still being looked up, too."""
        document = await self.settled(uri)
        if document is not None and document.analysed is not None and document.analysed.snapshot.pending:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(uri, []).append(future)
            await asyncio.wait([future], timeout=LOOKUP_WAIT)
            document = await self.settled(uri)
        return document

    def options(self, uri: str) -> Options:
        """The options of the project that a document belongs to."""
        project = self._of.get(self._program(uri))
        return project.options if project is not None else self._options(None, None)[0]

    def folder_options(self) -> list[tuple[Path, Options]]:
        """The folders of the workspace, and what is set for each."""
        found = []
        for folder in dict.fromkeys(self.folders.values()):
            path = settings.nearest(folder)
            found.append((folder, self._options(folder, settings.read(path) if path is not None else None)[0]))
        return found

    def disk_changed(self) -> None:
        """Somebody saved a file, or the settings are others."""
        for listener in self.on_disk:
            listener()

    def project(self, uri: str) -> Project | None:
        """The project that a document belongs to; None before its first analysis."""
        return self._of.get(self._program(uri))

    def root(self, uri: str) -> Path | None:
        """The folder of the project that a document belongs to."""
        project = self._of.get(self._program(uri))
        return project.root if project is not None else None

    def fixes(self, uri: str, analysed: Analysed, number: int) -> Coroutine[Any, Any, list[Fix]]:
        """The repairs of a finding of a result, each tried by the engine."""
        finding = analysed.finding(number)
        return self._fixes_of(uri, analysed, lambda engine, program: engine.fixes(program, finding))

    def ignoring(self, uri: str, analysed: Analysed, number: int) -> Coroutine[Any, Any, list[Fix]]:
        """The comment that ignores a finding of a result, if there is a place for it."""
        finding = analysed.finding(number)
        return self._fixes_of(uri, analysed, lambda engine, program: filter(None, [engine.ignoring(program, finding)]))

    def stating(self, uri: str, analysed: Analysed, line: int, column: int) -> Coroutine[Any, Any, list[Fix]]:
        """The comments that state the shape of what is not known at a place."""
        line += analysed.above
        return self._fixes_of(uri, analysed, lambda engine, program: engine.stating(program, line, column))

    def models(self, uri: str, analysed: Analysed) -> Coroutine[Any, Any, list[Found]]:
        """The models of a document, of which nothing is computed yet; their places are those that the engine knows."""
        return self._of_result(uri, analysed, lambda engine, program: engine.models(program))

    def summaries(self, uri: str, analysed: Analysed, found: Iterable[Found]) -> Coroutine[Any, Any, list[Model]]:
        """All that is known of some models of a document."""
        return self._of_result(
            uri, analysed, lambda engine, program: filter(None, [engine.summary(program, one) for one in found])
        )

    def _fixes_of(
        self, uri: str, analysed: Analysed, ask: Callable[[Engine, str], Iterable[Fix]]
    ) -> Coroutine[Any, Any, list[Fix]]:
        """Repairs for a result, at their places in the document."""
        return self._of_result(uri, analysed, lambda engine, program: map(analysed.at_home, ask(engine, program)))

    def _of_result(
        self, uri: str, analysed: Analysed, ask: Callable[[Engine, str], Iterable[T]]
    ) -> Coroutine[Any, Any, list[T]]:
        """Ask the engine about a result; nothing comes if it has gone on, and the result is one of a text that is gone."""
        program = self._program(uri)
        project = self._of.get(program)

        def run() -> list[T]:
            engine = project.engine if project is not None else None
            if engine is None or engine.text(program) != analysed.source:
                return []
            return list(ask(engine, program))

        return self._engine_thread.run(run)

    def _program(self, uri: str) -> str:
        """The URI under which a document is analysed."""
        document = self.documents.get(uri)
        return uri if document is None else document.program

    @property
    def projects(self) -> list[Project]:
        """The projects of the documents that have been opened."""
        return list(self._projects.values())

    # settings

    def configure(self, *, initial: Any = None, pushed: Any = None, told: Mapping[str, Any] | None = None) -> None:
        """The editor's settings: of the initialize request, pushed, or asked for ("" for all folders, or by folder).

        What an editor tells when it is asked counts more than what it sent by itself.
        """
        if initial is not None:
            self._editor["initial"] = settings.from_editor(initial)
        if pushed is not None:
            self._editor["pushed"] = settings.from_editor(pushed)
        if told is not None:
            self._told_by_scope = {scope: settings.from_editor(value) for scope, value in told.items()}
        self._reconfigure(list(self._projects.values()))
        if told is not None or pushed is not None:
            self.disk_changed()

    def recheck(self) -> None:
        """Look whether configuration files have come, gone or changed (not every client watches files)."""
        projects = list(self._projects.values())
        if any(p.config is None and p.root is not None and settings.nearest(p.root) is not None for p in projects):
            self._rejoin()
            return
        outdated = [p for p in projects if p.config is not None and settings.changed(p.config)]
        if outdated:
            self._reconfigure(outdated)

    def files_changed(self, paths: list[Path]) -> None:
        """Files changed on disk: configuration files, modules that documents import."""
        self.disk_changed()
        if any(path.name in settings.FILES for path in paths):
            self._rejoin()
            return
        modules = [path for path in paths if path.suffix in (".py", ".pyi")]
        if modules:
            for project in self._projects.values():
                project.outdated.update(path.as_uri() for path in modules)
                self.schedule.touch(_REFRESH + project.key)

    def is_refreshing(self, project: Project) -> bool:
        """Whether files or names have changed that the project's results do not know of yet."""
        return self.schedule.is_waiting(_REFRESH + project.key)

    # work

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something beside; what goes wrong is logged."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def warm_up(self) -> None:
        """Import the engine while the user looks for the file to open."""

        def load() -> None:
            import shape_engine
            from shape_engine import render

            log.debug("loaded %s, %s", shape_engine.__name__, render.__name__)
            collect_rarely()

        self.spawn(self._engine_thread.run(load))

    def stop(self) -> None:
        """The session ends."""
        self.schedule.stop()
        for project in self._projects.values():
            close_names(project.engine)

    async def _job(self, key: str, should_stop: Callable[[], bool]) -> bool:
        try:
            if key.startswith(_REFRESH):
                return await self._refresh(key.removeprefix(_REFRESH))
            return await self._analyse(key, should_stop)
        except Exception as error:
            log.exception("the analysis of %s failed", key)
            line = f"an analysis failed, which is a bug of Shapelens: {type(error).__name__}: {error}"
            if line not in self._logged:
                self._logged.add(line)
                self.say(line)
            if (program := self.notebooks.get(key) or self.documents.get(key)) is not None:
                from shape_engine.snapshot import Snapshot

                self._share(program.reading(), Snapshot(key, None), True)  # what was known is not known to be true
            return True

    async def _analyse(self, uri: str, should_stop: Callable[[], bool]) -> bool:
        program = self.notebooks.get(uri) or self.documents.get(uri)
        if program is None:
            return True
        project = self._of.get(uri) or await self._join(uri)
        reading = program.reading()
        if uri in self.notebooks:
            self._latest[uri] = reading

        def run() -> Any:
            from shape_engine import Stopped

            engine = self._engine(project)
            try:
                return engine.update(uri, reading.version, reading.source, should_stop), engine.refresh()
            except Stopped:
                return None

        found = await self._engine_thread.run(run)
        if found is None:
            return False
        snapshot, others = found
        if program is (self.notebooks.get(uri) or self.documents.get(uri)) and self._of.get(uri) is project:
            last, _ = self._readings.get(uri, (None, None))
            self._readings[uri] = project, reading
            self._share(reading, snapshot, last is not project)
        self._deliver(project, others)
        return True

    async def _refresh(self, root: str) -> bool:
        """Names have been found, or files have changed: analyse again what they matter to."""
        project = self._projects.get(root)
        if project is None:
            return True
        outdated, project.outdated = project.outdated, set()
        uris = [uri for uri, other in self._of.items() if other is project]

        def run() -> list[Any]:
            engine = self._engine(project)
            names: Any = engine.names
            if outdated and names is not None:
                known = [uri for uri in outdated if engine.text(uri) is not None]
                if not names.invalidate(outdated) and not known:
                    return []  # files that no document asks for
            engine.invalidate(outdated)
            engine.refresh()
            return [snapshot for uri in uris if (snapshot := engine.snapshot(uri)) is not None]

        self._deliver(project, await self._engine_thread.run(run))
        return True

    def _deliver(self, project: Project, snapshots: Iterable[Snapshot]) -> None:
        """Results that changed because of something else than an edit of their document."""
        for snapshot in snapshots:
            project_of, reading = self._readings.get(snapshot.uri, (None, None))
            if reading is not None and project_of is project and self._of.get(snapshot.uri) is project:
                self._share(reading, snapshot, False)

    def _share(self, reading: Reading, snapshot: Snapshot, all_of_it: bool) -> None:
        """Give a result to the documents that it is about; who listens hears what is new, or all of it."""
        for document, analysed in reading.results(snapshot):
            if self.documents.get(document.uri) is not document:
                continue
            old = document.analysed
            if old is None or analysed.edition > old.edition:
                self._settle(document, analysed, False)
            elif all_of_it or not analysed.like(old):
                self._settle(document, analysed, True)
            else:
                document.settle(analysed)

    def _settle(self, document: Document, analysed: Analysed, unasked: bool) -> None:
        document.settle(analysed)
        for error in analysed.snapshot.errors:
            if error not in self._logged:
                self._logged.add(error)
                log.error("in the analysis of %s:\n%s", document.uri, error)
        if not analysed.snapshot.pending:
            for future in self._waiting.pop(document.uri, ()):
                if not future.done():
                    future.set_result(None)
        for listener in self.listeners:
            try:
                listener(document, unasked)
            except Exception:
                log.exception("could not tell of the result for %s", document.uri)

    def _engine(self, project: Project) -> Engine:
        """The project's engine (in the engine's thread)."""
        if project.engine is None:
            project.engine, project.about = self._make_engine(
                project.root,
                project.options,
                lambda: self._soon(self.schedule.touch, _REFRESH + project.key),
                lambda path: self._uris.get(path) or path.as_uri(),
                self._text_of,
            )
            config = f"settings of {project.config.path}" if project.config else "no configuration file"
            self._soon(self.say, f"project {project.root or '(none)'}: {config}; {project.about}")
            for listener in self.on_engine:
                self._soon(listener, project)
        return project.engine

    def _text_of(self, uri: str) -> str | None:
        """The text of what is open under a URI (in any thread)."""
        if (reading := self._latest.get(uri)) is not None:
            return reading.source
        document = self.documents.get(uri)
        return document.text.source if document is not None else None

    def _soon(self, function: Callable[..., None], *args: Any) -> None:
        """Call something on the event loop, from any thread; nothing happens once the server has ended."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *args)

    async def _join(self, uri: str) -> Project:
        """The project of a program, found by the nearest configuration file, folder or marker."""
        folders = tuple(self.folders.values())
        root, config = await self.answers.run(lambda: locate(uri, folders))
        key = str(root or "")
        project = self._projects.get(key)
        if project is None:
            options, complaints = self._options(root, config)
            project = self._projects[key] = Project(root, config, options, complaints)
            self._complain(project)
        self._of[uri] = project
        return project

    def _reconfigure(self, projects: list[Project]) -> None:
        for project in projects:
            before = project.options
            if project.config is not None and settings.changed(project.config):
                gone = project.config.path
                project.config = settings.read(gone)
                if project.config is None:
                    for listener in self.on_config:
                        listener(None, gone)
            project.options, project.complaints = self._options(project.root, project.config)
            self._complain(project)
            uris = [uri for uri, other in self._of.items() if other is project]
            if any(getattr(before, name) != getattr(project.options, name) for name in OF_THE_ENGINE):
                replacement = Project(project.root, project.config, project.options, project.complaints)
                self._projects[project.key] = replacement
                self._dismiss(project)
                for uri in uris:
                    self._of[uri] = replacement
                    self.schedule.touch(uri, at_once=True)
            elif before != project.options:
                for uri in uris:
                    program = self.notebooks.get(uri) or self.documents.get(uri)
                    for document in program.documents if program is not None else ():
                        if document.analysed is not None:
                            self._settle(document, document.analysed, True)

    def _options(self, root: Path | None, config: ConfigFile | None) -> tuple[Options, tuple[Complaint, ...]]:
        options, _ = settings.merge(Options(), config.values if config else {})
        scopes = [uri for uri, folder in self.folders.items() if root is not None and root.is_relative_to(folder)]
        scope = max(scopes, key=len, default="")
        told = self._told_by_scope.get(scope) or self._told_by_scope.get("") or {}
        complaints: list[Complaint] = []
        unasked = () if told else (self._editor["initial"], self._editor["pushed"])
        for layer in (*unasked, told):  # what an editor tells when asked is all of its settings
            options, wrong = settings.merge(options, layer)
            complaints += wrong
        return options, tuple(complaints)

    def _complain(self, project: Project) -> None:
        for complaint in project.complaints:
            log.warning("the editor's settings: %s", complaint.text)
        if project.options.log_level:
            logging.getLogger("shapelens").setLevel(project.options.log_level.upper())
        if project.config is not None:
            for listener in self.on_config:
                listener(project.config, project.config.path)

    def _dismiss(self, project: Project) -> None:
        """The project's engine is not needed any more."""

        def run() -> None:
            close_names(project.engine)
            project.engine = None

        self.spawn(self._engine_thread.run(run))

    def _rejoin(self) -> None:
        """Configuration files have come or gone: find the project of every document again."""
        self._of.clear()
        self._projects, old = {}, self._projects
        for project in old.values():
            self._dismiss(project)
            if project.config is not None:
                for listener in self.on_config:
                    listener(None, project.config.path)
        for document in self.documents.values():
            if document.is_python:
                self.schedule.touch(document.program, at_once=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a task failed", exc_info=error)


def about_python() -> str:
    """``Python 3.11.2 on linux``"""
    return f"Python {sys.version.split()[0]} on {sys.platform}"
