"""The clock: which job runs when. A job only writes down what is due, so it may run twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

log = structlog.get_logger()

GRACE = 3600
"""Seconds by which a tick may come late and still be run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One job; `cron` is minute, hour, day, month, weekday, the weekdays by name.

    Hours are UTC: a local time between 01:00 and 02:00 may not exist, or come twice. Nobody waits at
    the start for what `takes_long`.
    """

    name: str
    cron: str
    run: Callable[[], Awaitable[object]]
    takes_long: bool = False


class Timetable:
    """Runs in every replica with its own memory; two that tick together change nothing twice."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._under_way: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Run every job once, to catch up with what was missed, then by the clock."""
        for entry in self.entries:
            if entry.takes_long:
                self._scheduler.add_job(self._tick, args=[entry], misfire_grace_time=GRACE)
            else:
                await _run(entry)
            self._scheduler.add_job(
                self._tick,
                CronTrigger.from_crontab(entry.cron, timezone="UTC"),
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
            await _run(entry)
        except asyncio.CancelledError:
            log.info("job broken off", job=entry.name)
        finally:
            self._under_way.discard(task)


async def _run(entry: Entry) -> None:
    """One job's failure is logged and never stops the others."""
    try:
        await entry.run()
    except Exception:
        log.exception("job failed", job=entry.name)
