"""One card in a channel, and each viewer's own part of it."""

from typing import Any

import pytest

from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    DI,
    GENERAL,
    ORGA,
    World,
    london,
    person_id,
    read,
)
from tests.support.activities import a_person
from tests.support.card_parts import buttons
from tests.support.outgoing import Sent

NIA = a_person("Nia", timezone="America/New_York")
NEWCOMER = a_person("Newcomer")


async def a_post(world: World) -> Sent:
    """Tuesday's highlights in a channel: MC1 has one place, which is Asha's; Bo waits for it."""
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    await world.book(ASHA, "MC1")
    await world.book(BO, "MC1")
    await world.bot.move_to(london("2026-05-19T08:30"))
    return world.connector.sent_to(GENERAL)[-1]


def verbs_of(card: Any, session: int) -> list[str]:
    """What can be done about a session on this card."""
    return [b["verb"] for b in buttons(card) if b["data"].get("session") == session]


async def test_teams_refreshes_the_post_by_itself_for_those_who_booked_or_wait_that_day(
    world: World,
):
    await world.book(DI, "GM1")  # on another day

    post = await a_post(world)

    assert post.card["refresh"]["userIds"] == [BO.teams_id, ASHA.teams_id]


@pytest.mark.parametrize("title", [None, "Show my bookings"], ids=["by itself", "by its button"])
async def test_each_viewer_sees_their_own_part(world: World, title: str | None):
    post = await a_post(world)
    mc1 = (await world.session("MC1")).id

    async def seen_by(person: Any) -> dict[str, Any]:
        if title is None:
            return await world.teams.refresh(person, post)
        return await world.teams.press(person, post, title=title)

    booked, waiting, nothing = [await seen_by(each) for each in (ASHA, BO, CY)]

    assert "10:00 to 11:00 · In person, Room 1 · You are booked" in read(booked)
    assert "10:00 to 11:00 · In person, Room 1 · You are on the waiting list" in read(waiting)
    assert read(nothing) == post.read
    assert verbs_of(booked["value"], mc1) == ["session.cancel", "session.show"]
    assert verbs_of(waiting["value"], mc1) == ["session.cancel", "session.show"]
    assert verbs_of(nothing["value"], mc1) == ["session.book", "session.show"]
    assert [each["value"]["refresh"]["userIds"] for each in (booked, waiting, nothing)] == [
        [ASHA.teams_id],
        [BO.teams_id],
        [CY.teams_id],
    ]


async def test_a_view_follows_what_the_viewer_does(world: World):
    post = await a_post(world)
    mc2 = (await world.session("MC2")).id

    await world.teams.press(CY, post, title="Book", having={"session": mc2})
    booked = await world.teams.refresh(CY, post)
    await world.teams.press(CY, booked, verb="session.cancel", where=GENERAL)
    cancelled = await world.teams.refresh(CY, booked, where=GENERAL)

    assert "You are booked" in read(booked)
    assert "You are booked" not in read(cancelled)
    assert await world.state(CY, "MC2") == ""


async def test_what_has_begun_can_no_longer_be_booked_from_a_view_of_it(world: World):
    post = await a_post(world)
    await world.bot.move_to(london("2026-05-19T12:00"))

    later = await world.teams.refresh(CY, post)

    assert "10:00 to 11:00 · In person, Room 1 · Over" in read(later)
    assert verbs_of(later["value"], (await world.session("MC1")).id) == ["session.show"]


async def test_a_view_tells_times_where_the_viewer_is(world: World):
    post = await a_post(world)

    assert "05:00 to 06:00 your time (10:00 Europe/London)" in read(
        await world.teams.refresh(NIA, post)
    )


async def test_a_look_leaves_no_trace(world: World):
    """Nobody is met, nobody is written to, and no question is taken as answered."""
    post = await a_post(world)
    await world.teams.say(CY, "forget me")
    world.connector.sent.clear()

    await world.teams.refresh(NEWCOMER, post)
    await world.teams.refresh(CY, post)
    looked = list(world.connector.sent)
    forgotten = await world.teams.say(CY, "yes")

    assert looked == []
    assert await world.bot.core.people.find(person_id(NEWCOMER)) is None
    assert "I've forgotten you" in forgotten.read


async def test_a_post_in_which_nobody_is_refreshes_itself_for_nobody(world: World):
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    await world.bot.move_to(london("2026-05-18T08:30"))
    post = world.connector.sent_to(GENERAL)[-1]

    assert post.card["refresh"]["userIds"] == []
    assert "You are booked" in read(await view_after_booking(world, post))


async def view_after_booking(world: World, post: Sent) -> dict[str, Any]:
    await world.book(CY, "GM1")
    return await world.teams.press(CY, post, title="Show my bookings")


async def test_of_more_than_sixty_the_last_to_book_are_refreshed_and_others_press(world: World):
    crowd = [a_person(f"Person {number}") for number in range(62)]
    await world.know(*crowd)
    session = (await world.session("PB1")).id
    for person in crowd:
        await world.bot.core.bookings.book(person_id(person), session)
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    await world.bot.move_to(london("2026-05-18T08:30"))
    post = world.connector.sent_to(GENERAL)[-1]

    listed = post.card["refresh"]["userIds"]
    assert listed == [person.teams_id for person in reversed(crowd[2:])]
    assert "You are booked" in read(
        await world.teams.press(crowd[0], post, title="Show my bookings")
    )


async def test_where_only_submit_is_known_the_button_answers_in_ones_own_chat(world: World):
    post = await a_post(world)
    world.connector.sent.clear()

    await world.teams.submit(ASHA, post, title="Show my bookings")

    assert [sent.read for sent in world.connector.sent_to(GENERAL)] == [
        "I've answered you in our own chat."
    ]
    assert len(world.told(ASHA, "Your bookings")) == 1


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("session.book", {"session": 1}),
        ("data.forget", {}),
        ("highlights.mine", {}),
        ("highlights.mine", {"day": "2026-05-18"}),
        ("highlights.mine", {"day": "2026-05-18", "sessions": ["1"]}),
        ("highlights.mine", {"day": "2026-05-18", "sessions": {"1": 1}}),
        ("highlights.mine", {"day": "someday", "sessions": [1]}),
        ("highlights.mine", {"day": "2026-05-18", "sessions": [2**70]}),
    ],
)
async def test_what_refreshes_itself_only_shows_and_must_be_ours(
    world: World, verb: str, data: dict[str, Any]
):
    asked = world.teams.activities.invoke(verb, data, CY, where=GENERAL, trigger="automatic")

    answer = await world.teams.post(asked)

    assert (answer.status, answer.body["statusCode"]) == (200, 400)
    assert await world.bookings("GM1") == {}
    assert await world.bot.core.people.find(person_id(CY)) is not None
