"""Bringing a database to this version's tables, and telling whether this version may run on it.

Two versions share a database while replicas are replaced: the newer one's migrations only add, and
what they leave behind goes when nobody needs it any more (ADR 12). Alembic takes a third of a second
to import, so it is loaded only where tables change.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.errors import LearningError
from store.engine import Database
from store.tables import versions

ONE_AT_A_TIME = 6_508_190
"""The lock that keeps two replicas from migrating one database at once; any number would do."""

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0010"
"""The newest revision: what this version was written for. Revisions are counted."""

OLDEST = "oldest_revision"
"""Where `versions` has the oldest revision whose code still runs on the tables; no row: any does.

Written after a migration that says `oldest = "0007"`; one that does not say so only expands.
"""


async def upgrade(database: Database, revision: str = HEAD) -> None:
    """Bring the tables to a revision; where they are there or further, nothing is done or locked."""
    if _count(await revision_of(database)) >= _count(revision):
        return
    from alembic import command

    def step(config: Config) -> None:
        # Whoever had the lock before us may have been of a newer version.
        if _count(_revision(config.attributes["connection"])) < _count(revision):
            command.upgrade(config, revision)

    await _run(database, step)


async def downgrade(database: Database, revision: str) -> None:
    from alembic import command

    await _run(database, lambda config: command.downgrade(config, revision))


async def hindrance(database: Database) -> str:
    """Why this version may not run on the database, said of it and with what to do; '' where it may."""
    revision = await revision_of(database)
    if _count(revision) < _count(HEAD):
        return "is older than this version. Run: python app.py migrate"
    if revision == HEAD:
        return ""
    async with _opened(database) as db:
        known = sa.select(versions.c.value).where(versions.c.name == OLDEST)
        oldest = (await db.execute(known)).scalar_one_or_none() or 0
    if oldest <= _count(HEAD):
        return ""
    return (
        f"is at revision {revision}, for versions from {oldest:04} on; this one is {HEAD}."
        " Run the newer version."
    )


async def revision_of(database: Database) -> str:
    """The revision that the tables are at; '' for an empty database.

    Raises LearningError, with what to do, where the database cannot be opened at all.
    """
    async with _opened(database) as db:
        return await db.run_sync(_revision)


@contextlib.asynccontextmanager
async def _opened(database: Database) -> AsyncGenerator[AsyncConnection]:
    try:
        async with database.reading.connect() as db:
            yield db
    except (OSError, exc.SQLAlchemyError, asyncpg.PostgresError) as error:
        reason = type(getattr(error, "orig", None) or error).__name__
        message = f"The database cannot be opened ({reason}). Check DATABASE_URL."
        raise LearningError(message) from error


def _revision(connection: sa.Connection) -> str:
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
    return str(found.scalar_one_or_none() or "")


def _count(revision: str) -> int:
    """Raises LearningError for a revision that is not one of ours."""
    if revision and not revision.isdecimal():
        raise LearningError("The database belongs to another program. Check DATABASE_URL.")
    return int(revision or 0)


def alembic_config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


async def _run(database: Database, step: Callable[[Config], None]) -> None:
    def within(connection: sa.Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        if connection.dialect.name == "postgresql":  # SQLite takes its lock on beginning
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        step(config)

    async with database.turn(), database.writing.begin() as db:
        await db.run_sync(within)
