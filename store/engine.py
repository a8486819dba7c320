"""Opening the database: one address, SQLite or PostgreSQL, and the settings each one needs."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

POOL = 20
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON")


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Two ways in: `writing` takes its lock when it begins, `reading` never waits for a writer."""

    writing: AsyncEngine
    reading: AsyncEngine
    writer: asyncio.Lock | None

    def turn(self) -> AbstractAsyncContextManager[Any]:
        """One SQLite writer at a time, in the order of asking; PostgreSQL locks rows instead."""
        return self.writer or nullcontext()

    async def close(self) -> None:
        await self.writing.dispose()
        await self.reading.dispose()


def driver_url(address: str) -> sa.URL:
    """The address with our driver in it: people write `postgresql://…`, as everywhere else."""
    url = sa.make_url(address)
    match url.get_backend_name():
        case "sqlite":
            return url.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            query = dict(url.query)
            if "sslmode" in query:
                query["ssl"] = query.pop("sslmode")
            return url.set(drivername="postgresql+asyncpg", query=query)
        case other:
            raise ValueError(f"{other} is neither sqlite nor postgresql")


def open_database(address: str) -> Database:
    url = driver_url(address)
    if url.get_backend_name() != "sqlite":
        engine = create_async_engine(url, pool_size=POOL, pool_pre_ping=True, pool_recycle=1800)
        reading = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        return Database(writing=engine, reading=reading, writer=None)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return Database(
        writing=_sqlite(url, "BEGIN IMMEDIATE", *PRAGMAS),
        reading=_sqlite(url, "BEGIN", *PRAGMAS, "query_only=ON"),
        writer=asyncio.Lock(),
    )


def _sqlite(url: sa.URL, begin: str, *pragmas: str) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=5)

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy begins transactions, not the driver
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begun)
    return engine
