"""Champions: named by an organiser, told each Monday what to promote, and listed for organisers."""

import re
from collections.abc import AsyncGenerator
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from learning import champions
from learning.notices import Kind, QuietHours
from tests.scenarios.champions import name
from tests.scenarios.world import ASHA, BO, ORGA, WEEK, World, a_world, london, person_id, read
from tests.support.activities import a_person
from tests.support.card_parts import buttons
from tests.support.databases import read_sql

LONDON = ZoneInfo("Europe/London")
QUIET = QuietHours(start=time(20, 0), end=time(7, 30))
TITLE = "What to promote this week"
THURSDAY = london("2026-05-14T10:00")
EVA = a_person("Eva")
"""A colleague who never wrote to the bot."""


@pytest.fixture
async def early(story_database: str) -> AsyncGenerator[World]:
    """The week before the learning week."""
    async with a_world(story_database, at=THURSDAY) as world:
        yield world


# --- naming --------------------------------------------------------------------------------------


async def test_an_organiser_names_a_champion_who_is_told_what_that_means(world: World):
    said = await name(world)

    assert "Asha is now a champion for Housing, and is being told." in said.read
    [told] = world.told(ASHA, "You are a champion for Housing")
    assert "The learning team has named you" in told.read
    assert {b["title"] for b in buttons(told.card)} == {"What to promote", "My posts"}
    again = await name(world, "Asha", "housing")
    assert "Asha is a champion for Housing already. Nothing was changed." in again.read
    assert len(world.told(ASHA, "You are a champion")) == 1
    async with world.bot.core.work(read_only=True) as uow:
        entries = await uow.journal.latest(10)
    assert next((e.what.value, e.subject, e.by_id, e.person_id) for e in entries) == (
        "champion named",
        "Housing",
        person_id(ORGA),
        person_id(ASHA),
    )


async def test_somebody_who_never_had_the_app_has_it_added_and_is_told(world: World):
    world.graph.directory.add_user(EVA, department="Housing")
    world.connector.chats.add_person(EVA)

    await name(world, "Eva")

    assert world.told(EVA, "You are a champion for Housing")


async def test_who_is_no_champion_by_the_time_it_is_sent_is_told_nothing(world: World):
    now, who = world.bot.clock.now(), person_id(ASHA)
    week = champions.monday(now.date())
    async with world.bot.core.work() as uow:
        await uow.outbox.add(
            [
                champions.named_notice(who, "Housing", now),
                champions.card_notice(who, week, now, LONDON, QUIET),
            ]
        )
        await uow.commit()
    await world.bot.settled()

    rows = await world.bot.outbox(Kind.CHAMPION_NAMED, Kind.CHAMPION_CARD)
    assert {(row.state, row.last_error) for row in rows} == {("dropped", "no longer a champion")}
    assert world.told(ASHA, "") == []


async def test_which_of_two_people_is_meant_is_asked(world: World):
    other = a_person("Asha Bell")
    await world.know(other)

    asked = await name(world)

    assert "Which Asha?" in asked.read
    assert world.told(ASHA, "champion") == world.told(other, "champion") == []
    pressed = await world.teams.press(
        ORGA, asked.only, verb="champion.name", having={"who": person_id(other)}
    )
    assert "Asha Bell is now a champion for Housing" in read(pressed)
    await world.bot.settled()
    assert world.told(ASHA, "champion") == []
    assert world.told(other, "You are a champion for Housing")


async def test_a_name_that_nobody_has_names_nobody(world: World):
    assert "I know nobody called “Zebedee”" in (await name(world, "Zebedee")).read
    assert "For which department" in (await world.teams.say(ORGA, "make Asha a champion")).read


async def test_only_organisers_name_and_end_champions_whoever_presses(world: World):
    other = a_person("Asha Bell")
    await world.know(other)
    asked = await name(world)

    for words in (
        "make Bo a champion for Housing",
        "Asha is no longer a champion",
        "champions",
    ):
        assert "Only organisers can do that" in (await world.teams.say(BO, words)).read
    pressed = await world.teams.press(
        BO, asked.only, verb="champion.name", having={"who": person_id(ASHA)}
    )

    assert "Only organisers can do that" in read(pressed)
    assert await read_sql(world.bot.core.database, "SELECT * FROM champions") == []


async def test_who_is_no_champion_any_more_can_do_no_more_than_others(world: World):
    await name(world)
    await name(world, "Asha", "the Carers Network")
    listed = await world.teams.say(ORGA, "champions")
    assert "1 champion" in listed.read
    assert re.search(r"Carers Network\W+Asha\W.*Housing\W+Asha", listed.read, re.DOTALL)

    one = await world.teams.say(ORGA, "Asha is no longer a champion for housing")
    assert "Asha is no longer a champion for Housing." in one.read
    assert "What to promote" in (await world.teams.say(ASHA, "what can I promote")).read

    await world.teams.say(ORGA, "Asha is no longer a champion")
    assert "Only champions can do that" in (await world.teams.say(ASHA, "my posts")).read
    assert "There are no champions yet" in (await world.teams.say(ORGA, "champions")).read
    gone = await world.teams.say(ORGA, "Asha is no longer a champion")
    assert "I know no champion called “Asha”" in gone.read


# --- the card on Mondays -------------------------------------------------------------------------


async def test_on_monday_morning_a_champion_gets_what_to_promote_once(early: World):
    await name(early)
    await early.bot.move_to(london("2026-05-15T09:45"))
    await early.bot.move_to(london("2026-05-18T09:29"))
    assert early.told(ASHA, TITLE) == []

    await early.bot.move_to(london("2026-05-18T09:30"))
    await early.bot.tick()
    await early.bot.move_to(london("2026-05-19T09:40"))

    [card] = early.told(ASHA, TITLE)
    assert "For Housing" in card.read
    assert "Leading from any seat" in card.read
    assert "18 places left" in card.read
    assert "Your posts" not in card.read
    assert sum(b["title"] == "Share" for b in buttons(card.card)) == 5


async def test_what_suits_the_group_comes_first(story_database: str):
    week = WEEK.replace("Growth mindset,learning;habits", "Damp and mould,housing;repairs")
    async with a_world(story_database, at=THURSDAY, week=week) as world:
        await name(world)
        card = await world.teams.say(ASHA, "what should I promote?")

    first = card.read.index("Damp and mould")
    assert first < card.read.index("Suits Housing") < card.read.index("Digital accessibility")
    assert card.read.count("Suits Housing") == 1


async def test_a_full_session_is_not_promoted(early: World):
    await name(early)
    assert "Mentoring or coaching" not in (await early.teams.say(ASHA, "what can I promote")).read
    await early.teams.say(ORGA, "cancel session LS1")
    await early.teams.say(ORGA, "yes")

    promoted = await early.teams.say(ASHA, "what can I promote")

    assert "Leading from any seat" not in promoted.read
    await early.book(BO, "MC1")
    assert "Full" not in (await early.teams.say(ASHA, "what can I promote")).read


async def test_who_turned_nudges_off_gets_no_card(early: World):
    await name(early)
    await early.teams.say(ASHA, "nudges off")

    await early.bot.move_to(london("2026-05-18T09:30"))

    assert early.told(ASHA, TITLE) == []


async def test_a_card_that_comes_late_is_not_sent_in_another_week(early: World):
    await name(early)
    monday, asha = london("2026-05-18T09:30"), person_id(ASHA)
    early.bot.clock.set(monday)
    async with early.bot.core.work() as uow:
        week = champions.monday(monday.date()) - timedelta(days=7)
        await uow.outbox.add([champions.card_notice(asha, week, monday, LONDON, QUIET)])
        await uow.commit()
    await early.bot.settled()

    [row] = await early.bot.outbox(Kind.CHAMPION_CARD)
    assert (row.state, row.last_error) == ("dropped", "the week is over")


async def test_in_quiet_hours_the_card_waits(story_database: str):
    async with a_world(story_database, at=THURSDAY, quiet_hours="18:00-10:00") as world:
        await name(world)
        await world.bot.move_to(london("2026-05-18T09:30"))
        assert world.told(ASHA, TITLE) == []

        await world.bot.move_to(london("2026-05-18T10:00"))
        assert world.told(ASHA, TITLE)


async def test_after_the_week_there_is_no_card(world: World):
    await name(world)

    await world.bot.move_to(london("2026-05-25T09:30"))

    assert await world.bot.outbox(Kind.CHAMPION_CARD) == []
    assert "Nothing needs promoting" in (await world.teams.say(ASHA, "what can I promote")).read
