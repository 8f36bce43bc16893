"""Cold open of real files: ``didOpen`` → published diagnostics of each of keras/applications/*.py, beside the rivals.

    python benchmarks/cold_open.py [--rivals FOLDER] [FILE ...]

Each program serves one session, in which every file is opened once, looked at, and closed again.  Times are
milliseconds; "cpu" is the CPU time of all the server's threads, "lines/s" the lines of all files in it.  "first" is
the first file, with what a server does once (it reads the modules that the files import, or a whole environment).
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
from pathlib import Path

from client import Client
from rivals import Program, add_options, environment, programs

COLUMNS = ("server", "files", "lines", "first", "p50", "slowest", "all", "cpu", "lines/s", "found", "memory")
WIDTHS = (14, 7, 8, 8, 8, 10, 10, 10, 10, 7, 8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: keras/applications/*.py")
    add_options(parser)
    options = parser.parse_args()
    files = [path.resolve() for path in options.files] or applications()
    print("milliseconds; memory in MB")
    print("".join(f"{name:>{width}}" for name, width in zip(COLUMNS, WIDTHS, strict=True)))
    for server in programs(options, "server"):
        print(measure(server, files), flush=True)


def applications() -> list[Path]:
    """The model builders of the Keras that is installed."""
    spec = importlib.util.find_spec("keras")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("Keras is not installed: name files")
    folder = Path(spec.submodule_search_locations[0], "src", "applications")
    return sorted(path for path in folder.glob("*.py") if not path.name.endswith(("_test.py", "__init__.py")))


def measure(server: Program, files: list[Path]) -> str:
    """One line of the table."""
    client = Client(server.server, environment())
    try:
        client.initialize(files[0].parent)
        times, found, lines = [], 0, 0
        before = client.cpu()
        for path in files:
            text = path.read_text(encoding="utf-8")
            times.append(client.open(path.as_uri(), text) * 1000)
            client.close_document(path.as_uri())
            found += client.found
            lines += text.count("\n")
        cpu = (client.cpu() - before) * 1000
        memory = client.memory()
    finally:
        client.close()
    numbers = (times[0], statistics.median(times), max(times), sum(times), cpu, lines / cpu * 1000)
    cells = [server.name, str(len(files)), str(lines), *(f"{number:.0f}" for number in numbers), str(found)]
    return "".join(f"{cell:>{width}}" for cell, width in zip([*cells, f"{memory:.0f}"], WIDTHS, strict=True))


if __name__ == "__main__":
    main()
