"""The clock: which job runs when. A job only writes down what is due, so it may run twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from learning.errors import NotFound
from services.ports.clocks import Clock
from services.ports.jobs import Job, JobRun

log = structlog.get_logger()

GRACE = 3600
"""Seconds by which a tick may come late and still be run."""

AFTER_START = timedelta(minutes=1)
"""When what takes long is caught up with: a process that has just begun has better things to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One job; `cron` is minute, hour, day, month, weekday, the weekdays by name.

    Hours are UTC: a local time between 01:00 and 02:00 may not exist, or come twice. What `takes_long` is
    run a while after the start. `words` tell organisers what it does.
    """

    name: str
    cron: str
    run: Callable[[], Awaitable[object]]
    takes_long: bool = False
    words: str = ""

    @property
    def trigger(self) -> CronTrigger:
        return CronTrigger.from_crontab(self.cron, timezone="UTC")

    def next_at(self, now: datetime) -> datetime | None:
        """When it comes after this instant."""
        return cast("datetime | None", self.trigger.get_next_fire_time(None, now))


class Timetable:
    """Runs in every replica with its own memory; two that tick together change nothing twice."""

    def __init__(
        self, entries: Sequence[Entry], clock: Clock, *, after_start: timedelta = AFTER_START
    ) -> None:
        self._after_start = after_start
        self.entries = tuple(entries)
        self._clock = clock
        self._runs: dict[str, JobRun] = {}
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._under_way: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Run every job once, to catch up with what was missed, then by the clock."""
        for entry in self.entries:
            if entry.takes_long:
                self._scheduler.add_job(
                    self._tick,
                    "date",
                    run_date=datetime.now(UTC) + self._after_start,  # noqa: TID251 -- the scheduler's time
                    args=[entry],
                    misfire_grace_time=GRACE,
                )
            else:
                await self._run(entry)
            self._scheduler.add_job(
                self._tick,
                entry.trigger,
                args=[entry],
                id=entry.name,
                coalesce=True,
                misfire_grace_time=GRACE,
                max_instances=1,
            )
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def jobs(self) -> list[Job]:
        """Each with how it last went here, and when it comes next."""
        now = self._clock.now()
        return [
            Job(
                name=entry.name,
                words=entry.words,
                cron=entry.cron,
                next_at=entry.next_at(now),
                last=self._runs.get(entry.name),
            )
            for entry in self.entries
        ]

    async def run_now(self, name: str) -> JobRun:
        for entry in self.entries:
            if entry.name == name:
                return await self._run(entry)
        raise NotFound("job", name)

    async def finish(self) -> None:
        """Wait for the end of what was under way when it was stopped: it still needs the database."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _tick(self, entry: Entry) -> None:
        """A job by the clock, which may be broken off: we stop, and the next start catches up."""
        task = asyncio.current_task()
        assert task is not None, "a job runs in the loop"
        self._under_way.add(task)
        try:
            await self._run(entry)
        except asyncio.CancelledError:
            log.info("job broken off", job=entry.name)
        finally:
            self._under_way.discard(task)

    async def _run(self, entry: Entry) -> JobRun:
        """One job's failure is logged and never stops the others."""
        begun, began_at, trouble = time.monotonic(), self._clock.now(), ""
        self._runs[entry.name] = JobRun(began_at=began_at)
        try:
            await entry.run()
        except asyncio.CancelledError:
            trouble = "broken off"
            raise
        except Exception as error:
            trouble = type(error).__name__
            log.exception("job failed", job=entry.name)
        finally:
            took = time.monotonic() - begun
            run = JobRun(began_at=began_at, took=took, trouble=trouble)
            self._runs[entry.name] = run
        return run
