"""Between replicas on PostgreSQL: who writes what is due soon tells the others (LISTEN/NOTIFY)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import structlog
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncEngine

from services.ports.clocks import Clock
from services.ports.deliveries import Wake
from store.engine import Database, OneTrip

log = structlog.get_logger()

CHANNEL = "learnweek_outbox"

SOON = timedelta(seconds=1)
"""What is due later than this the others find by themselves in time."""

ALIVE = 20.0
"""Seconds between looks whether we would still hear anything."""

AGAIN = 2.0
GONE = (OSError, exc.SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)


def wake_ups(database: Database, wake: Wake, clock: Clock) -> WakeUps | None:
    """None where there is but one process: on SQLite."""
    way = database.noting
    return WakeUps(way.engine, wake, clock) if isinstance(way, OneTrip) else None


class WakeUps:
    """Says and hears when there is something to send. Nothing depends on it: everybody also looks.

    A notification inside a transaction would make commits wait for each other, so it follows
    them, and one speaks for all that were committed meanwhile.
    """

    def __init__(self, engine: AsyncEngine, wake: Wake, clock: Clock) -> None:
        self._engine = engine
        self._wake = wake
        self._clock = clock
        self._soon = asyncio.Event()
        self._id = uuid4().hex

    def committed(self, due: datetime) -> None:
        """Something due then has just been written here."""
        self._wake(due)
        if due <= self._clock.now() + SOON:
            self._soon.set()

    async def run(self) -> None:
        """Until cancelled. A database that goes away is waited for."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._for_ever(self._say))
            group.create_task(self._for_ever(self._hear))

    async def _for_ever(self, part: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await part()
            except GONE as error:
                log.warning("wake-ups interrupted", reason=type(error).__name__)
                await asyncio.sleep(AGAIN)

    async def _say(self) -> None:
        while await self._soon.wait():
            self._soon.clear()
            async with self._engine.connect() as db:
                await db.exec_driver_sql(f"NOTIFY {CHANNEL}, '{self._id}'")

    async def _hear(self) -> None:
        async with self._engine.connect() as db:
            try:
                connection: Any = (await db.get_raw_connection()).driver_connection
                await connection.add_listener(CHANNEL, self._heard)
                self._wake(self._clock.now())  # whatever was said while nobody listened
                while True:
                    await asyncio.sleep(ALIVE)
                    await db.exec_driver_sql("SELECT 1")
            finally:
                await db.invalidate()

    def _heard(self, _connection: object, _pid: int, _channel: str, speaker: str) -> None:
        if speaker != self._id:
            self._wake(self._clock.now())
