"""The app comes and goes, teams and channels change, and people cannot be reached for a while."""

import dataclasses
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from learning.notices import Kind
from learning.people import Channel
from store.pace import SqlPace
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
)
from tests.support.activities import Place, a_person, channel, group_chat
from tests.support.connector import Connector
from tests.support.product import Running
from tests.support.teams import Teams

NIA = a_person("Nia")
POLICY = group_chat("Policy team", members=[ASHA, BO])
NEWS = channel("News")
REFUSALS = (
    "BotDisabledByAdmin",
    "BotNotInConversationRoster",
    "ConversationBlockedByUser",
    "ForbiddenOperationException",
    "InvalidBotApiHost",
    "MessageWritesBlocked",
)
"""The codes with which Teams says 403."""


# --- teams and group chats ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "can_post"), [(GENERAL, True), (POLICY, False)], ids=["team", "group chat"]
)
async def test_added_to_a_team_or_group_chat_it_says_hello_once_and_names_nobody(
    world: World, where: Place, can_post: bool
):
    hello = await world.teams.install(NIA, where=where)

    assert "Learnweek is here" in hello.only.read
    assert ("post highlights here" in hello.only.read) == can_post
    assert {p.name for p in (NIA, *where.members)}.isdisjoint(hello.read.split())
    assert await world.bot.core.people.find(person_id(NIA)) is None


async def test_people_who_join_or_leave_a_team_are_not_talked_about(world: World):
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    world.connector.sent.clear()
    update = world.teams.activities.conversation_update

    await world.teams.post(update(ORGA, where=GENERAL, added=[NIA, BO]))
    await world.teams.post(update(ORGA, where=GENERAL, removed=[NIA]))

    assert world.connector.sent == []
    assert await world.bot.core.people.find(person_id(NIA)) is None
    assert (await known(world)).paused == ""


@pytest.mark.parametrize("how", ["installationUpdate", "conversationUpdate"])
async def test_a_team_that_took_the_app_away_is_forgotten(world: World, how: str):
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    activities = world.teams.activities
    gone = activities.conversation_update(ORGA, where=GENERAL, membersRemoved=[activities.bot])

    if how == "installationUpdate":
        gone = activities.installation_update(ORGA, "remove", where=GENERAL)
    await world.teams.post(gone)

    assert await world.bot.core.channels.find(GENERAL.id) is None


async def test_a_group_chat_that_took_the_app_away_is_no_matter(world: World):
    await world.teams.install(ASHA, where=POLICY)

    gone = await world.teams.uninstall(ASHA, where=POLICY)

    assert (gone.status, gone.sent) == (201, [])


# --- names and addresses -----------------------------------------------------------------------


async def test_a_channel_and_its_team_follow_their_new_names(world: World):
    await world.teams.say(ORGA, "post highlights here", NEWS)
    renamed = dataclasses.replace(NEWS, name="All the news", team_name="L&D")

    await happens(world, "channelRenamed", dataclasses.replace(NEWS, name="All the news"))
    await happens(world, "teamRenamed", renamed)

    found = await known(world, NEWS)
    assert (found.name, found.team_name) == ("All the news", "L&D")
    assert found.address.conversation_id == NEWS.id


async def test_a_channel_is_posted_to_where_its_newest_activity_came_from(world: World):
    """Teams moves a tenant to other servers: the next activity names them."""
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    async with another_region(world) as (elsewhere, teams):
        await teams.say(ASHA, "what's on today", GENERAL)
        elsewhere.sent.clear()
        world.connector.sent.clear()
        await world.bot.move_to(london("2026-05-18T08:30"))

        assert ["Learning today" in sent.read for sent in elsewhere.sent_to(GENERAL)] == [True]
        assert world.connector.sent_to(GENERAL) == []


async def test_a_person_is_written_to_where_their_newest_message_came_from(world: World):
    await world.book(ASHA, "MC2")
    async with another_region(world) as (elsewhere, teams):
        await teams.say(ASHA, "help")
        await world.bot.move_to(london("2026-05-18T14:00"))

        assert any("Mentoring circles starts" in sent.read for sent in elsewhere.sent_to(ASHA))


async def test_what_is_told_of_channels_that_never_asked_is_passed_over(world: World):
    for event in ("channelCreated", "channelRenamed", "channelDeleted", "channelRestored"):
        await happens(world, event, NEWS)
    for event in ("teamRenamed", "teamArchived", "teamUnarchived", "teamDeleted", "teamRestored"):
        await happens(world, event, NEWS)

    assert await world.bot.core.channels.find(NEWS.id) is None
    assert world.connector.sent == []


# --- away and back -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("away", "back"),
    [
        ("channelDeleted", "channelRestored"),
        ("teamArchived", "teamUnarchived"),
        ("teamDeleted", "teamRestored"),
    ],
)
async def test_a_channel_that_is_away_is_left_alone_and_posted_to_again_when_it_is_back(
    world: World, away: str, back: str
):
    await world.teams.say(ORGA, "post highlights here", NEWS)
    world.connector.sent.clear()

    await happens(world, away, NEWS)
    await world.bot.move_to(london("2026-05-18T08:30"))
    meanwhile = list(world.connector.sent)
    await happens(world, back, NEWS)
    await world.bot.move_to(london("2026-05-19T08:30"))

    assert meanwhile == []
    [post] = world.connector.sent_to(NEWS)
    assert "Learning today: Tuesday 19 May" in post.read


async def test_a_post_already_written_is_not_sent_to_a_channel_that_has_gone_away(world: World):
    await world.teams.say(ORGA, "post highlights here", NEWS)
    await SqlPace(world.bot.core.database, rate=40).hold(0.5)
    await world.bot.product.outreach.queue_now()
    await world.bot.under_way()

    await happens(world, "channelDeleted", NEWS)
    await world.bot.settled()

    rows = await world.bot.outbox(Kind.CHANNEL_HIGHLIGHTS)
    assert [(row.state, row.last_error) for row in rows] == [("dropped", "channel deleted")]


async def test_a_team_deleted_for_good_is_forgotten(world: World):
    await world.teams.say(ORGA, "post highlights here", NEWS)

    await happens(world, "teamDeleted", NEWS)
    await happens(world, "teamHardDeleted", NEWS)

    assert await world.bot.core.channels.find(NEWS.id) is None


# --- people who cannot be reached --------------------------------------------------------------


@pytest.mark.parametrize("code", REFUSALS)
async def test_who_cannot_be_reached_is_marked_with_the_reason_and_written_to_again_when_back(
    world: World, code: str
):
    await world.book(ASHA, "MC2")
    world.connector.sent.clear()
    world.connector.fail_next(403, code=code)
    await world.bot.move_to(london("2026-05-18T14:00"))
    calls = world.connector.counts.total()
    await world.bot.move_to(london("2026-05-19T13:00"))

    marked = await reason(world)
    rows = [r for r in await world.bot.outbox(Kind.NUDGE) if r.state != "queued"]
    assert marked == code
    assert world.connector.counts.total() == calls
    assert [(r.state, r.attempts, r.last_error) for r in rows] == [("given_up", 1, code)] * 2
    await world.teams.say(ASHA, "hello again")
    await world.bot.move_to(london("2026-05-19T13:50"))
    assert await reason(world) == ""
    assert len(world.told(ASHA, "Mentoring circles starts in 10 minutes")) == 1


async def test_a_chat_that_no_longer_exists_is_forgotten_and_opened_anew(world: World):
    await world.book(ASHA, "MC2")
    world.connector.fail_next(404, code="ConversationNotFound", conversation=ASHA.chat)
    await world.bot.move_to(london("2026-05-18T14:00"))
    asha = await world.bot.core.people.find(person_id(ASHA))
    await world.teams.say(ASHA, "my bookings", GENERAL)
    await world.bot.move_to(london("2026-05-19T13:50"))

    assert asha is not None
    assert (asha.unreachable, asha.address) == ("ConversationNotFound", None)
    assert len(world.connector.created) == 1
    assert len(world.told(ASHA, "Mentoring circles starts in 10 minutes")) == 1


async def test_who_asks_in_a_channel_and_can_be_answered_after_all_is_reached_again(world: World):
    await world.book(ASHA, "MC2")
    await world.bot.core.people.cannot_reach(person_id(ASHA), "ConversationBlockedByUser")

    await world.teams.say(ASHA, "my bookings", GENERAL)

    assert await reason(world) == ""


async def test_who_asks_in_a_channel_and_cannot_be_answered_is_marked(world: World):
    world.connector.fail_next(403, code="ConversationBlockedByUser", conversation=ASHA.chat)

    said = await world.teams.say(ASHA, "my bookings", GENERAL)

    assert "I can't write to you yet" in said.read
    assert await reason(world) == "ConversationBlockedByUser"


async def test_highlights_are_not_even_written_for_who_cannot_be_reached(world: World):
    await world.teams.say(ASHA, "send me highlights")
    await world.teams.uninstall(ASHA)
    await world.bot.move_to(london("2026-05-18T08:30"))
    away = await world.bot.outbox(Kind.HIGHLIGHTS)
    await world.teams.install(ASHA)
    await world.bot.move_to(london("2026-05-19T08:30"))

    assert away == []
    assert len(world.told(ASHA, "Learning today: Tuesday 19 May")) == 1


# --- what organisers see of it -----------------------------------------------------------------


async def test_an_organiser_sees_who_cannot_be_reached_and_why(world: World):
    for person in (ASHA, BO):
        await world.bot.core.people.cannot_reach(person_id(person), "ConversationBlockedByUser")
    await world.teams.uninstall(CY)

    seen = (await world.teams.say(ORGA, "who can't be reached?")).read

    assert "I can't reach 3 people" in seen
    assert "2 blocked the app\nAsha, Bo" in seen
    assert "1 took the app away\nCy" in seen


async def test_an_organiser_is_told_that_everybody_can_be_reached(world: World):
    assert (
        "I can reach everybody I know."
        in (await world.teams.say(ORGA, "who cannot be reached")).read
    )


async def test_names_of_those_who_cannot_be_reached_stand_in_no_channel(world: World):
    await world.teams.uninstall(CY)

    said = await world.teams.say(ORGA, "who can't be reached", GENERAL)

    assert [s.read for s in world.connector.sent_to(GENERAL)] == [
        "I've answered you in our own chat."
    ]
    assert "Cy" in said.read


async def test_nobody_else_sees_who_cannot_be_reached(world: World):
    await world.teams.uninstall(CY)

    said = (await world.teams.say(DI, "who can't be reached")).read

    assert "Only organisers can do that" in said
    assert "Cy" not in said


# --- how these come about ----------------------------------------------------------------------


async def happens(world: World, event: str, where: Place) -> None:
    answer = await world.teams.post(world.teams.activities.team_event(event, ORGA, where=where))
    assert answer.status == 201


async def known(world: World, where: Place = GENERAL) -> Channel:
    found = await world.bot.core.channels.find(where.id)
    assert found is not None
    return found


async def reason(world: World) -> str:
    asha = await world.bot.core.people.find(person_id(ASHA))
    assert asha is not None
    return asha.unreachable


@asynccontextmanager
async def another_region(world: World) -> AsyncGenerator[tuple[Connector, Teams]]:
    """Teams on another address, where the same people and places are."""
    bot: Running = world.bot
    async with (
        Connector(world.login, [ASHA]) as connector,
        Teams(bot.bot_url, connector, world.login) as teams,
    ):
        yield connector, teams
