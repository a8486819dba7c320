"""Buttons pressed twice, late, by somebody else, by many at once, or as none of our cards has them."""

import asyncio
from typing import Any

import pytest

from cards.sayings import ordinal
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    ORGA,
    World,
    a_world,
    london,
    person_id,
    read,
)
from tests.support.activities import Activity, Person, a_person

ERROR = "application/vnd.microsoft.error"
shared = pytest.mark.asyncio(loop_scope="module")


# --- twice -------------------------------------------------------------------------------------


@shared
async def test_a_card_pressed_twice_books_once_and_says_so(town: World):
    someone = await town.newcomer()
    shown = await town.teams.say(someone, "GM1")

    await town.teams.press(someone, shown.only, title="Book")
    again = await town.teams.press(someone, shown.only, title="Book")

    assert "You already have this one." in read(again)
    assert await town.state(someone, "GM1") == "booked"


@shared
async def test_a_cancelled_booking_pressed_again_says_so_and_offers_to_book(town: World):
    someone = await town.newcomer()
    booked = await town.book(someone, "GM1")

    await town.teams.press(someone, booked, title="Cancel")
    again = await town.teams.press(someone, booked, title="Cancel")
    back = await town.teams.press(someone, again, title="Book")

    assert "You have no booking on this session." in read(again)
    assert "You're booked" in read(back)


async def test_an_offer_taken_twice_is_taken_once(world: World):
    offer = await an_offer_to_bo(world)

    await world.teams.press(BO, offer, title="Take the place")
    again = await world.teams.press(BO, offer, title="Take the place")

    assert "You're booked" in read(again)
    assert await world.bookings("MC1") == {"Asha": "cancelled", "Bo": "booked"}


# --- by somebody else --------------------------------------------------------------------------


@shared
async def test_a_button_acts_for_whoever_presses_it(town: World):
    someone, stranger = await town.newcomer(), await town.newcomer()
    shown = await town.teams.say(someone, "GM1")

    pressed = await town.teams.press(stranger, shown.only, title="Book")

    assert "You're booked" in read(pressed)
    assert await town.state(stranger, "GM1") == "booked"
    assert await town.state(someone, "GM1") == ""


@shared
async def test_nobody_can_cancel_somebody_elses_booking(town: World):
    someone, stranger = await town.newcomer(), await town.newcomer()
    booked = await town.book(someone, "GM1")

    pressed = await town.teams.press(stranger, booked, title="Cancel")

    assert "You have no booking on this session." in read(pressed)
    assert await town.state(someone, "GM1") == "booked"


async def test_nobody_can_take_or_pass_on_a_place_that_is_offered_to_somebody_else(world: World):
    offer = await an_offer_to_bo(world)

    taken = await world.teams.press(CY, offer, title="Take the place")
    passed = await world.teams.press(CY, offer, title="No, pass it on")

    assert "That offer has run out" in read(taken)
    assert "You have no booking" in read(passed)
    assert await world.state(BO, "MC1") == "offered"


@shared
async def test_only_organisers_can_press_what_calls_a_session_off(town: World):
    someone = await town.newcomer()
    asked = await town.teams.say(ORGA, "cancel session MC2")

    pressed = await town.teams.press(someone, asked.only, title="Yes, cancel the session")

    assert "Only organisers can do that" in read(pressed)
    assert not (await town.session("MC2")).is_cancelled


@shared
async def test_a_clash_card_swaps_only_what_the_presser_has(town: World):
    someone, stranger = await town.newcomer(), await town.newcomer()
    await town.book(someone, "GM1")
    clash = await town.teams.say(someone, "book DA1")

    pressed = await town.teams.press(stranger, clash.only, title="Swap: give up Growth mindset")

    assert "You're booked" in read(pressed)
    assert await town.state(someone, "GM1") == "booked"
    assert await town.state(stranger, "GM1") == ""


# --- late --------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["Book", "Cancel"])
async def test_after_the_start_a_place_is_neither_taken_nor_given_back(world: World, title: str):
    await world.bot.move_to(london("2026-05-18T13:00"))
    shown = (await world.teams.say(ASHA, "PB1")).only.card
    if title == "Cancel":
        shown = await world.book(ASHA, "PB1")
    await world.bot.move_to(london("2026-05-18T14:00"))

    pressed = await world.teams.press(ASHA, shown, title=title)

    assert "This session has already started." in read(pressed)
    assert await world.state(ASHA, "PB1") == ("booked" if title == "Cancel" else "")


async def test_after_the_week_old_cards_are_still_answered(world: World):
    listed = (await world.teams.say(ASHA, "what's on this week")).only
    booked = await world.book(ASHA, "MC2")
    await world.bot.move_to(london("2026-06-30T12:00"))

    answers = [
        await world.teams.press(ASHA, listed, verb=verb, having=await has(world, "GM1"))
        for verb in ("session.book", "session.show")
    ]
    answers.append(await world.teams.press(ASHA, booked, title="Cancel"))
    answers.append(await world.teams.press(ASHA, booked, title="My bookings"))

    assert [answer["statusCode"] for answer in answers] == [200] * 4
    assert "This session has already started." in read(answers[0])
    assert "Over" in read(answers[1])


async def test_a_session_that_was_called_off_is_not_booked(world: World):
    shown = (await world.teams.say(ASHA, "GM1")).only
    await world.bot.core.programme.cancel_session((await world.session("GM1")).id)

    pressed = await world.teams.press(ASHA, shown, title="Book")

    assert "This session has been cancelled." in read(pressed)
    assert "These have places left" in read(pressed)
    assert await world.state(ASHA, "GM1") == ""


async def test_a_place_on_a_session_called_off_can_still_be_cleared_away(world: World):
    booked = await world.book(ASHA, "GM1")
    await world.bot.core.programme.cancel_session((await world.session("GM1")).id)

    pressed = await world.teams.press(ASHA, booked, title="Cancel")

    assert pressed["statusCode"] == 200
    assert await world.state(ASHA, "GM1") == ""


async def test_a_nudge_pressed_when_the_place_is_gone_says_so(world: World):
    await world.book(ASHA, "MC2")
    await world.bot.move_to(london("2026-05-18T14:00"))
    [nudge] = world.told(ASHA, "Mentoring circles starts")
    await world.teams.say(ASHA, "cancel MC2")

    pressed = await world.teams.press(ASHA, nudge, title="I can't make it")

    assert "You have no booking on this session." in read(pressed)


async def test_who_was_forgotten_can_press_an_old_card_and_is_met_anew(world: World):
    shown = (await world.teams.say(ASHA, "GM1")).only
    await world.teams.say(ASHA, "forget me")
    await world.teams.say(ASHA, "yes")

    pressed = await world.teams.press(ASHA, shown, title="Book")

    assert "You're booked" in read(pressed)


# --- what no card of ours carries --------------------------------------------------------------


@shared
@pytest.mark.parametrize("verb", ["session.book", "session.show", "session.cancel"])
async def test_a_session_that_never_existed_is_answered_with_a_card(town: World, verb: str):
    pressed = await invoked(town, {"action": {"verb": verb, "data": {"session": 999_999}}})

    assert pressed["statusCode"] == 200
    assert "There is no session" in read(pressed)


MALFORMED: list[Any] = [
    None,
    "text",
    [],
    {},
    {"action": None},
    {"action": "session.book"},
    {"action": {}},
    {"action": {"verb": 7, "data": {}}},
    {"action": {"verb": None, "data": {}}},
    {"action": {"verb": "no.such.verb", "data": {}}},
    {"action": {"verb": "__class__", "data": {}}},
    {"action": {"verb": "session.book"}},
    {"action": {"verb": "session.book", "data": None}},
    {"action": {"verb": "session.book", "data": "1"}},
    {"action": {"verb": "session.book", "data": [1]}},
    {"action": {"verb": "session.swap", "data": {"session": 1}}},
    *(
        {"action": {"verb": "session.book", "data": {"session": session}}}
        for session in (
            "",
            "one",
            "\uff11x",
            "1.0",
            "9" * 19,
            True,
            None,
            0,
            -1,
            2**63,
            1.5,
            [1],
            {},
        )
    ),
]


@shared
@pytest.mark.parametrize("value", MALFORMED, ids=str)
async def test_a_malformed_press_gets_the_documented_error(town: World, value: Any):
    pressed = await invoked(town, value)

    assert (pressed["statusCode"], pressed["type"]) == (400, ERROR)
    assert set(pressed["value"]) == {"code", "message"}
    assert pressed["value"]["code"] == "BadRequest"


@shared
@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("list.more", {}),
        ("list.more", {"start": "x"}),
        ("list.more", {"start": -5}),
        ("list.more", {"start": 10**30}),
        ("list.more", {"start": 8, "first": "2026-05-18", "last": "nonsense"}),
        ("list.more", {"start": 8, "first": "9999-12-31", "last": "0001-01-01", "about": 7}),
        ("list.more", {"start": "²", "about": "mentoring"}),
        ("list.more", {"first": "2026-05-18", "last": "2026-05-18", "from": "25:00"}),
        ("list.more", {"first": "2026-05-18", "last": "2026-05-18", "from": "10:00+01:00"}),
        ("day.show", {}),
        ("day.show", {"words": ["today"]}),
        ("day.show", {"words": "x" * 10_000}),
    ],
)
async def test_nonsense_in_a_list_button_still_brings_a_list_or_a_sentence(
    town: World, verb: str, data: dict[str, Any]
):
    pressed = await invoked(town, {"action": {"verb": verb, "data": data}})

    assert pressed["statusCode"] == 200


@shared
async def test_an_invoke_of_another_name_is_not_ours(town: World):
    asked = town.teams.activities.request("composeExtension/setting", {}, await town.newcomer())

    assert (await town.teams.post(asked)).status == 501


# --- delivered twice ---------------------------------------------------------------------------


@shared
async def test_a_press_delivered_again_is_answered_from_memory(town: World):
    someone = await town.newcomer()
    press = await a_press_on(town, someone, "GM1")

    first = await town.teams.post(press)
    again = await town.teams.post(press)

    assert "You're booked" in read(first.body)
    assert again.body == first.body


@shared
async def test_a_press_delivered_twice_at_once_is_acted_on_once(town: World):
    someone = await town.newcomer()
    press = await a_press_on(town, someone, "GM1")

    answers = await asyncio.gather(*(town.teams.post(press) for _ in range(5)))

    assert all("You're booked" in read(answer.body) for answer in answers)
    assert all("already" not in read(answer.body) for answer in answers)


@shared
async def test_words_delivered_twice_at_once_are_answered_once(town: World):
    someone = await town.newcomer()
    words = town.teams.activities.message("book MC2", someone)

    answers = await asyncio.gather(*(town.teams.post(words) for _ in range(5)))
    await town.teams.post(words)

    assert [answer.status for answer in answers] == [201] * 5
    [sent] = town.connector.sent_to(someone)
    assert "You're booked" in sent.read


@shared
async def test_the_same_words_said_again_are_answered_again(town: World):
    someone = await town.newcomer()

    await town.teams.say(someone, "help")
    await town.teams.say(someone, "help")

    assert len(town.connector.sent_to(someone)) == 2


# --- many at once ------------------------------------------------------------------------------


async def test_fifty_presses_at_once_for_twelve_places(database_url: str):
    async with a_world(database_url) as world:
        crowd = [a_person(f"Person {number}") for number in range(50)]
        await world.know(*crowd)
        presses = [await a_press_on(world, person, "GM1") for person in crowd]

        answers = await asyncio.gather(*(world.teams.post(press) for press in presses))

        told = [read(answer.body) for answer in answers]
        states = list((await world.bookings("GM1")).values())
        assert states == ["booked"] * 12 + ["waiting"] * 38
        assert sum("You're booked" in words for words in told) == 12
        await positions_told_are_those_of_the_queue(world, crowd, told)
        assert await world.bot.breaches() == []


async def positions_told_are_those_of_the_queue(
    world: World, crowd: list[Person], told: list[str]
) -> None:
    """Whoever was told that they are third in line stands third in line."""
    names = [name for name, state in (await world.bookings("GM1")).items() if state == "waiting"]
    for person, words in zip(crowd, told, strict=True):
        if person.name in names:
            place = names.index(person.name) + 1
            assert f"You are {ordinal(place)} on the waiting list" in words


async def test_twelve_people_who_give_back_at_once_hand_on_every_place(database_url: str):
    async with a_world(database_url) as world:
        crowd = [a_person(f"Person {number}") for number in range(30)]
        session = (await world.session("GM1")).id
        await world.know(*crowd)
        for person in crowd:
            await world.bot.core.bookings.book(person_id(person), session)
        presses = [
            world.teams.activities.invoke("session.cancel", {"session": session}, person)
            for person in crowd[:12]
        ]

        await asyncio.gather(*(world.teams.post(press) for press in presses))

        states = list((await world.bookings("GM1")).values())
        assert states == ["cancelled"] * 12 + ["offered"] * 12 + ["waiting"] * 6
        await world.bot.settled()
        for person in crowd[12:24]:
            assert len(world.told(person, "A place came free. Do you want it?")) == 1


async def test_two_first_contacts_at_once_are_welcomed_once(database_url: str):
    """Teams tells of an installation twice, and does not wait for the first to be answered."""
    async with a_world(database_url) as world:
        newcomers = [a_person(f"New {number}") for number in range(8)]
        told: list[Activity] = []
        for person in newcomers:
            world.connector.chats.add_person(person)
            activities = world.teams.activities
            told.append(activities.conversation_update(person, bot_added=True, added=[person]))
            told.append(activities.installation_update(person))

        await asyncio.gather(*(world.teams.post(activity) for activity in told))

        assert [len(world.connector.sent_to(person)) for person in newcomers] == [1] * 8


# --- how these come about ----------------------------------------------------------------------


async def has(world: World, code: str) -> dict[str, int]:
    return {"session": (await world.session(code)).id}


async def a_press_on(world: World, person: Person, code: str) -> Activity:
    return world.teams.activities.invoke("session.book", await has(world, code), person)


async def invoked(world: World, value: Any) -> dict[str, Any]:
    """The body that answers any value in an adaptiveCard/action, which never fails on the wire."""
    someone = await world.newcomer()
    asked = world.teams.activities.request("adaptiveCard/action", value, someone)
    answer = await world.teams.post(asked)
    assert answer.status == 200
    return answer.body


async def an_offer_to_bo(world: World) -> Any:
    """Asha gives the only place back within a day of the start, and Bo is next."""
    await world.book(ASHA, "MC1")
    await world.book(BO, "MC1")
    await world.bot.move_to(london("2026-05-18T12:00"))
    await world.teams.say(ASHA, "cancel MC1")
    await world.bot.settled()
    [offer] = world.told(BO, "A place came free. Do you want it?")
    return offer
