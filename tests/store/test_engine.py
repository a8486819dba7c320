"""Which driver an address gets, and how it is told what people write."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from store import engine
from store.engine import driver_url, open_database
from tests.store.raw_rows import A_WEEK
from tests.support.databases import ON_POSTGRESQL, run_sql


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("sqlite:///var/learnweek.db", "sqlite+aiosqlite:///var/learnweek.db"),
        ("sqlite+aiosqlite:////data/x.db", "sqlite+aiosqlite:////data/x.db"),
        ("postgresql://lw:pw@db/lw", "postgresql+asyncpg://lw:pw@db/lw"),
        ("postgres://lw@db:5433/lw", "postgresql+asyncpg://lw@db:5433/lw"),
        ("postgresql+psycopg://lw@db/lw", "postgresql+asyncpg://lw@db/lw"),
        (
            "postgresql://lw@db/lw?sslmode=require",
            "postgresql+asyncpg://lw@db/lw?ssl=require",
        ),
    ],
)
def test_an_address_gets_our_driver(address: str, url: str):
    assert driver_url(address).render_as_string(hide_password=False) == url


def test_another_database_is_refused_by_name():
    with pytest.raises(ValueError, match="mysql is neither sqlite nor postgresql"):
        driver_url("mysql://lw@db/lw")


@ON_POSTGRESQL
async def test_a_replica_that_sleeps_in_a_transaction_loses_it_and_keeps_nobody_waiting(
    database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine, "ASLEEP", "300ms")
    asleep, awake = open_database(database_url), open_database(database_url)
    await run_sql(awake, *A_WEEK)
    change = sa.text("UPDATE sessions SET title = :title WHERE id = 1")

    async with asleep.write() as held:
        await held.execute(change, {"title": "asleep"})
        async with asyncio.timeout(20), awake.write() as db:
            await db.execute(change, {"title": "awake"})
            await db.commit()
        with pytest.raises(exc.DBAPIError):
            await held.commit()

    async with awake.reading.connect() as db:
        assert (await db.execute(sa.text("SELECT title FROM sessions"))).scalar_one() == "awake"
    await asleep.close()
    await awake.close()
