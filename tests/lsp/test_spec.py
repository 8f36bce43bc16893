"""The protocol's rules over the raw JSON, for each real client: what was not agreed on is not sent, positions are in the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lsp.editor import CLIENTS, offset
from lsp.test_clients import CODE, SOURCE
from lsp.wire import Wire
from lsprotocol import types

TEXT = SOURCE.replace("y = layers", "é = '😀e\u0301'; y = layers")
WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}}
DIAGNOSTIC = {
    "range", "severity", "code", "codeDescription", "source", "message", "tags", "relatedInformation", "data",
}  # fmt: skip
HINT = {"position", "label", "kind", "textEdits", "tooltip", "paddingLeft", "paddingRight", "data"}
PART = {"value", "tooltip", "location", "command"}


@pytest.mark.parametrize("client", [path.stem for path in CLIENTS])
def test_everything_that_is_sent(client: str, tmp_path: Path) -> None:
    uri = (tmp_path / "model.py").as_uri()
    with Wire() as server:
        server.begin(client, tmp_path)
        can = server.client["textDocument"]
        encoding = server.capabilities.get("positionEncoding", "utf-16")
        assert encoding in server.client.get("general", {}).get("positionEncodings", ["utf-16"])
        server.open(uri, TEXT, version=7)
        document = {"textDocument": {"uri": uri}}

        problems = server.problems(uri, 7)
        assert [problem["code"] for problem in problems] == [CODE]
        for problem in problems:
            assert set(problem) <= DIAGNOSTIC
            assert stretch(TEXT, problem["range"], encoding)
            assert 1 <= problem["severity"] <= 4
            shown = [can.get(kind, {}) for kind in ("publishDiagnostics", "diagnostic")]
            assert "codeDescription" not in problem or any(kind.get("codeDescriptionSupport") for kind in shown)
            assert "relatedInformation" not in problem or any(kind.get("relatedInformation") for kind in shown)
            for related in problem.get("relatedInformation", ()):
                assert related["message"]
                assert stretch(TEXT, related["location"]["range"], encoding)
        if not server.capabilities.get("diagnosticProvider"):
            assert {said["version"] for said in server.published(uri)} == {7}

        formats = can["hover"].get("contentFormat", ["plaintext"])
        seen = 0
        for line, words in enumerate(TEXT.splitlines()):
            for character in range(0, len(words), 3):
                place = {"line": line, "character": character}
                card = server.request("textDocument/hover", {**document, "position": place})
                if card is not None:
                    seen += 1
                    assert card["contents"]["kind"] in formats
                    assert stretch(TEXT, card["range"], encoding)
        assert seen > 8

        if server.capabilities.get("inlayHintProvider"):
            hints = server.request("textDocument/inlayHint", {**document, "range": WHOLE})
            assert hints
            for hint in hints:
                assert set(hint) <= HINT
                assert hint["kind"] in (1, 2)
                at(TEXT, hint["position"], encoding)
                for part in hint["label"] if isinstance(hint["label"], list) else ():
                    assert set(part) <= PART
                    assert part["value"]
                    if "location" in part:
                        assert part["location"]["uri"] == uri
                        stretch(TEXT, part["location"]["range"], encoding)
                for edit in hint.get("textEdits", ()):
                    stretch(TEXT, edit["range"], encoding)

        if server.capabilities.get("codeActionProvider"):
            kinds = server.capabilities["codeActionProvider"]["codeActionKinds"]
            context = {"diagnostics": problems}
            actions = server.request(
                "textDocument/codeAction", {**document, "range": problems[0]["range"], "context": context}
            )
            assert actions
            for action in actions:
                assert action["title"]
                if "command" in action:
                    assert action["command"]["command"] in server.capabilities["executeCommandProvider"]["commands"]
                else:
                    assert any(f"{action['kind']}.".startswith(f"{kind}.") for kind in kinds)
                assert "isPreferred" not in action or can["codeAction"].get("isPreferredSupport")
                assert all(about in problems for about in action.get("diagnostics", ()))
                for edit in edits(action, uri, server.client):
                    stretch(TEXT, edit["range"], encoding)
        assert not [said for said in server.told if said["method"] == "window/showMessage"]
        assert server.end() == 0


def edits(action: Any, uri: str, client: Any) -> Iterator[Any]:
    """The edits of an action, in the form that the client knows."""
    edit = action.get("edit", {})
    if "documentChanges" in edit:
        assert client["workspace"]["workspaceEdit"]["documentChanges"]
        for change in edit["documentChanges"]:
            assert change["textDocument"] == {"uri": uri, "version": 7}
            yield from change["edits"]
    else:
        assert set(edit.get("changes", {})) <= {uri}
        yield from edit.get("changes", {}).get(uri, ())


def at(text: str, place: Any, encoding: str) -> int:
    """The index of a position; an error where it is none of the text."""
    return offset(text, types.Position(place["line"], place["character"]), encoding)


def stretch(text: str, range: Any, encoding: str) -> str:
    """The text in a range; an error where an end is no place of the text, or the ends are in the wrong order."""
    first, last = (at(text, range[end], encoding) for end in ("start", "end"))
    assert first <= last
    return text[first:last]
