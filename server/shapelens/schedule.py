"""When to analyse what: one analysis at a time, the newest text wins, nobody starves.

Knows keys, not documents or shapes.  A key that is touched again while its job runs makes the job
stop, but not for ever: after ``PATIENCE`` without a result the job may finish although it is outdated.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)

QUICK = 0.05  # seconds: an analysis that takes less begins with the first change after a result
SHORTEST_WAIT = 0.02  # seconds of quiet before one with later changes; a keystroke is often several changes
LONGEST_WAIT = 0.2  # for documents whose analysis is slow
PATIENCE = 1.0  # how long newer changes may hold up a result
STACK = 64 * 1024 * 1024  # address space for the worker's stack: an interpreter of programs recurses


class Worker:
    """A thread that does one thing after the other.  A daemon, so that a long job never delays the exit."""

    def __init__(self, name: str):
        self._jobs: queue.SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Callable[[], Any]]] = (
            queue.SimpleQueue()
        )
        previous = threading.stack_size()
        try:
            threading.stack_size(STACK)
        except ValueError:
            previous = -1
        try:
            threading.Thread(target=self._work, name=name, daemon=True).start()
        finally:
            if previous >= 0:
                threading.stack_size(previous)

    async def run(self, job: Callable[[], T]) -> T:
        """The result of the job; when the caller is cancelled, a job that has not begun never begins."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put((loop, future, job))
        return await future

    def _work(self) -> None:
        while True:
            loop, future, job = self._jobs.get()
            if future.cancelled():
                continue
            try:
                outcome, error = job(), None
            except Exception as exception:
                outcome, error = None, exception
            try:
                loop.call_soon_threadsafe(_deliver, future, outcome, error)
            except RuntimeError:  # the loop is closed: the server has ended
                return
            del loop, future, job, outcome, error


@dataclass
class _Key:
    """What is known about one key."""

    touched: int = 0  # how often it changed
    done: int = 0  # the change that the last finished job knew
    since: float = 0.0  # when the first change came that no finished job knows
    due: float = 0.0
    cost: float = 0.0  # seconds that the last job took
    waiters: list[tuple[int, asyncio.Future[None]]] = field(default_factory=list)

    @property
    def dirty(self) -> bool:
        return self.done < self.touched


class Schedule:
    """Runs ``job(key, should_stop)`` after a key was touched; it returns False if it was stopped.

    ``job`` should not raise; it may be slow, but has to ask ``should_stop()`` now and then (in any thread).
    """

    def __init__(self, job: Callable[[str, Callable[[], bool]], Awaitable[bool]]):
        self._job = job
        self._keys: dict[str, _Key] = {}
        self._running: str | None = None
        self._stop = threading.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._held = False

    def hold(self) -> None:
        """Begin no job until ``release``."""
        self._held = True

    def release(self) -> None:
        """Let jobs begin."""
        self._held = False
        self._pump()

    def touch(self, key: str, *, at_once: bool = False) -> None:
        """The key has changed: run its job soon."""
        now = _now()
        state = self._keys.setdefault(key, _Key())
        if not state.dirty:
            state.since = now
            at_once = at_once or state.cost < QUICK
        state.touched += 1
        wait = 0.0 if at_once else min(max(SHORTEST_WAIT, 2 * state.cost), LONGEST_WAIT)
        state.due = min(now + wait, max(state.since + LONGEST_WAIT, now))
        if self._running == key and now - state.since < PATIENCE:
            self._stop.set()
        self._pump()

    async def settled(self, key: str) -> None:
        """Wait for a result that knows every change so far; does not wait for quiet."""
        state = self._keys.get(key)
        if state is None or not state.dirty:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        state.waiters.append((state.touched, future))
        state.due = 0.0
        self._pump()
        await future

    def is_waiting(self, key: str) -> bool:
        """Whether the key has changed since its last job began that has ended."""
        state = self._keys.get(key)
        return state is not None and state.dirty

    def forget(self, key: str) -> None:
        """The key is gone: its job stops, who waits for it goes on."""
        state = self._keys.pop(key, None)
        if self._running == key:
            self._stop.set()
        for _, future in state.waiters if state else ():
            if not future.done():
                future.set_result(None)

    def stop(self) -> None:
        """End of work: the running job stops, no other begins."""
        self._held = True
        self._stop.set()

    def _pump(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._held or self._running is not None:
            return
        dirty = [(state.due, key) for key, state in self._keys.items() if state.dirty]
        if not dirty:
            return
        due, key = min(dirty)
        if due > _now():
            self._timer = asyncio.get_running_loop().call_at(due, self._pump)
            return
        self._running = key
        self._stop = threading.Event()
        self._task = asyncio.ensure_future(self._run(key, self._keys[key], self._stop))

    async def _run(self, key: str, state: _Key, stop: threading.Event) -> None:
        knows, began = state.touched, _now()
        try:
            finished = await self._job(key, stop.is_set)
        except Exception:
            log.exception("the job for %s failed", key)
            finished = True  # nobody waits for what will not come
        finally:
            self._running = None
        if finished:
            if state.done:  # the first job of a key has everything to do, and tells nothing about the others
                state.cost = _now() - began
            state.done = knows
            state.since = began if state.dirty else 0.0
            for edition, future in state.waiters:
                if edition <= knows and not future.done():
                    future.set_result(None)
            state.waiters = [(edition, future) for edition, future in state.waiters if not future.done()]
        self._pump()


def _now() -> float:
    return asyncio.get_running_loop().time()


def _deliver(future: asyncio.Future[Any], outcome: Any, error: Exception | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(outcome)
