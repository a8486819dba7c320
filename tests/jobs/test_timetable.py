"""The clock: every job looks once at the start, and nobody waits for a long one."""

import asyncio

from jobs.timetable import Entry, Timetable

NEVER = "0 3 29 2 *"


async def test_every_job_is_run_at_the_start_and_what_takes_long_beside_the_others():
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
        ]
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

    timetable = Timetable([Entry(name="long", cron=NEVER, run=long, takes_long=True)])
    await timetable.start()
    async with asyncio.timeout(5):
        await begun.wait()

    timetable.stop()
    await timetable.finish()

    assert done == ["tidied up"]
