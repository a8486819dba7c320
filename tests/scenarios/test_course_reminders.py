"""People on a programme are reminded of what waits for them: one thing a day, at nine, of their own."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from learning.courses.progress import StepState
from learning.notices import Kind
from learning.sessions import CourseId, Session
from tests.scenarios.world import ASHA, BO, CY, DI, ORGA, World, a_world, london, person_id
from tests.support.activities import Person
from tests.support.card_parts import buttons
from tests.support.courses import enrol, start, the_course
from tests.support.reader import a_reader

FIRST, SECOND = london("2026-06-24T09:30"), london("2026-07-01T09:30")
"""Steps open from six weeks before on: on Wednesday 13 May, and the next on the 20th."""


QUIET_WEEK = """\
code,title,topics,starts,ends,capacity,format,location,link,waiting_list
GM1,Growth mindset,learning,2026-09-18T10:00,2026-09-18T11:00,12,in_person,Room 1,,
"""


async def a_course(world: World, *people: Person) -> int:
    work, now = world.bot.core.work, world.bot.clock.now()
    running = await start(work, the_course(FIRST, SECOND), now)
    await enrol(work, running, [person_id(p) for p in people], now)
    return running.id


async def done(world: World, course: int, person: Person, step: str) -> None:
    now = world.bot.clock.now()
    async with world.bot.core.work() as uow:
        [running] = await uow.courses.all()
        assert running.id == course
        state = StepState(
            course_id=running.id,
            person_id=person_id(person),
            step_id=step,
            started_at=now,
            done_at=now,
        )
        await uow.step_states.save(state)
        await uow.commit()


async def reminders(world: World, day: str = "") -> dict[str, list[str]]:
    """Whom the ledger names as reminded on a day, or ever, and of what."""
    names = {person_id(p): p.name for p in (ASHA, BO, CY, DI, ORGA)}
    found: dict[str, list[str]] = {}
    for row in await world.bot.outbox(Kind.COURSE_NUDGE):
        notice = row.notice
        if row.state == "sent" and notice.payload["day"].startswith(day) and notice.person_id:
            found.setdefault(names[notice.person_id], []).append(str(notice.payload["about"]))
    return found


@pytest.fixture
async def world(story_database: str) -> AsyncGenerator[World]:
    """In a week with one session, which nobody books: so nobody is asked about anything else."""
    async with a_world(story_database, week=QUIET_WEEK) as world:
        yield world


async def test_a_month_of_reminders_from_the_first_module_to_the_questionnaire(world: World):
    course = await a_course(world, ASHA, BO, CY, DI)
    await done(world, course, CY, "10-whose-service")

    await world.bot.move_to(london("2026-05-18T08:59"))
    assert await reminders(world) == {}

    # What opened last Wednesday is caught up with: nobody was on the programme yet.
    await world.bot.move_to(london("2026-05-18T09:00"))
    [card] = world.told(ASHA, "Whose service is it?")
    assert "The customer at the heart" in card.read
    assert "It is due by Wednesday 10 June" in card.read
    assert "About 9 minutes" in card.read
    assert [(b["title"], b["verb"], b["data"]["course"]) for b in buttons(card.card)] == [
        ("Start", "course.step", course),
        ("My programme", "course.open", course),
    ]
    assert set(await reminders(world)) == {ASHA.name, BO.name, DI.name}

    # Its button opens the step; an organiser who presses the same gets nothing of it.
    opened = await world.teams.press(ASHA, card, verb="course.step")
    assert "ten to nine" in str(opened)
    refused = await world.teams.press(ORGA, card, verb="course.step")
    assert "ten to nine" not in str(refused)

    # Later that day, and on the next, when nothing speaks: silence. BO wants no reminders at all.
    for moment in ("2026-05-18T09:05", "2026-05-18T17:00", "2026-05-19T09:00"):
        await world.bot.move_to(london(moment))
    assert await reminders(world) == {n.name: ["10-whose-service"] for n in (ASHA, BO, DI)}
    await world.teams.say(BO, "nudges off")

    await done(world, course, ASHA, "10-whose-service")
    await world.bot.move_to(london("2026-05-20T09:00"))
    assert await reminders(world, "2026-05-20") == {
        n.name: ["20-behind-the-numbers"] for n in (ASHA, CY, DI)
    }

    # Four weeks before another module opens, and on the next day they are asked to choose a date.
    for day in ("27", "28"):
        await world.bot.move_to(london(f"2026-05-{day}T09:00"))
    assert await reminders(world, "2026-05-28") == {n.name: ["50-live"] for n in (ASHA, CY, DI)}
    [choose] = world.told(CY, "Choose your date")
    assert "Wednesday 24 June" in choose.read
    assert "Wednesday 1 July" in choose.read
    [later] = [s for s in await sessions(world) if s.code == "SHOES-2"]
    answer = await world.teams.press(CY, choose, verb="session.book", having={"session": later.id})
    assert "In their shoes" in str(answer)

    # The questionnaire is for those with a place, three weeks before their own date.
    for day in ("2026-06-06", "2026-06-10", "2026-06-11"):
        await world.bot.move_to(london(f"{day}T09:00"))
    everything = await reminders(world)
    assert "40-before-we-meet" in everything[CY.name]
    assert "40-before-we-meet" not in everything[ASHA.name] + everything[DI.name]
    assert everything[BO.name] == ["10-whose-service"]
    rows = await world.bot.outbox(Kind.COURSE_NUDGE)
    assert len({(r.notice.person_id, r.notice.due_at.date()) for r in rows}) == len(rows)
    assert await reminders(world, "2026-06-06") == {}, "a Saturday"

    # Organisers see in the ledger how many were reminded of what.
    async with a_reader(world.bot, ORGA) as orga:
        page = await orga.get("/desk/deliveries")
    assert "Programme reminders of Wednesday 20 May: CUSTOMER/20-behind-the-numbers" in page.words


async def sessions(world: World) -> list[Session]:
    async with world.bot.core.work(read_only=True) as uow:
        return await uow.sessions.all()


async def test_a_check_in_on_a_commitment_is_the_reminder_of_its_day(world: World):
    """It waits its turn with everything else, and nobody is asked twice on one day."""
    course = CourseId(await a_course(world, ASHA))
    today = world.bot.clock.now().date()
    await world.bot.core.commitments.add(
        person_id(ASHA), course, "ring one customer a week", today + timedelta(days=60), today=today
    )
    for step in ("10-whose-service", "20-behind-the-numbers", "30-promises"):
        await done(world, course, ASHA, step)
    async with world.bot.core.work() as uow:
        [live, _] = [s for s in await uow.sessions.all() if s.course_id]
        await uow.commit()
    await world.bot.core.bookings.book(person_id(ASHA), live.id)

    # Thirty days on is a Wednesday: the questionnaire, which closes, goes first.
    for day in ("16", "17", "18"):
        await world.bot.move_to(london(f"2026-06-{day}T09:00"))

    assert (await reminders(world))[ASHA.name] == ["40-before-we-meet", "commitment"]
    [asked] = world.told(ASHA, "30 days on")
    assert "I will ring one customer a week" in asked.read
    [row] = [r for r in await world.bot.outbox(Kind.COURSE_NUDGE) if "commitment" in str(r)]
    assert "ring" not in str(row)
