"""Files checked by several processes, each with an engine of its own; reports come in the order of the files."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shapelens.commands import reports
from shapelens.commands.reports import Report

if TYPE_CHECKING:
    from shapelens.commands.cache import Fact
    from shapelens.commands.session import Session
    from shapelens.settings import Options

FEW = 8
"""So many files are checked sooner than other processes have started."""

AT_ONCE = 8
"""Files that one process gets together: neighbours, which import the same."""

Result = tuple[Report, "tuple[Fact, ...]"]


@dataclass(frozen=True)
class Task:
    """What every process has to know."""

    root: Path
    options: Options
    fixes: bool
    remember: bool  # whether somebody wants the facts

    def session(self) -> Session:
        """A session of one's own."""
        from shapelens.commands.session import Session

        return Session(self.root, self.options)


def check(task: Task, paths: Sequence[Path], jobs: int = 0) -> Iterator[Result]:
    """The reports on all files, in their order, and the facts that each hangs on."""
    jobs = min(jobs or cores(), -(-len(paths) // AT_ONCE))
    if jobs <= 1 or len(paths) < FEW:
        session = task.session() if paths else None
        for path in paths:
            assert session is not None
            yield from _check(task, session, [path])
        return
    if START == "fork":
        import shape_engine  # noqa: F401  (what is imported now is there in all processes)
    chunks = [list(paths[at : at + AT_ONCE]) for at in range(0, len(paths), AT_ONCE)]
    context = multiprocessing.get_context(START)
    pool = ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(task,))
    try:
        futures: list[Future[list[Result]]] = [pool.submit(_work, chunk) for chunk in chunks]
        for chunk, future in zip(chunks, futures, strict=True):
            try:
                yield from future.result()
            except BrokenProcessPool as error:  # out of memory, perhaps
                for path in chunk:
                    yield Report(str(path), failure=reports.CRASHED, words=f"a process has died: {error}"), ()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """The number of processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


START = "fork" if sys.platform == "linux" else "spawn"
"""Processes are forked where that is safe: nothing of ours has started a thread before."""

_TASK: Task
_SESSION: Session | None = None


def _begin(task: Task) -> None:
    global _TASK
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process tells the others to stop
    _TASK = task


def _work(paths: list[Path]) -> list[Result]:
    global _SESSION
    if _SESSION is None:
        _SESSION = _TASK.session()
    return _check(_TASK, _SESSION, paths)


def _check(task: Task, session: Session, paths: list[Path]) -> list[Result]:
    found: list[Result] = []
    for path in paths:
        report = reports.make(session, path, fixes=task.fixes)
        facts = session.facts(path) if task.remember and not report.failure else ()
        found.append((report, facts))
    return found
