"""Bringing a database to this version's tables, and telling whether it is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.engine import Database


async def upgrade(database: Database, revision: str = "head") -> None:
    await _run(database, lambda config: command.upgrade(config, revision))


async def downgrade(database: Database, revision: str) -> None:
    await _run(database, lambda config: command.downgrade(config, revision))


async def is_current(database: Database) -> bool:
    """Whether the tables are exactly those that this version was written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    async with database.reading.connect() as db:
        return head == await db.run_sync(
            lambda c: MigrationContext.configure(c).get_current_revision()
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


async def _run(database: Database, step: Callable[[Config], None]) -> None:
    def within(connection: sa.Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        step(config)

    async with database.turn(), database.writing.begin() as db:
        await db.run_sync(within)
