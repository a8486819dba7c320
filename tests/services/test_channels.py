"""Channels that asked for highlights are known as Teams last told of them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from learning.people import Channel
from services.channels import TEAM_ARCHIVED, TEAM_DELETED, ChannelService
from tests.services.desk import Desk
from tests.support.builders import address, details
from tests.support.databases import ON_SQLITE

MORNING = datetime(2026, 5, 20, 7, 30, tzinfo=UTC)
"""08:30 in London on the Wednesday that has a session."""

TEAM = "19:team"


def channel(name: str, team_id: str = TEAM) -> Channel:
    return Channel(
        id=f"19:{name}", name=name, team_id=team_id, team_name="Learning", address=address(name)
    )


GENERAL = channel("general")


@ON_SQLITE
async def test_a_channel_that_subscribed_is_known_until_it_unsubscribes(desk: Desk):
    await desk.channels.subscribe(GENERAL)
    await desk.channels.subscribe(replace(GENERAL, name="", team_name=""))
    assert await desk.channels.find(GENERAL.id) == GENERAL

    assert await desk.channels.unsubscribe(GENERAL.id)
    assert not await desk.channels.unsubscribe(GENERAL.id)
    assert await desk.channels.find(GENERAL.id) is None


@ON_SQLITE
async def test_unsubscribing_takes_back_what_is_written_for_this_channel(desk: Desk):
    await desk.publish(details())
    for name in ("general", "other"):
        await desk.channels.subscribe(channel(name))
    desk.clock.set(MORNING)
    await desk.outreach.queue()

    await desk.channels.unsubscribe("19:general")

    assert [notice.channel_id for notice in await desk.owed()] == ["19:other"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("heard", "known"),
    [
        (GENERAL, GENERAL),
        (replace(GENERAL, name=""), GENERAL),
        (replace(GENERAL, team_id="", team_name=""), GENERAL),
        (replace(GENERAL, name="All of us"), replace(GENERAL, name="All of us")),
        (replace(GENERAL, team_name="L&D"), replace(GENERAL, team_name="L&D")),
        (replace(GENERAL, address=address("new")), replace(GENERAL, address=address("new"))),
    ],
)
async def test_a_channel_follows_what_activities_say_of_it(
    desk: Desk, heard: Channel, known: Channel
):
    await desk.channels.subscribe(GENERAL)

    await desk.channels.heard_from(heard)

    assert await desk.channels.find(GENERAL.id) == known


@ON_SQLITE
async def test_a_channel_that_never_asked_stays_unknown(desk: Desk):
    await desk.channels.heard_from(GENERAL)
    await desk.channels.pause(GENERAL.id)
    await desk.channels.resume(GENERAL.id)

    assert await desk.channels.find(GENERAL.id) is None


STEPS: dict[str, Callable[[ChannelService], Awaitable[None]]] = {
    "delete": lambda channels: channels.pause("19:a"),
    "restore": lambda channels: channels.resume("19:a"),
    "speak": lambda channels: channels.heard_from(channel("a")),
    "archive team": lambda channels: channels.pause_team(TEAM, TEAM_ARCHIVED),
    "delete team": lambda channels: channels.pause_team(TEAM, TEAM_DELETED),
    "restore team": lambda channels: channels.resume_team(TEAM),
    "delete unknown": lambda channels: channels.pause_team("", TEAM_DELETED),
}


@ON_SQLITE
@pytest.mark.parametrize(
    ("steps", "paused"),
    [
        (["delete"], ["channel deleted", "", ""]),
        (["delete", "restore"], ["", "", ""]),
        (["delete", "speak"], ["", "", ""]),
        (["archive team"], ["team archived", "team archived", ""]),
        (["archive team", "restore team"], ["", "", ""]),
        (["archive team", "speak"], ["", "team archived", ""]),
        (["delete team"], ["team deleted", "team deleted", ""]),
        (["delete", "delete team", "restore team"], ["channel deleted", "", ""]),
        (["delete", "delete team", "restore team", "restore"], ["", "", ""]),
        (["delete unknown"], ["", "", ""]),
    ],
)
async def test_a_channel_is_left_alone_while_it_or_its_team_is_away(
    desk: Desk, steps: list[str], paused: list[str]
):
    for each in (channel("a"), channel("b"), channel("c", "")):
        await desk.channels.subscribe(each)

    for step in steps:
        await STEPS[step](desk.channels)

    known = [await desk.channels.find(f"19:{name}") for name in "abc"]
    assert [each and each.paused for each in known] == paused


@ON_SQLITE
async def test_a_team_is_renamed_in_all_its_channels(desk: Desk):
    for each in (channel("a"), channel("b"), channel("c", "19:another team")):
        await desk.channels.subscribe(each)

    await desk.channels.rename_team(TEAM, "L&D")

    known = [await desk.channels.find(f"19:{name}") for name in "abc"]
    assert [each and each.team_name for each in known] == ["L&D", "L&D", "Learning"]


@ON_SQLITE
async def test_leaving_a_team_forgets_its_channels_and_no_others(desk: Desk):
    for each in (channel("a"), channel("b"), channel("c", "")):
        await desk.channels.subscribe(each)

    await desk.channels.leave_team(TEAM)
    await desk.channels.leave_team("")

    known = [await desk.channels.find(f"19:{name}") for name in "abc"]
    assert known == [None, None, channel("c", "")]
