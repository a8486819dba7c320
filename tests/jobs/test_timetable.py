"""The clock: every job looks once at the start, and nobody waits for a long one."""

import asyncio
from datetime import timedelta

import pytest

from jobs.timetable import Entry, Timetable
from learning.errors import NotFound
from services.ports.jobs import Job, JobRun
from tests.support.clocks import MONDAY, FixedClock

NEVER = "0 3 29 2 *"


async def test_every_job_is_run_at_the_start_and_what_takes_long_a_while_after_it():
    begun, may_end = asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def short() -> None:
        done.append("short")

    async def long() -> None:
        begun.set()
        await may_end.wait()
        done.append("long")

    async def wrong() -> None:
        raise ValueError("a job that fails stops no other")

    timetable = Timetable(
        [
            Entry(name="wrong", cron=NEVER, run=wrong),
            Entry(name="long", cron=NEVER, run=long, takes_long=True),
            Entry(name="short", cron=NEVER, run=short),
        ],
        FixedClock(),
        after_start=timedelta(milliseconds=50),
    )

    await timetable.start()
    assert done == ["short"]
    async with asyncio.timeout(5):
        await begun.wait()
    may_end.set()
    await asyncio.sleep(0)

    assert done == ["short", "long"]
    timetable.stop()


async def test_what_is_broken_off_by_stopping_is_waited_for_until_it_has_ended():
    begun, done = asyncio.Event(), list[str]()

    async def long() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            done.append("tidied up")

    entries = [Entry(name="long", cron=NEVER, run=long, takes_long=True)]
    timetable = Timetable(entries, FixedClock(), after_start=timedelta())
    await timetable.start()
    async with asyncio.timeout(5):
        await begun.wait()

    timetable.stop()
    await timetable.finish()

    assert done == ["tidied up"]


async def test_it_remembers_how_each_job_last_went_and_knows_when_it_comes_next():
    clock, may_end, begun = FixedClock(), asyncio.Event(), asyncio.Event()

    async def wrong() -> None:
        raise ValueError("for whoever reads the log")

    async def long() -> None:
        begun.set()
        await may_end.wait()

    timetable = Timetable(
        [
            Entry(name="wrong", cron="20 3 * * *", run=wrong, words="Does it wrong."),
            Entry(name="long", cron="*/5 * * * *", run=long),
        ],
        clock,
    )
    wrongly, lengthy = timetable.jobs()
    assert wrongly == Job(
        name="wrong",
        words="Does it wrong.",
        cron="20 3 * * *",
        next_at=MONDAY + timedelta(hours=19, minutes=20),
    )
    assert (lengthy.next_at, lengthy.last) == (MONDAY, None)

    running = asyncio.create_task(timetable.run_now("long"))
    await begun.wait()
    assert timetable.jobs()[1].last == JobRun(began_at=MONDAY, took=None)
    clock.advance(timedelta(minutes=1))
    assert (await timetable.run_now("wrong")).trouble == "ValueError"
    may_end.set()
    await running

    ended = [job.last for job in timetable.jobs()]
    assert [(run.began_at, run.trouble, run.took is None) for run in ended if run] == [
        (MONDAY + timedelta(minutes=1), "ValueError", False),
        (MONDAY, "", False),
    ]
    with pytest.raises(NotFound):
        await timetable.run_now("another")
