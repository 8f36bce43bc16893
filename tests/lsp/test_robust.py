"""What goes wrong around a server: it is killed, files vanish, messages come late or twice, and nothing is lost or stale."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from lsp.editor import PATIENCE, position
from lsp.test_clients import CODE, SOURCE
from lsp.wire import Wire

VSCODE, NEOVIM, EMACS = "vscode_1.139.1_languageclient11", "neovim_0.12.4", "emacs_30.1_eglot"
ENCODINGS = {VSCODE: "utf-16", NEOVIM: "utf-8", EMACS: "utf-32"}
INVALID_REQUEST, CANCELLED, METHOD_NOT_FOUND = -32600, -32800, -32601
WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 99_999, "character": 0}}
SECONDS = float(os.environ.get("SHAPELENS_TYPING", "10"))  # how long somebody types without a pause
KEYS = 30  # a second


def codes(found: list[Any]) -> list[str]:
    return [problem["code"] for problem in found]


def hints(server: Wire, uri: str) -> list[Any]:
    return [
        (hint["position"]["line"], hint["position"]["character"], words(hint["label"]))
        for hint in server.request("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": WHOLE})
    ]


def words(label: Any) -> str:
    """A hint's label, be it in parts."""
    return label if isinstance(label, str) else "".join(part["value"] for part in label)


def hover(server: Wire, uri: str, line: int, character: int) -> Any:
    place = {"line": line, "character": character}
    return server.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": place})


def quiet(server: Wire) -> bool:
    """Whether the server had nothing to complain about: no box for the user, no error in the log."""
    return b"ERROR" not in server.log and not [m for m in server.told if m["method"] == "window/showMessage"]


def test_a_killed_server_loses_nothing(tmp_path: Path) -> None:
    uri = (tmp_path / "model.py").as_uri()
    with Wire() as first:
        first.begin(NEOVIM, tmp_path)
        first.open(uri, SOURCE)
        before = first.problems(uri, 1), hints(first, uri)
        first.change(uri, 2, {"range": WHOLE, "text": SOURCE * 50})
        first.process.send_signal(signal.SIGKILL)  # in the middle of its work
        assert first.process.wait(PATIENCE) == -signal.SIGKILL
    with Wire() as second:
        second.begin(NEOVIM, tmp_path)
        second.open(uri, SOURCE, version=3)
        assert (second.problems(uri, 3), hints(second, uri)) == before
        assert second.end() == 0


def test_fifty_open_files(tmp_path: Path) -> None:
    """A chain of imports: an edit of the first file arrives in all the others."""
    texts = {"m0.py": "SIZE = 3\n"}
    for n in range(1, 50):
        texts[f"m{n}.py"] = f"from m{n - 1} import SIZE\n" + SOURCE.replace("33", "SIZE")
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    uris = {name: (tmp_path / name).as_uri() for name in texts}
    with Wire() as server:
        server.begin(EMACS, tmp_path)
        for name, text in texts.items():
            server.open(uris[name], text)
        for name in texts:
            assert server.problems(uris[name], 1) == []
        server.change(uris["m0.py"], 2, {"text": "SIZE = 33\n"})
        for name in list(texts)[1:]:
            server.until(lambda name=name: codes(server.published(uris[name])[-1]["diagnostics"]) == [CODE])
        for uri in uris.values():
            server.close(uri)
        assert quiet(server)
        assert server.end() == 0


@pytest.mark.slow
def test_a_file_of_twenty_thousand_lines(tmp_path: Path) -> None:
    """An edit at its end and at its beginning, and what is shown of the part that one sees."""
    block = "\n".join(SOURCE.splitlines()[2:4]) + "\n# nothing\n\n"
    text = SOURCE.splitlines()[0] + "\n" + block * 5000 + "z = layers.Conv2D(8, 33)(y)\n"
    uri, last = (tmp_path / "long.py").as_uri(), text.count("\n") - 1
    assert last >= 20_000
    with Wire() as server:
        server.begin(NEOVIM, tmp_path)
        server.open(uri, text)
        assert codes(server.problems(uri, 1)) == [CODE]
        assert len(hints(server, uri)) >= 5000
        at = {"line": last, "character": text.splitlines()[last].index("33")}
        for version in range(2, 12):
            server.change(
                uri, version, {"range": {"start": at, "end": {**at, "character": at["character"] + 2}}, "text": "55"}
            )
            assert codes(server.problems(uri, version)) == [CODE]
        server.change(uri, 12, {"range": {"start": WHOLE["start"], "end": WHOLE["start"]}, "text": "# above\n"})
        (found,) = server.problems(uri, 12)
        assert found["range"]["start"]["line"] == last + 1
        assert "(1, 26, 28, 8)" in hover(server, uri, 3, 0)["contents"]["value"]
        assert quiet(server)
        assert server.end() == 0


@pytest.mark.slow
@pytest.mark.parametrize("client", [VSCODE, NEOVIM])
def test_somebody_who_types_without_a_pause(client: str, tmp_path: Path) -> None:
    """Thirty keys a second, asked for hints, problems and a hover after each as editors do; nothing is stale at the end."""
    uri, text, version = (tmp_path / "model.py").as_uri(), "", 1
    clean = "".join(character for character in SOURCE if ord(character) < 128)
    with Wire() as server:
        server.begin(client, tmp_path)
        server.open(uri, text)
        asked: list[int] = []
        began = time.monotonic()
        while time.monotonic() < began + SECONDS:
            for at, key in enumerate(clean):
                version += 1
                where = {"line": text.count("\n"), "character": len(text) - text.rfind("\n") - 1}
                server.change(uri, version, {"range": {"start": where, "end": where}, "text": key})
                text += key
                document = {"textDocument": {"uri": uri}}
                asked.append(server.ask("textDocument/inlayHint", {**document, "range": WHOLE}))
                asked.append(server.ask("textDocument/diagnostic", document))
                if at % 10 == 0:
                    asked.append(server.ask("textDocument/hover", {**document, "position": where}))
                time.sleep(max(0.0, began + (version - 1) / KEYS - time.monotonic()))
                if len(text) > 4000:
                    text, version = "", version + 1
                    server.change(uri, version, {"text": ""})
        for number in asked:
            answer = server.answer(number)
            assert "error" not in answer, answer
        version += 1
        server.change(uri, version, {"text": clean})
        warm = server.problems(uri, version), hints(server, uri)
        assert quiet(server)
        assert server.end() == 0
    with Wire() as fresh:
        fresh.begin(client, tmp_path)
        fresh.open(uri, clean)
        assert (fresh.problems(uri, 1), hints(fresh, uri)) == warm
        assert codes(warm[0]) == [CODE]


def test_messages_out_of_order(tmp_path: Path) -> None:
    """Questions about what is not open yet, edits of what is closed, versions that go back, opened twice, closed twice."""
    uri = (tmp_path / "model.py").as_uri()
    with Wire() as server:
        server.begin(NEOVIM, tmp_path)
        assert hover(server, uri, 0, 0) is None
        assert hints(server, uri) == []
        assert server.problems(uri, 1) == []
        server.change(uri, 2, {"text": SOURCE})
        server.close(uri)
        server.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        server.open(uri, "x = 1\n", version=9)
        server.change(uri, 3, {"text": SOURCE})  # the newest text counts, whatever its number
        assert codes(server.problems(uri, 3)) == [CODE]
        server.open(uri, SOURCE.replace("33", "3"), version=1)
        assert server.problems(uri, 1) == []
        server.open(uri, SOURCE, version=1)
        assert codes(server.problems(uri, 1)) == [CODE]
        server.close(uri)
        server.close(uri)
        assert server.problems(uri, 1) == []
        assert quiet(server)
        assert server.end() == 0


def test_requests_that_are_cancelled(tmp_path: Path) -> None:
    """Each is answered once: with what was asked for, or that it was cancelled."""
    uri = (tmp_path / "model.py").as_uri()
    with Wire() as server:
        server.begin(VSCODE, tmp_path)
        server.open(uri, SOURCE)
        numbers = []
        for n in range(60):
            server.change(uri, n + 2, {"text": SOURCE + f"# {n}\n"})
            numbers.append(server.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}}))
            server.notify("$/cancelRequest", {"id": numbers[-1 - n % 3] if n > 3 else numbers[-1]})
        server.notify("$/cancelRequest", {"id": numbers[0]})
        server.notify("$/cancelRequest", {"id": 4711})
        for number in numbers:
            answer = server.answer(number)
            assert (
                codes(answer["result"]["items"]) == [CODE]
                if "result" in answer
                else answer["error"]["code"] == CANCELLED
            )
        assert codes(server.problems(uri, 61)) == [CODE]
        assert not list(server.answered())
        assert quiet(server)
        assert server.end() == 0


URIS = [
    "untitled:Untitled-1", "git:/model.py?%7B%22ref%22%3A%22~%22%7D", "vscode-notebook-cell:/nb.ipynb#W0sZmlsZQ%3D%3D",
    "http://example.org/model.py", "file:///", "file:///nowhere/%E2%82%AC%20%F0%9F%98%80.py", "file:///%zz%", "file://host/model.py",
    "model.py", "", "a b:c", "file:///nowhere/" + 300 * "x" + ".py", "jdt://contents/x?=y",
]  # fmt: skip


@pytest.mark.parametrize("client", [VSCODE, EMACS])
def test_uris_of_every_kind(client: str) -> None:
    with Wire() as server:
        server.begin(client)
        for uri in URIS:
            server.open(uri, SOURCE)
            assert codes(server.problems(uri, 1)) == [CODE], uri
            assert "(1, 26, 28, 8)" in hover(server, uri, 3, 0)["contents"]["value"]
            server.change(uri, 2, {"text": SOURCE.replace("33", "3")})
            assert server.problems(uri, 2) == [], uri
            server.close(uri)
        assert quiet(server)
        assert server.end() == 0


def test_files_that_vanish(tmp_path: Path) -> None:
    """A module is deleted, comes back, and with the whole folder is gone; what is open goes on living."""
    project = tmp_path / "project"
    project.mkdir()
    script, module = project / "script.py", project / "sizes.py"
    text = "from sizes import SIZE\n" + SOURCE.replace("33", "SIZE")
    script.write_text(text)
    module.write_text("SIZE = 33\n")

    def changed(kind: int) -> None:
        server.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": module.as_uri(), "type": kind}]})

    with Wire() as server:
        server.begin(EMACS, project)
        server.open(script.as_uri(), text)
        assert codes(server.problems(script.as_uri(), 1)) == [CODE]
        module.unlink()
        changed(3)
        server.until(lambda: server.published(script.as_uri())[-1]["diagnostics"] == [])
        module.write_text("SIZE = 33\n")
        changed(1)
        server.until(lambda: codes(server.published(script.as_uri())[-1]["diagnostics"]) == [CODE])
        server.open(module.as_uri(), "SIZE = 33\n")
        module.unlink()
        changed(3)
        server.until(lambda: server.published(script.as_uri())[-1]["diagnostics"] == [])
        shutil.rmtree(project)
        changed(3)
        server.change(script.as_uri(), 2, {"text": SOURCE})
        assert codes(server.problems(script.as_uri(), 2)) == [CODE]
        server.notify("textDocument/didSave", {"textDocument": {"uri": script.as_uri()}})
        server.close(module.as_uri())
        server.close(script.as_uri())
        assert quiet(server)
        assert server.end() == 0


@pytest.mark.parametrize("client", ENCODINGS)
def test_texts_of_every_kind(client: str, tmp_path: Path) -> None:
    """Every position is one of the client's text, with what stands there, before and after an edit."""
    body = "# 😀 e\u0301 \u2028 \x0b\n" + SOURCE.replace("y = layers", "e\u0301 = '😀'; y = layers") + "\f\n# é\x85😀"
    with Wire() as server:
        server.begin(client, tmp_path)
        encoding = server.capabilities.get("positionEncoding", "utf-16")
        assert encoding == ENCODINGS[client]
        for number, (start, ends) in enumerate(product(("", "\ufeff", "\f\n"), ("\n", "\r\n"))):
            uri, text = (tmp_path / f"model{number}.py").as_uri(), (start + body).replace("\n", ends)
            server.open(uri, text)
            for version in (1, 2):
                (found,) = server.problems(uri, version)
                assert found["code"] == CODE
                assert underlined(text, found, encoding) in text.split(ends)[-3]
                if "inlayHint" in server.client["textDocument"]:
                    at = place(text, "y = layers", encoding)
                    assert (at["line"], at["character"] + 1, ": (1, 26, 28, 8)") in hints(server, uri)
                card = hover(server, uri, *place(text, "y = layers", encoding).values())
                assert "y: (1, 26, 28, 8)" in card["contents"]["value"]
                assert underlined(text, card, encoding) == "y"
                if version == 1:
                    at, new = place(text, "😀'; y", encoding), "é😀e\u0301"
                    server.change(uri, 2, {"range": {"start": at, "end": at}, "text": new})
                    text = text.replace("😀'; y", new + "😀'; y")
        assert quiet(server)


def place(text: str, what: str, encoding: str) -> Any:
    found = position(text, text.rindex(what), encoding)
    return {"line": found.line, "character": found.character}


def underlined(text: str, what: Any, encoding: str) -> str:
    """The text in a range that the server sent; an error where an end is no place of the text."""
    places = {}
    for index in range(len(text) + 1):
        at = position(text, index, encoding)
        places.setdefault((at.line, at.character), index)
    start, end = (places[at["line"], at["character"]] for at in (what["range"]["start"], what["range"]["end"]))
    return text[start:end]


def test_before_and_after_the_session() -> None:
    with Wire() as server:
        server.open("file:///nowhere/a.py", SOURCE)  # notifications before initialize are dropped
        assert server.answer(server.ask("shutdown", None))["error"]["code"] == -32002
        server.begin(NEOVIM)
        assert (
            server.answer(server.ask("initialize", {"processId": None, "capabilities": {}}))["error"]["code"]
            == INVALID_REQUEST
        )
        assert server.answer(server.ask("textDocument/whatever", {}))["error"]["code"] == METHOD_NOT_FOUND
        assert server.problems("file:///nowhere/a.py", 1) == []
        server.request("shutdown", None)
        document = {"textDocument": {"uri": "file:///nowhere/a.py"}, "position": {"line": 0, "character": 0}}
        assert server.answer(server.ask("textDocument/hover", document))["error"]["code"] == INVALID_REQUEST
        server.notify("exit", None)
        assert server.process.wait(PATIENCE) == 0


def test_a_client_that_is_killed_leaves_no_server() -> None:
    with Wire() as server:
        server.begin(NEOVIM)
        server.open("file:///nowhere/a.py", SOURCE * 20)
        assert server.process.stdin is not None
        server.process.stdin.close()
        server.process.wait(PATIENCE)


def test_two_editors_in_one_folder(tmp_path: Path) -> None:
    """Each has a server of its own, and its own text of the same file."""
    uri = (tmp_path / "model.py").as_uri()
    with Wire() as one, Wire() as other:
        one.begin(VSCODE, tmp_path)
        other.begin(EMACS, tmp_path)
        one.open(uri, SOURCE)
        other.open(uri, SOURCE.replace("33", "3"))
        assert codes(one.problems(uri, 1)) == [CODE]
        assert other.problems(uri, 1) == []
        one.change(uri, 2, {"text": SOURCE.replace("33", "3")})
        other.change(uri, 2, {"text": SOURCE})
        assert one.problems(uri, 2) == []
        assert codes(other.problems(uri, 2)) == [CODE]
        assert one.end() == other.end() == 0


def test_edits_and_questions_of_two_documents_interleaved(tmp_path: Path) -> None:
    """Answers go to who asked: seeded edits of two files, each asked about at once."""
    rng = random.Random(1)
    uris = [(tmp_path / name).as_uri() for name in ("a.py", "b.py")]
    sizes, asked = [33, 33], []
    with Wire() as server:
        server.begin(VSCODE, tmp_path)
        for uri in uris:
            server.open(uri, SOURCE)
        for version in range(2, 60):
            which = rng.randrange(2)
            sizes[which] = rng.choice((3, 5, 33, 44))
            server.change(uris[which], version, {"text": SOURCE.replace("33", str(sizes[which]))})
            for uri in uris:
                asked.append(server.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}}))
        answers = [server.answer(number)["result"] for number in asked]
        assert {"items", "kind"} <= set(answers[-1])
        for uri, size in zip(uris, sizes, strict=True):
            found = server.problems(uri, 60)
            assert codes(found) == ([CODE] if size > 9 else [])
            assert all(str(size) in problem["message"] for problem in found)
        assert server.end() == 0
