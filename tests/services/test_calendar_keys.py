"""The private address of one's calendar: made, renewed, revoked, and opened by its key alone."""

import asyncio

import pytest

from learning.errors import NotFound
from learning.people import PersonId
from services.calendar_keys import KEY, OwnCalendars
from tests.services.desk import Desk
from tests.support.builders import details
from tests.support.databases import ON_SQLITE

SECRET = "for tests only"


def calendars_of(desk: Desk, secret: str = SECRET) -> OwnCalendars:
    return OwnCalendars(desk.work, desk.clock, secret)


@ON_SQLITE
async def test_a_key_is_made_once_and_shown_again(desk: Desk):
    [asha] = await desk.meet("asha")
    calendars = calendars_of(desk)

    assert await calendars.find(asha) is None
    made = await calendars.make(asha)

    assert KEY.fullmatch(made.key)
    assert made.made_at == desk.clock.now()
    assert await calendars.make(asha) == await calendars.find(asha) == made


@ON_SQLITE
async def test_a_new_key_ends_the_one_before(desk: Desk):
    [asha] = await desk.meet("asha")
    calendars = calendars_of(desk)
    old = await calendars.make(asha)

    new = await calendars.make(asha, anew=True)

    assert new.key != old.key
    assert await calendars.opened(old.key) is None
    assert await calendars.opened(new.key) == []


@ON_SQLITE
async def test_a_key_that_was_revoked_opens_nothing(desk: Desk):
    [asha] = await desk.meet("asha")
    calendars = calendars_of(desk)
    made = await calendars.make(asha)

    assert [await calendars.revoke(asha), await calendars.revoke(asha)] == [True, False]
    assert await calendars.opened(made.key) is None
    assert await calendars.find(asha) is None


@ON_SQLITE
async def test_what_is_stored_opens_nothing(desk: Desk):
    [asha] = await desk.meet("asha")
    calendars = calendars_of(desk)
    await calendars.make(asha)
    async with desk.work(read_only=True) as uow:
        stored = await uow.calendar_keys.find(asha)
    assert stored is not None

    for guess in (stored.salt, stored.digest, stored.digest[:40], stored.salt + "0" * 8):
        assert await calendars.opened(guess) is None


@ON_SQLITE
async def test_another_secret_key_opens_nothing_and_shows_nothing(desk: Desk):
    [asha] = await desk.meet("asha")
    made = await calendars_of(desk).make(asha)
    other = calendars_of(desk, "another")

    assert await other.opened(made.key) is None
    assert await other.find(asha) is None
    anew = await other.make(asha)

    assert anew.key != made.key
    assert await other.opened(anew.key) == []


@ON_SQLITE
async def test_nobody_whom_we_do_not_know_has_a_calendar(desk: Desk):
    with pytest.raises(NotFound):
        await calendars_of(desk).make(PersonId("nobody"))


async def test_who_is_forgotten_leaves_no_key(desk: Desk):
    [asha] = await desk.meet("asha")
    calendars = calendars_of(desk)
    made = await calendars.make(asha)
    assert (await desk.people.data_of(asha)).calendar_since == made.made_at

    await desk.people.forget(asha)

    assert await calendars.opened(made.key) is None
    assert (await desk.people.data_of(asha)).calendar_since is None


async def test_two_who_ask_at_once_get_the_same(desk: Desk, other_desk: Desk):
    [asha] = await desk.meet("asha")

    one, two = await asyncio.gather(
        calendars_of(desk).make(asha), calendars_of(other_desk).make(asha)
    )

    assert one == two


async def test_it_holds_what_its_owner_booked_and_survives_a_new_address(desk: Desk):
    [session] = await desk.publish(details("GM1"))
    await desk.book(session, "asha", "bo")
    calendars = calendars_of(desk)
    before = await calendars.opened((await calendars.make(PersonId("asha"))).key)

    after = await calendars.opened((await calendars.make(PersonId("asha"), anew=True)).key)

    assert before is not None
    assert [(e.session.code, e.state) for e in before] == [("GM1", "booked")]
    assert before == after
