"""A folder from the command line: ``shapelens check`` beside the rivals, in lines per second.

    python benchmarks/check.py FOLDER [--rivals FOLDER]

Every program starts once, without a cache, and checks all Python files of the folder (a checkout of timm, say).  "cpu"
is the CPU time of all its threads and processes, "memory" what its largest process had resident at its peak; both are
the operating system's account of the processes that have ended.  How many problems a program has found it tells in
words of its own, so only its exit code is shown.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from rivals import Program, add_options, environment, programs

COLUMNS = ("program", "seconds", "cpu", "lines/s", "per-cpu-s", "memory", "exit")
WIDTHS = (14, 10, 10, 12, 12, 8, 6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    add_options(parser)
    options = parser.parse_args()
    files = list(options.folder.rglob("*.py"))
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    print(f"{len(files):,} files, {lines:,} lines; {os.cpu_count()} cores; memory in MB")
    print("".join(f"{name:>{width}}" for name, width in zip(COLUMNS, WIDTHS, strict=True)))
    for program in programs(options, "check"):
        print(measure(program, options.folder.resolve(), lines), flush=True)


def measure(program: Program, folder: Path, lines: int) -> str:
    """One line of the table."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [*program.check, str(folder)], env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = code = os.waitstatus_to_exitcode(status)
    seconds, cpu = time.perf_counter() - begin, usage.ru_utime + usage.ru_stime
    memory = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    cells = [program.name, f"{seconds:.1f}", f"{cpu:.1f}", f"{lines / seconds:,.0f}", f"{lines / cpu:,.0f}"]
    return "".join(f"{cell:>{width}}" for cell, width in zip([*cells, f"{memory:.0f}", str(code)], WIDTHS, strict=True))


if __name__ == "__main__":
    main()
