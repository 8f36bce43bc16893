"""A bare language client over stdio: it sends JSON, reads JSON, and takes the time.

It takes diagnostics as they are pushed, since every server can push them.  A server that does not say of which
version they are (zuban) pushes once for every change: then the first ones after a change count.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import psutil

TIMEOUT = 180


class Client:
    """One server process.  Times are seconds from sending to having read the answer."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None):
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env
        )
        self.messages: Queue[dict[str, Any]] = Queue()
        self.number = 0
        self.capabilities: dict[str, Any] = {}  # what the server says that it can do
        self.found = 0  # how many diagnostics the document had that was opened last
        self._measured: list[psutil.Process] | None = None
        threading.Thread(target=self._read, daemon=True).start()

    def initialize(self, folder: Path | None = None) -> float:
        """From the start of the process to the answer of ``initialize``; ``folder`` is the workspace."""
        capabilities = {
            "textDocument": {"publishDiagnostics": {"versionSupport": True}, "hover": {"contentFormat": ["markdown"]}},
            "general": {"positionEncodings": ["utf-16"]},
        }
        root = None if folder is None else folder.as_uri()
        folders = None if folder is None else [{"uri": root, "name": folder.name}]
        params = {"processId": None, "rootUri": root, "workspaceFolders": folders, "capabilities": capabilities}
        self.capabilities = (self.request("initialize", params) or {}).get("capabilities", {})
        took = time.perf_counter() - self.started
        self.notify("initialized", {})
        return took

    def open(self, uri: str, text: str) -> float:
        """From ``didOpen`` to the diagnostics of that version."""
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        begin = time.perf_counter()
        self.notify("textDocument/didOpen", {"textDocument": item})
        self.found = len(self._diagnostics(uri, 1))
        return time.perf_counter() - begin

    def close_document(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def change(self, uri: str, version: int, line: int, begin: int, end: int, text: str) -> float:
        """From ``didChange`` (columns in utf-16 units) to the diagnostics of that version."""
        span = {"start": {"line": line, "character": begin}, "end": {"line": line, "character": end}}
        document = {"uri": uri, "version": version}
        self._drain()
        start = time.perf_counter()
        self.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [{"range": span, "text": text}]}
        )
        self._diagnostics(uri, version)
        return time.perf_counter() - start

    def answers(self, provider: str) -> bool:
        """Whether the server offers something, such as "hoverProvider"."""
        return bool(self.capabilities.get(provider))

    def timed(self, method: str, params: dict[str, Any]) -> float:
        """How long a request takes."""
        begin = time.perf_counter()
        self.request(method, params)
        return time.perf_counter() - begin

    def request(self, method: str, params: dict[str, Any]) -> Any:
        """The result of a request."""
        self.number += 1
        self._send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        wanted = self.number
        return self._wait(lambda message: message.get("id") == wanted and "method" not in message).get("result")

    def notify(self, method: str, params: dict[str, Any]) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def memory(self) -> float:
        """Resident memory of the server, and of the processes that it has started, in MB."""
        return sum(process.memory_info().rss for process in self.processes()) / 2**20

    def cpu(self) -> float:
        """Seconds of CPU time that the server has used so far, all its threads and processes together."""
        if self._measured is None:
            self._measured = self.processes()
        return sum(map(_cpu_seconds, self._measured))

    def processes(self) -> list[psutil.Process]:
        server = psutil.Process(self.process.pid)
        return [server, *server.children(recursive=True)]

    def close(self) -> None:
        started = self.processes()
        self.request("shutdown", {})
        self.notify("exit", {})
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            for process in started:
                if process.is_running():
                    process.kill()

    def _drain(self) -> None:
        """What the server has said so far is no answer to what comes next."""
        while not self.messages.empty():
            self._answered(self.messages.get())

    def _diagnostics(self, uri: str, version: int) -> list[Any]:
        def fits(message: dict[str, Any]) -> bool:
            params = message.get("params") or {}
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and params["uri"] == uri
                and params.get("version") in (version, None)
            )

        return list(self._wait(fits)["params"]["diagnostics"])

    def _wait(self, fits: Any) -> dict[str, Any]:
        while True:
            try:
                message = self.messages.get(timeout=TIMEOUT)
            except Empty:
                raise SystemExit(f"the server said nothing for {TIMEOUT} s") from None
            if not self._answered(message) and fits(message):
                return message

    def _answered(self, message: dict[str, Any]) -> bool:
        """Whether this was a question of the server's (settings, registrations); it gets an answer."""
        if "id" not in message or "method" not in message:
            return False
        items = (message.get("params") or {}).get("items", [])
        answer = [None for _ in items] if message["method"] == "workspace/configuration" else None
        self._send({"jsonrpc": "2.0", "id": message["id"], "result": answer})
        return True

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            self.messages.put(json.loads(stream.read(length)))


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        return time.clock_gettime((~process.pid << 3) | 2)  # Linux: the CPU clock of another process, in nanoseconds
    except (OSError, AttributeError):
        user, system, *_ = process.cpu_times()
        return float(user + system)
