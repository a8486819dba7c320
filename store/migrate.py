"""Bringing a database to this version's tables, and telling whether it is there.

Alembic takes a third of a second to import, so it is loaded only where tables change.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import sqlalchemy as sa
from sqlalchemy import exc

from learning.errors import LearningError
from store.engine import Database

ONE_AT_A_TIME = 6_508_190
"""The lock that keeps two replicas from migrating one database at once; any number would do."""

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
"""The newest revision: what this version was written for."""


async def upgrade(database: Database, revision: str = HEAD) -> None:
    """Bring the tables to a revision; where they are there already, nothing is loaded or locked."""
    if await revision_of(database) == revision:
        return
    from alembic import command

    await _run(database, lambda config: command.upgrade(config, revision))


async def downgrade(database: Database, revision: str) -> None:
    from alembic import command

    await _run(database, lambda config: command.downgrade(config, revision))


async def is_current(database: Database) -> bool:
    """Whether the tables are exactly those that this version was written for."""
    return await revision_of(database) == HEAD


async def revision_of(database: Database) -> str:
    """The revision that the tables are at; '' for an empty database.

    Raises LearningError, with what to do, where the database cannot be opened at all.
    """
    try:
        async with database.reading.connect() as db:
            if not await db.run_sync(lambda c: sa.inspect(c).has_table("alembic_version")):
                return ""
            found = await db.execute(sa.text("SELECT version_num FROM alembic_version"))
            return str(found.scalar_one_or_none() or "")
    except (OSError, exc.SQLAlchemyError, asyncpg.PostgresError) as error:
        reason = type(getattr(error, "orig", None) or error).__name__
        message = f"The database cannot be opened ({reason}). Check DATABASE_URL."
        raise LearningError(message) from error


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
