"""Keystroke → published diagnostics through the real server, start-up and memory.

    python benchmarks/keystroke.py [--edits 30] [--lines 100 1000 10000]

Each figure is a median of milliseconds with the ninth decile behind it.  The same edits go to a pygls
server that analyses nothing (the floor of the protocol library), in the same run; the ratio to it and to
the 100-line figure is what carries over to another machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from client import Client  # noqa: E402
from workload import middle, program  # noqa: E402

URI = "file:///benchmark/model.py"
REFERENCE = """
For comparison, p50 in ms on other machines of this size (100 / 1,000 / 10,000 lines): pygls with a prototype engine
1.5-2.3 / - / 2.8-3.0; ruff server (no types) 1.3 / 3.5-6.8 / 20-41; zuban 2.3 / 18-24 / 90-165; pyrefly 6 / 36-76 /
430-740; ty 20 / 48-68 / 205; pyright 600 / - / 890.  Start to initialize answered: pygls 450-900, bare JSON 40-70."""
COMMANDS = {
    "shapelens": [sys.executable, "-m", "shapelens", "server"],
    "floor": [sys.executable, str(HERE / "floor_server.py")],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edits", type=int, default=30, help="edits of each kind")
    parser.add_argument("--lines", type=int, nargs="*", default=[100, 1000, 10_000])
    args = parser.parse_args()
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(HERE.parent / "server"), str(HERE.parent), os.environ.get("PYTHONPATH", "")]
    )
    print(
        f"{'':24}{'server':>10}{'lines':>8}{'start':>9}{'open':>9}{'middle':>16}{'top':>16}{'broken':>16}{'hover':>8}{'memory':>9}"
    )
    base: dict[str, float] = {}
    for lines in args.lines:
        floor = 0.0
        for name in ("floor", "shapelens"):
            figures = measure(COMMANDS[name], program(lines), args.edits, hover=name == "shapelens")
            print(row(name, lines, figures))
            p50 = statistics.median(figures["middle"])
            if name == "floor":
                floor = p50
            else:
                base.setdefault("p50", p50)
                print(
                    f"{'':24}{'':10}{lines:>8}  edit in the middle: {p50 / floor:.1f}× the floor, {p50 / base['p50']:.2f}× the {args.lines[0]}-line figure"
                )
    print(REFERENCE)


def measure(command: list[str], text: str, edits: int, hover: bool) -> dict[str, list[float]]:
    """All figures of one server on one text, in milliseconds (memory in MB)."""
    client = Client(command)
    found: dict[str, list[float]] = {"start": [client.initialize() * 1000], "open": [client.open(URI, text) * 1000]}
    version = 1
    lines = text.split("\n")
    place = middle(text)
    column = lines[place].index("128")

    def edit(kind: str, line: int, begin: int, end: int, new: str) -> None:
        nonlocal version
        version += 1
        found.setdefault(kind, []).append(client.change(URI, version, line, begin, end, new) * 1000)

    for n in range(edits):  # a number inside a function that is called from the module
        edit("middle", place, column, column + 3, str(129 + n % 800))
    for n in range(edits):  # a comment above everything grows
        edit("top", 0, 0, 0, "#" if n else "# \n")
    place += 1
    end = len(lines[middle(text)])
    for _ in range(edits // 2):  # a bracket is opened, then closed
        edit("broken", place, end - 4, end - 3, "((")
        edit("broken", place, end - 4, end - 2, ")")
    if hover:
        spot = {"textDocument": {"uri": URI}, "position": {"line": place, "character": 5}}
        found["hover"] = [client.timed("textDocument/hover", spot) * 1000 for _ in range(10)]
    found["memory"] = [client.memory()]
    client.close()
    return found


def row(name: str, lines: int, figures: dict[str, list[float]]) -> str:
    """One line of the table."""

    def cell(kind: str) -> str:
        values = sorted(figures[kind])
        return f"{statistics.median(values):.1f} ({values[int(len(values) * 0.9) - 1]:.1f})"

    hover = f"{statistics.median(figures['hover']):.1f}" if "hover" in figures else "-"
    return (
        f"{'p50 (p90), ms':24}{name:>10}{lines:>8}{figures['start'][0]:>9.0f}{figures['open'][0]:>9.0f}"
        f"{cell('middle'):>16}{cell('top'):>16}{cell('broken'):>16}{hover:>8}{figures['memory'][0]:>6.0f} MB"
    )


if __name__ == "__main__":
    main()
