"""The weekends on which the clocks change: what is said at half past eight is said at half past eight."""

from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.scenarios.world import ASHA, BO, CY, GENERAL, ORGA, World, a_world, london
from tests.support.activities import a_person

LONDON = ZoneInfo("Europe/London")
NIA = a_person("Nia", timezone="America/New_York")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
STEP = timedelta(minutes=10)
WATCHED = frozenset({1, 2, 7, 8, 9, 10, 12, 13})
"""The hours by London's clocks in which something could be said, or go wrong."""


@pytest.fixture(params=[SPRING, AUTUMN], ids=["spring", "autumn"])
def sunday(request: pytest.FixtureRequest) -> date:
    return request.param


@pytest.fixture
async def world(story_database: str, sunday: date) -> AsyncGenerator[World]:
    """Saturday, eight o'clock; something at ten on each of three days, and an early session on Sunday."""
    saturday, monday = sunday - timedelta(days=1), sunday + timedelta(days=1)
    week = (
        "code,title,starts,ends,capacity,format,location\n"
        f"SA1,Saturday talk,{saturday}T10:00,{saturday}T11:00,20,in_person,Hall\n"
        f"SU1,Sunday talk,{sunday}T10:00,{sunday}T11:00,1,in_person,Hall\n"
        f"SA2,Saturday evening,{saturday}T18:00,{saturday}T19:00,20,in_person,Hall\n"
        f"SU2,Sunday evening,{sunday}T18:00,{sunday}T19:00,20,in_person,Hall\n"
        f"EA1,Early talk,{sunday}T08:20,{sunday}T08:50,20,in_person,Hall\n"
        f"MO1,Monday talk,{monday}T10:00,{monday}T11:00,20,in_person,Hall\n"
    )
    start = london(f"{saturday}T08:00")
    async with a_world(story_database, at=start, week=week) as world:
        yield world


async def test_over_the_weekend_everything_is_said_once_and_at_its_time(world: World, sunday: date):
    saturday, monday = f"{sunday - timedelta(days=1):%d %b}", f"{sunday + timedelta(days=1):%d %b}"
    await world.teams.install(NIA)
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    await world.teams.say(ASHA, "send me highlights")
    await world.teams.say(NIA, "send me highlights")
    await world.teams.say(ASHA, "book SU1")
    await world.teams.say(BO, "book EA1")

    heard = await lived_through(world, until=london(f"{sunday + timedelta(days=1)}T12:00"))

    half_past_eight = [f"{day} 08:30" for day in (saturday, f"{sunday:%d %b}", monday)]
    assert heard[GENERAL.id, "Learning today"] == half_past_eight
    assert heard[ASHA.chat, "Learning today"] == half_past_eight
    # New York changes on another weekend, so its half past eight moves by London's clocks.
    abroad = ("12:30", "13:30") if sunday == SPRING else ("13:30", "12:30")
    assert heard[NIA.chat, "Learning today"] == [
        f"{saturday} {abroad[0]}",
        f"{sunday:%d %b} {abroad[1]}",
    ]
    assert heard[ASHA.chat, "Sunday talk starts"] == [
        f"{saturday} 10:00",
        f"{sunday:%d %b} 09:00",
        f"{sunday:%d %b} 09:50",
    ]
    assert heard[BO.chat, "Early talk starts"] == [
        f"{saturday} 08:20",
        f"{sunday:%d %b} 07:30",  # the quiet hours end by the new clock
        f"{sunday:%d %b} 08:10",
    ]
    # A quarter of an hour after the end, as far as this looks; the reminder at ten on the next day.
    assert heard[ASHA.chat, "Did you make it"] == [f"{sunday:%d %b} 12:00", f"{monday} 10:00"]
    assert heard[BO.chat, "Did you make it"] == [f"{sunday:%d %b} 09:10", f"{monday} 10:00"]


async def test_every_session_is_shown_at_its_own_clock_time(world: World, sunday: date):
    at_home = (await world.teams.say(ASHA, "what's on this week")).read
    tomorrow = (await world.teams.say(ASHA, "what's on tomorrow")).read
    next_week = (await world.teams.say(ASHA, "what's on Monday")).read

    assert "Saturday talk\n10:00 to 11:00" in at_home
    assert "Sunday talk\n10:00 to 11:00" in tomorrow
    assert "Monday talk\n10:00 to 11:00" in next_week


async def test_the_day_of_the_change_is_one_day_from_midnight_to_midnight(
    world: World, sunday: date
):
    for clock in ("00:10", "03:30", "07:00"):
        await world.bot.move_to(london(f"{sunday}T{clock}"))
        today = (await world.teams.say(ASHA, "what's on today")).read

        assert f"What's on today, Sunday {sunday:%d %B}" in today
        assert "Early talk" in today
        assert "Monday talk" not in today


async def test_an_offer_over_the_night_of_the_change_is_held_for_a_quarter_of_the_real_time(
    world: World, sunday: date
):
    for person in (BO, CY, ASHA):
        await world.teams.say(person, "book SU1")
    saturday = sunday - timedelta(days=1)
    await world.bot.move_to(london(f"{saturday}T23:00"))
    await world.teams.say(BO, "cancel SU1")
    await world.bot.settled()

    [offer] = world.told(CY, "A place came free. Do you want it?")
    until = london(f"{sunday}T02:30") if sunday == SPRING else datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert f"It is held for you until {until.astimezone(LONDON):%H:%M}" in offer.read
    await world.bot.move_to(until - timedelta(minutes=1))
    before = await world.state(CY, "SU1"), await world.state(ASHA, "SU1")
    await world.bot.move_to(until + timedelta(minutes=1))
    after = await world.state(CY, "SU1"), await world.state(ASHA, "SU1")

    assert before == ("offered", "waiting")
    assert after == ("", "offered")


async def lived_through(world: World, *, until: datetime) -> dict[tuple[str, str], list[str]]:
    """What is said: London's day and time of each, by conversation and by what it is about."""
    heard: dict[tuple[str, str], list[str]] = {}
    world.connector.sent.clear()
    for moment in moments(world.bot.clock.now(), until):
        await world.bot.move_to(moment)
        for sent in world.connector.sent:
            [about] = [words for words in SAID if words in sent.read]
            key = (sent.conversation.partition(";")[0], about)
            heard.setdefault(key, []).append(f"{moment.astimezone(LONDON):%d %b %H:%M}")
        world.connector.sent.clear()
    return heard


SAID = ("Learning today", "Sunday talk starts", "Early talk starts", "Did you make it")


def moments(start: datetime, end: datetime) -> Iterator[datetime]:
    moment = start.replace(second=0, microsecond=0) + STEP
    while moment <= end:
        if moment.astimezone(LONDON).hour in WATCHED:
            yield moment
        moment += STEP
