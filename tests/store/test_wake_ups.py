"""What one replica writes the others hear of at once, and a database that goes away is waited for."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from store import wake_ups
from store.engine import Database
from store.unit_of_work import SqlWork
from store.wake_ups import WakeUps
from tests.support.builders import notice, queue
from tests.support.clocks import MONDAY, FixedClock
from tests.support.databases import ON_POSTGRESQL, ON_SQLITE, run_sql

PATIENCE = 20


@dataclass(slots=True)
class Sender:
    """Counts how often it is woken."""

    times: int = 0
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self, due: datetime) -> None:
        self.times += 1
        self.woken.set()

    async def is_woken(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.woken.wait()
        self.woken.clear()


@asynccontextmanager
async def replica(database: Database) -> AsyncGenerator[tuple[WakeUps, Sender]]:
    """One that listens already."""
    sender = Sender()
    ours = wake_ups.wake_ups(database, sender.wake, FixedClock())
    assert ours is not None
    task = asyncio.create_task(ours.run())
    await sender.is_woken()
    yield ours, sender
    task.cancel()
    await asyncio.wait({task})


@ON_POSTGRESQL
async def test_what_is_due_now_wakes_every_replica(database: Database, another: Database):
    async with replica(database) as (here, mine), replica(another) as (_, others):
        work = SqlWork(database)
        work.wake = here.committed
        await queue(work, notice("a", due_at=MONDAY))

        await mine.is_woken()
        await others.is_woken()


@ON_POSTGRESQL
async def test_what_is_due_later_wakes_nobody_else(database: Database, another: Database):
    async with replica(database) as (here, mine), replica(another) as (_, others):
        before = others.times
        here.committed(MONDAY + timedelta(hours=1))
        await mine.is_woken()
        here.committed(MONDAY)
        await others.is_woken()

        assert others.times == before + 1


@ON_POSTGRESQL
async def test_one_word_speaks_for_all_that_was_committed_meanwhile(
    database: Database, another: Database
):
    async with replica(database) as (here, _), replica(another) as (_, others):
        before = others.times
        for _ in range(100):
            here.committed(MONDAY)
        await others.is_woken()
        here.committed(MONDAY)
        await others.is_woken()

        assert others.times <= before + 3


@ON_POSTGRESQL
async def test_a_connection_that_broke_is_made_again(
    database: Database, another: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(wake_ups, "ALIVE", 0.05)
    monkeypatch.setattr(wake_ups, "AGAIN", 0.05)
    async with replica(database) as (here, _), replica(another) as (_, others):
        await run_sql(database, BREAK_ALL)
        await others.is_woken()  # it listens again, and looks whether it missed something
        others.woken.clear()
        async with asyncio.timeout(PATIENCE):
            while not others.woken.is_set():
                here.committed(MONDAY)
                await asyncio.sleep(0.05)


@ON_SQLITE
async def test_one_process_alone_needs_none(database: Database):
    assert wake_ups.wake_ups(database, lambda due: None, FixedClock()) is None


BREAK_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'
"""
