"""``shapelens check``: the calls that raise, for people and for programs."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shapelens import settings
from shapelens.cli import BUG, CLEAN, FOUND, Misuse
from shapelens.commands import cache, workers
from shapelens.commands.baseline import Baseline
from shapelens.commands.files import Choice
from shapelens.commands.formats import FORMATS, Format
from shapelens.commands.output import Writer, with_progress
from shapelens.commands.reports import CRASHED, UNREADABLE, Counts, Report
from shapelens.commands.session import environment_of, options_for, root_of, tell_errors

EVERY = 0.3
"""Seconds between two looks at the files, with --watch."""


def run(options: argparse.Namespace) -> int:
    """Check every file; with ``--watch`` again and again."""
    check = Check(options)
    if options.watch:
        return check.watch()
    return check.once()


@dataclass
class Round:
    """One pass over the files: which there are, their dates and sizes before, and the exit code."""

    paths: Sequence[Path]
    stamps: dict[str, tuple[int, int]]
    code: int


class Check:
    """What the command line asks for."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        for path in options.paths:
            if not os.path.exists(path):
                raise Misuse(f"no such file or directory: {path}")
        self.root = root_of(list(map(Path, options.paths)))
        self.settings = options_for(self.root, options)
        if options.write_baseline and not options.baseline:
            raise Misuse("--write-baseline needs the name of the file: --baseline FILE")
        self.cache = self._cache()

    def once(self) -> int:
        """Check all files, and tell."""
        return self._round().code

    def watch(self) -> int:
        """Check, wait until something changes, and check again what hangs on it, until the person has enough."""
        if FORMATS[self.options.output_format].data:
            raise Misuse(f"--watch is for people: it does not go with --output-format {self.options.output_format}")
        self.cache = self.cache or cache.Cache(None)
        while True:
            if sys.stdout.isatty():
                print("\033[2J\033[3J\033[H", end="")
            last = self._round()
            sys.stdout.flush()
            print("Waiting for changes (Ctrl-C ends)", file=sys.stderr, flush=True)
            self._wait(last)
            try:
                new = options_for(self.root, self.options)
            except Misuse as misuse:  # half-written settings: those that were go on to hold
                print(f"shapelens: {misuse}", file=sys.stderr)
                continue
            if new != self.settings:
                self.settings = new
                self.cache = self._cache() or cache.Cache(None)

    def _wait(self, last: Round) -> None:
        """Return when checking would give another result.  Dates only tell when to look at contents again."""
        assert self.cache is not None
        seen: dict[str, tuple[int, int]] | None = None
        while self._paths() == last.paths:
            now = self._stamps(last.paths)
            if now != seen:
                disk = cache.Disk()
                entries = [self.cache.entries.get(str(path)) for path in last.paths]
                if any(entry is not None and not disk.hold(entry.facts) for entry in entries):
                    return
                unsure = [str(path) for path, entry in zip(last.paths, entries, strict=True) if entry is None]
                if any(last.stamps[path] != _stamp(path) for path in (*unsure, *self._config())):
                    return
                seen = now
            time.sleep(EVERY)

    def _round(self) -> Round:
        paths = self._paths()
        stamps = {path: _stamp(path) for path in (*map(str, paths), *self._config())} if self.options.watch else {}
        writer = Writer()
        shape = FORMATS[self.options.output_format](writer, self.settings.documentation)
        known = None
        if self.options.baseline:
            known = Baseline.read(Path(self.options.baseline), new=self.options.write_baseline)
        counts = Counts()
        disk = cache.Disk()
        for report in with_progress(self._reports(paths, shape, disk), len(paths), "checking", writer):
            self._complain(report)
            if known is not None:
                report, fewer = known.take(report)
                counts.known += fewer
            counts.add(report)
            if not self.options.write_baseline:
                shape.add(report)
        if self.cache is not None:
            self.cache.save()
        if known is not None and self.options.write_baseline:
            print(f"shapelens: {self.options.baseline} lists {known.write()} problems", file=sys.stderr)
            return Round(paths, stamps, BUG if counts.failures[CRASHED] else CLEAN)
        shape.end()
        for words in known.stale() if known is not None else ():
            print(f"shapelens: not there any more, but in {self.options.baseline}: {words}", file=sys.stderr)
        if not shape.data:
            print(counts, file=sys.stderr)
        return Round(paths, stamps, self._code(counts))

    def _code(self, counts: Counts) -> int:
        if counts.failures[CRASHED]:
            return BUG
        if self.options.exit_zero:
            return CLEAN
        return FOUND if counts.failing or counts.failures[UNREADABLE] else CLEAN

    def _reports(self, paths: Sequence[Path], shape: Format, disk: cache.Disk) -> Iterator[Report]:
        """The reports in the order of the files: those that are known, and between them those that are made now."""
        known = {}
        if self.cache is not None:
            known = {
                path: report for path in paths if (report := self.cache.get(str(path), disk, shape.fixes)) is not None
            }
        task = workers.Task(self.root, self.settings, shape.fixes, self.cache is not None)
        made = workers.check(task, [path for path in paths if path not in known], self.options.jobs)
        for path in paths:
            if (report := known.get(path)) is None:
                report, facts = next(made)
                if self.cache is not None:
                    self.cache.put(report, facts, shape.fixes)
            yield report
        next(made, None)  # lets the processes end

    def _paths(self) -> list[Path]:
        options = self.options
        choice = Choice(
            self.root,
            include=(*self.settings.include, *options.include),
            exclude=(*self.settings.exclude, *options.exclude),
            gitignore=not options.no_gitignore,
            named=options.force_exclude,
        )
        return [Path(os.path.abspath(path)) for path in choice.find(options.paths)]

    def _cache(self) -> cache.Cache | None:
        if self.options.no_cache:
            return None
        environment = environment_of(self.root, self.settings)
        return cache.Cache(cache.place(self.options.cache_dir, self.root, self.settings, environment))

    def _stamps(self, paths: Sequence[Path]) -> dict[str, tuple[int, int]]:
        """The dates and sizes of all that the results hang on."""
        assert self.cache is not None
        places = {*map(str, paths), *self._config()}
        for path in paths:
            entry = self.cache.entries.get(str(path))
            for fact in entry.facts if entry is not None else ():
                places.add(fact.path)
                places |= {folder for folder, _, _ in fact.looks}
        return {place: _stamp(place) for place in places}

    def _config(self) -> list[str]:
        """The files that settings may come from."""
        return [str(folder / name) for folder in (self.root, *self.root.parents) for name in settings.FILES]

    def _complain(self, report: Report) -> None:
        """Say on standard error what went wrong; a bug of ours with one file does not keep the others from being checked."""
        tell_errors(report.file, report.errors, self.options.verbose)
        if report.failure == UNREADABLE:
            print(f"shapelens: {report.file}: {report.words}", file=sys.stderr)
        elif report.failure == CRASHED:
            print(report.words, file=sys.stderr)
            print(f"shapelens: {report.file}: this is a bug of shapelens, please report it", file=sys.stderr)


def _stamp(path: str) -> tuple[int, int]:
    try:
        status = os.stat(path)
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
