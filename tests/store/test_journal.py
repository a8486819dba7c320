"""That who changed what is kept, newest first, and names nobody who asked to be forgotten."""

from dataclasses import replace
from datetime import timedelta

from learning.people import PersonId
from learning.sessions import SessionId
from services.ports.journal import Entry, What
from store.unit_of_work import SqlWork
from tests.support.clocks import MONDAY

ORLA, ASHA, NOBODY = PersonId("orla"), PersonId("asha"), PersonId("forgotten:1")
MOVED = Entry(
    at=MONDAY,
    by_id=ORLA,
    what=What.SESSION_CHANGED,
    subject="GM1 Growth mindset",
    session_id=SessionId(1),
    before={"starts": "2026-05-18T10:00"},
    after={"starts": "2026-05-18T11:00"},
)
ADDED = Entry(
    at=MONDAY + timedelta(minutes=1),
    by_id=ORLA,
    what=What.PERSON_ADDED,
    subject="MC1 Mentoring or coaching",
    session_id=SessionId(2),
    person_id=ASHA,
)


async def note(work: SqlWork, *entries: Entry) -> None:
    async with work() as uow:
        for entry in entries:
            await uow.journal.note(entry)
        await uow.commit()


async def test_the_newest_change_comes_first(work: SqlWork):
    await note(work, MOVED, ADDED)

    async with work(read_only=True) as uow:
        assert await uow.journal.latest(10) == [ADDED, MOVED]
        assert await uow.journal.latest(1) == [ADDED]
        assert await uow.journal.latest(1, skip=1) == [MOVED]
        assert await uow.journal.latest(10, session_id=SessionId(1)) == [MOVED]


async def test_who_is_forgotten_has_no_name_in_it(work: SqlWork):
    await note(work, MOVED, ADDED)

    async with work() as uow:
        await uow.journal.forget(ASHA, NOBODY)
        await uow.journal.forget(ORLA, NOBODY)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.journal.latest(10) == [
            replace(ADDED, by_id=NOBODY, person_id=NOBODY),
            replace(MOVED, by_id=NOBODY),
        ]
