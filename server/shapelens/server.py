"""The language server: its command line, and how the protocol's messages reach the session.

The engine and everything heavy is imported after ``initialize`` has been answered.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter
from pygls.protocol.json_rpc import RPCRequest
from pygls.protocol.language_server import lsp_method

from . import __version__
from .client import Client
from .features import actions, debug, diagnostics, hover, inlay, lens, shape, versions, workspace
from .guard import guarded
from .notebooks.sync import SYNC
from .projects import EngineMaker, path_of
from .session import CONFIGURATION_WAIT, Session, about_python
from .settings import FILES, LEVELS

log = logging.getLogger(__name__)

NOT_INITIALIZED, INVALID_REQUEST = -32002, -32600


def main(argv: Sequence[str] | None = None) -> int:
    """``shapelens server``: serve one client, and return the exit code."""
    given = _parser().parse_args(list(sys.argv[1:] if argv is None else argv))
    log_to(given.log_file, given.log_level)
    return start(tcp=(given.host, given.port) if given.tcp else None)


def start(tcp: tuple[str, int] | None = None) -> int:
    """Serve one client over stdio, or over TCP, until it leaves; 0, or 1 if it left without ``shutdown``."""
    return run(Server(_default_engine), tcp)


def run(server: Server, tcp: tuple[str, int] | None = None) -> int:
    """Serve with a server that is made already."""
    if tcp is not None:
        logging.getLogger("pygls.server").setLevel(logging.INFO)  # it tells the port
        server.start_tcp(*tcp)
    else:
        output, sys.stdout = sys.stdout.buffer, sys.stderr  # what is printed must not end up between the messages
        server.start_io(stdout=output)
    server.session.stop()
    return server.protocol.exit_code


class Protocol(LanguageServerProtocol):
    """pygls' protocol with documents of our own (pygls takes a form feed for the end of a line)."""

    _server: Server
    exit_code = 0

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    @guarded
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        self._server.session.open(params.text_document)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    @guarded
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        self._server.session.change(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    @guarded
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        self._server.session.close(params.text_document.uri)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    @guarded
    def lsp_notebook_document__did_open(self, params: types.DidOpenNotebookDocumentParams) -> None:
        self._server.session.open_notebook(params)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    @guarded
    def lsp_notebook_document__did_change(self, params: types.DidChangeNotebookDocumentParams) -> None:
        self._server.session.change_notebook(params)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    @guarded
    def lsp_notebook_document__did_close(self, params: types.DidCloseNotebookDocumentParams) -> None:
        self._server.session.close_notebook(params.notebook_document.uri)

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: Any) -> Any:
        """The client leaves; it should have said so before."""
        self.exit_code = 0 if self._shutdown else 1
        self._server.session.stop()
        yield from super().lsp_exit(*args)

    def handle_message(self, message: Any) -> None:
        if self._shutdown and isinstance(message, RPCRequest):  # pygls would leave it without an answer
            error = types.ResponseError(INVALID_REQUEST, "the server has been shut down")
            self._send_response(message.id, error=error)
            return
        super().handle_message(message)

    def _handle_request(self, msg_id: Any, method_name: str, params: Any) -> None:
        if self._workspace is None and method_name != types.INITIALIZE:
            error = types.ResponseError(NOT_INITIALIZED, "the server has not been initialized")
        elif self._workspace is not None and method_name == types.INITIALIZE:
            error = types.ResponseError(INVALID_REQUEST, "the server has been initialized already")
        else:
            super()._handle_request(msg_id, method_name, params)
            return
        self._send_response(msg_id, error=error)

    def _handle_notification(self, method_name: str, params: Any) -> None:
        if self._workspace is None and method_name != types.EXIT:
            return
        super()._handle_notification(method_name, params)


class Server(LanguageServer):
    """The server for one client."""

    protocol: Protocol

    def __init__(self, make_engine: EngineMaker):
        super().__init__(
            "shapelens",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            notebook_document_sync=SYNC,
            protocol_cls=Protocol,
            converter_factory=default_converter,
        )
        self.session = Session(make_engine)
        self.session.say = self.say
        _register(self)

    def say(self, line: str) -> None:
        """A line for the client's log, and ours."""
        log.debug("said: %s", line)
        self.window_log_message(types.LogMessageParams(types.MessageType.Info, line))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Mistakes are logged; the user is not shown a box for each of them.  That the client has gone is none."""
        if isinstance(error, (BrokenPipeError, ConnectionResetError)):
            log.info("the client has gone: %s", error)
            return
        if isinstance(error, JsonRpcMethodNotFound):
            return  # the client has its answer; it is not our mistake
        log.error("%s: %s", getattr(source, "__name__", source), error, exc_info=error)


def _register(server: Server) -> None:
    session = server.session

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        session.begin(Client.of(params))
        root = params.root_uri or (Path(params.root_path).as_uri() if params.root_path else None)
        for uri in [folder.uri for folder in params.workspace_folders or ()] or ([root] if root else []):
            session.add_folder(uri)
        session.configure(initial=params.initialization_options)  # the analysis waits for the settings
        session.schedule.hold()
        asyncio.get_running_loop().call_later(2 * CONFIGURATION_WAIT, session.schedule.release)  # if they never come
        for feature in (diagnostics, workspace, hover, inlay, actions, debug, shape, versions, lens):
            feature.register(server, session)

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        session.warm_up()
        server.say(f"Shapelens {__version__}, {about_python()}, for {session.client.name}")
        asking = asyncio.ensure_future(_ask_for_settings(server))
        try:  # the analysis waits for an answer no longer than that; the answer counts whenever it comes
            await asyncio.wait_for(asyncio.shield(asking), CONFIGURATION_WAIT)
        except asyncio.TimeoutError:
            log.warning("the client has not told its settings yet")
        finally:
            session.schedule.release()
        if not session.client.configuration:  # else when the settings come
            session.disk_changed()
        await _register_dynamically(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def settings_changed(params: types.DidChangeConfigurationParams) -> None:
        if params.settings:
            session.configure(pushed=params.settings)
        await _ask_for_settings(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            session.folders.pop(folder.uri, None)
        for folder in params.event.added:
            session.add_folder(folder.uri)
        await _ask_for_settings(server)
        await session.move()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    @guarded
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None and path.name in FILES:
            session.files_changed([path])
        session.recheck()
        session.disk_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @guarded
    def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        # The text of an open document is the client's; whether there is such a module is for the disk to say.
        told = [c for c in params.changes if c.type != types.FileChangeType.Changed or c.uri not in session.documents]
        paths = [path_of(change.uri) for change in told]
        session.files_changed([path for path in paths if path is not None])

    @server.feature(types.SHUTDOWN)
    def shutdown(*args: Any) -> None:
        session.stop()


async def _ask_for_settings(server: Server) -> None:
    session = server.session
    if not session.client.configuration:
        return
    scopes = [None, *session.folders]
    try:
        items = [types.ConfigurationItem(scope_uri=scope, section="shapelens") for scope in scopes]
        values = await server.workspace_configuration_async(types.ConfigurationParams(items))
    except JsonRpcException as error:
        log.warning("the client does not tell its settings: %s", error)
        return
    session.configure(told={scope or "": value for scope, value in zip(scopes, values or (), strict=False)})


async def _register_dynamically(server: Server) -> None:
    client = server.session.client
    wanted = []
    if client.configuration_dynamic:
        options: Any = types.DidChangeConfigurationRegistrationOptions(section="shapelens")
        wanted.append(types.Registration("settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, options))
    if client.watches_files:
        globs = [f"**/{name}" for name in (*FILES, "*.py")]
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(glob) for glob in globs])
        wanted.append(types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    if not wanted:
        return
    try:
        await server.client_register_capability_async(types.RegistrationParams(wanted))
    except JsonRpcException as error:
        log.warning("the client does not register for changes: %s", error)


def _default_engine(*args: Any) -> Any:
    from .engines import make_engine

    return make_engine(*args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shapelens server", description="Start the language server.")
    parser.add_argument("--stdio", action="store_true", help="speak over stdin and stdout (the default)")
    parser.add_argument("--tcp", action="store_true", help="wait for one client at a TCP port")
    parser.add_argument("--host", default="127.0.0.1", help="address of the port (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8791, help="the port (default: %(default)s)")
    parser.add_argument("--clientProcessId", "--client-process-id", type=int, metavar="N", help=argparse.SUPPRESS)
    parser.add_argument("--log-file", type=Path, metavar="PATH", help="write the log there instead of to stderr")
    parser.add_argument("--log-level", choices=LEVELS, default="warning", help="default: %(default)s")
    parser.add_argument("--version", action="version", version=f"shapelens {__version__}")
    return parser


def log_to(file: Path | None, level: str) -> None:
    handler = logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("shapelens").setLevel(level.upper())
    logging.getLogger("shape_engine").setLevel(level.upper())
    logging.getLogger("pygls").setLevel(logging.WARNING)  # at INFO it writes down the body of every message
