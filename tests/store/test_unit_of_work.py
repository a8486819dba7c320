"""One transaction: all of it at commit or nothing, one after the other, and the sender is woken."""

import asyncio
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn, cast

import pytest
from sqlalchemy.exc import DBAPIError

from learning.notices import Kind
from learning.people import Person, PersonId
from learning.sessions import SessionId
from store.engine import Database
from store.unit_of_work import SqlWork
from tests.support.builders import details, meet, notice, publish, queue
from tests.support.clocks import MONDAY
from tests.support.databases import ON_SQLITE

SOON = 0.2
"""Long enough to see that something waits."""

PATIENCE = 10
"""Too long for anything that does not."""


async def names_of(work: SqlWork) -> list[str]:
    async with work(read_only=True) as uow:
        return [edition.name for edition in await uow.editions.all()]


async def test_what_is_committed_stays(work: SqlWork):
    async with work() as uow:
        await uow.editions.add("Spring")
        await uow.commit()

    assert await names_of(work) == ["Spring"]


async def test_what_is_not_committed_never_was(work: SqlWork):
    async with work() as uow:
        await uow.editions.add("Spring")
        await uow.outbox.add([notice("k")])

    async with work(read_only=True) as uow:
        assert (await uow.editions.all(), await uow.outbox.recent(9)) == ([], [])


async def test_an_error_takes_everything_back(work: SqlWork):
    with pytest.raises(LookupError):  # noqa: PT012 -- it is the way out that is tested
        async with work() as uow:
            await uow.editions.add("Spring")
            raise LookupError

    assert await names_of(work) == []


async def test_nobody_sees_what_is_not_committed_yet(work: SqlWork):
    async with work() as uow:
        await uow.editions.add("Spring")
        before = await names_of(work)
        await uow.commit()

    assert (before, await names_of(work)) == ([], ["Spring"])


async def test_reading_never_waits_for_a_writer(work: SqlWork):
    [session] = await publish(work, details())
    async with work() as uow:
        locked = await uow.sessions.get(session.id, lock=True)
        await uow.sessions.save(replace(locked, taken=1))

        async with asyncio.timeout(PATIENCE), work(read_only=True) as reading:
            assert await reading.sessions.get(session.id) == session


async def test_reading_sees_one_moment_however_much_is_written_meanwhile(work: SqlWork):
    async with work(read_only=True) as uow:
        before = await uow.sessions.all()
        await publish(work, details())

        assert await uow.sessions.all() == before

    async with work(read_only=True) as uow:
        assert len(await uow.sessions.all()) == 1


async def test_reading_cannot_be_committed(work: SqlWork):
    async with work(read_only=True) as uow:
        with pytest.raises(AssertionError):
            await uow.commit()


async def test_reading_cannot_write(work: SqlWork):
    with pytest.raises(DBAPIError):
        async with work(read_only=True) as uow:
            await uow.editions.add("Spring")


async def test_a_locked_session_is_waited_for_and_then_seen_as_it_became(work: SqlWork):
    [session] = await publish(work, details())

    async def take_a_place() -> None:
        async with work() as uow:
            locked = await uow.sessions.get(session.id, lock=True)
            await uow.sessions.save_counts(replace(locked, taken=locked.taken + 1))
            await uow.commit()

    async with work() as uow:
        held = await uow.sessions.get(session.id, lock=True)
        waiting = asyncio.create_task(take_a_place())
        await asyncio.wait([waiting], timeout=SOON)
        assert not waiting.done()
        await uow.sessions.save_counts(replace(held, taken=7))
        await uow.commit()
    await waiting

    async with work(read_only=True) as uow:
        assert (await uow.sessions.get(session.id)).taken == 8


async def test_a_locked_edition_holds_each_of_its_sessions(work: SqlWork):
    _, last = await publish(work, details("A"), details("B"))

    async def lock_one() -> None:
        async with work() as uow:
            await uow.sessions.get(last.id, lock=True)

    async with work() as uow:
        await uow.sessions.of_edition(last.edition_id, lock=True)
        waiting = asyncio.create_task(lock_one())
        await asyncio.wait([waiting], timeout=SOON)
        assert not waiting.done()
    await waiting


async def test_of_many_changes_to_one_person_none_is_lost(work: SqlWork):
    await meet(work, Person(id=PersonId("asha")))

    async def add(letter: str) -> None:
        async with work() as uow:
            known = await uow.people.find(PersonId("asha"), lock=True)
            assert known is not None
            await uow.people.save(replace(known, name=known.name + letter))
            await uow.commit()

    await asyncio.gather(*(add(letter) for letter in "learning"))

    async with work(read_only=True) as uow:
        asha = await uow.people.find(PersonId("asha"))
    assert asha is not None
    assert sorted(asha.name) == sorted("learning")


async def test_the_first_two_to_change_the_programme_are_both_counted(work: SqlWork):
    async with work() as uow:
        spring, autumn = [await uow.editions.add(name) for name in ("Spring", "Autumn")]
        await uow.commit()

    async def add(edition) -> None:
        async with work() as uow:
            await uow.sessions.add(edition.id, [details()])
            await asyncio.sleep(0.05)
            await uow.commit()

    await asyncio.gather(add(spring), add(autumn))

    async with work(read_only=True) as uow:
        assert await uow.sessions.version() == 2


class Sender:
    """Counts how often it is woken."""

    def __init__(self, work: SqlWork) -> None:
        self.woken = 0
        work.wake = self.wake

    def wake(self, due: datetime) -> None:
        self.woken += 1


async def test_a_commit_that_queued_something_wakes_the_sender_once(work: SqlWork):
    sender = Sender(work)
    async with work() as uow:
        await uow.outbox.add([notice("a")])
        await uow.outbox.add([notice("b"), notice("c")])
        assert sender.woken == 0
        await uow.commit()

    assert sender.woken == 1


@ON_SQLITE
async def test_when_the_sender_is_woken_the_notice_is_there(work: SqlWork, database: Database):
    path = database.writing.url.database
    assert path is not None
    seen: list[int] = []

    def look(due: datetime) -> None:
        with closing(sqlite3.connect(path)) as db:
            seen.extend(db.execute("SELECT count(*) FROM outbox").fetchone())

    work.wake = look
    await queue(work, notice("a"))

    assert seen == [1]


async def test_a_sender_that_comes_late_is_woken_all_the_same(work: SqlWork):
    async with work() as uow:
        sender = Sender(work)
        await uow.outbox.add([notice("a")])
        await uow.commit()

    assert sender.woken == 1


async def test_nothing_queued_wakes_nobody(work: SqlWork):
    await queue(work, notice("said before"))
    sender = Sender(work)

    async with work() as uow:
        await uow.outbox.add([notice("not committed")])
    async with work() as uow:
        await uow.editions.add("Spring")
        await uow.outbox.add([])
        await uow.outbox.add([notice("said before")])
        await uow.outbox.withdraw(Kind.PLACE_GIVEN, SessionId(1))
        await uow.outbox.hurry(Kind.PLACE_GIVEN, MONDAY)
        await uow.commit()

    assert sender.woken == 0


class Gone:
    """A database file that cannot be opened."""

    def connect(self) -> NoReturn:
        raise ConnectionError


@ON_SQLITE
async def test_a_database_that_cannot_be_opened_is_asked_again_by_the_next(database: Database):
    work = SqlWork(replace(database, writing=cast(Any, Gone())))

    for _ in range(2):
        with pytest.raises(ConnectionError):
            async with asyncio.timeout(PATIENCE), work():
                pass


@ON_SQLITE
async def test_giving_up_waiting_for_ones_turn_does_not_stop_the_next(work: SqlWork):
    async def add(name: str) -> None:
        async with work() as uow:
            await uow.editions.add(name)
            await uow.commit()

    async with work():
        impatient, patient = asyncio.create_task(add("Spring")), asyncio.create_task(add("Autumn"))
        await asyncio.wait([impatient, patient], timeout=0.05)
        impatient.cancel()
        with suppress(asyncio.CancelledError):
            await impatient
    await patient

    assert await names_of(work) == ["Autumn"]
