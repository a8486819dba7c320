"""The app is brought to people who booked and never had it: once, and only to them."""

from datetime import timedelta
from typing import Any

import pytest

from learning.notices import Kind
from learning.people import Address, PersonId
from services.first_contact import LOOK_AGAIN, WORLDWIDE, FirstContact
from services.ports.systems import NotOffered, Rejected, Unavailable
from tests.services.desk import Desk
from tests.support.builders import details, person
from tests.support.clocks import MONDAY
from tests.support.databases import ON_SQLITE
from tests.support.outside import FakeTeams

ASHA = PersonId("asha")
NEAR = Address(service_url="https://smba.example.org/uk/", conversation_id="19:g", tenant_id="t")
OWN = Address(service_url="https://smba.example.org/uk/", conversation_id="a:asha", tenant_id="t")
WEEK = timedelta(days=7)
NEW = person("asha", address=None)


def contact(desk: Desk, teams: FakeTeams, *, apps: bool = True) -> FirstContact:
    return FirstContact(desk.work, desk.clock, desk.people, teams, teams if apps else None)


async def asha_books(desk: Desk, **more: Any) -> None:
    [session] = await desk.publish(details())
    await desk.meet(person("asha", **({"address": None} | more)))
    await desk.bookings.book(ASHA, session.id)


@ON_SQLITE
async def test_it_is_asked_for_once_a_week_however_often_somebody_presses(desk: Desk):
    await asha_books(desk)
    first_contact = contact(desk, FakeTeams())

    assert [await first_contact.ask(NEW, NEAR) for _ in range(3)] == [True] * 3
    this_week = await desk.owed(Kind.OPEN_CHAT)
    desk.clock.advance(WEEK)
    await first_contact.ask(NEW, NEAR)

    assert len(this_week) == 1
    assert len(await desk.owed(Kind.OPEN_CHAT)) == 2


@ON_SQLITE
async def test_who_booked_on_a_page_is_reached_by_way_of_any_conversation_that_we_know(desk: Desk):
    await asha_books(desk)

    assert await contact(desk, FakeTeams()).ask_from_afar(NEW, "our tenant")
    [alone] = await desk.owed(Kind.OPEN_CHAT)
    await desk.meet(person("bo", address=NEAR))
    desk.clock.advance(WEEK)
    await contact(desk, FakeTeams()).ask_from_afar(NEW, "our tenant")

    near = (await desk.owed(Kind.OPEN_CHAT))[-1]
    assert alone.payload == {"service_url": WORLDWIDE, "tenant_id": "our tenant"}
    assert near.payload == {"service_url": NEAR.service_url, "tenant_id": "t"}


@ON_SQLITE
async def test_nobody_gets_it_who_booked_nothing(desk: Desk):
    await desk.meet(NEW)

    assert not await contact(desk, FakeTeams()).ask(NEW, NEAR)
    assert await desk.owed(Kind.OPEN_CHAT) == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("somebody", "apps"),
    [
        (person("asha", address=None, welcomed_at=MONDAY), True),
        (person("29:asha", address=None), True),
        (NEW, False),
    ],
    ids=["had it once", "has no account in Entra", "apps are not added here"],
)
async def test_nothing_is_asked_for_that_would_not_be_done(desk: Desk, somebody: Any, apps: bool):
    await asha_books(desk)

    assert not await contact(desk, FakeTeams(), apps=apps).ask(somebody, NEAR)
    assert await desk.owed(Kind.OPEN_CHAT) == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("teams", "asked"),
    [
        (FakeTeams(), ["open", "install", "open"]),
        (FakeTeams(has_app={"asha"}), ["open"]),
    ],
    ids=["it has to be added", "they have added it themselves"],
)
async def test_then_their_chat_is_open_and_they_can_be_reached(
    desk: Desk, teams: FakeTeams, asked: list[str]
):
    await asha_books(desk, unreachable="ForbiddenOperationException")

    assert await contact(desk, teams).bring_about(NEW, NEAR) == OWN

    assert teams.asked == asked
    assert await desk.people.find(ASHA) == person("asha", address=OWN)


@ON_SQLITE
async def test_what_teams_has_not_done_yet_is_tried_again(desk: Desk):
    await asha_books(desk)
    first_contact = contact(desk, FakeTeams(is_slow=True))

    with pytest.raises(Unavailable):
        await first_contact.bring_about(NEW, NEAR)

    assert await first_contact.bring_about(NEW, NEAR) == OWN


@ON_SQLITE
async def test_while_it_can_be_added_for_nobody_nobody_is_promised_it(desk: Desk):
    await asha_books(desk)
    first_contact = contact(desk, FakeTeams(troubles=[NotOffered("Graph: 403 Forbidden")]))

    with pytest.raises(NotOffered):
        await first_contact.bring_about(NEW, NEAR)
    off = await first_contact.ask(NEW, NEAR)
    desk.clock.advance(LOOK_AGAIN)

    assert not off
    assert await first_contact.ask(NEW, NEAR)


@ON_SQLITE
async def test_that_it_cannot_be_added_for_one_says_nothing_of_others(desk: Desk):
    await asha_books(desk)
    first_contact = contact(desk, FakeTeams(troubles=[Rejected("Graph: 403 Forbidden")]))

    with pytest.raises(Rejected):
        await first_contact.bring_about(NEW, NEAR)

    assert await first_contact.ask(NEW, NEAR)
