"""Texts that nobody would write, asked about at every place: the real server answers, and logs no mistake of its own.

SHAPELENS_SEED chooses the texts.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from fuzz.mutate import SNIPPETS, mutated
from lsp.editor import ENVIRONMENT, SERVER, Editor, make_editor
from lsprotocol import types

SEED = int(os.environ.get("SHAPELENS_SEED", "0"))
URI = "file:///nowhere/a.py"
CLIENTS = ["vscode_1.139.1_languageclient11", "neovim_0.12.4", "helix_25.07.1"]
PROGRAM = """\
import keras  # 😀 e\u0301
from keras import layers
größe = "😀", 3
x_ﬁ = keras.Input((9, 9, 3), name="😀")\f
y = layers.Conv2D(4, größe[1], groups=2, name="e\u0301")(x_ﬁ); z = layers.Dense(3)(layers.Flatten()(x_ﬁ))
def f(π, *, 变量=3):
    '''😀
    e\u0301'''
    return layers.Conv2D(变量, 99)(π)  # 😀
f(x_ﬁ); w = layers.Concatenate()([y, z])
"""
STEPS = 8  # texts, one after the other
PLACES = 60  # asked about in each but the first, in which all are


@pytest.mark.slow
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
async def test_every_place_of_a_mutated_text_has_an_answer(client: str, ends: str, tmp_path: Path) -> None:
    rng = random.Random(f"{SEED} {client} {ends!r}")
    log = tmp_path / "log.txt"
    editor = make_editor()
    await editor.start_io(*SERVER, "--log-file", str(log), env=ENVIRONMENT)
    await editor.begin(client)
    text = PROGRAM.replace("\n", ends)
    editor.open(URI, text)
    await asked(editor, 1, range(len(text) + 1))
    for version in range(2, STEPS):
        new = without_surrogates(mutated(rng, rng.choice([text, PROGRAM.replace("\n", ends)]), [PROGRAM]))
        if rng.random() < 0.5 or not same_ends(text):
            editor.rewrite(URI, version, new)
        else:
            place = rng.randrange(len(text) + 1)
            editor.replace(URI, version, place, place, without_surrogates(rng.choice(SNIPPETS)))
        text = editor.texts[URI]
        await asked(editor, version, [rng.randrange(len(text) + 1) for _ in range(PLACES)])
    await editor.shutdown_session()
    await editor.stop()
    assert "ERROR" not in (said := log.read_text("utf-8")), said
    assert not [m for m in editor.log_messages if m.type == types.MessageType.Error]


async def asked(editor: Editor, version: int, places: range | list[int]) -> None:
    """Ask for all that the server can tell of a text."""
    problems = await editor.problems(URI, version)
    for place in places:
        await editor.hover(URI, place)
    await editor.hints(URI)
    await editor.hints(URI, 2, 5)
    for problem in problems:
        for action in await editor.actions(URI, problem):
            assert action.title


def without_surrogates(text: str) -> str:
    """What can be sent: half of a pair is no text for JSON in utf-8."""
    return text.encode("utf-8", "ignore").decode("utf-8")[:5000]


def same_ends(text: str) -> bool:
    """Whether an insertion may stand anywhere: not between a CR and its LF."""
    return "\r\n" not in text
