"""Somebody at a keyboard: seeded random edits of a text, most of which leave it broken, many of which are taken back."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Sequence

SCRAPS = (
    "(", ")", "[", "]", "{", "}", '"""', "'''", "'", '"', "#", ":", ",", ".", "=", "==", "\\", "\n", "\n\n", " ", "    ", "\t",
    "x", "1", "0", "-", "*", "**", "@", ";", "é", "\f", "\\\n", "f'{", "not ", "lambda ", "\r",
)  # fmt: skip
LINES = (
    "x = 1\n", "y = x +\n", "# a remark\n", "\n", "pass\n", "def f(x):\n    return x\n", "class A:\n    a = 1\n",
    "if x:\n", "else:\n", "for i in range(3)\n", "return x\n", "import keras\n", "from keras import layers\n", "y = x(\n",
    "@decorated\n", "try:\n", "except ValueError:\n", "with x as y:\n", "del x\n", "global x\n", "# shape: (b, 3)\n", "x.append(1)\n",
    'if __name__ == "__main__":\n', "while True:\n    break\n", "raise ValueError\n", '"""words"""\n',
)  # fmt: skip
SMALL = 30
"""About how many lines a pasted or deleted block has at most."""


class Typist:
    """A text, and the texts that it was before; ``edit`` changes it."""

    def __init__(self, text: str, rng: random.Random, clipboard: Sequence[str] = ()):
        self.original = self.text = text
        self.rng, self.clipboard = rng, [text, *clipboard]
        self._before: list[str] = []

    def edit(self) -> str:
        """Change the text once; what was done, in words."""
        if self._before and self.rng.random() < 0.3:
            back = min(self.rng.choice((1, 1, 1, 2, 5)), len(self._before))
            self.text = self._before[-back]
            del self._before[-back:]
            return f"undo {back}"
        if len(self._before) >= 12 or len(self.text) > 2 * len(self.original) + 400:  # all too broken: start again
            self._before.clear()
            self.text = self.original
            return "everything undone"
        how = self.rng.choices(HABITS, WEIGHTS)[0]
        self._before.append(self.text)
        self.text = how(self)
        return how.__name__.lstrip("_")

    def type_in(self, at: int, new: str, removed: int = 0) -> str:
        return self.text[:at] + new + self.text[at + removed :]

    def _type_a_scrap(self) -> str:
        return self.type_in(self._place(), self.rng.choice(SCRAPS))

    def _delete_characters(self) -> str:
        return self.type_in(self._place(), "", self.rng.choice((1, 1, 2, 5, 20)))

    def _break_off_a_line(self) -> str:
        first, last = self._line()
        line = self.text[first:last].rstrip("\r\n")
        return self.type_in(first + self.rng.randrange(len(line) + 1), "", 0) if not line else (
            self.text[: first + self.rng.randrange(len(line))] + self.text[first + len(line) :]
        )  # fmt: skip

    def _type_a_line(self) -> str:
        first, last = self._line()
        return self.type_in(first, self._indent(first, last) + self.rng.choice(LINES))

    def _change_a_number(self) -> str:
        found = list(re.finditer(r"(?<!\w)\d+", self.text))
        if not found:
            return self.text
        number = self.rng.choice(found)
        return self.type_in(number.start(), str(self.rng.randrange(12)), len(number[0]))

    def _delete_lines(self) -> str:
        first, last = self._block(self.rng.choice((1, 1, 2, 4)))
        return self.text[:first] + self.text[last:]

    def _move_a_statement(self) -> str:
        first, last = self._statement()
        block = self.text[first:last]
        self_text, self.text = self.text, self.text[:first] + self.text[last:]
        at, _ = self._line()
        moved = self.type_in(at, block)
        self.text = self_text
        return moved

    def _repeat_a_statement(self) -> str:
        first, last = self._statement()
        return self.type_in(last, self.text[first:last])

    def _delete_a_statement(self) -> str:
        first, last = self._statement()
        return self.text[:first] + self.text[last:]

    def _paste_a_block(self) -> str:
        other = self.rng.choice(self.clipboard)
        lines = other.splitlines(keepends=True)
        begin = self.rng.randrange(len(lines) or 1)
        first, _ = self._line()
        return self.type_in(first, "".join(lines[begin : begin + self.rng.randrange(1, SMALL)]))

    def _indent_lines(self) -> str:
        return self._each_line(lambda line: "    " + line if line.strip() else line)

    def _dedent_lines(self) -> str:
        return self._each_line(lambda line: re.sub(r"^( {1,4}|\t)", "", line))

    def _comment_lines(self) -> str:
        return self._each_line(lambda line: "# " + line if line.strip() else line)

    def _uncomment_lines(self) -> str:
        return self._each_line(lambda line: re.sub(r"^(\s*)# ?", r"\1", line))

    def _comment_a_line_end(self) -> str:
        first, last = self._line()
        return self.type_in(first + len(self.text[first:last].rstrip("\r\n")), "  # so")

    def _write_above(self) -> str:
        return self.rng.choice(("\n", "# above\n", "import keras\n", "above = 1\n", "\n\n\n")) + self.text

    def _rename(self) -> str:
        names = sorted(set(re.findall(r"\b[A-Za-z_]\w*\b", self.text)))
        if not names:
            return self.text
        old, new = self.rng.choice(names), self.rng.choice([self.rng.choice(names), "renamed"])
        places = [match.start() for match in re.finditer(rf"\b{old}\b", self.text)]
        if self.rng.random() < 0.5:
            return self.type_in(self.rng.choice(places), new, len(old))
        return re.sub(rf"\b{old}\b", new, self.text)

    def _other_line_ends(self) -> str:
        return self.text.replace("\r\n", "\n") if "\r\n" in self.text else self.text.replace("\n", "\r\n")

    def _place(self) -> int:
        return self.rng.randrange(len(self.text) + 1)

    def _line(self) -> tuple[int, int]:
        """Where some line begins and ends."""
        first = self.text.rfind("\n", 0, self._place()) + 1
        return first, (self.text.find("\n", first) + 1) or len(self.text)

    def _block(self, lines: int) -> tuple[int, int]:
        first, last = self._line()
        for _ in range(lines - 1):
            last = (self.text.find("\n", last) + 1) or len(self.text)
        return first, last

    def _statement(self) -> tuple[int, int]:
        """Where some statement, at any depth, begins and ends; a line where the text is broken."""
        try:
            statements = [node for node in ast.walk(ast.parse(self.text)) if isinstance(node, ast.stmt)]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            statements = []
        ends = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", self.text)), len(self.text)]
        chosen = self.rng.choice(statements) if statements else None
        if chosen is None or chosen.end_lineno is None or chosen.end_lineno >= len(ends):
            return self._line()
        return ends[chosen.lineno - 1], ends[chosen.end_lineno]

    def _indent(self, first: int, last: int) -> str:
        line = self.text[first:last]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def _each_line(self, change: Callable[[str], str]) -> str:
        first, last = self._block(self.rng.choice((1, 1, 2, 6)))
        changed = "".join(map(change, self.text[first:last].splitlines(keepends=True)))
        return self.text[:first] + changed + self.text[last:]


Habit = Callable[[Typist], str]
_WEIGHTED: dict[Habit, int] = {
    Typist._type_a_scrap: 16,
    Typist._delete_characters: 8,
    Typist._break_off_a_line: 8,
    Typist._type_a_line: 8,
    Typist._change_a_number: 12,
    Typist._delete_lines: 5,
    Typist._move_a_statement: 6,
    Typist._repeat_a_statement: 5,
    Typist._delete_a_statement: 5,
    Typist._paste_a_block: 5,
    Typist._indent_lines: 4,
    Typist._dedent_lines: 3,
    Typist._comment_lines: 4,
    Typist._uncomment_lines: 3,
    Typist._comment_a_line_end: 2,
    Typist._write_above: 3,
    Typist._rename: 6,
    Typist._other_line_ends: 1,
}
HABITS, WEIGHTS = tuple(_WEIGHTED), tuple(_WEIGHTED.values())
