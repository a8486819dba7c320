"""Action learning sets: from people who put themselves forward to sets with dates, links and chats."""

import re
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from learning.courses.action_sets import ActionSet
from learning.notices import Kind
from learning.profiles import Profile
from learning.sessions import CourseId
from services.ports.errands import ErrandState
from tests.scenarios.world import ASHA, BO, CY, DI, ORGA, World, a_world, london, person_id, read
from tests.support.activities import Person, a_person
from tests.support.courses import enrol, start, the_course
from tests.support.reader import Page, Reader, a_reader

LIVE, SECOND = london("2026-05-12T09:30"), london("2026-05-13T09:30")
MONDAY = london("2026-05-18T09:00")
FAY = a_person("Fay")
MORE = [a_person(f"Leader {letter}") for letter in "ABCDEFGHIJKLMNOP"]
LEADERS = [ASHA, BO, CY, DI, *MORE]
MANAGER, REPORT = MORE[0], MORE[1]
SETS = "/desk/courses/CUSTOMER/sets"
QUIET_WEEK = """\
code,title,topics,starts,ends,capacity,format,location,link,waiting_list
GM1,Growth mindset,learning,2026-09-18T10:00,2026-09-18T11:00,12,in_person,Room 1,,
"""


@pytest.fixture
async def world(story_database: str) -> AsyncGenerator[World]:
    async with a_world(story_database, at=london("2026-05-11T09:00"), week=QUIET_WEEK) as world:
        yield world


async def a_course(world: World, people: Sequence[Person]) -> CourseId:
    """Twenty people of five departments, all booked on the live session; it is over now."""
    core, now = world.bot.core, world.bot.clock.now()
    await world.know(*MORE, FAY)
    running = await start(core.work, the_course(LIVE, SECOND), now)
    await enrol(core.work, running, [person_id(p) for p in people], now)
    async with core.work() as uow:
        await uow.profiles.save(
            Profile(
                person_id=person_id(person),
                department=f"Department {number % 5}",
                manager_id=person_id(MANAGER) if person is REPORT else "",
                read_at=now,
            )
            for number, person in enumerate(people)
        )
        sessions = await uow.sessions.of_edition(running.edition_id)
        await uow.commit()
    for number, person in enumerate(people):
        await core.bookings.book(person_id(person), sessions[number % 2].id)
    await world.bot.move_to(MONDAY)
    return running.id


async def put_forward(world: World, person: Person, can: str, prefers: str = "") -> dict[str, Any]:
    """Ask for a set in words, and send the card that comes."""
    shown = await world.teams.say(person, "join a set")
    data = {"can": can, "prefers": prefers}
    return await world.teams.press(person, shown.only, verb="set.send", data=data)


async def sets_of(world: World, course: CourseId) -> list[ActionSet]:
    async with world.bot.core.work(read_only=True) as uow:
        return await uow.sets.of_course(course)


async def members(world: World, found: ActionSet) -> list[str]:
    """Who is in it now, by name."""
    async with world.bot.core.work(read_only=True) as uow:
        inside = [m.person_id for m in await uow.sets.members([found.id]) if m.is_in]
        people = await uow.people.among(inside)
    return sorted(people[i].name for i in inside)


async def follow(orla: Reader, page: Page) -> Page:
    assert page.status == 303, page.words
    return await orla.get(page.headers["Location"].partition("#")[0])


async def propose(world: World, orla: Reader) -> str:
    """Have sets proposed; what came of it in words."""
    begun = await orla.post(f"{SETS}/propose")
    assert begun.status == 303, begun.words
    errand = await world.bot.core.errands.within(begun.headers["Location"].rpartition("/")[2], 60)
    assert errand.state is ErrandState.DONE, errand.result
    return errand.result


def seen(page: Page) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page.text)
    assert found
    return found[1]


async def test_twenty_leaders_become_sets_with_a_series_a_chat_and_a_card(world: World):
    course = await a_course(world, [*LEADERS[:19]])
    for number, person in enumerate(LEADERS[:18]):
        can = "Tuesday morning" if number % 2 else "Thursday afternoon"
        if person in (ASHA, BO):
            answer = await put_forward(world, person, f"{can},Monday morning", can)
            assert "You have put yourself forward" in read(answer)
            assert "Monday morning" in read(answer)
            continue
        times = [can, "Monday morning"]
        await world.bot.core.set_wishes.put_forward(person_id(person), course, times, [can])
    # Asha is busy on the first Monday and Tuesday and Thursday until eleven.
    for day in range(25, 30):
        world.graph.set_busy(
            ASHA.email, london(f"2026-05-{day}T09:00"), london(f"2026-05-{day}T09:45")
        )
    async with a_reader(world.bot, ORGA) as orla:
        page = await orla.get(SETS)
        assert "Put themselves forward" in page.words
        assert "18 people wait for a set" in page.words
        assert "Thursday afternoon (preferred)" in page.words

        said = await propose(world, orla)
        assert "3 sets are proposed" in said
        page = await orla.get(SETS)
        proposed = await sets_of(world, course)
        assert [s.name for s in proposed] == ["Set 1", "Set 2", "Set 3"]
        assert "proved" in page.words
        inside = {s.id: await members(world, s) for s in proposed}
        everybody = list(inside.values())
        assert sorted(name for some in everybody for name in some) == sorted(
            p.name for p in LEADERS[:18]
        )
        assert not any({MANAGER.name, REPORT.name} <= set(some) for some in everybody)
        # Nobody is told of a proposal.
        shown = await world.teams.say(ASHA, "my set")
        assert "You have put yourself forward" in shown.read
        assert await world.bot.outbox(Kind.SET_CARD) == []

        # One move by the organiser; never to one's own manager, and a full set is asked about.
        with_manager = next(s for s in proposed if MANAGER.name in inside[s.id])
        fields = {"seen": seen(page), "person": person_id(REPORT), "to": str(with_manager.id)}
        refused = await orla.post(f"{SETS}/move", fields)
        assert refused.status == 422
        assert "Nobody is put into a set with their own manager" in refused.words
        target = next(s for s in proposed if "Bo" not in inside[s.id])
        fields = {"seen": seen(page), "person": person_id(BO), "to": str(target.id)}
        moved = await orla.post(f"{SETS}/move", fields)
        if moved.status == 422:
            assert "This breaks a rule" in moved.words
            moved = await orla.post(f"{SETS}/move", {**fields, "knowingly": "yes"})
        page = await follow(orla, moved)
        assert f"Bo is in {target.name} now." in page.words
        assert "Bo" in await members(world, target)

        # A facilitator who has no chat with the bot, a name, and another day for one meeting.
        for each in proposed:
            at = f"{SETS}/{each.id}"
            page = await orla.get(f"{at}?find=Fay")
            assert person_id(FAY) in page.text
            done = await orla.post(f"{at}/facilitator", {"person": person_id(FAY)})
            assert "The facilitator is named." in (await follow(orla, done)).words
        done = await orla.post(f"{SETS}/{target.id}/name", {"name": "The early set"})
        assert "The early set" in (await follow(orla, done)).words

        # What is confirmed is what was seen.
        stale = await orla.post(f"{SETS}/confirm", {"seen": seen(page)})
        assert (stale.status, "Something has changed" in stale.words) == (422, True)
        page = await orla.get(SETS)
        done = await orla.post(f"{SETS}/confirm", {"seen": seen(page)})
        assert "The sets are confirmed" in (await follow(orla, done)).words
        again = await orla.post(f"{SETS}/confirm", {"seen": seen(page)})
        assert again.status == 422

        await world.bot.settled()
        await world.pass_time(timedelta(minutes=2))
        confirmed = await sets_of(world, course)
        for each in confirmed:
            await check_outside(world, each)
        [card] = world.told(ASHA, "Your action learning set")
        assert "Fay" in card.read
        assert "When you meet" in card.read
        assert len(world.told(FAY, "Your action learning set")) == 3
        own = await world.teams.say(BO, "my set")
        assert "The early set" in own.read
        dilemma = await world.teams.press(BO, own.only, title="Bring a dilemma")
        assert "dilemma" in read(dilemma)
        assert '"url": "https://teams.microsoft.com/l/meetup-join/' in str(own.card).replace(
            "'", '"'
        )

        await a_date_moves(world, orla, confirmed[0])
        await somebody_comes_late(world, orla, confirmed[0])
        changes = (await orla.get("/desk/changes")).words
        assert "Sets proposed" in changes
        assert "Sets confirmed" in changes
    await only_for_its_members(world, confirmed[0])


async def check_outside(world: World, each: ActionSet) -> None:
    """Its series is in the organiser's calendar, and its chat has the same people in it."""
    names = await members(world, each)
    event = world.graph.event_of(f"{each.name}: The customer at the heart")
    people = [p for p in [*LEADERS, FAY] if p.name in [*names, "Fay"]]
    assert sorted(event.attendees) == sorted(p.email for p in people)
    assert event.transaction_id == each.attempt
    assert event.data["recurrence"]["pattern"]["interval"] == 4
    assert event.data["recurrence"]["range"]["numberOfOccurrences"] == 6
    assert event.data["start"]["timeZone"] == "Europe/London"
    assert each.join_url == event.join_url
    topic, inside = world.graph.chats.made[each.chat_id]
    assert topic == each.name
    assert sorted(inside) == sorted(p.aad_id for p in people)


async def a_date_moves(world: World, orla: Reader, each: ActionSet) -> None:
    """One date is changed in the series, and everybody is told."""
    async with world.bot.core.work(read_only=True) as uow:
        second = (await uow.sets.meetings(each.id))[1]
    to = second.starts_at + timedelta(days=1)
    local = to.astimezone(world.bot.core.settings.zone)
    fields = {"number": "2", "at": f"{local:%Y-%m-%dT%H:%M}"}
    too_far = {"number": "2", "at": "2026-12-24T10:00"}
    refused = await orla.post(f"{SETS}/{each.id}/date", too_far)
    assert (refused.status, "between" in refused.words) == (422, True)
    assert 'value="2026-12-24T10:00"' in refused.text
    done = await orla.post(f"{SETS}/{each.id}/date", fields)
    assert "The meeting is moved." in (await follow(orla, done)).words
    await world.bot.settled()
    await world.pass_time(timedelta(minutes=2))
    event = world.graph.event_of(f"{each.name}: The customer at the heart")
    assert list(event.moved) == [1]
    assert event.moved[1]["start"]["dateTime"][:16] == f"{local:%Y-%m-%dT%H:%M}"
    [somebody, *_] = [p for p in LEADERS if p.name in await members(world, each)]
    assert world.told(somebody, "The dates of your set have changed")


async def somebody_comes_late(world: World, orla: Reader, each: ActionSet) -> None:
    """Who puts themselves forward once sets are confirmed joins one with room, by the same page."""
    late = LEADERS[18]
    await put_forward(world, late, each.slot)
    page = await orla.get(SETS)
    assert "1 person waits for a set" in page.words
    fields = {"seen": seen(page), "person": person_id(late), "to": str(each.id)}
    done = await orla.post(f"{SETS}/move", fields)
    if done.status == 422:
        done = await orla.post(f"{SETS}/move", {**fields, "knowingly": "yes"})
    assert f"{late.name} is in {each.name} now." in (await follow(orla, done)).words
    await world.bot.settled()
    await world.pass_time(timedelta(minutes=2))
    event = world.graph.event_of(f"{each.name}: The customer at the heart")
    assert late.email in event.attendees
    assert world.told(late, "Your action learning set")
    invited = [m for m in world.graph.mail if m.to == late.email and m.event_id == event.id]
    assert [m.kind for m in invited] == ["invitation"]


async def only_for_its_members(world: World, each: ActionSet) -> None:
    """Organiser, a member of another set and a stranger get nothing by its number."""
    inside = await members(world, each)
    other = next(p for p in LEADERS[:18] if p.name not in inside)
    assert inside
    shown = await world.teams.say(FAY, "my set")
    for person in (ORGA, other, LEADERS[19]):
        answer = await world.teams.press(person, shown.only, having={"set": each.id}, where=None)
        assert "This set is for its members only" in read(answer)
        assert not any(name in read(answer) for name in inside)


async def test_without_permission_for_chats_and_with_graph_down_the_rest_stands(world: World):
    course = await a_course(world, LEADERS[:6])
    for person in LEADERS[:6]:
        await put_forward(world, person, "Tuesday morning")
    answer = await put_forward_again(world)
    assert "Your name is taken back" in read(answer)
    await put_forward(world, ASHA, "Tuesday morning")
    world.graph.deny("/chats")
    world.graph.deny("/getSchedule")
    world.graph.fail_next(503, path_contains="/events", times=2)
    async with a_reader(world.bot, ORGA) as orla:
        said = await propose(world, orla)
        # One of the six is another's manager: the two cannot both be in the one set.
        assert "1 set is proposed. 1 could not be placed" in said
        assert "Of 5 it could not be seen when they are free or busy." in said
        page = await orla.get(SETS)
        assert "Not placed: the times and the rules leave no set for them." in page.words
        await orla.post(f"{SETS}/confirm", {"seen": seen(page)})
    await world.pass_time(timedelta(minutes=2))
    [row] = await world.bot.outbox(Kind.SET_CHAT)
    assert (row.state, "not permitted" in row.last_error) == ("dropped", True)
    [card] = world.told(ASHA, "Your action learning set")
    assert "Open the chat" not in str(card.card)

    await world.pass_time(timedelta(minutes=20))

    [row] = await world.bot.outbox(Kind.SET_SERIES)
    [found] = await sets_of(world, course)
    assert row.state == "sent"
    assert world.graph.event_of("Set 1: The customer at the heart").join_url == found.join_url
    late = await world.teams.say(LEADERS[6], "my set")
    assert "not on a programme" in late.read


async def put_forward_again(world: World) -> dict[str, Any]:
    """What is wrong is said and nothing that was chosen is lost; a name can be taken back."""
    shown = await world.teams.say(ASHA, "my set")
    form = await world.teams.press(ASHA, shown.only, verb="set.change")
    wrong = {"can": "Tuesday morning", "prefers": "Friday afternoon"}
    again = await world.teams.press(ASHA, form["value"], verb="set.send", data=wrong)
    assert "must also be one that you can make" in read(again)
    [chosen] = [i for i in again["value"]["body"] if i.get("id") == "prefers"]
    assert chosen["value"] == "Friday afternoon"
    shown = await world.teams.say(ASHA, "my set")
    return await world.teams.press(ASHA, shown.only, verb="set.withdraw")
