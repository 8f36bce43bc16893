"""A bare client: it sends JSON, keeps every message of the server as it came, and answers the server's questions."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from lsp.editor import ENVIRONMENT, HERE, PATIENCE, SERVER

Json = Any


class Wire:
    """One server process and all that it said; it is killed when the ``with`` block ends."""

    def __init__(self, command: Sequence[str] = SERVER, environ: Mapping[str, str] = ENVIRONMENT):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**environ, "PYTHONFAULTHANDLER": "1"},
        )
        self.settings: Json = {}
        self.capabilities: Json = {}  # of the server
        self.client: Json = {}  # the recorded capabilities that we claim
        self.asked: list[Json] = []  # requests of the server, in order
        self.told: list[Json] = []  # notifications of the server, in order
        self.log = b""  # what the server wrote to stderr
        self._answers: dict[Any, Json] = {}
        self._news = threading.Condition()
        self._writing = threading.Lock()
        self._number = 0
        self._ended = False
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._drain, daemon=True).start()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def begin(self, client: str, folder: Path | None = None, **more: Json) -> Json:
        """Introduce ourselves as one of the recorded clients; the result of ``initialize``."""
        record = json.loads((HERE / "clients" / f"{client}.json").read_text())
        self.client = record["capabilities"]
        uri = folder.as_uri() if folder else None
        params = {
            "processId": None,
            "clientInfo": record.get("clientInfo"),
            "capabilities": self.client,
            "rootUri": uri,
            "workspaceFolders": [{"uri": uri, "name": "project"}] if folder else None,
            **more,
        }
        result = self.request("initialize", params)
        self.capabilities = result["capabilities"]
        self.notify("initialized", {})
        return result

    def end(self) -> int:
        """Leave as one should; the exit code."""
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(PATIENCE)

    # documents

    def open(self, uri: str, text: str, version: int = 1, language: str = "python") -> None:
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, *changes: Json) -> None:
        document = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)})

    def close(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def problems(self, uri: str, version: int) -> list[Json]:
        """The diagnostics of a version of a document, pulled or pushed as was agreed."""
        if self.capabilities.get("diagnosticProvider"):
            return list(self.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"])

        def pushed() -> list[Json]:
            return [p for p in self.published(uri) if p.get("version") == version]

        return list(self.until(pushed)[-1]["diagnostics"])

    def published(self, uri: str) -> list[Json]:
        """What was pushed about a document, in order."""
        method = "textDocument/publishDiagnostics"
        return [m["params"] for m in list(self.told) if m["method"] == method and m["params"]["uri"] == uri]

    # messages

    def request(self, method: str, params: Json) -> Json:
        """The result of a request."""
        answer = self.answer(self.ask(method, params))
        assert "error" not in answer, (method, answer)
        return answer["result"]

    def ask(self, method: str, params: Json) -> int:
        """Send a request; its number."""
        self._number += 1
        self.send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        return self._number

    def answer(self, number: int) -> Json:
        """Wait for the answer to a request: the whole message."""
        self.until(lambda: number in self._answers)
        return self._answers.pop(number)

    def answered(self) -> Iterator[tuple[Any, Json]]:
        """The answers that have come and that nobody has taken."""
        for number in list(self._answers):
            yield number, self._answers.pop(number)

    def notify(self, method: str, params: Json) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def send(self, message: Json) -> None:
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        with self._writing:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self.process.stdin.flush()

    def until(self, true: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Wait until something that the server says makes it true."""
        end = time.monotonic() + patience
        with self._news:
            while not (result := true()):
                assert not self._ended, f"the server has gone\n{self.log.decode()}"
                if not self._news.wait(end - time.monotonic()):
                    raise AssertionError(f"nothing came\n{self._stacks()}")
        return result

    def _stacks(self) -> str:
        """What the server is doing, from its log: it ends."""
        self.process.send_signal(signal.SIGABRT)
        self.process.wait(PATIENCE)
        time.sleep(0.5)  # the rest of its log is on the way
        return self.log.decode()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while length := _length(stream):
            message = json.loads(stream.read(length))
            with self._news:
                self._take(message)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _take(self, message: Json) -> None:
        if "method" not in message:
            self._answers[message["id"]] = message
        elif "id" not in message:
            self.told.append(message)
        else:
            self.asked.append(message)
            items = (message.get("params") or {}).get("items", ())
            result = [self.settings for _ in items] if message["method"] == "workspace/configuration" else None
            with suppress(ValueError, OSError):  # we have closed the pipe, or the server has gone
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": result})

    def _drain(self) -> None:
        assert self.process.stderr is not None
        while data := self.process.stderr.read1(65536):  # type: ignore[attr-defined]
            self.log += data


def _length(stream: Any) -> int:
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return length
