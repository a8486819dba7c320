"""The tables that migrations make are those that the code knows, and they can be taken back."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy.util import await_only

from store import migrate
from store.course_tables import metadata
from store.engine import Database
from tests.store.raw_rows import EVERY_TABLE, ROWS
from tests.support.databases import run_sql


@pytest.fixture
async def empty(database: Database) -> Database:
    """A database without any table."""
    await migrate.downgrade(database, "base")
    await run_sql(database, "DROP TABLE alembic_version")
    return database


async def test_tables_can_be_taken_back_and_made_again_with_data_in_them(database: Database):
    await run_sql(database, *EVERY_TABLE)

    await migrate.downgrade(database, "base")

    assert await tables_of(database) == {"alembic_version"}
    await migrate.upgrade(database)
    assert await tables_of(database) == {*ROWS, "alembic_version"}


async def test_bringing_a_database_up_to_date_twice_leaves_its_data_alone(database: Database):
    await run_sql(database, *EVERY_TABLE)

    await migrate.upgrade(database)

    async with database.reading.connect() as db:
        for table in ROWS:
            counted = sa.select(sa.func.count()).select_from(sa.table(table))
            assert (await db.execute(counted)).scalar_one() == 1, table


async def test_two_processes_may_bring_one_database_up_to_date_at_once(
    empty: Database, another: Database
):
    made, commit = asyncio.Event(), asyncio.Event()

    def slowly(config: Config) -> None:
        command.upgrade(config, "head")
        made.set()
        await_only(commit.wait())

    first = asyncio.create_task(migrate._run(empty, slowly))
    await made.wait()
    second = asyncio.create_task(migrate.upgrade(another))
    await asyncio.sleep(0.1)
    commit.set()
    await asyncio.gather(first, second)

    assert await migrate.hindrance(empty) == ""


async def test_this_version_runs_on_its_own_tables_and_says_what_to_do_about_older_ones(
    empty: Database,
):
    before = await migrate.hindrance(empty)
    await migrate.upgrade(empty)
    after = await migrate.hindrance(empty)
    await migrate.downgrade(empty, "base")

    older = "is older than this version. Run: python app.py migrate"
    assert (before, after, await migrate.hindrance(empty)) == (older, "", older)


async def test_alembic_finds_nothing_left_to_migrate(database: Database):
    def differences(connection: sa.Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    async with database.reading.connect() as db:
        assert await db.run_sync(differences) == []


async def test_migrations_make_exactly_what_the_tables_say(database: Database):
    """Alembic's own comparison overlooks CHECK constraints and the conditions of indexes."""
    async with database.reading.connect() as db:
        migrated = await db.run_sync(described)
    await migrate.downgrade(database, "base")

    async with database.writing.begin() as db:
        await db.run_sync(metadata.create_all)
        written = await db.run_sync(described)

    assert migrated == written
    assert set(migrated) == set(ROWS)


async def tables_of(database: Database) -> set[str]:
    async with database.reading.connect() as db:
        return set(await db.run_sync(lambda c: sa.inspect(c).get_table_names()))


def described(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """All that the database itself says of its tables."""
    inspector = sa.inspect(connection)
    return {
        table: {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], c["default"])
                for c in inspector.get_columns(table)
            ],
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": by_name(inspector.get_foreign_keys(table)),
            "unique": by_name(inspector.get_unique_constraints(table)),
            "checks": by_name(inspector.get_check_constraints(table)),
            "indexes": by_name(map(spelt_out, inspector.get_indexes(table))),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def spelt_out(index: Any) -> dict[str, Any]:
    """An index whose condition is text, to be compared."""
    options = index.get("dialect_options", {})
    return {**index, "dialect_options": {name: str(value) for name, value in options.items()}}


def by_name(found: Any) -> list[Any]:
    return sorted(found, key=lambda each: each["name"])
