"""Random programs at any length, against the real framework: what the differential tests draw, from the command line.

    python tests/differential.py                                    # 20,000 programs of layers, a fresh seed
    python tests/differential.py --programs 2000 --seed 7 graphs chains

The programs are shared out among the kinds that are named.  What is wrong is shown when it is found; at the end stand
how many were right, silent and wrong, by layer and by outcome, and how many texts of exceptions were equal.  The exit
status is 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Callable, Iterator

from oracle import configurations, graphs, layers, models, process
from oracle.configurations import Program
from verdicts import WRONG, Verdict, listing, report, table, texts, verdict

Draw = Callable[[int, int], Iterator[Program]]
KINDS: dict[str, tuple[str, Draw]] = {
    "layers-symbolic": ("keras", lambda seed, count: layers.draw("keras symbolic", seed, count)),
    "layers-eager": ("keras", lambda seed, count: layers.draw("keras eager", seed, count)),
    "convolutions-symbolic": ("keras", lambda seed, count: configurations.draw("keras symbolic", seed, count)),
    "convolutions-eager": ("keras", lambda seed, count: configurations.draw("keras eager", seed, count)),
    "convolutions-torch": ("torch", lambda seed, count: configurations.draw("torch", seed, count)),
    "chains": ("keras", models.draw),
    "graphs": ("keras", graphs.draw),
}
"""What can be drawn, and who judges it."""

WEAR = 1000
"""After so many programs the framework's process is started again: what it keeps of each would fill the memory."""


def main() -> int:
    """Draw, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", choices=[[], *KINDS], metavar="kind", help=", ".join(KINDS))
    parser.add_argument("--programs", type=int, default=20_000, help="how many in all (20,000)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="to repeat a run")
    options = parser.parse_args()
    kinds = options.kinds or ["layers-symbolic", "layers-eager"]
    found: list[Verdict] = []
    for kind in kinds:
        verdicts = list(_judged(kind, options.seed, options.programs // len(kinds)))
        print(table(kind, options.seed, verdicts), flush=True)
        report(kind, verdicts)
        found += verdicts
    if len(kinds) > 1:
        print(table("all", options.seed, found))
    print(texts(found))
    return any(one.kind == WRONG for one in found)


def _judged(kind: str, seed: int, count: int) -> Iterator[Verdict]:
    framework, draw = KINDS[kind]
    worker = process.worker(framework)
    for number, program in enumerate(draw(seed, count), 1):
        found = verdict(program, worker)
        if found.kind == WRONG:
            print(f"{kind} {number}: {listing([found])}", flush=True)
        if number % WEAR == 0:
            worker.close()
            print(f"{kind}: {number} of {count}", file=sys.stderr, flush=True)
        yield found


if __name__ == "__main__":
    sys.exit(main())
