"""Soak: one server, many edits and questions; at the end it must say what a fresh one says, and be no larger.

    PYTHONPATH=.:server:tests python tests/lsp/soak.py [--actions 100000] [--seed 0] [--client neovim_0.12.4]

Seeded edits of the files of a project and of some programs, as somebody at a keyboard makes them, and among them
every request, cancelled ones, files that are closed, opened, saved, deleted and written anew, settings that change, and
nonsense.  Now and then the memory is printed, and every answer of the server is compared with a fresh server's.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
from lsp.editor import ENVIRONMENT, ROOT, SERVER, position
from lsp.wire import Wire
from typist import Typist

from shapelens.positions import difference

TESTS = ROOT / "tests"
CLIENTS = ("neovim_0.12.4", "vscode_1.139.1_languageclient11", "emacs_30.1_eglot", "helix_25.07.1")
PROGRAMS = 5  # files beside the project's
OUTSTANDING = 40  # requests that have no answer yet
RECENT = 80  # things done that are told with a mistake
PLACES = 12  # hovers that are compared in each file
LARGEST = 6000  # characters of a program
SETTINGS = ({}, {"inlayHints": {"placement": "endOfLine", "calls": True}}, {"rules": {"window-too-big": "warn"}}, {})
CANCELLED = -32800


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--actions", type=int, default=100_000, help="edits and requests (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--points", type=int, default=10, help="how often to compare (default: %(default)s)")
    parser.add_argument("--client", choices=CLIENTS, default=CLIENTS[0])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shapelens-soak") as folder:
        soak = Soak(options.client, options.seed, Path(folder).resolve())
        try:
            told = 0
            for report in soak.run(options.actions, options.points):
                print("\n".join([*soak.mistakes[told:], report]), flush=True)
                told = len(soak.mistakes)
        finally:
            soak.server.process.kill()
    print(f"{len(soak.mistakes)} mistakes")
    return bool(soak.mistakes)


class Soak:
    """A server, the files that are open in it, and what was found wrong."""

    def __init__(self, client: str, seed: int, folder: Path):
        self.client, self.rng, self.folder = client, random.Random(f"{client} {seed}"), folder
        self.log = folder / "server.log"
        self.project = folder / "project"
        self.typists = self._files()
        self.done: Counter[str] = Counter()
        self.mistakes: list[str] = []
        self.recent: deque[str] = deque(maxlen=RECENT)
        self.server = self._start("--log-file", str(self.log))
        self.open: dict[str, int] = {}  # document, version; in the order of opening
        self.encoding = self.server.capabilities.get("positionEncoding", "utf-16")
        self.outstanding: set[int] = set()
        for uri in self.typists:
            self._open(uri)

    def run(self, actions: int, points: int) -> Iterator[str]:
        """Do that many things; a line for each of the points."""
        began, process = time.monotonic(), psutil.Process(self.server.process.pid)
        for point in range(1, points + 1):
            while self.done.total() < actions * point // points:
                self._step()
            self._compare()
            rss, threads = process.memory_info().rss / 2**20, process.num_threads()
            took = time.monotonic() - began
            yield f"{self.done.total():>8,} done  {took:7.0f} s  {rss:6.0f} MB  {threads} threads  {len(self.mistakes)} mistakes"
        self._check_log()
        if (code := self.server.end()) != 0:
            self.mistakes.append(f"the server ended with {code}")
        yield ", ".join(f"{count:,} {what}" for what, count in self.done.most_common())

    def _files(self) -> dict[str, Typist]:
        shutil.copytree(TESTS / "projects" / "vision", self.project)
        for path in self.rng.sample(sorted(TESTS.glob("programs/*/*.py")), 3 * PROGRAMS):
            if path.stat().st_size < LARGEST and len(list(self.project.glob("*.py"))) < 2 * PROGRAMS:
                shutil.copy(path, self.project)
        found = {path.as_uri(): path.read_text("utf-8") for path in sorted(self.project.rglob("*.py"))}
        return {uri: Typist(text, random.Random(f"{self.rng.random()} {uri}")) for uri, text in found.items()}

    def _start(self, *arguments: str) -> Wire:
        server = Wire([*SERVER, *arguments], ENVIRONMENT)
        server.begin(self.client, self.project)
        return server

    # what is done

    def _step(self) -> None:
        actions: list[tuple[int, Callable[[], str | None]]] = [
            (50, self._edit), (14, self._hover), (8, self._hints), (8, self._problems), (5, self._actions), (4, self._cancel),
            (2, self._reopen), (2, self._save), (1, self._write), (1, self._settings), (1, self._nonsense),
        ]  # fmt: skip
        weights, choices = zip(*actions, strict=True)
        (choice,) = self.rng.choices(choices, weights)
        if (what := choice()) is not None:
            self.done[what] += 1
        for number, answer in self.server.answered():
            self._judge(number, answer)
        if len(self.outstanding) > OUTSTANDING:
            self._wait()

    def _edit(self) -> str:
        uri = self.rng.choice(list(self.open))
        typist = self.typists[uri]
        self._note("edit", uri)
        for _ in range(self.rng.choice((1, 1, 1, 2))):
            old = typist.text
            typist.edit()
            typist.text = typist.text.encode("utf-8", "replace").decode()
            self.open[uri] += 1
            if self.rng.random() < 0.9 and "\r" not in old + typist.text:
                start, end, new = difference(old, typist.text)
                self.server.change(uri, self.open[uri], {"range": self._range(old, start, end), "text": new})
            else:
                self.server.change(uri, self.open[uri], {"text": typist.text})
        return "edits"

    def _hover(self) -> str:
        uri = self._any()
        place = self.rng.randrange(len(self.typists[uri].text) + 1)
        self._ask("textDocument/hover", uri, position=self._position(self.typists[uri].text, place))
        return "hovers"

    def _hints(self) -> str | None:
        if not self.server.capabilities.get("inlayHintProvider"):
            return None
        first = self.rng.randrange(60)
        self._ask("textDocument/inlayHint", self._any(), range=_lines(first, first + self.rng.choice((1, 40, 9999))))
        return "hints"

    def _problems(self) -> str | None:
        if not self.server.capabilities.get("diagnosticProvider"):
            return None
        self._ask("textDocument/diagnostic", self._any(), previousResultId=str(self.rng.randrange(50)))
        return "pulls"

    def _actions(self) -> str | None:
        if not self.server.capabilities.get("codeActionProvider"):
            return None
        line = self.rng.randrange(80)
        self._ask("textDocument/codeAction", self._any(), range=_lines(line, line + 9), context={"diagnostics": []})
        return "code actions"

    def _cancel(self) -> str:
        self._hover()
        number = self.rng.choice(list(self.outstanding))
        self.server.notify("$/cancelRequest", {"id": number})
        return "cancels"

    def _reopen(self) -> str:
        uri = self.rng.choice(list(self.open))
        self.server.close(uri)
        self._note("close", uri)
        del self.open[uri]
        for closed in list(self.typists):
            if closed not in self.open and (len(self.open) < 3 or self.rng.random() < 0.7):
                self._open(closed)
        return "reopenings"

    def _save(self) -> str:
        uri = self.rng.choice(list(self.open))
        self.server.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        return "saves"

    def _write(self) -> str:
        """A file changes on the disk, or is deleted, or is there again."""
        uri = self.rng.choice(list(self.typists))
        path = Path(uri.removeprefix("file://"))
        kind = 3 if path.exists() and self.rng.random() < 0.3 else 2 if path.exists() else 1
        if kind == 3:
            path.unlink()
        else:
            path.write_text(self.typists[uri].text, encoding="utf-8")
        self._note({1: "make", 2: "write", 3: "delete"}[kind], uri)
        self.server.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": kind}]})
        return "writes"

    def _settings(self) -> str:
        self.server.settings = self.rng.choice(SETTINGS)
        self.server.notify("workspace/didChangeConfiguration", {"settings": None})
        return "settings"

    def _nonsense(self) -> str:
        match self.rng.randrange(4):
            case 0:
                self._ask("textDocument/hover", "file:///nowhere/x.py", position={"line": 3, "character": 4})
            case 1:
                self._ask("textDocument/hover", self._any(), position={"line": 99_999, "character": 99_999})
            case 2:
                self.server.notify("$/cancelRequest", {"id": 10**9})
            case _:
                self.server.notify("$/whatever", {"a": [None]})
        return "nonsense"

    def _note(self, what: str, uri: str) -> None:
        self.recent.append(f"{what} {uri.rpartition('/project/')[2]}")

    def _any(self) -> str:
        """A document; now and then one that is closed."""
        return self.rng.choice(list(self.open if self.rng.random() < 0.95 else self.typists))

    def _open(self, uri: str) -> None:
        self.open[uri] = 1
        self._note("open", uri)
        self.server.open(uri, self.typists[uri].text)

    def _ask(self, method: str, uri: str, **params: Any) -> None:
        self.outstanding.add(self.server.ask(method, {"textDocument": {"uri": uri}, **params}))

    def _wait(self) -> None:
        try:
            for number in list(self.outstanding):
                self._judge(number, self.server.answer(number))
        except AssertionError as silence:
            texts = "\n".join(f"== {uri}\n{self.typists[uri].text}" for uri in self.open)
            raise AssertionError(f"{silence}\n{texts}") from None

    def _judge(self, number: int, answer: Any) -> None:
        self.outstanding.discard(number)
        if "error" in answer and answer["error"]["code"] != CANCELLED:
            self.mistakes.append(f"an answer: {answer['error']}")

    # what is compared

    def _compare(self) -> None:
        self._wait()
        before = len(self.mistakes)
        fresh = self._start()
        fresh.settings = self.server.settings
        fresh.notify("workspace/didChangeConfiguration", {"settings": None})
        try:
            for uri in self.open:
                fresh.open(uri, self.typists[uri].text, self.open[uri])
            for server in self.server, fresh:
                _settle(server)
            for uri in self.open:
                text, seed = self.typists[uri].text, self.rng.random()
                warm, cold = (self._answers(server, uri, text, seed) for server in (self.server, fresh))
                for what in warm:
                    if warm[what] != cold[what]:
                        self.mistakes.append(f"{uri} {what}: {warm[what]}\n   fresh: {cold[what]}\n{text}")
        finally:
            fresh.process.kill()
        if len(self.mistakes) > before:
            self.mistakes[-1] += "\n".join(["", "before that:", *self.recent, *self._files_now()])

    def _files_now(self) -> Iterator[str]:
        """What the server may know of each file: the editor's text if it is open, else what is on the disk."""
        for uri, typist in self.typists.items():
            path = Path(uri.removeprefix("file://"))
            held = typist.text if uri in self.open else path.read_text("utf-8") if path.exists() else None
            yield f"== {uri} {'open' if uri in self.open else 'closed' if held is not None else 'gone'}\n{held or ''}"

    def _answers(self, server: Wire, uri: str, text: str, seed: float) -> dict[str, Any]:
        rng, document = random.Random(seed), {"uri": uri}
        found: dict[str, Any] = {}
        if server.capabilities.get("diagnosticProvider"):
            found["problems"] = server.problems(uri, 0)
        else:
            found["problems"] = server.published(uri)[-1]["diagnostics"]
        if server.capabilities.get("inlayHintProvider"):
            hints = server.request("textDocument/inlayHint", {"textDocument": document, "range": _lines(0, 9999)})
            found["hints"] = [{**hint, "data": None} for hint in hints]  # the server's own: which result it is from
        for _ in range(PLACES):
            place = self._position(text, rng.randrange(len(text) + 1))
            found[f"hover {place}"] = server.request(
                "textDocument/hover", {"textDocument": document, "position": place}
            )
        return found

    def _check_log(self) -> None:
        log = self.log.read_text("utf-8")
        if "ERROR" in log or "Traceback" in log:
            self.mistakes.append(f"in the log: {log[-5000:]}")
        loud = [m["params"] for m in self.server.told if m["method"] in ("window/showMessage", "window/logMessage")]
        self.mistakes += [str(said) for said in loud if said["type"] == 1 or "bug" in said["message"]]

    def _range(self, text: str, start: int, end: int) -> Any:
        return {"start": self._position(text, start), "end": self._position(text, end)}

    def _position(self, text: str, place: int) -> Any:
        if "\r" in text:
            found = position(text, place, self.encoding)
            return {"line": found.line, "character": found.character}
        first = text.rfind("\n", 0, place) + 1
        units = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[self.encoding]
        name = self.encoding if units == 1 else f"{self.encoding}-le"
        return {"line": text.count("\n", 0, place), "character": len(text[first:place].encode(name)) // units}


def _lines(first: int, last: int) -> Any:
    return {"start": {"line": first, "character": 0}, "end": {"line": last, "character": 0}}


def _settle(server: Wire) -> None:
    """Wait until everything has been analysed and looked up."""
    end = time.monotonic() + 120
    quiet = 0
    while quiet < 3:
        told = server.request("workspace/executeCommand", {"command": "shapelens.debugInformation", "arguments": []})
        busy = any(sign in told for sign in ("being analysed", "imports pending", "files have changed"))
        quiet = 0 if busy else quiet + 1
        assert time.monotonic() < end, told
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
