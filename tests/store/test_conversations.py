"""What dialogs remember: of two turns at once the first to save wins, and nobody is kept for ever."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from learning.people import PersonId
from store.conversations import KEPT, SqlConversationStore
from store.engine import Database
from store.unit_of_work import SqlWork
from tests.support.clocks import FixedClock
from tests.support.databases import ON_SQLITE

ASHA, BO = PersonId("asha"), PersonId("bo")
DATA: dict[str, Any] = {
    "dialogs": [{"id": "book", "state": {"ŷ": [1, 2.5, None, True, "学習 \U0001f600"]}}],
    "shown": {},
    "odd": "\u0000 \ud800 «»",
}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def store(database: Database, clock: FixedClock) -> SqlConversationStore:
    return SqlConversationStore(database, clock)


async def load(work: SqlWork, person_id: PersonId) -> tuple[dict[str, Any] | None, int]:
    async with work(read_only=True) as uow:
        memory = (await uow.people.begin(person_id)).memory
    return memory.data, memory.etag


async def test_nothing_is_remembered_of_a_stranger(store: SqlConversationStore, work: SqlWork):
    assert await load(work, ASHA) == (None, 0)


async def test_what_is_saved_comes_back_with_its_version(
    store: SqlConversationStore, work: SqlWork
):
    assert await store.save(ASHA, DATA, 0)

    assert await load(work, ASHA) == (DATA, 1)
    assert await load(work, BO) == (None, 0)


async def test_what_is_saved_over_the_version_that_was_read_replaces_it(
    store: SqlConversationStore, work: SqlWork
):
    await store.save(ASHA, DATA, 0)

    assert await store.save(ASHA, {"shown": {}}, 1)
    assert await load(work, ASHA) == ({"shown": {}}, 2)


@pytest.mark.parametrize("etag", [0, 1, 3])
async def test_what_is_saved_over_another_version_is_refused(
    store: SqlConversationStore, etag: int, work: SqlWork
):
    await store.save(ASHA, DATA, 0)
    await store.save(ASHA, DATA, 1)

    assert not await store.save(ASHA, {"late": True}, etag)
    assert await load(work, ASHA) == (DATA, 2)


@pytest.mark.parametrize("etag", [0, 1])
async def test_of_many_turns_at_once_one_wins(
    store: SqlConversationStore, etag: int, work: SqlWork
):
    if etag:
        await store.save(ASHA, DATA, 0)

    won = await asyncio.gather(*(store.save(ASHA, {"turn": n}, etag) for n in range(8)))

    assert sorted(won) == [False] * 7 + [True]
    assert await load(work, ASHA) == ({"turn": won.index(True)}, etag + 1)


async def test_what_was_forgotten_meanwhile_does_not_come_back(
    store: SqlConversationStore, work: SqlWork
):
    await store.save(ASHA, DATA, 0)
    await store.save(BO, DATA, 0)
    async with work() as uow:
        await uow.conversations.forget(ASHA)
        await uow.commit()

    assert not await store.save(ASHA, DATA, 1)
    assert [await load(work, p) for p in (ASHA, BO)] == [(None, 0), (DATA, 1)]


async def test_what_nobody_touched_for_a_month_is_forgotten(
    store: SqlConversationStore, clock: FixedClock, work: SqlWork
):
    await store.save(ASHA, DATA, 0)
    await store.save(BO, DATA, 0)
    clock.advance(KEPT)
    await store.save(BO, DATA, 1)
    clock.advance(timedelta(seconds=1))

    assert await store.forget_old() == 1
    assert [await load(work, p) for p in (ASHA, BO)] == [(None, 0), (DATA, 2)]


@ON_SQLITE
async def test_while_another_process_holds_the_database_nothing_is_stored_and_nobody_waits(
    store: SqlConversationStore, database: Database, work: SqlWork
):
    path = database.writing.url.database
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        stored = await store.save(ASHA, DATA, 0)

    assert not stored
    assert await load(work, ASHA) == (None, 0)
    assert await store.save(ASHA, DATA, 0)
