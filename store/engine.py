"""Opening the database: one address, SQLite or PostgreSQL, and the settings each one needs."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import greenlet_spawn

from store.writer import Writer

POOL = 20
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON")

WITHOUT_DISK = ("synchronous=NORMAL", "wal_autocheckpoint=10000", "busy_timeout=100")
"""Commits wait for no disk, hardly for another process, and leave tidying up to those that do wait."""

ASLEEP = "10s"
"""After so long PostgreSQL ends a transaction in which nothing happens: a replica that is stopped or
stalled must not keep others from the rows that it holds."""

AT_ONCE: Mapping[str, Any] = {"isolation_level": "AUTOCOMMIT"}
"""Each statement is a transaction of its own."""

RESTED = 5.0
"""Seconds after which a connection to PostgreSQL is tried before it is used."""


class Near:
    """A connection to a file of this machine, used in place.

    An indexed read of SQLite takes some 20 microseconds, waits for no writer in WAL mode, and handing
    it to a thread costs twenty times that: it would be most of a turn.
    """

    def __init__(self, db: sa.Connection) -> None:
        self._db = db
        self.dialect = db.dialect

    async def execute(self, statement: Any, values: Any = None) -> sa.CursorResult[Any]:
        return self._db.execute(statement, values)


class AtHand:
    """A `Near` for single statements, opened when first used and then shared by all turns.

    None of them is interrupted, so one connection serves all, and none waits for its making.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._db: sa.Connection | None = None

    def connection(self) -> AsyncConnection:
        if self._db is None:
            self._db = self._engine.connect().execution_options(**AT_ONCE)
        return cast("AsyncConnection", Near(self._db))

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
        self._engine.dispose()


class OneTrip:
    """Takes a connection for each statement, and gives it back with the answer.

    SQLAlchemy's own way switches between its two worlds three times for that: a third of its cost.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.dialect = engine.dialect

    async def execute(self, statement: Any, values: Any = None) -> sa.CursorResult[Any]:
        return await greenlet_spawn(self._execute, statement, values)

    def _execute(self, statement: Any, values: Any) -> sa.CursorResult[Any]:
        with self.engine.sync_engine.connect() as db:
            return db.execute(statement, values)

    def connection(self) -> AsyncConnection:
        return cast("AsyncConnection", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Ways in: `writing` takes its lock when it begins, `reading` never waits for a writer.

    `glancing` and `noting` are for a turn's own small statements, each a transaction of its own.
    Those of SQLite, and `near`, which is for short snapshots, are used in place.
    """

    writing: AsyncEngine
    reading: AsyncEngine
    near: sa.Engine | None
    glancing: OneTrip | AtHand
    noting: OneTrip | AtHand
    writer: Writer | None

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that is undone unless it is committed."""
        async with self.turn(), self.writing.connect() as db:
            yield db

    @contextlib.asynccontextmanager
    async def look(self) -> AsyncGenerator[AsyncConnection]:
        """A snapshot to `execute` short reads on."""
        if self.near is None:
            async with self.reading.connect() as db:
                yield db
        else:
            with self.near.connect() as db:
                yield cast("AsyncConnection", Near(db))

    @contextlib.asynccontextmanager
    async def survey(self) -> AsyncGenerator[AsyncConnection]:
        """A snapshot to read much on, of which turns notice nothing: SQLite reads in a thread."""
        async with self.reading.connect() as db:
            yield db

    def glance(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """To `execute` short reads on, each of which sees its own moment."""
        return nullcontext(self.glancing.connection())

    @contextlib.asynccontextmanager
    async def note(self) -> AsyncGenerator[AsyncConnection]:
        """To write what everybody sees at once and what a power cut, but nothing less, may undo."""
        async with self.turn(first=True):
            yield self.noting.connection()

    def turn(self, *, first: bool = False) -> AbstractAsyncContextManager[Any]:
        """One SQLite writer at a time; PostgreSQL locks rows instead."""
        return self.writer.turn(first=first) if self.writer else nullcontext()

    async def close(self) -> None:
        await self.writing.dispose()
        await self.reading.dispose()
        if self.near is not None:
            self.near.dispose()
        for way in {self.glancing, self.noting}:
            if isinstance(way, OneTrip):
                await way.engine.dispose()
            else:
                way.close()


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
        engine = _postgresql(url, POOL)
        at_once = OneTrip(_postgresql(url, POOL // 2, at_once=True, synchronous_commit="off"))
        return Database(
            writing=engine,
            reading=engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            ),
            near=None,
            glancing=at_once,
            noting=at_once,
            writer=None,
        )
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    writing = create_async_engine(url, pool_size=5)
    reading = create_async_engine(url, pool_size=5)
    # Never waits for a connection: that would stop everything, whoever holds one included.
    near = sa.create_engine(url.set(drivername="sqlite"), max_overflow=-1)
    glancing = sa.create_engine(url.set(drivername="sqlite"), pool_size=1)
    noting = sa.create_engine(url.set(drivername="sqlite"), pool_size=1)
    _prepare(writing.sync_engine, "BEGIN IMMEDIATE", *PRAGMAS)
    _prepare(reading.sync_engine, "BEGIN", *PRAGMAS, "query_only=ON")
    _prepare(near, "BEGIN", *PRAGMAS, "query_only=ON")
    _prepare(glancing, "", *PRAGMAS, "query_only=ON")
    _prepare(noting, "", *PRAGMAS, *WITHOUT_DISK)
    return Database(
        writing=writing,
        reading=reading,
        near=near,
        glancing=AtHand(glancing),
        noting=AtHand(noting),
        writer=Writer(),
    )


def _postgresql(
    url: sa.URL, size: int, *, at_once: bool = False, **server_settings: str
) -> AsyncEngine:
    """Connections are tried before use when they have rested: not before every statement."""
    engine = create_async_engine(
        url,
        pool_size=size,
        pool_recycle=1800,
        connect_args={
            "server_settings": {"idle_in_transaction_session_timeout": ASLEEP, **server_settings}
        },
        **(AT_ONCE if at_once else {}),
    )

    def rests(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    def wakes(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get("rests_since", time.monotonic()) > RESTED:
            try:
                engine.dialect.do_ping(connection)
            except exc.DBAPIError as error:
                raise exc.DisconnectionError from error

    event.listen(engine.sync_engine, "checkin", rests)
    event.listen(engine.sync_engine, "checkout", wakes)
    return engine


def _prepare(engine: sa.Engine, begin: str, *pragmas: str) -> None:
    """Begin each transaction so, or not at all: then each statement is one."""

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy begins transactions, not the driver
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: sa.Connection) -> None:
        if connection.dialect.is_async:
            connection.exec_driver_sql(begin)
        else:  # as it is done for nearly every turn, without the engine's ceremony
            connection.connection.cursor().execute(begin)

    event.listen(engine, "connect", connected)
    if begin:
        event.listen(engine, "begin", begun)
