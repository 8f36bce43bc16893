"""Edit → squiggle gone, as the page of the real VS Code shows it, with the packed extension in code-server.

    tests/editors/install.sh && python benchmarks/vscode.py [--rounds 30] [--lines 100 1000 10000]

A digit is typed that makes a kernel too large, and taken away again, at the end of a text of several lengths.  The
times run in the page, from the key event to the frame in which the squiggle is there ("wrong") or gone ("right"); they
are milliseconds, the median with the ninth decile behind it.  "floor" is an extension that has no server and does
nothing but underline two digits as soon as VS Code tells of the change: VS Code's own share.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from workload import program

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from editors.workbench import Workbench  # noqa: E402

from editors import workbench as real  # noqa: E402

MISTAKE = "\nsmall = tf.zeros((1, 9, 9, 3))\nlast = layers.Conv2D(8, 11)(small)\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30, help="edits there and back (default: %(default)s)")
    parser.add_argument("--lines", type=int, nargs="*", default=[100, 1000, 10_000])
    options = parser.parse_args()
    if lacking := real.missing():
        raise SystemExit(lacking)
    print("milliseconds, p50 (p90)")
    print(f"{'extension':>12}{'lines':>8}{'wrong':>16}{'right':>16}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        packages = {"shapelens": real.pack(Path(name) / "shapelens.vsix")}
        packages["floor"] = real.pack_other(HERE / "vscode_floor", Path(name) / "floor.vsix")
        for extension, package in packages.items():
            home = Path(name) / extension
            folder = home / "project"
            folder.mkdir(parents=True)
            for lines in options.lines:
                (folder / f"model_{lines}.py").write_text(program(lines) + MISTAKE)
            with real.workbench(home, folder, [package]) as bench:
                for lines in options.lines:
                    bench.open(f"model_{lines}.py")
                    wrong, right = measure(bench, options.rounds)
                    print(f"{extension:>12}{lines:>8}{told(wrong):>16}{told(right):>16}", flush=True)


def measure(bench: Workbench, rounds: int) -> tuple[list[float], list[float]]:
    """Times until the mistake at the end of the open file is underlined, and until it no longer is."""
    bench.page.keyboard.press("Control+End")
    bench.wait(lambda: bench.squiggles() == 1, "nothing is underlined")
    for _ in range(2):
        bench.page.keyboard.press("ArrowUp")
    bench.page.keyboard.press("ArrowDown")
    bench.page.keyboard.press("Home")
    for _ in range(MISTAKE.splitlines()[-1].index("1)")):
        bench.page.keyboard.press("ArrowRight")
    right, wrong = [], []
    for number in range(rounds + 1):
        times = timed(bench, "Delete", 0), timed(bench, "1", 1)
        if number:  # the first one warms up
            right.append(times[0])
            wrong.append(times[1])
        bench.page.keyboard.press("ArrowLeft")
    return wrong, right


def timed(bench: Workbench, key: str, wanted: int) -> float:
    """From the event of a key to the frame with so many squiggles."""
    bench.page.evaluate(_TIME, [f"{real.TEXT} .squiggly-error", wanted])
    bench.page.keyboard.press(key)
    return float(bench.page.evaluate("window.taken"))


def told(times: list[float]) -> str:
    ninth = statistics.quantiles(times, n=10)[-1] if len(times) > 1 else times[0]
    return f"{statistics.median(times):.0f} ({ninth:.0f})"


_TIME = """([selector, wanted]) => {
  window.taken = new Promise((done) => {
    window.addEventListener('keydown', () => {
      const start = performance.now();
      const look = () => {
        if (document.querySelectorAll(selector).length === wanted) done(performance.now() - start);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }, { capture: true, once: true });
  });
}"""

if __name__ == "__main__":
    main()
