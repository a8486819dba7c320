"""A database that a newer version has migrated: which older ones go on with it, and what others say."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.util import await_only

from learning.errors import LearningError
from store import migrate
from store.engine import Database
from store.unit_of_work import SqlWork
from tests.support.builders import notice, queue
from tests.support.clocks import MONDAY
from tests.support.databases import run_sql
from tests.support.deliveries import a_queue, claim
from tests.support.versions import EXPANDS, NARROWS, LaterVersion, after


@pytest.fixture
def later(tmp_path: Path) -> LaterVersion:
    return LaterVersion(tmp_path / "later")


async def test_this_version_goes_on_with_a_database_that_was_only_expanded(
    database: Database, later: LaterVersion
):
    later.add(EXPANDS)
    await later.migrate(database)

    await migrate.upgrade(database)

    assert await migrate.hindrance(database) == ""
    assert await migrate.revision_of(database) == later.head


async def test_this_version_says_no_to_a_database_that_was_contracted_and_leaves_it_alone(
    database: Database, later: LaterVersion
):
    needed = later.add(EXPANDS)
    later.add(NARROWS, oldest=needed)
    await later.migrate(database)

    await migrate.upgrade(database)

    assert await migrate.hindrance(database) == (
        f"is at revision {later.head}, for versions from {needed} on; this one is {migrate.HEAD}."
        " Run the newer version."
    )
    assert await migrate.revision_of(database) == later.head


async def test_a_contraction_that_carries_this_version_is_no_hindrance(
    database: Database, later: LaterVersion
):
    later.add(NARROWS, oldest=migrate.HEAD)

    await later.migrate(database)

    assert await migrate.hindrance(database) == ""


async def test_what_was_contracted_stays_so_when_more_is_added(
    database: Database, later: LaterVersion
):
    later.add(NARROWS, oldest=after(migrate.HEAD))
    later.add(EXPANDS)

    await later.migrate(database)

    assert "Run the newer version." in await migrate.hindrance(database)


async def test_a_contraction_taken_back_lets_this_version_go_on(
    database: Database, later: LaterVersion
):
    expanded = later.add(EXPANDS)
    later.add(NARROWS, oldest=expanded)
    await later.migrate(database)
    contracted = await migrate.hindrance(database)

    await later.take_back(database, expanded)
    taken_back = await migrate.hindrance(database)

    assert "Run the newer version." in contracted
    assert taken_back == ""


async def test_two_versions_may_migrate_one_database_at_once(
    database: Database, another: Database, later: LaterVersion
):
    await migrate.downgrade(database, "base")
    later.add(EXPANDS)
    made, commit = asyncio.Event(), asyncio.Event()

    def slowly(config: Config) -> None:
        later.to_head(config)
        made.set()
        await_only(commit.wait())

    first = asyncio.create_task(migrate._run(database, slowly))
    await made.wait()
    second = asyncio.create_task(migrate.upgrade(another))
    await asyncio.sleep(0.1)
    commit.set()
    await asyncio.gather(first, second)

    assert await migrate.revision_of(database) == later.head
    assert await migrate.hindrance(database) == ""


async def test_the_database_of_another_program_is_not_touched(database: Database):
    await run_sql(database, "UPDATE alembic_version SET version_num = '3f8a2c'")

    with pytest.raises(LearningError, match="belongs to another program"):
        await migrate.upgrade(database)

    assert await migrate.revision_of(database) == "3f8a2c"


# --- a newer replica beside this one ------------------------------------------------------------


async def test_notices_of_a_kind_that_only_a_newer_version_knows_are_left_to_it(
    database: Database, work: SqlWork
):
    await queue(work, notice("unknown"), notice("known", due_at=MONDAY + timedelta(seconds=1)))
    await run_sql(database, "UPDATE outbox SET kind = 'of_a_newer_version' WHERE key = 'unknown'")
    sender = a_queue(database)

    due = await sender.next_due()
    claimed = await claim(sender, MONDAY + timedelta(seconds=1), 9)

    assert due == MONDAY + timedelta(seconds=1)
    assert [delivery.notice.key for delivery in claimed] == ["known"]


# --- what a migration says of itself is so ------------------------------------------------------


def scripts() -> list[Any]:
    """Every migration after the first, in their order."""
    found = list(ScriptDirectory.from_config(migrate.alembic_config()).walk_revisions())
    return [script for script in reversed(found) if script.down_revision]


def test_revisions_are_counted_and_the_last_is_the_head():
    numbers = ["0001", *(script.revision for script in scripts())]

    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert numbers[-1] == migrate.HEAD


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.revision)
async def test_a_migration_that_does_not_say_that_it_contracts_only_expands(
    database: Database, script: Any
):
    """What the version before reads is still there, and what it writes is still taken."""
    if getattr(script.module, "oldest", ""):
        assert int(script.module.oldest) <= int(script.revision)
        return
    await migrate.downgrade(database, script.down_revision)
    async with database.reading.connect() as db:
        before = await db.run_sync(promises)

    await migrate.upgrade(database, script.revision)
    async with database.reading.connect() as db:
        after = await db.run_sync(promises)

    for table, old in before.items():
        new = after[table]
        assert old["columns"].items() <= new["columns"].items(), table
        added = {new["columns"][name] for name in new["columns"].keys() - old["columns"].keys()}
        assert all(nullable or default for _, nullable, default in added), table
        assert new["rules"] == old["rules"], table


def promises(connection: sa.Connection) -> dict[str, Any]:
    """Of each table: its columns, and all that a row must be to be taken."""
    inspector = sa.inspect(connection)
    return {
        table: {
            "columns": {
                c["name"]: (str(c["type"]), c["nullable"], c["default"] is not None)
                for c in inspector.get_columns(table)
            },
            "rules": [
                sorted(str(sorted(rule.items(), key=str)) for rule in found)
                for found in (
                    inspector.get_foreign_keys(table),
                    inspector.get_unique_constraints(table),
                    inspector.get_check_constraints(table),
                    [
                        {"name": index["name"], "columns": index["column_names"]}
                        for index in inspector.get_indexes(table)
                        if index["unique"]
                    ],
                )
            ],
        }
        for table in inspector.get_table_names()
    }
