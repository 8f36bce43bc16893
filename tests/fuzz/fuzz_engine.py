"""Fuzzes the engine: ``python tests/fuzz/fuzz_engine.py [--seconds 60] [--seed 0] [--corpus FOLDER...]``.

With ``--atheris`` (and the package of this name) coverage of ``shape_engine`` guides what is tried; without it the
seed does.  An input that breaks something is written to ``--found``, one file a text, and the search goes on; with
``--again FOLDER`` what lies there is tried again.  CPU time is what counts.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
import traceback
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS)]
PATIENCE = 10  # seconds of CPU that one input may take, with all its texts, warm and cold


class Hangs(BaseException):
    """An input takes longer than anybody would wait."""


class Fed(random.Random):
    """Random numbers that a fuzzer decides."""

    provider: Any = None

    def getrandbits(self, bits: int) -> int:
        return self.provider.ConsumeIntInRange(0, (1 << min(bits, 60)) - 1)

    def random(self) -> float:
        return self.getrandbits(16) / (1 << 16)


class Search:
    """Tries inputs, counts them, and keeps those that break something, one of each kind."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.found = Path(options.found)
        self.tried = 0
        self.kinds: Counter[str] = Counter()
        self.slowest = 0.0
        self.texts = [
            file.read_text("utf-8", "surrogateescape")
            for folder in options.corpus
            for file in sorted(Path(folder).rglob("*.py"))
        ]
        signal.signal(signal.SIGVTALRM, self._hangs)

    def _hangs(self, *_: object) -> None:
        raise Hangs(f"more than {PATIENCE} seconds of CPU")

    def attempt(self, texts: list[str]) -> None:
        from fuzz.checks import check

        self.tried += 1
        begin = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
        try:
            check(texts)
        except (Exception, Hangs):
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self._keep(texts, traceback.format_exc())
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        took = time.process_time() - begin
        if took > max(self.slowest, 1):
            self._write("slow", texts, f"{took:.2f} seconds")
        self.slowest = max(self.slowest, took)
        if self.tried % 100 == 0:
            self.report()

    def _keep(self, texts: list[str], why: str) -> None:
        lines = why.strip().splitlines()
        kind = next((line.strip() for line in reversed(lines) if line.strip().startswith("File ")), "") + lines[-1][:60]
        self.kinds[kind] += 1
        if self.kinds[kind] == 1:
            print(f"{why}\n== after {self.tried} inputs\n", flush=True)
            self._write(blake2b(kind.encode(), digest_size=4).hexdigest(), texts, why)

    def _write(self, name: str, texts: list[str], why: str) -> None:
        folder = self.found / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "why.txt").write_text(why, "utf-8", "surrogatepass")
        for number, text in enumerate(texts):
            (folder / f"{number}.py").write_bytes(text.encode("utf-8", "surrogatepass"))

    def one(self, rng: random.Random, data: bytes | None = None) -> None:
        from fuzz.mutate import session

        if rng.random() < 0.1:
            raw = bytes(rng.getrandbits(8) for _ in range(rng.randrange(200))) if data is None else data
            self.attempt([raw.decode("utf-8", "surrogateescape"), raw.decode("latin-1")])
        else:
            self.attempt(session(rng, self.texts if self.texts and rng.random() < 0.5 else ()))

    def report(self) -> None:
        print(
            f"{self.tried} inputs in {time.process_time() / 60:.1f} CPU minutes, {sum(self.kinds.values())} broken in"
            f" {len(self.kinds)} ways, the slowest input took {self.slowest:.2f} s",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpus", nargs="*", default=[])
    parser.add_argument("--found", default="fuzz-found")
    parser.add_argument("--again")
    parser.add_argument("--atheris", action="store_true")
    options = parser.parse_args()
    search = Search(options)
    if options.again:
        files = sorted(Path(options.again).glob("*.py"))
        search.attempt([file.read_bytes().decode("utf-8", "surrogatepass") for file in files])
    elif options.atheris:
        guided(search)
    else:
        number = 0
        while time.process_time() < options.seconds:
            search.one(random.Random(f"{options.seed} {number}"))
            number += 1
    search.report()
    sys.exit(bool(search.kinds))


def guided(search: Search) -> None:
    import atexit

    import atheris  # type: ignore[import-not-found]

    with atheris.instrument_imports(include=["shape_engine"]):
        import shape_engine  # noqa: F401

    def one(data: bytes) -> None:
        rng = Fed()
        rng.provider = atheris.FuzzedDataProvider(data)
        search.one(rng, data)

    atexit.register(search.report)
    arguments = [f"-max_total_time={search.options.seconds:.0f}", f"-seed={search.options.seed + 1}", "-max_len=4096", "-rss_limit_mb=2000", "-timeout=120"]  # fmt: skip
    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
