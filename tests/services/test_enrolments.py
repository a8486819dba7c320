"""Enrolling people and taking them off again: what each is told, and what becomes of their place."""

import asyncio
from datetime import time

import pytest

from learning.courses.enrolments import Running
from learning.errors import LearningError, OnlyOnCourse
from learning.notices import Kind, QuietHours
from learning.people import Person, PersonId
from services.enrolling import WhoIsMeant
from services.enrolments import Enrolled, Enrolments
from services.places import Places
from services.ports.journal import What
from services.ports.systems import Unavailable
from services.set_life import SetLife
from services.set_turns import SetTurns
from tests.services.desk import LONDON, RULES, Desk
from tests.support.builders import WEDNESDAY
from tests.support.clocks import MONDAY
from tests.support.courses import start, the_course
from tests.support.databases import ON_SQLITE
from tests.support.outside_people import FakeColleagues

ORLA, ASHA, BO = (PersonId(name) for name in ("orla", "asha", "bo"))
ED = Person(id=PersonId("ed"), name="Ed", email="ed@example.org")
NIGHT = QuietHours(start=time(0), end=time(23, 59))


def an_enrolments(desk: Desk, quiet: QuietHours = RULES.quiet) -> Enrolments:
    turns = SetTurns(desk.work, desk.clock, quiet=quiet, zone=LONDON)
    sets = SetLife(desk.work, desk.clock, turns, quiet=quiet, zone=LONDON)
    return Enrolments(desk.work, desk.clock, Places(RULES, LONDON), sets, zone=LONDON, quiet=quiet)


@pytest.fixture
async def running(desk: Desk) -> Running:
    await desk.meet("orla", "asha", "bo")
    return await start(desk.work, the_course(WEDNESDAY), MONDAY)


async def people(desk: Desk, *ids: PersonId) -> list[Person]:
    async with desk.work(read_only=True) as uow:
        known = await uow.people.among(ids)
    return [known[i] for i in ids]


@ON_SQLITE
async def test_each_is_told_once_each_time_that_they_come_and_outside_quiet_hours(
    desk: Desk, running: Running
):
    enrolments = an_enrolments(desk, NIGHT)
    some = await people(desk, ASHA, BO)

    first = await enrolments.enrol(running.id, [*some, some[0], ED], "SPRING", by=ORLA)
    again = await enrolments.enrol(running.id, some, "spring", by=ORLA)
    await enrolments.withdraw(running.id, ASHA, by=ORLA)
    desk.clock.set(WEDNESDAY)
    back = await enrolments.enrol(running.id, some, "Spring", by=ORLA)

    assert first == Enrolled(new=(ASHA, BO, ED.id))
    assert again == Enrolled(already=(ASHA, BO))
    assert back == Enrolled(back=(ASHA,), already=(BO,))
    owed = await desk.owed(Kind.COURSE_WELCOME)
    assert sorted(str(n.person_id) for n in owed) == ["asha", "asha", "bo", "ed"]
    assert {n.due_at.astimezone(LONDON).time() for n in owed} == {time(23, 59)}
    assert await people(desk, ED.id) == [ED]
    async with desk.work(read_only=True) as uow:
        noted = [e.what for e in await uow.journal.latest(20)]
        assert [e.cohort for e in await uow.enrolments.of_person(BO)] == ["Spring"]
    assert noted == [What.PERSON_ENROLLED, What.PERSON_WITHDRAWN, *[What.PERSON_ENROLLED] * 3]


async def test_who_is_withdrawn_gives_their_place_on_and_can_book_no_more(
    desk: Desk, running: Running
):
    enrolments = an_enrolments(desk)
    await enrolments.enrol(running.id, await people(desk, ASHA, BO), "Spring", by=ORLA)
    async with desk.work() as uow:
        [live] = await uow.sessions.of_edition(running.edition_id, lock=True)
        await uow.commit()
    await desk.bookings.book(ASHA, live.id)

    pressed, gone = await asyncio.gather(
        desk.bookings.book(BO, live.id),
        enrolments.withdraw(running.id, BO, by=ORLA),
        return_exceptions=True,
    )
    await enrolments.withdraw(running.id, ASHA, by=ASHA)

    assert gone is True
    assert not isinstance(pressed, Exception) or isinstance(pressed, OnlyOnCourse)
    assert [b for b in await desk.bookings_of(live) if b.is_live] == []
    told = await desk.told(Kind.TAKEN_OFF)
    assert ASHA not in told
    assert not await enrolments.withdraw(running.id, ASHA, by=ORLA)
    with pytest.raises(OnlyOnCourse):
        await desk.bookings.book(ASHA, live.id)


@ON_SQLITE
async def test_a_line_that_names_nobody_or_two_people_is_handed_back(desk: Desk, running: Running):
    twins = [Person(id=PersonId(f"kim{n}"), name="Kim") for n in (1, 2)]
    colleagues = FakeColleagues(people=[ED, *twins])
    meant = WhoIsMeant(desk.work, an_enrolments(desk), colleagues)

    found = await meant.enrol_lines(
        running, " ED@example.org \nasha\nAsh\n\nKim; who@example.org", "Spring", by=ORLA
    )
    colleagues.trouble = Unavailable("down")
    down = await meant.enrol_lines(running, "Bo\nElse", "Spring", by=ORLA)

    assert sorted(found.enrolled.new) == ["asha", "ed"]
    assert (found.unknown, found.unclear) == (("Ash", "who@example.org"), ("Kim",))
    assert (down.enrolled.new, down.unasked) == ((BO,), ("Else",))
    with pytest.raises(LearningError, match="does not answer"):
        await meant.enrol_group(running, "Heads", "Spring", by=ORLA)
    with pytest.raises(LearningError, match="at least one"):
        await meant.enrol_lines(running, " \n;", "Spring", by=ORLA)


@ON_SQLITE
async def test_who_is_forgotten_is_on_no_programme_and_still_counts(desk: Desk, running: Running):
    await an_enrolments(desk).enrol(running.id, await people(desk, ASHA), "Spring", by=ORLA)

    await desk.people.forget(ASHA)

    async with desk.work(read_only=True) as uow:
        [row] = await uow.enrolments.of_course(running.id)
    assert (row.is_on, row.person_id == ASHA) == (False, False)
