"""Who may organise, asked of the directory on every action, but not every time."""

from datetime import timedelta
from typing import Any

import pytest

from learning.people import PersonId
from services.organisers import REMEMBERED, Organisers
from services.ports.systems import Rejected, Unavailable
from tests.support.builders import person
from tests.support.clocks import FixedClock
from tests.support.outside import FakeDirectory

ASHA, BO = PersonId("asha"), PersonId("bo")
SECOND = timedelta(seconds=1)


def organisers(directory: FakeDirectory, clock: FixedClock, **more: Any) -> Organisers:
    usual: dict[str, Any] = {"named": (), "group": "organisers"}
    return Organisers(directory, clock, **(usual | more))


@pytest.mark.parametrize(
    ("settings", "is_included"),
    [
        ({"named": ["ASHA"], "group": ""}, True),
        ({"named": ["bo"], "group": ""}, False),
        ({"group": ""}, False),
        ({"group": "", "everybody": True}, True),
    ],
)
async def test_the_settings_alone_may_say_it(settings: dict[str, Any], is_included: bool):
    directory = FakeDirectory(members=["asha"])

    assert await organisers(directory, FixedClock(), **settings).includes(ASHA) is is_included
    assert directory.asked == 0


async def test_members_of_the_group_organise():
    directory = FakeDirectory(members=["asha"])
    group = organisers(directory, FixedClock())

    assert [await group.includes(p) for p in (ASHA, BO)] == [True, False]


async def test_the_answer_is_remembered_for_some_minutes_and_then_asked_for_again():
    clock, directory = FixedClock(), FakeDirectory(members=["asha"])
    group = organisers(directory, clock)
    await group.includes(ASHA)
    directory.members = ()

    clock.advance(REMEMBERED - SECOND)
    assert await group.includes(ASHA)
    clock.advance(SECOND)
    assert not await group.includes(ASHA)
    assert directory.asked == 2


@pytest.mark.parametrize("trouble", [Unavailable("Graph: 503"), Rejected("Graph: 403")])
async def test_while_the_group_cannot_be_read_nobody_of_it_organises_and_it_is_asked_again(
    trouble: Exception,
):
    directory = FakeDirectory(members=["asha"], trouble=trouble)
    group = organisers(directory, FixedClock(), named=["bo"])

    assert [await group.includes(p) for p in (ASHA, BO)] == [False, True]

    directory.trouble = None
    assert await group.includes(ASHA)


async def test_owners_may_post_to_their_own_team_and_organisers_to_any():
    directory = FakeDirectory(owners=["bo of 19:team"])
    group = organisers(directory, FixedClock(), named=["asha"])
    asha, bo = person("asha"), person("bo")

    assert await group.may_post_to_team(asha, "19:any")
    assert await group.may_post_to_team(asha, "")
    assert await group.may_post_to_team(bo, "19:team")
    assert not await group.may_post_to_team(bo, "19:another")
    assert not await group.may_post_to_team(bo, "")


@pytest.mark.parametrize("trouble", [Unavailable("Graph: 503"), Rejected("Graph: 403")])
async def test_while_owners_cannot_be_read_nobody_posts_as_one(trouble: Exception):
    directory = FakeDirectory(owners=["bo of 19:team"], trouble=trouble)
    group = organisers(directory, FixedClock(), group="")

    assert not await group.may_post_to_team(person("bo"), "19:team")
