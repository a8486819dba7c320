"""A session on Zoom: its meeting, everybody's own link to it, and Zoom on bad days."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

import checkup
import core
from console.doctor import examine
from integrations.clock import SystemClock
from learning.notices import ZOOM
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    GENERAL,
    ORGA,
    PEOPLE,
    World,
    a_bot,
    london,
    surroundings,
)
from tests.support import card_parts
from tests.support.activities import Person
from tests.support.login import Login
from tests.support.product import settings_for
from tests.support.troubles import DROPPED, FOREVER
from tests.support.zoom import START_URL, Zoom
from wiring.outside import connected

TITLE = "Night teams"
HEADER = "code,title,starts,ends,capacity,format\n"
TALK = f"{HEADER}NS1,{TITLE},2026-05-19T22:00,2026-05-19T23:00,2,zoom\n"
TWO_HOURS = timedelta(hours=2)
ALL_THREE = ("zoom_account_id", "zoom_client_id", "zoom_client_secret")
NOWHERE = "http://127.0.0.1:9/v2"


@asynccontextmanager
async def a_town(database: str, zoom: Zoom) -> AsyncGenerator[World]:
    """The bot beside Zoom, with nothing published yet."""
    async with surroundings() as around, a_bot(around, database, **zoom.settings) as world:
        await world.know(*PEOPLE)
        yield world


def joins(card: dict[str, Any]) -> list[str]:
    """Where this card leads to, besides the session's own page."""
    opened = [part for _, part in card_parts.parts(card) if part["type"] == "Action.OpenUrl"]
    return [part["url"] for part in opened if part["title"] != "See the session"]


async def mine(world: World, person: Person) -> dict[str, Any]:
    return (await world.teams.say(person, "my bookings")).only.card


async def test_a_session_on_zoom_from_its_publishing_to_its_end(story_database: str):
    async with Zoom() as zoom, a_town(story_database, zoom) as world:
        await world.bot.publish(TALK)
        await world.bot.settled()
        meeting = zoom.meeting_of(TITLE)
        assert meeting.starts == london("2026-05-19T22:00")

        booked = await world.book(ASHA, "NS1")
        assert "Your own link to join follows" in str(booked)
        assert joins(booked) == []
        await world.book(BO, "NS1")
        await world.book(CY, "NS1")
        await world.pass_time()
        links = {email: r.join_url for email, r in meeting.approved.items()}
        assert set(links) == {ASHA.email, BO.email}
        assert joins(await mine(world, ASHA)) == [links[ASHA.email]]
        assert joins(await mine(world, BO)) == [links[BO.email]]
        assert joins(await mine(world, CY)) == []
        again = await world.teams.say(ASHA, "book NS1")
        assert joins(again.only.card) == [links[ASHA.email]]
        assert (await world.session("NS1")).join_url == ""

        await world.bot.publish(TALK.replace("T22", "T20").replace("T23", "T21"))
        await world.bot.settled()
        assert zoom.meetings == [meeting]
        assert meeting.starts == london("2026-05-19T20:00")
        [moved] = world.told(ASHA, "has moved")
        assert joins(moved.card) == [links[ASHA.email]]

        await world.bot.move_to(london("2026-05-19T19:50"))
        nudges = [world.told(who, "starts in 10 minutes")[-1].card for who in (ASHA, BO)]
        assert [joins(card) for card in nudges] == [[links[ASHA.email]], [links[BO.email]]]

        await world.teams.say(ASHA, "cancel NS1")
        await world.bot.settled()
        await world.teams.press(CY, world.told(CY, "Do you want it?")[-1], verb="waiting.accept")
        await world.pass_time()
        assert sorted(meeting.approved) == [BO.email, CY.email]
        assert joins(await mine(world, CY)) == [meeting.approved[CY.email].join_url]

        await world.bot.core.programme.cancel_session((await world.session("NS1")).id)
        await world.bot.settled()
        assert zoom.meetings == []
        assert joins(await mine(world, CY)) == []


async def test_a_link_is_never_shown_in_a_channel_nor_to_anybody_else(story_database: str):
    async with Zoom() as zoom, a_town(story_database, zoom) as world:
        await world.bot.publish(TALK)
        await world.teams.say(ORGA, "post highlights here", GENERAL)
        await world.book(ASHA, "NS1")
        await world.pass_time()
        link = zoom.meeting_of(TITLE).approved[ASHA.email].join_url
        await world.bot.move_to(london("2026-05-19T08:30"))
        post = world.connector.sent_to(GENERAL)[-1]
        own = await world.teams.refresh(ASHA, post)

        for words in ("NS1", "my bookings", "book NS1", "what's on today"):
            await world.teams.say(ASHA, words, GENERAL)
            await world.teams.say(BO, words)

        own_chat = [str(sent.activity) for sent in world.connector.sent_to(ASHA)]
        everywhere = [str(sent.activity) for sent in world.connector.sent]
        assert link not in str(own)
        assert any(link in said for said in own_chat)
        assert sum(link in said for said in everywhere) == sum(link in said for said in own_chat)


async def test_a_meeting_whose_answer_was_lost_is_one_meeting(
    story_database: str, capfd: pytest.CaptureFixture[str]
):
    async with Zoom() as zoom, a_town(story_database, zoom) as world:
        zoom.fail_next(DROPPED, method="POST", where="/users/", acted=True)
        await world.bot.publish(TALK)
        await world.book(ASHA, "NS1")
        await world.bot.settled()
        await world.pass_time(timedelta(seconds=10))
        await world.pass_time(timedelta(minutes=10))

        assert len(zoom.all) == 1
        [link] = joins(await mine(world, ASHA))
        assert link == zoom.meeting_of(TITLE).approved[ASHA.email].join_url
        logged = "".join(capfd.readouterr())
        secrets = (link, START_URL.format(zoom.meetings[0].id), ASHA.email, "token-1")
        assert [each for each in secrets if each in logged] == []


async def test_while_zoom_is_down_for_two_hours_bookings_stand_and_all_follows_once(
    story_database: str,
):
    async with Zoom() as zoom, a_town(story_database, zoom) as world:
        zoom.fail_next(503, times=FOREVER)
        await world.bot.publish(TALK)
        booked = [await world.book(who, "NS1") for who in (ASHA, BO)]
        for _ in range(12):
            await world.pass_time(TWO_HOURS / 12)
        waiting = joins(await mine(world, ASHA))
        await world.bot.publish(TALK.replace(TITLE, "Night shifts"))
        zoom.heal()
        await world.pass_time(timedelta(minutes=15))
        await world.pass_time(timedelta(minutes=15))

        assert all("You're booked" in card["speak"] for card in booked)
        assert waiting == []
        [meeting] = zoom.all.values()
        assert (meeting.topic, len(meeting.approved)) == ("Night shifts", 2)
        assert zoom.made("POST", "/registrants") == 2
        assert joins(await mine(world, ASHA)) == [meeting.approved[ASHA.email].join_url]
        open_rows = [r for r in await world.bot.outbox(*ZOOM) if r.state in ("queued", "held_back")]
        assert open_rows == []


async def test_ten_bookings_in_a_row_are_one_pass(story_database: str):
    async with Zoom() as zoom, a_town(story_database, zoom) as world:
        await world.bot.publish(TALK.replace(",2,", ",,"))
        await world.bot.settled()
        crowd = [await world.newcomer() for _ in range(10)]
        session = (await world.session("NS1")).id
        for person in crowd:
            press = world.teams.activities.invoke("session.book", {"session": session}, person)
            await world.teams.post(press)
        await world.pass_time()

        done = [row for row in await world.bot.outbox(*ZOOM) if row.state == "sent"]
        assert len(zoom.meeting_of(TITLE).approved) == 10
        assert zoom.made("POST", "/registrants") == 10
        assert len(done) <= 4  # the meeting, and one pass where the machine is not busy


async def test_a_session_that_goes_to_teams_and_back_has_one_meeting_at_a_time(
    story_database: str,
):
    async with Zoom() as zoom, a_town(story_database, zoom) as world:
        await world.bot.publish(TALK)
        await world.book(ASHA, "NS1")
        await world.pass_time()
        await world.bot.publish(TALK.replace("zoom", "teams"))
        await world.bot.settled()
        in_teams = (zoom.meetings, joins(await mine(world, ASHA)))
        event = world.graph.event_of(TITLE)
        await world.bot.publish(TALK)
        await world.bot.settled()

        assert in_teams == ([], [event.join_url])
        assert world.graph.events == []
        assert joins(await mine(world, ASHA)) == [
            zoom.meeting_of(TITLE).approved[ASHA.email].join_url
        ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "ok     Zoom: meetings are made for learning@example.gov.uk"),
        (dict.fromkeys(ALL_THREE, ""), "off    Zoom: not set"),
        (
            {"zoom_client_secret": ""},
            "WRONG  Zoom: is set only in part. Also set ZOOM_CLIENT_SECRET.",
        ),
        ({"zoom_client_secret": "wrong"}, "WRONG  Zoom: sign-in refused (Zoom sign-in: 400"),
        ({"zoom_account_id": "wrong"}, "Check ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET"),
        ({"zoom_host": "nobody@example.org"}, "WRONG  Zoom: Zoom knows no user nobody@example.org"),
        (
            {"zoom_base_url": NOWHERE},
            "WRONG  Zoom: Zoom: ClientConnectorError. Allow ZOOM_BASE_URL",
        ),
        ({"zoom_token_url": NOWHERE}, "WRONG  Zoom: Zoom sign-in: ClientConnectorError. Allow"),
        ({"microsoft_app_id": ""}, "off    Zoom: laptop mode"),
    ],
)
async def test_doctor_tells_apart_what_is_wrong_with_zoom(
    story_database: str, capsys: pytest.CaptureFixture[str], given: dict[str, str], says: str
):
    async with Login() as login, Zoom() as zoom:
        said = await doctor(story_database, login, capsys, **(zoom.settings | given))

    assert says in said
    assert "not-a-secret" not in said


async def test_doctor_names_the_scopes_that_are_missing(
    story_database: str, capsys: pytest.CaptureFixture[str]
):
    async with Login() as login, Zoom() as zoom:
        zoom.scopes = [scope for scope in zoom.scopes if "report" not in scope]
        said = await doctor(story_database, login, capsys, **zoom.settings)

    assert "WRONG  Zoom: the app lacks report:read:list_meeting_participants:admin. Add" in said


async def doctor(
    database: str, login: Login, capsys: pytest.CaptureFixture[str], **given: Any
) -> str:
    """What `doctor` says of Zoom."""
    settings = settings_for(database, login, **given)
    async with core.opened(settings, SystemClock()) as base, connected(base) as outside:
        await examine([c for c in checkup.checks(base, outside) if c.part == "Zoom"])
    return capsys.readouterr().out


async def test_what_was_published_before_zoom_was_set_up_follows(story_database: str):
    async with surroundings() as around:
        async with a_bot(around, story_database) as world:
            await world.know(*PEOPLE)
            await world.bot.publish(TALK)
            await world.book(ASHA, "NS1")
            await world.pass_time()
        async with (
            Zoom() as zoom,
            a_bot(around, story_database, at=london("2026-05-18T09:00"), **zoom.settings) as world,
        ):
            await world.bot.settled()

            assert list(zoom.meeting_of(TITLE).approved) == [ASHA.email]
