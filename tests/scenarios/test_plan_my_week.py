"""Plan my week: to one's interests, around one's diary, booked with one press; and people's details."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from learning.notices import Kind
from tests.scenarios.world import (
    ASHA,
    BO,
    GENERAL,
    WEEK,
    World,
    a_bot,
    a_world,
    london,
    person_id,
    read,
    surroundings,
)
from tests.support.activities import a_person
from tests.support.card_parts import button, buttons
from tests.support.graph_calendar import SECRET_SUBJECT
from tests.support.troubles import FOREVER

NIA = a_person("Nia")
MOST = "plan my week around mentoring and leadership"


def asked_for_schedules(world: World) -> list[Any]:
    return [body for _, path, body in world.graph.log if path.endswith("/getSchedule")]


def sessions_of(card: dict[str, Any]) -> list[int]:
    return button(card, verb="plan.book")["data"]["sessions"]


async def ids(world: World, *codes: str) -> list[int]:
    return [(await world.session(code)).id for code in codes]


# --- the plan ----------------------------------------------------------------------------------


async def test_a_week_is_planned_around_the_calendar_and_booked_with_one_press(world: World):
    world.graph.set_busy(ASHA.email, london("2026-05-19T13:45"), london("2026-05-19T14:15"))

    planned = await world.teams.say(ASHA, MOST)
    booked = await world.teams.press(ASHA, planned.only, verb="plan.book")

    assert "A plan for your week" in planned.read
    assert "only when you are free or busy" in planned.read
    assert sessions_of(planned.card) == await ids(world, "MC1", "LS1")
    assert "You're booked on all 2" in read(booked)
    states = [await world.state(ASHA, code) for code in ("MC1", "LS1", "MC2")]
    assert states == ["booked", "booked", ""]


async def test_a_second_press_changes_nothing(world: World):
    planned = await world.teams.say(ASHA, MOST)
    await world.teams.press(ASHA, planned.only, verb="plan.book")
    before = len(await world.bot.outbox(Kind.NUDGE))

    again = await world.teams.press(ASHA, planned.only, verb="plan.book")

    assert "You have this one already" in read(again)
    assert await world.bookings("MC1") == {"Asha": "booked"}
    assert len(await world.bot.outbox(Kind.NUDGE)) == before


async def test_where_teams_knows_only_the_older_buttons_it_is_planned_and_booked_too(
    world: World,
):
    asked = await world.teams.say(ASHA, "plan my week")

    planned = await world.teams.submit(
        ASHA, asked.only, verb="plan.make", data={"choices": "leadership", "most": "2"}
    )
    booked = await world.teams.submit(ASHA, planned.only, verb="plan.book")

    assert sessions_of(planned.card) == await ids(world, "LS1")
    assert "You're booked" in booked.read


async def test_a_place_that_went_meanwhile_is_said_and_the_next_best_offered(
    story_database: str,
):
    again = "MC3,Mentoring once more,mentoring,2026-05-21T10:00,2026-05-21T11:00,9,in_person,Library,,\n"
    async with a_world(story_database, week=WEEK + again) as world:
        planned = await world.teams.say(ASHA, "plan my Tuesday around mentoring")
        await world.book(BO, "MC1")
        booked = await world.teams.press(ASHA, planned.only, verb="plan.book")

        assert sessions_of(planned.card) == await ids(world, "MC1", "MC2")
        assert "You're booked on 1 of 2" in read(booked)
        assert "The last place went meanwhile" in read(booked)
        [instead] = [b for b in buttons(booked["value"]) if b.get("verb") == "session.book"]
        assert [instead["data"]["session"]] == await ids(world, "MC3")
        assert await world.bookings("MC1") == {"Bo": "booked"}


async def test_how_many_and_around_what_is_changed_on_the_card(world: World):
    planned = await world.teams.say(ASHA, MOST)

    fewer = await world.teams.press(
        ASHA, planned.only, verb="plan.make", data={"most": "1", "about": "leadership"}
    )

    assert sessions_of(fewer["value"]) == await ids(world, "LS1")


def stored_in(folder: Path) -> str:
    files = [path.read_bytes() for path in folder.iterdir() if path.is_file()]
    return b"".join(files).decode("latin-1")


async def test_only_who_asks_is_asked_about_and_nothing_of_their_calendar_is_kept(
    story_database: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    async with a_world(story_database) as world:
        world.graph.set_busy(ASHA.email, london("2026-05-19T13:59"), london("2026-05-19T14:13"))
        await world.teams.say(ASHA, MOST)
        await world.bot.settled()

        assert [body["schedules"] for body in asked_for_schedules(world)] == [[ASHA.email]]
    written = capfd.readouterr()
    kept = f"{stored_in(tmp_path)} {written.out} {written.err} {caplog.text}"
    assert ASHA.aad_id in kept
    for secret in (SECRET_SUBJECT, "14:13", "13:59", "12:59:00", "13:13:00"):
        assert secret not in kept


async def test_without_the_permission_it_plans_around_ones_bookings(world: World):
    world.graph.deny("getSchedule")
    await world.book(ASHA, "MC2")

    planned = await world.teams.say(ASHA, MOST)
    world.graph.heal()

    assert "I may not see your calendar" in planned.read
    assert sessions_of(planned.card) == await ids(world, "MC1", "LS1")


async def test_while_graph_is_down_it_plans_all_the_same(world: World):
    world.graph.fail_next(503, times=FOREVER)

    planned = await world.teams.say(ASHA, MOST)
    world.graph.heal()

    assert "I could not see your calendar just now" in planned.read
    assert len(sessions_of(planned.card)) == 3


# --- what it goes by ---------------------------------------------------------------------------


async def test_somebody_of_whom_nothing_is_known_is_asked_and_answers_by_words(world: World):
    asked = await world.teams.say(ASHA, "plan my week")
    planned = await world.teams.say(ASHA, "leadership")

    assert "What shall I plan your week around?" in asked.read
    assert sessions_of(planned.card) == await ids(world, "LS1")


async def test_or_chooses_from_the_topics_of_the_week(world: World):
    asked = await world.teams.say(ASHA, "what should I go to?")

    planned = await world.teams.press(
        ASHA, asked.only, verb="plan.make", data={"choices": "leadership,mentoring"}
    )
    nothing = await world.teams.press(ASHA, asked.only, verb="plan.make")

    assert len(sessions_of(planned["value"])) == 3
    assert "Choose something, or type it." in read(nothing)


async def test_else_it_goes_by_what_was_booked_before(world: World):
    await world.book(ASHA, "MC1")

    planned = await world.teams.say(ASHA, "plan my week")

    assert "By what you booked or looked for before: mentoring" in planned.read
    assert sessions_of(planned.card) == await ids(world, "MC2")


async def test_else_by_what_was_looked_for_just_now(world: World):
    await world.teams.say(ASHA, "find mentoring")

    planned = await world.teams.say(ASHA, "plan my week")

    assert sessions_of(planned.card) == await ids(world, "MC1", "MC2")


async def test_in_a_channel_a_plan_goes_to_ones_own_chat(world: World):
    await world.teams.say(ASHA, MOST, where=GENERAL)

    assert len(world.told(ASHA, "A plan for your week")) == 1
    assert not any("A plan" in sent.read for sent in world.connector.sent_to(GENERAL))


@pytest.mark.parametrize(
    "data",
    [{}, {"sessions": []}, {"sessions": "x"}, {"sessions": [True]}, {"sessions": [1, "x"]}],
)
async def test_a_forged_press_books_nothing(world: World, data: dict[str, Any]):
    pressed = world.teams.activities.invoke("plan.book", data, ASHA)

    answer = await world.teams.post(pressed)

    assert answer.body["statusCode"] == 400
    assert await world.bookings("MC1") == {}


# --- people's details --------------------------------------------------------------------------


@pytest.fixture
async def council(story_database: str) -> AsyncGenerator[World]:
    """Nia works in Housing, for Bo."""
    async with surroundings() as around, a_bot(around, story_database) as world:
        world.graph.directory.add_user(
            NIA, department="Housing", officeLocation="Town Hall", preferredLanguage="en-GB"
        )
        world.graph.directory.set_manager(NIA, BO)
        await world.bot.publish(WEEK)
        await world.teams.install(NIA)
        yield world


async def test_a_newcomers_details_are_read_and_shown_and_forgotten(council: World):
    before = await council.teams.say(NIA, "my data")
    await council.bot.move_to(london("2026-05-18T08:20"))
    after = await council.teams.say(NIA, "my data")
    await council.teams.say(NIA, "forget me")
    await council.teams.say(NIA, "yes")

    assert "directory" not in before.read
    assert "Department Housing\nOffice Town Hall" in after.read
    assert f"Manager's account {BO.aad_id}" in after.read
    async with council.bot.core.work(read_only=True) as uow:
        assert await uow.profiles.find(person_id(NIA)) is None
    assert await council.bot.outbox(Kind.PROFILES) != []
    assert NIA.aad_id not in str(await council.bot.outbox(Kind.PROFILES))


async def test_details_are_read_again_at_the_weekend(council: World):
    await council.bot.move_to(london("2026-05-18T08:20"))
    council.graph.directory.users[NIA.aad_id]["department"] = "Parks"
    asked = len([1 for _, path, _ in council.graph.log if path == "/$batch"])

    await council.bot.move_to(london("2026-05-22T09:00"))
    on_friday = len([1 for _, path, _ in council.graph.log if path == "/$batch"])
    await council.bot.move_to(london("2026-05-23T09:00"))
    await council.bot.move_to(london("2026-05-24T09:00"))

    assert on_friday == asked == 1
    assert len([1 for _, path, _ in council.graph.log if path == "/$batch"]) == 2
    assert "Department Parks" in (await council.teams.say(NIA, "my data")).read


async def test_without_that_permission_everything_else_goes_on(council: World):
    council.graph.fail_next(403, method="GET", path_contains=NIA.aad_id, times=FOREVER)
    await council.bot.move_to(london("2026-05-18T08:20"))
    council.graph.heal()

    planned = await council.teams.say(NIA, MOST)

    assert len(sessions_of(planned.card)) == 3
    assert [row.state for row in await council.bot.outbox(Kind.PROFILES)] == ["given_up"]
