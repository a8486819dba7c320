"""Booking, giving back, waiting and being offered a place, one person after the other."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from learning.bookings import Booking, BookingState
from learning.errors import (
    AlreadyBooked,
    BookingClosed,
    Clash,
    LearningError,
    NoSuchBooking,
    NotFound,
    NothingToBook,
    OfferGone,
    SessionFull,
    SessionWithdrawn,
)
from learning.notices import Kind
from learning.people import PersonId
from learning.sessions import Format, Session, SessionId, SessionState
from services.booking import Standing
from tests.services.desk import Desk
from tests.support.builders import WEDNESDAY, details, person
from tests.support.clocks import MONDAY
from tests.support.databases import ON_SQLITE, run_sql

pytestmark = ON_SQLITE

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ASHA, BO, CY, DI = (PersonId(name) for name in ("asha", "bo", "cy", "di"))
TWO_DAYS_AHEAD = WEDNESDAY - 48 * HOUR
EIGHT_HOURS_AHEAD = WEDNESDAY - 8 * HOUR
"""Near enough for places to be offered; an offer is then held for two hours."""


# --- booking ---------------------------------------------------------------------------------


async def test_who_books_has_a_place_at_once(desk: Desk):
    [session] = await desk.publish(details())
    await desk.meet("asha")

    standing = await desk.bookings.book(ASHA, session.id, source="hub")

    assert standing.booking is not None
    booking = Booking(
        id=standing.booking.id,
        session_id=session.id,
        person_id=ASHA,
        state=BookingState.BOOKED,
        queue_no=1,
        asked_at=MONDAY,
        changed_at=MONDAY,
        source="hub",
    )
    counted = replace(session, taken=1, next_no=2, roster_version=1)
    assert standing == Standing(session=counted, booking=booking)
    assert await desk.bookings.standing(ASHA, session.id) == standing


async def test_who_comes_too_late_waits_and_knows_their_place_in_the_queue(desk: Desk):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "asha", "bo")
    await desk.meet("cy")

    standing = await desk.bookings.book(CY, session.id)

    assert standing.booking is not None
    assert (standing.booking.state, standing.position) == (BookingState.WAITING, 2)
    assert (standing.session.taken, standing.session.waiting) == (1, 2)


async def test_asking_again_is_refused_and_changes_nothing(desk: Desk):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "asha", "bo")
    before = await desk.session(session), await desk.bookings_of(session), await desk.owed()

    for again in (ASHA, BO):
        with pytest.raises(AlreadyBooked):
            await desk.bookings.book(again, session.id)

    assert before == (
        await desk.session(session),
        await desk.bookings_of(session),
        await desk.owed(),
    )


@pytest.mark.parametrize(
    ("changes", "at", "refusal"),
    [
        ({"state": SessionState.CANCELLED}, MONDAY, SessionWithdrawn),
        ({}, WEDNESDAY, BookingClosed),
        ({"details": details(starts_at=None, capacity=1)}, MONDAY, NothingToBook),
        ({"details": details(capacity=1, waiting_list=False)}, MONDAY, SessionFull),
    ],
)
async def test_what_cannot_be_booked_says_why_and_stays_as_it_was(
    desk: Desk, changes: dict, at: datetime, refusal: type[LearningError]
):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "bo")
    session = replace(await desk.session(session), **changes)
    async with desk.work() as uow:
        await uow.sessions.save(session)
        await uow.commit()
    await desk.meet("asha")
    desk.clock.set(at)

    with pytest.raises(refusal):
        await desk.bookings.book(ASHA, session.id)

    assert await desk.session(session) == session
    assert await desk.stands(session) == {"bo": "booked"}


async def test_a_session_that_is_not_there_cannot_be_booked(desk: Desk):
    await desk.meet("asha")

    with pytest.raises(NotFound):
        await desk.bookings.book(ASHA, SessionId(99))


async def test_a_clash_warns_and_names_what_it_clashes_with(desk: Desk):
    first, second, _ = await desk.publish(
        details("A", capacity=1),
        details("B", WEDNESDAY + 30 * MINUTE),
        details("C", WEDNESDAY + HOUR),
    )
    await desk.book(first, "asha")

    with pytest.raises(Clash) as clash:
        await desk.bookings.book(ASHA, second.id)

    assert (clash.value.session_id, clash.value.other_ids) == (second.id, (first.id,))
    assert await desk.stands(second) == {}


async def test_who_wants_both_gets_both(desk: Desk):
    first, second = await desk.publish(details("A"), details("B", WEDNESDAY + 30 * MINUTE))
    await desk.book(first, "asha")

    await desk.bookings.book(ASHA, second.id, despite_clash=True)

    mine = await desk.bookings.mine(ASHA)
    assert [s.session.code for s in mine] == ["A", "B"]


async def test_waiting_for_a_place_clashes_with_nothing(desk: Desk):
    first, second = await desk.publish(details("A", capacity=1), details("B"))
    await desk.book(first, "bo", "asha")

    await desk.bookings.book(ASHA, second.id)

    assert await desk.stands(second) == {"asha": "booked"}


async def test_mine_are_the_live_ones_that_are_not_over_in_order_of_time(desk: Desk):
    later, over, full, given_back, now_on = await desk.publish(
        details("LATER", WEDNESDAY + 48 * HOUR),
        details("OVER", WEDNESDAY - 2 * HOUR),
        details("FULL", WEDNESDAY + 24 * HOUR, capacity=1),
        details("BACK", WEDNESDAY + 30 * HOUR),
        details("ON", WEDNESDAY - 30 * MINUTE),
    )
    await desk.book(full, "bo")
    for session in (later, over, full, given_back, now_on):
        await desk.book(session, "asha", despite_clash=True)
    await desk.bookings.cancel(ASHA, given_back.id)
    desk.clock.set(WEDNESDAY)

    mine = await desk.bookings.mine(ASHA)

    assert [(s.session.code, s.position) for s in mine] == [("ON", 0), ("FULL", 1), ("LATER", 0)]
    assert await desk.bookings.mine(CY) == []


# --- giving back -----------------------------------------------------------------------------


async def test_a_place_that_is_given_back_can_be_booked_again(desk: Desk):
    [session] = await desk.publish(details())
    await desk.book(session, "asha")

    given = await desk.bookings.cancel(ASHA, session.id)
    again = await desk.bookings.book(ASHA, session.id)

    assert given.booking is not None
    assert again.booking is not None
    assert given.booking.state is BookingState.CANCELLED
    assert (again.booking.state, again.booking.queue_no) == (BookingState.BOOKED, 2)
    assert (again.session.taken, again.session.waiting) == (1, 0)


async def test_giving_back_twice_is_refused_and_frees_nothing_more(desk: Desk):
    [session] = await desk.publish(details())
    await desk.book(session, "asha", "bo")
    await desk.bookings.cancel(ASHA, session.id)

    for _ in range(2):
        with pytest.raises(NoSuchBooking):
            await desk.bookings.cancel(ASHA, session.id)

    assert (await desk.session(session)).taken == 1


async def test_who_gives_back_and_asks_again_stands_at_the_end(desk: Desk):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "asha", "bo", "cy")

    await desk.bookings.cancel(BO, session.id)
    standing = await desk.bookings.book(BO, session.id)

    assert standing.position == 2
    assert await desk.stands(session) == {"asha": "booked", "cy": "waiting", "bo": "waiting"}


async def test_once_it_has_begun_nothing_can_be_given_back(desk: Desk):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "asha", "bo")
    desk.clock.set(WEDNESDAY)

    for booked in (ASHA, BO):
        with pytest.raises(BookingClosed):
            await desk.bookings.cancel(booked, session.id)


# --- a place comes free ----------------------------------------------------------------------


async def test_far_from_the_start_the_first_in_line_is_booked_and_told(desk: Desk):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "asha", "bo", "cy")

    await desk.bookings.cancel(ASHA, session.id)

    assert await desk.stands(session) == {"bo": "booked", "cy": "waiting"}
    assert await desk.told(Kind.PLACE_GIVEN) == [BO]
    assert await desk.nudged() == {BO: 3}
    assert (await desk.bookings.standing(CY, session.id)).position == 1


@pytest.mark.parametrize(
    ("ahead", "state", "held"),
    [
        (24 * HOUR + MINUTE, "booked", None),
        (24 * HOUR, "offered", 4 * HOUR),
        (8 * HOUR, "offered", 2 * HOUR),
        (20 * MINUTE, "offered", 10 * MINUTE),
        (5 * MINUTE, "offered", 5 * MINUTE),
    ],
)
async def test_nearer_the_place_is_offered_and_held_for_less_and_less(
    desk: Desk, ahead: timedelta, state: str, held: timedelta | None
):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "asha", "bo")
    desk.clock.set(WEDNESDAY - ahead)

    await desk.bookings.cancel(ASHA, session.id)

    _, bo = await desk.bookings_of(session)
    assert bo.state == state
    assert bo.offered_until == (None if held is None else WEDNESDAY - ahead + held)
    assert await desk.told(Kind.PLACE_OFFERED) == ([] if held is None else [BO])


async def test_an_offered_place_is_held_and_nobody_else_can_have_it(desk: Desk):
    session = await offered_to_bo(desk)
    await desk.meet("new")

    standing = await desk.bookings.book(PersonId("new"), session.id)

    assert standing.position == 2
    assert await desk.stands(session) == {"bo": "offered", "cy": "waiting", "new": "waiting"}
    assert await desk.nudged() == {}


async def test_who_accepts_is_booked_and_nudged_however_often_they_press(desk: Desk):
    session = await offered_to_bo(desk)

    first = await desk.bookings.accept(BO, session.id)
    before = await desk.owed()
    second = await desk.bookings.accept(BO, session.id)

    assert first == second
    assert await desk.stands(session) == {"bo": "booked", "cy": "waiting"}
    assert await desk.nudged() == {BO: 2}
    assert await desk.owed() == before


async def test_who_passes_hands_the_place_to_the_next(desk: Desk):
    session = await offered_to_bo(desk)

    await desk.bookings.cancel(BO, session.id)

    assert await desk.stands(session) == {"cy": "offered"}
    assert await desk.told(Kind.PLACE_OFFERED) == [BO, CY]


async def test_an_offer_that_nobody_took_up_lapses_and_goes_to_the_next(desk: Desk):
    session = await offered_to_bo(desk)

    desk.clock.advance(2 * HOUR - MINUTE)
    await desk.bookings.lapse_offers()
    assert await desk.stands(session) == {"bo": "offered", "cy": "waiting"}

    desk.clock.advance(MINUTE)
    await desk.bookings.lapse_offers()
    await desk.bookings.lapse_offers()

    assert await desk.stands(session) == {"cy": "offered"}
    assert await desk.told(Kind.OFFER_LAPSED) == [BO]
    assert await desk.told(Kind.PLACE_OFFERED) == [BO, CY]


async def test_an_offer_whose_time_is_up_cannot_be_taken_up_even_before_it_is_taken_back(
    desk: Desk,
):
    session = await offered_to_bo(desk)
    desk.clock.advance(2 * HOUR)

    with pytest.raises(OfferGone):
        await desk.bookings.accept(BO, session.id)


@pytest.mark.parametrize("who", [BO, CY, DI])
async def test_who_was_not_offered_a_place_cannot_take_one_up(desk: Desk, who: PersonId):
    session = await offered_to_bo(desk)
    desk.clock.advance(2 * HOUR)
    await desk.bookings.lapse_offers()
    await desk.bookings.cancel(CY, session.id)

    with pytest.raises(OfferGone):
        await desk.bookings.accept(who, session.id)


async def test_who_let_an_offer_lapse_may_ask_again_at_the_end_of_the_queue(desk: Desk):
    session = await offered_to_bo(desk)
    desk.clock.advance(2 * HOUR)
    await desk.bookings.lapse_offers()

    standing = await desk.bookings.book(BO, session.id)

    assert standing.position == 1
    assert await desk.stands(session) == {"cy": "offered", "bo": "waiting"}


async def test_after_the_start_nothing_is_offered_any_more(desk: Desk):
    session = await offered_to_bo(desk)
    desk.clock.set(WEDNESDAY - 4 * MINUTE)
    await desk.bookings.lapse_offers()
    assert await desk.stands(session) == {"cy": "offered"}
    await desk.meet("di")
    await desk.bookings.book(DI, session.id)

    desk.clock.set(WEDNESDAY)
    await desk.bookings.lapse_offers()

    assert await desk.stands(session) == {"di": "waiting"}
    assert await desk.told(Kind.PLACE_OFFERED) == [BO, CY]


async def test_several_offers_that_lapse_together_go_to_as_many(desk: Desk):
    [session] = await desk.publish(details(capacity=2))
    await desk.book(session, "asha", "bo", "cy", "di", "ed")
    desk.clock.set(EIGHT_HOURS_AHEAD)
    await desk.bookings.cancel(ASHA, session.id)
    await desk.bookings.cancel(BO, session.id)
    desk.clock.advance(2 * HOUR)

    assert await desk.bookings.lapse_offers() == 2

    assert await desk.stands(session) == {"ed": "offered"}


# --- nudges and invitations follow ----------------------------------------------------------


async def test_a_booking_queues_the_nudges_that_lie_ahead(desk: Desk):
    [session] = await desk.publish(details())
    await desk.book(session, "asha")
    desk.clock.set(WEDNESDAY - 30 * MINUTE)
    await desk.book(session, "bo")

    nudges = await desk.owed(Kind.NUDGE)

    assert [(n.person_id, n.due_at) for n in nudges] == [
        (ASHA, WEDNESDAY - 24 * HOUR),
        (ASHA, WEDNESDAY - HOUR),
        (ASHA, WEDNESDAY - 10 * MINUTE),
        (BO, WEDNESDAY - 10 * MINUTE),
    ]
    assert {n.payload["starts"] for n in nudges} == {WEDNESDAY.isoformat()}


async def test_quiet_hours_are_those_of_the_person(desk: Desk):
    """At ten in London it is eighteen o'clock in Tokyo, and two in the morning in Los Angeles."""
    [session] = await desk.publish(details())
    await desk.meet(
        person("asha", timezone="Asia/Tokyo"), person("bo", timezone="America/Los_Angeles")
    )
    for person_id in (ASHA, BO):
        await desk.bookings.book(person_id, session.id)

    due = [(n.person_id, n.due_at) for n in await desk.owed(Kind.NUDGE)]

    assert due == [
        (ASHA, WEDNESDAY - 24 * HOUR),
        (ASHA, WEDNESDAY - HOUR),
        (ASHA, WEDNESDAY - 10 * MINUTE),
        (BO, WEDNESDAY - 18 * HOUR - 30 * MINUTE),
    ]


async def test_giving_back_takes_the_nudges_with_it_and_those_of_nobody_else(desk: Desk):
    first, second = await desk.publish(details("A"), details("B", WEDNESDAY + 2 * HOUR))
    await desk.book(first, "asha", "bo")
    await desk.bookings.book(ASHA, second.id)

    await desk.bookings.cancel(ASHA, first.id)

    left = [(n.person_id, n.session_id) for n in await desk.owed(Kind.NUDGE)]
    assert set(left) == {(BO, first.id), (ASHA, second.id)}


async def test_who_gives_back_and_books_again_is_nudged_as_if_nothing_had_been(desk: Desk):
    [session] = await desk.publish(details())
    await desk.book(session, "asha")
    before = await desk.owed(Kind.NUDGE)

    await desk.bookings.cancel(ASHA, session.id)
    await desk.bookings.book(ASHA, session.id)

    assert await desk.owed(Kind.NUDGE) == before


async def test_every_change_of_who_has_a_place_is_invited_once(desk: Desk):
    """Waiting and being offered a place are no reason to write to the calendar."""
    [session] = await desk.publish(details(capacity=1, format=Format.TEAMS))

    await desk.book(session, "asha")
    assert await versions_to_invite(desk) == [1]
    await desk.book(session, "bo", "cy")
    assert await versions_to_invite(desk) == [1]
    await desk.bookings.cancel(ASHA, session.id)
    assert await versions_to_invite(desk) == [1, 3]
    desk.clock.set(EIGHT_HOURS_AHEAD)
    await desk.bookings.cancel(BO, session.id)
    assert await versions_to_invite(desk) == [1, 3, 4]
    await desk.bookings.accept(CY, session.id)
    assert await versions_to_invite(desk) == [1, 3, 4, 5]


async def test_every_change_of_who_has_a_place_on_zoom_is_registered_once(desk: Desk):
    [session] = await desk.publish(details(capacity=1, format=Format.ZOOM))

    await desk.book(session, "asha", "bo")
    await desk.bookings.cancel(ASHA, session.id)

    written = await desk.owed(Kind.ATTENDEES, Kind.ZOOM_REGISTRANTS)
    assert [(n.kind, n.payload["version"]) for n in written] == [
        (Kind.ZOOM_REGISTRANTS, 1),
        (Kind.ZOOM_REGISTRANTS, 3),
    ]


async def test_a_session_without_a_meeting_invites_nobody(desk: Desk):
    [session] = await desk.publish(details(format=Format.IN_PERSON))

    await desk.book(session, "asha")

    assert await desk.owed(Kind.ATTENDEES, Kind.ZOOM_REGISTRANTS) == []


NO_MORE_NOTICES = """
    CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"""

CHANGES: dict[str, Callable[[Desk, Session], Awaitable[object]]] = {
    "giving back": lambda desk, session: desk.bookings.cancel(BO, session.id),
    "accepting": lambda desk, session: desk.bookings.accept(BO, session.id),
    "lapsing": lambda desk, session: desk.bookings.lapse_offers(),
    "forgetting": lambda desk, session: desk.people.forget(BO),
    "cancelling": lambda desk, session: desk.programme.cancel_session(session.id),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_if_its_notices_cannot_be_written_a_change_did_not_happen(
    desk: Desk, change: Callable[[Desk, Session], Awaitable[object]]
):
    session = await offered_to_bo(desk, format=Format.TEAMS)
    if change is CHANGES["lapsing"]:
        desk.clock.advance(2 * HOUR)
    before = await desk.session(session), await desk.bookings_of(session), await desk.owed()
    await run_sql(desk.database, NO_MORE_NOTICES)

    with pytest.raises(DBAPIError):
        await change(desk, session)

    after = await desk.session(session), await desk.bookings_of(session), await desk.owed()
    assert before == after
    assert await desk.people.find(BO) is not None


async def test_nor_did_a_booking_whose_nudges_cannot_be_written(desk: Desk):
    [session] = await desk.publish(details())
    await desk.meet("asha")
    await run_sql(desk.database, NO_MORE_NOTICES)

    with pytest.raises(DBAPIError):
        await desk.bookings.book(ASHA, session.id)

    assert (await desk.session(session), await desk.bookings_of(session)) == (session, [])


async def offered_to_bo(desk: Desk, **more) -> Session:
    """One place eight hours before the start: Bo is offered it for two hours, Cy waits behind him."""
    [session] = await desk.publish(details(capacity=1, **more))
    await desk.book(session, "asha", "bo", "cy")
    desk.clock.set(EIGHT_HOURS_AHEAD)
    await desk.bookings.cancel(ASHA, session.id)
    assert await desk.stands(session) == {"bo": "offered", "cy": "waiting"}
    return session


async def versions_to_invite(desk: Desk) -> list[int]:
    return [n.payload["version"] for n in await desk.owed(Kind.ATTENDEES)]
