"""A secret has versions, and one replica at a time renews it."""

from datetime import timedelta

import sqlalchemy as sa

from services.ports.engage import Secret
from store.engine import Database
from store.secrets import SqlSecrets
from store.tables import secrets
from tests.support.clocks import MONDAY

NAME = "viva engage"


async def test_what_is_kept_is_found_by_every_replica(database: Database, another: Database):
    assert await SqlSecrets(database).find(NAME) is None
    await SqlSecrets(database).keep(NAME, "sealed", "learning@example.org")

    assert await SqlSecrets(another).find(NAME) == Secret(
        sealed="sealed", version=1, account="learning@example.org"
    )


async def test_a_newer_one_is_not_written_over_by_somebody_who_has_not_seen_it(database: Database):
    store = SqlSecrets(database)
    await store.keep(NAME, "first", "a")

    assert await store.replace(NAME, "second", 1)
    assert not await store.replace(NAME, "late", 1)

    assert await store.find(NAME) == Secret(sealed="second", version=2, account="a")


async def test_one_replica_at_a_time_renews_and_only_what_is_newest(
    database: Database, another: Database
):
    here, there = SqlSecrets(database), SqlSecrets(another)
    await here.keep(NAME, "first", "a")

    assert await here.lease(NAME, "here", 1)
    assert not await there.lease(NAME, "there", 1)
    await there.release(NAME, "there")
    assert not await there.lease(NAME, "there", 1), "only who holds it gives it back"
    await here.release(NAME, "here")
    assert not await there.lease(NAME, "there", 2)
    assert await there.lease(NAME, "there", 1)
    assert await there.replace(NAME, "second", 1)
    assert await here.lease(NAME, "here", 2), "storing ends the lease"


async def test_what_a_dead_replica_held_is_free_after_a_while(
    database: Database, another: Database
):
    await SqlSecrets(database).keep(NAME, "first", "a")
    await SqlSecrets(database).lease(NAME, "dead", 1)
    async with database.writing.begin() as db:
        await db.execute(sa.update(secrets).values(leased_until=secrets.c.leased_until - 41))

    assert await SqlSecrets(another).lease(NAME, "alive", 1)


async def test_that_sign_in_is_needed_is_remembered_since_the_first_time(database: Database):
    store = SqlSecrets(database)
    await store.keep(NAME, "first", "a")

    await store.need(NAME, 1, MONDAY)
    await store.need(NAME, 1, MONDAY + timedelta(hours=1))
    await store.need(NAME, 2, MONDAY + timedelta(hours=2))

    found = await store.find(NAME)
    assert found is not None
    assert found.needed_since == MONDAY
    await store.keep(NAME, "second", "b")
    assert await store.find(NAME) == Secret(sealed="second", version=2, account="b")


async def test_it_may_be_needed_before_anybody_ever_signed_in(database: Database):
    await SqlSecrets(database).need(NAME, 0, MONDAY)

    assert await SqlSecrets(database).find(NAME) == Secret(
        sealed="", version=0, needed_since=MONDAY
    )


async def test_somebody_slow_who_renewed_after_all_ends_the_need(database: Database):
    store = SqlSecrets(database)
    await store.keep(NAME, "first", "a")
    await store.need(NAME, 1, MONDAY)

    assert await store.replace(NAME, "second", 1)

    assert await store.find(NAME) == Secret(sealed="second", version=2, account="a")
