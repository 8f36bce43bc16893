"""Keystroke → published diagnostics through real servers; start, first analysis, hover and memory beside it.

    python benchmarks/keystroke.py [--rivals FOLDER] [--edits 50] [--lines 100 1000 10000]

The same edits of the same text go to our server, to a pygls server that analyses nothing (the floor of the protocol
library), and to the rivals that are there, in one run.  Times are milliseconds on the clock of the client, the median
with the ninth decile behind it.  "cpu" is the CPU time that the server used from a change to its diagnostics: it does
not count waiting (for quiet before an analysis, for other programs on the machine), and counts all threads.  Our own
work on an edit is that time less the floor's, which is what reading, bookkeeping and writing cost any pygls server.
"found" is how many diagnostics the text has when it is opened: each type checker should see the mistake at its end.

What carries over to another machine are the ratios: to the floor, and of the longest text to the shortest.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from client import Client
from rivals import FLOOR, OURS, Program, add_options, environment, programs
from workload import middle, program

Figures = dict[str, list[float]]
BUDGET = 20.0  # seconds for one kind of edit: a slow server gets fewer of them
COLUMNS = ("server", "lines", "start", "open", "found", "middle", "cpu", "top", "broken", "hover", "memory")
WIDTHS = (14, 7, 8, 8, 7, 16, 14, 16, 16, 8, 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edits", type=int, default=50, help="edits of each kind (default: %(default)s)")
    parser.add_argument("--lines", type=int, nargs="*", default=[100, 1000, 10_000])
    add_options(parser)
    options = parser.parse_args()
    servers = programs(options, "server")
    print("milliseconds, p50 (p90); memory in MB")
    print("".join(f"{name:>{width}}" for name, width in zip(COLUMNS, WIDTHS, strict=True)))
    found: dict[str, list[Figures]] = {}
    for lines in options.lines:
        for server in servers:
            figures = measure(server, program(lines) + MISTAKE, options.edits)
            found.setdefault(server.name, []).append(figures)
            print(row(server.name, lines, figures), flush=True)
    for line in conclusions(found, options.lines):
        print(line)


MISTAKE = "\ncount: int = undefined_name + 'one'\n"


def measure(server: Program, text: str, edits: int) -> Figures:
    """All figures of one server on one text, in milliseconds (memory in MB)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        path = folder / "model.py"
        path.write_text(text, encoding="utf-8")
        client = Client(server.server, environment())
        try:
            return _measured(client, folder, path.as_uri(), text, edits)
        finally:
            client.close()


def _measured(client: Client, folder: Path, uri: str, text: str, edits: int) -> Figures:
    found: Figures = {"start": [client.initialize(folder) * 1000], "open": [client.open(uri, text) * 1000]}
    found["found"] = [float(client.found)]
    version = 1
    lines = text.split("\n")
    place = middle(text)
    column = lines[place].index("128")

    def change(line: int, begin: int, end: int, new: str) -> float:
        nonlocal version
        version += 1
        return client.change(uri, version, line, begin, end, new) * 1000

    def number(n: int) -> None:  # a number inside a function that is called from the module
        before = client.cpu()
        found.setdefault("middle", []).append(change(place, column, column + 3, str(129 + n % 800)))
        found.setdefault("cpu", []).append((client.cpu() - before) * 1000)

    def comment(n: int) -> None:  # a comment above everything grows
        found.setdefault("top", []).append(change(0, 0, 0, "#" if n else "# \n"))

    def bracket(n: int) -> None:  # a bracket is opened, then closed
        old, new = (1, "((") if n % 2 == 0 else (2, ")")
        end = len(lines[place])
        found.setdefault("broken", []).append(change(place + 1, end - 4, end - 4 + old, new))

    for edit in number, comment, bracket:
        repeat(edit, edits)
    if client.answers("hoverProvider"):
        spot = {"textDocument": {"uri": uri}, "position": {"line": place + 1, "character": 5}}
        found["hover"] = [client.timed("textDocument/hover", spot) * 1000 for _ in range(10)]
    found["memory"] = [client.memory()]
    return found


def repeat(edit: Callable[[int], None], times: int) -> None:
    """The edit so many times, or as often as the budget allows; an even number of times."""
    end = time.monotonic() + BUDGET
    for n in range(times):
        if time.monotonic() > end and n % 2 == 0:
            break
        edit(n)


def row(name: str, lines: int, figures: Figures) -> str:
    """One line of the table."""
    hover = f"{p50(figures['hover']):.1f}" if "hover" in figures else "-"
    cells = [name, str(lines), f"{figures['start'][0]:.0f}", f"{figures['open'][0]:.0f}", f"{figures['found'][0]:.0f}"]
    cells += [f"{p50(figures[kind]):.1f} ({p90(figures[kind]):.1f})" for kind in ("middle", "cpu", "top", "broken")]
    cells += [hover, f"{figures['memory'][0]:.0f}"]
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True))


def conclusions(found: dict[str, list[Figures]], lines: list[int]) -> list[str]:
    """The ratios: the longest text to the shortest for each server, ours to the floor, and our own work."""
    told = []
    if len(lines) > 1:
        ratios = [f"{name} {p50(runs[-1]['middle']) / p50(runs[0]['middle']):.2f}" for name, runs in found.items()]
        told.append(f"\nmiddle, {lines[-1]:,} lines : {lines[0]:,} lines: {', '.join(ratios)}")
    if OURS.name in found and FLOOR.name in found:
        for count, ours, floor in zip(lines, found[OURS.name], found[FLOOR.name], strict=True):
            times = p50(ours["middle"]) / p50(floor["middle"])
            own = p50(ours["cpu"]) - p50(floor["cpu"])
            told.append(f"{count:,} lines: {times:.1f} × the floor; our own work {own:.1f} ms a keystroke")
    return told


p50 = statistics.median


def p90(values: list[float]) -> float:
    return sorted(values)[max(round(len(values) * 0.9) - 1, 0)]


if __name__ == "__main__":
    main()
