"""The main story: ask what is on, book from the card, get the meeting, be nudged, read the highlights."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from store.pace import SqlPace
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    GENERAL,
    ORGA,
    WEEK,
    World,
    a_world,
    london,
    person_id,
    read,
)
from tests.support.activities import a_person
from tests.support.card_parts import buttons, parts
from tests.support.product import sqlite_url

NIA = a_person("Nia", timezone="America/New_York")


# --- first contact -----------------------------------------------------------------------------


async def test_whoever_adds_the_app_is_welcomed_with_three_things_to_try(world: World):
    welcome = await world.teams.install(NIA)

    assert "Hello Nia, I'm Learnweek" in welcome.read
    assert [b["title"] for b in buttons(welcome.card)] == [
        "What's on today",
        "What's on this week",
        "My bookings",
    ]


async def test_the_welcome_comes_once_also_when_the_app_is_added_again(world: World):
    await world.teams.install(NIA)

    reloaded = await world.teams.install(NIA)
    await world.teams.uninstall(NIA)
    added_again = await world.teams.install(NIA)
    first_words = await world.teams.say(NIA, "what's on today")

    assert (reloaded.sent, added_again.sent) == ([], [])
    assert len(first_words.sent) == 1
    assert len(world.told(NIA, "Three things to try")) == 1


async def test_somebody_whose_first_contact_is_a_question_is_answered_and_then_welcomed(
    world: World,
):
    asked = await world.teams.say(NIA, "what's on today")

    assert ["What's on today" in sent.read for sent in asked.sent] == [True, True]
    assert "Hello Nia" in asked.sent[1].read


# --- booking -----------------------------------------------------------------------------------


async def test_a_session_is_booked_from_the_list_of_what_is_on(world: World):
    listed = await world.teams.say(ASHA, "what's on today")
    growth = (await world.session("GM1")).id
    booked = await world.teams.press(ASHA, listed.only, title="Book", having={"session": growth})

    assert "What's on today, Monday 18 May" in listed.read
    assert "10:00 to 11:00 · Teams · 12 places left" in listed.read
    assert "You're booked" in read(booked)
    assert "Monday 18 May, 10:00 to 11:00" in read(booked)
    assert await world.state(ASHA, "GM1") == "booked"


async def test_the_booking_card_leads_into_the_meeting_that_graph_made(world: World):
    booked = await world.book(ASHA, "GM1")

    event = world.graph.event_of("Growth mindset")
    [join] = [part for _, part in parts(booked) if part["type"] == "Action.OpenUrl"]
    assert (join["title"], join["url"]) == ("Join", event.join_url)


async def test_whoever_books_becomes_an_attendee_of_the_event_and_whoever_cancels_leaves_it(
    world: World,
):
    await world.book(ASHA, "GM1")
    await world.book(BO, "GM1")
    await world.pass_time()
    both = world.graph.event_of("Growth mindset").attendees
    await world.teams.say(ASHA, "cancel GM1")
    await world.pass_time()

    assert sorted(both) == [ASHA.email, BO.email]
    assert world.graph.event_of("Growth mindset").attendees == [BO.email]


async def test_my_bookings_shows_what_is_booked_in_order_of_time(world: World):
    await world.book(ASHA, "MC2")
    await world.book(ASHA, "GM1")

    mine = (await world.teams.say(ASHA, "my bookings")).read

    assert mine.index("1. Growth mindset") < mine.index("2. Mentoring circles")
    assert "Tuesday 19 May, 14:00 to 15:00" in mine


async def test_a_booking_is_cancelled_from_its_own_card(world: World):
    booked = await world.book(ASHA, "GM1")
    cancelled = await world.teams.press(ASHA, booked, title="Cancel")

    assert "Booking cancelled" in read(cancelled)
    assert await world.state(ASHA, "GM1") == ""
    assert "You have no bookings yet" in (await world.teams.say(ASHA, "my bookings")).read


# --- nudges ------------------------------------------------------------------------------------


async def test_a_booking_is_nudged_a_day_an_hour_and_ten_minutes_before_and_never_again(
    world: World,
):
    await world.book(ASHA, "MC2")

    for moment in ("18T13:59", "18T14:00", "19T13:00", "19T13:50", "19T13:55", "19T14:00"):
        await world.bot.move_to(london(f"2026-05-{moment}"))

    nudges = [sent.activity["summary"] for sent in world.told(ASHA, "I can't make it")]
    assert nudges == [
        "Mentoring circles starts tomorrow at 14:00",
        "Mentoring circles starts in an hour",
        "Mentoring circles starts in 10 minutes",
    ]


async def test_each_nudge_comes_when_it_is_due_and_not_before(world: World):
    await world.book(ASHA, "MC2")

    await world.bot.move_to(london("2026-05-18T13:59"))
    before = len(world.told(ASHA, "Mentoring circles starts"))
    await world.bot.move_to(london("2026-05-18T14:00"))

    assert before == 0
    assert len(world.told(ASHA, "Mentoring circles starts")) == 1


async def test_a_late_booker_gets_the_nudges_that_lie_ahead(world: World):
    await world.bot.move_to(london("2026-05-18T09:30"))
    await world.book(ASHA, "GM1")
    await world.bot.move_to(london("2026-05-18T09:55"))

    nudges = [sent.activity["summary"] for sent in world.told(ASHA, "I can't make it")]
    assert nudges == ["Growth mindset starts in 5 minutes"]


async def test_there_is_no_nudge_for_a_place_given_back(world: World):
    await world.book(ASHA, "MC2")
    await world.teams.say(ASHA, "cancel MC2")

    await world.bot.move_to(london("2026-05-19T13:50"))

    assert world.told(ASHA, "starts") == []


async def test_who_turned_nudges_off_is_left_in_peace_until_they_turn_them_on(world: World):
    await world.book(ASHA, "MC2")
    await world.teams.say(ASHA, "nudges off")
    await world.bot.move_to(london("2026-05-18T14:00"))
    quiet = world.told(ASHA, "Mentoring circles starts")
    await world.teams.say(ASHA, "nudges on")
    await world.bot.move_to(london("2026-05-19T13:00"))

    assert quiet == []
    assert len(world.told(ASHA, "Mentoring circles starts")) == 1


async def test_a_nudge_button_gives_the_place_to_somebody_else(world: World):
    await world.book(ASHA, "MC2")
    await world.bot.move_to(london("2026-05-18T14:00"))
    [nudge] = world.told(ASHA, "Mentoring circles starts")

    given = await world.teams.press(ASHA, nudge, title="I can't make it")

    assert "Booking cancelled" in read(given)
    assert await world.state(ASHA, "MC2") == ""


# --- the morning highlights --------------------------------------------------------------------


async def test_a_channel_gets_the_highlights_at_half_past_eight_once_a_day(world: World):
    said = await world.teams.say(ORGA, "post highlights here", GENERAL)
    world.connector.sent.clear()
    await world.bot.move_to(london("2026-05-18T08:29"))
    early = world.connector.sent_to(GENERAL)
    await world.bot.move_to(london("2026-05-18T08:30"))
    await world.bot.move_to(london("2026-05-18T08:31"))

    assert "I'll post the highlights here" in said.read
    assert early == []
    [post] = world.connector.sent_to(GENERAL)
    assert "Learning today: Monday 18 May" in post.read
    assert "Growth mindset" in post.read


async def test_highlights_come_on_the_days_of_the_week_and_on_no_other(world: World):
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    world.connector.sent.clear()

    for day in range(18, 25):
        await world.bot.move_to(london(f"2026-05-{day}T08:30"))

    days = [post.activity["summary"].split(".")[0] for post in world.connector.sent_to(GENERAL)]
    assert days == [
        "Learning today: Monday 18 May",
        "Learning today: Tuesday 19 May",
        "Learning today: Wednesday 20 May",
        "Learning today: Friday 22 May",
    ]


async def test_a_channel_that_says_stop_gets_no_more(world: World):
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    stopped = await world.teams.say(ORGA, "stop highlights here", GENERAL)
    world.connector.sent.clear()

    await world.bot.move_to(london("2026-05-18T08:30"))

    assert "I've stopped posting highlights here" in stopped.read
    assert world.connector.sent_to(GENERAL) == []


async def test_a_person_abroad_gets_the_highlights_at_their_own_half_past_eight(world: World):
    await world.teams.install(NIA)
    await world.teams.say(NIA, "send me highlights")
    await world.bot.move_to(london("2026-05-19T13:29"))
    early = world.told(NIA, "Learning today: Tuesday 19 May")
    await world.bot.move_to(london("2026-05-19T13:30"))

    assert early == []
    [got] = world.told(NIA, "Learning today: Tuesday 19 May")
    assert "09:00 to 10:00 your time (14:00 Europe/London)" in got.read


async def test_a_session_is_booked_from_the_highlights_in_a_channel_in_ones_own_chat(world: World):
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    await world.bot.move_to(london("2026-05-18T08:30"))
    post = world.connector.sent_to(GENERAL)[-1]
    growth = (await world.session("GM1")).id

    pressed = await world.teams.press(ASHA, post, title="Book", having={"session": growth})

    assert pressed["value"] == "I've answered you in our own chat."
    [own] = world.told(ASHA, "You're booked")
    assert "Growth mindset" in own.read
    assert await world.state(ASHA, "GM1") == "booked"


# --- the queue ---------------------------------------------------------------------------------


async def test_more_than_a_day_ahead_the_first_in_line_is_booked_and_told(world: World):
    await world.book(ASHA, "MC1")
    waiting = await world.book(BO, "MC1")
    await world.book(CY, "MC1")

    await world.teams.say(ASHA, "cancel MC1")
    await world.bot.settled()

    assert "You are 1st on the waiting list" in read({"value": waiting})
    assert await world.bookings("MC1") == {
        "Asha": "cancelled",
        "Bo": "booked",
        "Cy": "waiting",
    }
    [news] = world.told(BO, "A place came free: you're booked")
    given = await world.teams.press(BO, news, title="Give it back")
    assert "Booking cancelled" in read(given)
    assert await world.state(CY, "MC1") == "booked"


async def an_offer(world: World) -> None:
    """Bo is offered Asha's place on Tuesday's mentoring, with Cy next in line."""
    for person in (ASHA, BO, CY):
        await world.book(person, "MC1")
    await world.bot.move_to(london("2026-05-18T12:00"))
    await world.teams.say(ASHA, "cancel MC1")
    await world.bot.settled()


async def test_nearer_than_a_day_the_place_is_offered_and_can_be_taken(world: World):
    await an_offer(world)
    [offer] = world.told(BO, "A place came free. Do you want it?")

    taken = await world.teams.press(BO, offer, title="Take the place")

    assert "It is held for you until 16:00" in offer.read
    assert "You're booked" in read(taken)
    assert await world.state(BO, "MC1") == "booked"


async def test_an_offer_passed_on_goes_to_the_next_in_line(world: World):
    await an_offer(world)
    [offer] = world.told(BO, "A place came free. Do you want it?")

    await world.teams.press(BO, offer, title="No, pass it on")
    await world.bot.settled()

    assert await world.state(BO, "MC1") == ""
    assert await world.state(CY, "MC1") == "offered"
    assert len(world.told(CY, "A place came free. Do you want it?")) == 1


async def test_an_offer_that_nobody_takes_up_runs_out_and_goes_on(world: World):
    await an_offer(world)
    [offer] = world.told(BO, "A place came free. Do you want it?")

    await world.bot.move_to(london("2026-05-18T16:00") + timedelta(seconds=30))
    late = await world.teams.press(BO, offer, title="Take the place")

    assert len(world.told(BO, "The place has gone to the next in line")) == 1
    assert len(world.told(CY, "A place came free. Do you want it?")) == 1
    assert "That offer has run out" in read(late)
    assert await world.state(CY, "MC1") == "offered"


async def test_words_take_up_an_offer_as_its_button_does(world: World):
    await an_offer(world)

    answer = await world.teams.say(BO, "my bookings")
    taken = await world.teams.press(BO, answer.only, title="Take the place")

    assert "You're booked" in read(taken)


# --- the organiser changes the programme -------------------------------------------------------


async def test_a_session_that_moves_is_told_once_and_nudged_at_its_new_time(world: World):
    await world.book(ASHA, "MC2")

    await world.bot.publish(A_DAY_LATER)
    await world.bot.publish(A_DAY_LATER)
    await world.bot.move_to(london("2026-05-19T13:50"))
    await world.bot.move_to(london("2026-05-19T14:00"))

    [news] = world.told(ASHA, "Mentoring circles has moved")
    assert "Wednesday 20 May, 14:00 to 15:00" in news.read
    assert "Tuesday 19 May, 14:00" in news.read
    nudges = [sent.activity["summary"] for sent in world.told(ASHA, "Mentoring circles starts")]
    assert nudges == ["Mentoring circles starts tomorrow at 14:00"]


A_DAY_LATER = """\
code,title,topics,starts,ends,capacity,format
MC2,Mentoring circles,mentoring,2026-05-20T14:00,2026-05-20T15:00,12,teams
"""


async def test_a_nudge_already_on_its_way_is_not_sent_when_the_session_moves(world: World):
    await world.book(ASHA, "MC2")
    await SqlPace(world.bot.core.database, rate=40).hold(0.5)
    world.bot.clock.set(london("2026-05-18T14:00"))
    await world.bot.tick()
    await world.bot.under_way()

    await world.bot.publish(A_DAY_LATER)
    await world.bot.settled()

    assert world.told(ASHA, "Mentoring circles starts") == []


async def test_a_session_called_off_is_told_to_everybody_in_it_and_nudges_nobody(world: World):
    await world.book(ASHA, "MC1")
    await world.book(BO, "MC1")
    asked = await world.teams.say(ORGA, "cancel session MC1")
    done = await world.teams.press(ORGA, asked.only, title="Yes, cancel the session")
    await world.bot.move_to(london("2026-05-19T09:50"))

    assert "is called off for everybody" in asked.read
    assert "I'm telling 2 people" in read(done)
    for person in (ASHA, BO):
        assert len(world.told(person, "Mentoring or coaching is cancelled")) == 1
        assert world.told(person, "starts") == []


# --- both routes -------------------------------------------------------------------------------


async def test_the_submit_route_does_what_the_execute_route_does_for_every_button(tmp_path: Path):
    """Two worlds live through the same week; then in one each button is executed, in the other submitted.

    What a press brings up is pressed as well, until there is nothing new; forgetting comes last.
    """
    async with (
        a_world(sqlite_url(tmp_path / "one"), organisers=ASHA.aad_id) as one,
        a_world(sqlite_url(tmp_path / "other"), organisers=ASHA.aad_id) as other,
    ):
        await a_full_week(one)
        await a_full_week(other)
        other.connector.skip_card_checks()  # they are the cards that the first world has checked
        ahead = buttons_of(one)
        assert ahead == buttons_of(other)
        pressed: list[dict[str, Any]] = []
        while ahead:
            ahead.sort(key=lambda button: button["verb"] == "data.forget")
            button = ahead.pop(0)
            if button in pressed:
                continue
            pressed.append(button)
            executed = await one.teams.press(ASHA, a_card_of(button))
            submitted = await other.teams.submit(ASHA, a_card_of(button))
            [answer] = [sent for sent in submitted.sent if sent.reply_to]
            assert read(executed) == answer.read, button
            assert await standings(one) == await standings(other), button
            ahead += buttons(executed["value"])

    assert {button["verb"] for button in pressed} == EVERY_VERB


EVERY_VERB = {
    "again.ask",
    "again.list",
    "again.stop",
    "bookings.show",
    "data.ask_forget",
    "data.forget",
    "data.keep",
    "day.show",
    "feedback.came",
    "feedback.send",
    "highlights.off",
    "list.more",
    "nudges.off",
    "organiser.ask_cancel",
    "organiser.cancel",
    "session.book",
    "session.cancel",
    "session.leave",
    "session.show",
    "session.swap",
    "waiting.accept",
    "waiting.pass",
}
"""All that stand on cards; `nudges.on` and `highlights.on` are understood but on none."""


async def a_full_week(world: World) -> None:
    """Asha sees every card there is, those she asks for and those that come by themselves."""
    await world.book(BO, "MC1")
    await world.book(BO, "RE1")
    for words in (
        "help",
        "what's on this week",
        "find mentoring",
        "book growth mindset",
        "book digital accessibility",
        "book mentoring",
        "book MC2",
        "book MC1",
        "book RE1",
        "resources",
        "send me highlights",
        "cancel session mentoring",
        "my data",
        "my bookings",
        "something else entirely",
    ):
        await world.teams.say(ASHA, words)
    await world.teams.say(BO, "cancel RE1")
    await world.bot.move_to(london("2026-05-18T09:00"))
    await world.bot.publish(WEEK.replace("2026-05-19T14:00,2026-05-19T15:00", MOVED))
    await world.bot.move_to(london("2026-05-18T12:00"))
    await world.teams.say(BO, "cancel MC1")
    await world.bot.settled()


MOVED = "2026-05-19T15:00,2026-05-19T16:00"


def buttons_of(world: World) -> list[dict[str, Any]]:
    """Every button that Asha has been shown, in an order that does not depend on who was quicker."""
    cards = [card for sent in world.connector.sent_to(ASHA) for card in sent.cards]
    found = [b for card in cards for b in buttons(card)]
    return sorted(found, key=str)


def a_card_of(button: dict[str, Any]) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.5", "body": [], "actions": [button]}


async def standings(world: World) -> list[tuple[str, str, str]]:
    mine = await world.bot.core.bookings.mine(person_id(ASHA))
    return [(s.session.code, s.booking.state, s.booking.source) for s in mine if s.booking]
