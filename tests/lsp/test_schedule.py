"""One job at a time, the newest change wins, nobody waits for ever."""

import asyncio
from collections.abc import Callable

import pytest

from shapelens import schedule
from shapelens.schedule import Schedule, Worker


class Jobs:
    """Jobs that run until the test lets them end, or until they are told to stop."""

    def __init__(self) -> None:
        self.schedule = Schedule(self.job)
        self.began: list[str] = []
        self.ended: list[tuple[str, bool]] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.stops: dict[str, Callable[[], bool]] = {}

    async def job(self, key: str, should_stop: Callable[[], bool]) -> bool:
        self.began.append(key)
        self.stops[key] = should_stop
        await self.gates.setdefault(key, asyncio.Event()).wait()
        self.gates[key].clear()
        finished = not should_stop()
        self.ended.append((key, finished))
        return finished

    async def running(self, key: str, times: int = 1) -> None:
        while self.began.count(key) < times:
            await asyncio.sleep(0)

    def let(self, key: str) -> None:
        self.gates.setdefault(key, asyncio.Event()).set()


async def test_one_job_at_a_time() -> None:
    jobs = Jobs()
    jobs.schedule.touch("a", at_once=True)
    jobs.schedule.touch("b", at_once=True)
    await jobs.running("a")
    assert jobs.began == ["a"]
    jobs.let("a")
    await jobs.running("b")
    assert jobs.ended == [("a", True)]


async def test_a_newer_change_stops_the_job_and_runs_it_again() -> None:
    jobs = Jobs()
    jobs.schedule.touch("a", at_once=True)
    await jobs.running("a")
    assert not jobs.stops["a"]()
    jobs.schedule.touch("a")
    assert jobs.stops["a"]()
    waiting = asyncio.ensure_future(jobs.schedule.settled("a"))
    jobs.let("a")
    await jobs.running("a", times=2)
    assert not waiting.done()
    jobs.let("a")
    await waiting
    assert jobs.ended == [("a", False), ("a", True)]


async def test_who_types_on_and_on_still_gets_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "PATIENCE", 0.0)
    jobs = Jobs()
    jobs.schedule.touch("a", at_once=True)
    await jobs.running("a")
    jobs.schedule.touch("a")
    assert not jobs.stops["a"]()
    jobs.let("a")
    await jobs.running("a", times=2)
    assert jobs.ended == [("a", True)]


async def test_who_waits_does_not_wait_for_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "SHORTEST_WAIT", 1000.0)
    monkeypatch.setattr(schedule, "LONGEST_WAIT", 1000.0)
    monkeypatch.setattr(schedule, "QUICK", 0.0)
    jobs = Jobs()
    jobs.let("a")
    jobs.schedule.touch("a")
    await asyncio.wait_for(jobs.schedule.settled("a"), 10)
    assert jobs.ended == [("a", True)]


async def test_the_first_change_after_a_result_begins_at_once_and_those_behind_it_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schedule, "SHORTEST_WAIT", 1000.0)
    monkeypatch.setattr(schedule, "LONGEST_WAIT", 1000.0)
    jobs = Jobs()
    jobs.schedule.touch("a")
    await jobs.running("a")
    jobs.schedule.touch("a")
    jobs.let("a")
    for _ in range(10):
        await asyncio.sleep(0)
    assert jobs.began == ["a"]
    waiting = asyncio.ensure_future(jobs.schedule.settled("a"))
    await jobs.running("a", times=2)
    jobs.let("a")
    await waiting
    jobs.schedule.touch("a")
    await jobs.running("a", times=3)


async def test_what_has_not_changed_is_settled() -> None:
    jobs = Jobs()
    await jobs.schedule.settled("a")
    jobs.let("a")
    jobs.schedule.touch("a", at_once=True)
    await jobs.schedule.settled("a")
    await jobs.schedule.settled("a")
    assert jobs.began == ["a"]


async def test_a_held_schedule_begins_nothing() -> None:
    jobs = Jobs()
    jobs.schedule.hold()
    jobs.schedule.touch("a", at_once=True)
    waiting = asyncio.ensure_future(jobs.schedule.settled("a"))
    for _ in range(10):
        await asyncio.sleep(0)
    assert jobs.began == []
    jobs.schedule.release()
    jobs.let("a")
    await waiting
    assert jobs.began == ["a"]


async def test_forgetting_stops_and_frees_who_waits() -> None:
    jobs = Jobs()
    jobs.schedule.touch("a", at_once=True)
    await jobs.running("a")
    waiting = asyncio.ensure_future(jobs.schedule.settled("a"))
    await asyncio.sleep(0)
    jobs.schedule.forget("a")
    await waiting
    assert jobs.stops["a"]()
    jobs.let("a")
    jobs.let("b")
    jobs.schedule.touch("b", at_once=True)
    await jobs.schedule.settled("b")


async def test_a_job_that_fails_frees_who_waits() -> None:
    async def fail(key: str, should_stop: Callable[[], bool]) -> bool:
        raise RuntimeError("a bug")

    broken = Schedule(fail)
    broken.touch("a", at_once=True)
    await broken.settled("a")
    broken.touch("a", at_once=True)
    await broken.settled("a")


async def test_a_key_that_comes_back_is_a_new_one() -> None:
    jobs = Jobs()
    jobs.schedule.touch("a", at_once=True)
    await jobs.running("a")
    jobs.schedule.forget("a")
    jobs.schedule.touch("a", at_once=True)
    waiting = asyncio.ensure_future(jobs.schedule.settled("a"))
    jobs.let("a")
    await jobs.running("a", times=2)
    assert not waiting.done()
    jobs.let("a")
    await waiting


async def test_a_cancelled_waiter_leaves_the_others_alone() -> None:
    jobs = Jobs()
    jobs.schedule.touch("a", at_once=True)
    first = asyncio.ensure_future(jobs.schedule.settled("a"))
    second = asyncio.ensure_future(jobs.schedule.settled("a"))
    await jobs.running("a")
    first.cancel()
    jobs.let("a")
    await second
    assert first.cancelled()


async def test_the_worker_does_one_thing_after_the_other() -> None:
    worker = Worker("test")
    done: list[int] = []
    await asyncio.gather(*(worker.run(lambda n=n: done.append(n)) for n in range(20)))
    assert done == list(range(20))


async def test_the_worker_hands_errors_over_and_goes_on() -> None:
    worker = Worker("test")
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0)
    assert await worker.run(lambda: 2) == 2


async def test_a_job_that_nobody_waits_for_never_begins() -> None:
    worker = Worker("test")
    done: list[str] = []
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()

    def block() -> None:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()

    first = asyncio.ensure_future(worker.run(block))
    second = asyncio.ensure_future(worker.run(lambda: done.append("second")))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    gate.set()
    await first
    await worker.run(lambda: done.append("third"))
    assert done == ["third"]
