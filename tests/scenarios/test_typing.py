"""The sign that an answer is being written: for a slow one, before it, and never in its way."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from bot import typing_indicator
from tests.scenarios.world import GENERAL, ORGA, World, a_world
from tests.support.activities import PERSONAL, Place, group_chat
from tests.support.troubles import DROPPED

SLOW = 0.2
"""Seconds, so that nobody has to wait for a whole one."""

QUESTION = "cancel session GM1"
"""Whether one may ask that is a question to Graph, which can be slow."""


@pytest.fixture
async def world(story_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[World]:
    monkeypatch.setattr(typing_indicator, "SLOW", SLOW)
    async with a_world(story_database, organisers="", organisers_group="the-team") as world:
        world.graph.directory.add_group("the-team", [ORGA])
        yield world


def make_slow(world: World) -> None:
    """The next question to Graph about who may organise takes its time."""
    world.graph.fail_next(None, path_contains="checkMemberGroups", delay=3 * SLOW)


@pytest.mark.parametrize("where", [PERSONAL, group_chat()], ids=["own chat", "group chat"])
async def test_an_answer_that_takes_long_is_announced_where_it_was_asked_for(
    world: World, where: Place
):
    make_slow(world)

    answer = await world.teams.say(ORGA, QUESTION, where)

    [shown] = world.connector.signals
    assert answer.status == 201
    assert shown.activity["type"] == "typing"
    assert shown.conversation == where.conversation(ORGA)
    assert shown.at < answer.sent[0].at


async def test_a_quick_answer_comes_without_a_sign_and_none_comes_after_it(world: World):
    await world.teams.say(ORGA, "help")
    await asyncio.sleep(2 * SLOW)

    assert world.connector.signals == []


async def test_teams_shows_no_sign_in_a_channel_so_none_is_sent_there(world: World):
    make_slow(world)

    await world.teams.say(ORGA, QUESTION, GENERAL)

    assert world.connector.signals == []


@pytest.mark.parametrize("status", [400, 403, 500, DROPPED])
async def test_a_sign_that_teams_refuses_does_the_answer_no_harm(world: World, status: int):
    make_slow(world)
    world.connector.fail_next(status)

    answer = await world.teams.say(ORGA, QUESTION)

    assert "Cancel this session?" in answer.read
    assert world.connector.signals == []


async def test_an_answer_waits_for_its_sign_only_for_a_moment_and_leaves_no_task_behind(
    world: World,
):
    make_slow(world)
    world.connector.fail_next(503, delay=10.0)
    before = asyncio.get_running_loop().time()

    answer = await world.teams.say(ORGA, QUESTION)

    assert "Cancel this session?" in answer.read
    assert asyncio.get_running_loop().time() - before < 5
    assert "_show" not in {getattr(t.get_coro(), "__name__", "") for t in asyncio.all_tasks()}
