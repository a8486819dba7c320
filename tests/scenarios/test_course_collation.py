"""What people answer before a live session, for those who lead it: in their chat and at the desk."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

from learning.courses.enrolments import Running
from learning.notices import Kind
from learning.sessions import Session
from tests.scenarios.world import ASHA, BO, ORGA, World, a_world, london, person_id, read
from tests.support.activities import Person
from tests.support.course_answers import BEFORE, answer, before
from tests.support.courses import enrol, start, the_course
from tests.support.reader import a_reader

LIVE, NEXT = london("2026-06-10T09:30"), london("2026-06-17T09:30")
CLOSED = london("2026-06-09T09:00")
QUIET_WEEK = """\
code,title,topics,starts,ends,capacity,format,location,link,waiting_list
GM1,Growth mindset,learning,2026-09-18T10:00,2026-09-18T11:00,12,in_person,Room 1,,
"""
NEEDS = "A ramp: <b>I use</b> a wheelchair."


@pytest.fixture
async def world(story_database: str) -> AsyncGenerator[World]:
    async with a_world(story_database, week=QUIET_WEEK) as world:
        yield world


async def on_it(world: World, running: Running, live: Session, count: int) -> list[Person]:
    people = [await world.newcomer() for _ in range(count)]
    now = world.bot.clock.now()
    await enrol(world.bot.core.work, running, [person_id(p) for p in people], now)
    for person in people:
        await world.bot.core.bookings.book(person_id(person), live.id)
    return people


async def say(world: World, running: Running, person: Person, hope: str, **more: Any) -> None:
    core, now = world.bot.core, world.bot.clock.now()
    given = before(hope, **more)
    await answer(core.work, core.seals, running, person_id(person), BEFORE, given, now)


async def test_those_who_lead_get_the_answers_when_it_has_closed_and_nobody_else_does(world: World):
    core = world.bot.core
    running = await start(core.work, the_course(LIVE, NEXT), world.bot.clock.now())
    async with core.work(read_only=True) as uow:
        live, _ = sorted((s for s in await uow.sessions.all() if s.course_id), key=lambda s: s.code)
    people = await on_it(world, running, live, 6)
    for number, person in enumerate(people):
        await say(world, running, person, f"hope {number}", sure=4, needs=NEEDS * (number == 3))
    await core.attendance.let(live.id, person_id(BO), by=person_id(ORGA))

    early = await world.teams.say(BO, "questionnaire answers")
    assert "6 of 6 people have answered" in early.read
    assert "open until the end of Monday 8 June" in early.read
    assert "hope" not in early.read

    await world.bot.move_to(CLOSED)
    await world.bot.move_to(CLOSED + timedelta(hours=1))
    [told] = world.told(BO, "Before we meet: what people answered")[1:]
    assert "4.0 of 5 on average" in told.read
    assert all(f"“hope {number}”" in told.read for number in range(6))
    assert not any(person.name in told.read for person in people)
    assert [len(world.told(p, "what people answered")) for p in (ASHA, ORGA, *people)] == [0] * 8

    # Asked for once more, by one who leads and by an organiser, who has the choice.
    assert (
        "“hope 2”" in (await world.teams.say(BO, "show me the answers to the questionnaire")).read
    )
    choice = await world.teams.say(ORGA, "questionnaire answers")
    assert "SHOES-2" in choice.read
    about = {"session": live.id}
    shown = await world.teams.press(ORGA, choice.only, verb="collation.show", having=about)
    assert "“hope 5”" in read(shown)

    # A stranger, and one of those who answered, by words and by the same button.
    for stranger in (ASHA, people[0]):
        said = await world.teams.say(stranger, "questionnaire answers")
        pressed = await world.teams.press(
            stranger, choice.only, verb="collation.show", having=about
        )
        for words in (said.read, read(pressed)):
            assert "Only organisers and those who lead" in words
            assert "hope" not in words
    async with a_reader(world.bot, ORGA) as orga:
        page = await orga.get("/desk/courses/customer/questionnaire")
        progress = await orga.get("/desk/courses/CUSTOMER/progress")
        file = await orga.post("/desk/courses/CUSTOMER/progress")
        changes = await orga.get("/desk/changes")
    async with a_reader(world.bot, BO) as bo:
        refused = await bo.get("/desk/courses/CUSTOMER/questionnaire")
    assert all(f"hope {number}" in page.words for number in range(6))
    assert "<b>I use</b>" not in page.body.decode()
    assert not any(person.name in page.words for person in people)
    assert (refused.status, "hope" in refused.words) == (403, False)

    # How far they are is known by name; what they said is not.
    assert "Everybody: 6 people" in progress.words
    assert "hope" not in progress.words
    lines = file.body.decode().splitlines()
    assert lines[0].startswith("name,email,cohort,enrolled,live session,Whose service is it?")
    assert sum(",done," in line for line in lines[1:]) == 6
    assert "hope" not in file.text
    assert "progress of CUSTOMER" in changes.words

    # Whoever no longer leads it sees no more of it, old cards included.
    await core.attendance.let_no_more(live.id, person_id(BO))
    gone = await world.teams.press(BO, choice.only, verb="collation.show", having=about)
    assert "hope" not in read(gone)
    assert [r.notice.person_id for r in await world.bot.outbox(Kind.COLLATION)] == [person_id(BO)]
