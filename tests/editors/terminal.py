"""A program in a terminal of its own: keys go in, a screen comes out, as text or as a picture."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import pyte

PATIENCE = 60  # seconds; a program that hangs fails the test
_UNKNOWN = re.compile(rb"\x1bP.*?\x1b\\|\x1b\[[=<>][\d;]*[a-zA-Z]|\x1b\[\?u", re.DOTALL)  # pyte would print these
_UNFINISHED = re.compile(rb"\x1b(?:P(?:(?!\x1b\\).)*|\[[\d;:?=<>]*)?\Z", re.DOTALL)
_COLOURS = re.compile(rb"\x1b\[([\d;:]*:[\d;:]*)m")


class Terminal:
    """A running program; it is killed when the ``with`` block ends."""

    def __init__(
        self, command: Sequence[str], folder: Path, environ: Mapping[str, str], rows: int = 24, columns: int = 100
    ):
        self._screen = _Screen(columns, rows)
        self._screen.write_process_input = lambda answer: self.press(answer)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""
        self._process, self._file = pty.fork()
        if self._process == 0:
            os.chdir(folder)
            os.execvpe(command[0], list(command), {**environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"})
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._file)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def press(self, keys: str) -> None:
        """Type: ``\\r`` is Enter, ``\\x1b`` Escape."""
        os.write(self._file, keys.encode())

    def shows(self, *texts: str, again: str = "") -> None:
        """Wait until all the texts are on the screen; ``again`` is pressed now and then until they are."""
        self.until(lambda: all(text in self.text for text in texts), f"the screen shows {texts}", again)

    def hides(self, text: str, again: str = "") -> None:
        """Wait until the text is on the screen no more."""
        self.until(lambda: text not in self.text, f"{text!r} is gone", again)

    def until(self, true: Callable[[], bool], what: str, again: str = "", *, settle: bool = True) -> None:
        """Read what the program writes until something is true of the screen, and (``settle``) still is when it is drawn."""
        end = time.monotonic() + PATIENCE
        pressed = time.monotonic()
        while not true():
            now = time.monotonic()
            assert now < end, f"never: {what}\n{self.text}"
            if again and now > pressed + 0.5:
                self.press(again)
                pressed = now
            self._read(0.05)
        if not settle:
            return
        self._settle()
        assert true(), f"no longer: {what}\n{self.text}"

    def picture(self, title: str) -> str:
        """The screen as SVG."""
        return svg(self._screen, title)

    def _settle(self) -> None:
        """Read the rest of what the program is drawing."""
        while self._read(0.15):
            pass

    def _read(self, seconds: float) -> bool:
        if not select.select([self._file], [], [], seconds)[0]:
            return False
        try:
            data = self._rest + os.read(self._file, 65536)
        except OSError as error:
            raise AssertionError(f"the program has ended\n{self.text}") from error
        unfinished = _UNFINISHED.search(data)
        self._rest = unfinished[0] if unfinished else b""
        data = data[: len(data) - len(self._rest)]
        self._stream.feed(_COLOURS.sub(_plain_colours, _UNKNOWN.sub(b"", data)))
        return True


class _Screen(pyte.Screen):
    """pyte's screen, for programs that send sequences which it does not know."""

    def report_device_status(self, mode: int, **private: Any) -> None:
        if not private.get("private"):
            super().report_device_status(mode)

    def report_device_attributes(self, mode: int = 0, **private: Any) -> None:
        if not private.get("private"):
            super().report_device_attributes(mode)

    def select_graphic_rendition(self, *attributes: int, **private: Any) -> None:
        if not private.get("private"):
            super().select_graphic_rendition(*attributes)


def _plain_colours(found: re.Match[bytes]) -> bytes:
    """Colours in the newer spelling with colons, in the older one; kinds and colours of underlines are left out."""
    parts = []
    for part in found[1].split(b";"):
        kind, *rest = part.split(b":")
        if kind in (b"38", b"48") and rest:
            parts += [kind, *([b"2", *rest[-3:]] if rest[0] == b"2" else rest)]
        elif kind != b"58":
            parts.append(b"4" if kind == b"4" and rest[:1] != [b"0"] else b"24" if kind == b"4" else kind)
    return b"\x1b[" + b";".join(parts) + b"m" if parts else b""


WIDTH, HEIGHT, SIZE, EDGE = 8.4, 19, 14, 14
FOREGROUND, BACKGROUND = "d4d4d4", "1e1e1e"
PALETTE = {
    "black": "1e1e1e", "red": "f14c4c", "green": "23d18b", "brown": "e5e510", "yellow": "e5e510", "blue": "3b8eea",
    "magenta": "d670d6", "cyan": "29b8db", "white": "e5e5e5", "brightblack": "808080", "brightred": "f14c4c",
    "brightgreen": "23d18b", "brightbrown": "f5f543", "brightyellow": "f5f543", "brightblue": "3b8eea",
    "brightmagenta": "d670d6", "bfightmagenta": "d670d6", "brightcyan": "29b8db", "brightwhite": "ffffff",
}  # fmt: skip


def svg(screen: pyte.Screen, title: str) -> str:
    """A terminal's screen as a picture, every run of characters on the grid of its columns."""
    width, height = screen.columns * WIDTH + 2 * EDGE, screen.lines * HEIGHT + 2 * EDGE
    rows = [[_style(screen.buffer[row][column]) for column in range(screen.columns)] for row in range(screen.lines)]
    [(frame, _)] = Counter(paper for row in rows for _, paper, *_ in row).most_common(1)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" '
            f'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{SIZE}">',
            f"<title>{escape(title)}</title>",
            f'<rect width="100%" height="100%" rx="6" fill="#{frame}"/>',
            *(piece for number, row in enumerate(rows) for piece in _papers(row, number, frame)),
            *(piece for number, row in enumerate(rows) for piece in _words(row, screen.display[number], number)),
            "</svg>\n",
        ]
    )


Style = tuple[str, str, bool, bool, bool]
"""Ink, paper; whether bold, italics, underlined."""


def _papers(row: list[Style], number: int, frame: str) -> Iterator[str]:
    for paper, first, last in _runs([style[1] for style in row]):
        if paper != frame:
            x, y, width = EDGE + first * WIDTH, EDGE + number * HEIGHT, (last - first) * WIDTH
            yield f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{HEIGHT}" fill="#{paper}"/>'


def _words(row: list[Style], text: str, number: int) -> Iterator[str]:
    for (ink, bold, italics, underscore), first, last in _runs([(s[0], *s[2:]) for s in row]):
        words = text[first:last] if underscore else text[first:last].rstrip()
        if not words:
            continue
        style = ' font-weight="bold"' * bold + ' font-style="italic"' * italics
        style += ' text-decoration="underline"' * underscore
        yield (
            f'<text x="{EDGE + first * WIDTH:.1f}" y="{EDGE + number * HEIGHT + SIZE}" fill="#{ink}"{style} '
            f'textLength="{len(words) * WIDTH:.1f}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">'
            f"{escape(words)}</text>"
        )


def _runs(styles: Sequence[Any]) -> Iterator[tuple[Any, int, int]]:
    """Stretches that look alike: how, where they begin, where they end."""
    for style, group in groupby(range(len(styles)), styles.__getitem__):
        columns = list(group)
        yield style, columns[0], columns[-1] + 1


def _style(cell: Any) -> Style:
    ink, paper = _colour(cell.fg, FOREGROUND), _colour(cell.bg, BACKGROUND)
    if cell.reverse:
        ink, paper = paper, ink
    return ink, paper, cell.bold, cell.italics, cell.underscore


def _colour(name: str, default: str) -> str:
    return default if name == "default" else PALETTE.get(name, name)
