"""Reminders of courses on a real database: whom, when, and once whatever happens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from learning.courses.enrolments import Running
from learning.courses.progress import StepState
from learning.notices import Kind, Notice
from learning.people import PersonId
from services.course_paths import CoursePaths
from services.course_reminders import CourseReminders
from tests.services.desk import LONDON, RULES, Desk
from tests.support.builders import WEDNESDAY, person
from tests.support.clocks import MONDAY
from tests.support.courses import enrol, start, the_course
from tests.support.databases import ON_SQLITE, run_sql

WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
LIVE = WEDNESDAY + 5 * WEEK
"""The first module is open since last Wednesday, the second opens this Wednesday."""

FIRST, SECOND = "10-whose-service", "20-behind-the-numbers"
ASHA, BO = PersonId("asha"), PersonId("bo")


def service_of(desk: Desk) -> CourseReminders:
    """As a replica has it that has just started."""
    paths = CoursePaths(desk.work, zone=LONDON)
    return CourseReminders(desk.work, desk.clock, paths, quiet=RULES.quiet, zone=LONDON)


async def a_course(desk: Desk, *people: PersonId, code: str = "CUSTOMER") -> Running:
    course = replace(the_course(LIVE), code=code, title=code)
    running = await start(desk.work, course, MONDAY - DAY)
    await enrol(desk.work, running, people, MONDAY - DAY)
    return running


async def done(desk: Desk, running: Running, person_id: PersonId, step: str) -> None:
    state = StepState(
        course_id=running.id,
        person_id=person_id,
        step_id=step,
        started_at=MONDAY,
        done_at=desk.clock.now(),
    )
    async with desk.work() as uow:
        await uow.step_states.save(state)
        await uow.commit()


async def said(desk: Desk, at: datetime) -> list[tuple[str | None, str]]:
    """Who is reminded of what once every replica has looked at this moment, whatever was before."""
    known = {n.key for n in await desk.owed(Kind.COURSE_NUDGE)}
    desk.clock.set(at)
    for _ in range(2):
        await service_of(desk).queue()
    new = [n for n in await desk.owed(Kind.COURSE_NUDGE) if n.key not in known]
    return sorted((n.person_id, str(n.payload["about"])) for n in new)


async def reminder_of(desk: Desk, person_id: PersonId) -> Notice:
    [notice] = [n for n in await desk.owed(Kind.COURSE_NUDGE) if n.person_id == person_id]
    return notice


async def test_each_is_reminded_once_at_nine_of_their_own_clock(desk: Desk):
    await desk.meet(person("asha"), replace(person("bo"), timezone="America/New_York"))
    await a_course(desk, ASHA, BO)

    assert await said(desk, MONDAY - timedelta(minutes=1)) == []
    assert await said(desk, MONDAY) == [(ASHA, FIRST)]
    assert await said(desk, MONDAY + 4 * HOUR) == []
    assert await said(desk, MONDAY + 5 * HOUR) == [(BO, FIRST)]
    assert (await reminder_of(desk, BO)).due_at == datetime(2026, 5, 18, 13, 0, tzinfo=UTC)


async def test_of_two_courses_one_thing_a_day_and_the_rest_on_the_next(desk: Desk):
    await desk.meet("asha")
    for code in ("ONE", "TWO"):
        await a_course(desk, ASHA, code=code)

    assert await said(desk, MONDAY) == [(ASHA, FIRST)]
    assert await said(desk, MONDAY + DAY) == [(ASHA, FIRST)]
    courses = {n.payload["course"] for n in await desk.owed(Kind.COURSE_NUDGE)}
    assert len(courses) == 2
    assert await said(desk, MONDAY + 2 * DAY) == [(ASHA, SECOND)]


async def test_who_left_cannot_be_reached_or_wants_none_is_left_alone(desk: Desk):
    await desk.meet(
        person("asha"), person("bo", wants_nudges=False), person("cy", unreachable="blocked")
    )
    running = await a_course(desk, ASHA, BO, PersonId("cy"))
    async with desk.work() as uow:
        own = await uow.enrolments.find(running.id, ASHA)
        assert own is not None
        await uow.enrolments.save([replace(own, left_at=MONDAY - HOUR)])
        await uow.commit()

    assert await said(desk, MONDAY) == []


async def test_after_days_away_the_bot_speaks_once_and_of_what_was_missed(desk: Desk):
    await desk.meet("asha")
    await a_course(desk, ASHA)

    assert await said(desk, MONDAY + 2 * DAY + 12 * HOUR) == [], "too late in the evening"
    assert await said(desk, MONDAY + 3 * DAY + 8 * HOUR) == [(ASHA, SECOND)]
    assert await said(desk, MONDAY + 4 * DAY) == []


async def test_what_did_not_arrive_was_not_said(desk: Desk):
    await desk.meet("asha")
    await a_course(desk, ASHA)
    assert await said(desk, MONDAY) == [(ASHA, FIRST)]
    await run_sql(desk.database, "UPDATE outbox SET state = 'given_up'")

    assert await said(desk, MONDAY + HOUR) == []
    assert await said(desk, MONDAY + DAY) == [(ASHA, FIRST)]


@ON_SQLITE
async def test_what_is_done_before_it_is_sent_or_of_another_day_is_not_sent(desk: Desk):
    await desk.meet("asha")
    running = await a_course(desk, ASHA)
    await said(desk, MONDAY)
    notice, service = await reminder_of(desk, ASHA), service_of(desk)

    now = await service.reminded_of(ASHA, notice)
    desk.clock.set(MONDAY + DAY)
    tomorrow = await service.reminded_of(ASHA, notice)
    desk.clock.set(MONDAY)
    await done(desk, running, ASHA, FIRST)

    assert now is not None
    assert now.step is not None
    assert (now.step.id, now.today) == (FIRST, MONDAY.date())
    assert tomorrow is None
    assert await service.reminded_of(ASHA, notice) is None


@ON_SQLITE
async def test_who_waits_for_a_place_is_not_asked_to_choose_a_date(desk: Desk):
    await desk.meet("asha", "bo")
    running = await a_course(desk, ASHA, BO)
    for person_id in (ASHA, BO):
        for step in (FIRST, SECOND, "30-promises"):
            await done(desk, running, person_id, step)
    async with desk.work() as uow:
        [live] = await uow.sessions.all()
        await uow.sessions.save(replace(live, details=replace(live.details, capacity=1)))
        await uow.commit()
    await desk.meet("cy")
    await enrol(desk.work, running, [PersonId("cy")], MONDAY)
    for name in ("cy", "asha"):
        await desk.bookings.book(PersonId(name), live.id)

    # Four weeks before.
    assert await said(desk, MONDAY + WEEK + 2 * DAY) == [("bo", "50-live"), ("cy", "30-promises")]


@pytest.mark.parametrize("weekend", [5, 6])
@ON_SQLITE
async def test_nobody_is_reminded_at_a_weekend(desk: Desk, weekend: int):
    await desk.meet("asha")
    await a_course(desk, ASHA)

    assert await said(desk, MONDAY + weekend * DAY) == []
