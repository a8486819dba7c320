"""Sessions as events of the organiser's mailbox, bookings as attendees, and Microsoft 365 on bad days."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from learning.notices import Kind
from services.ports.storage import LedgerEntry
from tests.scenarios.world import (
    ASHA,
    BO,
    GENERAL,
    MONDAY,
    ORGA,
    PEOPLE,
    WEEK,
    World,
    a_bot,
    london,
    person_id,
    surroundings,
)
from tests.support.activities import a_person
from tests.support.graph import ORGANISER
from tests.support.troubles import DROPPED, FOREVER

HEADER = "code,title,starts,ends,capacity,format\n"
GONE_FOR_GOOD = timedelta(days=2)


# --- events ------------------------------------------------------------------------------------


async def test_every_teams_session_gets_its_event_and_no_other_session_does(world: World):
    assert sorted(event.subject for event in world.graph.events) == [
        "Growth mindset",
        "Mentoring circles",
    ]


async def test_an_event_is_a_teams_meeting_where_people_see_only_themselves(world: World):
    event = world.graph.event_of("Growth mindset")

    assert event.data["isOnlineMeeting"] is True
    assert event.data["onlineMeetingProvider"] == "teamsForBusiness"
    assert event.data["hideAttendees"] is True
    assert event.transaction_id.startswith("learnweek-")


@pytest.mark.parametrize(
    ("day", "utc"),
    [("2026-05-18", "09:00"), ("2026-10-24", "09:00"), ("2026-10-26", "10:00")],
)
async def test_an_event_keeps_londons_time_before_and_after_the_clocks_change(
    story_database: str, day: str, utc: str
):
    autumn = f"{HEADER}AU1,Autumn talk,{day}T10:00,{day}T11:00,,teams\n"
    async with a_council(story_database) as world:
        await world.bot.publish(autumn)
        await world.bot.settled()

        event = world.graph.event_of("Autumn talk")
        assert event.data["start"] == {"dateTime": f"{day}T10:00:00", "timeZone": "Europe/London"}
        assert f"{event.starts:%Y-%m-%d %H:%M}" == f"{day} {utc}"


async def test_a_meeting_that_graph_makes_only_afterwards_is_waited_for(story_database: str):
    async with a_council(story_database) as world:
        world.graph.calendar.meeting_at_once = False
        await world.bot.publish(WEEK)
        await world.bot.settled()

        link = (await world.session("GM1")).join_url
        assert link == world.graph.event_of("Growth mindset").join_url


async def test_many_sessions_at_once_do_not_crowd_the_mailbox(story_database: str):
    rows = [f"S{n},Talk {n},2026-05-18T{9 + n}:00,2026-05-18T{9 + n}:30,,teams" for n in range(10)]
    async with a_council(story_database) as world:
        world.graph.delay = 0.02
        await world.bot.publish(HEADER + "\n".join(rows).replace("T9:", "T09:"))
        await world.bot.settled()

        assert len(world.graph.events) == 10
        assert 1 < world.graph.most_in_flight[ORGANISER.aad_id] < 4


# --- attendees ---------------------------------------------------------------------------------


async def test_ten_bookings_in_a_row_are_few_changes_of_the_attendees_alone(world: World):
    crowd = [a_person(f"Person {number}") for number in range(10)]
    await world.know(*crowd)
    session = (await world.session("GM1")).id
    for person in crowd:
        press = world.teams.activities.invoke("session.book", {"session": session}, person)
        await world.teams.post(press)
    await world.pass_time()

    event = world.graph.event_of("Growth mindset")
    assert sorted(event.attendees) == sorted(person.email for person in crowd)
    assert 1 <= len(world.graph.changes) <= 3  # one, where the machine is not busy
    assert all(change.attendees_only for change in world.graph.changes)


async def test_each_attendee_is_invited_once_and_nobody_hears_of_the_others(world: World):
    await world.book(ASHA, "GM1")
    await world.pass_time()
    await world.book(BO, "GM1")
    await world.pass_time()

    assert Counter((mail.kind, mail.to) for mail in world.graph.mail) == {
        ("invitation", ASHA.email): 1,
        ("invitation", BO.email): 1,
    }


async def test_who_waits_is_not_invited_until_a_place_comes_free(world: World):
    await world.bot.publish(f"{HEADER}ONE,For one,2026-05-20T10:00,2026-05-20T11:00,1,teams\n")
    await world.book(ASHA, "ONE")
    await world.book(BO, "ONE")
    await world.pass_time()
    first = world.graph.event_of("For one").attendees
    await world.teams.say(ASHA, "cancel ONE")
    await world.pass_time()

    assert first == [ASHA.email]
    assert world.graph.event_of("For one").attendees == [BO.email]


async def test_somebody_whom_graph_does_not_know_is_invited_by_the_address_teams_has(
    world: World,
):
    guest = a_person("Guest")
    await world.know(guest)
    del world.graph.directory.users[guest.aad_id]

    await world.book(guest, "GM1")
    await world.pass_time()

    assert world.graph.event_of("Growth mindset").attendees == [guest.email]


# --- changes -----------------------------------------------------------------------------------


async def test_a_changed_session_changes_its_event_and_keeps_who_is_on_it(world: World):
    await world.book(ASHA, "GM1")
    await world.pass_time()
    link = world.graph.event_of("Growth mindset").join_url

    await world.bot.publish(
        f"{HEADER}GM1,Growth mindset again,2026-05-18T12:00,2026-05-18T13:00,12,teams\n"
    )
    await world.bot.settled()

    event = world.graph.event_of("Growth mindset again")
    assert f"{event.starts:%H:%M}" == "11:00"
    assert event.attendees == [ASHA.email]
    assert event.join_url == link == (await world.session("GM1")).join_url
    assert [mail.kind for mail in world.graph.mail if mail.to == ASHA.email][-1] == "update"


async def test_a_session_called_off_cancels_its_event_with_a_word_of_why(world: World):
    await world.book(ASHA, "GM1")
    await world.pass_time()

    await world.bot.core.programme.cancel_session((await world.session("GM1")).id)
    await world.bot.settled()

    assert [event.subject for event in world.graph.events] == ["Mentoring circles"]
    assert world.graph.mail[-1].kind == "cancellation"
    assert "Growth mindset has been cancelled" in world.graph.mail[-1].comment


async def test_a_session_that_is_no_longer_on_teams_loses_its_event(world: World):
    await world.bot.publish(
        f"{HEADER}GM1,Growth mindset,2026-05-18T10:00,2026-05-18T11:00,12,in_person\n"
    )
    await world.bot.settled()

    assert [event.subject for event in world.graph.events] == ["Mentoring circles"]


async def test_an_import_that_changes_nothing_asks_nothing_of_graph(world: World):
    before = len(world.graph.log)

    await world.bot.publish(WEEK)
    await world.bot.settled()

    assert len(world.graph.log) == before


# --- Graph on a bad day ------------------------------------------------------------------------


async def test_a_throttled_request_waits_as_long_as_graph_says(world: World):
    world.graph.fail_next(429, headers={"Retry-After": "60"}, method="PATCH")
    await world.book(ASHA, "GM1")
    await world.pass_time()
    await world.pass_time(timedelta(seconds=50))
    early = world.graph.event_of("Growth mindset").attendees
    await world.pass_time(timedelta(seconds=30))

    assert early == []
    assert world.graph.event_of("Growth mindset").attendees == [ASHA.email]


@pytest.mark.parametrize("status", [500, 502, 503, 504, DROPPED])
async def test_what_graph_could_not_do_just_now_is_done_later(world: World, status: int):
    world.graph.fail_next(status, method="PATCH")
    booked = await world.book(ASHA, "GM1")
    await world.pass_time()
    first = world.graph.event_of("Growth mindset").attendees
    await world.pass_time(timedelta(seconds=10))

    assert "You're booked" in booked["speak"]
    assert first == []
    assert world.graph.event_of("Growth mindset").attendees == [ASHA.email]


async def test_an_event_that_somebody_deleted_is_made_again_with_everybody_on_it(world: World):
    await world.book(ASHA, "GM1")
    await world.pass_time()
    deleted = world.graph.event_of("Growth mindset")
    deleted.state = "deleted"

    await world.book(BO, "GM1")
    await world.pass_time()

    event = world.graph.event_of("Growth mindset")
    assert sorted(event.attendees) == [ASHA.email, BO.email]
    assert event.transaction_id != deleted.transaction_id
    assert (await world.session("GM1")).join_url == event.join_url


@pytest.mark.parametrize("duplicate_status", [400, 409])
@pytest.mark.parametrize("status", [503, 504, DROPPED])
async def test_an_event_whose_making_was_not_confirmed_is_found_and_not_made_twice(
    story_database: str, status: int, duplicate_status: int
):
    async with a_council(story_database) as world:
        world.graph.calendar.duplicate_status = duplicate_status
        world.graph.fail_next(status, method="POST", acted=True)
        await world.bot.publish(ONE_TALK)
        await world.bot.settled()
        unconfirmed = (await world.session("GM1")).join_url
        await world.pass_time(timedelta(seconds=10))

        assert unconfirmed == ""
        assert len(world.graph.calendar.events) == 1
        assert (await world.session("GM1")).join_url == world.graph.events[0].join_url


async def test_an_event_made_unconfirmed_and_then_deleted_is_made_anew(story_database: str):
    async with a_council(story_database) as world:
        world.graph.fail_next(503, method="POST", acted=True)
        await world.bot.publish(ONE_TALK)
        await world.bot.settled()
        world.graph.events[0].state = "deleted"
        await world.pass_time(timedelta(seconds=10))

        [event] = world.graph.events
        assert (await world.session("GM1")).join_url == event.join_url


async def test_an_event_made_unconfirmed_still_gets_those_who_booked_meanwhile(
    story_database: str,
):
    async with a_council(story_database) as world:
        world.graph.fail_next(503, method="POST", acted=True)
        await world.bot.publish(ONE_TALK)
        await world.bot.settled()
        await world.book(ASHA, "GM1")
        await world.pass_time(timedelta(seconds=10))
        await world.pass_time(timedelta(seconds=10))

        assert world.graph.event_of("Growth mindset").attendees == [ASHA.email]


async def test_without_permission_it_gives_up_with_a_reason_and_the_chat_goes_on(
    story_database: str,
):
    async with a_council(story_database) as world:
        world.graph.deny("/events")
        await world.bot.publish(ONE_TALK)
        booked = await world.book(ASHA, "GM1")
        await world.pass_time()

        assert "You're booked" in booked["speak"]
        given_up = [row for row in await calendar_rows(world) if row.state == "given_up"]
        assert [row.last_error for row in given_up] == ["Graph: 403 ErrorAccessDenied"] * 2
        world.graph.heal()


async def test_once_permission_is_given_the_next_booking_brings_everybody_on(story_database: str):
    async with a_council(story_database) as world:
        world.graph.deny("/events")
        await world.bot.publish(ONE_TALK)
        await world.book(ASHA, "GM1")
        await world.pass_time()
        world.graph.heal()
        await world.book(BO, "GM1")
        await world.pass_time()

        assert sorted(world.graph.event_of("Growth mindset").attendees) == [ASHA.email, BO.email]


async def test_while_graph_is_down_the_booking_stands_and_the_link_and_invitation_follow(
    story_database: str,
):
    async with a_council(story_database) as world:
        world.graph.fail_next(503, times=FOREVER)
        await world.bot.publish(ONE_TALK)
        booked = await world.book(ASHA, "GM1")
        await world.pass_time()
        mine = (await world.teams.say(ASHA, "my bookings")).only.card
        world.graph.heal()
        await world.pass_time(timedelta(minutes=15))
        mine_later = (await world.teams.say(ASHA, "my bookings")).only.card

        event = world.graph.event_of("Growth mindset")
        assert "The link to join follows" in str(booked)
        assert "Action.OpenUrl" not in str(mine)
        assert f"{event.join_url}" in str(mine_later)
        assert event.attendees == [ASHA.email]


async def test_a_request_that_would_not_help_any_more_is_not_made_for_ever(story_database: str):
    async with a_council(story_database) as world:
        world.graph.fail_next(503, times=FOREVER)
        await world.bot.publish(f"{HEADER}FAR,Far away,2026-06-18T10:00,2026-06-18T11:00,,teams\n")
        await world.bot.settled()
        await world.pass_time(GONE_FOR_GOOD)

        assert [row.state for row in await calendar_rows(world)] == ["given_up"]
        world.graph.heal()


@pytest.mark.parametrize(
    ("endpoint", "status"), [("token", 503), ("token", DROPPED), ("metadata", 500)]
)
async def test_while_the_login_host_is_down_the_booking_stands_and_the_invitation_follows(
    story_database: str, endpoint: str, status: int
):
    async with surroundings() as around:
        around.login.fail_next(status, endpoint=endpoint, times=FOREVER)
        async with a_bot(around, story_database) as world:
            await world.know(ASHA)
            await world.bot.publish(ONE_TALK)
            await world.bot.core.bookings.book(person_id(ASHA), (await world.session("GM1")).id)
            await world.pass_time()
            before = list(world.graph.events)
            around.login.heal()
            await world.pass_time(timedelta(minutes=15))

            assert before == []
            assert world.graph.event_of("Growth mindset").attendees == [ASHA.email]


async def test_work_left_in_the_outbox_is_done_after_a_restart(story_database: str):
    async with surroundings() as around:
        around.graph.fail_next(503, times=FOREVER)
        async with a_bot(around, story_database) as world:
            await world.know(ASHA)
            await world.bot.publish(ONE_TALK)
            await world.book(ASHA, "GM1")
            await world.pass_time()
        around.graph.heal()
        async with a_bot(around, story_database, at=MONDAY + timedelta(minutes=20)) as world:
            await world.bot.tick()
            await world.pass_time()

            assert world.graph.event_of("Growth mindset").attendees == [ASHA.email]
            assert len(world.graph.calendar.events) == 1


# --- Teams on a bad day ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers"),
    [(429, {"Retry-After": "0"}), (429, {}), (412, {}), (502, {}), (503, {}), (504, {})],
)
async def test_an_answer_that_teams_refuses_for_a_moment_is_sent_again_in_the_same_turn(
    world: World, status: int, headers: dict[str, str]
):
    world.connector.fail_next(status, headers=headers)

    answer = await world.teams.say(ASHA, "help")

    assert answer.status == 201
    assert "What you can ask me" in answer.only.read


async def test_while_the_login_host_is_down_a_turn_ends_quietly_and_the_next_is_answered(
    story_database: str,
):
    async with surroundings() as around:
        around.login.fail_next(503, endpoint="token", times=FOREVER)
        async with a_bot(around, story_database) as world:
            await world.know(ASHA)
            unheard = await world.teams.say(ASHA, "help")
            around.login.heal()
            heard = await world.teams.say(ASHA, "help")

    assert (unheard.status, unheard.sent) == (201, [])
    assert "What you can ask me" in heard.only.read


async def test_an_answer_that_teams_will_not_take_leaves_what_was_done(world: World):
    world.connector.fail_next(500)

    answer = await world.teams.say(ASHA, "book GM1")

    assert (answer.status, answer.sent) == (201, [])
    assert await world.state(ASHA, "GM1") == "booked"


async def test_who_took_the_app_away_is_not_written_to(world: World):
    await world.book(ASHA, "MC2")
    await world.teams.uninstall(ASHA)
    calls = world.connector.counts.total()

    await world.bot.move_to(london("2026-05-18T14:00"))

    assert world.connector.counts.total() == calls
    [row] = [r for r in await world.bot.outbox(Kind.NUDGE) if r.state == "given_up"]
    assert row.last_error == "removed the app"


async def test_who_adds_the_app_again_is_written_to_again(world: World):
    await world.book(ASHA, "MC2")
    await world.teams.uninstall(ASHA)
    await world.teams.install(ASHA)

    await world.bot.move_to(london("2026-05-18T14:00"))

    assert len(world.told(ASHA, "Mentoring circles starts")) == 1


@pytest.mark.parametrize(("status", "code"), [(403, "BotNotInConversationRoster"), (404, None)])
async def test_a_channel_that_is_gone_is_not_posted_to_again(
    world: World, status: int, code: str | None
):
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    world.connector.sent.clear()
    world.connector.fail_next(status, code=code, conversation=GENERAL.id)
    await world.bot.move_to(london("2026-05-18T08:30"))
    calls = world.connector.counts.total()
    await world.bot.move_to(london("2026-05-19T08:30"))

    assert world.connector.counts.total() == calls
    assert await world.bot.core.channels.find(GENERAL.id) is None


async def test_a_team_that_took_the_app_away_gets_no_more_highlights(world: World):
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    await world.teams.uninstall(ORGA, where=GENERAL)
    calls = world.connector.counts.total()

    await world.bot.move_to(london("2026-05-18T08:30"))

    assert world.connector.counts.total() == calls


@pytest.mark.parametrize("status", [429, 412, 500, 502, 503, 504])
async def test_a_nudge_that_did_not_get_through_comes_later_and_once(world: World, status: int):
    await world.book(ASHA, "MC2")
    world.connector.fail_next(status, times=2)
    await world.bot.move_to(london("2026-05-18T14:00"))
    first = world.told(ASHA, "Mentoring circles starts")
    await world.pass_time(timedelta(seconds=10))
    await world.pass_time(timedelta(seconds=30))
    await world.pass_time(timedelta(minutes=5))

    assert first == []
    assert len(world.told(ASHA, "Mentoring circles starts")) == 1


@pytest.mark.parametrize("seconds", ["inf", "nan", "9" * 30, "soon"])
async def test_a_wait_that_makes_no_sense_stops_neither_the_nudge_nor_the_others(
    world: World, seconds: str
):
    await world.book(ASHA, "MC2")
    world.connector.fail_next(429, headers={"Retry-After": seconds}, conversation=ASHA.chat)
    await world.bot.move_to(london("2026-05-18T14:00"))

    [tried] = [row for row in await world.bot.outbox(Kind.NUDGE) if row.attempts]
    assert (tried.state, tried.last_error) == ("held_back", "connector: 429")


async def test_one_person_who_cannot_be_reached_does_not_hold_up_the_others(world: World):
    await world.book(ASHA, "MC2")
    await world.book(BO, "MC2")
    world.connector.fail_next(503, conversation=ASHA.chat, times=FOREVER)

    await world.bot.move_to(london("2026-05-18T14:00"))

    assert len(world.told(BO, "Mentoring circles starts")) == 1
    world.connector.heal()


async def test_a_nudge_that_came_too_late_is_left_out(world: World):
    await world.book(ASHA, "MC2")
    world.connector.fail_next(503, times=FOREVER)
    await world.bot.move_to(london("2026-05-19T13:50"))
    world.connector.heal()
    await world.bot.move_to(london("2026-05-19T14:00"))

    assert world.told(ASHA, "Mentoring circles starts") == []
    assert not [row for row in await world.bot.outbox(Kind.NUDGE) if row.state in OPEN]


OPEN = ("queued", "leased", "held_back")


# --- how these come about ----------------------------------------------------------------------

ONE_TALK = f"{HEADER}GM1,Growth mindset,2026-05-18T10:00,2026-05-18T11:00,12,teams\n"


@asynccontextmanager
async def a_council(database_url: str) -> AsyncGenerator[World]:
    """Everybody known, and nothing published yet."""
    async with surroundings() as around, a_bot(around, database_url) as world:
        await world.know(*PEOPLE)
        yield world


async def calendar_rows(world: World) -> list[LedgerEntry]:
    return await world.bot.outbox(Kind.EVENT, Kind.ATTENDEES)
