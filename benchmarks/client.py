"""A bare language client over stdio: it sends JSON, reads JSON, and takes the time."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Sequence
from queue import Empty, Queue
from typing import Any

TIMEOUT = 180


class Client:
    """One server process.  Times are seconds from sending to having read the answer."""

    def __init__(self, command: Sequence[str]):
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.messages: Queue[dict[str, Any]] = Queue()
        self.number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def initialize(self) -> float:
        """From the start of the process to the answer of ``initialize``."""
        capabilities = {
            "textDocument": {"publishDiagnostics": {"versionSupport": True}, "hover": {"contentFormat": ["markdown"]}},
            "general": {"positionEncodings": ["utf-16"]},
        }
        self.request("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        took = time.perf_counter() - self.started
        self.notify("initialized", {})
        return took

    def open(self, uri: str, text: str) -> float:
        """From ``didOpen`` to the diagnostics of that version."""
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        begin = time.perf_counter()
        self.notify("textDocument/didOpen", {"textDocument": item})
        self._diagnostics(uri, 1)
        return time.perf_counter() - begin

    def change(self, uri: str, version: int, line: int, begin: int, end: int, text: str) -> float:
        """From ``didChange`` (columns in utf-16 units) to the diagnostics of that version."""
        span = {"start": {"line": line, "character": begin}, "end": {"line": line, "character": end}}
        document = {"uri": uri, "version": version}
        start = time.perf_counter()
        self.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [{"range": span, "text": text}]}
        )
        self._diagnostics(uri, version)
        return time.perf_counter() - start

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
        """Resident memory of the server in MB."""
        import psutil

        return psutil.Process(self.process.pid).memory_info().rss / 2**20

    def close(self) -> None:
        self.request("shutdown", {})
        self.notify("exit", {})
        self.process.wait(10)

    def _diagnostics(self, uri: str, version: int) -> None:
        def fits(message: dict[str, Any]) -> bool:
            params = message.get("params") or {}
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and params["uri"] == uri
                and params.get("version") == version
            )

        self._wait(fits)

    def _wait(self, fits: Any) -> dict[str, Any]:
        while True:
            try:
                message = self.messages.get(timeout=TIMEOUT)
            except Empty:
                raise SystemExit(f"the server said nothing for {TIMEOUT} s") from None
            if "id" in message and "method" in message:  # the server asks: settings, registrations
                params = message.get("params") or {}
                answer = (
                    [None for _ in params.get("items", [])] if message["method"] == "workspace/configuration" else None
                )
                self._send({"jsonrpc": "2.0", "id": message["id"], "result": answer})
            elif fits(message):
                return message

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
