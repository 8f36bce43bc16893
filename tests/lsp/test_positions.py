"""Lines, columns and edits: the server's copy of a text is the client's, whatever stands in it."""

import random

import pytest
from hypothesis import given, strategies
from lsp.editor import offset, position
from lsprotocol import types

from shapelens.documents import Document
from shapelens.positions import Text, difference

PIECES = ["a", "é", "😀", "\n", "\r\n", "\r", "\x0c", "\x0b", "\x1c", "\u2028", "\x85", "x = 1"]
ENCODINGS = ["utf-8", "utf-16", "utf-32"]
texts = strategies.lists(strategies.sampled_from(PIECES), max_size=12).map("".join)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=texts)
def test_every_place_goes_to_the_client_and_back(encoding: str, text: str) -> None:
    own = Text(text)
    for index in range(len(text) + 1):
        if text[index - 1 : index + 1] == "\r\n":
            continue  # no place for an editor
        there = position(text, index, encoding)
        assert own.to_client(*own.place(index), encoding) == there
        assert own.offset(there, encoding) == index


@given(old=texts, new=texts)
def test_the_difference_makes_one_text_from_the_other(old: str, new: str) -> None:
    start, end, middle = difference(old, new)
    assert old[:start] + middle + old[end:] == new
    assert start <= end
    if len(old) == len(new) and sum(a != b for a, b in zip(old, new, strict=True)) == 1:
        assert end - start == 1


@given(
    text=texts, new=texts, ends=strategies.tuples(strategies.integers(0, 40), strategies.integers(0, 40)).map(sorted)
)
def test_the_index_of_an_edited_text_is_that_of_a_new_one(text: str, new: str, ends: list[int]) -> None:
    start, end = (min(place, len(text)) for place in ends)  # also between CR and LF
    edited = Text(text).change(start, end, new)
    assert edited.source == text[:start] + new + text[end:]
    assert [edited.place(n) for n in range(len(edited.source) + 1)] == [
        Text(edited.source).place(n) for n in range(len(edited.source) + 1)
    ]
    assert edited.count == Text(edited.source).count


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(
    text=texts, edits=strategies.lists(strategies.tuples(texts, strategies.randoms(use_true_random=False)), max_size=4)
)
def test_edits_give_the_text_of_the_client(encoding: str, text: str, edits: list[tuple[str, random.Random]]) -> None:
    document = Document("file:///a.py", "python", 1, Text(text))
    for version, (new, choose) in enumerate(edits, 2):
        start, end = _stretch(text, choose)
        where = types.Range(position(text, start, encoding), position(text, end, encoding))
        text = text[:start] + new + text[end:]
        document.change(version, [types.TextDocumentContentChangePartial(where, new)], encoding)
        assert document.text.source == text
        assert document.version == version


def test_positions_outside_the_text_mean_its_nearest_place() -> None:
    text = Text("ab\r\ncd")
    assert text.offset(types.Position(0, 99), "utf-16") == 2
    assert text.offset(types.Position(99, 0), "utf-16") == 6
    assert text.to_client(9, 9, "utf-16") == types.Position(1, 2)
    assert text.to_client(1, 9, "utf-16") == types.Position(0, 2)
    assert Text("").offset(types.Position(0, 0), "utf-8") == 0


def test_a_position_inside_a_character_is_before_it() -> None:
    assert Text("😀a").offset(types.Position(0, 1), "utf-16") == 0
    assert Text("😀a").offset(types.Position(0, 3), "utf-8") == 0
    assert Text("😀a").offset(types.Position(0, 2), "utf-16") == 1


def test_half_of_a_pair_is_a_character() -> None:
    text = Text("\ud83d = 1")
    assert text.offset(types.Position(0, 1), "utf-16") == 1
    assert text.to_client(1, 4, "utf-8") == types.Position(0, 6)


@given(
    text=texts, edits=strategies.lists(strategies.tuples(texts, strategies.randoms(use_true_random=False)), max_size=4)
)
def test_places_move_with_the_text(text: str, edits: list[tuple[str, random.Random]]) -> None:
    """A mark that no edit touches is still before the same character, wherever it went."""
    mark = "\ue000"
    text = f"{text}\n{mark}\n{text}"
    document = Document("file:///a.py", "python", 1, Text(text))
    line, column = document.text.place(text.index(mark))
    for new, choose in edits:
        start, end = _stretch(text, choose)
        here = text.index(mark)
        if start <= here + 1 and here <= end:
            continue
        text = text[:start] + new + text[end:]
        where = types.Range(
            position(document.text.source, start, "utf-32"), position(document.text.source, end, "utf-32")
        )
        document.change(2, [types.TextDocumentContentChangePartial(where, new)], "utf-32")
    assert document.text.source == text
    moved = document.current(Mark(line, column, line, column + 1))
    assert moved is not None
    assert (moved.line, moved.column) == document.text.place(text.index(mark))


def test_a_place_that_was_edited_is_gone() -> None:
    document = Document("file:///a.py", "python", 1, Text("name = 1\n"))
    where = types.Range(types.Position(0, 1), types.Position(0, 3))
    document.change(2, [types.TextDocumentContentChangePartial(where, "o")], "utf-16")
    assert document.current(Mark(1, 0, 1, 4)) is None
    assert document.current(Mark(1, 7, 1, 8)) == Mark(1, 6, 1, 7)


class Mark:
    """A stretch of text that compares with any other."""

    def __init__(self, line: int, column: int, end_line: int, end_column: int):
        self.line, self.column, self.end_line, self.end_column = line, column, end_line, end_column

    def __eq__(self, other: object) -> bool:
        names = ("line", "column", "end_line", "end_column")
        return [getattr(self, n) for n in names] == [getattr(other, n, None) for n in names]

    __hash__ = None  # type: ignore[assignment]


def _stretch(text: str, choose: random.Random) -> tuple[int, int]:
    """Two places that an editor could name: none between CR and LF."""
    places = [index for index in range(len(text) + 1) if text[index - 1 : index + 1] != "\r\n" or index == 0]
    start, end = sorted((choose.choice(places), choose.choice(places)))
    return start, end


assert offset("a\nb", types.Position(1, 1), "utf-8") == 3
