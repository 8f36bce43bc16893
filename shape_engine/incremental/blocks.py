"""Which statement stands in which block, in a text whose indents are not to be trusted.

Only this file knows how to tell a statement that stands too far to the left or to the right from one that ends a
block.  Every statement stays at its place in the text; what Python takes for its indent changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

HOLE = "__unknown__"
"""The name that stands where the text is broken.  Nothing defines it."""

STEP = 4
"""How far a block is indented where the text does not tell."""


@dataclass(slots=True)
class Line:
    """A statement, or the head of one that has a block, with all the lines it covers."""

    text: str
    number: int
    indent: str
    code: str  # without indent, end of line and last comment
    count: int  # how many line ends it covers
    blank: bool = False
    new: str | None = None  # what takes the place of the code
    before: str | None = None  # what takes the place of the indent
    after: list[str] = field(default_factory=list)  # what is added behind the code

    @property
    def written(self) -> str:
        if self.new is None and self.before is None and not self.after:
            return self.text
        indent = self.indent if self.before is None else self.before
        code = self.code if self.new is None else self.new
        extra = "".join(self.after)
        if self.new is None:
            rest = self.text[len(self.indent) + len(self.code) :]
            return indent + code + extra + rest
        return indent + code + extra + "\n" * (self.count - len(_ENDS.findall(code)))

    @property
    def width(self) -> int:
        """The column of the first word, as Python counts it."""
        return width_at(self.indent, 0)

    @property
    def current(self) -> str:
        return self.code if self.new is None else self.new

    @property
    def word(self) -> str:
        """The keyword that tells what kind of statement this is; "" for simple ones."""
        return keyword(self.current)

    @property
    def opens(self) -> bool:
        """Whether a block must follow."""
        return self.current.endswith(":") and not self.after


def keyword(code: str) -> str:
    match = HEAD.match(code)
    if not match:
        return ""
    word = match["word"]
    if word in ("match", "case") and not code.endswith(":"):
        return ""
    return word


@dataclass(slots=True)
class _Block:
    """A block: the column where its statements should stand, those that it has, and the keyword of the last one."""

    width: int
    lines: list[Line] = field(default_factory=list)
    word: str = ""

    def straighten(self) -> None:
        """Let all statements stand where the one furthest to the left does: no text has to move for that."""
        least = min(self.lines, key=lambda line: line.width)
        for line in self.lines:
            if line.width > least.width:
                _indent(line, least.indent)


def restore(lines: list[Line], unknown: Callable[[str], str]) -> None:
    """Give every line an indent that Python accepts, every head a block, every ``else`` its ``if``.

    ``unknown`` gives what stands for a simple statement of which nothing is known.
    """
    code = [line for line in lines if not line.blank]
    if not code:
        return
    blocks = [_Block(code[0].width)]
    everything = list(blocks)
    step = _step(code)
    previous: Line | None = None
    heads: list[tuple[int, Line]] = []  # open "try" statements: (level, line)
    for number, line in enumerate(code):
        if previous is not None and previous.opens:
            if line.width > blocks[-1].width:
                blocks.append(_Block(_width_of_block(code, number, blocks[-1].width, step)))
                everything.append(blocks[-1])
            else:
                previous.after.append(" pass")
        depth, sure = _depth(code, number, blocks)
        nothing = "" if sure or line.word else unknown(line.current)
        if nothing and previous is not None and not _LEAVES.match(nothing):  # it may stand in the inner block, too
            if depth + 1 < len(blocks) or previous.word:
                depth += 1
            elif not _LEAVES.match(previous.current):
                previous.after.append(f"; {nothing}")
        heads[:] = _closed(heads, depth)
        del blocks[depth:]
        blocks[-1].lines.append(line)
        level, above = depth - 1, blocks[-1].word
        word = line.word
        if word in _AFTER and above not in _AFTER[word]:
            line.new = "if True:" if word == "finally" else f"if {HOLE}:" if line.current.endswith(":") else "pass"
            word = line.word
        elif word in ("except", "finally"):
            heads[:] = [head for head in heads if head[0] != level]
        elif word not in _AFTER:
            heads[:] = _closed(heads, level)
        if nothing:
            line.new = f"if {HOLE}: {nothing}"
        if word == "try":
            heads.append((level, line))
        if previous is not None and previous.word == "@" and word not in ("@", "def", "class"):
            previous.new = "pass"
        blocks[-1].word = word
        previous = line
    if previous is not None and previous.opens:
        previous.after.append(" pass")
    if previous is not None and previous.word == "@":
        previous.new = "pass"
    _closed(heads, 0)
    for block in everything:
        if block.lines:
            block.straighten()


def _step(code: list[Line]) -> int:
    """By how many columns most blocks of the text are indented."""
    steps = [below.width - head.width for head, below in pairwise(code) if head.opens]
    return Counter([STEP, *(step for step in steps if step > 0)]).most_common(1)[0][0]


def _width_of_block(code: list[Line], first: int, head: int, step: int) -> int:
    """The column of the block that begins here, below a head at some column.

    It is that of the first statement, unless that one stands elsewhere than blocks of this text do, and a later one, which
    opens no block of its own by standing there, does not.
    """
    usual = head + step
    if code[first].width != usual:
        for above, line in pairwise(code[first:]):
            if line.width <= head:
                break
            if line.width == usual and not (above.opens and above.width < usual):
                return usual
    return code[first].width


def _depth(code: list[Line], number: int, blocks: list[_Block]) -> tuple[int, bool]:
    """How many of the open blocks a statement stands in, and whether that is sure.

    Of one that stands between two blocks the text below tells: the head of a block by where that stands, any other by
    whether the inner block goes on.  Else the nearer one is meant; halfway between them nobody knows.
    """
    line = code[number]
    depth = len(blocks)
    while depth > 1 and blocks[depth - 1].width > line.width:
        depth -= 1
    outer = blocks[depth - 1]
    if depth == len(blocks) or outer.width == line.width:
        return depth, True
    inner = blocks[depth]
    below = code[number + 1].width if number + 1 < len(code) else 0
    if line.opens:
        return (depth + 1 if below > inner.width else depth), True
    if below > line.width:
        return next((n for n in range(depth + 1, len(blocks) + 1) if blocks[n - 1].width == below), depth + 1), True
    if outer.word == "def" and line.code.startswith("return"):
        return depth + 1, True
    middle = outer.width + inner.width
    return (depth + 1 if 2 * line.width > middle else depth), 2 * line.width != middle


def _closed(heads: list[tuple[int, Line]], level: int) -> list[tuple[int, Line]]:
    """A ``try`` that nothing follows is no ``try``; the ones that are still open."""
    for depth, line in heads:
        if depth >= level:
            line.new = "if True:"
    return [head for head in heads if head[0] < level]


def _indent(line: Line, wanted: str) -> None:
    """Indent the line as wanted without moving it: a form feed makes Python count from there."""
    spare = len(line.indent) - len(wanted) - 1
    if spare >= 0:
        line.before = " " * spare + "\f" + wanted
    else:
        line.before = wanted


def width_at(text: str, position: int) -> int:
    """The column of the first word, as Python counts it."""
    width = 0
    for character in text[position : position + 400]:
        if character == " ":
            width += 1
        elif character == "\t":
            width = (width // 8 + 1) * 8
        elif character == "\f":
            width = 0
        else:
            break
    return width


HEAD = re.compile(
    r"(?:async\s+)?(?P<word>def|class|if|elif|else|for|while|with|try|except|finally|match|case|@)(?:\b|(?<=@))"
)
_AFTER: dict[str, tuple[str, ...]] = {
    "elif": ("if", "elif"),
    "else": ("if", "elif", "for", "while", "except"),
    "except": ("try", "except"),
    "finally": ("try", "except", "else"),
}
_ENDS = re.compile(r"\r\n|\r|\n")
_LEAVES = re.compile(r"(?:return|raise|break|continue)\b")
