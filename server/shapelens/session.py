"""One client's session: its documents, the projects that they belong to, and their results.

Everything here runs on the event loop, except for what is handed to the two workers: one owns the
engines (they are no thread's but its), the other words the answers from immutable results.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from . import settings
from .client import Client
from .documents import Analysed, Document, Reading
from .engines import collect_rarely
from .opened import Opened
from .preferences import Preferences
from .projects import EngineMaker, Project, close_names, locate, path_of
from .questions import Questions
from .schedule import Schedule, Worker
from .settings import Complaint, ConfigFile, Options

if TYPE_CHECKING:
    from shape_engine import Engine, Snapshot

log = logging.getLogger(__name__)

CONFIGURATION_WAIT = 1.0  # seconds that the first analysis waits for the editor's settings
LOOKUP_WAIT = 2.0  # seconds that a client waits for imports, if it cannot be told later
OF_THE_ENGINE = ("interpreter", "backend", "legacy_keras", "versions")
_REFRESH = "refresh:"


class Session:
    """What the server knows.  Features add themselves to ``listeners`` to hear of new results."""

    def __init__(self, make_engine: EngineMaker):
        self.client = Client()
        self.opened = Opened()
        self.documents, self.notebooks = self.opened.documents, self.opened.notebooks
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
        self.questions = Questions(self._engine_thread, lambda uri: (self.opened.program_of(uri), self.project(uri)))
        self._make_engine = make_engine
        self._projects: dict[str, Project] = {}
        self._of: dict[str, Project] = {}  # by program, as the readings are
        self._readings: dict[str, tuple[Project, Reading]] = {}
        self._latest: dict[str, Reading] = {}  # of notebooks, whether there is a result yet or not
        self._preferences = Preferences()
        self._tasks: set[asyncio.Task[Any]] = set()
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

    async def move(self) -> None:
        """The folders of the workspace are others: a program goes to the project that it belongs to now."""
        folders = tuple(self.folders.values())
        for uri, project in list(self._of.items()):
            root, _ = await self.answers.run(partial(locate, uri, folders))
            if root == project.root or self._of.get(uri) is not project:
                continue
            del self._of[uri]
            if project in self._of.values():
                await self._forget(project, uri)
            elif self._projects.get(project.key) is project:
                self._drop(project)
            self.schedule.touch(uri, at_once=True)

    # documents

    def open(self, item: types.TextDocumentItem) -> None:
        """The client opened a document, or tells its text anew."""
        document = self.opened.open(item)
        self.recheck()
        if document.is_python:
            self.schedule.touch(item.uri, at_once=True)

    def change(self, params: types.DidChangeTextDocumentParams) -> None:
        """The client edited a document."""
        document = self.opened.change(params, self.client.encoding)
        if document is not None and document.is_python:
            self.schedule.touch(document.program)

    def close(self, uri: str) -> None:
        """The client closed a document; it is as the disk has it from now on."""
        document = self.opened.close(uri)
        self._dissolve(uri)
        self._closed(document)

    def open_notebook(self, params: types.DidOpenNotebookDocumentParams) -> None:
        """The client opened a notebook."""
        self.opened.open_notebook(params)
        self.recheck()
        self.schedule.touch(params.notebook_document.uri, at_once=True)

    def change_notebook(self, params: types.DidChangeNotebookDocumentParams) -> None:
        """The client edited a notebook."""
        if self.opened.change_notebook(params, self.client.encoding, self._closed):
            cells = params.change.cells
            at_once = cells is not None and cells.structure is not None
            self.schedule.touch(params.notebook_document.uri, at_once=at_once)

    def close_notebook(self, uri: str) -> None:
        """The client closed a notebook."""
        cells = self.opened.close_notebook(uri)
        self._dissolve(uri)
        for document in cells:
            self._closed(document)

    def _closed(self, document: Document | None) -> None:
        for listener in self.on_close if document is not None else ():
            listener(document)  # type: ignore[arg-type]

    def _dissolve(self, uri: str) -> None:
        """A program is analysed no longer."""
        project = self._of.pop(uri, None)
        self._readings.pop(uri, None)
        self._latest.pop(uri, None)
        self.schedule.forget(uri)
        if project is not None:
            self.spawn(self._forget(project, uri))

    async def _forget(self, project: Project, uri: str) -> None:
        """The project's engine takes the program from the disk again."""

        def run() -> list[Any]:
            if project.engine is None:
                return []
            project.engine.close(uri)
            return project.engine.refresh()

        self._deliver(project, await self._engine_thread.run(run))

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
        project = self._of.get(self.opened.program_of(uri))
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
        return self._of.get(self.opened.program_of(uri))

    def root(self, uri: str) -> Path | None:
        """The folder of the project that a document belongs to."""
        project = self._of.get(self.opened.program_of(uri))
        return project.root if project is not None else None

    @property
    def projects(self) -> list[Project]:
        """The projects of the documents that have been opened."""
        return list(self._projects.values())

    # settings

    def configure(self, *, initial: Any = None, pushed: Any = None, told: Mapping[str, Any] | None = None) -> None:
        """The editor's settings: of the initialize request, pushed, or asked for ("" for all folders, or by folder)."""
        self._preferences.set(initial, pushed, told)
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
            if (program := self.opened.program(key)) is not None:
                from shape_engine.snapshot import Snapshot

                self._share(program.reading(), Snapshot(key, None), True)  # what was known is not known to be true
            return True

    async def _analyse(self, uri: str, should_stop: Callable[[], bool]) -> bool:
        program = self.opened.program(uri)
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
        if program is self.opened.program(uri) and self._of.get(uri) is project:
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
                self.opened.uri,
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
                    program = self.opened.program(uri)
                    for document in program.documents if program is not None else ():
                        if document.analysed is not None:
                            self._settle(document, document.analysed, True)

    def _options(self, root: Path | None, config: ConfigFile | None) -> tuple[Options, tuple[Complaint, ...]]:
        return self._preferences.options(root, config, self.folders)

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

    def _drop(self, project: Project) -> None:
        """Nothing that is open belongs to the project any more."""
        del self._projects[project.key]
        self._dismiss(project)
        if project.config is not None:
            for listener in self.on_config:
                listener(None, project.config.path)

    def _rejoin(self) -> None:
        """Configuration files have come or gone: find the project of every document again."""
        self._of.clear()
        for project in self.projects:
            self._drop(project)
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
