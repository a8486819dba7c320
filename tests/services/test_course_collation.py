"""Answers put together for those who lead: when, of whom, and so that nobody is told from the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from integrations.seals import KeyedSeals
from learning.courses.collating import Collation
from learning.courses.enrolments import Running
from learning.notices import Kind
from learning.people import PersonId
from learning.sessions import Session
from services.course_collation import CourseCollation
from services.course_paths import CoursePaths
from store.tables import metadata
from tests.services.desk import LONDON, RULES, Desk
from tests.support.builders import WEDNESDAY
from tests.support.clocks import MONDAY
from tests.support.course_answers import BEFORE, answer, before
from tests.support.courses import enrol, start, the_course
from tests.support.databases import ON_SQLITE

WEEK, DAY, MINUTE = timedelta(weeks=1), timedelta(days=1), timedelta(minutes=1)
FIRST, SECOND = WEDNESDAY + 4 * WEEK, WEDNESDAY + 5 * WEEK
CLOSED = FIRST - DAY
"""It closes two days before, at the end of the day."""

FAY = PersonId("fay")
SEALS = KeyedSeals("for tests only")
NAMES = [f"p{n:02}" for n in range(9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    desk: Desk
    service: CourseCollation
    running: Running
    sessions: Sequence[Session]

    async def book(self, session: int, *names: str) -> None:
        await self.desk.meet(*names)
        await enrol(self.desk.work, self.running, [PersonId(n) for n in names], MONDAY)
        for name in names:
            await self.desk.bookings.book(PersonId(name), self.sessions[session].id)

    async def say(self, name: str, hope: str = "", *, done: bool = True, **more: Any) -> None:
        await answer(
            self.desk.work,
            SEALS,
            self.running,
            PersonId(name),
            BEFORE,
            before(hope or f"hope of {name}", **more),
            self.desk.clock.now(),
            done=done,
        )

    async def shown(self, session: int = 0) -> Collation:
        """After the clock's next look."""
        await self.service.show()
        [found] = await self.service.of_session(self.sessions[session].id)
        return found

    async def hopes(self, session: int = 0) -> set[str]:
        found = await self.shown(session)
        return {t for q in found.figures if q.question.id == "hope" for t in q.texts}


def service_of(desk: Desk) -> CourseCollation:
    paths = CoursePaths(desk.work, zone=LONDON)
    return CourseCollation(desk.work, desk.clock, paths, SEALS, quiet=RULES.quiet, zone=LONDON)


@pytest.fixture
async def asked(desk: Desk) -> Asked:
    running = await start(desk.work, the_course(FIRST, SECOND), MONDAY)
    async with desk.work(read_only=True) as uow:
        sessions = sorted(await uow.sessions.all(), key=lambda s: s.code)
    return Asked(desk=desk, service=service_of(desk), running=running, sessions=sessions)


async def test_all_answers_are_shown_at_once_when_it_has_closed(asked: Asked):
    await asked.book(0, *NAMES[:7])
    for number, name in enumerate(NAMES[:6]):
        await asked.say(name, sure=1 + number % 5)
    await asked.say(NAMES[6], done=False)

    asked.desk.clock.set(CLOSED - 2 * DAY)
    early = await asked.shown()
    asked.desk.clock.set(CLOSED)
    found = await asked.shown()

    assert (early.figures, early.handed_in, early.asked) == ((), 6, 7)
    assert found.answers == 6
    assert await asked.hopes() == {f"hope of {n}" for n in NAMES[:6]}
    [sure] = [q for q in found.figures if q.question.id == "how-sure"]
    assert [line.count for line in sure.lines] == [2, 1, 1, 1, 1]


async def test_of_four_nothing_is_ever_shown(asked: Asked):
    await asked.book(0, *NAMES[:4])
    for name in NAMES[:4]:
        await asked.say(name)
    asked.desk.clock.set(FIRST + DAY)

    found = await asked.shown()

    assert (found.figures, found.is_closed) == ((), True)


async def test_one_more_answer_changes_nothing_and_five_more_do(asked: Asked):
    """As when an organiser gives the questionnaire a later closing day."""
    await asked.book(0, *NAMES[:9])
    for name in NAMES[:5]:
        await asked.say(name)
    asked.desk.clock.set(CLOSED)
    first = await asked.hopes()

    for name in NAMES[5:9]:
        await asked.say(name)
        assert await asked.hopes() == first
    await asked.say(NAMES[0], "another hope")

    assert await asked.hopes() == {"another hope", *(f"hope of {n}" for n in NAMES[1:9])}


async def test_who_changes_to_the_other_date_is_in_one_copy_only(asked: Asked):
    await asked.book(0, *NAMES[:6])
    for name in NAMES[:6]:
        await asked.say(name)
    asked.desk.clock.set(CLOSED)
    await asked.shown()
    await asked.desk.bookings.cancel(PersonId(NAMES[0]), asked.sessions[0].id)
    await asked.book(1, NAMES[0], "q1", "q2", "q3", "q4", "q5")
    for name in ("q1", "q2", "q3", "q4"):
        await asked.say(name)
    asked.desk.clock.set(CLOSED + WEEK)
    of_four = await asked.hopes(1)
    await asked.say("q5")

    assert of_four == set()
    assert await asked.hopes(1) == {f"hope of q{n}" for n in range(1, 6)}
    assert f"hope of {NAMES[0]}" in await asked.hopes(0)


async def test_those_who_lead_are_told_once_and_nobody_else(asked: Asked):
    await asked.desk.meet("fay")
    await asked.book(0, *NAMES[:5])
    for name in NAMES[:5]:
        await asked.say(name)
    await asked.desk.attendance.let(asked.sessions[0].id, FAY, by=PersonId("orla"))
    asked.desk.clock.set(CLOSED - 2 * DAY)
    await asked.service.show()
    early = await asked.desk.told(Kind.COLLATION)

    asked.desk.clock.set(CLOSED)
    for service in (asked.service, service_of(asked.desk)):
        await service.show()
        await service.show()

    assert early == []
    assert await asked.desk.told(Kind.COLLATION) == [FAY]
    [notice] = await asked.desk.owed(Kind.COLLATION)
    assert notice.payload == {"step": BEFORE}
    assert await asked.service.may_see(FAY, asked.sessions[0].id)
    assert not await asked.service.may_see(FAY, asked.sessions[1].id)
    assert await asked.service.led_by(PersonId("p00"), everything=False) == []


async def test_who_is_forgotten_takes_their_words_along_and_leaves_the_counts(asked: Asked):
    await asked.book(0, *NAMES[:6])
    for name in NAMES[:6]:
        await asked.say(name)
    asked.desk.clock.set(CLOSED)
    before_ = await asked.shown()

    await asked.desk.people.forget(PersonId(NAMES[0]))
    after = await asked.shown()

    assert await asked.hopes() == {f"hope of {n}" for n in NAMES[1:6]}
    assert [q.lines for q in after.figures] == [q.lines for q in before_.figures]


@ON_SQLITE
async def test_what_is_stored_of_it_cannot_be_read_without_the_key(asked: Asked):
    await asked.book(0, *NAMES[:5])
    for name in NAMES[:5]:
        await asked.say(name, f"a swordfish for {name}")
    asked.desk.clock.set(CLOSED)

    assert len(await asked.hopes()) == 5

    async with asked.desk.database.reading.connect() as db:
        for table in metadata.tables.values():
            rows = [repr(tuple(row)) for row in await db.execute(sa.select(table))]
            assert not any("swordfish" in row for row in rows), table.name


@ON_SQLITE
async def test_nobody_is_told_of_a_date_that_nobody_chose(asked: Asked):
    await asked.desk.meet("fay")
    await asked.desk.attendance.let(asked.sessions[1].id, FAY, by=PersonId("orla"))
    asked.desk.clock.set(CLOSED + WEEK)

    await asked.service.show()

    assert await asked.desk.told(Kind.COLLATION) == []
